"""The sentence of a plan: the sums are ours, whoever phrases them."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from sqlalchemy import text

from domain.binge import service, telling
from domain.binge.questions import Asked
from domain.binge.telling import Told
from domain.services import Services
from domain.why.values import Line, Source
from tests.support.graphql import ANYONE
from tests.why import stage
from tests.why.stage import Model

pytestmark = pytest.mark.anyio
NOW = datetime(2026, 11, 23, 18, tzinfo=UTC)
ASKED = Asked(minutes_per_day=60, days=80)


async def tell(services: Services, asked: Asked = ASKED, profile=ANYONE) -> Told:
    async with services.database.read() as connection:
        found = await connection.execute(text("SELECT id FROM titles WHERE name = 'Naruto'"))
        naruto = found.scalar_one()
        answer = await service.schedule(connection, profile, naruto, asked, NOW)
    return await telling.told(services.whys, profile, answer, NOW)


async def settle(services: Services, told: Told) -> list[Line]:
    await stage.drain(services).run()
    assert services.whys is not None
    return [line async for line in services.whys.ready(told.id, ANYONE, patience_s=30.0)]


async def test_a_plan_that_fits_is_told_by_us_and_then_in_a_models_words(
    writing: Services, model: Model
):
    model.says("You watch 2 episodes a day and finish all 130 episodes on 26 January.")
    first = await tell(writing)
    assert first.pending
    assert first.line.source is Source.TEMPLATE
    (line,) = await settle(writing, first)
    assert (line.id, line.source) == (first.line.id, Source.OLLAMA)
    second = await tell(writing)
    assert not second.pending
    assert second.line == line
    assert len(model.calls) == 1


@pytest.mark.parametrize(
    "lie",
    [
        "You watch 3 episodes a day and finish all 130 episodes on 26 January.",
        "You finish on 25 January.",
        "There are 220 episodes to watch, and you finish on 26 January.",
    ],
)
async def test_a_sum_that_is_not_ours_is_never_told(writing: Services, model: Model, lie: str):
    model.says(lie)
    first = await tell(writing)
    (line,) = await settle(writing, first)
    assert (line.source, line.text) == (Source.TEMPLATE, first.line.text)
    assert (await tell(writing)).line.text == first.line.text


async def test_a_plan_that_does_not_fit_is_ours_to_tell(writing: Services, model: Model):
    told = await tell(writing, replace(ASKED, days=10))
    assert (told.pending, told.line.source) == (False, Source.TEMPLATE)
    assert model.calls == []


async def test_without_a_model_nothing_is_pending(demo_services: Services):
    told = await tell(demo_services)
    assert (told.pending, told.line.source) == (False, Source.TEMPLATE)
