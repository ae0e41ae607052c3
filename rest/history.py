"""/api/history: what a profile has watched."""

from datetime import datetime
from typing import Any, Literal, Self

from pydantic import Field

from domain import ids
from domain.history import changes, repo
from domain.history.errors import NoSuchEpisode, NoSuchWatch
from domain.watchlists.values import Whose
from rest.operations import Call
from rest.shapes import KIND, NAME, TITLE_ID, YEAR, Sent, Text, Told
from rest.watchlist import WATCHED_AT, Moment, client_key, title_key

EPISODE_ID = Field(
    default=None, description="The episode; null for a whole title.", examples=["episode_42"]
)


class HistoryQuery(Told):
    """Which lines."""

    first: int = Field(default=20, ge=1, le=100, description="How many.", examples=[20])
    after: str | None = Field(
        default=None,
        max_length=200,
        description="Continue behind: `next` of the page before.",
        examples=["WzE3MDAwMDAwMDAsNDJd"],
    )
    title_id: Text | None = Field(
        default=None, description="Of this title alone.", examples=["title_42"]
    )


class Watch(Told):
    """A title, or an episode of it, that was watched at some time."""

    watch_id: str = Field(description="The line's id.", examples=["watch_42"])
    title_id: str = TITLE_ID
    title: str = NAME
    year: int | None = YEAR
    kind: Literal["film", "series"] = KIND
    episode_id: str | None = EPISODE_ID
    season: int | None = Field(description="The episode's season.", examples=[2])
    episode: int | None = Field(description="Its place in the season.", examples=[5])
    watched_at: datetime = Field(description="When.", examples=["2026-11-22T21:00:00Z"])
    source: str = Field(description="Who told us; manual is the viewer.", examples=["manual"])

    @classmethod
    def of(cls, row: Any) -> Self:
        """From a row of domain.history.repo.page."""
        episode = row.episode_id
        return cls(
            watch_id=ids.encode("watch", row.watch_id),
            title_id=ids.encode("title", row.id),
            title=row.name,
            year=row.year,
            kind=row.kind,
            episode_id=None if episode is None else ids.encode("episode", episode),
            season=row.season_number,
            episode=row.number,
            watched_at=row.watched_at,
            source=row.source,
        )


class History(Told):
    """A page of a history."""

    items: list[Watch] = Field(description="The latest first.")
    next: str | None = Field(
        description="Where the next page begins; null on the last.",
        examples=["WzE3MDAwMDAwMDAsNDJd"],
    )


class NewWatch(Sent):
    """What was watched: a title or an episode."""

    title_id: Text | None = Field(
        default=None, description="A film, or a whole series.", examples=["title_42"]
    )
    episode_id: Text | None = Field(
        default=None, description="An episode.", examples=["episode_42"]
    )
    watched_at: Moment = WATCHED_AT
    source: Text | None = Field(
        default=None,
        description="Who tells us, a short word; default: manual.",
        examples=["manual"],
    )


async def my_history(call: Call, asked: HistoryQuery) -> History:
    """What the profile that asks has watched."""
    whose = Whose.of(call.viewer, call.now)
    title_id = None if asked.title_id is None else title_key(asked.title_id)
    async with call.services.database.read() as connection:
        page = await repo.page(
            connection, whose, first=asked.first, after=asked.after, title_id=title_id
        )
    rest = repo.cursor(page.rows[-1]) if page.more else None
    return History(items=[Watch.of(row) for row in page.rows], next=rest)


async def record_watch(call: Call, sent: NewWatch) -> Watch:
    """Write down that something was watched; a line that is there already is 200.

    A film, or the last missing episode of a series, makes its entry on the watchlist watched.
    """
    title, episode = sent.title_id, sent.episode_id
    async with call.services.database.transaction() as session:
        answer = await changes.record(
            session,
            call.viewer,
            client_key(call),
            call.now,
            title_id=None if title is None else title_key(title),
            episode_id=None if episode is None else _episode(episode),
            watched_at=sent.watched_at,
            source=sent.source,
        )
    if not answer.changed:
        call.outgoing.status_code = 200
    return Watch.of(changes.line(answer))


async def remove_watch(call: Call) -> None:
    """Take a line out of the history, and what it made of the watchlist."""
    try:
        watch_id = ids.decode_int("watch", call.request.path_params["watchId"])
    except ids.MalformedId as problem:
        raise NoSuchWatch from problem
    async with call.services.database.transaction() as session:
        await changes.remove(session, call.viewer, watch_id, client_key(call), call.now)


def _episode(public_id: str) -> int:
    try:
        return ids.decode_int("episode", public_id)
    except ids.MalformedId as problem:
        raise NoSuchEpisode from problem
