"""Parse and validate a document once, and refuse what is invalid or too much before it runs.

`Guard` keeps what the text of a document alone decides: its tree, and whether it is valid. The
variables and the price they make are judged on every request. It stands in for strawberry's own
two caches, whose validation cannot stop early or keep suggestions ("Did you mean") to itself.
"""

from collections.abc import Iterator
from functools import cache, cached_property, lru_cache
from typing import Any

from graphql import (
    FragmentDefinitionNode,
    GraphQLError,
    GraphQLSchema,
    OperationDefinitionNode,
    get_variable_values,
    parse,
    specified_rules,
    validate,
)
from strawberry.extensions import SchemaExtension
from strawberry.schema.validation_rules.maybe_null import MaybeNullValidationRule
from strawberry.schema.validation_rules.one_of import OneOfInputValidationRule

from app.graphql.cost import Price
from app.graphql.limits import Limits, input_error, refusal, shape_errors

RULES = (*specified_rules, MaybeNullValidationRule, OneOfInputValidationRule)
CACHED_CHARACTERS = 16_384  # longer texts are parsed each time: they would fill the memory


class Document:
    """A parsed text, and all that is known of it before there are variables."""

    def __init__(self, schema: GraphQLSchema, text: str, limits: Limits) -> None:
        self.schema, self.limits = schema, limits
        self.tree = parse(text, max_tokens=limits.tokens)
        kinds = self.tree.definitions
        self.operations = [one for one in kinds if isinstance(one, OperationDefinitionNode)]
        self.fragments = {
            one.name.value: one for one in kinds if isinstance(one, FragmentDefinitionNode)
        }

    @cached_property
    def errors(self) -> list[GraphQLError]:
        most = self.limits.errors
        try:
            return list(shape_errors(self.tree, self.limits)) or validate(
                self.schema, self.tree, RULES, most, hide_suggestions=True
            )
        except RecursionError:
            return [refusal("The query is nested too deeply.", "DEPTH_LIMIT")]

    def operation(self, name: str | None) -> OperationDefinitionNode:
        if name is None and len(self.operations) > 1:
            raise GraphQLError("Say by `operationName` which of the operations to run.")
        named = (one for one in self.operations if one.name and one.name.value == name)
        return next(named, self.operations[0])


@cache
def _documents(size: int) -> Any:
    return lru_cache(size)(Document)


class Guard(SchemaExtension):
    """Refuse what is invalid or too much, unexecuted, and report what the rest costs."""

    def __init__(self, limits: Limits) -> None:
        super().__init__()
        self.limits = limits
        self.document: Document
        self.requested: int | None = None

    def on_parse(self) -> Iterator[None]:
        context = self.execution_context
        text = context.query or ""
        known = _documents(self.limits.cached_documents)
        build = known if len(text) <= CACHED_CHARACTERS else Document
        self.document = build(context.schema._schema, text, self.limits)
        context.graphql_document = self.document.tree
        yield

    def on_validate(self) -> Iterator[None]:
        self.execution_context.pre_execution_errors = [*self.document.errors, *self._too_much()]
        yield

    def _too_much(self) -> list[GraphQLError]:
        context, document, limits = self.execution_context, self.document, self.limits
        inputs = context.variables or {}
        if document.errors:
            return []
        if refused := input_error(inputs, limits):
            return [refused]
        try:
            operation = document.operation(context._provided_operation_name)
            asked = operation.variable_definitions or ()
            values = get_variable_values(document.schema, asked, inputs, limits.errors, True)
            if isinstance(values, list):
                return values
            price = Price(document.schema, document.fragments, values.coerced, limits)
            self.requested = price(operation)
        except GraphQLError as error:
            return [error]
        if self.requested <= limits.cost:
            return []
        text = f"This query costs {self.requested} points and {limits.cost} are allowed."
        return [refusal(text, "COST_LIMIT")]

    def get_results(self) -> dict[str, Any]:
        if self.requested is None:
            return {}
        return {"cost": {"requested": self.requested, "limit": self.limits.cost}}
