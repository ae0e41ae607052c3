"""A night's sync of titles on a watchlist, with the stand-in for JustWatch in another process.

The whole path: a run is planned, its job taken from the ledger, and done here as a worker does it:
the client asks over HTTP, reads, and what is said of each title is taken in, checkpoint by
checkpoint, second looks included. Three nights: everything is new; nothing has changed; of every
fiftieth title something has, and every fifth of those has lost an offer.
"""

import time
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import asyncpg
import httpx
from pydantic import SecretStr

from app.deps import open_services
from app.logs import configure_logs
from app.settings import Settings
from bench import stand_ins
from bench.api import cpu_seconds
from bench.report import Row
from bench.stage import Stage, vacuum
from bench.stand_ins import StandIns
from domain.db import Record
from domain.jobs import ledger
from domain.services import Services
from domain.sync import repo, requests
from jobs.gate import Gate
from jobs.handlers import HANDLERS
from jobs.run_job import Pace, Workbench, run_job

PART = "sync"
TITLES, EDITED_EVERY, SHORT_EVERY = 20_000, 50, 5
COUNTRY = "US"  # where an instance is; a third of the offers are there

_PLATFORMS = "INSERT INTO platforms (slug, name, package_id) VALUES ($1, $2, $3)"
_COLUMNS = (
    "kind", "name", "name_key", "year", "maturity", "popularity", "justwatch_id", "tmdb_id",
    "imdb_id", "source",
)  # fmt: skip
_WATCHED = """
WITH household AS (
    INSERT INTO accounts (id, email, email_key, password_hash, country, time_zone)
    VALUES (gen_random_uuid(), 'bench@example.com', 'bench@example.com', '', 'US', 'UTC')
    RETURNING id
), member AS (
    INSERT INTO profiles (id, account_id, name, name_key)
    SELECT gen_random_uuid(), id, 'Bench', 'bench' FROM household RETURNING id
)
INSERT INTO watchlist_items (profile_id, title_id, added_at)
SELECT member.id, titles.id, now() FROM member, titles
"""


@dataclass(frozen=True, slots=True)
class Night:
    """What a run came to, and the processor seconds it took: ours, Postgres' and the stand-in's."""

    run: Record
    seconds: float
    ours: float
    servers: float
    stand_in: float

    def row(self, what: str) -> Row:
        """As a line of the table."""
        run, spent = self.run, self.ours + self.servers + self.stand_in
        per_title = 1e6 / run.titles
        return Row(
            PART, f"{run.titles:,} titles, {what}",
            f"{run.titles / self.seconds:,.0f} titles/s, {run.requests:,} requests,"
            f" {self.seconds:.1f} s",
            f"CPU of a title: client and intake {self.ours * per_title:.0f},"
            f" Postgres and Valkey {self.servers * per_title:.0f},"
            f" stand-in {self.stand_in * per_title:.0f} µs",
            f"{100 * (spent - self.stand_in) / spent:.0f} % of CPU ours",
        )  # fmt: skip


async def run(stage: Stage) -> list[Row]:
    """The three nights."""
    configure_logs("warning")
    titles = TITLES // 10 if stage.quick else TITLES
    url = await stage.database("synced")
    stage.say(f"making up {titles:,} titles")
    await _fill(url, titles)
    with stand_ins.running(stage, titles) as there:
        settings = Settings(
            database_url=SecretStr(url), redis_url=SecretStr(stage.valkey.url), country=COUNTRY,
            simulators_url=there.url, justwatch=False, tmdb_token=None,
        )  # fmt: skip
        async with open_services(settings, "streaming-stack-bench") as services:
            rows = [(await _night(stage, services, there)).row("all of them new")]
            await vacuum(url)
            same = await _night(stage, services, there)
            assert same.run.unchanged == titles
            edited, taken = await _edit(there, titles)
            other = await _night(stage, services, there)
            assert (other.run.changed, other.run.removed) == (edited, taken), "not as it was edited"
    told = f"{edited:,} edited, {taken:,} offers gone"
    return [*rows, same.row("unchanged"), other.row(told)]


async def _fill(url: str, titles: int) -> None:
    made = stand_ins.world(titles)
    connection = await asyncpg.connect(url)
    await connection.executemany(
        _PLATFORMS, [(each.slug, each.name, each.id) for each in made.packages.values()]
    )
    await connection.copy_records_to_table(
        "titles",
        records=[
            (
                each.kind, each.name, each.name.lower(), each.year, 12, each.popularity,
                each.justwatch_id, each.tmdb_id, each.imdb_id, "bench",
            )
            for each in made.titles.values()
        ],
        columns=_COLUMNS,
    )  # fmt: skip
    await connection.execute(_WATCHED)
    await connection.close()
    await vacuum(url)


async def _night(stage: Stage, services: Services, there: StandIns) -> Night:
    def spent() -> tuple[float, float, float]:
        return time.process_time(), cpu_seconds(*stage.pids), cpu_seconds(there.pid)

    before, start = spent(), time.perf_counter()
    run_id = await requests.start(services, datetime.now(UTC))
    bench: dict[str, Any] = {"services": services, "workbench": Workbench(HANDLERS, Pace(), Gate())}
    while True:
        async with services.database.read() as connection:
            done = await repo.run(connection, run_id)
            due = await ledger.due(connection, datetime.now(UTC))
        assert done is not None
        if done.finished_at is not None:
            break
        for job_id, _ in due:
            await run_job(bench, job_id)
    seconds = time.perf_counter() - start
    assert done.state == "done", done.problem
    ours, servers, stand_in = (now - then for now, then in zip(spent(), before, strict=True))
    return Night(done, seconds, ours, servers, stand_in)


async def _edit(there: StandIns, titles: int) -> tuple[int, int]:
    """Change what the stand-in lists; of how many titles, and how many offers it lists no more."""
    edited = taken = 0
    async with httpx.AsyncClient(base_url=f"{there.url}/_sim/world") as client:
        for number in list(stand_ins.world(titles).titles)[::EDITED_EVERY]:
            offers = (await client.get(f"/offers/{number}")).json()["offers"]
            here = [each for each in offers if each["country"] == COUNTRY]
            if not here:
                continue
            edited += 1
            if edited % SHORT_EVERY == 0:
                offers.remove(here[0])
                taken += 1
            else:
                here[0]["expires_on"] = "2031-12-31"
            told = await client.put("/offers", json={"title": number, "offers": offers})
            told.raise_for_status()
    return edited, taken
