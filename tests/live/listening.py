"""Listeners that remember, an audience that counts, and events to hear."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Hashable
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime
from uuid import UUID

from domain.accounts.models import Account
from domain.db import Database
from domain.events import outbox
from domain.events.values import AvailabilityKind, Cursor, Event, ProfileKind, Topic, WatchlistKind
from domain.profiles.models import Profile, ProfilePlatform
from domain.watchlists.models import WatchlistItem
from integrations.pubsub import LocalWakeups
from live.hub import Hub
from live.interest import Interest
from live.updates import Update
from tests.support.catalogue import add_title

NOW = datetime(2026, 11, 1, tzinfo=UTC)
TITLE = Interest(title_id=1, country="US")


class Words:
    """An audience whose words are "<Event|Resync|Heartbeat> <cursor> <title or reason>"."""

    def __init__(self, key: Hashable = "words") -> None:
        self.key = key
        self.rendered = 0
        self.before: Callable[[Update], object] = lambda update: None

    async def render(self, update: Update) -> bytes | None:
        self.rendered += 1
        await asyncio.sleep(0)
        self.before(update)
        told = getattr(update, "title_id", getattr(update, "reason", ""))
        return f"{type(update).__name__} {update.cursor} {told}".encode()


class Ears:
    """A listener that keeps everything, up to `most` payloads."""

    def __init__(self, most: int = 1_000_000) -> None:
        self.most = most
        self.payloads: list[bytes] = []
        self.ended: str | None = None

    def deliver(self, payload: bytes) -> bool:
        if len(self.payloads) >= self.most:
            return False
        self.payloads.append(payload)
        return True

    async def room(self) -> None:
        return

    def end(self, reason: str) -> None:
        assert self.ended is None, "ended twice"
        self.ended = reason

    def told(self, word: str = "Event") -> list[tuple[Cursor, str]]:
        """Cursors and what was said of all updates of a kind."""
        split = (payload.decode().split(" ") for payload in self.payloads)
        return [(Cursor.parse(cursor), said) for kind, cursor, said in split if kind == word]

    @property
    def titles(self) -> list[int]:
        return [int(said) for _, said in self.told()]

    @property
    def positions(self) -> list[int]:
        return [cursor.position for cursor, _ in self.told()]

    @property
    def cursor(self) -> Cursor | None:
        """The last one that came, in whatever."""
        return Cursor.parse(self.payloads[-1].decode().split(" ")[1]) if self.payloads else None


@asynccontextmanager
async def running(database: Database, **settings: float) -> AsyncIterator[Hub]:
    """A hub on a database whose own transactions ring it."""
    bell = database.bell
    assert isinstance(bell, LocalWakeups)
    hub = Hub(database, bell, **settings)
    await hub.start()
    try:
        yield hub
    finally:
        await hub.stop()


def ringing(database: Database) -> Database:
    """The database with a bell of its own."""
    return replace(database, bell=LocalWakeups())


def changed(title_id: int = 1, platform_id: int = 1, country: str = "US") -> Event:
    """Something about where a title is."""
    kind = AvailabilityKind.LEAVING
    return Event(Topic.AVAILABILITY, kind, NOW, title_id, platform_id=platform_id, country=country)


def wished(profile_id: UUID, kind: WatchlistKind, title_id: int) -> Event:
    """Something about a wish."""
    return Event(Topic.WATCHLIST, kind, NOW, title_id, profile_id)


def chose(profile_id: UUID) -> Event:
    """That a profile has other platforms."""
    return Event(Topic.PROFILE, ProfileKind.PLATFORMS, NOW, profile_id=profile_id)


async def emit(database: Database, *events: Event) -> None:
    """Write events in a transaction of their own."""
    async with database.transaction() as session:
        await outbox.add(session, events)


async def add_profile(database: Database, *titles: int, platforms: tuple[int, ...] = ()) -> UUID:
    """A profile with titles on its list and platforms; both must exist."""
    async with database.transaction() as session:
        account = Account(
            email="a@b.test", email_key=str(time.monotonic_ns()), password_hash="",
            country="US", time_zone="UTC",
        )  # fmt: skip
        session.add(account)
        await session.flush()
        profile = Profile(account_id=account.id, name="Ann", name_key="ann")
        session.add(profile)
        await session.flush()
        for title_id in titles:
            session.add(WatchlistItem(profile_id=profile.id, title_id=title_id, added_at=NOW))
        for platform_id in platforms:
            session.add(ProfilePlatform(profile_id=profile.id, platform_id=platform_id))
        return profile.id


async def add_titles(database: Database, count: int) -> list[int]:
    """Titles that can be wished for."""
    async with database.transaction() as session:
        return [await add_title(session, f"Title {number}", offers=()) for number in range(count)]


async def eventually(true: Callable[[], object], seconds: float = 10) -> None:
    """Wait until something is true."""
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline, "it never came true"
        await asyncio.sleep(0.005)
