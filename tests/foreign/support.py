"""Runs a client that others wrote, in an environment of its own, against our stand-ins."""

import json
import os
import subprocess
from pathlib import Path
from typing import Any

import httpx
import pytest

from simulators.app import create_app
from simulators.server import running
from simulators.world import World

ROOT = Path(__file__).parents[2]
ENVIRONMENT = ROOT / ".venv/foreign"
PINS = Path(__file__).parent / "requirements.in"
SCRIPTS = Path(__file__).parent / "clients"


def foreign_python() -> Path:
    """The interpreter of the environment that `make test` builds, or pass the test over."""
    if not (ENVIRONMENT / "installed").exists():
        pytest.skip(
            "the clients that others wrote are not in .venv/foreign: "
            "`make test` installs them where a package index can be reached"
        )
    return ENVIRONMENT / "bin/python"


def hold(
    python: Path, client: str, wishes: dict[str, Any], world: World, home: Path
) -> dict[str, Any]:
    """Let a client talk to stand-ins of its own. home: where it may leave files.

    → what its script says it got, and under "sim" what the stand-ins say of it; or a "problem".
    """
    with running(create_app(world)) as base:
        done = subprocess.run(
            [python, SCRIPTS / f"drive_{client}.py", base, json.dumps(wishes)],
            env={"PATH": os.environ["PATH"], "HOME": str(home), "PYTHONUTF8": "1"},
            cwd=home,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        if done.returncode:
            return {"problem": f"drive_{client}.py failed:\n{done.stderr[-4000:]}"}
        said = json.loads(done.stdout.splitlines()[-1])
        return said | {"sim": httpx.get(f"{base}/_sim/").json()}
