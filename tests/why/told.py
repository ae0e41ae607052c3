"""What clients are told: `recommend` and `whyReady` as programs send them."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx
from websockets.asyncio.client import ClientConnection

from tests.live.stage import Stage
from tests.support.sockets import ask, hear

TONIGHT = """{ recommend(input: {
  mood: TENSE, timeMin: 120, groupSize: 2, subscribedPlatforms: ["netflix", "disney-plus"]
}) {
  id whysPending
  recommendations { why whyId whySource title { name } }
  alternates { why whyId whySource }
} }"""
READY = """subscription Ready($answer: ID!, $stream: Boolean! = false) {
  whyReady(recommendationId: $answer, stream: $stream) {
    __typename
    ... on WhyLine { whyId why whySource }
    ... on WhyDraft { whyId why }
  }
}"""
Told = dict[str, Any]


@asynccontextmanager
async def client(
    site: Stage, cookie: dict[str, str] | None = None
) -> AsyncIterator[httpx.AsyncClient]:
    """Somebody's program or browser."""
    url = f"http://127.0.0.1:{site.port}"
    async with httpx.AsyncClient(base_url=url, headers=cookie, timeout=30) as opened:
        yield opened


async def tonight(http: httpx.AsyncClient) -> Told:
    """An answer."""
    sent = (await http.post("/graphql", json={"query": TONIGHT})).json()
    assert "errors" not in sent, sent
    return sent["data"]["recommend"]


async def follow(opened: ClientConnection, id: str, answer: str, *, stream: bool = False) -> None:
    """Begin to wait for an answer's lines."""
    await ask(opened, id, READY, answer=answer, stream=stream)


async def rest_of(opened: ClientConnection, id: str, *, patience_s: float = 30) -> list[Told]:
    """All that an operation tells until it completes."""
    told: list[Told] = []
    while (said := await hear(opened, patience_s)) != {"id": id, "type": "complete"}:
        assert (said["id"], said["type"]) == (id, "next"), said
        assert "errors" not in said["payload"], said
        told.append(said["payload"]["data"]["whyReady"])
    return told


def lines_of(updates: list[Told]) -> dict[str, tuple[str, str]]:
    """The settled lines and who wrote them; each at most once."""
    lines = [each for each in updates if each["__typename"] == "WhyLine"]
    assert len({each["whyId"] for each in lines}) == len(lines)
    return {each["whyId"]: (each["why"], each["whySource"]) for each in lines}


def whys_of(answer: Told) -> dict[str, tuple[str, str]]:
    """The same of an answer."""
    return {each["whyId"]: (each["why"], each["whySource"]) for each in answer["recommendations"]}
