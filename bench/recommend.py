"""POST /api/recommend through a real server: new questions, and the same one again."""

import random
from collections.abc import Mapping, Sequence

from bench import client, member, stats, synthetic
from bench.api import Api, cpu_seconds
from bench.client import Reply, request
from bench.import_rows import LISTS
from bench.report import Row
from bench.stage import Stage
from domain.titles.moods import Mood

PART = "recommend"
COLD_20K_MS, COLD_200K_MS, WARM_MS = 60, 250, 25
_MOODS = (*Mood, None)


def questions(
    headers: Mapping[str, str], platforms: Sequence[str], count: int, seed: int
) -> list[bytes]:
    """Requests of which no two are alike: a mood or none, an evening, and who has what."""
    draw = random.Random(seed)
    asked: dict[bytes, None] = {}
    while len(asked) < count:
        told = {
            "mood": draw.choice(_MOODS),
            "time_min": draw.randrange(30, 241),
            "group_size": draw.choice((1, 1, 2, 2, 3, 5)),
            "subscribed_platforms": sorted(draw.sample(platforms, draw.randint(2, 4))),
        }
        asked[request("POST", "/api/recommend", headers, told)] = None
    return list(asked)


async def run(stage: Stage) -> list[Row]:
    """Both catalogues, and how the time grows with the titles."""
    count = 20 if stage.quick else 80
    rows: list[Row] = []
    url = await stage.catalogue_2022()
    if url is None:
        rows.append(Row.skipped(PART, "the lists of 2022", "set STREAMING_STACK_TEST_DATA"))
    else:
        stage.say("recommend: 20k titles")
        headers = await member.join(url, stage.valkey.url)
        with stage.serve(url) as api:
            cold, cost = await _ask(stage, api, questions(headers, list(LISTS), count, 1))
            rows.append(_row("cold, 20k titles of 2022", cold, cost, COLD_20K_MS))
            rows.append(await _warm(stage, api, headers, list(LISTS), "20k titles of 2022"))
    return rows + await _growth(stage, count)


async def _growth(stage: Stage, count: int) -> list[Row]:
    largest = stage.largest
    sizes = [largest // 2**halved for halved in (4, 3, 2, 1, 0)]
    platforms = list(synthetic.PLATFORMS)
    url = await stage.synthetic("synthetic", sizes[0])
    headers = await member.join(url, stage.valkey.url)
    medians: list[float] = []
    costs: list[float] = []
    rows: list[Row] = []
    with stage.serve(url) as api:
        for size in sizes:
            await stage.synthetic("synthetic", size)
            stage.say(f"recommend: {size:,} titles")
            # The same questions at every size: they miss the cache, since availability changed.
            cold, cost = await _ask(stage, api, questions(headers, platforms, count, 2))
            medians.append(stats.percentile(cold, 0.5))
            costs.append(cost)
            if size == largest:
                what = f"{size // 1000}k made-up titles"
                rows.append(_row(f"cold, {what}", cold, cost, COLD_200K_MS))
                rows.append(await _warm(stage, api, headers, platforms, what))
    by_time, by_cpu = stats.exponent(sizes, medians), stats.exponent(sizes, costs)
    points = ", ".join(f"{cost:.0f}" for cost in costs)
    grows = f"cold p50 ~ n^{by_time:.2f}, CPU ~ n^{by_cpu:.2f} ({points} ms)"
    told = f"{sizes[0]:,} to {largest:,} titles"
    return [*rows, Row(PART, f"growth, {told}", grows)]


async def _ask(stage: Stage, api: Api, asked: Sequence[bytes]) -> tuple[list[float], float]:
    """Milliseconds of each, and of processor time on average; the first few only warm up."""
    await _checked(api, asked[:5])
    before = cpu_seconds(api.pid, *stage.pids)
    replies = await _checked(api, asked[5:])
    cost = (cpu_seconds(api.pid, *stage.pids) - before) / len(replies)
    return [reply.seconds * 1000 for reply in replies], cost * 1000


async def _checked(api: Api, asked: Sequence[bytes]) -> list[Reply]:
    replies = await client.ask_all(api.port, asked)
    refused = [reply for reply in replies if reply.status != 200]
    if refused:
        raise SystemExit(f"The API answered {refused[0].status}: {refused[0].body[:300]!r}")
    return replies


async def _warm(
    stage: Stage, api: Api, headers: Mapping[str, str], platforms: Sequence[str], what: str
) -> Row:
    same = questions(headers, platforms, 1, 3) * (40 if stage.quick else 150)
    warm, cost = await _ask(stage, api, same)
    return _row(f"the same again, {what}", warm, cost, WARM_MS)


def _row(what: str, times: Sequence[float], cost: float, most: float) -> Row:
    p50, p95 = (stats.percentile(times, share) for share in (0.5, 0.95))
    ours = f"p50 {p50:.1f}, p95 {p95:.1f} ms; CPU {cost:.1f} ms"
    return Row.timed(PART, what, ours, p95, most)
