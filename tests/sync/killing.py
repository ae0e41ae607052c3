"""Days of a pretended world that real workers sync while they are killed, and what came of it.

The truth is what the stand-in lists: on each day the database must equal it, and what was told
must be what became of each offer since the day before, once.
"""

import asyncio
import multiprocessing
from collections import Counter
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from multiprocessing.process import BaseProcess
from random import Random
from typing import Any, TypeAlias

import httpx
from sqlalchemy import text

from app.deps import open_services
from app.logs import configure_logs
from app.settings import Settings
from domain.db import Database
from domain.platforms.models import Platform
from domain.sync import runs
from domain.sync.payloads import decode
from domain.sync.values import Answer, Asked
from domain.titles.models import Season, Title
from integrations.justwatch.client import JustWatch
from integrations.upstreams.http import Upstream
from jobs import worker
from jobs.run_job import Pace
from simulators.world import World
from tests.support import catalogue
from tests.sync.stage import ask

SOURCE = "simulator/justwatch"
BATCH = 5  # so that a run has many checkpoints to be killed between
COUNTRY = "US"
_PACE = Pace(timedelta(seconds=1), 0.3)

Key: TypeAlias = tuple[Any, ...]
"""Title, package, season or 0, monetization and quality."""
State: TypeAlias = dict[Key, tuple[Any, ...]]
"""By key: last day, price and currency."""


@asynccontextmanager
async def asking(url: str):
    """The stand-in as a source."""
    upstream = Upstream("The stand-in", f"{url}/justwatch/graphql", per_second=None)
    try:
        yield JustWatch(upstream, name=SOURCE, batch=BATCH)
    finally:
        await upstream.close()


async def _serve(database_url: str, valkey_url: str, simulators_url: str) -> None:
    settings = Settings(_env_file=None, database_url=database_url, redis_url=valkey_url)  # type: ignore[call-arg]
    async with (
        open_services(settings, "tests-worker") as services,
        asking(simulators_url) as source,
    ):
        ready = replace(services, source=source)
        made = worker.make_worker(
            ready, worker.connect(valkey_url), pace=_PACE, reconcile_every_s=1, poll_delay=0.05
        )
        await worker.work(made)


def _process(database_url: str, valkey_url: str, simulators_url: str) -> None:
    configure_logs("error")
    asyncio.run(_serve(database_url, valkey_url, simulators_url))


