"""A page of 50 titles with three offers each, through GraphQL: ours beside a limit and a rival.

What counts is processor time per request: that of the server, of Postgres and of Valkey together.
"""

import random
from collections.abc import Mapping
from contextlib import ExitStack
from types import SimpleNamespace

import asyncpg
import orjson

from bench import client, member, stats
from bench.api import Api, cpu_seconds
from bench.client import request
from bench.report import Row
from bench.stage import Stage, vacuum
from domain.titles import search

PART = "graphql"
RIVAL_TIMES, TITLES, PAGE, PAGES, CONNECTIONS = 3, 4_000, 50, 200, 16
APPS = {
    "ours": "app.asgi:create_app",
    "bare": "bench.peers.bare:create_app",
    "stock": "bench.peers.stock:create_app",
}
_QUERY = """
query Page($first: Int!, $after: String!) {
  titles(first: $first, after: $after) {
    nodes {
      name kind year runtimeMin audienceScore popularity
      offers { monetization quality expiresOn platform { name } }
    }
  }
}
"""
_THREE_OFFERS = """
INSERT INTO offers (title_id, platform_id, country, monetization, quality, expires_on, source,
                    confidence, first_seen_at, last_seen_at)
SELECT t.id, 1 + (t.id + n * 4) % 11, 'US', 'subscription', 'hd',
       CASE WHEN t.id % 12 = 0 THEN current_date + 30 END, 'synthetic', 0.6, now(), now()
FROM titles t, generate_series(1, 3) AS n
"""


async def run(stage: Stage) -> list[Row]:
    """Check that all three say the same, then load them in turn."""
    url = await stage.synthetic("pages", TITLES)
    keys = await _prepare(url)
    headers = await member.join(url, stage.valkey.url)
    asked = _requests(keys, headers)
    costs: dict[str, list[float]] = {name: [] for name in APPS}
    with ExitStack() as stack:
        apis = {name: stack.enter_context(stage.serve(url, app)) for name, app in APPS.items()}
        size = await _same(apis, asked[:5])
        for turn in range(stage.rounds + 1):  # the first only warms up
            stage.say(f"graphql: round {turn} of {stage.rounds}")
            for name, api in apis.items():
                cost = _cost(stage, api, asked)
                if turn:
                    costs[name].append(cost)
    return _rows(costs, size)


async def _prepare(url: str) -> list[tuple[float, int]]:
    """Give each title three offers; the places of all titles in the list."""
    connection = await asyncpg.connect(url)
    await connection.execute("DELETE FROM offers")
    await connection.execute(_THREE_OFFERS)
    rows = await connection.fetch("SELECT popularity, id FROM titles ORDER BY popularity DESC, id")
    await connection.close()
    await vacuum(url)
    return [(row["popularity"], row["id"]) for row in rows]


def _requests(keys: list[tuple[float, int]], headers: Mapping[str, str]) -> list[bytes]:
    """Pages that begin anywhere in the list."""
    draw = random.Random(5)
    asked: list[bytes] = []
    for place in draw.sample(range(len(keys) - PAGE - 1), PAGES):
        after = search.cursor(SimpleNamespace(sort_key=keys[place][0], id=keys[place][1]))
        told = {"query": _QUERY, "variables": {"first": PAGE, "after": after}}
        asked.append(request("POST", "/graphql", headers, told))
    return asked


async def _same(apis: Mapping[str, Api], asked: list[bytes]) -> int:
    """The bytes of a page; it is an error if the three do not say the same."""
    told: dict[str, list[object]] = {}
    size = 0
    for name, api in apis.items():
        replies = await client.ask_all(api.port, asked)
        told[name] = [orjson.loads(reply.body).get("data") for reply in replies]
        size = len(replies[0].body)
    page = told["bare"][0]
    assert isinstance(page, dict)
    offers = [len(node["offers"]) for node in page["titles"]["nodes"]]
    if offers != [3] * PAGE or told["ours"] != told["bare"] or told["stock"] != told["bare"]:
        raise SystemExit(f"The three servers do not say the same: {orjson.dumps(told)[:2000]!r}")
    return size


def _cost(stage: Stage, api: Api, asked: list[bytes]) -> float:
    """Milliseconds of processor time per request, over a second or so."""
    before = cpu_seconds(api.pid, *stage.pids)
    seconds = 1.0 if stage.quick else 1.5
    served = client.load(api.port, asked, connections=CONNECTIONS, seconds=seconds)
    if served.failed or not served.requests:
        raise SystemExit(f"{served.failed} of {served.requests} requests failed.")
    return (cpu_seconds(api.pid, *stage.pids) - before) / served.requests * 1000


def _rows(costs: Mapping[str, list[float]], size: int) -> list[Row]:
    ours, bare, stock = (f"{stats.percentile(costs[name], 0.5):.2f} ms CPU" for name in APPS)
    what = f"50 x 6 fields x 3 offers, {size / 1000:.1f} kB"
    rival = stats.ratio(costs["stock"], costs["ours"])
    limit = stats.ratio(costs["bare"], costs["ours"])
    return [
        Row.compared(PART, what, ours, f"{stock}, stock strawberry + ORM", rival, RIVAL_TIMES),
        Row.compared(PART, "the same", ours, f"{bare}, bare asyncpg + orjson", limit, None),
    ]
