"""Do once what strawberry does every time: parse and validate per document, interpret per field.

`Guard` keeps what the text of a document alone decides: its tree, and whether it is valid. The
variables and the price they make are judged on every request. It stands in for strawberry's own
two caches, whose validation cannot stop early or keep suggestions ("Did you mean") to itself.

`FastExecutor` answers fields that are a plain attribute of a leaf type without building what a
resolver would need: path, info, arguments. Whatever surprises it goes the ordinary way.
"""

import sys
from collections.abc import Iterator, Mapping
from functools import cache, cached_property, lru_cache
from types import SimpleNamespace
from typing import Any, NamedTuple, cast

from graphql import (
    FragmentDefinitionNode,
    GraphQLBoolean,
    GraphQLEnumType,
    GraphQLError,
    GraphQLField,
    GraphQLFloat,
    GraphQLID,
    GraphQLInt,
    GraphQLLeafType,
    GraphQLObjectType,
    GraphQLSchema,
    GraphQLString,
    OperationDefinitionNode,
    TypeNameMetaFieldDef,
    Undefined,
    get_nullable_type,
    get_variable_values,
    is_leaf_type,
    is_list_type,
    is_non_null_type,
    parse,
    specified_rules,
    validate,
)
from graphql.execution.collect_fields import FieldDetailsList, GroupedFieldSet
from graphql.pyutils import Path, gather_with_cancel
from strawberry.extensions import SchemaExtension
from strawberry.schema.schema import StrawberryGraphQLCoreExecutionContext
from strawberry.schema.validation_rules.maybe_null import MaybeNullValidationRule
from strawberry.schema.validation_rules.one_of import OneOfInputValidationRule
from strawberry.types.field import StrawberryField

from app.graphql_limits import Limits, Price, input_error, refusal, shape_errors

RULES = (*specified_rules, MaybeNullValidationRule, OneOfInputValidationRule)
# Values of just these types are their own JSON; numbers within a bound, which NaN never is.
EXACT: dict[object, tuple[type | None, float]] = {
    GraphQLString: (str, 0),
    GraphQLID: (str, 0),
    GraphQLBoolean: (bool, 0),
    GraphQLInt: (int, 2**31 - 1),
    GraphQLFloat: (float, sys.float_info.max),
}
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


class _Leaf(NamedTuple):
    """How to answer one field without its resolver."""

    attribute: str
    kind: GraphQLLeafType
    exact: type | None
    bound: float
    nullable: bool
    listed: bool
    names: Mapping[str, str]  # of an enum whose values are text: what is sent for each

    def complete(self, value: Any, executor: "FastExecutor") -> Any:
        """Serialise what is no surprise; Undefined says that it is one."""
        name = self.names.get(value) if type(value) is str else None
        if name is not None and not self.listed:
            return name
        if value is None or isinstance(value, Exception):
            return Undefined
        if self.listed:
            exact = None if self.bound else self.exact
            plain = type(value) is list and all(type(item) is exact for item in value)
            return value.copy() if plain else Undefined
        try:
            if executor.is_awaitable(value):
                return Undefined
            return executor.complete_leaf_value(self.kind, value)
        except Exception:
            return Undefined  # the ordinary way meets it again, and reports it


_Plan = tuple[GroupedFieldSet, list[tuple[str, FieldDetailsList, _Leaf | str | None]]]


