"""A small real model behind Ollama's API, in an environment and a process of its own."""

import os
import subprocess
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import suppress

import httpx
import pytest

from app.embedded.ports import free_port
from app.programs import ROOT
from integrations.ollama.client import PATIENCE, Ollama
from simulators.ollama.llama import OWN_NAME
from tests.integrations.upstreams import wire

_BESIDE = ROOT / ".venv" / "llm"
_START_S = 60.0


@pytest.fixture(scope="session")
def model_url() -> Iterator[str]:
    """Where the model answers."""
    if not (_BESIDE / "installed").exists():
        pytest.skip("there is no model here: type `make test-llm`")
    url = f"http://127.0.0.1:{free_port()}"
    argv = [_BESIDE / "bin" / "python", "-P", "-m", "simulators.ollama.serve"]
    env = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT)}
    with subprocess.Popen([*argv, "--port", url.rpartition(":")[2]], env=env) as server:
        try:
            _await(url, server)
            yield url
        finally:
            server.terminate()


def _await(url: str, server: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + _START_S
    while server.poll() is None and time.monotonic() < until:
        with suppress(httpx.TransportError):
            if httpx.get(url).text == "Ollama is running":
                return
        time.sleep(0.05)
    pytest.fail("the model's server did not start")


@pytest.fixture
def model(model_url: str) -> Iterator[httpx.Client]:
    """Whoever asks it directly, and what it has noted of its calls."""
    with httpx.Client(base_url=model_url, timeout=60) as client:
        yield client


@pytest.fixture
async def writer(model_url: str) -> AsyncIterator[Ollama]:
    """The client that people's lines are written by, unchanged."""
    async with wire.upstreams() as opened:
        yield Ollama(opened(model_url, "Ollama", patience=PATIENCE), OWN_NAME)
