"""One run: the stage is set, everybody plays, the nemesis strikes, and the checker judges."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Iterable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from random import Random

from sqlalchemy import text

from app.database import open_database
from domain.db import Database
from domain.events import repo as events
from tests.soak import hooks, nemesis, people
from tests.soak.checker import Verdict, check, expected, on_lists
from tests.soak.client import Client
from tests.soak.followers import Follower, over_sse, over_websocket
from tests.soak.history import Log, Row, Table, Told, Write
from tests.soak.nemesis import Blow, Nemesis
from tests.soak.people import Person
from tests.soak.stage import Stage
from tests.soak.writers import Writer

SETTINGS = {
    "STREAMING_STACK_JUSTWATCH_WEBHOOK_SECRET": hooks.SECRET,
    "STREAMING_STACK_LOG_LEVEL": "warning",
    "STREAMING_STACK_WEBHOOKS_PER_MINUTE": "100000",
    "STREAMING_STACK_LIVE_CONNECTIONS_ACCOUNT": "100",
}
"""Everybody has several subscriptions, and the sender of webhooks is a busy one."""

STAKES_EACH = 12  # offers of a writer
QUIET_S = 60.0  # for everything to be told in the end
_SLOW = 20  # one follower in so many will stop reading
_SSE = 5  # one in so many listens over SSE

_ROWS = text("""
    SELECT position, mark, topic, kind, expires_on, title_id, profile_id, platform_id, country
    FROM events WHERE position > :base ORDER BY position
