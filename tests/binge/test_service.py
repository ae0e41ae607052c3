"""What a binge is planned with, as Postgres tells it, and what the sums then are."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import text

from domain.binge import rules
from domain.binge.errors import NothingListed, TooManyEpisodes
from domain.binge.questions import Asked
from domain.binge.values import Episode, Trouble, Verdict, Wish
from domain.db import Database
from domain.errors import InvalidInput, NotFound
from domain.services import Services
from tests.binge.homes import HOUR, ask, move_in, run, six
from tests.support.catalogue import On
from tests.support.counting import statements
from tests.support.graphql import ANYONE
from tests.watchlists.homes import NOW, TODAY, film, series

pytestmark = pytest.mark.anyio


async def naruto(database: Database) -> int:
    async with database.read() as connection:
        found = await connection.execute(text("SELECT id FROM titles WHERE name = 'Naruto'"))
        return found.scalar_one()


async def test_narutos_filler_is_left_out(demo_services: Services) -> None:
    database = demo_services.database
    answer = await ask(database, ANYONE, await naruto(database), HOUR)
    made = answer.schedule
    assert (made.episodes, made.filler, made.planned) == (220, 90, 130)
    assert (made.minutes, made.minutes_with_filler) == (130 * 23, 220 * 23)
    assert made.fits
    assert sum(each.minutes for each in made.sittings) == 130 * 23
    assert answer.preview
    assert len(answer.sittings) == 3
    everything = await ask(database, ANYONE, answer.card.id, replace(HOUR, skip_filler=False))
    assert everything.schedule.planned == 220


async def test_what_is_watched_is_not_planned(database: Database) -> None:
    viewer = await move_in(database)
    title_id, episodes = await six(database)
    assert (await ask(database, viewer, title_id)).schedule.planned == 5
    await watch(database, viewer, title_id, episodes[0])
    made = (await ask(database, viewer, title_id)).schedule
    assert (made.episodes, made.filler, made.planned, made.minutes) == (5, 1, 4, 120)
    assert [each.number for each in made.sittings[0].episodes] == [2, 4]
    await watch(database, viewer, title_id, None)
    assert (await ask(database, viewer, title_id)).schedule.episodes == 0
    assert (await ask(database, ANYONE, title_id)).schedule.episodes == 6, "nobody else's"


async def test_the_sums_are_those_of_the_rules(database: Database) -> None:
    viewer = await move_in(database)
    title_id, episodes = await six(database, offers=[On(expires_on=TODAY + timedelta(9))])
    asked = Asked(by_weekday=[0, 90, 0, 0, 30, 60, 60], until=TODAY + timedelta(30))
    expected = rules.plan(
        [
            Episode(
                id=key, season=1, number=number, minutes=30, assumed=True,
                verdict=Verdict(word), until=TODAY + timedelta(9),
            )
            for number, (key, word) in enumerate(
                zip(episodes, ["canon", "canon", "filler", "canon", "mixed", "unknown"],
                    strict=True), 1)
        ],
        Wish(start=TODAY, until=asked.until, minutes=(0, 90, 0, 0, 30, 60, 60)),
        60,
    )  # fmt: skip
    assert (await ask(database, viewer, title_id, asked)).schedule == expected


async def test_a_film_is_one_sitting(database: Database) -> None:
    made = (await ask(database, ANYONE, await film(database), Asked(days=2))).schedule
    assert (made.episodes, made.planned, made.minutes) == (1, 1, 100)
    assert [each.day for each in made.sittings] == [TODAY]


async def test_a_season_that_nobody_listed_counts_by_its_number(database: Database) -> None:
    title_id, _ = await series(database, [[], ["canon"]], runtime_min=None)
    await run(database, "INSERT INTO seasons VALUES (:id, 2, NULL, NULL, 3)", id=title_id)
    made = (await ask(database, ANYONE, title_id, replace(HOUR, minutes_per_day=200))).schedule
    (sitting,) = made.sittings
    told = [(each.id is None, each.season, each.number) for each in sitting.episodes]
    assert told == [(False, 1, 1), (True, 2, 1), (True, 2, 2), (True, 2, 3)]
    assert all(each.assumed and each.minutes == 45 for each in sitting.episodes)


async def test_a_series_without_episodes_is_refused(database: Database) -> None:
    title_id, _ = await series(database, [])
    with pytest.raises(NothingListed):
        await ask(database, ANYONE, title_id)


async def test_more_than_we_plan_is_refused_until_seasons_are_named(database: Database) -> None:
    title_id, _ = await series(database, [[], ["canon"]])
    await run(database, "INSERT INTO seasons VALUES (:id, 2, NULL, NULL, 32767)", id=title_id)
    with pytest.raises(TooManyEpisodes):
        await ask(database, ANYONE, title_id)
    some = replace(HOUR, seasons=[1])
    assert (await ask(database, ANYONE, title_id, some)).schedule.planned == 1


async def test_a_season_is_there_as_long_as_any_of_their_platforms_has_it(
    database: Database,
) -> None:
    viewer = await move_in(database, platforms=("netflix", "hulu"))
    soon, later = TODAY + timedelta(1), TODAY + timedelta(3)
    title_id, _ = await series(
        database, [[], ["canon"] * 4, ["canon"]], runtime_min=30,
        offers=[On("netflix", soon), On("hulu", later), On("max")],
    )  # fmt: skip
    made = (await ask(database, viewer, title_id, Asked(minutes_per_day=30))).schedule
    assert not made.fits
    assert [(each.trouble, each.season, each.until) for each in made.losses] == [
        (Trouble.LEAVES_EARLIER, 2, later)
    ]
    await run(database, "UPDATE offers SET season_number = 1 WHERE expires_on IS NOT NULL")
    made = (await ask(database, viewer, title_id, Asked(minutes_per_day=30))).schedule
    assert [each.trouble for each in made.losses] == [Trouble.NOT_AVAILABLE]


async def test_whoever_has_no_platforms_sees_all_of_their_country_without_an_end(
    database: Database,
) -> None:
    at_home = await move_in(database, platforms=())
    title_id, _ = await six(database, offers=[On("netflix", TODAY)])
    elsewhere, _ = await six(database, offers=[On("netflix", country="DE")])
    for viewer in (ANYONE, at_home):
        made = (await ask(database, viewer, title_id)).schedule
        assert made.fits
        assert all(each.until is None for sitting in made.sittings for each in sitting.episodes)
        made = (await ask(database, viewer, elsewhere)).schedule
        assert [each.trouble for each in made.losses] == [Trouble.NOT_AVAILABLE]


async def test_an_own_vote_counts_above_all_others(database: Database) -> None:
    viewer, other = await move_in(database), await move_in(database)
    title_id, episodes = await six(database)
    await run(
        database, "INSERT INTO filler_votes VALUES (:who, :it, 'canon', now())",
        who=viewer.profile_id, it=episodes[2],
    )  # fmt: skip
    made = (await ask(database, viewer, title_id)).schedule
    third = made.sittings[1].episodes[0]
    assert (third.number, third.source, third.confidence) == (3, "you", 1)
    assert (await ask(database, other, title_id)).schedule.planned == 5


async def test_what_a_profile_skips_is_its_own_unless_something_else_is_sent(
    database: Database,
) -> None:
    viewer = await move_in(database)
    title_id, _ = await six(database)
    await run(
        database,
        "UPDATE profiles SET skip_credits_min = 3, skip_recap_min = 2 WHERE id = :id",
        id=viewer.profile_id,
    )
    made = (await ask(database, viewer, title_id, Asked(minutes_per_day=1440))).schedule
    assert made.minutes == 5 * 30 - 5 * 3 - 4 * 2
    asked = Asked(minutes_per_day=1440, skip_credits_min=0, skip_recap_min=0)
    assert (await ask(database, viewer, title_id, asked)).schedule.minutes == 150


async def test_a_title_above_the_ceiling_does_not_exist(database: Database) -> None:
    title_id, _ = await six(database, maturity=16)
    with pytest.raises(NotFound):
        await ask(database, await move_in(database, ceiling=7), title_id)
    with pytest.raises(NotFound):
        await ask(database, ANYONE, 10**15)


@pytest.mark.parametrize(
    ("asked", "field"),
    [
        ({"until": TODAY, "days": 3}, "days"),
        ({"days": 0}, "days"),
        ({"days": 3_651}, "days"),
        ({"until": TODAY - timedelta(1)}, "until"),
        ({"until": TODAY + timedelta(3_650)}, "until"),
        ({"until": TODAY + timedelta(4), "start_on": TODAY + timedelta(5)}, "until"),
        ({"minutes_per_day": 0}, "minutesPerDay"),
        ({"minutes_per_day": 1_441}, "minutesPerDay"),
        ({"minutes_per_day": 10, "by_weekday": [1] * 7}, "byWeekday"),
        ({"by_weekday": [1] * 6}, "byWeekday"),
        ({"by_weekday": [0] * 7}, "byWeekday"),
        ({"by_weekday": [*[0] * 6, 1_441]}, "byWeekday"),
        ({"by_weekday": [*[10] * 6, -1]}, "byWeekday"),
        ({"seasons": []}, "seasons"),
        ({"seasons": [1, 9]}, "seasons"),
        ({"seasons": [1] * 101}, "seasons"),
        ({"start_on": TODAY - timedelta(1)}, "startOn"),
        ({"start_on": TODAY + timedelta(367)}, "startOn"),
        ({"skip_credits_min": 16}, "skipCreditsMin"),
        ({"skip_recap_min": -1}, "skipRecapMin"),
    ],
)
async def test_a_refusal_names_its_field(
    database: Database, asked: dict[str, Any], field: str
) -> None:
    title_id, _ = await six(database)
    with pytest.raises(InvalidInput) as refused:
        await ask(database, ANYONE, title_id, Asked(**asked))
    assert refused.value.field == field


async def test_it_takes_four_statements_whatever_there_is(database: Database) -> None:
    viewer = await move_in(database)
    short, _ = await six(database)
    long, _ = await series(database, [["canon"] * 9, *[SEASON] * 20], offers=[On(), On("hulu")])
    for title_id in (short, long):
        for asked, most in ((HOUR, 3), (Asked(), 4)):
            with statements(database) as sent:
                await ask(database, viewer, title_id, asked)
            assert len(sent) == most


SEASON = ["canon", "filler"] * 6


async def watch(database: Database, viewer: Any, title_id: int, episode: int | None) -> None:
    await run(
        database,
        "INSERT INTO watches (profile_id, title_id, episode_id, watched_at, source)"
        " VALUES (:who, :title, :episode, :at, 'tests')",
        who=viewer.profile_id, title=title_id, episode=episode, at=NOW,
    )  # fmt: skip
