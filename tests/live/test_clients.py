"""The npm clients graphql-ws and graphql-sse, in both modes, against the whole application."""

import asyncio
import fcntl
import json
import os
import subprocess
import sysconfig
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from domain.services import Services
from tests.live.stage import OF_LIST, OF_TITLE, Stage, staged

pytestmark = pytest.mark.anyio
NODE = Path(__file__).parents[1] / "node"
SCRIPTS = Path(sysconfig.get_path("scripts"))
ENV = {**os.environ, "PATH": f"{SCRIPTS}{os.pathsep}{os.environ.get('PATH', '')}"}
MODES = ("ws", "distinct", "single")


@pytest.fixture(scope="session")
def clients() -> Path:
    """Install once per checkout, however many test processes ask at the same time."""
    done = NODE / "node_modules" / ".installed"
    with (NODE / "package-lock.json").open() as gate:
        fcntl.flock(gate, fcntl.LOCK_EX)
        lock = gate.read()
        if not done.exists() or done.read_text() != lock:
            command = [SCRIPTS / "npm", "ci", "--no-audit", "--no-fund", "--ignore-scripts"]
            subprocess.run(command, cwd=NODE, env=ENV, check=True, capture_output=True)
            done.write_text(lock)
    return NODE / "live.js"


class Client:
    """One of them at work."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self.process = process

    async def hear(self) -> Any:
        """The next line, but heartbeats."""
        assert self.process.stdout is not None
        while True:
            async with asyncio.timeout(20):
                line = await self.process.stdout.readline()
            assert line, "it ended"
            said = json.loads(line)
            event = next(iter((said.get("data") or {"": None}).values()))
            if event is None:
                return said
            if event["__typename"] != "Heartbeat":
                return event

    async def begun(self) -> None:
        """Wait until it has heard that nothing is missed from now on."""
        assert self.process.stdout is not None
        async with asyncio.timeout(20):
            line = await self.process.stdout.readline()
        assert b"Heartbeat" in line, line


@asynccontextmanager
async def client(
    script: Path, mode: str, port: int, query: str, wanted: int, *, headers: dict[str, str],
    **variables: str,
) -> AsyncIterator[Client]:  # fmt: skip
    address = f"127.0.0.1:{port}/graphql"
    url = f"ws://{address}" if mode == "ws" else f"http://{address}/stream"
    told = (mode, url, query, json.dumps(variables), str(wanted), json.dumps(headers))
    process = await asyncio.create_subprocess_exec(
        SCRIPTS / "node", script.name, *told, cwd=NODE, env=ENV, stdout=asyncio.subprocess.PIPE
    )
    try:
        yield Client(process)
        async with asyncio.timeout(20):
            assert await process.wait() == 0
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()


@pytest.fixture
async def stage(demo_services: Services) -> AsyncIterator[Stage]:
    async with staged(demo_services) as running:
        yield running


@pytest.mark.parametrize("mode", MODES)
async def test_a_client_is_told_and_leaves(clients: Path, stage: Stage, mode: str) -> None:
    viewer, _ = await stage.sign_in()
    headers = {"authorization": f"Bearer {await stage.token(viewer)}"}
    title = await stage.title()
    await stage.run(
        "INSERT INTO watchlist_items (profile_id, title_id, added_at)"
        " VALUES (:p, :t, now()) ON CONFLICT DO NOTHING",
        p=viewer.profile_id, t=title,
    )  # fmt: skip
    async with client(clients, mode, stage.port, OF_LIST, 2, headers=headers) as node:
        await node.begun()
        await stage.happen(title, "leaving")
        await stage.happen(title, "renewed")
        assert [(await node.hear())["kind"] for _ in range(2)] == ["LEAVING", "RENEWED"]
        assert await node.hear() == {"complete": True}


@pytest.mark.parametrize("mode", ["ws", "distinct"])
async def test_a_client_hears_why_not(clients: Path, stage: Stage, mode: str) -> None:
    async with client(clients, mode, stage.port, OF_LIST, 1, headers={}) as node:
        assert "Sign in first" in json.dumps(await node.hear())


@pytest.mark.parametrize("mode", MODES)
async def test_a_client_that_loses_us_misses_nothing(
    clients: Path, demo_services: Services, mode: str
) -> None:
    async with staged(demo_services) as before:
        title, port = await before.title(), before.port
        watching = client(
            clients, mode, port, OF_TITLE, 4, headers={}, title=f"title_{title}"
        )  # fmt: skip
        node = await watching.__aenter__()
        await node.begun()
        await before.happen(title, "added")
        kinds = [(await node.hear())["kind"]]
    async with staged(demo_services, port=port) as after:
        await after.happen(title, "leaving")
        await after.happen(title, "date_moved")
        await after.happen(title, "renewed")
        kinds += [(await node.hear())["kind"] for _ in range(3)]
        await watching.__aexit__(None, None, None)
    assert kinds == ["ADDED", "LEAVING", "DATE_MOVED", "RENEWED"]