""")
_UNTOLD = text("SELECT count(*) FROM events WHERE position IS NULL")


@dataclass(frozen=True, slots=True)
class Plan:
    """What a run is to be. faults: these in their order; None: drawn ones for so many seconds."""

    seed: int
    subscribers: int = 200
    writers: int = 4
    seconds: float = 600.0
    faults: Sequence[str] | None = None
    pause_s: float = 0.2
    patience: float = 1.0
    durable: bool = True


@dataclass(slots=True)
class Outcome:
    """What a run came to. began: by the monotonic clock, when the writing began."""

    plan: Plan
    verdict: Verdict
    began: float
    timeline: Sequence[Blow]
    writes: Sequence[Write]
    logs: Sequence[Log]
    events: int
    replays: int
    stale: int
    refusals: dict[str, int] = field(default_factory=dict)


async def soak(plan: Plan, say: Callable[[str], None]) -> Outcome:
    """Run a plan to its end; nothing is left running or lying about."""
    async with Stage(SETTINGS, durable=plan.durable) as stage, _opened(stage) as database:
        say(f"two API processes, a worker, Postgres and Valkey run in {stage.folder}")
        play = await _cast(plan, stage, database)
        async with asyncio.TaskGroup() as group:
            following = [group.create_task(each.run()) for each in play.followers]
            try:
                return await _perform(play, say)
            finally:
                for task in following:
                    task.cancel()
                await play.close()


@dataclass(slots=True)
class _Play:
    plan: Plan
    stage: Stage
    database: Database
    base: int
    people: Sequence[Person]
    writers: Sequence[Writer]
    followers: Sequence[Follower]

    async def close(self) -> None:
        await asyncio.gather(*(writer.client.close() for writer in self.writers))

    @property
    def logs(self) -> list[Log]:
        return [each.log for each in self.followers]


async def _cast(plan: Plan, stage: Stage, database: Database) -> _Play:
    rng = Random(f"{plan.seed}/people")
    stakes = await people.stakes(database, rng, plan.writers * STAKES_EACH)
    households = max(plan.writers, min(25, plan.subscribers // 4))
    invited = await people.invite(database, rng, stakes, households)
    async with database.read() as connection:
        begin = await events.newest(connection)
    writers = [
        Writer(
            str(n),
            Client(stage.bases, Random(f"{plan.seed}/client/{n}")),
            database,
            stakes[n :: plan.writers],
            invited[n :: plan.writers],
            Random(f"{plan.seed}/writer/{n}"),
            plan.pause_s,
        )
        for n in range(plan.writers)
    ]
    followers = [
        Follower(
            person,
            log,
            stage.bases,
            over_sse if n % _SSE == 0 else over_websocket,
            Random(f"{plan.seed}/follower/{n}"),
            after=str(begin) if n % 2 else None,
        )
        for n, (person, log) in enumerate(people.wishes(invited, stakes, plan.subscribers))
    ]
    return _Play(plan, stage, database, begin.position, invited, writers, followers)


async def _perform(play: _Play, say: Callable[[str], None]) -> Outcome:
    plan, began = play.plan, time.monotonic()
    await _everybody_hears(play)
    say(f"{plan.subscribers} follow, {plan.writers} write")
    stop = asyncio.Event()
    clients = [writer.client for writer in play.writers]
    fate = Nemesis(
        play.stage, clients, play.followers[::_SLOW], Random(f"{plan.seed}/nemesis"), plan.patience
    )
    async with asyncio.TaskGroup() as writing:
        for writer in play.writers:
            writing.create_task(writer.run(stop))
        for name in _faults(plan, fate.rng):
            await fate.rest()
            say(f"{name} ...")
            await fate.strike(name)
        await play.stage.ready()
        await fate.rest()
        stop.set()
    say("the last words")
    await _touch_all(play.writers)
    table = await _quiet(play)
    writes = [write for writer in play.writers for write in writer.writes]
    verdict = check(table, writes, play.logs)
    async with play.database.read() as connection:
        untold = (await connection.execute(_UNTOLD)).scalar_one()
    verdict.lost += [f"{untold} events never got a place"] if untold else []
    verdict.crashes += [crash for client in clients for crash in client.crashes]
    verdict.crashes += play.stage.errors()
    return Outcome(
        plan, verdict, began, fate.timeline, writes, play.logs, len(table.rows),
        replays=sum(writer.replays for writer in play.writers),
        stale=sum(writer.stale for writer in play.writers),
        refusals=dict(sum((client.refusals for client in clients[1:]), clients[0].refusals)),
    )  # fmt: skip


def _faults(plan: Plan, rng: Random) -> Iterable[str]:
    if plan.faults is not None:
        yield from plan.faults
        return
    end = time.monotonic() + plan.seconds
    for name in nemesis.schedule(rng):
        if time.monotonic() > end:
            return
        yield name


async def _touch_all(writers: Sequence[Writer]) -> None:
    await asyncio.gather(*(writer.touch_all() for writer in writers))


async def _everybody_hears(play: _Play) -> None:
    """Touch everything until each follower knows its place; from there on it may miss nothing."""
    deadline = time.monotonic() + QUIET_S
    while True:
        await _touch_all(play.writers)
        silent = [each.log for each in play.followers if not each.log.heard]
        if not silent:
            return
        if time.monotonic() > deadline:
            raise TimeoutError(f"before any fault {len(silent)} hear nothing, like {silent[0]}")
        await asyncio.sleep(0.5)


async def _quiet(play: _Play) -> Table:
    """Wait until everybody has heard what they must, or long enough; then what Postgres says."""
    deadline = time.monotonic() + QUIET_S
    while True:
        table = await _table(play)
        lists = on_lists(table)
        waiting = [
            log for log in play.logs if not _caught_up(log, expected(log, table.rows, lists))
        ]
        if not waiting or time.monotonic() > deadline:
            break
        await asyncio.sleep(0.3)
    await asyncio.sleep(1)  # whoever is told anything twice is told it now
    return await _table(play)


def _caught_up(log: Log, due: Sequence[int]) -> bool:
    return not due or any(heard.position == due[-1] for heard in reversed(log.heard))


async def _table(play: _Play) -> Table:
    async with play.database.read() as connection:
        found = (await connection.execute(_ROWS, {"base": play.base})).all()
    rows = [
        Row(
            row.position, row.mark, row.topic, row.title_id,
            Told(row.kind, None if row.kind == "removed" else row.expires_on),
            row.profile_id, row.platform_id, row.country,
        )
        for row in found
    ]  # fmt: skip
    return Table(rows, {person.profile_id: person.kept for person in play.people})


@asynccontextmanager
async def _opened(stage: Stage) -> AsyncIterator[Database]:
    database = open_database(stage.url, application="soak")
    try:
        yield database
    finally:
        await database.engine.dispose()
