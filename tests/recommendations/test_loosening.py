"""Where too little fits: what to loosen, and that it brings what it promises."""

from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import text

from domain.history.models import Watch
from domain.profiles.models import Profile
from domain.recommendations.questions import Asked
from domain.recommendations.values import Filter
from domain.services import Services
from domain.titles.genres import Genre
from tests.recommendations.asking import NOW, TONIGHT, ask, known
from tests.support.graphql import ANYONE, run

pytestmark = pytest.mark.anyio


async def test_too_few_titles_say_what_to_loosen_and_what_that_brings(demo_services: Services):
    tight = replace(TONIGHT, mood="scary", time_min=80, subscribed_platforms=["disney-plus"])
    answer = await ask(demo_services, tight)
    assert len(answer.picks) < 5
    assert answer.candidates == len(answer.picks)
    assert answer.relax
    by = {each.constraint: each for each in answer.relax}
    if Filter.TIME in by:
        more = await ask(demo_services, replace(tight, time_min=by[Filter.TIME].time_min))
        assert more.candidates >= answer.candidates + by[Filter.TIME].would_add
    if Filter.MOOD in by:
        more = await ask(demo_services, replace(tight, mood=by[Filter.MOOD].mood))
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
    moods = [each.mood for each in answer.relax if each.constraint is Filter.MOOD]
    assert set(moods) <= {"dark", "tense"}


@pytest.mark.parametrize("mood", ["scary", "romantic", "epic", "heartbreaking"])
@pytest.mark.parametrize("minutes", [30, 60, 85])
async def test_what_is_suggested_brings_what_it_promises(
    demo_services: Services, mood: str, minutes: int
):
    asked = Asked(mood, minutes, 1, ["mubi", "paramount-plus"])
    answer = await ask(demo_services, asked)
    for each in answer.relax:
        if each.constraint is Filter.TIME:
            more = replace(asked, time_min=each.time_min)
        elif each.constraint is Filter.PLATFORM:
            assert each.platform_slug is not None
            more = replace(
                asked, subscribed_platforms=["mubi", "paramount-plus", each.platform_slug]
            )
        else:
            continue
        assert (await ask(demo_services, more)).candidates == answer.candidates + each.would_add


async def test_what_is_avoided_watched_excluded_or_too_much_for_a_crowd_can_be_allowed(
    demo_services: Services,
):
    viewer = await known(demo_services)
    assert viewer.profile_id is not None
    everything = Asked(None, None, 1, ["netflix"])
    all_of_it = (await ask(demo_services, everything, viewer)).picks[:4]
    keys = [each.pick.candidate.title_id for each in all_of_it]
    tight = replace(everything, mood="tense", group_size=5)
    ids = [f"title_{key}" for key in keys[:1]]
    async with demo_services.database.transaction() as session:
        profile = await session.get(Profile, viewer.profile_id)
        assert profile is not None
        profile.avoided_genres = [genre for genre in Genre if genre != "documentary"]
        session.add(Watch(profile_id=viewer.profile_id, title_id=keys[1], watched_at=NOW,
                          source="tests"))  # fmt: skip
        for key in keys:
            await (await session.connection()).execute(
                text("UPDATE titles SET maturity = 18, genres = '{documentary}' WHERE id = :id"),
                {"id": key},
            )
        await (await session.connection()).execute(
            text("INSERT INTO title_moods SELECT id, 'tense', 1, '{}' FROM titles"
                 " WHERE id = ANY (:ids) ON CONFLICT DO NOTHING"), {"ids": keys}
        )  # fmt: skip
    ways: list[tuple[Asked, Filter, dict[str, Any]]] = [
        (replace(tight, group_size=5), Filter.COMPANY, {"group_size": 3}),
        (replace(tight, group_size=1, exclude_titles=ids), Filter.EXCLUDED, {"exclude_titles": ()}),
        (replace(tight, group_size=1), Filter.WATCHED, {"allow_watched": True}),
        (replace(tight, group_size=1), Filter.AVOIDED_GENRE, {"allow_avoided_genres": True}),
    ]
    for asked, constraint, loosened in ways:
        answer = await ask(demo_services, asked, viewer)
        (way,) = [each for each in answer.relax if each.constraint is constraint]
        if constraint is Filter.COMPANY:
            assert way.group_size == 3
        more = await ask(demo_services, replace(asked, **loosened), viewer)
        assert more.candidates == answer.candidates + way.would_add
        assert way.would_add > 0


async def test_the_api_says_what_to_ask_with_in_fields(demo_services: Services):
    asked = {"mood": "ROMANTIC", "timeMin": 60, "subscribedPlatforms": ["mubi"]}
    query = """query ($input: RecommendInput!) { recommend(input: $input) { relax {
        constraint timeMin mood groupSize platform { slug } } } }"""
    ways = (await run(demo_services, query, input=asked))["recommend"]["relax"]
    by = {way.pop("constraint"): way for way in ways}
    assert by["TIME"]["timeMin"] > 60
    assert by["PLATFORM"]["platform"]["slug"] != "mubi"
    given = {"TIME": "timeMin", "MOOD": "mood", "PLATFORM": "platform"}
    for constraint, way in by.items():
        assert {name for name, value in way.items() if value} <= {given[constraint]}
