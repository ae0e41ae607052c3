"""The first evening on the embedded default: a sync, somebody who listens, and time that passes."""

import asyncio
import json
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import aclosing
from typing import Any

import httpx
import pytest

from tests.soak.followers import over_sse
from tests.support.instance import READY, Instance, clean_environment

pytestmark = [pytest.mark.anyio, pytest.mark.timeout(180)]

PLATFORMS = """
subscription ($after: Cursor) {
  told: availabilityChanged(scope: MY_PLATFORMS, after: $after) {
    __typename
    ... on AvailabilityEvent { cursor kind source title { id } platform { slug } expiresOn }
    ... on Resync { cursor reason }
    ... on Heartbeat { cursor }
  }
}"""
RUNS = """
subscription {
  told: syncRunChanged {
    __typename
    ... on SyncRunEvent { cursor kind run { id state titles done removed } }
    ... on Heartbeat { cursor }
  }
}"""


@pytest.fixture(scope="module")
def instance(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Instance]:
    """An instance that has had its first sync."""
    folder = tmp_path_factory.mktemp("evening") / "data"
    with Instance(folder) as started:
        started.until(READY)
        yield started
        assert started.ctrl_c() == 0


def command(instance: Instance, *words: str) -> tuple[int, str]:
    """Run a command beside the instance; its exit code and what it answers."""
    done = subprocess.run(
        [sys.executable, "-m", "app.cli", *words],
        env=clean_environment(STREAMING_STACK_DATA_DIR=str(instance.folder)),
        cwd="/",
        capture_output=True,
        text=True,
        check=False,
        timeout=90,
    )
    return done.returncode, done.stdout or done.stderr


def token_of(instance: Instance, email: str) -> dict[str, str]:
    """The headers of a demo account."""
    code, said = command(instance, "token", email, "--name", "an evening", "--json")
    assert code == 0, said
    return {"authorization": f"Bearer {json.loads(said)['token']}"}


async def heard(
    instance: Instance, headers: dict[str, str], query: str, ready: asyncio.Event
) -> AsyncIterator[dict[str, Any]]:
    """What somebody is told, from when they listen on."""
    base = f"http://127.0.0.1:{instance.port}"
    async with aclosing(over_sse(base, headers, {"query": query})) as results:
        async for result in results:
            told = result["data"]["told"]
            ready.set()
            if not told["__typename"].startswith("Heart"):
                yield told


async def test_time_moves_on_things_leave_and_whoever_listens_hears_of_it(
    instance: Instance,
) -> None:
    people, admin = (token_of(instance, f"{name}@example.com") for name in ("pro", "admin"))
    code, said = command(instance, "sync", "--now", "--json")
    first = json.loads(said)
    assert (code, first["state"]) == (0, "done"), said
    events: list[dict[str, Any]] = []
    runs: list[dict[str, Any]] = []

    async def listen(headers: dict[str, str], query: str, into: list[dict[str, Any]]) -> None:
        async for told in heard(instance, headers, query, ready[query]):
            into.append(told)

    ready = {PLATFORMS: asyncio.Event(), RUNS: asyncio.Event()}
    listeners = [
        asyncio.create_task(listen(people, PLATFORMS, events)),
        asyncio.create_task(listen(admin, RUNS, runs)),
    ]
    for each in ready.values():
        await asyncio.wait_for(each.wait(), 20)
    code, said = await asyncio.to_thread(command, instance, "demo-clock", "--days", "30", "--json")
    assert code == 0, said
    code, said = await asyncio.to_thread(command, instance, "sync", "--now", "--json")
    assert code == 0, said
    second = json.loads(said)
    print(f"a month later: {second}")
    async with asyncio.timeout(20):
        while not any(each["kind"] == "REMOVED" for each in events) or not any(
            each["kind"] == "ENDED" for each in runs
        ):
            assert not any(each.done() for each in listeners)
            await asyncio.sleep(0.1)
    for each in listeners:
        each.cancel()
    await asyncio.gather(*listeners, return_exceptions=True)
    assert {each["source"] for each in events} == {"simulator/justwatch"}
    assert len({each["cursor"] for each in events}) == len(events)
    ended = next(each["run"] for each in runs if each["kind"] == "ENDED")
    assert ended["state"] == "DONE"
    assert ended["done"] == ended["titles"] > 800
    assert ended["removed"] > 10


async def test_only_admins_hear_of_runs(instance: Instance) -> None:
    base = f"http://127.0.0.1:{instance.port}"
    async with httpx.AsyncClient(base_url=base) as client:
        for headers in ({}, token_of(instance, "pro@example.com")):
            asked = {"query": "{ syncRuns { nodes { id } } }"}
            answer = await client.post("/graphql", json=asked, headers=headers)
            [error] = answer.json()["errors"]
            assert error["extensions"]["code"] in {"UNAUTHENTICATED", "FORBIDDEN"}
            answer = await client.post(
                "/graphql/stream",
                json={"query": RUNS},
                headers={"accept": "text/event-stream", **headers},
            )
            assert error["extensions"]["code"] in answer.text


async def test_the_demo_clock_is_for_whoever_is_signed_in(instance: Instance) -> None:
    base = f"http://127.0.0.1:{instance.port}"
    move = (
        "mutation ($days: Int!) { moveDemoClock(days: $days) { __typename ... on UserError { code }"
    )
    move += " ... on DemoClockMoved { clock { aheadDays } } } }"
    async with httpx.AsyncClient(base_url=base) as client:

        async def moved(headers: dict[str, str], days: int) -> dict[str, Any]:
            asked = {"query": move, "variables": {"days": days}}
            answer = await client.post("/graphql", json=asked, headers=headers)
            return answer.json()["data"]["moveDemoClock"]

        assert (await moved({}, 1))["code"] == "UNAUTHENTICATED"
        people = token_of(instance, "free@example.com")
        assert (await moved(people, 0))["code"] == "INVALID_INPUT"
        before = (
            await client.post("/graphql", json={"query": "{ demoClock { aheadDays } }"})
        ).json()
        after = await moved(people, 1)
        ahead = before["data"]["demoClock"]["aheadDays"]
        assert after["clock"]["aheadDays"] == pytest.approx(ahead + 1, abs=0.01)


def test_a_dry_run_counts_and_a_single_title_is_asked_about(instance: Instance) -> None:
    for words in (("--dry-run",), ("--title", "title_2")):
        while True:  # the test before this one has started a run
            code, said = command(instance, "sync", *words, "--json")
            if code == 0:
                break
            assert "under way" in said
        run = json.loads(said)
        assert (run["state"], run["dry_run"]) == ("done", words == ("--dry-run",))
        if words[0] == "--title":
            assert (run["titles"], run["requests"]) == (1, 1)
    code, said = command(instance, "sync", "--title", "title_0", "--json")
    assert code == 1
    assert "can be" in said or "None of these" in said
