"""The commands of the sync and of the stand-ins on servers that somebody brought."""

import asyncio
import socket
from collections.abc import Iterator

import asyncpg
import pytest

from app.settings import Settings
from app.upstreams import open_upstreams
from simulators.app import create_app
from simulators.samples import sample_world
from simulators.server import running
from tests.app.conftest import Run

PLAN = (
    "INSERT INTO sync_runs (source, reason, countries, state, dry_run, budget, planned_at)"
    " VALUES ('simulator/justwatch', 'manual', '{US}', 'asking', $1, 1, now()) RETURNING id"
)
JOB = (
    "INSERT INTO jobs (kind, key, due_at, created_at)"
    " VALUES ('sync', $1, now() + interval '1 hour', now())"
)


async def fetch(url: str, statement: str, *values: object) -> list[asyncpg.Record]:
    connection = await asyncpg.connect(url)
    try:
        return await connection.fetch(statement, *values)
    finally:
        await connection.close()


def plan(url: str, *, dry_run: bool) -> int:
    """A run that is under way as far as its row says."""
    return asyncio.run(fetch(url, PLAN, dry_run))[0][0]


@pytest.fixture(scope="module")
def stand_ins() -> Iterator[str]:
    """The address of stand-ins that know a few titles."""
    with running(create_app(sample_world(1, titles=3), seed=1)) as url:
        yield url


def test_stand_ins_have_no_say_in_a_database_that_somebody_brought(run: Run, url: str) -> None:
    said = run("sync", "--now", code=1).output
    assert "nobody to ask" in said
    assert asyncio.run(fetch(url, "SELECT 1 FROM sync_runs")) == []


def test_a_run_that_nobody_does_any_more_is_in_nobody_s_way(
    run: Run, url: str, stand_ins: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("STREAMING_STACK_SIMULATORS_URL", stand_ins)
    orphan = plan(url, dry_run=False)
    done = run.json("sync", "--now")
    assert (done["state"], done["id"] == f"run_{orphan}") == ("done", False)
    [row] = asyncio.run(fetch(url, "SELECT state FROM sync_runs WHERE id = $1", orphan))
    assert row["state"] == "failed"


def test_a_dry_run_that_is_under_way_is_not_taken_for_the_real_one(
    run: Run, url: str, stand_ins: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("STREAMING_STACK_SIMULATORS_URL", stand_ins)
    asyncio.run(fetch(url, JOB, str(plan(url, dry_run=True))))
    assert "under way" in run("sync", "--now", code=1).output


@pytest.mark.parametrize("other", [("--dry-run",), ("--now",), ("--title", "title_1")])
def test_a_confirmation_goes_with_nothing_that_sounds_harmless(
    run: Run, other: tuple[str, ...]
) -> None:
    assert "--confirm" in run("sync", "--confirm", "run_1", *other, code=2).output


def test_a_port_that_is_taken_is_said_in_a_sentence(run: Run) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        assert "already used" in run("simulate", "--port", port, code=2).output


def test_the_clock_is_read_and_moved(
    run: Run, stand_ins: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "No stand-ins run here" in run("demo-clock", code=2).output
    monkeypatch.setenv("STREAMING_STACK_SIMULATORS_URL", stand_ins)
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")  # is for others
    before = run.json("demo-clock")["now"]
    after = run.json("demo-clock", "--days", "2", "--no-sync")["now"]
    assert after > before
    assert "365" in run("demo-clock", "--days", "400", code=2).output


@pytest.mark.parametrize("real", [{"justwatch": True}, {"tmdb_token": "a-token"}])
def test_nobody_moves_the_clock_where_somebody_real_would_be_asked_then(real: dict) -> None:
    async def clock(**told: object) -> object:
        address = "http://127.0.0.1:9"
        settings = Settings(_env_file=None, simulators_url=address, **told)  # type: ignore[call-arg]
        async with open_upstreams(settings) as upstreams:
            return upstreams.clock

    assert asyncio.run(clock()) is not None
    assert asyncio.run(clock(**real)) is None
