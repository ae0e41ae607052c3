"""Whether there is an Ollama: what the doctor says of it, and how `up` finds one by itself."""

import asyncio
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest
from pydantic import SecretStr

from app import ollama
from app.settings import Settings
from app.upstreams import open_upstreams
from simulators.clock import Clock
from simulators.ollama.app import make
from simulators.samples import sample_world
from simulators.server import running
from tests.app.conftest import Run
from tests.support.instance import NO_OLLAMA, READY, Instance

MODEL = "mistral:7b-instruct"
URL, TOKEN = "STREAMING_STACK_OLLAMA_URL", "STREAMING_STACK_OLLAMA_TOKEN"


@pytest.fixture(scope="module")
def there() -> Iterator[str]:
    """Where an Ollama listens that has the model."""
    with running(make(sample_world(), Clock())) as base:
        yield base


@contextmanager
def answering(answer: bytes, heard: list[bytes] | None = None) -> Iterator[str]:
    """The address of somebody who says just that to everybody; b"" for never a word.

    heard: what they were told.
    """
    told = [] if heard is None else heard
    with socket.create_server(("127.0.0.1", 0)) as server:
        held: list[socket.socket] = []

        def serve() -> None:
            while True:
                try:
                    held.append(server.accept()[0])
                except OSError:
                    return
                if answer:
                    told.append(held[-1].recv(65536))
                    held[-1].sendall(answer)
                    held[-1].close()

        serving = threading.Thread(target=serve, daemon=True)
        serving.start()
        yield f"http://127.0.0.1:{server.getsockname()[1]}"
        server.shutdown(socket.SHUT_RDWR)
    serving.join(10)
    for each in held:
        each.close()


def said(body: str, status: str = "200 OK") -> bytes:
    head = f"HTTP/1.1 {status}\r\nContent-Type: application/json\r\nContent-Length: {len(body)}"
    return f"{head}\r\nConnection: close\r\n\r\n{body}".encode()


def finding(run: Run, code: int = 0) -> dict[str, str]:
    findings = run.json("doctor", code=code)["findings"]
    return next(each for each in findings if each["about"] == "Ollama")


def test_the_doctor_says_that_templates_write_where_nothing_is_set(run: Run) -> None:
    assert finding(run) == {
        "about": "Ollama",
        "state": "ok",
        "message": "not set; whys are written by templates",
        "hint": "",
    }


