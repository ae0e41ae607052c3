"""What one operation may ask for, decided before any of it runs.

`shape_errors` is one cheap walk over the parsed text, made before full validation because a hostile
document can make that slow. What it costs is `app.graphql.cost`'s to say.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLError,
    InlineFragmentNode,
    OperationDefinitionNode,
    SelectionSetNode,
    TokenKind,
)

INTROSPECTION = ("__schema", "__type")


@dataclass(frozen=True, slots=True)
class Limits:
    """The defaults hold for every caller, and are the ones the docs list."""

    body_bytes: int = 262_144
    deadline_s: float = 10.0
    upload_bytes: int = 64 * 1024 * 1024
    upload_s: float = 300.0  # instead of the deadline, where a file comes with it
    uploads: int = 2  # of one account at once
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
    input_depth: int = 50
    cached_documents: int = 256

    # On connections that stay open: sockets and event streams.
    message_bytes: int = 65_536
    operations: int = 20  # at once, on one connection
    waiting: int = 64  # messages that a slow client has not taken yet
    init_s: float = 10.0
    reservation_s: float = 30.0  # until the stream that was reserved must be opened
    keep_alive_s: float = 12.0
    farewell_s: float = 5.0  # for a client that does not read to take the reason it is closed for


def refusal(message: str, code: str, node: Any = None) -> GraphQLError:
    return GraphQLError(message, node, extensions={"code": code})


def input_error(value: Any, limits: Limits) -> GraphQLError | None:
    """Find text in a JSON value that no database can store, or what is too long or too deep.

    JSON is read deeper than it can be written, so what is sent back must not be that deep.
    """
    stack = [(value, 1)]
    while stack:
        item, depth = stack.pop()
        if isinstance(item, dict | list) and depth > limits.input_depth:
            text = f"Values may be nested {limits.input_depth} deep."
            return refusal(text, "INPUT_LIMIT")
        if isinstance(item, dict):
            stack += ((each, depth + 1) for each in (*item, *item.values()))
        elif isinstance(item, list):
            if len(item) > limits.input_items:
                text = f"A list may hold {limits.input_items} items, not {len(item)}."
                return refusal(text, "INPUT_LIMIT")
            stack += ((each, depth + 1) for each in item)
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
