"""The 61 audits of npm's graphql-http, by its own runner, against a real server."""

import fcntl
import json
import os
import subprocess
import sysconfig
from pathlib import Path

import pytest
from conftest import serve

from app.graphql.http import GraphQLEndpoint

NODE = Path(__file__).parents[1] / "node"
SCRIPTS = Path(sysconfig.get_path("scripts"))
ENV = {**os.environ, "PATH": f"{SCRIPTS}{os.pathsep}{os.environ.get('PATH', '')}"}


@pytest.fixture(scope="session")
def node_modules() -> Path:
    """Install once per checkout, however many test processes ask at the same time."""
    done = NODE / "node_modules" / ".installed"
    with (NODE / "package-lock.json").open() as gate:
        fcntl.flock(gate, fcntl.LOCK_EX)
        lock = gate.read()
        if not done.exists() or done.read_text() != lock:
            command = [SCRIPTS / "npm", "ci", "--no-audit", "--no-fund", "--ignore-scripts"]
            subprocess.run(command, cwd=NODE, env=ENV, check=True, capture_output=True)
            done.write_text(lock)
    return NODE / "node_modules"


def test_every_audit_passes(node_modules: Path, endpoint: GraphQLEndpoint) -> None:
    with serve(endpoint) as url:
        command = [SCRIPTS / "node", "audits.js", f"{url}/graphql"]
        printed = subprocess.run(
            command, cwd=NODE, env=ENV, check=True, capture_output=True, text=True, timeout=120
        ).stdout
    audits = [json.loads(line) for line in printed.splitlines()]
    assert [audit for audit in audits if audit["status"] != "ok"] == []
    assert len(audits) == 61
    assert node_modules.is_dir()


def test_the_lock_names_no_registry() -> None:
    assert "resolved" not in (NODE / "package-lock.json").read_text()
