"""All loaders of one request: each answers one question for many keys with one statement.

They are made anew for every operation (and, on a socket, for every event), since what they
remember is only true for a moment and for one viewer.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TypeVar
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection
from strawberry.dataloader import DataLoader

from domain.db import Database, Record
from domain.platforms import repo as platforms
from domain.profiles import repo as profiles
from domain.titles import repo as titles

Rows = Sequence[Record]
K = TypeVar("K")
V = TypeVar("V")
_MOST_ACTORS = 20


@dataclass(frozen=True, slots=True)
class Loaders:
    """One loader for each question, named by it. Titles above the viewer's ceiling load as None."""

    title_by_id: DataLoader[int, Record | None]
    text_by_title: DataLoader[int, Record | None]
    moods_by_title: DataLoader[int, Rows]
    ratings_by_title: DataLoader[int, Rows]
    seasons_by_title: DataLoader[int, Rows]
    credits_by_title: DataLoader[int, Rows]
    episodes_by_season: DataLoader[tuple[int, int], Rows]
    offers_by_title: DataLoader[tuple[int, str], Rows]
    platform_by_id: DataLoader[int, Record | None]
    plans_by_platform: DataLoader[tuple[int, str], Rows]
    platform_ids_by_profile: DataLoader[UUID, Sequence[int]]


def make(database: Database, ceiling: int, today: date) -> Loaders:
    """Fresh loaders for a viewer's ceiling and day."""

    def load(
        ask: Callable[[AsyncConnection, Sequence[K]], Awaitable[Mapping[K, V]]], absent: V
    ) -> DataLoader[K, V]:
        async def batch(keys: list[K]) -> list[V]:
            async with database.read() as connection:
                found = await ask(connection, keys)
            return [found.get(key, absent) for key in keys]

        return DataLoader(load_fn=batch)

    def by_country(
        ask: Callable[[AsyncConnection, Sequence[int], str], Awaitable[Mapping[int, V]]],
    ) -> Callable[
        [AsyncConnection, Sequence[tuple[int, str]]], Awaitable[Mapping[tuple[int, str], V]]
    ]:
        async def asked(connection: AsyncConnection, keys: Sequence[tuple[int, str]]):
            found: dict[tuple[int, str], V] = {}
            for country in dict.fromkeys(country for _, country in keys):
                ids = [key for key, its_country in keys if its_country == country]
                rows = await ask(connection, ids, country)
                found |= {(key, country): row for key, row in rows.items()}
            return found

        return asked

    return Loaders(
        title_by_id=load(lambda c, ids: titles.cards_by_id(c, ids, ceiling), None),
        text_by_title=load(titles.texts_by_id, None),
        moods_by_title=load(titles.moods_by_title, ()),
        ratings_by_title=load(titles.ratings_by_title, ()),
        seasons_by_title=load(titles.seasons_by_title, ()),
        credits_by_title=load(lambda c, ids: titles.credits_by_title(c, ids, _MOST_ACTORS), ()),
        episodes_by_season=load(titles.episodes_by_season, ()),
        offers_by_title=load(
            by_country(lambda c, ids, country: platforms.offers_for(c, ids, country, today)), ()
        ),
        platform_by_id=load(platforms.platforms_by_id, None),
        plans_by_platform=load(by_country(platforms.plans_for), ()),
        platform_ids_by_profile=load(profiles.platform_ids, ()),
    )
