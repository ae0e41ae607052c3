"""The real stack on the demo, with the dashboard as it was built, and a browser in front of it."""

import json
import os
import shutil
import subprocess
import sysconfig
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from app.web import built
from domain.accounts.demo import PASSWORD
from tests.support.instance import READY, Instance

HERE = Path(__file__).parent
WEB = HERE.parents[1] / "web"
Script = Callable[..., list[dict[str, Any]]]

# `make test-web` looks at each width and in both themes, `make test` at what differs most.
EVERY_LOOK = os.environ.get("STREAMING_STACK_TEST_LOOKS") == "all"


@pytest.fixture(scope="session")
def build() -> Path:
    """What `make web` built."""
    found = built([WEB / "build"])
    if found is None:
        pytest.skip("the dashboard is not built: type `make web`")
    return found


@pytest.fixture(scope="session")
def node() -> Mapping[str, str]:
    """The environment in which `node` is found, with the dashboard's packages beside it."""
    path = os.pathsep.join([sysconfig.get_path("scripts"), os.environ.get("PATH", "")])
    if shutil.which("node", path=path) is None:
        pytest.skip("there is no Node here: type `make test`, which installs it")
    if not (WEB / "node_modules" / "playwright-core").is_dir():
        pytest.skip("the dashboard's packages are not installed: type `make web`")
    return {**os.environ, "PATH": path}


@pytest.fixture(scope="session")
def chromium() -> str:
    """Where Chromium is."""
    found = shutil.which("chromium") or shutil.which("chromium-browser")
    if found is None:
        pytest.skip("no chromium here (Debian: apt install chromium)")
    return found


@pytest.fixture(scope="session")
def instance(build: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Instance]:
    """`streaming-stack up` with the demo, which may be asked as often as we like."""
    folder = tmp_path_factory.mktemp("dashboard") / "data"
    often = {
        "STREAMING_STACK_RECOMMEND_PER_MINUTE": "10000",
        "STREAMING_STACK_RECOMMEND_PER_MINUTE_BROWSER": "10000",
    }
    with Instance(folder, **often) as it:
        it.until(READY)
        yield it
        it.ctrl_c()


@pytest.fixture(scope="session")
def stack(instance: Instance) -> str:
    """Its address."""
    return f"http://127.0.0.1:{instance.port}"


@pytest.fixture(scope="session")
def script(stack: str, node: Mapping[str, str], chromium: str) -> Script:
    """Run one of the scripts beside this file; each line it prints, read as JSON."""

    def run(name: str, **told: Any) -> list[dict[str, Any]]:
        words = json.dumps({"base": stack, "password": PASSWORD, **told})
        done = subprocess.run(
            ["node", str(HERE / name), words],
            env={**node, "CHROMIUM": chromium},
            capture_output=True,
            text=True,
            check=False,
            timeout=told.pop("seconds", 240),
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return [json.loads(line) for line in done.stdout.splitlines()]

    return run
