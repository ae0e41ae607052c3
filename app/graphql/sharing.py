"""Who may share one rendering of a live operation: decided from its text, variables and viewer."""

from collections.abc import Hashable
from dataclasses import replace

import orjson
from graphql import (
    FieldNode,
    FragmentSpreadNode,
    GraphQLNamedType,
    InlineFragmentNode,
    OperationDefinitionNode,
    SelectionSetNode,
    TokenKind,
    VariableNode,
    get_named_type,
)

from app.graphql.guard import Document
from app.graphql.protocol import Asked
from domain.accounts.viewer import Viewer

AFTER = "after"
"""The argument that says where to begin: of those who share, everybody begins elsewhere."""


def rendered_as(viewer: Viewer, *, personal: bool) -> Viewer:
    """Who to render as: the profile itself where something personal is shown, else a stranger.

    A stranger of the same country, time zone and ceiling: such a one can read nothing personal, so
    whatever a field does, it leaks nothing to the others. Equal for all who may share.
    """
    if personal:
        return replace(viewer, session_id=None, token_id=None, address="")
    return replace(viewer.anonymous(), address="", ceiling=viewer.ceiling)


def key_of(text: str, document: Document, asked: Asked, viewer: Viewer) -> Hashable:
    """What is equal for those who asked the same, from wherever they begin."""
    name = _beginning(document.operation(asked.name))
    if name is not None and _mentions(document, name) > 2:  # more than its declaration and `after`
        name = None
    variables = {each: value for each, value in asked.variables.items() if each != name}
    return text, asked.name, orjson.dumps(variables, option=orjson.OPT_SORT_KEYS), viewer


def _beginning(operation: OperationDefinitionNode) -> str | None:
    """The variable that says where to begin."""
    for field in operation.selection_set.selections:
        for argument in (field.arguments or ()) if isinstance(field, FieldNode) else ():
            if argument.name.value == AFTER and isinstance(argument.value, VariableNode):
                return argument.value.name.value
    return None


def _mentions(document: Document, name: str) -> int:
    token = document.tree.loc and document.tree.loc.start_token
    found = 0
    while token:
        following = token.next
        if token.kind is TokenKind.DOLLAR and following and following.value == name:
            found += 1
        token = following
    return found


def is_personal(document: Document, operation: OperationDefinitionNode) -> bool:
    """Whether anything selected is marked as one profile's own: `metadata={"personal": True}`."""
    root = document.schema.subscription_type
    return root is not None and _Reach(document).any(operation.selection_set, root)


class _Reach:
    """Walks what an operation selects; each fragment once."""

    def __init__(self, document: Document) -> None:
        self.schema, self.fragments = document.schema, document.fragments
        self.seen: set[str] = set()

    def any(self, selections: SelectionSetNode, parent: GraphQLNamedType) -> bool:
        return any(self._one(node, parent) for node in selections.selections)

    def _one(self, node: object, parent: GraphQLNamedType) -> bool:
        if isinstance(node, FieldNode):
            field = self.schema.get_field(parent, node.name.value)  # type: ignore[arg-type]
            if field is None:
                return False
            stated = getattr(field.extensions.get("strawberry-definition"), "metadata", {})
            if stated.get("personal"):
                return True
            inside = node.selection_set
            return inside is not None and self.any(inside, get_named_type(field.type))
        if isinstance(node, InlineFragmentNode):
            on = node.type_condition
            return self.any(
                node.selection_set, self.schema.type_map[on.name.value] if on else parent
            )
        if isinstance(node, FragmentSpreadNode) and node.name.value not in self.seen:
            self.seen.add(node.name.value)
            fragment = self.fragments[node.name.value]
            on = self.schema.type_map[fragment.type_condition.name.value]
            return self.any(fragment.selection_set, on)
        return False
