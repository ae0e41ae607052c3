"""Ticking a title off: "I have watched this", and taking that back.

A title is marked by one line of the history, of the whole title and told by hand. A wish that is
watched says when; that is the moment of its line.
"""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from domain.binge import following
from domain.errors import InvalidInput
from domain.events.values import WatchlistKind
from domain.history import repo, rules
from domain.history.errors import NoSuchEpisode
from domain.history.models import Watch
from domain.history.service import follow, write
from domain.watchlists import repo as watchlists
from domain.watchlists.errors import NotOnTheList
from domain.watchlists.models import WatchlistItem
from domain.watchlists.service import tell
from domain.watchlists.values import Whose


async def mark(
    session: AsyncSession,
    whose: Whose,
    title_id: int,
    watched_at: datetime | None,
    now: datetime,
    *,
    listed: bool = False,
) -> bool:
    """Say that a title was watched; whether that is news.

    Without a moment it is now, unless it is marked already. With another moment a wish's own is
    put right. Raises InvalidInput for the moment, and NotOnTheList where it must be `listed`.
    """
    at = rules.moment(watched_at, now)
    whose, wish = await _find(session, whose, title_id, listed=listed)
    marked = await _marked_at(session, whose, title_id, wish)
    if marked is not None and (watched_at is None or marked == at):
        return False
    if wish is None:
        return bool(await write(session, whose, title_id, [None], at, rules.MANUAL, now))
    if marked is not None:
        await _erase(session, whose, title_id, marked, now)
    await write(session, whose, title_id, [None], at, rules.MANUAL, now)
    wish.watched_at = at
    await tell(session, whose, WatchlistKind.WATCHED, title_id, now)
    return True


async def mark_episodes(
    session: AsyncSession,
    whose: Whose,
    title_id: int,
    episode_ids: Sequence[int],
    watched_at: datetime | None,
    now: datetime,
) -> bool:
    """Say that episodes of a series were watched; whether that is news.

    Without a moment, those that were watched before stay as they are. The last missing ones make
    the wish watched. Raises InvalidInput, and NotFound for another series' episodes.
    """
    if len(episode_ids) > rules.MOST_EPISODES:
        raise InvalidInput(f"Name at most {rules.MOST_EPISODES} episodes.", field="episodes")
    at = rules.moment(watched_at, now)
    whose, _ = await _find(session, whose, title_id, listed=False)
    wanted = list(dict.fromkeys(episode_ids))
    found = {row.id for row in await repo.places(session, wanted) if row.title_id == title_id}
    if len(found) < len(wanted):
        raise NoSuchEpisode("episodes")
    before = await repo.seen(session, whose, title_id)
    if watched_at is None:
        known = {each.episode_id for each in before}
        wanted = [each for each in wanted if each not in known]
    if not wanted or not await write(session, whose, title_id, wanted, at, rules.MANUAL, now):
        return False
    await follow(session, whose, title_id, before, at, now)
    return True


async def unmark(
    session: AsyncSession, whose: Whose, title_id: int, now: datetime, *, listed: bool = False
) -> bool:
    """Take back that a title was watched, and the line that said so; whether that is news."""
    whose, wish = await _find(session, whose, title_id, listed=listed)
    marked = await _marked_at(session, whose, title_id, wish)
    if marked is None:
        return False
    await _erase(session, whose, title_id, marked, now)
    if wish is not None:
        wish.watched_at = None
        await tell(session, whose, WatchlistKind.UNWATCHED, title_id, now)
    return True


async def _find(
    session: AsyncSession, whose: Whose, title_id: int, *, listed: bool
) -> tuple[Whose, WatchlistItem | None]:
    whose = await watchlists.lock(session, whose)
    await watchlists.hold_title(session, whose, title_id)
    wish = await watchlists.item(session, whose, title_id)
    if wish is None and listed:
        raise NotOnTheList
    return whose, wish


async def _marked_at(
    session: AsyncSession, whose: Whose, title_id: int, wish: WatchlistItem | None
) -> datetime | None:
    """When a title is said to have been watched: by the wish, or else by the latest mark."""
    if wish is not None:
        return wish.watched_at
    latest = (
        select(Watch.watched_at)
        .where(*_marks(whose, title_id))
        .order_by(col(Watch.watched_at).desc())
        .limit(1)
    )
    return (await session.exec(latest)).first()


async def _erase(
    session: AsyncSession, whose: Whose, title_id: int, at: datetime, now: datetime
) -> None:
    lines = delete(Watch).where(*_marks(whose, title_id), col(Watch.watched_at) == at)
    await session.exec(lines)
    await following.stale(session, profile_id=whose.profile_id, title_ids=[title_id], now=now)


def _marks(whose: Whose, title_id: int):
    return (
        col(Watch.profile_id) == whose.profile_id,
        col(Watch.title_id) == title_id,
        col(Watch.episode_id).is_(None),
        col(Watch.source) == rules.MANUAL,
    )
