"""What a night costs in which little has changed: the intake of the sync beside a bare COPY.

Fifty thousand titles with twenty offers each are known. The answers of a night are there as a
source yields them (domain.sync.values.Answer): parsed by the client, a payload for each title. In
the changed night all offers of every fiftieth title are others, and every fifth of those titles
has lost one, which is looked at a second time and then taken out, in the time that counts.

The COPY is asyncpg's, binary, of the million rows into an empty copy of `offers` with its keys and
indexes, but without its foreign keys, which would make it slower. Like it, all answers are one
transaction; what it costs to have a checkpoint for every 2,000 titles, as a run has at most, is
measured beside it.
"""

import gc
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from statistics import median
from time import perf_counter
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import asyncpg
import orjson
from sqlalchemy import text

from app.database import open_database
from bench.report import Row
from bench.stage import Stage, vacuum
from bench.stats import ratio
from domain.availability import writes
from domain.db import Database
from domain.sync import intake, removing
from domain.sync.intake_sql import packages
from domain.sync.payloads import decode, digest, encode
from domain.sync.reading import salt_of
from domain.sync.values import Answer, Taken, Word

PART = "changes"
TITLES, CHANGED_EVERY, SHORT_EVERY = 50_000, 50, 5
ALONE, WITH_HISTORY, UNCHANGED = 2.0, 1.2, 10.0  # times as fast as the COPY

_CHECKPOINT = 2_000  # titles between two checkpoints: as many as a run takes at most
_COUNTRIES = ("GB", "US")
_SERVICES = (
    "subscription", "subscription", "subscription", "subscription", "subscription", "subscription",
    "ads", "free", "rent", "buy",
)  # fmt: skip
_PRICES = ("2.99", "3.99", "9.99")
_WORD = Word("sync/justwatch", 0.8, dated=True, priced=True)
_THEN = datetime(2026, 11, 20, 2, tzinfo=UTC)
_NOW = _THEN + timedelta(days=1)
_RUN = 1
_COLUMNS = (
    "id", "title_id", "platform_id", "country", "monetization", "quality", "price", "currency",
    "url", "available_from", "expires_on", "source", "confidence", "first_seen_at", "last_seen_at",
)  # fmt: skip

_PLATFORMS = """
INSERT INTO platforms (id, slug, name, package_id) OVERRIDING SYSTEM VALUE
SELECT n, 'service-' || n, 'Service ' || n, n FROM generate_series(1, 10) AS n
"""
_TITLES = """
INSERT INTO titles (id, kind, name, name_key, maturity, justwatch_id, source)
OVERRIDING SYSTEM VALUE
SELECT n, 'film', 'Film ' || n, 'film ' || n, 12, 'tm' || n, 'bench'
FROM generate_series(1, $1) AS n
"""
_CLAIMS = """
INSERT INTO offer_claims (offer_id, source, signed, there, confidence, observed_at, dated_at,
                          available_from, expires_on, priced_at, price, currency)
SELECT id, source, false, true, confidence, last_seen_at, last_seen_at, available_from, expires_on,
       last_seen_at, price, currency
FROM offers ORDER BY id
"""
_BELIEFS = """
INSERT INTO offer_beliefs (offer_id, there, available_from, expires_on, price, currency, source,
                           confidence, believed_from)
SELECT id, true, available_from, expires_on, price, currency, source, confidence, first_seen_at
FROM offers ORDER BY id
"""
_RUNS = """
INSERT INTO sync_runs (id, source, reason, countries, state, budget, planned_at, offers)
OVERRIDING SYSTEM VALUE VALUES ($1, $2, 'manual', '{GB,US}', 'asking', 5000, $3, $4)
"""
_FACTS = """
SELECT (SELECT count(*) FROM offers WHERE gone_at IS NULL) AS here,
       (SELECT count(*) FROM offers WHERE gone_at IS NOT NULL) AS gone,
       (SELECT count(*) FROM events WHERE kind = 'removed') AS told_gone,
       (SELECT count(*) FROM events
        WHERE topic = 'availability' AND kind <> 'removed') AS told_others,
       (SELECT count(*) FROM offer_beliefs WHERE believed_to IS NOT NULL) AS closed
"""


@dataclass(slots=True)
class Night:
    """What is given: the answers of two nights, and the rows of the first one's offers."""

    titles: int
    before: list[Answer] = field(default_factory=list)
    after: list[Answer] = field(default_factory=list)
    rows: list[tuple[Any, ...]] = field(default_factory=list)
    offers: int = 0
    changed: int = 0
    gone: int = 0


