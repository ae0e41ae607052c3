"""Lines for tonight's likely answers, written while everybody sleeps.

One profile after the other, a ledger's job for each: who was here last comes first. It never is in
anybody's way: a line is begun only while nobody waits, and given up as soon as somebody does.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from time import monotonic
from uuid import UUID
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from sqlmodel.ext.asyncio.session import AsyncSession

from domain.accounts.viewer import Viewer
from domain.db import Database
from domain.jobs import ledger
from domain.jobs.values import Again, Claim, Done, Outcome
from domain.profiles import repo as profiles
from domain.recommendations.service import Recommender
from domain.recommendations.values import Question
from domain.why import keys, lately, repo
from domain.why.pen import Pen, SlotLost
from domain.why.tallies import AWAY, CANCELLED
from domain.why.values import Wanted

EVENING = time(20)
MORNING = time(6)
_WORK_S = 40.0  # of the 45 that a job has
_LEAST_S = 20.0  # with less left than this, no line is begun
_PAUSE = timedelta(seconds=5)


@dataclass(frozen=True, slots=True)
class Night:
    """What it takes to write ahead. zone: the instance's, by which nights begin and end."""

    database: Database
    recommender: Recommender
    pen: Pen
    zone: tzinfo
    clock: Callable[[], datetime]
    work_s: float = _WORK_S

    async def go_on(self, claim: Claim) -> Outcome:
        """Write a profile's lines, from where it stands: Again after a while, or to make room."""
        night = date.fromisoformat(claim.arguments["night"])
        profile_id = UUID(claim.arguments["profile"])
        ends_at = monotonic() + self.work_s
        done = 0
        for question in await self.questions(profile_id):
            viewer = await self._viewer(profile_id)
            if viewer is None:
                break
            for wanted in await self.recommender.missing(viewer, question, evening(viewer, night)):
                if self.clock() >= until(night, self.zone):
                    return Done({"lines": done, "ended": "It is morning."})
                left_s = ends_at - monotonic()
                if left_s < min(_LEAST_S, self.work_s / 2):
                    return Again()
                word = await self._write(wanted, left_s)
                if word == AWAY:
                    return Done({"lines": done, "ended": "The model was away."})
                if word == CANCELLED:
                    return Again(self.clock() + _PAUSE)
                done += word is not None
        return Done({"lines": done})

    async def questions(self, profile_id: UUID) -> list[Question]:
        """What a profile is likely to ask: anything, in its moods, and what it asked lately."""
        async with self.database.read() as connection:
            found = await profiles.by_id(connection, [profile_id])
            mine = await profiles.platform_ids(connection, [profile_id])
        moods = found[profile_id].mood_preferences if profile_id in found else ()
        platforms = tuple(sorted(mine.get(profile_id, ())))
        stored = await self.pen.whys.cache.get_many(keys.lately(profile_id))
        asked = [question for each in stored if (question := lately.recalled(each))]
        if platforms:
            asked[:0] = [Question(mood, None, 1, platforms) for mood in (None, *moods)]
        return list(dict.fromkeys(asked))

    async def _viewer(self, profile_id: UUID) -> Viewer | None:
        async with self.database.read() as connection:
            return await repo.viewer(connection, profile_id)

    async def _write(self, wanted: Wanted, left_s: float) -> str | None:
        """How a line ended; CANCELLED also where there was no room; None: others have it."""
        whys = self.pen.whys

        async def still() -> bool:
            return not await whys.backlog.size()

        if not await still():
            return CANCELLED
        async with whys.slot() as slot:
            if slot is None:
                return CANCELLED
            try:
                outcome = await self.pen.write(wanted, slot, still, min(whys.line_s, left_s))
            except SlotLost:
                return CANCELLED
            if outcome is not None and outcome.word == AWAY:
                await self.pen.count(outcome)
        # Whoever came meanwhile found no room, and would be found only when somebody looks after.
        await whys.wake()
        return outcome and outcome.word


async def plan(
    session: AsyncSession, night: date, now: datetime, *, after_sync: bool
) -> int | None:
    """Plan the next profile's job of a night, unless one is open; its id.

    after_sync: not before the night's sync has ended.
    """
    connection = await session.connection()
    if after_sync and not await repo.is_synced(connection, night):
        return None
    profile_id = await repo.next_profile(connection, night, now)
    if profile_id is None:
        return None
    arguments = {"night": night.isoformat(), "profile": str(profile_id)}
    return await ledger.plan(session, repo.KIND, f"{night}:{profile_id}", now, arguments=arguments)


def until(night: date, zone: tzinfo) -> datetime:
    """When a night is over, in UTC: in the morning of the day that it begins."""
    return datetime.combine(night, MORNING, zone).astimezone(UTC)


def evening(viewer: Viewer, night: date) -> datetime:
    """The viewer's evening after a night: when they will ask."""
    try:
        zone: tzinfo = ZoneInfo(viewer.time_zone)
    except (ZoneInfoNotFoundError, ValueError):
        zone = UTC
    return datetime.combine(night, EVENING, zone)
