"""What one operation may ask for, decided before any of it runs.

`shape_errors` is one cheap walk over the parsed text, made before full validation because a hostile
document can make that slow. `Price` needs a valid document and the variables.

The cost algebra is Shopify's: scalars are free, an object is one point, a list multiplies what is
inside it by `first` or `last`. What no argument sizes, the schema states:
`@strawberry.field(metadata={"assumed_size": 3, "cost": 5})` is a list of about three whose lookup
adds five points each time it is asked for. Every fragment counts where it is spread, whatever its
type, and skipped fields count too: a price is an upper bound that hangs on the page sizes alone.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, cast

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLCompositeType,
    GraphQLError,
    GraphQLField,
    GraphQLNamedType,
    GraphQLSchema,
    InlineFragmentNode,
    IntValueNode,
    OperationDefinitionNode,
    SelectionSetNode,
    TokenKind,
    VariableNode,
    get_named_type,
    get_nullable_type,
    is_list_type,
)

INTROSPECTION = ("__schema", "__type")
SIZES = ("first", "last")


@dataclass(frozen=True, slots=True)
class Limits:
    """The defaults hold for every caller, and are the ones the docs list."""

    body_bytes: int = 262_144
    deadline_s: float = 10.0
    tokens: int = 1000
    depth: int = 10  # introspection is exempt: it has a price, and validation bounds its nesting
    aliases: int = 15
    directives: int = 50
    repeats: int = 20  # of one name in one selection set: merging them is quadratic
    errors: int = 5
    cost: int = 1000
    mutation_cost: int = 10
    introspection_cost: int = 400
    first_max: int = 100
    assumed_size: int = 10
    input_items: int = 250
    cached_documents: int = 256


def refusal(message: str, code: str, node: Any = None) -> GraphQLError:
    return GraphQLError(message, node, extensions={"code": code})


def input_error(value: Any, limits: Limits) -> GraphQLError | None:
    """Find text in a JSON value that no database can store, or a list too long to look at."""
    stack = [value]
    while stack:
        item = stack.pop()
        if isinstance(item, dict):
            stack += (*item, *item.values())
        elif isinstance(item, list):
            if len(item) > limits.input_items:
                text = f"A list may hold {limits.input_items} items, not {len(item)}."
                return refusal(text, "INPUT_LIMIT")
            stack += item
        elif isinstance(item, str) and ("\0" in item or not _is_unicode(item)):
            return refusal("Text may not hold NUL characters or lone surrogates.", "BAD_TEXT")
    return None


def _is_unicode(text: str) -> bool:
    return text.isascii() or not any("\ud800" <= char <= "\udfff" for char in text)


def shape_errors(document: DocumentNode, limits: Limits) -> Iterator[GraphQLError]:
    """Count what is written in a document, including what no operation uses."""
    directives, token = 0, document.loc and document.loc.start_token
    while token:
        directives += token.kind is TokenKind.AT
        if token.value and "\0" in token.value:
            yield refusal("Text may not hold NUL characters.", "BAD_TEXT")
        token = token.next
    if directives > limits.directives:
        yield refusal(f"A query may hold {limits.directives} directives.", "DIRECTIVE_LIMIT")

    walks = [
        (definition, _Walk(definition.selection_set))
        for definition in document.definitions
        if isinstance(definition, OperationDefinitionNode | FragmentDefinitionNode)
    ]
    if sum(walk.aliases for _, walk in walks) > limits.aliases:
        yield refusal(f"A query may hold {limits.aliases} aliases.", "ALIAS_LIMIT")
    if max((walk.repeats for _, walk in walks), default=0) > limits.repeats:
        text = f"A selection may hold one name {limits.repeats} times."
        yield refusal(text, "REPEAT_LIMIT")

    fragments = {d.name.value: walk for d, walk in walks if isinstance(d, FragmentDefinitionNode)}
    known: dict[str, int] = {}

    def depth(walk: _Walk) -> int:
        return max((walk.depth, *(above + spread(name) for name, above in walk.spreads)))

    def spread(name: str) -> int:
        if name not in known:
            known[name] = 0  # while we look: a cycle adds nothing here, and validation reports it
            known[name] = depth(fragments[name]) if name in fragments else 0
        return known[name]

    for definition, walk in walks:
        if isinstance(definition, OperationDefinitionNode) and depth(walk) > limits.depth:
            text = f"A query may be {limits.depth} levels deep."
            yield refusal(text, "DEPTH_LIMIT", definition)


class _Walk:
    """Counts over one definition; fragments it spreads are noted with the depth above them."""

    def __init__(self, root: SelectionSetNode) -> None:
        self.aliases = self.repeats = self.depth = 0
        self.spreads: list[tuple[str, int]] = []
        stack = [(root, 1, False, Counter[str]())]
        while stack:
            selection_set, depth, meta, names = stack.pop()
            for node in selection_set.selections:
                if isinstance(node, FieldNode):
                    key = node.alias.value if node.alias else node.name.value
                    names[key] += 1
                    self.aliases += node.alias is not None
                    self.repeats = max(self.repeats, names[key])
                    self.depth = max(self.depth, depth)
                    if node.selection_set:
                        inside = meta or node.name.value in INTROSPECTION
                        deeper = depth if inside else depth + 1
                        stack.append((node.selection_set, deeper, inside, Counter()))
                elif isinstance(node, InlineFragmentNode):
                    stack.append((node.selection_set, depth, meta, names))
                elif isinstance(node, FragmentSpreadNode) and not meta:
                    self.spreads.append((node.name.value, depth - 1))


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
