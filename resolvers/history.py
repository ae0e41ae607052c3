"""What a profile has watched: asked, ticked off, recorded and taken back."""

from datetime import datetime
from typing import Annotated, Self

import strawberry

from domain import ids
from domain.errors import NotFound
from domain.history import changes, repo
from domain.history.errors import NoSuchEpisode, NoSuchWatch
from domain.watchlists.changes import Answer
from domain.watchlists.values import Whose
from resolvers.watchlists import (
    CLIENT_MUTATION_ID,
    GIVEN_BACK,
    TITLE_ID,
    client_key,
    item_of,
    title_key,
)
from schema.arguments import After, First, OfTitle
from schema.context import Info
from schema.errors import Refusal
from schema.history import Watch
from schema.nodes import DEFAULT_FIRST, Connection, Edge, PageInfo
from schema.titles import Title
from schema.watchlists import WatchlistItem

_WHEN = "When, with its time zone; default: now."
_ITEM = "The wish as it is now; null where the title is not on the watchlist."


@strawberry.input(description="A title that was watched.")
class MarkWatchedInput:
    title_id: strawberry.ID = strawberry.field(description=TITLE_ID)
    watched_at: datetime | None = strawberry.field(default=None, description=_WHEN)
    episodes: list[strawberry.ID] | None = strawberry.field(
        default=None, description="Only these episodes of it, 250 at most; default: all of it."
    )
    client_mutation_id: str | None = strawberry.field(default=None, description=CLIENT_MUTATION_ID)


@strawberry.input(description="A title that was not watched after all.")
class UnmarkWatchedInput:
    title_id: strawberry.ID = strawberry.field(description=TITLE_ID)
    client_mutation_id: str | None = strawberry.field(default=None, description=CLIENT_MUTATION_ID)


@strawberry.input(description="A title or an episode that was watched: name one of them.")
class RecordWatchInput:
    title_id: strawberry.ID | None = strawberry.field(
        default=None, description="A film, or a whole series."
    )
    episode_id: strawberry.ID | None = strawberry.field(default=None, description="An episode.")
    watched_at: datetime | None = strawberry.field(default=None, description=_WHEN)
    source: str | None = strawberry.field(
        default=None,
        description="Who tells us, a short word of a-z, 0-9, `_`, `.` and `-`; default: `manual`.",
    )
    client_mutation_id: str | None = strawberry.field(default=None, description=CLIENT_MUTATION_ID)


@strawberry.input(description="A line of the history.")
class RemoveWatchInput:
    id: strawberry.ID = strawberry.field(description="The line.")
    client_mutation_id: str | None = strawberry.field(default=None, description=CLIENT_MUTATION_ID)


@strawberry.type(description="What is known of the title now.")
class TitleMarked:
    title: Title = strawberry.field(description=TITLE_ID)
    item: WatchlistItem | None = strawberry.field(description=_ITEM)
    changed: bool = strawberry.field(description="Whether anything is different now.")
    client_mutation_id: str | None = strawberry.field(description=GIVEN_BACK)


@strawberry.type(description="A line of the history that was written, or taken out.")
class HistoryChanged:
    watch: Watch = strawberry.field(description="The line.")
    item: WatchlistItem | None = strawberry.field(description=_ITEM)
    client_mutation_id: str | None = strawberry.field(description=GIVEN_BACK)

    @classmethod
    def of(cls, answer: Answer, client_mutation_id: str | None, info: Info) -> Self:
        """From the domain's."""
        return cls(
            watch=Watch.from_row(changes.line(answer)),
            item=item_of(answer, info),
            client_mutation_id=client_mutation_id,
        )


Marking = Annotated[MarkWatchedInput, strawberry.argument(description="What was watched.")]
Unmarking = Annotated[UnmarkWatchedInput, strawberry.argument(description="What was not.")]
Recording = Annotated[RecordWatchInput, strawberry.argument(description="What was watched.")]
Forgetting = Annotated[RemoveWatchInput, strawberry.argument(description="What to take out.")]
MarkPayload = Annotated[TitleMarked | Refusal, strawberry.union("MarkWatchedPayload")]
UnmarkPayload = Annotated[TitleMarked | Refusal, strawberry.union("UnmarkWatchedPayload")]
RecordPayload = Annotated[HistoryChanged | Refusal, strawberry.union("RecordWatchPayload")]
RemovePayload = Annotated[HistoryChanged | Refusal, strawberry.union("RemoveWatchPayload")]


