"""The secret that is made for a data folder, and the command that signs with it."""

import json
import stat
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from pydantic import SecretStr, ValidationError

from app.environment import complaints, listed
from app.logs import HIDDEN, hide_secrets
from app.programs import api, worker
from app.settings import Settings
from app.webhook_secret import FILE, kept_secret, with_secret
from domain.webhooks.signatures import keys_of
from tests.app.conftest import Run
from tests.support.instance import READY, Instance, clean_environment

NAME = "STREAMING_STACK_JUSTWATCH_WEBHOOK_SECRET"
SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"


def settings(folder: Path, **given: str) -> Settings:
    return Settings(_env_file=None, data_dir=folder, **given)  # type: ignore[call-arg]


def secret_of(made: Settings) -> str:
    assert made.justwatch_webhook_secret is not None
    return made.justwatch_webhook_secret.get_secret_value()


def test_a_secret_is_made_once_and_is_for_our_eyes_alone(tmp_path: Path) -> None:
    first = with_secret(settings(tmp_path), tmp_path)
    assert len(keys_of(secret_of(first))[0]) == 32
    assert stat.S_IMODE((tmp_path / FILE).stat().st_mode) == 0o600
    assert [each.name for each in tmp_path.iterdir()] == [FILE]
    assert secret_of(with_secret(settings(tmp_path), tmp_path)) == secret_of(first)
    assert kept_secret(settings(tmp_path)) == secret_of(first)


def test_half_a_secret_of_a_killed_start_is_no_secret(tmp_path: Path) -> None:
    (tmp_path / f"{FILE}.new").write_text("whsec_half")
    assert len(keys_of(secret_of(with_secret(settings(tmp_path), tmp_path)))) == 1


def test_a_secret_that_was_set_stays_and_none_is_made(tmp_path: Path) -> None:
    given = settings(tmp_path, justwatch_webhook_secret=SECRET)
    assert secret_of(with_secret(given, tmp_path)) == SECRET
    assert list(tmp_path.iterdir()) == []
    assert kept_secret(given) is None


def test_the_api_gets_the_secret_and_the_worker_needs_none(tmp_path: Path) -> None:
    made = with_secret(settings(tmp_path), tmp_path).model_copy(
        update={"database_url": SecretStr("postgresql://x/y"), "redis_url": SecretStr("redis://x")}
    )
    for program, has in ((api, True), (worker, False)):
        command = program(made, tmp_path, lambda _name, _line: None)
        assert (NAME in command.env) is has
        assert secret_of(made) not in " ".join(map(str, command.argv))


def test_the_settings_show_what_was_made_and_hide_what_was_set(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("STREAMING_STACK_DATA_DIR", str(tmp_path))
    monkeypatch.delenv("DATABASE_URL", raising=False)

    def shown() -> tuple[str, str]:
        (row,) = [each for each in listed() if each.variable == NAME]
        return row.value, row.source

    assert shown() == ("not set", "the default")
    made = secret_of(with_secret(settings(tmp_path), tmp_path))
    assert shown() == (made, "made for the data folder")
    monkeypatch.setenv(NAME, f"{SECRET} {SECRET}")
    assert shown() == ("set", "the environment")


@pytest.mark.parametrize("wrong", ["hunter2", "whsec_hunter2", f"{SECRET} whsec_hunter2"])
def test_a_malformed_secret_is_named_and_not_repeated(
    wrong: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv(NAME, wrong)
    (said,) = [each for each in complaints() if NAME in each]
    assert said.startswith(f"{NAME} is …; it must be 'whsec_' and the base64 of 24 to 64 bytes")
    assert "hunter2" not in said
    with pytest.raises(ValidationError):
        settings(tmp_path)


def test_no_log_has_a_secret() -> None:
    told = {"event": f"it was {SECRET} then", "webhook_secret": "x", "headers": {"a": SECRET}}
    hidden = hide_secrets(None, "info", dict(told))
    assert SECRET not in json.dumps(hidden)
    assert hidden["webhook_secret"] == HIDDEN


def test_without_a_secret_the_command_says_what_to_do(run: Run) -> None:
    said = run("webhook", "--title", "title_1", "--platform", "netflix", "--country", "US", code=2)
    assert f"set {NAME}" in said.output


def test_what_the_catalogue_does_not_have_is_refused(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(NAME, SECRET)
    for title, sentence in (("title_1", "There is no title title_1"), ("film_1", "is not the id")):
        words = ("--title", title, "--platform", "netflix", "--country", "US")
        assert sentence in run("webhook", *words, code=1).output


def test_a_webhook_goes_through_a_whole_instance(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    until = (datetime.now(UTC) + timedelta(days=9)).date().isoformat()

    def command(*words: str, code: int = 0) -> str:
        given = {"STREAMING_STACK_DATA_DIR": str(folder), "STREAMING_STACK_PORT": str(up.port)}
        done = subprocess.run(
            [sys.executable, "-m", "app.cli", *words],
            env=clean_environment(**given), cwd="/", capture_output=True, text=True,
            check=False, timeout=60,
        )  # fmt: skip
        assert done.returncode == code, done.stdout + done.stderr
        return done.stdout

    with Instance(folder) as up:
        up.until(READY)
        secret = command("config", "webhook-secret").strip()
        assert secret in command("config", "show")
        words = ("--title", "title_2", "--platform", "netflix", "--country", "US")
        told = json.loads(command("webhook", *words, "--expires", until, "--json"))
        assert (told["status"], json.loads(told["answer"])) == (
            202,
            {"accepted": 1, "duplicates": 0},
        )
        assert told["body"]["data"]["events"][0]["available_to"] == until
        said = command("webhook", *words, "--change", "expired")
        assert '{"accepted":1,"duplicates":0}' in said
        nowhere = f"http://127.0.0.1:{up.port}/webhooks/elsewhere"
        assert "404" in command("webhook", *words, "--url", nowhere, code=1)
        assert up.ctrl_c() == 0
    logs = "".join(path.read_text() for path in (folder / "logs").glob("*.log"))
    assert "/webhooks/justwatch" in logs
    assert secret not in logs
    assert secret not in "\n".join(up.lines)
