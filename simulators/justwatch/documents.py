"""Documents as clients send them: parsed and checked once for each text, and weighed."""

from collections import OrderedDict
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLError,
    GraphQLInterfaceType,
    GraphQLObjectType,
    GraphQLSchema,
    GraphQLUnionType,
    OperationDefinitionNode,
    SelectionSetNode,
    build_schema,
    parse,
    validate,
)

from simulators.justwatch.resolvers import RESOLVERS

MOST_TITLES = 100
MOST_COMPLEX = 20_000
_DOCUMENTS_KEPT = 256
_LISTS = frozenset({"popularTitles", "newTitles", "newTitleBuckets"})


def load_schema() -> GraphQLSchema:
    """The schema, with the resolvers in it for graphql-core's own execution."""
    schema = build_schema((Path(__file__).parent / "schema.graphql").read_text("utf-8"))
    for named in schema.type_map.values():
        if isinstance(named, GraphQLInterfaceType | GraphQLUnionType):
            named.resolve_type = lambda source, *_: source["@type"]
        elif isinstance(named, GraphQLObjectType):
            for name, resolver in RESOLVERS.get(named.name, {}).items():
                named.fields[name].resolve = lambda source, info, _resolver=resolver, **arguments: (
                    _resolver(info.context, source, arguments)
                )
    return schema


@dataclass(slots=True)
class Document:
    """A document that was found right, or its errors. plans: what was made of its operations."""

    node: DocumentNode | None
    errors: list[GraphQLError]
    fragments: dict[str, FragmentDefinitionNode] = field(default_factory=dict)
    plans: dict[str | None, Any] = field(default_factory=dict)
    sizes: dict[int, int] = field(default_factory=dict)

    def operation(self, name: str | None) -> OperationDefinitionNode | None:
        """The operation of that name, or the only one."""
        assert self.node is not None
        operations = [
            each for each in self.node.definitions if isinstance(each, OperationDefinitionNode)
        ]
        if not name:
            return operations[0] if len(operations) == 1 else None
        return next((each for each in operations if each.name and each.name.value == name), None)

    def size_of(self, root: FieldNode) -> int:
        """The size of what is asked of a root field, counted once."""
        found = self.sizes.get(id(root))
        if found is None:
            found = self.sizes[id(root)] = self.size(root.selection_set)
        return found

    def size(self, selected: SelectionSetNode | None) -> int:
        """How many fields a selection asks for, those of its fragments and below included."""
        count = 0
        for each in selected.selections if selected else ():
            if isinstance(each, FieldNode):
                count += 1 + self.size(each.selection_set)
            elif isinstance(each, FragmentSpreadNode):
                count += self.size(self.fragments[each.name.value].selection_set)
            else:
                count += self.size(each.selection_set)  # type: ignore[attr-defined]
        return count


class Documents:
    """The last documents that were sent."""

    def __init__(self, schema: GraphQLSchema) -> None:
        self._schema = schema
        self._kept: OrderedDict[str, Document] = OrderedDict()

    def read(self, text: str) -> Document:
        """The document of a text."""
        document = self._kept.pop(text, None) or self._check(text)
        self._kept[text] = document
        if len(self._kept) > _DOCUMENTS_KEPT:
            self._kept.popitem(last=False)
        return document

    def _check(self, text: str) -> Document:
        try:
            node = parse(text, max_tokens=20_000)
        except GraphQLError as problem:
            return Document(None, [problem])
        except RecursionError:
            return Document(None, [GraphQLError("the document is nested too deeply")])
        errors = validate(self._schema, node, max_errors=20)
        fragments = {
            each.name.value: each
            for each in node.definitions
            if isinstance(each, FragmentDefinitionNode)
        }
        return Document(node, errors, fragments)


def too_complex(
    document: Document, operation: OperationDefinitionNode, variables: dict[str, Any]
) -> GraphQLError | None:
    """The refusal of what asks for more than about a hundred titles, or too many fields of them."""
    titles = complexity = 0
    for each in operation.selection_set.selections:
        if isinstance(each, FieldNode):
            count = _first(each, variables) if each.name.value in _LISTS else 1
            titles += count
            complexity += count * document.size_of(each)
    found, most = (titles, MOST_TITLES) if titles > MOST_TITLES else (complexity, MOST_COMPLEX)
    if found <= most:
        return None
    return GraphQLError(
        f"operation has complexity {found}, which exceeds the limit of {most}",
        extensions={"code": "COMPLEXITY_LIMIT_EXCEEDED"},
    )


def _first(field: FieldNode, variables: dict[str, Any]) -> int:
    for argument in field.arguments or ():
        if argument.name.value == "first":
            value: Any = argument.value
            told = variables.get(value.name.value) if hasattr(value, "name") else value.value
            return max(0, int(told)) if told is not None else 10
    return 10
