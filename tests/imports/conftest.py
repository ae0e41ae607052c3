"""One database for all tests of a file, emptied before each: making one takes longer still."""

import asyncio
from collections.abc import AsyncIterator, Iterator

import pytest

from app.database import open_database
from domain.db import Database
from tests.accounts import people
from tests.app.conftest import run, url
from tests.support import servers

__all__ = ["run", "url"]  # fixtures: commands on a database of their own


@pytest.fixture(scope="module")
def imports_url() -> Iterator[str]:
    """A database of the file's own."""
    url = asyncio.run(servers.clone())
    yield url
    asyncio.run(servers.drop(url))


@pytest.fixture
async def database(imports_url: str) -> AsyncIterator[Database]:
    """The same, open and empty."""
    opened = open_database(imports_url, application="tests")
    await people.run(opened, "TRUNCATE accounts, titles, platforms, events CASCADE")
    yield opened
    await opened.engine.dispose()
