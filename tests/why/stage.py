"""A stand-in for Ollama that says what it is told, and services whose lines it writes."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

import httpx
from redis.asyncio import Redis

from app.deps import make_services
from app.settings import Settings
from app.upstreams import Upstreams
from domain.accounts.viewer import Viewer
from domain.db import Database
from domain.ports import Writer
from domain.recommendations.service import ANSWERS, Answer
from domain.recommendations.values import Question
from domain.services import Services
from domain.why import tallies
from domain.why.drain import Drain
from domain.why.pace import Pace
from domain.why.pen import Pen
from domain.why.values import Line, Source
from integrations.ollama.client import PATIENCE, Ollama
from integrations.upstreams.http import Upstream
from tests.support.graphql import ANYONE

MODEL = "mistral:7b-instruct"
GOOD = "{TITLE} is a fine choice for tonight."
LIE = "{TITLE} won 11 awards and everybody dies in the end."
QUICK = Pace(
    grace=30.0, heard=10.0, heard_every=0.3, look=0.2, least=0.02, lease=10.0, renewed=0.4,
    draft_every=0.02,
)  # fmt: skip


@dataclass
class Model:
    """The stand-in. url: where it is."""

    url: str
    http: httpx.Client

    def says(self, *lines: str, again: bool = True) -> None:
        """Let it write these lines in turn, for always or once."""
        self._post("lines", {"lines": lines, "again": again})

    def fault(self, kind: str, times: int | None = None) -> None:
        """Let it go wrong."""
        self._post("faults", {"kind": kind, "times": times})

    def recover(self) -> None:
        """Let nothing be wrong."""
        self.http.delete("/_sim/faults")

    def set(self, **settings: Any) -> None:
        """Change its pace and its size."""
        self._post("settings", settings)

    def _post(self, path: str, body: Any) -> None:
        answer = self.http.post(f"/_sim/{path}", json=body)
        assert answer.status_code == 200, answer.text

    @property
    def log(self) -> dict[str, Any]:
        """What it was asked."""
        return self.http.get("/_sim/log").json()

    @property
    def calls(self) -> list[dict[str, Any]]:
        """The calls, in order."""
        return self.log["calls"]


def upstream(model: Model) -> Upstream:
    """A way to the stand-in, to be closed."""
    return Upstream("Ollama", model.url, per_second=None, patience=PATIENCE)


def services_of(
    database: Database,
    valkey: Redis,
    way: Upstream,
    *,
    pace: Pace = QUICK,
    parallel: int = 1,
    line_s: float = 30.0,
) -> Services:
    """Services with a writer; two of them on the same servers are two processes."""
    settings = Settings(
        _env_file=None,  # type: ignore[call-arg]
        ollama_url="http://127.0.0.1:1",  # the writer knows better
        ollama_parallel=parallel,
        ollama_line_s=line_s,
    )
    writer = Ollama(way, MODEL, at_once=parallel)
    made = make_services(database, valkey, settings, Upstreams(writer=writer))
    assert made.whys is not None
    return with_pace(replace(made, writer=writer), pace)


def with_pace(services: Services, pace: Pace) -> Services:
    """The same services, at another pace."""
    assert services.whys is not None
    whys = replace(services.whys, pace=pace)
    return replace(services, whys=whys, recommender=replace(services.recommender, whys=whys))


def named(services: Services, model: str) -> Services:
    """The same services with a model of another name."""
    assert services.whys is not None
    whys = replace(services.whys, model=model)
    return replace(services, whys=whys, recommender=replace(services.recommender, whys=whys))


def now() -> datetime:
    return datetime.now(UTC)


def drain(services: Services, writer: Writer | None = None) -> Drain:
    """A worker's turn."""
    whys, writer = services.whys, writer or services.writer
    assert whys is not None
    assert writer is not None
    return Drain(Pen(whys, writer, services.database, now))


async def ask(
    services: Services,
    platforms: tuple[int, ...],
    viewer: Viewer = ANYONE,
    mood: str | None = "tense",
    **more: Any,
) -> Answer:
    """An answer."""
    question = Question(mood, more.pop("minutes", 120), 2, platforms, **more)
    return await services.recommender.recommend(viewer, question, now())


async def heard(
    services: Services, answer: Answer, viewer: Viewer = ANYONE, **more: Any
) -> list[Line]:
    """All that arrives for an answer."""
    assert services.whys is not None
    told = {"patience_s": 30.0, **more}
    return [line async for line in services.whys.ready(answer.id, viewer, **told)]


async def written(services: Services, answer: Answer, viewer: Viewer = ANYONE) -> list[Line]:
    """The same with a worker at it."""
    lines, _ = await asyncio.gather(heard(services, answer, viewer), drain(services).run())
    return lines


async def eventually(check: Callable[[], Any], seconds: float = 30.0) -> None:
    """Wait until something is so, which happens elsewhere."""
    async with asyncio.timeout(seconds):
        while True:
            found = check()
            if isinstance(found, Awaitable):
                found = await found
            if found:
                return
            await asyncio.sleep(0.02)


def five(answer: Answer) -> list[str]:
    """The ids of the whys of the answer proper."""
    return [each.why_id for each in answer.picks[:ANSWERS]]


async def work(services: Services) -> None:
    """What a worker does all day, until it is cancelled."""
    while True:
        await drain(services).look_after()
        await asyncio.sleep(0.02)


async def tally(services: Services) -> dict[tuple[str, str], int]:
    """How many lines ended how, and why."""
    async with services.database.read() as connection:
        return {(it.outcome, it.reason): it.lines for it in await tallies.counts(connection)}


def sources(lines: list[Line]) -> set[Source]:
    """Who wrote lines that are settled."""
    assert all(line.final for line in lines)
    return {line.source for line in lines}


def templates(answer: Answer) -> dict[str, str]:
    """The templates of the answer proper, by the ids of their whys."""
    return {each.why_id: each.why for each in answer.picks[:ANSWERS]}
