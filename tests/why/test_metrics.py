"""What /metrics says of lines: what became of them, and whose sentences were told."""

from dataclasses import replace
from datetime import UTC, datetime

import httpx
import pytest

from app.asgi import create_app
from app.database import open_database
from app.settings import Settings
from domain.recommendations.service import ANSWERS
from domain.services import Services
from domain.why import tallies
from domain.why.tallies import Outcome
from tests.why.stage import Model, ask, drain

pytestmark = pytest.mark.anyio
NOWHERE = "postgresql://nobody:secret@127.0.0.1:1/none"


async def figures(services: Services) -> dict[str, float]:
    app = create_app(Settings(_env_file=None, metrics=True), services)  # type: ignore[call-arg]
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://testserver") as http:
        answer = await http.get("/metrics")
    assert answer.status_code == 200
    lines = [line for line in answer.text.splitlines() if line.startswith("streaming_stack_why")]
    return {name: float(value) for name, _, value in (line.rpartition(" ") for line in lines)}


async def test_what_became_of_lines_is_told_by_outcome_and_reason(services: Services) -> None:
    now = datetime.now(UTC)
    async with services.database.work() as connection:
        await tallies.count(connection, "one:7b", Outcome("accepted"), now, 3)
        await tallies.count(connection, "another:7b", Outcome("accepted"), now, 4)
        await tallies.count(connection, "one:7b", Outcome("replaced", "number"), now)
        await tallies.count(connection, "one:7b", Outcome("away", 'a "word"\n', "Say so."), now, 2)
    told = await figures(services)
    lines = "streaming_stack_why_lines_total"
    assert told[lines + '{outcome="accepted",reason=""}'] == 7
    assert told[lines + '{outcome="replaced",reason="number"}'] == 1
    assert told[lines + r'{outcome="away",reason="a \"word\"\n"}'] == 2


async def test_whose_sentences_were_told_is_counted_at_the_answer(
    writing: Services, model: Model, platforms: tuple[int, ...]
) -> None:
    ollama, template = (
        f'streaming_stack_whys_told_total{{source="{each}"}}' for each in ("ollama", "template")
    )
    before = await figures(writing)
    assert (before[ollama], before[template]) == (0, 0)
    await ask(writing, platforms)
    await drain(writing).run()
    await ask(writing, platforms)
    after = await figures(writing)
    assert (after[ollama], after[template]) == (ANSWERS, ANSWERS)


async def test_without_a_model_templates_are_counted(
    demo_services: Services, platforms: tuple[int, ...]
) -> None:
    await ask(demo_services, platforms)
    assert (await figures(demo_services))[
        'streaming_stack_whys_told_total{source="template"}'
    ] == ANSWERS


async def test_without_postgres_there_are_figures_but_of_lines(services: Services) -> None:
    away = open_database(NOWHERE)
    told = await figures(replace(services, database=away))
    assert 'streaming_stack_whys_told_total{source="ollama"}' in told
    assert not [name for name in told if name.startswith("streaming_stack_why_lines")]
    await away.engine.dispose()
