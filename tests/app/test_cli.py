"""The commands, on a database of the test's own."""

import asyncio
from pathlib import Path

import asyncpg
import pytest

from app.embedded import DataFolder
from tests.app.conftest import Run
from tests.support import servers

LIST = """id,title,type,description,release_year,age_certification,runtime,genres,\
production_countries,seasons,imdb_id,imdb_score,imdb_votes,tmdb_popularity,tmdb_score
tm84618,Taxi Driver,MOVIE,A lonely veteran drives at night.,1976,R,114,"['drama', 'crime']",\
"['US']",,tt0075314,8.2,808582,40.965,8.179
tm1,,MOVIE,It has no name.,1990,R,90,[],[],,,,,,
"""
CREDITS = "person_id,id,name,character,role\n3748,tm84618,Robert De Niro,Travis Bickle,ACTOR\n"


async def fetch(url: str, statement: str) -> object:
    connection = await asyncpg.connect(url)
    try:
        return await connection.fetchval(statement)
    finally:
        await connection.close()


def test_help_names_every_command(run: Run) -> None:
    said = run("--help").output
    for name in ("up", "migrate", "import-catalog", "token", "user", "doctor", "config", "schema"):
        assert f"  {name} " in said


def test_migrate_brings_an_empty_database_to_the_newest_schema(
    run: Run, url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert run.json("migrate")["before"] is not None
    empty = url.replace("test_", "empty_")
    asyncio.run(servers.administer(f"CREATE DATABASE {empty.partition('?')[0].rpartition('/')[2]}"))
    monkeypatch.setenv("DATABASE_URL", empty)
    said = run("user", "plan", "free@example.com", "pro", code=2).output
    assert "run `streaming-stack migrate`" in said
    assert run.json("migrate")["before"] is None
    run("user", "plan", "free@example.com", "pro", code=1)
    asyncio.run(servers.drop(empty))


def test_a_catalogue_and_its_credits_are_taken_in(run: Run, url: str, tmp_path: Path) -> None:
    (tmp_path / "titles.csv").write_text(LIST)
    (tmp_path / "credits.csv").write_text(CREDITS)
    words = ("import-catalog", "titles.csv", "--platform", "netflix", "--country", "US")
    report = run.json(*words, "--credits", "credits.csv")
    assert report["catalog"]["titles"]["new"] == 1
    assert report["catalog"]["bad"]["count"] == 1
    assert report["credits"]["people_new"] == 1
    said = run(*words).output
    assert "2 rows for netflix in US" in said
    assert "titles.csv, line 3" in said
    (tmp_path / "titles.csv").write_text(LIST.splitlines()[0] + "\n")
    assert "Nothing was changed" in run(*words, code=1).output
    run(*words, "--allow-mass-removal")
    assert "no column" in run("import-catalog", "credits.csv", *words[2:], code=1).output
    assert "nowhere.csv" in run("import-catalog", "nowhere.csv", *words[2:], code=2).output
    assert asyncio.run(fetch(url, "SELECT count(*) FROM offers WHERE gone_at IS NULL")) == 0


def test_roles_plans_and_tokens(run: Run, url: str) -> None:
    run("user", "grant", "free@example.com", "admin")
    run("user", "plan", "FREE@example.com", "pro")
    row = asyncio.run(fetch(url, "SELECT role || plan FROM accounts WHERE email LIKE 'free%'"))
    assert row == "adminpro"
    made = run.json("token", "free@example.com", "--name", "home assistant")
    assert made["token"].startswith("sst_")
    assert made["profile"] == "Everyone"
    assert made["token"] not in str(
        asyncio.run(fetch(url, "SELECT array_agg(a) FROM api_tokens a"))
    )
    said = run("token", "nobody@example.com", "--name", "x", code=1).output
    assert "No account has the e-mail" in said
    run("user", "grant", "free@example.com", "emperor", code=2)


def test_config_check_names_what_is_wrong(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    assert run.json("config", "check") == {"problems": []}
    monkeypatch.setenv("STREAMING_STACK_PROT", "80")
    Path(".env").write_text("STREAMING_STACK_PORT=many\nSTREAMING_STACK_VALKEY_BIN=/opt\n")
    said = run("config", "check", code=1).output
    assert (
        "STREAMING_STACK_PROT in the environment is no setting; did you mean STREAMING_STA" in said
    )
    assert "STREAMING_STACK_PORT='many' is not usable: a valid integer" in said
    assert "STREAMING_STACK_VALKEY_BIN in .env has no effect" in said
    Path(".env").unlink()
    monkeypatch.setenv("REDIS_URL", "http://:hunter2@localhost")
    said = run("config", "check", code=1).output
    assert "REDIS_URL must begin with" in said
    assert "hunter2" not in said


def test_config_show_keeps_secrets(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://ann:hunter2@db.example.org:5433/films")
    Path(".env").write_text("STREAMING_STACK_COUNTRY=DE\n")
    shown = run.json("config", "show")
    assert shown["DATABASE_URL"] == {
        "value": "db.example.org:5433/films", "source": "the environment"
    }  # fmt: skip
    assert shown["STREAMING_STACK_COUNTRY"] == {"value": "DE", "source": ".env"}
    assert shown["STREAMING_STACK_PORT"]["source"] == "the default"
    assert "hunter2" not in run("config", "show").output


def test_doctor_says_what_to_type(run: Run, url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    found = {each["about"]: each for each in run.json("doctor")["findings"]}
    assert {each["state"] for each in found.values()} <= {"ok", "warning"}
    assert {"Python", "disk space", "port", "Postgres", "schema", "extensions", "Valkey"} <= set(
        found
    )
    monkeypatch.setenv("STREAMING_STACK_HOST", "0.0.0.0")
    said = run("doctor", code=1).output
    assert "problem  demo accounts: everybody knows the password of free@example.com" in said
    assert "STREAMING_STACK_HOST=127.0.0.1" in said
    monkeypatch.setenv("REDIS_URL", "redis://127.0.0.1:1/0")
    assert "problem  Valkey: Valkey at 127.0.0.1:1/0 cannot be used" in run("doctor", code=1).output


def test_the_schema_is_written_and_drift_is_shown(run: Run) -> None:
    run("schema", "--output", "it.graphql")
    sdl = Path("it.graphql").read_text()
    assert sdl.index("type Mutation") < sdl.index("type Query")
    assert "is what the code says" in run("schema", "--check", "-o", "it.graphql").output
    Path("it.graphql").write_text(sdl.replace("type Query", "type Inquiry"))
    said = run("schema", "--check", "-o", "it.graphql", code=1).output
    assert "+type Query" in said
    assert "make schema" in said
    assert run("schema", "-o", "-").output == sdl


def test_commands_find_the_servers_of_a_running_instance(
    run: Run, url: str, valkey_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("DATABASE_URL")
    monkeypatch.delenv("REDIS_URL")
    with DataFolder(tmp_path / "data") as folder:
        folder.publish(urls={"database": url, "redis": valkey_url})
        run("user", "plan", "free@example.com", "pro")
        folder.publish(urls={"database": url})
        said = run("user", "plan", "free@example.com", "pro", code=2).output
    assert "uses REDIS_URL; set it to the same for this command too" in said


def test_version(run: Run) -> None:
    assert set(run.json("version")) == {"version"}
