"""What an operation costs, known from a valid document and its variables before anything runs.

The algebra is Shopify's: scalars are free, an object is one point, a list multiplies what is inside
it by `first` or `last`. What no argument sizes, the schema states:
`@strawberry.field(metadata={"assumed_size": 3, "cost": 5})` is a list of about three whose lookup
adds five points each time it is asked for. Every fragment counts where it is spread, whatever its
type, and skipped fields count too: a price is an upper bound that hangs on the page sizes alone.
"""

from collections.abc import Mapping
from functools import cache
from typing import Any, cast

from graphql import (
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLCompositeType,
    GraphQLField,
    GraphQLNamedType,
    GraphQLSchema,
    InlineFragmentNode,
    IntValueNode,
    OperationDefinitionNode,
    SelectionSetNode,
    VariableNode,
    get_named_type,
    get_nullable_type,
    is_list_type,
)

from app.graphql.limits import INTROSPECTION, Limits, refusal

SIZES = ("first", "last")


class Price:
    """The price of one operation of a valid document, once its variables are known."""

    def __init__(
        self,
        schema: GraphQLSchema,
        fragments: Mapping[str, FragmentDefinitionNode],
        variables: Mapping[str, Any],
        limits: Limits,
    ) -> None:
        self.schema, self.variables, self.limits = schema, variables, limits
        self.fragments = fragments
        self.spread = cache(self._spread)  # a bomb of fragments is priced in one pass

    def __call__(self, operation: OperationDefinitionNode) -> int:
        """Raise what has no price: a page size out of range."""
        root = self.schema.get_root_type(operation.operation)
        return self._selections(operation.selection_set, root, None) if root else 0

    def _selections(
        self, selection_set: SelectionSetNode, parent: GraphQLNamedType, size: int | None
    ) -> int:
        """Price a selection; a `size` given to a connection is for the lists just inside it."""
        total = 0
        for node in selection_set.selections:
            if isinstance(node, FieldNode):
                total += self._field(node, parent, size)
            elif isinstance(node, InlineFragmentNode):
                on = node.type_condition
                inner = self.schema.type_map[on.name.value] if on else parent
                total += self._selections(node.selection_set, inner, size)
            elif isinstance(node, FragmentSpreadNode):
                total += self.spread(node.name.value, size)
        return total

    def _spread(self, name: str, size: int | None) -> int:
        fragment = self.fragments[name]
        parent = self.schema.type_map[fragment.type_condition.name.value]
        return self._selections(fragment.selection_set, parent, size)

    def _field(self, node: FieldNode, parent: GraphQLNamedType, size: int | None) -> int:
        if node.name.value in INTROSPECTION:
            return self.limits.introspection_cost
        definition = self.schema.get_field(cast(GraphQLCompositeType, parent), node.name.value)
        if definition is None:
            return 0
        stated = getattr(definition.extensions.get("strawberry-definition"), "metadata", {})
        price = stated.get("cost", 0)
        if parent is self.schema.mutation_type:
            price += self.limits.mutation_cost
        if not node.selection_set:
            return price
        asked = self._asked_size(node, definition) or stated.get("assumed_size")
        inside = get_named_type(definition.type)
        if not is_list_type(get_nullable_type(definition.type)):
            return price + 1 + self._selections(node.selection_set, inside, asked)
        items = asked or size or self.limits.assumed_size
        return price + items * (1 + self._selections(node.selection_set, inside, None))

    def _asked_size(self, node: FieldNode, definition: GraphQLField) -> int | None:
        """Read `first` and `last` from the text, the variables or the schema's default."""
        written = {argument.name.value: argument.value for argument in node.arguments or ()}
        asked: list[int] = []
        for name in SIZES:
            if name not in definition.args:
                continue
            size, value = definition.args[name].default_value, written.get(name)
            if isinstance(value, VariableNode):
                size = self.variables.get(value.name.value, size)
            elif value:
                size = int(value.value) if isinstance(value, IntValueNode) else None
            if isinstance(size, int):
                asked.append(size)
        if any(not 1 <= size <= self.limits.first_max for size in asked):
            text = f"`first` and `last` go from 1 to {self.limits.first_max}."
            raise refusal(text, "PAGE_SIZE", node)
        return max(asked, default=None)
