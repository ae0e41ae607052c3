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
        self.beginnings: dict[str | None, str | None] = {}  # of operations, see app.graphql.sharing

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
        """The operation to run; raises GraphQLError where there is none, or more than one."""
        if name is None and len(self.operations) > 1:
            raise GraphQLError("Say by `operationName` which of the operations to run.")
        for one in self.operations:
            if name is None or (one.name and one.name.value == name):
                return one
        raise GraphQLError("The text holds no operation of that name.")

    def judge(
        self, name: str | None, inputs: dict[str, Any]
    ) -> tuple[list[GraphQLError], int | None]:
        """What is wrong with the text and its variables, and what the operation costs."""
        if self.errors:
            return self.errors, None
        if refused := input_error(inputs, self.limits):
            return [refused], None
        try:
            operation = self.operation(name)
            asked = operation.variable_definitions or ()
            values = get_variable_values(self.schema, asked, inputs, self.limits.errors, True)
            if isinstance(values, list):
                return values, None
            price = Price(self.schema, self.fragments, values.coerced, self.limits)(operation)
        except GraphQLError as error:
            return [error], None
        if price <= self.limits.cost:
            return [], price
        text = f"This query costs {price} points and {self.limits.cost} are allowed."
        return [refusal(text, "COST_LIMIT")], price


def document(schema: GraphQLSchema, text: str, limits: Limits) -> Document:
    """A text as a document, remembered; raises GraphQLError where it is no GraphQL."""
    known = _documents(limits.cached_documents)
    return (known if len(text) <= CACHED_CHARACTERS else Document)(schema, text, limits)


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
        self.document = document(context.schema._schema, context.query or "", self.limits)
        context.graphql_document = self.document.tree
        yield

    def on_validate(self) -> Iterator[None]:
        context = self.execution_context
        errors, self.requested = self.document.judge(
            context._provided_operation_name, context.variables or {}
        )
        context.pre_execution_errors = [*errors]
        yield

    def get_results(self) -> dict[str, Any]:
        if self.requested is None:
            return {}
        return {"cost": {"requested": self.requested, "limit": self.limits.cost}}
