"""The 61 audits of npm's graphql-http, by its own runner, against a real server."""

import asyncio
import fcntl
import json
import os
import subprocess
import sysconfig
from pathlib import Path

import pytest
from conftest import serve
from pydantic import SecretStr

from app.asgi import create_app
from app.graphql.http import GraphQLEndpoint
from app.settings import Settings

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


def audit(node_modules: Path, url: str) -> list[dict[str, str]]:
    """What each of the audits says of an endpoint."""
    command = [SCRIPTS / "node", "audits.js", f"{url}/graphql"]
    printed = subprocess.run(
        command, cwd=node_modules.parent, env=ENV, check=True, capture_output=True, text=True,
        timeout=120,
    ).stdout  # fmt: skip
    return [json.loads(line) for line in printed.splitlines()]


def test_every_audit_passes(node_modules: Path, endpoint: GraphQLEndpoint) -> None:
    with serve(endpoint) as url:
        audits = audit(node_modules, url)
    assert [each for each in audits if each["status"] != "ok"] == []
    assert len(audits) == 61


@pytest.mark.anyio
async def test_every_audit_passes_on_the_whole_application(
    node_modules: Path, database_url: str, valkey_url: str
) -> None:
    """With viewers, limits, the origin check and the middleware in front."""
    settings = Settings(_env_file=None).model_copy(
        update={"database_url": SecretStr(database_url), "redis_url": SecretStr(valkey_url)}
    )
    with serve(create_app(settings), lifespan="on") as url:
        audits = await asyncio.to_thread(audit, node_modules, url)
    assert [each for each in audits if each["status"] != "ok"] == []
    assert len(audits) == 61


def test_the_lock_names_no_registry() -> None:
    assert "resolved" not in (NODE / "package-lock.json").read_text()
