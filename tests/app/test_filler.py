"""The commands that take in what others say about filler."""

import asyncio
from collections.abc import Iterator
from pathlib import Path

import asyncpg
import httpx
import pytest

from simulators.app import create_app
from simulators.samples import sample_world
from simulators.server import running
from tests.app.conftest import Run

CSV = "name,year,verdict,episodes\nNaruto,2002,filler,1-2 9\nNobody,,filler,1\n"


async def _fetch(dsn: str, *statements: str) -> list[tuple[object, ...]]:
    connection = await asyncpg.connect(dsn)
    try:
        found: list[asyncpg.Record] = []
        for each in statements:
            found = await connection.fetch(each)
        return [tuple(row) for row in found]
    finally:
        await connection.close()


def fetch(dsn: str, *statements: str) -> list[tuple[object, ...]]:
    """Do statements; what the last one finds."""
    return asyncio.run(_fetch(dsn, *statements))


@pytest.fixture
def naruto(url: str) -> str:
    """A database with three episodes of Naruto."""
    fetch(
        url,
        "INSERT INTO titles (kind, name, name_key, year, maturity, mal_id, source)"
        " VALUES ('series', 'Naruto', 'naruto', 2002, 12, 20, 'tests')",
        "INSERT INTO episodes (title_id, season_number, number, number_abs)"
        " SELECT id, 1, n, n FROM titles, generate_series(1, 3) AS n",
    )
    return url


BELIEVED = "SELECT filler FROM episodes ORDER BY number"


@pytest.fixture(scope="module")
def stand_ins() -> Iterator[str]:
    """The address of stand-ins."""
    with running(create_app(sample_world())) as address:
        yield address


def test_a_file_is_taken_in_and_told_show_by_show(run: Run, naruto: str, tmp_path: Path):
    file = tmp_path / "mine.csv"
    file.write_text(CSV)
    dry = run("filler", "import", str(file), "--dry-run").output
    assert "Nothing was written" in dry
    assert fetch(naruto, BELIEVED) == [("unknown",)] * 3
    said = run("filler", "import", str(file)).output
    assert "Naruto (2002): 2 of 3 episodes found, 2 filler, 1 that we don't have." in said
    assert "Unknown here: Nobody." in said
    assert "2 claims are new or changed" in said
    assert fetch(naruto, BELIEVED) == [("filler",), ("filler",), ("unknown",)]
    told = run.json("filler", "import", str(file), "--source", "Mine")
    assert (told["sources"], told["written"], told["changed"]) == (["file:mine"], 0, 0)
    assert [each["title_id"] for each in told["shows"]] == ["title_1", None]


def test_a_bad_file_is_refused_with_its_lines(run: Run, naruto: str, tmp_path: Path):
    file = tmp_path / "mine.csv"
    file.write_text(CSV + "Naruto,2002,nonsense,1\n")
    assert "line 4" in run("filler", "import", str(file), code=1).output
    assert fetch(naruto, "SELECT 1 FROM filler_claims") == []


def test_a_list_at_trakt_is_taken_in(
    run: Run,
    url: str,
    stand_ins: str,
    monkeypatch: pytest.MonkeyPatch,
):
    monkeypatch.setenv("STREAMING_STACK_SIMULATORS_URL", stand_ins)
    key = {"trakt-api-key": "app", "trakt-api-version": "2"}
    kept = httpx.get(f"{stand_ins}/trakt/users/filler-fan/lists", headers=key).json()
    name = kept[0]["ids"]["slug"]
    told = run.json("filler", "trakt", "filler-fan", name)
    assert told["sources"] == [f"trakt:filler-fan/{name}"]
    assert [each["problem"] for each in told["shows"]] == ["no series here has that name and year"]
    assert "or it is private" in run("filler", "trakt", "filler-fan", "none", code=1).output


def test_without_trakt_it_is_said_what_to_do(run: Run, url: str):
    said = run("filler", "trakt", "filler-fan", "naruto_filler", code=1).output
    assert "STREAMING_STACK_TRAKT_CLIENT_ID" in said
