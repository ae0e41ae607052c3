"""What the hub asks Postgres for on behalf of those who subscribe, in few statements."""

import asyncio
from collections.abc import Mapping, Sequence
from uuid import UUID

from domain.db import Database
from domain.events import repo as events
from domain.events.values import Event, Heard, WatchlistKind
from domain.profiles import repo as profiles
from domain.titles import repo as titles
from domain.watchlists import followed
from live.batches import Batches
from live.interest import listed

At = tuple[UUID, int]
"""A profile, as of a position."""

_AT_ONCE = 3  # of the connections that requests use too


class Loads:
    """Lists and platforms of profiles, titles, marks of events, and what was missed."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._turns = asyncio.Semaphore(_AT_ONCE)
        self.titles: Batches[At, frozenset[int]] = Batches(self._titles)
        self.platforms: Batches[UUID, frozenset[int]] = Batches(self._platforms)
        self.maturity: Batches[int, int | None] = Batches(self._maturities)
        self.mark: Batches[int, int | None] = Batches(self._marks)

    async def ids(self, list_of: UUID | None, platforms_of: UUID | None, at: int) -> frozenset[int]:
        """What a profile follows as of a position: titles, or platforms as they are now."""
        if list_of is not None:
            return await self.titles.load((list_of, at))
        if platforms_of is not None:
            return await self.platforms.load(platforms_of)
        return frozenset()

    async def missed(
        self, heard: Heard, behind: int, until: int, most: int
    ) -> Sequence[Event] | None:
        """A page of what somebody would have heard between two positions.

        None where it is not kept any more: old events may go while somebody reads them.
        """
        async with self._turns, self._database.read() as connection:
            page = await events.missed(connection, heard, behind, until, most)
            oldest = await events.oldest(connection)
        return page if oldest is not None and oldest <= max(behind, 1) else None

    async def count_missed(self, heard: Heard, behind: int, until: int, most: int) -> int:
        """How much that is, counted up to `most`."""
        async with self._turns, self._database.read() as connection:
            return await events.count_missed(connection, heard, behind, until, most)

    async def oldest(self) -> int | None:
        """The first position that is still kept."""
        async with self._turns, self._database.read() as connection:
            return await events.oldest(connection)

    async def _titles(self, asked: Sequence[At]) -> Mapping[At, frozenset[int]]:
        """The lists as of positions: as they are now, with what came later taken back.

        What came later is read second, so it knows of every change that the list may show.
        """
        whose = {profile_id for profile_id, _ in asked}
        async with self._database.read() as connection:
            now = await followed.unwatched(connection, whose)
            later = await events.of_lists(connection, whose, min(at for _, at in asked))
            # A wish may have been watched before it was removed, and was not followed then.
            gone = {
                event.title_id
                for changes in later.values()
                for event in changes
                if event.kind == WatchlistKind.REMOVED and event.title_id is not None
            }
            until = max(at for _, at in asked)
            earlier = await events.of_wishes(connection, whose, gone, until) if gone else {}
        return {
            (profile_id, at): _as_of(
                at,
                now.get(profile_id, set()),
                earlier.get(profile_id, ()),
                later.get(profile_id, ()),
            )
            for profile_id, at in asked
        }

    async def _platforms(self, asked: Sequence[UUID]) -> Mapping[UUID, frozenset[int]]:
        async with self._database.read() as connection:
            found = await profiles.platform_ids(connection, asked)
        return {profile_id: frozenset(found.get(profile_id, ())) for profile_id in asked}

    async def _maturities(self, asked: Sequence[int]) -> Mapping[int, int | None]:
        async with self._database.read() as connection:
            found = await titles.maturities(connection, asked)
        return {title_id: found.get(title_id) for title_id in asked}

    async def _marks(self, asked: Sequence[int]) -> Mapping[int, int | None]:
        async with self._database.read() as connection:
            found = await events.marks(connection, asked)
        return {position: found.get(position) for position in asked}


def _as_of(
    position: int, now: set[int], earlier: Sequence[Event], later: Sequence[Event]
) -> frozenset[int]:
    """Before the first change behind the position a title was what the last one up to there made
    it, or, where nobody knows that one, what the first one made it not.
    """
    known: dict[int, bool] = {}
    for event in earlier:
        on_it = listed(event)
        if on_it is not None and event.title_id is not None and event.position <= position:
            known[event.title_id] = on_it
    before: dict[int, bool] = {}
    for event in later:
        on_it = listed(event)
        if on_it is None or event.title_id is None or 0 < event.position <= position:
            continue
        before.setdefault(event.title_id, known.get(event.title_id, not on_it))
    were = {title_id for title_id, was in before.items() if was}
    return frozenset((now - before.keys()) | were)
