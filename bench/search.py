"""GET /api/search and GraphQL's titles(search:), with what people type."""

import random
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

import asyncpg

from bench import client, member, stats
from bench.api import Api, cpu_seconds
from bench.client import request
from bench.report import Row
from bench.stage import Stage

PART = "search"
AT_20K_MS, AT_200K_MS = 60, 250
_STOP_WORDS = ("the", "and", "of the", "it", "a man", "who is")
_NONSENSE = ("xqzvbw", "asdf jkl", "zzzzzzzz", "q", "1234567890", "ßœ漢字")
_QUERY = """
query Search($words: String, $genres: [Genre!], $moods: [Mood!], $minutes: Int) {
  titles(search: $words, genres: $genres, moods: $moods, maxRuntimeMin: $minutes, first: 20) {
    nodes { id name year kind runtimeMin }
  }
}
"""


@dataclass(frozen=True, slots=True)
class Typed:
    """What somebody looks for. kind: of typing; minutes and moods only GraphQL can filter by."""

    kind: str
    words: str
    genre: str | None = None
    mood: str | None = None
    minutes: int | None = None

    def rest(self, headers: Mapping[str, str]) -> bytes:
        """As REST asks."""
        told = {"q": self.words} | ({"genre": self.genre} if self.genre else {})
        return request("GET", f"/api/search?{urlencode(told)}", headers)

    def graphql(self, headers: Mapping[str, str]) -> bytes:
        """As GraphQL asks."""
        variables: dict[str, Any] = {"words": self.words, "minutes": self.minutes}
        for name, value in (("genres", self.genre), ("moods", self.mood)):
            if value:
                variables[name] = [value.upper().replace("-", "_")]
        told = {"query": _QUERY, "variables": variables}
        return request("POST", "/graphql", headers, told)


async def corpus(url: str) -> list[Typed]:
    """Sixty searches: the words are those of titles that are there."""
    connection = await asyncpg.connect(url)
    rows = await connection.fetch(
        "SELECT t.name, synopsis FROM titles t JOIN title_texts ON title_id = t.id"
        " WHERE length(t.name) > 7 ORDER BY hashint8(t.id) LIMIT 60"
    )
    await connection.close()
    draw = random.Random(4)
    names = [row["name"] for row in rows]
    synopses = [row["synopsis"].split() for row in rows if len(row["synopsis"].split()) > 6]
    told = [" ".join(draw.sample(words, 2)) for words in synopses]
    genres = ("comedy", "drama", "thriller", "family")
    filtered = [
        Typed("filters", draw.choice((name.split()[0], "")), draw.choice(genres),
              draw.choice(("dark", "funny", None)), draw.choice((None, 90, 120)))
        for name in names[48:]
    ]  # fmt: skip
    return [
        *(Typed("exact", name) for name in names[:12]),
        *(Typed("prefix", name[: draw.randint(3, 7)]) for name in names[12:22]),
        *(Typed("typo", _mistyped(name, draw)) for name in names[22:34]),
        *(Typed("synopsis", words) for words in told[:8]),
        *(Typed("stop words", words) for words in _STOP_WORDS),
        *(Typed("nonsense", words) for words in _NONSENSE),
        *filtered[:6],
    ]


def _mistyped(name: str, draw: random.Random) -> str:
    """Two neighbouring letters swapped, or one left out."""
    place = draw.randrange(1, len(name) - 2)
    middle = name[place + 1] + name[place] if draw.random() < 0.5 else name[place]
    return name[:place] + middle + name[place + 2 :]


async def run(stage: Stage) -> list[Row]:
    """Both catalogues through both doors."""
    rows: list[Row] = []
    url = await stage.catalogue_2022()
    if url is None:
        rows.append(Row.skipped(PART, "the lists of 2022", "set STREAMING_STACK_TEST_DATA"))
    else:
        rows += await _measure(stage, url, "20k titles of 2022", AT_20K_MS)
    url = await stage.synthetic("synthetic", stage.largest)
    what = f"{stage.largest // 1000}k made-up titles"
    return rows + await _measure(stage, url, what, AT_200K_MS)


async def _measure(stage: Stage, url: str, what: str, most: float) -> list[Row]:
    stage.say(f"search: {what}")
    headers = await member.join(url, stage.valkey.url)
    typed = await corpus(url)
    rows: list[Row] = []
    with stage.serve(url) as api:
        for door, requests in (
            ("REST", [each.rest(headers) for each in typed]),
            ("GraphQL", [each.graphql(headers) for each in typed]),
        ):
            times, cost = await _ask(stage, api, requests)
            p50, p95 = (stats.percentile(times, share) for share in (0.5, 0.95))
            slow = ", ".join(_slowest(typed, times))
            ours = f"p50 {p50:.1f}, p95 {p95:.1f} ms; CPU {cost:.1f} ms; slowest: {slow}"
            rows.append(Row.timed(PART, f"{door}, {what}", ours, p95, most))
    return rows


async def _ask(stage: Stage, api: Api, asked: Sequence[bytes]) -> tuple[list[float], float]:
    """The milliseconds of each (the better of two), and the processor's on average."""
    before = cpu_seconds(api.pid, *stage.pids)
    both = [await client.ask_all(api.port, asked) for _ in range(2)]
    cost = (cpu_seconds(api.pid, *stage.pids) - before) / len(asked) / 2
    for reply in both[0]:
        if reply.status != 200 or b'"errors"' in reply.body:
            raise SystemExit(f"The API answered {reply.status}: {reply.body[:300]!r}")
    pairs = zip(*both, strict=True)
    return [min(one.seconds, two.seconds) * 1000 for one, two in pairs], cost * 1000


def _slowest(typed: Sequence[Typed], times: Sequence[float]) -> Iterable[str]:
    """The two kinds of typing with the slowest searches."""
    worst: dict[str, float] = {}
    for each, time in zip(typed, times, strict=True):
        worst[each.kind] = max(time, worst.get(each.kind, 0))
    for kind in sorted(worst, key=lambda kind: -worst[kind])[:2]:
        yield f"{kind} {worst[kind]:.0f}"
