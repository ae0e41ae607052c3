"""What somebody watched, line by line, and what that makes of their watchlist.

The recommender, the pace and "can I finish it?" all read these lines. Functions raise NotSignedIn
where the profile has just gone, and NotFound for what it may not see.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from domain.binge import following
from domain.errors import InvalidInput
from domain.events.values import WatchlistKind
from domain.history import repo, rules
from domain.history.errors import HistoryFull, NoSuchEpisode, NoSuchWatch
from domain.history.models import Watch
from domain.watchlists import repo as watchlists
from domain.watchlists.service import tell
from domain.watchlists.values import Whose


@dataclass(frozen=True, slots=True)
class Recorded:
    """A line of the history. new: it was not there before; finished: it made a wish watched."""

    watch_id: int
    title_id: int
    new: bool
    finished: bool


async def record(
    session: AsyncSession,
    whose: Whose,
    *,
    title_id: int | None = None,
    episode_id: int | None = None,
    watched_at: datetime | None = None,
    source: str | None = None,
    now: datetime,
) -> Recorded:
    """Write down that a title or an episode was watched; the same line twice is one.

    A film, a whole series or the last missing episode makes the title's wish watched.
    Raises InvalidInput for the moment, the source, and neither or both of the ids.
    """
    if (title_id is None) == (episode_id is None):
        raise InvalidInput("Name either a title or an episode.", field="titleId")
    at, told_by = rules.moment(watched_at, now), rules.source(source)
    whose = await watchlists.lock(session, whose)
    if episode_id is not None:
        title_id = next((row.title_id for row in await repo.places(session, [episode_id])), None)
        if title_id is None:
            raise NoSuchEpisode
    assert title_id is not None
    await watchlists.hold_title(session, whose, title_id)
    before = await repo.seen(session, whose, title_id)
    new = bool(await write(session, whose, title_id, [episode_id], at, told_by, now))
    finished = new and await follow(session, whose, title_id, before, at, now)
    line = select(Watch.id).where(
        col(Watch.profile_id) == whose.profile_id,
        col(Watch.title_id) == title_id,
        col(Watch.episode_id).is_not_distinct_from(episode_id),
        col(Watch.watched_at) == at,
    )
    watch_id = (await session.exec(line)).one()
    assert watch_id is not None
    return Recorded(watch_id, title_id, new, finished)


async def remove(session: AsyncSession, whose: Whose, watch_id: int, now: datetime) -> int:
    """Take a line back, and what it made of the wish; the title. Raises NoSuchWatch."""
    whose = await watchlists.lock(session, whose)
    line = await session.get(Watch, watch_id, populate_existing=True)
    if line is None or line.profile_id != whose.profile_id or line.title_id is None:
        raise NoSuchWatch
    title_id = line.title_id
    await watchlists.hold_title(session, whose, title_id)
    await session.delete(line)
    await session.flush()
    await following.stale(session, profile_id=whose.profile_id, title_ids=[title_id], now=now)
    wish = await watchlists.item(session, whose, title_id)
    if wish is None:
        return title_id
    kind = WatchlistKind.CHANGED  # how much of it is left
    if wish.watched_at is not None:
        story = rules.needed(await repo.episodes(session, title_id))
        left = await repo.seen(session, whose, title_id)
        if not rules.still_watched(wish.watched_at, story, left):
            wish.watched_at = None
            kind = WatchlistKind.UNWATCHED
    await tell(session, whose, kind, title_id, now)
    return title_id


async def write(
    session: AsyncSession,
    whose: Whose,
    title_id: int,
    episode_ids: Sequence[int | None],
    at: datetime,
    source: str,
    now: datetime,
) -> int:
    """Write lines that are not there yet, None for the whole title; how many were not.

    Raises HistoryFull.
    """
    if await repo.size(session, whose) + len(episode_ids) > rules.MOST_WATCHES:
        raise HistoryFull(rules.MOST_WATCHES)
    same = {
        "profile_id": whose.profile_id, "title_id": title_id, "watched_at": at, "source": source
    }  # fmt: skip
    lines = [{**same, "episode_id": episode_id} for episode_id in episode_ids]
    new = (await session.exec(insert(Watch).values(lines).on_conflict_do_nothing())).rowcount
    if new:
        await following.stale(session, profile_id=whose.profile_id, title_ids=[title_id], now=now)
    return new


async def follow(
    session: AsyncSession,
    whose: Whose,
    title_id: int,
    before: Sequence[rules.Seen],
    at: datetime,
    now: datetime,
) -> bool:
    """Let the wish follow lines that were just written; whether it is watched by that now.

    before: what the history said until then.
    """
    wish = await watchlists.item(session, whose, title_id)
    if wish is None:
        return False
    story = rules.needed(await repo.episodes(session, title_id))
    after = await repo.seen(session, whose, title_id)
    new = set(after) - set(before)
    episodes = [{each.episode_id for each in seen if each.episode_id} for seen in (before, after)]
    done = any(each.episode_id is None for each in new) or rules.finishes(story, *episodes)
    finished = done and wish.watched_at is None
    if finished:
        wish.watched_at = at
    kind = WatchlistKind.WATCHED if finished else WatchlistKind.CHANGED
    await tell(session, whose, kind, title_id, now)
    return finished
