"""import-history and export-history: what they say, and what they leave behind."""

import asyncio
from pathlib import Path

import pytest

from app.database import open_database
from domain.accounts.models import Account
from domain.profiles.models import Profile
from tests.app.conftest import Run
from tests.watchlists.homes import film, rows

EXPORT = (
    "Date,Name,Year,Letterboxd URI\n"
    "2024-03-01,Paddington 2,2017,https://boxd.it/abc1\n"
    "2024-03-02,Prey,2022,https://boxd.it/abc2\n"
    "2024-03-03,Nothing [red]Like It,1999,https://boxd.it/abc3\n"
)
PRO = ("--account", "pro@example.com")


@pytest.fixture
def titles(url: str) -> list[int]:
    """Two films."""

    async def add() -> list[int]:
        database = open_database(url)
        try:
            return [
                await film(database, "Paddington 2", year=2017),
                await film(database, "Prey", year=2021),
            ]
        finally:
            await database.engine.dispose()

    return asyncio.run(add())


def test_a_history_is_brought_settled_written_and_taken_back(
    run: Run,
    url: str,
    tmp_path: Path,
    titles: list[int],
) -> None:
    (tmp_path / "watched.csv").write_text(EXPORT)

    def watches() -> int:
        async def count() -> int:
            database = open_database(url)
            try:
                return len(
                    await rows(database, "SELECT 1 FROM watches WHERE source LIKE 'import%'")
                )
            finally:
                await database.engine.dispose()

        return asyncio.run(count())

    assert "Sign up first" in run("import-history", "watched.csv", code=1).output
    said = run("import-history", "watched.csv", *PRO).output
    assert "3 lines. 1 matched, 0 settled, 1 doubtful, 1 unknown" in said
    assert f"title_{titles[1]}  Prey (2021), film: the same name, one year apart" in said
    assert "Nothing [red]Like It (1999), 1 lines" in said
    assert "with --commit, 1 lines are" in said
    assert watches() == 0
    doubts = run.json("import-history", "watched.csv", *PRO)
    line = doubts["ambiguous"][0]["line"]
    settled = ("--settle", f"all:{line}=title_{titles[1]}", "--commit")
    told = run.json("import-history", "watched.csv", *PRO, *settled)
    assert (told["import"]["state"], told["import"]["counts"]["wrote"]) == ("committed", 2)
    assert watches() == 2
    said = run("import-history", "watched.csv", *PRO).output
    assert f"--undo {told['import']['id']}" in said
    run("export-history", "mine.json", *PRO)
    assert "title_" in (tmp_path / "mine.json").read_text()
    run("export-history", "mine.csv", *PRO, "--format", "csv")
    said = run("import-history", "--undo", told["import"]["id"], *PRO).output
    assert "Taken back" in said
    assert watches() == 0


REFUSED: list[tuple[tuple[str, ...], str]] = [
    ((), "Name either a file"),
    (("watched.csv", "--undo", "import_1"), "Name either a file"),
    (("watched.csv", *PRO, "--settle", "1=film"), "settles nothing"),
    (("watched.csv", *PRO, "--settle", "x=none"), "is no line of this import"),
    (("watched.csv", *PRO, "--settle", "9=none"), "is no line of this import"),
    (("watched.csv", *PRO, "--profile", "Nobody"), "has no profile 'Nobody', but Everyone"),
    (("watched.csv", "--account", "x@example.com"), "No account has the e-mail"),
    (("watched.csv", *PRO, "--person", "Ada"), "says nothing of"),
    (("--undo", "import_1", *PRO), "is not the id of a import"),
    (("cat.jpg", *PRO), ""),
]


def test_what_can_not_be_done_is_said_in_a_sentence(
    run: Run,
    tmp_path: Path,
) -> None:
    (tmp_path / "watched.csv").write_text(EXPORT)
    (tmp_path / "cat.jpg").write_bytes(b"\xff\xd8\xffmeow")
    for words, sentence in REFUSED:
        said = run("import-history", *words, code=1).output
        assert sentence in said
        assert "Traceback" not in said


def test_a_file_that_can_not_be_written_is_said_in_a_sentence(run: Run, tmp_path: Path) -> None:
    said = run("export-history", "nowhere/mine.json", *PRO, code=1).output
    assert "nowhere/mine.json can't be written" in said
    assert "Traceback" not in said


def test_the_account_may_be_left_out_where_there_is_one(run: Run, url: str) -> None:
    def add(email: str) -> None:
        async def made() -> None:
            database = open_database(url)
            async with database.transaction() as session:
                account = Account(
                    email=email, email_key=email, password_hash="", country="DE", time_zone="UTC"
                )
                session.add(account)
                await session.flush()
                session.add(Profile(account_id=account.id, name="Ada", name_key="ada"))
            await database.engine.dispose()

        asyncio.run(made())

    add("ada@example.org")
    assert run.json("export-history", "mine.json")["lines"] == 0
    add("tom@example.org")
    said = run("export-history", "mine.json", code=1).output
    assert "as in --account ada@example.org" in said
