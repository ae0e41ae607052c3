"""Reading a connected account once, because its owner asked: from Trakt's lists to the import desk.

The pages are kept until all are there (`pages`), so whoever is killed at it costs one page. What is
read becomes an import like any other: nothing is written before somebody commits it.
"""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from time import monotonic

from sqlalchemy import text

from domain.accounts.viewer import Viewer
from domain.db import Database, Record
from domain.errors import DomainError
from domain.imports import desk
from domain.imports.batches import MOST_LINES, Batch
from domain.imports.bringing import from_lines
from domain.imports.refusals import ImportBusy, StillWritten, TooManyLines
from domain.imports.values import Line, Passed, What
from domain.jobs import ledger
from domain.jobs.values import Again, Claim, Done, Outcome
from domain.sync.ports import UpstreamAway
from domain.trakt import links
from domain.trakt.errors import NotConnected, TraktBusy, TraktNotConfigured
from domain.trakt.pages import KeptPages, Paused, Stopped
from domain.trakt.ports import AccountProblem, LinkBroken, Trakt, VipNeeded
from domain.trakt.values import Activities, Tokens

SOURCE = "trakt_account"
"""How the desk calls what was read here; a file exported at Trakt is called otherwise."""

_ATTEMPT_S = 15.0
_LONGEST = timedelta(hours=6)
_A_MOMENT = timedelta(seconds=5)
_LONGEST_WAIT_S = 3_600.0
_NOTHING = "There is no history, no rating and no watchlist in this Trakt account."
_TOO_SLOW = (
    "Trakt let us read too slowly, and it was given up. Try again later, or download your data at"
    " Trakt (a ZIP of JSON files) and bring that file here."
)
_STAYS = (AccountProblem, LinkBroken, NotConnected, TooManyLines, TraktNotConfigured, VipNeeded)
_READING = text("""
    SELECT r.profile_id, r.asked_at, r.finished_at, l.username, p.account_id, p.maturity_ceiling,
           a.country, a.time_zone
    FROM trakt_readings r
    JOIN profiles p ON p.id = r.profile_id
    JOIN accounts a ON a.id = p.account_id
    LEFT JOIN trakt_links l ON l.profile_id = r.profile_id
    WHERE r.job_id = :job
""")
_HOLD = text("SELECT 1 FROM trakt_readings WHERE job_id = :job FOR UPDATE")
_END = text("""
    UPDATE trakt_readings SET finished_at = :now, batch_id = :batch, problem = :problem
    WHERE job_id = :job
""")
_NO_PAGES = text("DELETE FROM trakt_pages WHERE profile_id = :profile")
_READ_AT = text("UPDATE trakt_links SET read_at = :now WHERE profile_id = :profile")


@dataclass(frozen=True, slots=True)
class Reading:
    """One attempt at a reading. asked_at: since when somebody waits for it."""

    database: Database
    trakt: Trakt
    claim: Claim
    viewer: Viewer
    username: str | None
    asked_at: datetime
    now: datetime


async def go_on(database: Database, trakt: Trakt | None, claim: Claim, now: datetime) -> Outcome:
    """Read on, from the page where the last attempt ended; bring what was read to the desk.

    What asking again would not change is noted for whoever waits, and the job is done. Raises what
    may pass: an upstream that is away, an answer of no use.
    """
    async with database.read() as connection:
        row = (await connection.execute(_READING, {"job": claim.job_id})).one_or_none()
    if row is None or row.finished_at is not None:
        return Done({"read": False})
    viewer = _viewer(row)
    if trakt is None:
        return await _end(database, claim, viewer, now, problem=TraktNotConfigured())
    reading = Reading(database, trakt, claim, viewer, row.username, row.asked_at, now)
    try:
        return await _attempt(reading)
    except Paused:
        return Again()
    except Stopped:
        return Done({"read": False})
    except (ImportBusy, TraktBusy):
        return Again(now + _A_MOMENT)
    except _STAYS as problem:
        return await _end(database, claim, viewer, now, problem=problem)
    except UpstreamAway as away:
        if away.permanent:
            return await _end(database, claim, viewer, now, problem=away)
        if away.retry_after_s is None:
            raise
        return Again(now + timedelta(seconds=min(away.retry_after_s, _LONGEST_WAIT_S)))


