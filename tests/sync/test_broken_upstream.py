"""An upstream that breaks in every way that the stand-ins know: nothing is lost by it."""

from contextlib import asynccontextmanager
from datetime import timedelta
from random import Random

import httpx
import pytest

from integrations.justwatch.client import JustWatch
from integrations.upstreams.breaker import Breaker
from integrations.upstreams.http import Patience, Upstream
from simulators.app import create_app
from simulators.faults import KINDS
from simulators.samples import sample_world
from simulators.server import running
from tests.sync.killing import Killing
from tests.sync.stage import Stage, ask, change

pytestmark = [pytest.mark.anyio, pytest.mark.timeout(180)]

_SHORT = Patience(connect_s=1, read_s=0.3, deadline_s=1.5, attempts=2, first_pause_s=0.01)
HOUR = timedelta(hours=1)
_RESTED = "UPDATE sync_titles SET next_at = NULL, failures = 0, quarantined_at = NULL"
_EVERYTHING = """
    SELECT id, expires_on, price, currency, quality FROM offers WHERE gone_at IS NULL ORDER BY id
"""


@asynccontextmanager
async def impatient(url: str):
    """The stand-in as a source that is given up on soon, and never for long."""
    upstream = Upstream(
        "The stand-in",
        f"{url}/justwatch/graphql",
        patience=_SHORT,
        breaker=Breaker(failures=10_000),
    )
    try:
        yield JustWatch(upstream, name="simulator/justwatch", batch=4)
    finally:
        await upstream.close()


async def test_whatever_an_upstream_answers_no_offer_is_wrongly_gone(
    stage: Stage, database_url: str
) -> None:
    world = sample_world(7, titles=24)
    draw = Random(7)
    with running(create_app(world, seed=7)) as url:
        lives = Killing(stage.database, database_url, "", url, 7)
        await lives.lay(world)
        async with impatient(url) as source, httpx.AsyncClient(base_url=url) as control:
            first = await stage.sync(source)
            believed = await ask(stage.database, _EVERYTHING)
            assert (first.state, first.changed) == ("done", 24)
            assert len(believed) > 24
            for kind in sorted(KINDS):
                fault = {
                    "upstream": "justwatch", "kind": kind, "seed": draw.randrange(1_000),
                    "share": 0.5, **({"seconds": 1} if kind in {"stall", "slow_body"} else {}),
                }  # fmt: skip
                (await control.post("/_sim/faults", json=fault)).raise_for_status()
                await change(stage.database, _RESTED)
                stage.clock.move(HOUR)
                run = await stage.sync(source)
                await control.delete("/_sim/faults")
                told = f"{kind}: {run.state}, {run.failed} failed, {run.rejected} rejected"
                print(told)
                assert run.state in {"done", "failed"}, told
                assert run.removed == 0, told
                assert await ask(stage.database, _EVERYTHING) == believed, told
            await change(stage.database, _RESTED)
            stage.clock.move(HOUR)
            healed = await stage.sync(source)
            assert (healed.state, healed.failed, healed.removed) == ("done", 0, 0)
            assert healed.unchanged + healed.changed == 24
    assert await ask(stage.database, _EVERYTHING) == believed
