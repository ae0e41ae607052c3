"""Events that go out to thousands of subscribers: ours beside a rival and beside a limit in C.

Everybody has an event before the next one is published, and the subscribers live in processes of
their own: what is measured is the server's own work for each delivery.
"""

from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager

from bench import live_contenders, live_return, stats
from bench.live_crowd import allow_files
from bench.live_server import Server
from bench.report import Row
from bench.stage import Stage
from domain.db import Database

PART, TITLES = "live", 400
RIVAL_TIMES, LIMIT_TIMES = 8, 0.4
DELIVERIES = {"ours": 40_000, "stock": 4_000, "nchan": 50_000}  # of a round: similar work for each
TIMED = {"ours": 50, "stock": 10, "nchan": 50}  # events of which the way is timed, twice
_SIZES_APART = 0.05
_PEERS = {"stock": "strawberry + broadcaster", "nchan": "nginx + nchan"}


async def run(stage: Stage) -> list[Row]:
    """Compare what a delivery costs, time its way, and see who comes back after a kill."""
    allow_files()
    url = await stage.synthetic(PART, TITLES)
    some, many = (200, 500) if stage.quick else (1_000, 5_000)
    async with live_contenders.writer(stage, url) as database:
        async with _contenders(stage, url, database, some) as servers:
            rows = await _costs(stage, servers, some)
            rows += await _ways(servers, some)
        async with _contenders(stage, url, database, many) as servers:
            rows += await _costs(stage, servers, many)
            rows.append(_memory(servers, many))
        rows.append(await live_return.run(stage, url, database, many))
    return rows


@asynccontextmanager
async def _contenders(
    stage: Stage, url: str, database: Database, size: int
) -> AsyncIterator[Mapping[str, Server]]:
    """All that can run here, each with so many subscribers, and all saying the same."""
    async with AsyncExitStack() as stack:
        ours = await stack.enter_async_context(live_contenders.ours(stage, url, database, size))
        said = ours.said
        peers = {
            "stock": live_contenders.stock(stage, url, size, said),
            "nchan": live_contenders.limit(stage, size, said),
        }
        servers = [ours]
        for name in sorted(peers.keys() - live_contenders.missing().keys(), reverse=True):
            servers.append(await stack.enter_async_context(peers[name]))
        for server in servers:
            if abs(len(server.said) / len(said) - 1) > _SIZES_APART:
                raise SystemExit(f"{server.name} says something else: {server.said}, ours: {said}")
        yield {server.name: server for server in servers}


async def _costs(stage: Stage, servers: Mapping[str, Server], size: int) -> list[Row]:
    """Rounds of bursts, in turn."""
    share = 0.25 if stage.quick else 1
    for turn in range(stage.rounds):
        for name, server in servers.items():
            await server.burst(max(1, round(DELIVERIES[name] * share / size)))
        told = ", ".join(f"{name} {each.costs[-1]:.1f}" for name, each in servers.items())
        stage.say(f"live: round {turn + 1} of {stage.rounds}, {size} subscribers: {told} us")
    what = f"CPU of a delivery, {size:,} subscribers"
    ours, bytes_ = servers["ours"], len(servers["ours"].said)
    around = stats.percentile(ours.helped, 0.5)
    told = f"{_middle(ours)} (+ {around:.1f} Postgres, Valkey), {bytes_} B"
    rows: list[Row] = []
    for name, least in (("stock", RIVAL_TIMES), ("nchan", LIMIT_TIMES)):
        if server := servers.get(name):
            peer = f"{_middle(server)}, {_PEERS[name]}"
            found = stats.ratio(server.costs, ours.costs)
            # What an event costs once weighs too much on few for the target to mean anything.
            wanted = None if stage.quick else least
            rows.append(Row.compared(PART, what, told, peer, found, wanted))
        else:
            where = live_contenders.missing()[name]
            rows.append(Row.skipped(PART, f"{what}, beside {_PEERS[name]}", where))
    return rows


async def _ways(servers: Mapping[str, Server], size: int) -> list[Row]:
    """From the commit (of peers: from publishing) to the clients, in turn."""
    for _ in range(2):
        for name, server in servers.items():
            await server.time(TIMED[name])
    what = f"commit to client, {size:,} subscribers"
    told: list[str] = []
    for server in servers.values():
        p50, p99 = (stats.percentile(server.ways, share) for share in (0.5, 0.99))
        told.append(f"p50 {p50:.1f}, p99 {p99:.1f} ms{_whose(server)}")
    return [Row(PART, what, told[0], "; ".join(told[1:]))]


def _memory(servers: Mapping[str, Server], size: int) -> Row:
    """What an idle subscriber takes."""
    ours, *peers = (f"{each.idle_kb:.1f} kB{_whose(each)}" for each in servers.values())
    return Row(PART, f"memory of one of {size:,} idle", ours, "; ".join(peers))


def _middle(server: Server) -> str:
    return f"{stats.percentile(server.costs, 0.5):.1f} us"


def _whose(server: Server) -> str:
    return f", {server.name}" if server.name in _PEERS else ""