def test_the_doctor_sees_a_model_and_what_to_pull(
    run: Run, there: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(URL, there)
    found = finding(run)
    assert found["state"] == "ok"
    assert found["message"].endswith(f"at {there.removeprefix('http://')} has {MODEL}")
    monkeypatch.setenv("STREAMING_STACK_OLLAMA_MODEL", "llama9:70b")
    found = finding(run, code=1)
    assert (found["state"], found["hint"]) == ("problem", "ollama pull llama9:70b")


def test_the_doctor_warns_where_nobody_answers_and_keeps_what_is_secret(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(URL, "http://ann:hunter2@127.0.0.1:1")
    found = finding(run)
    assert found["state"] == "warning"
    assert found["hint"].startswith("ollama serve, or unset STREAMING_STACK_OLLAMA_URL")
    assert "127.0.0.1:1" in found["message"]
    assert "hunter2" not in str(found)


def test_the_doctor_tells_somebody_else_from_ollama(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    with answering(said('{"error":"x"}', "404 Not Found")) as url:
        monkeypatch.setenv(URL, url)
        found = finding(run, code=1)
    assert found["state"] == "problem"
    assert "is no Ollama" in found["message"]


@pytest.mark.parametrize(
    "answer",
    [
        said("{}"),
        said("[]"),
        said('{"version":7,"models":[]}'),
        said('{"version":"1","models":[7]}'),
        said("<html></html>"),
        b"SSH-2.0-OpenSSH_9.2\r\n",
    ],
)
def test_what_does_not_speak_as_ollama_is_none(answer: bytes) -> None:
    with answering(answer) as url:
        assert asyncio.run(ollama.look(url, None, 10)).state == "stranger"


def test_the_doctor_knows_a_gate_and_shows_it_the_token(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    with answering(said("{}", "401 Unauthorized")) as url:
        monkeypatch.setenv(URL, url)
        monkeypatch.setenv(TOKEN, "hunter2")
        found = finding(run, code=1)
    assert "STREAMING_STACK_OLLAMA_TOKEN" in found["hint"]
    assert "hunter2" not in str(found)


def test_the_doctor_tells_what_up_would_find(
    run: Run, there: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OLLAMA_HOST", there)
    assert "not set; whys" in finding(run)["message"], "with servers of one's own it is not looked"
    monkeypatch.delenv("DATABASE_URL")
    monkeypatch.delenv("REDIS_URL")
    assert f"`streaming-stack up` finds {MODEL}" in finding(run)["message"]
    monkeypatch.setenv("STREAMING_STACK_OLLAMA_MODEL", "llama9:70b")
    assert "has no llama9:70b" in finding(run)["message"]


@pytest.mark.parametrize(
    ("host", "url"),
    [
        ("", "http://127.0.0.1:11434"),
        ("0.0.0.0", "http://127.0.0.1:11434"),
        ("0.0.0.0:8080", "http://127.0.0.1:8080"),
        ("[::]:8080", "http://[::1]:8080"),
        (":8080", "http://127.0.0.1:8080"),
        ("box", "http://box:11434"),
        ("http://box", "http://box:80"),
        ("https://box/ollama/", "https://box:443/ollama"),
        ("box:many", None),
        ("ftp://box", None),
        ("[::", None),
        ("a b", None),
        ("ann:hunter2@box", None),
    ],
)
def test_its_own_variable_is_read_as_it_reads_it(host: str, url: str | None) -> None:
    assert ollama.usual_url(host) == url


def test_a_model_without_a_tag_is_the_latest_one() -> None:
    seen = ollama.Seen("http://x", "there", "1", frozenset({"llama3:latest", MODEL}))
    assert seen.has("llama3")
    assert seen.has("Llama3:latest")
    assert seen.has(MODEL)
    assert not seen.has("mistral")
    assert not seen.has("llama3:8b")


def test_looking_around_takes_a_moment_and_never_fails(there: str) -> None:
    seen = ollama.nearby({"OLLAMA_HOST": there})
    assert seen is not None
    assert seen.has(MODEL)
    for host in (NO_OLLAMA, "box:many", "http://nowhere.invalid:1"):
        assert ollama.nearby({"OLLAMA_HOST": host}) is None
    with answering(b"") as silent:
        started = time.monotonic()
        assert ollama.nearby({"OLLAMA_HOST": silent}) is None
        assert time.monotonic() - started < 10


def test_what_is_found_is_used_only_with_the_model_and_where_nothing_is_set(
    there: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OLLAMA_HOST", there)
    plain = Settings(_env_file=None)  # type: ignore[call-arg]
    found, note = ollama.discovered(plain)
    assert (found.ollama_url, note) == (there, f"Ollama     {MODEL} phrases the whys")
    given = plain.model_copy(update={"ollama_url": "http://box:1"})
    assert ollama.discovered(given) == (given, "")
    lacking = plain.model_copy(update={"ollama_model": "llama9:70b"})
    same, note = ollama.discovered(lacking)
    assert same is lacking
    assert "`ollama pull llama9:70b`" in note
    monkeypatch.setenv("OLLAMA_HOST", NO_OLLAMA)
    assert ollama.discovered(plain) == (plain, "")


def test_up_finds_one_and_hands_it_to_what_it_starts(there: str, tmp_path: Path) -> None:
    with Instance(tmp_path / "data", OLLAMA_HOST=there) as instance:
        instance.until(READY)
        assert any(f"Ollama     {MODEL} phrases the whys" in each for each in instance.lines)
        given = f"{URL}={there}".encode()
        for program in (b"uvicorn", b"jobs.worker"):
            assert given in environment_of(program, tmp_path)
        assert httpx.get(f"http://127.0.0.1:{instance.port}/readyz").status_code == 200


def environment_of(program: bytes, folder: Path) -> list[bytes]:
    """The variables of the process of a folder that runs a program; one may just be beginning."""
    until = time.monotonic() + 30
    while time.monotonic() < until:
        for process in Path("/proc").glob("[0-9]*"):
            try:
                words = (process / "cmdline").read_bytes().split(b"\0")
                variables = (process / "environ").read_bytes()
            except OSError:
                continue
            if any(program in each for each in words) and str(folder).encode() in variables:
                return variables.split(b"\0")
        time.sleep(0.1)
    raise AssertionError(f"nobody runs {program!r}")


async def asked_by(settings: Settings) -> str | None:
    """What the writer of these settings says, if they make one."""
    async with open_upstreams(settings) as upstreams:
        if upstreams.writer is None:
            return None
        return await upstreams.writer.write("x", seed=1, most_tokens=9, deadline_s=10)


def test_settings_make_a_writer_that_shows_the_token_it_was_given() -> None:
    plain = Settings(_env_file=None)  # type: ignore[call-arg]
    assert asyncio.run(asked_by(plain)) is None
    good = '{"message":{"content":"yes"},"done":true,"done_reason":"stop"}'
    heard: list[bytes] = []
    with answering(said(good), heard) as url:
        given = {"ollama_url": url, "ollama_token": SecretStr("hunter2")}
        assert asyncio.run(asked_by(plain.model_copy(update=given))) == "yes"
    assert b"authorization: bearer hunter2" in heard[0].lower()
