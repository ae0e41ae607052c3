"""Asking a source about some titles of a run, and taking in what it says: from one checkpoint to
the next.

What was said, what it changes, the run's counts and the proof that the run is still ours are one
transaction. Whoever is killed before it commits has done nothing; the next one asks again.
"""

import asyncio
from collections.abc import Collection, Mapping, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias

import structlog
from sqlalchemy import text
from sqlmodel.ext.asyncio.session import AsyncSession

from domain.db import Database, is_away
from domain.events.values import SyncKind
from domain.jobs import ledger
from domain.jobs.errors import LeaseLost
from domain.jobs.values import Claim
from domain.sync import intake, items, progress
from domain.sync.ports import OfferSource, UpstreamAway
from domain.sync.values import Answer, Asked, Taken, Unanswered, Word
from domain.titles.names import clean

log = structlog.get_logger()

Heard: TypeAlias = Mapping[int, Answer | Unanswered]

ASK_S = 20.0
"""The longest that asking may take between two checkpoints; what has come by then counts."""

_LONGEST_PROBLEM = 300
_LONG = text("SET LOCAL statement_timeout = '30s'")


@dataclass(frozen=True, slots=True)
class Errand:
    """Who asks whom about what, in a run. second: what was missing is asked about once more."""

    database: Database
    source: OfferSource
    claim: Claim
    run_id: int
    countries: Sequence[str]
    dry_run: bool
    second: bool
    second_look_s: float

    @property
    def word(self) -> Word:
        """Whose word the answers are."""
        it = self.source
        return Word(it.name, it.confidence, it.dated, it.priced)


async def ask(
    source: OfferSource, asked: Sequence[Asked], countries: Collection[str]
) -> tuple[dict[int, Answer | Unanswered], UpstreamAway | None]:
    """What a source says of each title, and why it said no more, where it didn't.

    A title that it was asked about and says nothing of has no answer, which is a failure.
    """
    wanted = {each.title_id for each in asked}
    heard: dict[int, Answer | Unanswered] = {}
    try:
        async with asyncio.timeout(ASK_S), aclosing(source.answers(asked, countries)) as answers:  # type: ignore[type-var]
            async for each in answers:
                if each.title_id in wanted:
                    heard.setdefault(each.title_id, each)
    except UpstreamAway as away:
        return heard, away
    except TimeoutError:
        # What has come counts. Where nothing has, waiting on would be no use.
        slow = UpstreamAway(f"{source.name} didn't answer within {ASK_S:.0f} s.")
        return heard, None if heard else slow
    for title_id in wanted - heard.keys():
        heard[title_id] = Unanswered(title_id, f"{source.name} said nothing of it.")
    return heard, None


async def take(errand: Errand, heard: Heard, requests: int, now: datetime, *, tell: bool) -> int:
    """Take in what was said; how many offers are new with it.

    What can't be stored is a failure of the one title that it is about. tell: let those who follow
    the run know.
    """
    try:
        return await _take_at_once(errand, heard, requests, now, tell=tell)
    except LeaseLost:
        raise
    except Exception as error:
        if is_away(error):
            raise
        problem = _sentence(error)
        log.warning("sync.not_taken", run=errand.run_id, titles=len(heard), problem=problem)
        if len(heard) == 1:
            (title_id,) = heard
            said = f"What was said of it can't be stored: {problem}"
            return await _take_at_once(
                errand, {title_id: Unanswered(title_id, said)}, requests, now, tell=tell
            )
        titles = list(heard)
        half = len(titles) // 2
        first, second = (
            {each: heard[each] for each in some} for some in (titles[:half], titles[half:])
        )
        added = await take(errand, first, requests, now, tell=tell)
        return added + await take(errand, second, 0, now, tell=False)


