"""What shall we watch tonight? One unit of work: filter, rank, diversify, explain."""

import hashlib
import secrets
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
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
from domain.why import keys, template
from domain.why.facts import Fact, facts_of
from domain.why.service import Whys
from domain.why.sheet import sheet_of
from domain.why.values import Line, Source, Wanted

ANSWERS = 5
RANKED = 10
_POOL_TTL_S = 600


@dataclass(frozen=True, slots=True)
class Recommendation:
    """A pick, where to watch it, and why. offers: rows of platforms.repo.offers_for.

    why_id: what the sentence is known by, whoever writes it.
    """

    pick: Pick
    offers: Sequence[Any]
    facts: tuple[Fact, ...]
    why: str
    why_id: str
    why_source: Source = Source.TEMPLATE


@dataclass(frozen=True, slots=True)
class Answer:
    """picks: the top ten, of which five are the answer and five the alternates.

    candidates: how many titles passed every filter; dropped: the others by reason; relax: what
    to loosen, where fewer than five passed. id: what its missing lines are asked for by, which
    nobody can guess; pending: how many of the five whys are being written.
    """

    picks: tuple[Recommendation, ...]
    candidates: int
    dropped: Mapping[Filter, int]
    relax: tuple[Relaxation, ...]
    id: str = field(default_factory=lambda: secrets.token_urlsafe(16))
    pending: int = 0

    def saying(self, lines: Mapping[str, Line]) -> "Answer":
        """The same with these lines, which are settled, by the ids of the whys."""
        picks = (
            replace(each, why=line.text, why_source=line.source)
            if (line := lines.get(each.why_id))
            else each
            for each in self.picks
        )
        return replace(self, picks=tuple(picks))


@dataclass(frozen=True, slots=True)
class Recommender:
    """Answers questions for viewers. whys: who has lines written; None: templates do.

    told: how many of the whys that this process has told were whose.
    """

    database: Database
    cache: Cache
    whys: Whys | None = None
    told: Counter[Source] = field(default_factory=Counter, compare=False)

    async def recommend(self, viewer: Viewer, question: Question, now: datetime) -> Answer:
        """The answer for a viewer at a moment; raises nothing that a person caused.

        It waits for no model: what lines there are is in it, and the missing ones are ordered.
        """
        answer, wanted, lines = await self._told(viewer, question, now)
        if self.whys is not None and wanted:
            missing = [each for each, line in zip(wanted, lines, strict=True) if line is None]
            pending = await self.whys.order(answer.id, viewer.profile_id, missing, now)
            known = {line.id: line for line in lines if line is not None}
            answer = replace(answer.saying(known), pending=pending)
        self.told.update(each.why_source for each in answer.picks[:ANSWERS])
        return answer

    async def missing(self, viewer: Viewer, question: Question, now: datetime) -> list[Wanted]:
        """The lines that an answer would lack, without ordering them; now may be to come."""
        _, wanted, lines = await self._told(viewer, question, now, remember=False)
        return [each for each, line in zip(wanted, lines, strict=True) if line is None]

    async def _told(
        self, viewer: Viewer, question: Question, now: datetime, *, remember: bool = True
    ) -> tuple[Answer, Sequence[Wanted], Sequence[Line | None]]:
        """An answer in templates, what could be said instead of its first five, and what is."""
        answer, mark = await self._answer(viewer, question, now)
        if self.whys is None or not answer.picks:
            return answer, (), ()
        who, today = viewer.profile_id, viewer.today(now)
        wanted: list[Wanted] = []
        for each in answer.picks[:ANSWERS]:
            title = each.pick.candidate
            sheet = sheet_of(each.facts, title.kind, title.name, today)
            key = keys.line_key(mark, who, title.title_id, question.mood, sheet, self.whys.model)
            wanted.append(Wanted(each.why_id, key, sheet, each.why, title.title_id))
        lines = await self.whys.told(who if remember else None, question, wanted)
        return answer, wanted, lines

    async def _answer(
        self, viewer: Viewer, question: Question, now: datetime
    ) -> tuple[Answer, str]:
        """The answer in templates, and the mark of the past that it is for."""
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
            explained = await self._explain(connection, viewer, question, picks, past.mark, now)
        return Answer(explained, pool.passing, pool.dropped, relax), past.mark

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
        mark: str,
        now: datetime,
    ) -> tuple[Recommendation, ...]:
        today = viewer.today(now)
        ids = [pick.candidate.title_id for pick in picks]
        offers = await platforms.offers_for(
            connection, ids, viewer.country, today, question.platform_ids, included_only=True
        )
        shared = {person for pick in picks for person in pick.kinship.shared_people}
        people = await titles.people_names(connection, shared) if shared else {}
        whys = keys.why_ids(fingerprint(viewer, question), mark, today, ids)
        told: list[tuple[Sequence[Fact], str]] = []
        for pick in picks:
            its_offers = offers.get(pick.candidate.title_id, [])
            names = list(dict.fromkeys(offer.platform_name for offer in its_offers))
            facts = facts_of(pick, question, names, people, today)
            told.append((facts, pick.candidate.kind))
        return tuple(
            Recommendation(pick, offers.get(key, []), tuple(facts), line, why_id)
            for pick, key, (facts, _), line, why_id in zip(
                picks, ids, told, template.lines(told), whys, strict=True
            )
        )


def _best_first(picks: Sequence[Pick]) -> list[Pick]:
    """As people read a list; which picks are in it was decided with an eye on variety."""
    return sorted(picks, key=lambda pick: -pick.score)


def fingerprint(viewer: Viewer, question: Question) -> str:
    """The same for the same question by the same viewer: what 'an identical question' means."""
    asked = orjson.dumps((str(viewer.profile_id), viewer.country, asdict(question)))
    return hashlib.blake2b(asked, digest_size=16).hexdigest()
