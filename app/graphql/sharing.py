"""Who may share one rendering of a live operation: decided from its text, variables and viewer."""

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


def without_beginning(
    document: Document, asked: Asked
) -> tuple[tuple[str, str | None, bytes], object]:
    """What is equal for those who ask the same from wherever they begin; and what a variable says
    of where that is, None where there is none.
    """
    name = _beginning(document, asked.name)
    variables = {each: value for each, value in asked.variables.items() if each != name}
    same = (asked.query, asked.name, orjson.dumps(variables, option=orjson.OPT_SORT_KEYS))
    return same, None if name is None else asked.variables.get(name)


def _beginning(document: Document, operation_name: str | None) -> str | None:
    """The variable that says where to begin, and nothing else."""
    operation = document.operation(operation_name)
    if operation_name not in document.beginnings:
        document.beginnings[operation_name] = _find_beginning(document, operation)
    return document.beginnings[operation_name]


def _find_beginning(document: Document, operation: OperationDefinitionNode) -> str | None:
    name = _said_by(operation)
    for each in operation.variable_definitions or ():
        if each.variable.name.value == name and each.default_value is not None:
            return None  # to leave it out is to say something, too
    if name is not None and _mentions(document, name) > 2:  # more than its declaration and `after`
        return None
    return name


def _said_by(operation: OperationDefinitionNode) -> str | None:
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