class FastExecutor(StrawberryGraphQLCoreExecutionContext):
    """The executor of graphql-core with a short cut for plain leaves; same data, same errors."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # By identity, as graphql-core does: the set is kept with its plan, so ids stay unique.
        self._plans: dict[int, _Plan] = {}

    def build_per_event_executor(self, payload: Any) -> "FastExecutor":
        executor = cast(FastExecutor, super().build_per_event_executor(payload))
        executor._plans = {}  # shared, it would grow with every event of a subscription
        return executor

    def execute_fields(
        self,
        parent_type: GraphQLObjectType,
        source_value: Any,
        path: Path | None,
        grouped_field_set: GroupedFieldSet,
        position_context: Any,
    ) -> Any:
        _, plan = self._plans.get(id(grouped_field_set)) or self._plan(
            parent_type, grouped_field_set
        )
        results: dict[str, Any] = {}
        waiting: list[str] = []
        try:
            for name, details, leaf in plan:
                source = source_value
                if isinstance(leaf, _Leaf):
                    try:
                        value: Any = getattr(source_value, leaf.attribute)
                    except Exception:
                        value = Undefined  # read it again, to report what is wrong
                    if (
                        type(value) is leaf.exact
                        and not leaf.listed
                        and (not leaf.bound or -leaf.bound <= value <= leaf.bound)
                    ):
                        results[name] = value
                        continue
                    if value is None and leaf.nullable:
                        results[name] = None
                        continue
                    if value is not Undefined:
                        completed = leaf.complete(value, self)
                        if completed is not Undefined:
                            results[name] = completed
                            continue
                        source = SimpleNamespace(**{leaf.attribute: value})  # read only once
                elif leaf is not None:
                    results[name] = leaf  # __typename
                    continue
                here = Path(path, name, parent_type.name)
                result = self.execute_field(parent_type, source, details, here, position_context)
                if result is not Undefined:
                    results[name] = result
                    if self.is_awaitable(result):
                        waiting.append(name)
        except Exception:
            if waiting:
                self.settle_in_background([results[name] for name in waiting])
            raise
        return self._settled(results, waiting) if waiting else results

    @staticmethod
    async def _settled(results: dict[str, Any], waiting: list[str]) -> dict[str, Any]:
        if len(waiting) == 1:
            results[waiting[0]] = await results[waiting[0]]
        else:
            done = await gather_with_cancel(*(results[name] for name in waiting))
            results.update(zip(waiting, done, strict=True))
        return results

    def _plan(self, parent_type: GraphQLObjectType, fields: GroupedFieldSet) -> _Plan:
        """Plan a set of fields; extensions that look at every field leave nothing to skip."""
        skip = not (self.middleware_manager and self.middleware_manager.middlewares)
        plan = (
            fields,
            [
                (name, details, self._leaf(parent_type, details) if skip else None)
                for name, details in fields.items()
            ],
        )
        self._plans[id(fields)] = plan
        return plan

    def _leaf(
        self, parent_type: GraphQLObjectType, details: FieldDetailsList
    ) -> _Leaf | str | None:
        field = self.schema.get_field(parent_type, details[0].node.name.value)
        if field is TypeNameMetaFieldDef:
            return parent_type.name
        stated = field and _plain_field(field)
        if not field or not stated:
            return None
        nullable, kind = not is_non_null_type(field.type), get_nullable_type(field.type)
        listed = is_list_type(kind)
        if listed:
            kind = get_nullable_type(kind.of_type)
            if any(one.node.directives for one in details):
                return None  # it may be @stream
        if not is_leaf_type(kind):
            return None
        exact, bound = EXACT.get(kind, (None, 0))
        return _Leaf(stated.python_name, kind, exact, bound, nullable, listed, _names(kind))


@cache
def _names(kind: GraphQLLeafType) -> Mapping[str, str]:
    if not isinstance(kind, GraphQLEnumType):
        return {}
    values = {name: value.value for name, value in kind.values.items()}
    return {value: name for name, value in values.items() if type(value) is str}


def _plain_field(field: GraphQLField) -> StrawberryField | None:
    """Find how a field is declared, if `getattr` reads it, as strawberry does by default."""
    stated = field.extensions.get("strawberry-definition")
    plain = (
        isinstance(stated, StrawberryField)
        and getattr(field.resolve, "_is_default", False)
        and stated.default_resolver is getattr
        and type(stated).get_result is StrawberryField.get_result
        and not field.args
    )
    return stated if plain else None
