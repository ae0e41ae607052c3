"""What shall we watch tonight? One unit of work: filter, rank, diversify, explain."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

import orjson
from sqlalchemy.ext.asyncio import AsyncConnection

from domain.accounts.viewer import Viewer
from domain.db import Database
from domain.platforms import repo as platforms
from domain.ports import Cache
from domain.profiles import repo as profiles
from domain.recommendations import repo, rules, taste
from domain.recommendations.relax import relaxations
from domain.recommendations.repo import Pool
from domain.recommendations.values import Filter, Pick, Question, Relaxation
from domain.titles import repo as titles
from domain.why import template
from domain.why.facts import Fact, facts_of

ANSWERS = 5
RANKED = 10
_POOL_TTL_S = 600


@dataclass(frozen=True, slots=True)
class Recommendation:
    """A pick, where to watch it, and why. offers: rows of platforms.repo.offers_for."""

    pick: Pick
    offers: Sequence[Any]
    facts: tuple[Fact, ...]
    why: str
    why_source: str = "template"


@dataclass(frozen=True, slots=True)
class Answer:
    """picks: the top ten, of which five are the answer and five the alternates.

    candidates: how many titles passed every filter; dropped: the others by reason; relax: what
    to loosen, where fewer than five passed.
    """

    picks: tuple[Recommendation, ...]
    candidates: int
    dropped: Mapping[Filter, int]
    relax: tuple[Relaxation, ...]


@dataclass(frozen=True, slots=True)
class Recommender:
    """Answers questions for viewers."""

    database: Database
    cache: Cache

    async def recommend(self, viewer: Viewer, question: Question, now: datetime) -> Answer:
        """The answer for a viewer at a moment; raises nothing that a person caused."""
        today = viewer.today(now)
        async with self.database.read() as connection:
            profile = await self._profile(connection, viewer)
            avoided = profile.avoided_genres if profile else ()
            preferred = tuple(profile.mood_preferences) if profile else ()
            past = await repo.past(connection, viewer, question, now)
            parameters = repo.constraints(viewer, avoided, question, today)
            pool = await self._pool(connection, parameters, past, question)
            kinships = None
            if past.liked:
                kinships = {
                    each.title_id: taste.kinship(each, past.liked) for each in pool.candidates
                }
            ranked = rules.rank(pool.candidates, question, kinships, today, RANKED, preferred)
            picks = [*_best_first(ranked[:ANSWERS]), *_best_first(ranked[ANSWERS:])]
            relax = ()
            if len(picks) < ANSWERS:
                relax = await relaxations(connection, parameters, question, pool)
            explained = await self._explain(connection, viewer, question, picks, now)
        return Answer(explained, pool.passing, pool.dropped, relax)

    async def _profile(self, connection: AsyncConnection, viewer: Viewer) -> profiles.Listed | None:
        if viewer.profile_id is None:
            return None
        return (await profiles.by_id(connection, [viewer.profile_id])).get(viewer.profile_id)

    async def _pool(
        self,
        connection: AsyncConnection,
        parameters: Mapping[str, Any],
        past: repo.Past,
        question: Question,
    ) -> Pool:
        """The candidates, from the cache as long as nothing that decides on them has changed."""
        asked = (repo.POOL_FORM, await repo.position(connection), past.mark, parameters)
        digest = hashlib.blake2b(orjson.dumps(asked, default=str), digest_size=16).hexdigest()
        key = f"candidates:{parameters['profile'] or 'anyone'}:{digest}"
        stored = await self.cache.get(key)
        if stored is None:
            stored = await repo.pool(connection, parameters, past.liked)
            await self.cache.put(key, stored, _POOL_TTL_S)
        return repo.read_pool(stored, question.time_min)

    async def _explain(
        self,
        connection: AsyncConnection,
        viewer: Viewer,
        question: Question,
        picks: Sequence[Pick],
        now: datetime,
    ) -> tuple[Recommendation, ...]:
        today = viewer.today(now)
        ids = [pick.candidate.title_id for pick in picks]
        offers = await platforms.offers_for(
            connection, ids, viewer.country, today, question.platform_ids, included_only=True
        )
        shared = {person for pick in picks for person in pick.kinship.shared_people}
        people = await titles.people_names(connection, shared) if shared else {}
        explained: list[Recommendation] = []
        for pick in picks:
            its_offers = offers.get(pick.candidate.title_id, [])
            names = list(dict.fromkeys(offer.platform_name for offer in its_offers))
            facts = facts_of(pick, question, names, people, today)
            line = template.sentence(facts, pick.candidate.kind)
            explained.append(Recommendation(pick, its_offers, facts, line))
        return tuple(explained)


def _best_first(picks: Sequence[Pick]) -> list[Pick]:
    """As people read a list; which picks are in it was decided with an eye on variety."""
    return sorted(picks, key=lambda pick: -pick.score)


def fingerprint(viewer: Viewer, question: Question) -> str:
    """The same for the same question by the same viewer: what 'an identical question' means."""
    asked = orjson.dumps((str(viewer.profile_id), viewer.country, asdict(question)))
    return hashlib.blake2b(asked, digest_size=16).hexdigest()
