"""Answer plain fields without interpreting them: the same data, the same errors, less work.

`FastExecutor` answers fields that are a plain attribute of a leaf type without building what a
resolver would need: path, info, arguments. Whatever surprises it goes the ordinary way.
"""

import sys
from collections.abc import Mapping
from functools import cache
from types import SimpleNamespace
from typing import Any, NamedTuple, cast

from graphql import (
    GraphQLBoolean,
    GraphQLEnumType,
    GraphQLField,
    GraphQLFloat,
    GraphQLID,
    GraphQLInt,
    GraphQLLeafType,
    GraphQLObjectType,
    GraphQLString,
    TypeNameMetaFieldDef,
    Undefined,
    get_nullable_type,
    is_leaf_type,
    is_list_type,
    is_non_null_type,
)
from graphql.execution.collect_fields import FieldDetailsList, GroupedFieldSet
from graphql.pyutils import Path, gather_with_cancel
from strawberry.schema.schema import StrawberryGraphQLCoreExecutionContext
from strawberry.types.field import StrawberryField

# Values of just these types are their own JSON; numbers within a bound, which NaN never is.
EXACT: dict[object, tuple[type | None, float]] = {
    GraphQLString: (str, 0),
    GraphQLID: (str, 0),
    GraphQLBoolean: (bool, 0),
    GraphQLInt: (int, 2**31 - 1),
    GraphQLFloat: (float, sys.float_info.max),
}


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
            return list(value) if plain else Undefined
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
        executor = self.for_event(payload)
        # Shared, these would grow with every event: each collects its fields anew.
        executor._plans, executor._relevant_sub_fields = {}, {}
        return executor

    def for_event(self, payload: Any) -> "FastExecutor":
        """An executor for an event, for callers who give it the same fields every time."""
        return cast(FastExecutor, super().build_per_event_executor(payload))

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