async def run(stage: Stage) -> list[Row]:
    """An unchanged night and a changed one, with offers alone and with all that is written.

    Into a small table COPY is quicker, row by row, so a quick run has no targets.
    """
    night = _night(TITLES // 10 if stage.quick else TITLES)
    stage.say(f"making up {night.offers:,} offers")
    full, alone = await _fill(stage, night)
    gc.collect()
    gc.freeze()  # else a million rows that only wait are looked through again and again
    names = ("copy", "unchanged", "checkpoints", "history", "alone")
    taken: dict[str, list[float]] = {name: [] for name in names}
    for count in range(stage.rounds):
        stage.say(f"round {count + 1} of {stage.rounds}")
        async with _clone(stage, full) as url:
            taken["copy"].append(await _copy(url, night))
            taken["unchanged"].append(await _unchanged(url, night, night.titles))
            taken["checkpoints"].append(await _unchanged(url, night, _CHECKPOINT))
            taken["history"].append(await _changed(url, night))
            await _check(url, night)
        async with _clone(stage, alone) as url:
            with _offers_alone():
                taken["alone"].append(await _changed(url, night))
    gc.unfreeze()
    peer = f"{median(taken['copy']):.2f} s, {_rate(night, taken['copy'])}, COPY with the same keys"
    shares = f"{night.changed:,} others, {night.gone:,} gone"
    lines = (
        ("alone", f"{shares}; offers alone", ALONE),
        ("history", f"{shares}; history and events, too", WITH_HISTORY),
        ("unchanged", "unchanged", UNCHANGED),
        ("checkpoints", f"unchanged, {_CHECKPOINT:,} titles at a time", None),
    )
    return [
        Row.compared(
            PART, f"{night.offers:,} offers, {what}",
            f"{median(taken[name]):.2f} s, {_rate(night, taken[name])}", peer,
            ratio(taken["copy"], taken[name]), None if stage.quick else goal,
        )
        for name, what, goal in lines
    ]  # fmt: skip


def _rate(night: Night, taken: Sequence[float]) -> str:
    return f"{night.offers / median(taken) / 1e6:.2f}M/s"


def _night(titles: int) -> Night:
    made = Night(titles)
    for title in range(1, titles + 1):
        before = list(_listed(title))
        for told in before:
            made.rows.append(_row(len(made.rows) + 1, title, told))
        made.before.append(Answer(title, orjson.dumps(before)))
        if title % CHANGED_EVERY:
            made.after.append(made.before[-1])
            continue
        after = [_other(told, title) for told in before]
        if title % (CHANGED_EVERY * SHORT_EVERY) == 0:
            after.pop(title % len(after))
            made.gone += 1
        made.changed += len(after)
        made.after.append(Answer(title, orjson.dumps(after)))
    for answer in (made.before[0], made.after[CHANGED_EVERY - 1]):
        assert encode(decode(answer.payload)) == answer.payload, "no client writes it like that"
    made.offers = len(made.rows)
    return made


def _listed(title: int) -> Iterator[list[Any]]:
    """The offers of a title, as a payload has them; one in eight has a last day."""
    for country in _COUNTRIES:
        for package, paid in enumerate(_SERVICES, 1):
            draw = title * 31 + package * 7 + len(country)
            price = _PRICES[draw % 3] if paid in ("rent", "buy") else None
            ends = _NOW.date() + timedelta(days=3 + draw % 50) if draw % 8 == 0 else None
            yield [
                country, package, 0, paid, "hd", price,
                price and ("USD" if country == "US" else "GBP"),
                f"https://service-{package}.example/{country.lower()}/title/tm{title}",
                (_THEN - timedelta(days=draw % 700)).date(), None if price else ends,
            ]  # fmt: skip


def _other(told: list[Any], title: int) -> list[Any]:
    """The same offer a night later: at another price, or with another last day."""
    price, ends = told[5], told[9]
    if price is not None:
        price = str(Decimal(price) + 1)
    elif ends is None:
        ends = _NOW.date() + timedelta(days=5 + title % 60)
    else:
        ends = ends + timedelta(days=30) if title % 3 else None
    return [*told[:5], price, *told[6:9], ends]


def _row(number: int, title: int, told: list[Any]) -> tuple[Any, ...]:
    country, package, _, paid, quality, price, currency, url, begins, ends = told
    return (
        number, title, package, country, paid, quality, price and Decimal(price), currency, url,
        begins, ends, _WORD.name, _WORD.confidence, _THEN, _THEN,
    )  # fmt: skip


async def _fill(stage: Stage, night: Night) -> tuple[str, str]:
    """The first night, as if it had been synced: where all of it is, and where offers alone are."""
    alone = await stage.database("nights_alone")
    connection = await asyncpg.connect(alone)
    # What is made up needs no proof, row by row, that it fits together.
    await connection.execute("SET session_replication_role = replica")
    await connection.execute(_PLATFORMS)
    await connection.execute(_TITLES, night.titles)
    await connection.copy_records_to_table("offers", records=night.rows, columns=_COLUMNS)
    await connection.execute(_RUNS, _RUN, _WORD.name, _THEN, night.offers)
    await connection.execute("SELECT setval('offers_id_seq', $1)", night.offers)
    database = open_database(alone)
    async with database.transaction() as session:
        salt = salt_of(await packages(session))
    await database.engine.dispose()
    count = night.offers // night.titles
    await connection.copy_records_to_table(
        "sync_titles",
        records=[
            (_WORD.name, each.title_id, digest(each.payload, salt), _THEN, _THEN, count)
            for each in night.before
        ],
        columns=("source", "title_id", "digest", "checked_at", "changed_at", "offers"),
    )
    await connection.close()
    await vacuum(alone)
    full = await _copied(stage, alone, "nights")
    connection = await asyncpg.connect(full)
    await connection.execute("SET session_replication_role = replica")
    await connection.execute(_CLAIMS)
    await connection.execute(_BELIEFS)
    await connection.close()
    await vacuum(full)
    return full, alone


async def _copied(stage: Stage, url: str, name: str) -> str:
    """The address of a copy of a database, of which nothing waits to be written to disk."""
    template = urlsplit(url).path[1:]
    server = await asyncpg.connect(stage.postgres.url)
    try:
        await server.execute(f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY FILE_COPY")
        await server.execute("CHECKPOINT")
    finally:
        await server.close()
    return urlunsplit(urlsplit(url)._replace(path=f"/{name}"))


@asynccontextmanager
async def _clone(stage: Stage, url: str) -> AsyncIterator[str]:
    """The address of a copy of a database, which is gone afterwards."""
    name = f"{urlsplit(url).path[1:]}_now"
    try:
        yield await _copied(stage, url, name)
    finally:
        server = await asyncpg.connect(stage.postgres.url)
        await server.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
        await server.close()


async def _copy(url: str, night: Night) -> float:
    connection = await asyncpg.connect(url)
    await connection.execute("CREATE TABLE bench_offers (LIKE offers INCLUDING ALL)")
    start = perf_counter()
    await connection.copy_records_to_table("bench_offers", records=night.rows, columns=_COLUMNS)
    taken = perf_counter() - start
    await connection.execute("DROP TABLE bench_offers")
    await connection.execute("CHECKPOINT")
    await connection.close()
    return taken


async def _unchanged(url: str, night: Night, at_once: int) -> float:
    database = await _opened(url)
    start = perf_counter()
    taken = await _taken_in(database, night.before, _NOW - timedelta(hours=1), at_once)
    seconds = perf_counter() - start
    assert sum(each.unchanged for each in taken) == night.titles
    await database.engine.dispose()
    return seconds


async def _changed(url: str, night: Night) -> float:
    """Seconds of a night from its first answer until what two looks have missed is out."""
    database = await _opened(url)
    start = perf_counter()
    first = await _taken_in(database, night.after, _NOW, night.titles)
    missing = {title for each in first for title in each.missing}
    again = [each for each in night.after if each.title_id in missing]
    second = await _taken_in(database, again, _NOW + timedelta(seconds=1), night.titles)
    left = True
    while left:
        async with database.transaction() as session:
            left = await removing.remove_some(session, _RUN, _WORD, _NOW + timedelta(seconds=2))
    seconds = perf_counter() - start
    assert sum(each.changed for each in first) == night.titles // CHANGED_EVERY
    assert len(missing) == night.gone == sum(each.gone for each in second)
    await database.engine.dispose()
    return seconds


async def _taken_in(
    database: Database, answers: Sequence[Answer], now: datetime, at_once: int
) -> list[Taken]:
    """As a run does it, without noting whose turn it is; at_once: titles in one transaction."""
    taken: list[Taken] = []
    for first in range(0, len(answers), at_once):
        async with database.transaction() as session:
            await (await session.connection()).execute(text("SET LOCAL statement_timeout = '30s'"))
            some = answers[first : first + at_once]
            taken.append(
                await intake.take_in(session, _WORD, some, _COUNTRIES, now, run_id=_RUN)
            )  # fmt: skip
    return taken


async def _opened(url: str) -> Database:
    """A database with a connection that waits, as a worker's does."""
    database = open_database(url, pool_size=1)
    async with database.read() as connection:
        await connection.execute(text("SELECT 1"))
    return database


async def _check(url: str, night: Night) -> None:
    """That what was measured has been done."""
    connection = await asyncpg.connect(url)
    found = await connection.fetchrow(_FACTS)
    await connection.close()
    assert found is not None
    wanted = (night.offers - night.gone, night.gone, night.gone, night.changed)
    assert tuple(found)[:4] == wanted, f"{tuple(found)} is not {wanted}"
    assert found["closed"] == night.changed + night.gone


@contextmanager
def _offers_alone() -> Iterator[None]:
    """Leave out what is written besides the offers: claims, beliefs, countdowns, events."""
    usual, writes.write = writes.write, writes.write_offers
    try:
        yield
    finally:
        writes.write = usual
