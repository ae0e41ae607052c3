"""The main job on the demo: what fits, what was dropped and why, and what to loosen."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, text
from sqlmodel import select

from domain.history.models import Rating, Watch
from domain.profiles.models import Profile
from domain.recommendations import repo
from domain.recommendations.questions import Asked
from domain.recommendations.service import Answer
from domain.recommendations.values import Filter, Question, Seen
from domain.services import Services
from domain.titles.moods import Mood
from domain.watchlists.models import WatchlistItem
from tests.recommendations.asking import NOW, TONIGHT, ask, known, platforms, title_id
from tests.support.counting import statements
from tests.support.graphql import ANYONE, child

pytestmark = pytest.mark.anyio


pytestmark = pytest.mark.anyio


async def test_five_fitting_different_titles_each_with_a_why(demo_services: Services):
    answer = await ask(demo_services)
    five = answer.picks[:5]
    assert len(answer.picks) == 10
    assert len({each.pick.candidate.title_id for each in answer.picks}) == 10
    for each in five:
        title = each.pick.candidate
        assert "tense" in dict(title.moods)
        assert title.runtime_min is not None
        assert title.runtime_min <= 120
        assert {offer.platform_slug for offer in each.offers} <= {"netflix", "disney-plus"}
        assert each.offers
        assert all(offer.country == "US" for offer in each.offers)
        assert "tense" in each.why.casefold()
        assert f"{each.pick.score:.6f}" == f"{sum(t.points for t in each.pick.terms):.6f}"
    assert five[0].pick.score == max(each.pick.score for each in answer.picks)
    assert len({(each.pick.candidate.genres[:2], each.pick.candidate.kind) for each in five}) >= 4


async def test_every_title_is_counted_once(demo_services: Services):
    async with demo_services.database.read() as connection:
        total = (await connection.execute(text("SELECT count(*) FROM titles"))).scalar_one()
    for asked in (
        TONIGHT,
        replace(TONIGHT, mood=None, time_min=None),
        replace(TONIGHT, mood="easy", time_min=25, group_size=6),
        replace(TONIGHT, subscribed_platforms=["crunchyroll"]),
    ):
        answer = await ask(demo_services, asked)
        assert answer.candidates + sum(answer.dropped.values()) == total
        order = list(Filter)
        assert [order.index(reason) for reason in answer.dropped] == sorted(
            order.index(reason) for reason in answer.dropped
        )


async def test_a_series_counts_by_its_episode(demo_services: Services):
    answer = await ask(demo_services, replace(TONIGHT, mood="funny", time_min=50))
    series = [e.pick.candidate for e in answer.picks if e.pick.candidate.kind == "series"]
    assert series
    for title in series:
        assert title.runtime_min is not None
        assert title.episodes_fit == 50 // title.runtime_min >= 1


async def test_a_child_gets_only_what_a_child_may_see(demo_services: Services):
    asked = replace(TONIGHT, mood="cozy", time_min=None)
    answer = await ask(demo_services, asked, child())
    assert answer.picks
    assert all(each.pick.candidate.maturity <= 7 for each in answer.picks)
    assert answer.dropped[Filter.MATURITY] > 0
    assert Filter.MATURITY not in {each.constraint for each in answer.relax}


async def test_a_crowd_gets_milder_titles_and_no_series_it_is_in_the_middle_of(
    demo_services: Services,
):
    viewer = await known(demo_services)
    asked = replace(TONIGHT, mood="funny", time_min=60, group_size=6)
    before = await ask(demo_services, asked, viewer)
    assert all(each.pick.candidate.maturity <= 16 for each in before.picks)
    halfway = next(
        each.pick.candidate for each in before.picks if each.pick.candidate.kind == "series"
    )
    async with demo_services.database.transaction() as session:
        episode = (
            await session.exec(  # pyright: ignore
                select(text("id")).select_from(text("episodes")).where(
                    text("title_id = :id")).params(id=halfway.title_id).limit(1)
            )
        ).one()  # fmt: skip
        session.add(
            Watch(profile_id=viewer.profile_id, title_id=halfway.title_id, episode_id=episode,
                  watched_at=NOW, source="test")
        )  # fmt: skip
    after = await ask(demo_services, asked, viewer)
    assert halfway.title_id not in {each.pick.candidate.title_id for each in after.picks}
    assert after.dropped[Filter.COMPANY] == before.dropped[Filter.COMPANY] + 1
    alone = await ask(demo_services, replace(asked, group_size=1), viewer)
    assert alone.candidates > after.candidates


async def test_what_was_watched_rated_or_excluded_is_not_shown_again(demo_services: Services):
    viewer = await known(demo_services)
    first = await ask(demo_services, viewer=viewer)
    a, b, c, d = [each.pick.candidate.title_id for each in first.picks[:4]]
    async with demo_services.database.transaction() as session:
        session.add(Watch(profile_id=viewer.profile_id, title_id=a, watched_at=NOW, source="x"))
        session.add(Rating(profile_id=viewer.profile_id, title_id=b, score=9, rated_at=NOW))
    question = Question("tense", 120, 2, (await platforms(demo_services)), (c,), (Seen(d, 3),))
    answer = await demo_services.recommender.recommend(viewer, question, NOW)
    assert not {a, b, c, d} & {each.pick.candidate.title_id for each in answer.picks}
    assert answer.dropped[Filter.EXCLUDED] == 1
    assert answer.dropped[Filter.WATCHED] == 3


async def test_the_watchlist_comes_first_and_says_so(demo_services: Services):
    viewer = await known(demo_services)
    async with demo_services.database.transaction() as session:
        await session.exec(delete(WatchlistItem))  # the demo's own wishes
    before = await ask(demo_services, viewer=viewer)
    wished = before.picks[-1].pick.candidate
    async with demo_services.database.transaction() as session:
        session.add(
            WatchlistItem(profile_id=viewer.profile_id, title_id=wished.title_id, added_at=NOW)
        )
    top = (await ask(demo_services, viewer=viewer)).picks[0]
    assert top.pick.candidate.title_id == wished.title_id
    assert "watchlist" in top.why


async def test_what_was_ticked_off_on_the_list_is_not_recommended(demo_services: Services):
    viewer = await known(demo_services)
    shown = (await ask(demo_services, viewer=viewer)).picks[0].pick.candidate.title_id
    async with demo_services.database.transaction() as session:
        await session.exec(delete(WatchlistItem))
        item = WatchlistItem(profile_id=viewer.profile_id, title_id=shown, added_at=NOW)
        item.watched_at = NOW
        session.add(item)
    again = (await ask(demo_services, viewer=viewer)).picks
    assert shown not in {each.pick.candidate.title_id for each in again}


async def test_what_somebody_liked_is_named_when_it_made_a_title_rank(demo_services: Services):
    seen = await title_id(demo_services, "Sicario")
    question = Question("tense", 130, 1, await platforms(demo_services), (), (Seen(seen, 10),))
    answer = await demo_services.recommender.recommend(ANYONE, question, NOW)
    likes = [fact for each in answer.picks for fact in each.facts if fact.kind == "like"]
    assert likes
    assert {fact.data["title"] for fact in likes} == {"Sicario"}


async def test_avoided_genres_and_preferred_moods_of_the_profile_count(demo_services: Services):
    viewer = await known(demo_services)
    async with demo_services.database.transaction() as session:
        profile = await session.get(Profile, viewer.profile_id)
        assert profile is not None
        profile.avoided_genres = ["crime"]
        profile.mood_preferences = ["funny"]
    answer = await ask(demo_services, viewer=viewer)
    assert not any("crime" in each.pick.candidate.genres for each in answer.picks)
    assert answer.dropped[Filter.AVOIDED_GENRE] > 0
    anything = await ask(demo_services, replace(TONIGHT, mood=None), viewer)
    assert "funny" in dict(anything.picks[0].pick.candidate.moods)


async def test_a_title_that_has_left_is_not_recommended_and_its_last_day_counts(
    demo_services: Services,
):
    first = (await ask(demo_services)).picks[0]
    key = first.pick.candidate.title_id
    expire = text("UPDATE offers SET expires_on = :day WHERE title_id = :id")
    bump = text("UPDATE availability_position SET position = position + 1")

    async def expire_on(day) -> Answer:
        async with demo_services.database.engine.begin() as connection:
            await connection.execute(expire, {"day": day, "id": key})
            await connection.execute(bump)
        return await ask(demo_services)

    today = NOW.date()
    last_day = next(e for e in (await expire_on(today)).picks if e.pick.candidate.title_id == key)
    assert "today" in last_day.why.casefold()
    gone = await expire_on(today - timedelta(1))
    assert key not in {each.pick.candidate.title_id for each in gone.picks}


async def test_candidates_are_cached_until_availability_changes(demo_services: Services):
    await ask(demo_services)
    with statements(demo_services.database) as warm:
        await ask(demo_services)
    assert not any("judged" in statement for statement in warm)
    assert len(warm) == 3  # platforms asked for, position, offers of the picks
    async with demo_services.database.engine.begin() as connection:
        await connection.execute(text("UPDATE availability_position SET position = position + 1"))
    with statements(demo_services.database) as cold:
        await ask(demo_services)
    assert len(cold) == 4


@settings(max_examples=25, deadline=None,
          suppress_health_check=[HealthCheck.function_scoped_fixture])  # fmt: skip
@given(
    mood=st.none() | st.sampled_from(sorted(Mood)),
    minutes=st.none() | st.integers(1, 1440),
    people=st.integers(1, 50),
    slugs=st.sets(st.sampled_from(["netflix", "hulu", "mubi", "crunchyroll"]), min_size=1),
    ceiling=st.sampled_from([0, 7, 13, 16, 18]),
)
async def test_whatever_is_asked_the_answer_keeps_its_promises(
    demo_services: Services, mood, minutes, people, slugs, ceiling
):
    asked = Asked(mood, minutes, people, sorted(slugs))
    answer = await ask(demo_services, asked, child(ceiling=ceiling))
    assert len(answer.picks) == min(10, answer.candidates)
    for each in answer.picks:
        title = each.pick.candidate
        assert title.maturity <= ceiling
        assert minutes is None or (title.runtime_min or 9999) <= minutes
        assert mood is None or mood in dict(title.moods)
        assert each.offers
        assert {offer.platform_slug for offer in each.offers} <= slugs
    assert bool(answer.relax) <= (len(answer.picks) < 5)


async def test_nobody_above_the_ceiling_is_named_in_a_why(demo_services: Services):
    viewer = await known(demo_services)
    adult = await title_id(demo_services, "The Big Lebowski")
    async with demo_services.database.transaction() as session:
        session.add(Rating(profile_id=viewer.profile_id, title_id=adult, score=10, rated_at=NOW))
    for mood in ("funny", "cozy", "easy"):
        question = Question(mood, None, 1, await platforms(demo_services), (), (Seen(adult, 10),))
        answer = await demo_services.recommender.recommend(child(viewer), question, NOW)
        assert answer.picks
        for each in answer.picks:
            assert "Lebowski" not in each.why
            assert not [fact for fact in each.facts if fact.kind == "like"]


async def test_a_pool_of_another_release_is_not_read(demo_services: Services, monkeypatch):
    await ask(demo_services)
    monkeypatch.setattr(repo, "POOL_FORM", [*repo.POOL_FORM, "another_field"])
    with statements(demo_services.database) as sent:
        await ask(demo_services)
    assert any("judged" in statement for statement in sent)


async def test_who_directed_and_played_is_named_once(demo_services: Services):
    seen = await title_id(demo_services, "After Life")
    question = Question(None, None, 1, await platforms(demo_services), (), (Seen(seen, 10),))
    answer = await demo_services.recommender.recommend(ANYONE, question, NOW)
    for each in answer.picks:
        people = each.pick.candidate.people
        assert len(set(people)) == len(people)
        for fact in each.facts:
            if fact.kind == "like":
                assert len(set(fact.data["people"])) == len(fact.data["people"])


async def test_no_more_episodes_fit_than_there_are(demo_services: Services):
    answer = await ask(demo_services, replace(TONIGHT, time_min=1440))
    series = [e.pick.candidate for e in answer.picks if e.pick.candidate.kind == "series"]
    assert series
    for title in series:
        assert title.episodes_fit is not None
        assert title.episodes_fit <= title.episode_count


async def test_a_zone_that_vanished_locks_nobody_out(demo_services: Services):
    lost = replace(ANYONE, time_zone="US/Pacific-New")
    assert (await ask(demo_services, viewer=lost)).picks
