"""Whys that a model wrote: what it costs to tell them, and to have them written.

Two API processes answer the same questions on the same database, one with Ollama set and all lines
cached, one without. Candidates come from the cache, as with people's second questions.
"""

import random
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from typing import Any

import orjson

from bench import client, member, stand_ins, stats, synthetic, why_lines, why_parts
from bench.api import Api, cpu_seconds
from bench.client import request
from bench.report import Row
from bench.stage import Stage
from bench.why_lines import Lines
from bench.why_parts import Parts
from domain.titles.moods import Mood

PART = "whys"
MOST = 1.1  # times what it costs without Ollama
TITLES, QUESTIONS = 12_500, 24
_ROUNDS = 2  # for each that is asked for: they are short, and the difference is small
_QUERY = """
query Tonight($input: RecommendInput!) {
  recommend(input: $input) {
    id whysPending candidates
    recommendations {
      score why whyId whySource episodesFit title { id name kind year runtimeMin }
      offers { monetization quality expiresOn platform { slug name } }
    }
  }
}
"""
Asked = Mapping[str, list[bytes]]
# The same questions each time, in short turns: other programs slow both down alike.
_TURNS = ("on", "off", "off", "on") * 2


async def run(stage: Stage) -> list[Row]:
    """Have all lines written, then ask both processes in turn."""
    url = await stage.synthetic("whys", TITLES)
    headers = await member.join(url, stage.valkey.url)
    asked = _questions(QUESTIONS // 2 if stage.quick else QUESTIONS)
    requests = _requests(asked, headers)
    with ExitStack() as stack:
        with stand_ins.running(stage, 1) as there:
            ollama = f"{there.url}/ollama"
            told = {"STREAMING_STACK_OLLAMA_URL": ollama}
            why_lines.say_always(ollama)
            apis = {
                "off": stack.enter_context(stage.serve(url)),
                "on": stack.enter_context(stage.serve(url, settings=told)),
            }
            await client.ask_all(apis["off"].port, requests["REST"])  # candidates are cached now
            stage.say("whys: lines are written")
            with why_lines.worker(stage, url, told) as pid:
                lines = await why_lines.written(stage, apis["on"], pid, headers, asked)
        costs = await _rounds(stage, apis, requests)
    parts = await why_parts.parts(url, stage.valkey.url, list(synthetic.PLATFORMS)[:4])
    return [*_compared(costs), *_written(lines), _apart(parts, costs["REST off"])]


async def _rounds(stage: Stage, apis: Mapping[str, Api], requests: Asked) -> dict[str, list[float]]:
    """Milliseconds of processor time for each answer, by round."""
    costs: dict[str, list[float]] = {f"{api} {name}": [] for api in requests for name in apis}
    await _told_by(apis, requests)
    rounds = _ROUNDS * stage.rounds
    for turn in range(rounds + 1):  # the first only warms up
        stage.say(f"whys: round {turn} of {rounds}")
        for api, asked in requests.items():
            spent = dict.fromkeys(apis, 0.0)
            for name in _TURNS:
                spent[name] += await _cost(stage, apis[name], asked)
            if turn:
                for name in apis:
                    costs[f"{api} {name}"].append(spent[name] / _TURNS.count(name))
    await _told_by(apis, requests)
    return costs


async def _cost(stage: Stage, api: Api, asked: Sequence[bytes]) -> float:
    before = cpu_seconds(api.pid, *stage.pids)
    replies = await client.ask_all(api.port, asked)
    if any(reply.status != 200 for reply in replies):
        raise SystemExit("Not all requests were answered.")
    return (cpu_seconds(api.pid, *stage.pids) - before) / len(asked) * 1000


async def _told_by(apis: Mapping[str, Api], requests: Asked) -> None:
    """It is an error if any line is not told by whom it should be, or an answer is another."""
    titles: dict[str, list[Any]] = {}
    for name, api in apis.items():
        replies = await client.ask_all(api.port, requests["REST"])
        picks = [orjson.loads(reply.body)["recommendations"] for reply in replies]
        titles[name] = [[each["title_id"] for each in five] for five in picks]
        by = {each["why_source"] for five in picks for each in five}
        if by != {"ollama" if name == "on" else "template"}:
            raise SystemExit(f"With Ollama {name}, lines are told by {by}.")
    if titles["on"] != titles["off"]:
        raise SystemExit("The two servers do not recommend the same.")


def _questions(count: int) -> list[dict[str, Any]]:
    draw = random.Random(7)
    return [
        {
            "mood": draw.choice(list(Mood)),
            "time_min": draw.randrange(60, 241),
            "group_size": draw.choice((1, 1, 2, 4)),
            "subscribed_platforms": sorted(draw.sample(list(synthetic.PLATFORMS)[:6], 3)),
        }
        for _ in range(count)
    ]


def _requests(asked: Sequence[Mapping[str, Any]], headers: Mapping[str, str]) -> Asked:
    """The questions as both APIs are asked them."""
    variables = [
        {
            "mood": each["mood"].name, "timeMin": each["time_min"],
            "groupSize": each["group_size"], "subscribedPlatforms": each["subscribed_platforms"],
        }
        for each in asked
    ]  # fmt: skip
    told = [{"query": _QUERY, "variables": {"input": each}} for each in variables]
    return {
        "REST": [request("POST", "/api/recommend", headers, each) for each in asked],
        "GraphQL": [request("POST", "/graphql", headers, each) for each in told],
    }


def _compared(costs: Mapping[str, list[float]]) -> list[Row]:
    rows: list[Row] = []
    for api in ("REST", "GraphQL"):
        on, off = costs[f"{api} on"], costs[f"{api} off"]
        with_it, without = (f"{stats.percentile(each, 0.5):.2f} ms CPU" for each in (on, off))
        what, found = f"{api}, five cached lines", stats.ratio(on, off)
        rows.append(Row.limited(PART, what, with_it, f"{without}, no Ollama", found, MOST))
    return rows


def _written(lines: Lines) -> list[Row]:
    first, every = stats.percentile(lines.first, 0.5), stats.percentile(lines.every, 0.5)
    slow = stats.percentile(lines.every, 0.95)
    spent = ", ".join(f"{name} {ms:.1f}" for name, ms in lines.spent.items())
    told = f"{lines.written} lines, {lines.templates} by templates"
    waited = f"first p50 {first:.0f}; any p50 {every:.0f}, p95 {slow:.0f} ms"
    return [
        Row(PART, "question to line, a model that needs no time", waited, told),
        Row(PART, "a line, question and waiting included", f"CPU {spent} ms"),
    ]


def _apart(parts: Parts, off: Sequence[float]) -> Row:
    share = parts.templates / 10 / stats.percentile(off, 0.5)
    ours = f"templates of an answer {parts.templates:.0f} µs, {share:.1f} % of it"
    rest = f"sheet {parts.sheet:.0f}, key {parts.key:.0f}, check {parts.check:.0f} µs of a line"
    return Row(PART, "the parts", ours, rest)
