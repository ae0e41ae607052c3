"""A round of a run: it goes on from the last checkpoint until its time is up, or it is done.

A run goes from state to state: planned, asking, looking again (for what was missing), removing,
and done, held or failed. Each step either moves it to the next state or says when to go on.
"""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import structlog
from sqlalchemy import text

from domain.db import Database, Record
from domain.jobs import ledger
from domain.jobs.values import Again, Claim, Done, Outcome
from domain.sync import asking, items, progress, removing, repo, rules, runs
from domain.sync.asking import Errand
from domain.sync.growth import Growth
from domain.sync.items import AGAIN, WAITING
from domain.sync.ports import OfferSource, UpstreamAway
from domain.sync.values import Asked, SyncLimits, Word

log = structlog.get_logger()

_FIRST = 4  # requests until the first checkpoint
_ALONE = 200  # titles that are taken in one by one after somebody has died
_TELL_EVERY_S = 1.0
_LONG = text("SET LOCAL statement_timeout = '30s'")


@dataclass(slots=True)
class Round:
    """One worker's turn at a run. clock: tells the moment, aware."""

    database: Database
    source: OfferSource | None
    limits: SyncLimits
    claim: Claim
    clock: Callable[[], datetime]
    _until: float = 0.0
    _told: float = 0.0
    _alone: int = field(default=0)
    _growth: Growth = field(default_factory=Growth)

    async def go_on(self) -> Outcome:
        """Go on until the run has ended, or until others may have it."""
        self._until = time.monotonic() + self.limits.round_s
        self._alone = _ALONE if self.claim.deaths else 0
        run_id = runs.run_of(self.claim.key)
        while True:
            async with self.database.read() as connection:
                run = await repo.run(connection, run_id)
            if run is None:
                return Done({"run": run_id, "state": None})
            if run.finished_at is not None:
                return Done({"run": run_id, "state": run.state})
            if self.source is None or self.source.name != run.source:
                await self._end(run_id, "failed", _nobody(run.source))
                continue
            outcome = await self._step(run, self.source)
            if outcome is not None:
                return outcome

    async def _step(self, run: Record, source: OfferSource) -> Again | None:
        """The next step; when to go on, or None: at once, in the state that it has now."""
        if run.state == "planned":
            async with self.database.transaction() as session:
                await ledger.hold(session, self.claim)
                await progress.begin(session, run.id, self.clock())
            return None
        if run.state == "removing":
            return await self._remove(run, source)
        if run.state == "looking_again" and run.look_again_at > self.clock():
            return Again(run.look_again_at)
        return await self._ask(run, source)

    async def _ask(self, run: Record, source: OfferSource) -> Again | None:
        errand = self._errand(run, source)
        size = max(1, source.batch) * _FIRST
        while time.monotonic() < self._until:
            chosen = await self._choose(errand, size)
            if not chosen:
                return await self._asked(errand)
            began = time.monotonic()
            heard, away = await asking.ask(source, chosen, run.countries)
            if heard:
                requests = -(-len(heard) // max(1, source.batch))
                told = self._tells()
                added = await asking.take(errand, heard, requests, self.clock(), tell=told)
                await self._growth.note(self.database, added)
            if away:
                unheard = [each.title_id for each in chosen if each.title_id not in heard]
                return await self._wait(run.id, away, unheard)
            size = rules.next_size(size, time.monotonic() - began, source.batch)
        return Again()

    async def _choose(self, errand: Errand, size: int) -> Sequence[Asked]:
        """The titles to ask about next: one alone where somebody may have died of it."""
        state = AGAIN if errand.second else WAITING
        while True:
            async with self.database.read() as connection:
                found = await items.upcoming(connection, errand.run_id, state, size)
            if not found or not (self._alone or found[0].tries):
                return [each.asked for each in found if not each.tries]
            first = found[0]
            if rules.is_to_blame(first.tries):
                await asking.give_up(errand, first.asked.title_id, self.clock())
                continue
            self._alone = max(self._alone - 1, 0)
            await self._note_try(errand.run_id, first.asked.title_id)
            return [first.asked]

    async def _note_try(self, run_id: int, title_id: int) -> None:
        """Write down at which title we are, so that a death from now on is that title's."""
        async with self.database.transaction() as session:
            await ledger.hold(session, self.claim)
            await items.count_try(session, run_id, title_id)
            # And not the run's, which would be given up after three. But where workers die at
            # whatever they do, it is.
            if rules.may_be_chance(await items.deadly(session, run_id)):
                await ledger.got_on(session, self.claim)

    async def _asked(self, errand: Errand) -> None:
        """All have been asked about: on to the next state."""
        now = self.clock()
        if errand.dry_run:
            return await self._end(errand.run_id, "done")
        async with self.database.transaction() as session:
            await ledger.hold(session, self.claim)
            if not errand.second and await items.any_left(session, errand.run_id, AGAIN):
                at = now + timedelta(seconds=errand.second_look_s)
                await progress.look_again(session, errand.run_id, at, now)
            else:
                await progress.remove(session, errand.run_id, now)
        return None

    async def _remove(self, run: Record, source: OfferSource) -> Again | None:
        word = Word(source.name, source.confidence, source.dated, source.priced)
        async with self.database.transaction() as session:
            await ledger.hold(session, self.claim)
            weighed = await removing.weigh(session, run.id)
        if weighed.problem:
            return await self._end(run.id, "held", weighed.problem)
        left = True
        while left:
            if time.monotonic() >= self._until:
                return Again()
            async with self.database.transaction() as session:
                await (await session.connection()).execute(_LONG)
                await ledger.hold(session, self.claim)
                left = await removing.remove_some(session, run.id, word, self.clock())
        return await self._end(run.id, "done")

    async def _wait(self, run_id: int, away: UpstreamAway, unheard: Sequence[int]) -> Again | None:
        """When to ask again; None where that is no use, and the run has ended.

        unheard: titles that were asked about, and that nobody has died of.
        """
        now = self.clock()
        async with self.database.read() as connection:
            run = await repo.run(connection, run_id)
        if run is None:
            return None
        # Without a problem so far it is away since now, however long we slept before.
        since = now if run.problem is None else run.checkpoint_at
        wait = None if away.permanent else rules.wait_for(now - since, away.retry_after_s)
        if wait is None:
            await self._end(run_id, "failed", away.message)
            return None
        log.warning("sync.upstream_away", run=run_id, problem=away.message, wait=str(wait))
        async with self.database.transaction() as session:
            await ledger.hold(session, self.claim)
            await items.take_back_tries(session, run_id, unheard)
            await progress.note(session, run_id, away.message, now)
        return Again(now + wait)

    async def _end(self, run_id: int, state: str, problem: str | None = None) -> None:
        now = self.clock()
        async with self.database.transaction() as session:
            await ledger.hold(session, self.claim)
            await progress.end(session, run_id, state, now, problem)
            if self.source is not None and state == "done":
                await removing.settle_held(session, self.source.name, now)
        log.info("sync.ended", run=run_id, state=state, problem=problem)

    def _errand(self, run: Record, source: OfferSource) -> Errand:
        return Errand(
            self.database,
            source,
            self.claim,
            run.id,
            run.countries,
            run.dry_run,
            second=run.state == "looking_again",
            second_look_s=rules.second_look_s(source.name, self.limits.second_look_s),
        )

    def _tells(self) -> bool:
        """Whether it is time to tell of another checkpoint."""
        now = time.monotonic()
        if now - self._told < _TELL_EVERY_S:
            return False
        self._told = now
        return True


def _nobody(source: str) -> str:
    return (
        f"It was to ask {source}, which isn't configured here any more. Configure it again, or"
        " start another run."
    )
