"""What every list and object with an id shares: Node, pages and edges."""

from collections.abc import Sequence
from typing import Any, Generic, Self, TypeVar

import strawberry

T = TypeVar("T")

DEFAULT_FIRST = 20
MOST_FIRST = 100


@strawberry.interface(
    description="An object with an id that is the same everywhere: here, in REST and in links."
)
class Node:
    id: strawberry.ID = strawberry.field(description="The object's id, safe in a URL.")


@strawberry.type(description="Where a page stands among its neighbours.")
class PageInfo:
    has_next_page: bool = strawberry.field(description="Whether more follow.")
    has_previous_page: bool = strawberry.field(
        description="Whether this page was asked for by a cursor."
    )
    start_cursor: str | None = strawberry.field(description="The cursor of the first edge.")
    end_cursor: str | None = strawberry.field(
        description="The cursor of the last edge: `after` for the next page."
    )

    @classmethod
    def of(cls, edges: "Sequence[Edge[Any]]", *, more: bool, after: str | None) -> Self:
        """For a page of edges that was asked for behind the cursor `after`."""
        return cls(
            has_next_page=more,
            has_previous_page=after is not None,
            start_cursor=edges[0].cursor if edges else None,
            end_cursor=edges[-1].cursor if edges else None,
        )


@strawberry.type(description="An object on a page, with its cursor.")
class Edge(Generic[T]):
    cursor: str = strawberry.field(description="Continue behind this edge with `after`.")
    node: T = strawberry.field(description="The object.")


@strawberry.type(description="A page of a list.")
class Connection(Generic[T]):
    edges: list[Edge[T]] = strawberry.field(description="The page's objects with their cursors.")
    page_info: PageInfo = strawberry.field(description="Where the page stands.")

    @strawberry.field(description="The page's objects without their cursors.")
    def nodes(self) -> list[T]:
        return [edge.node for edge in self.edges]
