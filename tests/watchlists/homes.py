"""Profiles with platforms, made in a moment, and what they are asked and told."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import text

from domain.accounts.models import Account
from domain.accounts.viewer import Viewer
from domain.db import Database
from domain.profiles.models import Profile, ProfilePlatform
from domain.titles.models import Episode, Season
from domain.watchlists import pages
from domain.watchlists.values import Filters, WatchlistSort, Whose, Wish
from tests.support.catalogue import add_platform, add_title

NOW = datetime(2026, 11, 21, 20, 0, tzinfo=UTC)
TODAY = NOW.date()


async def move_in(
    database: Database,
    *,
    platforms: Sequence[str] = ("netflix",),
    country: str = "US",
    ceiling: int = 18,
    account_id: UUID | None = None,
) -> Viewer:
    """A profile as it is seen at the door; in a household of its own unless one is given."""
    async with database.transaction() as session:
        if account_id is None:
            account_id = uuid4()
            email = f"{account_id.hex}@example.com"
            session.add(
                Account(
                    id=account_id,
                    email=email,
                    email_key=email,
                    password_hash="",
                    country=country,
                    time_zone="UTC",
                )
            )
            await session.flush()
        name = uuid4().hex
        profile = Profile(account_id=account_id, name=name, name_key=name, maturity_ceiling=ceiling)
        session.add(profile)
        await session.flush()
        for slug in platforms:
            key = await add_platform(session, slug)
            session.add(ProfilePlatform(profile_id=profile.id, platform_id=key))
    return Viewer(
        "session", country, "UTC", account_id=account_id, profile_id=profile.id, ceiling=ceiling
    )


async def film(database: Database, name: str = "Paddington 2", **more: Any) -> int:
    """A film's key; see add_title."""
    async with database.transaction() as session:
        return await add_title(session, name, **more)


async def series(
    database: Database, seasons: Sequence[Sequence[str]], name: str = "Dark", **more: Any
) -> tuple[int, list[int]]:
    """A series and its episodes in order. seasons: from 0, the specials, on; each a list of how
    its episodes belong to the story ("canon", "filler", …)."""
    async with database.transaction() as session:
        title_id = await add_title(session, name, kind="series", **more)
        episodes: list[Episode] = []
        for number, fillers in enumerate(seasons):
            session.add(Season(title_id=title_id, number=number, episode_count=len(fillers)))
            episodes += [
                Episode(title_id=title_id, season_number=number, number=place, filler=filler)
                for place, filler in enumerate(fillers, 1)
            ]
        session.add_all(episodes)
        await session.flush()
        await (await session.connection()).execute(
            text("UPDATE titles SET season_count = :n, episode_count = :m WHERE id = :id"),
            {"n": len(seasons) - 1, "m": len(episodes), "id": title_id},
        )
    return title_id, [each.id for each in episodes if each.id is not None]


async def wishes(
    database: Database,
    viewer: Viewer,
    filters: Filters = Filters(),  # noqa: B008
    sort: WatchlistSort = WatchlistSort.LEAVING_FIRST,
    now: datetime = NOW,
) -> list[Wish]:
    """The whole list."""
    async with database.read() as connection:
        page = await pages.page(connection, Whose.of(viewer, now), filters, sort)
    return [wish for _, wish in page.wishes]


async def only(database: Database, viewer: Viewer, now: datetime = NOW) -> Wish:
    """The one wish there is."""
    (wish,) = await wishes(database, viewer, now=now)
    return wish


async def events(database: Database, topic: str = "watchlist") -> list[tuple[str, int | None]]:
    """What was told in a topic: kinds and titles in their order."""
    async with database.read() as connection:
        rows = await connection.execute(
            text("SELECT kind, title_id FROM events WHERE topic = :topic ORDER BY id"),
            {"topic": topic},
        )
        return [(row.kind, row.title_id) for row in rows]


async def rows(database: Database, statement: str, **values: Any) -> list[tuple[Any, ...]]:
    """What a select finds."""
    async with database.read() as connection:
        return [tuple(row) for row in await connection.execute(text(statement), values)]
