"""Files that come with a request: with what, and how many at once."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from tests.api.conftest import Household
from tests.imports.test_graphql import home, send

__all__ = ["home"]  # a fixture

pytestmark = pytest.mark.anyio


async def test_a_file_comes_with_a_mutation(home: Household):
    asked = {"query": "query ($file: Int) { titles(first: $file) { nodes { id } } }",
             "variables": {"file": None}}  # fmt: skip
    for query in (asked["query"], "{ __typename }"):
        answer = await send(home.browser, {**asked, "query": query})
        assert (answer.status_code, answer.json()["errors"][0]["message"]) == (
            400, "A file comes with a mutation."
        )  # fmt: skip


async def test_an_account_sends_two_files_at_once_and_then_others(home: Household):
    start = b'--b\r\nContent-Disposition: form-data; name="0"; filename="a"\r\n\r\n'
    kind = {"content-type": "multipart/form-data; boundary=b"}
    go, begun = asyncio.Event(), asyncio.Semaphore(0)

    async def slow() -> AsyncIterator[bytes]:
        yield start
        begun.release()
        await go.wait()
        yield b"x"

    async with asyncio.TaskGroup() as group:
        coming = [
            group.create_task(home.browser.post("/graphql", content=slow(), headers=kind))
            for _ in range(2)
        ]
        for _ in coming:
            await begun.acquire()
        refused = await send(home.browser)
        go.set()
    for each in coming:
        assert (await each).status_code == 400
        assert "it breaks off" in (await each).text
    assert refused.status_code == 429
    assert int(refused.headers["retry-after"]) > 0
    assert (await send(home.browser)).status_code == 200
