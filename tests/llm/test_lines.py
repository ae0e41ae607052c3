"""From an answer to its lines, with a real model: grounded or a template, and in time."""

import asyncio
from collections import Counter

import pytest
from redis.asyncio import Redis

from domain.db import Database
from domain.ports import Writer
from domain.services import Services
from domain.why.check import Refusal, check, line_of
from domain.why.pace import Pace
from domain.why.prompt import MOST_TOKENS, SCHEMA, prompt
from domain.why.values import Sheet, Source
from integrations.ollama.client import PATIENCE, Ollama
from integrations.upstreams.errors import Garbled
from tests.integrations.upstreams import wire
from tests.live.stage import staged
from tests.llm.sheets import sheets_of
from tests.recommendations.asking import platforms as asked_platforms
from tests.support.sockets import socket
from tests.why import stage
from tests.why.told import client, follow, lines_of, rest_of, tonight, whys_of

pytestmark = [pytest.mark.llm, pytest.mark.anyio, pytest.mark.timeout(600)]
ALL_S = 300.0  # five lines of two attempts each, on a busy machine


async def test_the_missing_lines_of_an_answer_arrive_and_stay(
    demo_database: Database, valkey: Redis, model_url: str
):
    async with wire.upstreams() as opened:
        way = opened(model_url, "Ollama", patience=PATIENCE)
        services = stage.services_of(demo_database, valkey, way, pace=Pace(), line_s=60.0)
        assert services.whys is not None
        chosen = await asked_platforms(services)
        answer = await stage.ask(services, chosen)
        assert answer.pending == 5
        assert {each.why_source for each in answer.picks} == {Source.TEMPLATE}
        lines, _ = await asyncio.gather(
            stage.heard(services, answer, patience_s=ALL_S), stage.drain(services).run()
        )
        final = {line.id: line for line in lines if line.final}
        assert set(final) == set(stage.five(answer))
        assert all(0 < len(line.text) <= 200 for line in final.values())
        again = await stage.ask(services, chosen)
        assert [each.why for each in again.picks[:5]] == [
            final[each.why_id].text for each in again.picks[:5]
        ]
        await services.whys.chime.stop()  # type: ignore[attr-defined]
    print("\nSmolLM2's among five:", Counter(line.source for line in final.values()))


async def test_real_lines_arrive_over_the_subscription(
    demo_database: Database, valkey: Redis, model_url: str
):
    async with wire.upstreams() as opened:
        way = opened(model_url, "Ollama", patience=PATIENCE)
        services = stage.services_of(demo_database, valkey, way, pace=Pace(), line_s=60.0)
        assert services.whys is not None
        worker = asyncio.create_task(stage.work(services))
        async with staged(services) as site, client(site) as http, socket(site.port) as listening:
            answer = await tonight(http)
            assert answer["whysPending"] == 5
            await follow(listening, "1", answer["id"], stream=True)
            updates = await rest_of(listening, "1", patience_s=120)
        worker.cancel()
        await asyncio.gather(worker, return_exceptions=True)
        await services.whys.chime.stop()  # type: ignore[attr-defined]
    lines = lines_of(updates)
    assert set(lines) == set(whys_of(answer))
    sources = Counter(source for _, source in lines.values())
    print("\nSmolLM2's over the subscription:", sources, f"{len(updates)} updates")
    assert sources["OLLAMA"] > 0


async def test_some_of_its_lines_are_true_and_the_others_are_told_from_them(
    demo_services: Services, writer: Ollama
):
    sheets = (await sheets_of(demo_services))[::2][:20]
    ends = Counter([await _end(writer, sheet) for sheet in sheets])
    print(f"\nSmolLM2 passes with {ends['']} of {len(sheets)} lines:", dict(ends))
    assert ends[""] > 0


async def _end(writer: Writer, sheet: Sheet) -> str:
    """Why its line is refused; "" where it is not."""
    try:
        told = await writer.write(
            prompt(sheet), schema=SCHEMA, seed=7, most_tokens=MOST_TOKENS, deadline_s=120.0
        )
    except Garbled:
        return "cut off"
    line = line_of(told)
    refused = line if isinstance(line, Refusal) else check(line, sheet)
    return "" if refused is None else str(refused.reason)
