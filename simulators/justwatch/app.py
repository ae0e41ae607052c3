"""JustWatch's GraphQL endpoint, as its own site and other clients use it."""

from typing import Any

import orjson
from graphql import (
    GraphQLError,
    OperationDefinitionNode,
    execute_sync,
    get_variable_values,
)
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from simulators.clock import Clock
from simulators.justwatch.documents import Document, Documents, load_schema, too_complex
from simulators.justwatch.nodes import Nodes
from simulators.justwatch.quick import Run, Selection, TooUnusual
from simulators.justwatch.resolvers import Site
from simulators.reality import Reality
from simulators.world import World

_LONGEST_BODY = 1_000_000


def make(world: World, clock: Clock, seed: int = 0, reality: Reality | None = None) -> Starlette:
    """The endpoint `/graphql` over a world, or over one that others see, too."""
    endpoint = Endpoint(reality or Reality(world, clock, seed))
    return Starlette(routes=[Route("/graphql", endpoint.answer, methods=["POST"])])


class Endpoint:
    """Answers operations: 422 for what can't be run, 200 with errors for what fails in running."""

    def __init__(self, reality: Reality) -> None:
        self._site = Site(Nodes(reality))
        self._schema = load_schema()
        self._documents = Documents(self._schema)

    async def answer(self, request: Request) -> Response:
        """The answer to one request."""
        body = await request.body()
        if len(body) > _LONGEST_BODY:
            return _refused(GraphQLError("the request is too large"), status=413)
        try:
            told = orjson.loads(body)
            text = told["query"]
            variables = told.get("variables") or {}
            name = told.get("operationName")
        except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
            return _refused(GraphQLError("json body could not be decoded"), status=400)
        if not isinstance(text, str) or not isinstance(variables, dict):
            return _refused(GraphQLError("json body could not be decoded"), status=400)
        document = self._documents.read(text)
        if document.errors:
            return _refused(*document.errors)
        operation = document.operation(name)
        if operation is None:
            return _refused(GraphQLError(f"operation {str(name)[:80]} not found"))
        return self._run(document, operation, variables)

    def _run(
        self, document: Document, operation: OperationDefinitionNode, variables: dict[str, Any]
    ) -> Response:
        definitions = operation.variable_definitions or ()
        variables = _with_numbers(operation, variables)
        values = get_variable_values(self._schema, definitions, variables)
        if isinstance(values, list):
            return _refused(*values)
        refusal = too_complex(document, operation, values.coerced)
        if refusal is not None:
            return _told({"errors": [refusal.formatted], "data": None})
        try:
            plan = self._plan(document, operation)
            data = Run(self._site, values).take(plan, {"@type": "Query"})
            return _told({"data": data})
        except (GraphQLError, TooUnusual):
            return self._run_slowly(document, operation, variables)

    def _plan(self, document: Document, operation: OperationDefinitionNode) -> Selection:
        name = operation.name.value if operation.name else None
        plan = document.plans.get(name)
        if plan is None:
            plan = Selection(self._schema, document, [operation.selection_set])
            document.plans[name] = plan
        return plan

    def _run_slowly(
        self, document: Document, operation: OperationDefinitionNode, variables: dict[str, Any]
    ) -> Response:
        assert document.node is not None
        result = execute_sync(
            self._schema,
            document.node,
            context_value=self._site,
            variable_values=variables,
            operation_name=operation.name.value if operation.name else None,
        )
        answer: dict[str, Any] = {"data": result.data}
        if result.errors:
            answer = {"errors": [each.formatted for each in result.errors]} | answer
        return _told(answer)


def _with_numbers(operation: OperationDefinitionNode, variables: dict[str, Any]) -> dict[str, Any]:
    """The variables, in which a number may be told as a string for an Int."""
    for each in operation.variable_definitions or ():
        name, type_ = each.variable.name.value, each.type
        value = variables.get(name)
        named = getattr(type_, "type", type_)
        is_int = getattr(getattr(named, "name", None), "value", None) == "Int"
        if is_int and isinstance(value, str) and value.isdecimal() and len(value) < 10:
            variables = variables | {name: int(value)}
    return variables


def _told(answer: dict[str, Any]) -> Response:
    return Response(orjson.dumps(answer), media_type="application/json")


def _refused(*errors: GraphQLError, status: int = 422) -> Response:
    formatted = [
        {**each.formatted, "extensions": {"code": "GRAPHQL_VALIDATION_FAILED"}} for each in errors
    ]
    return JSONResponse({"errors": formatted, "data": None}, status)