@strawberry.type
class HistoryQuery:
    @strawberry.field(
        description="What the profile that asks has watched, the latest first; null for whoever is"
        " not signed in."
    )
    async def history(
        self,
        info: Info,
        first: First = DEFAULT_FIRST,
        after: After = None,
        title_id: OfTitle = None,
    ) -> Connection[Watch] | None:
        context = info.context
        whose = Whose.of(context.viewer, context.now)
        of_title = None if title_id is None else title_key(title_id)
        async with context.services.database.read() as connection:
            page = await repo.page(connection, whose, first=first, after=after, title_id=of_title)
        edges = [Edge(cursor=repo.cursor(row), node=Watch.from_row(row)) for row in page.rows]
        return Connection(edges=edges, page_info=PageInfo.of(edges, more=page.more, after=after))


@strawberry.type
class HistoryMutation:
    @strawberry.mutation(
        description="Say that a title was watched, on the watchlist or off it. It writes one line"
        " of the history; a wish that is watched already stays as it is, or gets the moment sent."
    )
    async def mark_watched(self, info: Info, input: Marking) -> MarkPayload | None:
        context, key = info.context, client_key(input.client_mutation_id)
        title_id = title_key(input.title_id)
        named = input.episodes
        keys = None if named is None else [_episode(each, "episodes") for each in named]
        async with context.services.database.transaction() as session:
            answer = await changes.mark(
                session,
                context.viewer,
                title_id,
                key,
                context.now,
                watched_at=input.watched_at,
                episode_ids=keys,
            )
        return await _marked(answer, input.client_mutation_id, info)

    @strawberry.mutation(
        description="Take back that a title was watched, with the line that said so."
    )
    async def unmark_watched(self, info: Info, input: Unmarking) -> UnmarkPayload | None:
        context, key = info.context, client_key(input.client_mutation_id)
        title_id = title_key(input.title_id)
        async with context.services.database.transaction() as session:
            answer = await changes.unmark(session, context.viewer, title_id, key, context.now)
        return await _marked(answer, input.client_mutation_id, info)

    @strawberry.mutation(
        description="Write down that a film, a series or an episode was watched. The last missing"
        " episode of a series, specials and fillers aside, makes its wish watched."
    )
    async def record_watch(self, info: Info, input: Recording) -> RecordPayload | None:
        context, key = info.context, client_key(input.client_mutation_id)
        title, episode = input.title_id, input.episode_id
        async with context.services.database.transaction() as session:
            answer = await changes.record(
                session,
                context.viewer,
                key,
                context.now,
                title_id=None if title is None else title_key(title),
                episode_id=None if episode is None else _episode(episode, "episodeId"),
                watched_at=input.watched_at,
                source=input.source,
            )
        return HistoryChanged.of(answer, input.client_mutation_id, info)

    @strawberry.mutation(
        description="Take a line out of the history; a wish that it finished is open again."
    )
    async def remove_watch(self, info: Info, input: Forgetting) -> RemovePayload | None:
        context, key = info.context, client_key(input.client_mutation_id)
        try:
            watch_id = ids.decode_int("watch", input.id)
        except ids.MalformedId as problem:
            raise NoSuchWatch from problem
        async with context.services.database.transaction() as session:
            answer = await changes.remove(session, context.viewer, watch_id, key, context.now)
        return HistoryChanged.of(answer, input.client_mutation_id, info)


async def _marked(answer: Answer, client_mutation_id: str | None, info: Info) -> TitleMarked:
    item = item_of(answer, info)
    row = await info.context.loaders.title_by_id.load(answer.title_id)
    if row is None:  # a retry, and the title has gone since
        raise NotFound("No title has that id.", field="titleId")
    return TitleMarked(
        title=Title.from_row(row),
        item=item,
        changed=answer.changed,
        client_mutation_id=client_mutation_id,
    )


def _episode(id: strawberry.ID, field: str) -> int:
    try:
        return ids.decode_int("episode", id)
    except ids.MalformedId as problem:
        raise NoSuchEpisode(field) from problem