async def give_up(errand: Errand, title_id: int, now: datetime) -> None:
    """Put a title at which workers die into quarantine, unread, so that the others get on."""
    problem = "Whoever takes in what is said of it dies of it; look into the worker's log."
    async with errand.database.transaction() as session:
        await ledger.hold(session, errand.claim)
        await items.mark(session, errand.run_id, (), {title_id: (items.FAILED, problem)})
        if not errand.dry_run:
            await items.fail(session, errand.source.name, {title_id: problem}, now, hopeless=True)
        await progress.count(session, errand.run_id, now, failed=1, quarantined=1)
        await ledger.got_on(session, errand.claim)
    log.error("sync.title_quarantined", run=errand.run_id, title=title_id)


async def _take_at_once(
    errand: Errand, heard: Heard, requests: int, now: datetime, *, tell: bool
) -> int:
    async with errand.database.transaction() as session:
        await (await session.connection()).execute(_LONG)
        await ledger.hold(session, errand.claim)
        answers = [each for each in heard.values() if isinstance(each, Answer)]
        taken = await _taken(errand, session, answers, now)
        missing = set() if errand.second else set(taken.missing)
        others: dict[int, tuple[str, str | None]] = dict.fromkeys(missing, (items.AGAIN, None))
        done = [each.title_id for each in answers if each.title_id not in missing]
        counts = await _unanswered(errand, session, heard, others, now)
        await items.mark(session, errand.run_id, done, others)
        await progress.count(
            session, errand.run_id, now, requests=requests, added=taken.added,
            updated=taken.updated, removals=taken.gone, rejected=taken.rejected,
            unplaced=taken.unplaced, **(counts | _of_titles(errand, taken)),
        )  # fmt: skip
        if errand.claim.deaths:
            await ledger.got_on(session, errand.claim)
        if tell:
            await progress.tell(session, errand.run_id, SyncKind.MOVED_ON, now)
    return 0 if errand.dry_run else taken.added


async def _taken(
    errand: Errand, session: AsyncSession, answers: Sequence[Answer], now: datetime
) -> Taken:
    if not answers:
        return Taken()
    if errand.dry_run:
        return await intake.preview(session, errand.word, answers, errand.countries, now)
    return await intake.take_in(
        session, errand.word, answers, errand.countries, now,
        run_id=errand.run_id, second_look_s=errand.second_look_s,
    )  # fmt: skip


def _of_titles(errand: Errand, taken: Taken) -> dict[str, int]:
    """What is counted of a title once, however often it is asked about."""
    if errand.second:
        return {}
    return {"unchanged": taken.unchanged, "changed": taken.changed, "offers": taken.offers}


async def _unanswered(
    errand: Errand,
    session: AsyncSession,
    heard: Heard,
    others: dict[int, tuple[str, str | None]],
    now: datetime,
) -> dict[str, int]:
    """Note the titles without an answer, among `others` and with the source; their counts."""
    failed: dict[int, str] = {}
    unknown: dict[int, str] = {}
    for title_id, each in heard.items():
        if isinstance(each, Unanswered):
            (unknown if each.unknown else failed)[title_id] = clean(each.reason, _LONGEST_PROBLEM)
    if errand.second:
        # The first look was answered, and has been counted; the suspicion stays for the next run.
        others.update({title: (items.DONE, said) for title, said in (failed | unknown).items()})
        return {}
    others.update({title: (items.FAILED, said) for title, said in failed.items()})
    others.update({title: (items.UNKNOWN, said) for title, said in unknown.items()})
    quarantined = 0
    if failed and not errand.dry_run:
        quarantined = await items.fail(session, errand.source.name, failed, now)
    if unknown and not errand.dry_run:
        await items.set_unknown(session, errand.source.name, unknown, now)
    return {"failed": len(failed), "unknown": len(unknown), "quarantined": quarantined}


def _sentence(error: BaseException) -> str:
    told = str(getattr(error, "orig", None) or error).partition("\n")[0]
    return clean(f"{type(error).__name__}: {told}", _LONGEST_PROBLEM)
