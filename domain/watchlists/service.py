"""Changes of a watchlist. Each says whether anything is different now, and tells it as an event.

Every function raises NotSignedIn where the profile has just gone, and NotFound for a title that
doesn't exist or is above the profile's ceiling.
"""

from datetime import datetime, timedelta
from typing import Any, TypedDict

from sqlalchemy import delete
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col
from sqlmodel.ext.asyncio.session import AsyncSession

from domain.events import outbox
from domain.events.values import Event, Topic, WatchlistKind
from domain.platforms import repo as platforms
from domain.watchlists import repo, rules
from domain.watchlists.errors import NothingToPutBack, NotOnTheList, WatchlistFull
from domain.watchlists.models import RemovedItem, WatchlistItem
from domain.watchlists.values import KEPT_DAYS, MOST_ITEMS, Whose

_KEPT = ("profile_id", "title_id", "added_at", "platform_id", "note", "watched_at")


class Wished(TypedDict, total=False):
    """What is said about a wish; what is absent stays as it is. platform: a slug."""

    platform: str | None
    note: str | None


async def add(
    session: AsyncSession, whose: Whose, title_id: int, said: Wished, now: datetime
) -> bool:
    """Put a title on the list; whether it is new there.

    A title that is there already is the same wish: it stays where it stands, and only what is said
    about it now is changed. Raises InvalidInput for that, and WatchlistFull.
    """
    whose = await repo.lock(session, whose)
    await repo.hold_title(session, whose, title_id)
    wish = await repo.item(session, whose, title_id)
    if wish is None:
        await _make_room(session, whose)
        wish = WatchlistItem(profile_id=whose.profile_id, title_id=title_id, added_at=now)
        await _say(session, wish, said)
        session.add(wish)
        await tell(session, whose, WatchlistKind.ADDED, title_id, now)
        return True
    told = {name: value for name, value in said.items() if value is not None}
    if await _say(session, wish, Wished(**told)):  # type: ignore[typeddict-item]
        await tell(session, whose, WatchlistKind.CHANGED, title_id, now)
    return False


async def update(
    session: AsyncSession, whose: Whose, title_id: int, said: Wished, now: datetime
) -> bool:
    """Change a note or a preference, None takes it away; whether anything changed.

    Raises InvalidInput for what is said, and NotOnTheList.
    """
    whose = await repo.lock(session, whose)
    await repo.hold_title(session, whose, title_id)
    wish = await repo.item(session, whose, title_id)
    if wish is None:
        raise NotOnTheList
    changed = await _say(session, wish, said)
    if changed:
        await tell(session, whose, WatchlistKind.CHANGED, title_id, now)
    return changed


async def remove(session: AsyncSession, whose: Whose, title_id: int, now: datetime) -> None:
    """Take a title off the list and keep the wish for 30 days; raises NotOnTheList."""
    whose = await repo.lock(session, whose)
    await repo.hold_title(session, whose, title_id)
    wish = await repo.item(session, whose, title_id)
    if wish is None:
        raise NotOnTheList
    kept = {name: getattr(wish, name) for name in _KEPT}
    removed = insert(RemovedItem).values(**kept, removed_at=now)
    await session.exec(
        removed.on_conflict_do_update(
            index_elements=["profile_id", "title_id"],
            set_={**{name: removed.excluded[name] for name in _KEPT[2:]}, "removed_at": now},
        )
    )
    await session.delete(wish)
    await session.flush()
    await tell(session, whose, WatchlistKind.REMOVED, title_id, now)


async def undo_remove(session: AsyncSession, whose: Whose, title_id: int, now: datetime) -> bool:
    """Put a removed wish back exactly as it was; whether it was away.

    A title that is on the list again stays as it is. Raises NothingToPutBack and WatchlistFull.
    """
    whose = await repo.lock(session, whose)
    await repo.hold_title(session, whose, title_id)
    if await repo.item(session, whose, title_id) is not None:
        return False
    removed = await session.get(RemovedItem, (whose.profile_id, title_id), populate_existing=True)
    if removed is None or removed.removed_at < now - timedelta(days=KEPT_DAYS):
        raise NothingToPutBack(KEPT_DAYS)
    await _make_room(session, whose)
    session.add(WatchlistItem(**{name: getattr(removed, name) for name in _KEPT}))
    await session.delete(removed)
    await session.flush()
    await tell(session, whose, WatchlistKind.ADDED, title_id, now)
    return True


async def prune(session: AsyncSession, now: datetime) -> int:
    """Forget what was removed too long ago to be put back; how many."""
    old = col(RemovedItem.removed_at) < now - timedelta(days=KEPT_DAYS)
    return (await session.exec(delete(RemovedItem).where(old))).rowcount


async def tell(
    session: AsyncSession, whose: Whose, kind: WatchlistKind, title_id: int, now: datetime
) -> None:
    """Write down that something about a wish changed."""
    event = Event(Topic.WATCHLIST, kind.value, now, title_id, whose.profile_id)
    await outbox.add(session, [event])


async def _make_room(session: AsyncSession, whose: Whose) -> None:
    if await repo.size(session, whose) >= MOST_ITEMS:
        raise WatchlistFull(MOST_ITEMS)


async def _say(session: AsyncSession, wish: WatchlistItem, said: Wished) -> bool:
    """Set what is said of a wish; whether that is another thing than before."""
    told: dict[str, Any] = {}
    if "note" in said:
        told["note"] = rules.note(said["note"])
    if "platform" in said:
        slugs = () if said["platform"] is None else (said["platform"],)
        connection = await session.connection()
        keys = await platforms.ids_of_slugs(connection, slugs, field="platformPreference")
        told["platform_id"] = keys[0] if keys else None
    changes = {name: value for name, value in told.items() if getattr(wish, name) != value}
    for name, value in changes.items():
        setattr(wish, name, value)
    return bool(changes)
