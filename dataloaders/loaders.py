"""All loaders of one request: each answers one question for many keys with one statement.

They are made anew for every operation (and, on a socket, for every event), since what they
remember is only true for a moment and for one viewer. Each is made when it is first asked for:
an operation uses a few of them, and a connection that stays open may use none.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import date
from functools import cached_property
from typing import TypeAlias, TypeVar
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection
from strawberry.dataloader import DataLoader

from domain.binge import plans
from domain.binge.plans import Slot
from domain.binge.values import Verdict
from domain.db import Database, Record
from domain.filler import repo as filler
from domain.filler import votes as filler_votes
from domain.filler.values import Claim
from domain.history import repo as history
from domain.history.repo import Standing
from domain.platforms import repo as platforms
from domain.platforms import timeline
from domain.platforms.timeline import Change, Word
from domain.profiles import repo as profiles
from domain.titles import repo as titles
from domain.watchlists import finish_repo
from domain.watchlists import repo as watchlists
from domain.watchlists.finish import Plan
from domain.watchlists.values import Whose, Wish

Rows = Sequence[Record]
InCountry: TypeAlias = tuple[int, str]
"""A key and a country."""
Span: TypeAlias = tuple[int, date, date]
"""A title, and the first and the last day."""

K = TypeVar("K")
V = TypeVar("V")
_MOST_ACTORS = 20


class Loaders:
    """One loader for each question, named by it. Titles above the viewer's ceiling load as None.

    ceiling: the viewer's, in years; today: their day; whose: the profile that asks, if any.
    """

    def __init__(
        self, database: Database, ceiling: int, today: date, whose: Whose | None = None
    ) -> None:
        self._database = database
        self._ceiling, self._today, self._whose = ceiling, today, whose

    @cached_property
    def title_by_id(self) -> DataLoader[int, Record | None]:
        return self._load(lambda c, ids: titles.cards_by_id(c, ids, self._ceiling), None)

    @cached_property
    def text_by_title(self) -> DataLoader[int, Record | None]:
        return self._load(titles.texts_by_id, None)

    @cached_property
    def enriched_by_title(self) -> DataLoader[int, bool]:
        return self._load(titles.enriched, False)

    @cached_property
    def moods_by_title(self) -> DataLoader[int, Rows]:
        return self._load(titles.moods_by_title, ())

    @cached_property
    def ratings_by_title(self) -> DataLoader[int, Rows]:
        return self._load(titles.ratings_by_title, ())

    @cached_property
    def seasons_by_title(self) -> DataLoader[int, Rows]:
        return self._load(titles.seasons_by_title, ())

    @cached_property
    def credits_by_title(self) -> DataLoader[int, Rows]:
        return self._load(lambda c, ids: titles.credits_by_title(c, ids, _MOST_ACTORS), ())

    @cached_property
    def episodes_by_season(self) -> DataLoader[tuple[int, int], Rows]:
        return self._load(titles.episodes_by_season, ())

    @cached_property
    def fillers_by_season(self) -> DataLoader[tuple[int, int], Sequence[str]]:
        return self._load(titles.fillers_by_season, ())

    @cached_property
    def filler_claims_by_episode(self) -> DataLoader[int, Sequence[Claim]]:
        return self._load(filler.claims_of, ())

    @cached_property
    def filler_vote_by_episode(self) -> DataLoader[int, Verdict | None]:
        return self._load(self._filler_votes, None)

    @cached_property
    def offers_by_title(self) -> DataLoader[InCountry, Rows]:
        return self._load_by_country(
            lambda c, ids, country: platforms.offers_for(c, ids, country, self._today)
        )

    @cached_property
    def platform_by_id(self) -> DataLoader[int, Record | None]:
        return self._load(platforms.platforms_by_id, None)

    @cached_property
    def plans_by_platform(self) -> DataLoader[InCountry, Rows]:
        return self._load_by_country(platforms.plans_for)

    @cached_property
    def platform_ids_by_profile(self) -> DataLoader[UUID, Sequence[int]]:
        return self._load(profiles.platform_ids, ())

    @cached_property
    def finish_by_title(self) -> DataLoader[int, Plan | None]:
        return self._load(self._mine(finish_repo.plans_for), None)

    @cached_property
    def wish_by_title(self) -> DataLoader[int, Wish | None]:
        return self._load(self._mine(watchlists.wishes), None)

    @cached_property
    def standing_by_title(self) -> DataLoader[int, Standing | None]:
        return self._load(self._mine(history.standings), None)

    @cached_property
    def changes_by_title(self) -> DataLoader[InCountry, Sequence[Change]]:
        return self._load_by_country(timeline.changes_for)

    @cached_property
    def claims_by_title(self) -> DataLoader[InCountry, Sequence[Word]]:
        return self._load_by_country(timeline.claims_for)

    @cached_property
    def slots_by_plan(self) -> DataLoader[Span, Sequence[Slot]]:
        return self._load(self._slots, ())

    async def _slots(
        self, connection: AsyncConnection, keys: Sequence[Span]
    ) -> Mapping[Span, Sequence[Slot]]:
        found: dict[Span, Sequence[Slot]] = {}
        if self._whose is None:
            return found
        for days in dict.fromkeys((since, until) for _, since, until in keys):
            titles = [key for key, since, until in keys if (since, until) == days]
            kept = await plans.slots(connection, self._whose.profile_id, titles, *days)
            found |= {(title_id, *days): slots for title_id, slots in kept.items()}
        return found

    async def _filler_votes(
        self, connection: AsyncConnection, episode_ids: Sequence[int]
    ) -> Mapping[int, Verdict]:
        if self._whose is None:
            return {}
        return await filler_votes.of_episodes(connection, self._whose.profile_id, episode_ids)

    def _mine(
        self,
        ask: Callable[[AsyncConnection, Whose, Sequence[int]], Awaitable[Mapping[int, V]]],
    ) -> Callable[[AsyncConnection, Sequence[int]], Awaitable[Mapping[int, V]]]:
        async def asked(connection: AsyncConnection, keys: Sequence[int]) -> Mapping[int, V]:
            return await ask(connection, self._whose, keys) if self._whose else {}

        return asked

    def _load(
        self, ask: Callable[[AsyncConnection, Sequence[K]], Awaitable[Mapping[K, V]]], absent: V
    ) -> DataLoader[K, V]:
        async def batch(keys: list[K]) -> list[V]:
            async with self._database.read() as connection:
                found = await ask(connection, keys)
            return [found.get(key, absent) for key in keys]

        return DataLoader(load_fn=batch)

    def _load_by_country(
        self,
        ask: Callable[[AsyncConnection, Sequence[int], str], Awaitable[Mapping[int, Sequence[V]]]],
    ) -> DataLoader[InCountry, Sequence[V]]:
        async def asked(connection: AsyncConnection, keys: Sequence[InCountry]):
            found: dict[InCountry, Sequence[V]] = {}
            for country in dict.fromkeys(country for _, country in keys):
                ids = [key for key, its_country in keys if its_country == country]
                rows = await ask(connection, ids, country)
                found |= {(key, country): row for key, row in rows.items()}
            return found

        return self._load(asked, ())
