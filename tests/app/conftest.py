"""Commands run in this process, on a database of the test's own."""

import asyncio
import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from typer.testing import CliRunner

from app.cli import app
from app.database import open_database
from domain.accounts.demo import ensure_demo_accounts
from tests.support import servers
from tests.support.instance import NO_OLLAMA


class Run:
    """Runs commands, and insists on their exit code."""

    def __call__(self, *words: str, code: int = 0) -> Result:
        result = CliRunner().invoke(app, words, catch_exceptions=False)
        assert result.exit_code == code, result.output
        return result

    def json(self, *words: str, code: int = 0) -> dict[str, Any]:
        return json.loads(self(*words, "--json", code=code).stdout)


@pytest.fixture
def url() -> Iterator[str]:
    """A migrated database with the demo's accounts and no titles."""
    made = asyncio.run(servers.clone())
    asyncio.run(_add_accounts(made))
    yield made
    asyncio.run(servers.drop(made))


async def _add_accounts(url: str) -> None:
    database = open_database(url)
    async with database.transaction() as session:
        await ensure_demo_accounts(session, datetime.now(UTC))
    await database.engine.dispose()


@pytest.fixture
def run(url: str, valkey_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run a command on that database, in a folder without an .env."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DATABASE_URL", url)
    monkeypatch.setenv("REDIS_URL", valkey_url)
    monkeypatch.setenv("STREAMING_STACK_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("OLLAMA_HOST", NO_OLLAMA)
    return Run()
