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
    said = run("user", "grant", "pro@example.com", "member").output
    assert said == "pro@example.com is now a member.\n"
    said = run("user", "grant", "free@example.com", "admin").output
    assert said == "free@example.com is now an admin.\n"
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
    assert "STREAMING_STACK_PORT is 'many'; it must be a whole number from 1 to 65535" in said
    assert "STREAMING_STACK_VALKEY_BIN in .env has no effect" in said
    Path(".env").unlink()
    monkeypatch.setenv("REDIS_URL", "http://:hunter2@localhost")
    said = run("config", "check", code=1).output
    assert "REDIS_URL is not a URL that works here; it looks like redis://" in said
    assert "hunter2" not in said


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("PORT", "99999", "is '99999'; it must be a whole number from 1 to 65535"),
        ("RECOMMEND_PER_MINUTE", "0", "is '0'; it must be a whole number, at least 1"),
        ("DEMO", "maybe", "is 'maybe'; it must be true or false"),
        ("LOG_LEVEL", "loud", "is 'loud'; it must be 'debug', 'info', 'warning' or 'error'"),
        ("COUNTRY", "usa", "is 'usa'; it must be two capital letters, like 'DE'"),
        ("TIME_ZONE", "Berlin", "is 'Berlin'; it must be the name of a time zone"),
        ("TRUSTED_PROXIES", "caddy", "is 'caddy'; it must be IP addresses or networks"),
        ("TRUSTED_PROXIES", "127.0.0.1, 10.0.0.0/99", "; it must be IP addresses or networks"),
        ("PUBLIC_URL", "watch.example.org", "; it must be like 'https://watch.example.org'"),
        ("PUBLIC_URL", "https://example.org/watch", "'; it must be like 'https://watch"),
        ("PUBLIC_URL", "https://ann:hunter2@example.org", "is …; it must be like 'https://watch"),
        ("PUBLIC_URL", "https://example.org:x", "; it must be like 'https://watch"),
    ],
)
def test_a_value_that_cannot_be_used_is_one_sentence(
    run: Run, monkeypatch: pytest.MonkeyPatch, name: str, value: str, sentence: str
) -> None:
    monkeypatch.setenv(f"STREAMING_STACK_{name}", value)
    for said in (run("config", "check", code=1).output, run("up", code=2).output):
        assert f"STREAMING_STACK_{name} is " in said
        assert sentence in said
        assert "hunter2" not in said


def test_values_that_can_be_used(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STREAMING_STACK_TRUSTED_PROXIES", "127.0.0.1, 10.0.0.0/8,fd00::/8,")
    monkeypatch.setenv("STREAMING_STACK_PUBLIC_URL", "https://watch.example.org:8443/")
    monkeypatch.setenv("TEST_DATABASE_URL", "somebody else's")
    monkeypatch.setenv("DATABASE_URI", "the same")
    assert run.json("config", "check") == {"problems": []}


def test_near_misses_of_the_plain_names_are_named(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("DATABASE_URL")
    monkeypatch.delenv("REDIS_URL")
    Path(".env").write_text("DATABSE_URL=postgresql://localhost/films\n")
    monkeypatch.setenv("REDIS_ULR", "redis://localhost")
    said = run("config", "check", code=1).output
    assert "DATABSE_URL in .env is no setting; did you mean DATABASE_URL?" in said
    assert "REDIS_ULR in the environment is no setting; did you mean REDIS_URL?" in said
    assert len(run.json("doctor")["settings"]) == 2


def test_config_show_keeps_secrets(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://ann:hunter2@db.example.org:5433/films")
    Path(".env").write_text("STREAMING_STACK_COUNTRY=DE\n")
    shown = run.json("config", "show")
    assert shown["DATABASE_URL"] == {
        "value": "db.example.org:5433/films", "source": "the environment"
    }  # fmt: skip
    assert shown["STREAMING_STACK_COUNTRY"] == {"value": "DE", "source": ".env"}
    assert shown["STREAMING_STACK_PORT"]["source"] == "the default"
    assert shown["STREAMING_STACK_TRUSTED_PROXIES"]["value"] == "not set"
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
    said = run("schema", "-o", "/nonexist/x", code=2).output
    assert said.startswith("/nonexist/x cannot be used (No such file or directory); name a file")
    assert "cannot be used" in run("schema", "--check", "-o", ".", code=2).output


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
    assert run("--version").output == run("version").output


def test_the_summary_of_each_command_is_whole(run: Run) -> None:
    for words in ((), ("user",), ("config",)):
        listed = run(*words, "--help").output.partition("Commands:\n")[2].splitlines()
        assert listed
        for line in listed:
            assert line.endswith("."), line
            assert not line.endswith("..."), line


def test_doctor_says_that_the_data_folder_cannot_be_made(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("STREAMING_STACK_DATA_DIR", str(tmp_path / "file" / "data"))
    said = run("doctor", code=1).output
    assert f"problem  data folder: {tmp_path}/file/data cannot be made: {tmp_path}/file is" in said
    assert "STREAMING_STACK_DATA_DIR" in said
    assert "ok  Postgres: " in said
    monkeypatch.setenv("STREAMING_STACK_DATA_DIR", str(tmp_path / "closed" / "data"))
    (tmp_path / "closed").mkdir()
    monkeypatch.setattr("os.access", lambda *_: False)
    monkeypatch.delenv("DATABASE_URL")
    assert f"may not write in {tmp_path}/closed" in run("doctor", code=1).output
