"""Where too little fits: what to loosen, and that it brings what it promises."""

from dataclasses import replace

import pytest
from sqlalchemy import text

from domain.recommendations.questions import Asked
from domain.recommendations.values import Filter
from domain.services import Services
from tests.recommendations.asking import TONIGHT, ask
from tests.support.graphql import ANYONE

pytestmark = pytest.mark.anyio


async def test_too_few_titles_say_what_to_loosen_and_what_that_brings(demo_services: Services):
    tight = replace(TONIGHT, mood="scary", time_min=80, subscribed_platforms=["disney-plus"])
    answer = await ask(demo_services, tight)
    assert len(answer.picks) < 5
    assert answer.candidates == len(answer.picks)
    assert answer.relax
    by = {each.constraint: each for each in answer.relax}
    if Filter.TIME in by:
        minutes = int(by[Filter.TIME].sentence.split()[1])
        more = await ask(demo_services, replace(tight, time_min=minutes))
        assert more.candidates >= answer.candidates + by[Filter.TIME].would_add
    if Filter.MOOD in by:
        mood = by[Filter.MOOD].sentence.split()[1]
        more = await ask(demo_services, replace(tight, mood=mood))
        assert more.candidates >= by[Filter.MOOD].would_add
    if Filter.PLATFORM in by:
        assert by[Filter.PLATFORM].would_add > 0
    assert [each.would_add for each in answer.relax] == sorted(
        (each.would_add for each in answer.relax), reverse=True
    )


async def test_a_service_that_shows_nothing_here_is_said_to(demo_services: Services):
    british = replace(ANYONE, country="GB")
    answer = await ask(demo_services, replace(TONIGHT, subscribed_platforms=["hulu"]), british)
    assert answer.picks == ()
    assert answer.relax[0].sentence.startswith("Your services show nothing in GB; look on ")
    assert answer.relax[0].would_add > 0


async def test_a_kindred_mood_is_offered_first(demo_services: Services):
    asked = replace(TONIGHT, mood="scary", time_min=60, subscribed_platforms=["disney-plus"])
    answer = await ask(demo_services, asked)
    moods = [each.sentence.split()[1] for each in answer.relax if each.constraint is Filter.MOOD]
    assert set(moods) <= {"dark", "tense"}


@pytest.mark.parametrize("mood", ["scary", "romantic", "epic", "heartbreaking"])
@pytest.mark.parametrize("minutes", [30, 60, 85])
async def test_what_is_suggested_brings_what_it_promises(
    demo_services: Services, mood: str, minutes: int
):
    asked = Asked(mood, minutes, 1, ["mubi", "paramount-plus"])
    answer = await ask(demo_services, asked)
    async with demo_services.database.read() as connection:
        rows = await connection.execute(text("SELECT name, slug FROM platforms"))
        slug_of = {row.name: row.slug for row in rows}
    for each in answer.relax:
        if each.constraint is Filter.TIME and each.sentence.startswith("Take "):
            more = replace(asked, time_min=int(each.sentence.split()[1]))
        elif each.sentence.startswith("Look on "):
            name = each.sentence.removeprefix("Look on ").removesuffix(" too")
            more = replace(asked, subscribed_platforms=["mubi", "paramount-plus", slug_of[name]])
        else:
            continue
        assert (await ask(demo_services, more)).candidates == answer.candidates + each.would_add