@dataclass
class Killing:
    """Workers over a database and a stand-in, one at a time, and the days they live through."""

    database: Database
    database_url: str
    valkey_url: str
    simulators_url: str
    seed: int
    titles: dict[int, str] = field(default_factory=dict)
    kinds: dict[int, str] = field(default_factory=dict)
    kills: int = 0
    killed_in: Counter[str] = field(default_factory=Counter)
    _before: State = field(default_factory=dict)
    _told_until: int = 0
    _worker: BaseProcess | None = None

    def __post_init__(self) -> None:
        self._draw = Random(f"killing {self.seed}").random
        self._context = multiprocessing.get_context("forkserver")
        self._context.set_forkserver_preload([__name__])

    async def lay(self, world: World) -> None:
        """A catalogue of the world's titles and services, that are nowhere to be seen yet."""
        async with self.database.transaction() as session:
            for each in world.packages.values():
                platform = await session.get_one(
                    Platform, await catalogue.add_platform(session, each.slug)
                )
                platform.package_id = each.id
            for each in world.titles.values():
                key = await catalogue.add_title(session, each.name, kind=each.kind, offers=())
                title = await session.get_one(Title, key)
                title.justwatch_id = each.justwatch_id
                session.add_all(
                    Season(title_id=key, number=season.number) for season in each.seasons
                )
                self.titles[key], self.kinds[key] = each.justwatch_id, each.kind

    async def advance(self, days: int) -> None:
        """Let days pass out there."""
        async with httpx.AsyncClient() as client:
            (
                await client.post(f"{self.simulators_url}/_sim/clock", json={"advance_days": days})
            ).raise_for_status()

    async def live_through(self, kills: int) -> None:
        """A run from its plan to its end, in which workers are killed; then everything is judged.

        The first run is the night's, which a worker plans itself.
        """
        night = not await ask(self.database, "SELECT 1 FROM sync_runs")
        run_id = None if night else await self._plan()
        for _ in range(kills):
            if await self._ended(run_id):
                break
            await self._kill_a_worker()
        self._hire()
        async with asyncio.timeout(60):
            while not await self._ended(run_id):  # noqa: ASYNC110 - it is another process
                await asyncio.sleep(0.05)
        self.dismiss()
        await self._judge()

    async def _plan(self) -> int:
        async with self.database.transaction() as session, asking(self.simulators_url) as source:
            return await runs.plan_run(
                session, source, reason="manual", night=None, countries=[COUNTRY], budget=2_000,
                now=datetime.now(UTC),
            )  # fmt: skip

    async def _kill_a_worker(self) -> None:
        """At a moment that is drawn, from when it has taken up the run.

        But never three times in a row before anything was got on with: that is a poisonous run.
        """
        attempts = "SELECT coalesce(sum(attempt), 0), coalesce(max(deaths), 0) FROM jobs"
        ((before, _),) = await ask(self.database, attempts)
        self._hire()
        async with asyncio.timeout(60):
            while not await self._ended(None):
                ((taken, deaths),) = await ask(self.database, attempts)
                if taken > before and deaths < 2:
                    break
                await asyncio.sleep(0.01)
        await asyncio.sleep(self._draw() * 0.5)
        self.dismiss()
        self.kills += 1
        rows = await ask(self.database, "SELECT state FROM sync_runs ORDER BY id DESC LIMIT 1")
        self.killed_in[rows[0][0] if rows else "none"] += 1

    async def _ended(self, run_id: int | None) -> bool:
        which = "true" if run_id is None else f"id = {run_id}"
        rows = await ask(
            self.database,
            f"SELECT state, problem FROM sync_runs WHERE {which} ORDER BY id DESC LIMIT 1",
        )
        if rows and rows[0][0] in ("failed", "held"):
            raise AssertionError(f"the run is {rows[0][0]}: {rows[0][1]}")
        return bool(rows) and rows[0][0] == "done"

    def _hire(self) -> None:
        urls = self.database_url, self.valkey_url, self.simulators_url
        self._worker = self._context.Process(target=_process, args=urls)
        self._worker.start()

    def dismiss(self) -> None:
        """Kill the worker, whatever it is doing."""
        if self._worker is not None:
            self._worker.kill()
            self._worker.join()
            self._worker.close()
            self._worker = None

    async def _judge(self) -> None:
        listed, believed = await self._listed(), await self._believed()
        assert believed == listed, _difference(believed, listed)
        told = await self._told()
        # How long what is listed for the first time has been there nobody knows.
        due = _due(self._before, listed) if self._before else Counter()
        assert told == due, f"told and not due: {told - due}; due and not told: {due - told}"
        await self._judge_rows()
        self._before = listed

    async def _judge_rows(self) -> None:
        """What no order of deaths may leave behind."""
        for question in (
            # an offer with two open beliefs, or none, or one that isn't what is believed
            "SELECT o.id FROM offers o LEFT JOIN offer_beliefs b"
            " ON b.offer_id = o.id AND b.believed_to IS NULL"
            " WHERE b.there IS DISTINCT FROM (o.gone_at IS NULL)"
            " OR b.expires_on IS DISTINCT FROM o.expires_on",
            # a title that has had no turn, or is to blame for deaths that were ours
            "SELECT title_id FROM sync_items WHERE state NOT IN ('done')",
            "SELECT id FROM jobs WHERE state = 'quarantined'",
            # counts that don't add up
            "SELECT id FROM sync_runs WHERE titles <> unchanged + changed OR failed <> 0",
            "SELECT run_id FROM sync_removals WHERE removed_at IS NULL",
        ):
            assert await ask(self.database, question) == [], question

    async def _listed(self) -> State:
        """The truth, in the words of the client, and of films in the stand-in's own."""
        asked = [Asked(key, self.kinds[key], node) for key, node in self.titles.items()]
        listed: State = {}
        async with asking(self.simulators_url) as source:
            async for each in source.answers(asked, [COUNTRY]):
                assert isinstance(each, Answer), each
                for offer in decode(each.payload):
                    key = (
                        each.title_id, offer.package_id, offer.season_number, offer.monetization,
                        offer.quality,
                    )  # fmt: skip
                    listed[key] = (offer.expires_on, offer.price, offer.currency)
        return listed

    async def _believed(self) -> State:
        rows = await ask(
            self.database,
            "SELECT title_id, package_id, coalesce(season_number, 0), monetization, quality,"
            " expires_on, price, currency FROM offers o JOIN platforms p ON p.id = o.platform_id"
            " WHERE gone_at IS NULL",
        )
        return {row[:5]: row[5:] for row in rows}

    async def _told(self) -> Counter[Key]:
        """How often each kind of event was told of each offer since the last time."""
        async with self.database.read() as connection:
            rows = await connection.execute(
                text("""
                    SELECT e.id, e.kind, e.title_id, p.package_id, coalesce(e.season_number, 0),
                           e.monetization, e.quality
                    FROM events e JOIN platforms p ON p.id = e.platform_id
                    WHERE e.topic = 'availability' AND e.kind <> 'countdown' AND e.id > :until
                """),
                {"until": self._told_until},
            )
            found = [tuple(row) for row in rows]
        self._told_until = max([self._told_until, *(row[0] for row in found)])
        return Counter(row[1:] for row in found)


def _due(before: State, after: State) -> Counter[Key]:
    """What has to be told of what became of each offer between two states."""
    due: Counter[Key] = Counter()
    for key in before.keys() | after.keys():
        if kind := _kind(before.get(key), after.get(key)):
            due[(kind, *key)] += 1
    return due


def _kind(one: tuple[Any, ...] | None, other: tuple[Any, ...] | None) -> str | None:
    if one is None or other is None:
        return "added" if one is None else "removed"
    if one[0] != other[0]:
        if one[0] is None:
            return "leaving"
        return "renewed" if other[0] is None else "date_moved"
    return "changed" if one[1:] != other[1:] else None


def _difference(believed: State, listed: State) -> str:
    lost, invented = listed.keys() - believed.keys(), believed.keys() - listed.keys()
    other = [key for key in listed.keys() & believed.keys() if listed[key] != believed[key]]
    return f"not believed: {sorted(lost)}; not listed: {sorted(invented)}; other: {sorted(other)}"