async def _attempt(reading: Reading) -> Outcome:
    if reading.now - reading.asked_at > _LONGEST:
        raise AccountProblem(_TOO_SLOW)
    database, (_, profile_id) = reading.database, reading.viewer.require_profile()
    until = monotonic() + _ATTEMPT_S
    tokens = await links.fresh(database, reading.trakt, profile_id, reading.now)
    kept = KeptPages(database, reading.claim, profile_id, until)
    try:
        try:
            lines = await _lines(reading.trakt, tokens, kept)
        except LinkBroken:  # new ones may open it still
            tokens = await links.fresh(
                database, reading.trakt, profile_id, reading.now, refused=tokens
            )
            kept = KeptPages(database, reading.claim, profile_id, until)
            lines = await _lines(reading.trakt, tokens, kept)
    except LinkBroken as broken:
        await links.note_broken(database, profile_id, tokens, broken)
        raise
    except UpstreamAway:
        raise
    except DomainError:
        if kept.replayed:  # a page of no use must not be found again
            await kept.forget()
        raise
    if kept.over:
        return Again()  # matching takes its time, too
    if not any(isinstance(each, Line) for each in lines):
        raise AccountProblem(_NOTHING)
    name = f"Trakt: {reading.username}" if reading.username else "Trakt"
    brought = await asyncio.to_thread(from_lines, SOURCE, name, lines)
    batch = await desk.bring(database, reading.viewer, brought, reading.now)
    return await _end(database, reading.claim, reading.viewer, reading.now, batch=batch)


async def _lines(trakt: Trakt, tokens: Tokens, kept: KeptPages) -> list[Line | Passed]:
    """All that Trakt tells, in rows that are counted through; raises TooManyLines."""
    activities = await trakt.last_activities(tokens)
    lines: list[Line | Passed] = []
    for part, pages in _parts(trakt, tokens, activities, kept):
        async for page in pages:
            lines += [
                replace(each, n=n, file=_FILES[part]) for n, each in enumerate(page, len(lines) + 1)
            ]
            if len(lines) > MOST_LINES:
                raise TooManyLines(MOST_LINES)
    return lines


_FILES = {What.WATCH: "history", What.RATING: "ratings", What.WISH: "watchlist"}


def _parts(
    trakt: Trakt, tokens: Tokens, moved: Activities, kept: KeptPages
) -> list[tuple[What, AsyncIterator[Sequence[Line | Passed]]]]:
    """The lists in which there has ever been something; nobody is asked for the others."""
    parts = (
        (What.WATCH, moved.watched_at, trakt.history(tokens, pages=kept)),
        (What.RATING, moved.rated_at, trakt.ratings(tokens, pages=kept)),
        (What.WISH, moved.listed_at, trakt.watchlist(tokens, pages=kept)),
    )
    return [(part, pages) for part, at, pages in parts if at is not None]


async def _end(
    database: Database,
    claim: Claim,
    viewer: Viewer,
    now: datetime,
    *,
    batch: Batch | None = None,
    problem: DomainError | None = None,
) -> Done:
    """Note what came of a reading. Where the account was disconnected meanwhile, nothing did."""
    _, profile_id = viewer.require_profile()
    async with database.transaction() as session:
        await ledger.hold(session, claim)
        connection = await session.connection()
        wanted = (await connection.execute(_HOLD, {"job": claim.job_id})).one_or_none()
        if wanted:
            told = {
                "job": claim.job_id,
                "now": now,
                "batch": batch.id if batch else None,
                "problem": problem.message if problem else None,
            }
            await connection.execute(_END, told)
            await connection.execute(_NO_PAGES, {"profile": profile_id})
            if batch:
                await connection.execute(_READ_AT, {"profile": profile_id, "now": now})
    if not wanted and batch:
        with suppress(StillWritten):  # the same was written before: its owner may undo it
            await desk.discard(database, viewer, batch.id)
    return Done({"read": bool(wanted and batch), "lines": batch.counts.lines if batch else 0})


def _viewer(row: Record) -> Viewer:
    """The profile as the desk sees whoever brings something."""
    return Viewer(
        via="session",
        country=row.country,
        time_zone=row.time_zone,
        account_id=row.account_id,
        profile_id=row.profile_id,
        ceiling=row.maturity_ceiling,
    )
