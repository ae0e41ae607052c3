"""One title, or many."""

from collections.abc import Iterable
from typing import Any

import strawberry

from domain import ids
from domain.platforms import repo as platforms_repo
from domain.titles import search as titles_search
from schema.arguments import (
    After,
    AnyId,
    First,
    Genres,
    Kinds,
    MaxRuntime,
    MaxYear,
    MinYear,
    Moods,
    Platforms,
    Sort,
    TitleId,
    Words,
)
from schema.context import Info
from schema.enums import TitleSort
from schema.nodes import DEFAULT_FIRST, Edge, Node, PageInfo
from schema.platforms import Platform
from schema.title_pages import TitleConnection
from schema.titles import Title

MOST_PLATFORMS = 32_767  # a platform's key is a smallint


@strawberry.type
class TitlesQuery:
    @strawberry.field(
        description="A title or platform by its id; null where there is none for this viewer."
    )
    async def node(self, info: Info, id: AnyId) -> Node | None:
        loaders, word = info.context.loaders, ids.type_word(id)
        try:
            if word == "title":
                row = await loaders.title_by_id.load(ids.decode_int(word, id))
                return Title.from_row(row) if row else None
            if word == "platform":
                key = ids.decode_int(word, id)
                row = await loaders.platform_by_id.load(key) if key <= MOST_PLATFORMS else None
                return Platform.from_row(row) if row else None
        except ids.MalformedId:
            return None
        return None

    @strawberry.field(
        description="A title by its id; null where there is none, or none for this viewer."
    )
    async def title(self, info: Info, id: TitleId) -> Title | None:
        try:
            key = ids.decode_int("title", id)
        except ids.MalformedId:
            return None
        row = await info.context.loaders.title_by_id.load(key)
        return Title.from_row(row) if row else None

    @strawberry.field(
        description="Titles by words and filters, each of which takes whatever matches one of its"
        " values. Without words the most popular come first."
    )
    async def titles(
        self,
        info: Info,
        search: Words = None,
        platforms: Platforms = None,
        genres: Genres = None,
        moods: Moods = None,
        kinds: Kinds = None,
        max_runtime_min: MaxRuntime = None,
        min_year: MinYear = None,
        max_year: MaxYear = None,
        sort: Sort = TitleSort.RELEVANCE,
        first: First = DEFAULT_FIRST,
        after: After = None,
    ) -> TitleConnection | None:
        context = info.context
        viewer = context.viewer
        scope = titles_search.Scope(viewer.country, context.today, viewer.ceiling)
        async with context.services.database.read() as connection:
            criteria = titles_search.Criteria(
                words=search or "",
                platform_ids=await platforms_repo.ids_of_slugs(
                    connection, platforms or (), field="platforms"
                ),
                genres=tuple(genre.value for genre in genres or ()),
                moods=tuple(mood.value for mood in moods or ()),
                kinds=tuple(kind.value for kind in kinds or ()),
                max_runtime_min=max_runtime_min,
                min_year=min_year,
                max_year=max_year,
                by_popularity=sort is TitleSort.POPULARITY,
            )
            page = await titles_search.page(connection, criteria, scope, first=first, after=after)
        if _names(info.selected_fields, "offers"):
            await context.load_offers([row.id for row in page.rows], viewer.country)
        edges = [
            Edge(cursor=titles_search.cursor(row), node=Title.from_row(row)) for row in page.rows
        ]
        return TitleConnection(
            edges=edges,
            page_info=PageInfo.of(edges, more=page.more, after=after),
            criteria=criteria,
            scope=scope,
        )


def _names(selections: Iterable[Any], name: str) -> bool:
    """Whether a field of a name is asked for anywhere below."""
    return any(
        getattr(each, "name", None) == name or _names(each.selections, name) for each in selections
    )
