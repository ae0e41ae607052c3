"""What is leaving that somebody would miss, and what is new."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from domain.accounts.viewer import Viewer
from domain.errors import InvalidInput
from domain.history.models import Rating, Watch
from domain.platforms.models import Offer
from domain.recommendations import leaving, new
from domain.recommendations.leaving import Leaving
from domain.services import Services
from domain.titles.models import Episode
from domain.watchlists.models import WatchlistItem
from tests.accounts.people import NOW, join, run
from tests.support.catalogue import On, add_platform, add_title
from tests.support.counting import statements
from tests.support.graphql import ANYONE

pytestmark = pytest.mark.anyio
TODAY = NOW.date()


def day(days: int) -> date:
    return TODAY + timedelta(days)


async def add(services: Services, name: str, *offers: On, **facts: Any) -> int:
    async with services.database.transaction() as session:
        return await add_title(session, name, offers=offers, **facts)


async def add_offer(services: Services, title: int, platform: str, **facts: Any) -> None:
    async with services.database.transaction() as session:
        key = await add_platform(session, platform)
        told: dict[str, Any] = {
            "country": "US", "monetization": "subscription", "source": "tests", "confidence": 1.0,
            "first_seen_at": NOW, "last_seen_at": NOW,
        }  # fmt: skip
        session.add(Offer(title_id=title, platform_id=key, **(told | facts)))


@pytest.fixture
async def viewer(services: Services) -> Viewer:
    """Somebody with Netflix and Hulu."""
    viewer = await join(services.door)
    async with services.database.transaction() as session:
        for slug in ("netflix", "hulu", "max"):
            await add_platform(session, slug)
    await run(
        services.database,
        "INSERT INTO profile_platforms SELECT :profile, id FROM platforms WHERE slug <> 'max'",
        profile=viewer.profile_id,
    )
    return viewer


async def soon(services: Services, viewer: Viewer, **asked: Any) -> list[Leaving]:
    async with services.database.read() as connection:
        return await leaving.leaving_soon(connection, viewer, NOW, **asked)


def names(found: list[Leaving]) -> list[str]:
    return [each.pick.candidate.name for each in found]


async def test_it_is_what_leaves_their_platforms_within_the_days(
    services: Services, viewer: Viewer
):
    await add(services, "Today", On(expires_on=day(0)))
    await add(services, "In a week", On(expires_on=day(7)))
    await add(services, "In eight days", On(expires_on=day(8)))
    await add(services, "Over", On(expires_on=day(-1)))
    await add(services, "Stays", On())
    await add(services, "Elsewhere", On("max", day(1)))
    await add(services, "Abroad", On(expires_on=day(1), country="DE"))
    await add(services, "For money", On(expires_on=day(1), monetization="rent"))
    assert names(await soon(services, viewer)) == ["Today", "In a week"]
    assert names(await soon(services, viewer, within_days=8))[-1] == "In eight days"
    assert names(await soon(services, viewer, first=1)) == ["Today"]
    everywhere = await soon(services, viewer, only_my_platforms=False)
    assert names(everywhere) == ["Today", "Elsewhere", "In a week"]
    assert [(each.days_left, each.expires_on) for each in everywhere][1] == (1, day(1))


async def test_whoever_has_said_no_platforms_sees_the_country_s(services: Services, viewer: Viewer):
    await add(services, "On Netflix", On(expires_on=day(1)))
    await add(services, "On Max", On("max", day(3)))
    await run(services.database, "DELETE FROM profile_platforms")
    for who in (viewer, ANYONE):
        assert names(await soon(services, who)) == ["On Netflix", "On Max"]


async def test_what_another_of_their_platforms_keeps_comes_last(services: Services, viewer: Viewer):
    await add(services, "Kept", On(expires_on=day(0)), On("hulu"))
    await add(services, "Kept a while", On(expires_on=day(0)), On("hulu", day(30)))
    await add(services, "Kept by a stranger", On(expires_on=day(0)), On("max"))
    await add(services, "Next week", On(expires_on=day(7)))
    found = await soon(services, viewer)
    assert names(found) == ["Kept by a stranger", "Next week", "Kept a while", "Kept"]
    assert [each.stays_elsewhere for each in found] == [False, False, True, True]
    assert {offer.platform_slug for offer in found[0].offers} == {"netflix"}


async def test_what_is_watched_avoided_or_too_mature_is_left_out(
    services: Services, viewer: Viewer
):
    watched = await add(services, "Watched", On(expires_on=day(1)))
    rated = await add(services, "Rated", On(expires_on=day(1)))
    await add(services, "Horror", On(expires_on=day(1)), genres=["horror"])
    await add(services, "Grown-up", On(expires_on=day(1)), maturity=16)
    async with services.database.transaction() as session:
        about: dict[str, Any] = {"profile_id": viewer.profile_id}
        session.add(Watch(title_id=watched, watched_at=NOW, source="tests", **about))
        session.add(Rating(title_id=rated, score=9, rated_at=NOW, **about))
    await run(services.database, "UPDATE profiles SET avoided_genres = '{horror}'")
    assert names(await soon(services, viewer)) == ["Grown-up"]
    assert names(await soon(services, replace(viewer, ceiling=13))) == []
    assert "Grown-up" not in names(await soon(services, replace(ANYONE, ceiling=13)))


async def test_who_likes_something_sees_its_kin_first(services: Services, viewer: Viewer):
    liked = await add(services, "Liked", On(), genres=["crime"], moods={"tense": 1.0})
    await add(services, "Kin", On(expires_on=day(5)), genres=["crime"], moods={"tense": 1.0})
    await add(services, "Other", On(expires_on=day(5)), genres=["western"], moods={"epic": 1.0})
    wished = await add(services, "Wished", On(expires_on=day(6)), genres=["romance"])
    async with services.database.transaction() as session:
        about: dict[str, Any] = {"profile_id": viewer.profile_id}
        session.add(Rating(title_id=liked, score=10, rated_at=NOW, **about))
        session.add(WatchlistItem(title_id=wished, added_at=NOW, **about))
    found = await soon(services, viewer)
    assert names(found)[-1] == "Other"
    said = {each.pick.candidate.name: each.why for each in found}
    assert "close to Liked, which you rated 10" in said["Kin"]
    assert "on your watchlist, " in said["Wished"]
    assert all("only until" in why for why in said.values())


async def test_every_reason_says_when_and_where_it_leaves(services: Services, viewer: Viewer):
    await add(services, "A", On(expires_on=day(0)))
    await add(services, "B", On(expires_on=day(1)), On("hulu", day(1)))
    await add(services, "C", On(expires_on=day(60)))
    found = await soon(services, viewer, within_days=90)
    assert [each.why.partition(", and ")[2] for each in found] == [
        "today is its last day on Netflix.",
        "tomorrow is its last day on Hulu and Netflix.",
        "it stays on Netflix only until 20 January.",
    ]
    many = [On(platform, day(2)) for platform in ("netflix", "hulu", "max", "peacock")]
    await add(services, "D", *many)
    told = {each.pick.candidate.name: each.why for each in await soon(services, ANYONE)}
    assert told["D"].endswith("it stays on 4 services only until Monday.")


async def test_the_seasons_that_leave_are_named(services: Services, viewer: Viewer):
    some = await add(services, "Some", kind="series")
    whole = await add(services, "Whole", kind="series")
    for title, season, until in (
        (some, 0, day(1)), (some, 1, day(3)), (some, 2, day(3)), (some, 3, None),
        (whole, 1, day(3)), (whole, 2, day(3)),
    ):  # fmt: skip
        await add_offer(services, title, "netflix", season_number=season, expires_on=until)
    specials = await add(services, "Specials", On(), kind="series")
    await add_offer(services, specials, "netflix", season_number=0, expires_on=day(1))
    found = {each.pick.candidate.name: each for each in await soon(services, viewer)}
    assert found.keys() == {"Some", "Whole"}
    assert (found["Some"].seasons, found["Some"].expires_on) == ((1, 2), day(3))
    assert "seasons 1 and 2 stay on Netflix only until Tuesday" in found["Some"].why
    assert (found["Whole"].seasons, found["Whole"].expires_on) == ((), day(3))
    assert "it stays on Netflix only until Tuesday" in found["Whole"].why


async def test_specials_are_no_season_that_leaves(services: Services, viewer: Viewer):
    title = await add(services, "Long", kind="series")
    for season, until in ((0, day(3)), (1, day(3)), (2, day(5))):
        await add_offer(services, title, "netflix", season_number=season, expires_on=until)
    await add_offer(services, title, "hulu", season_number=0, expires_on=day(3))
    (found,) = await soon(services, viewer)
    assert found.seasons == (1,)
    assert "season 1 stays on Netflix only until Tuesday" in found.why


async def watch(services: Services, viewer: Viewer, episodes: list[Episode], seen: int) -> None:
    """Add the episodes of a series, of which the first so many were seen."""
    _, profile_id = viewer.require_profile()
    async with services.database.transaction() as session:
        session.add_all(episodes)
        await session.flush()
        session.add_all(
            Watch(profile_id=profile_id, title_id=each.title_id, episode_id=each.id,
                  watched_at=NOW, source="manual")
            for each in episodes[:seen]
        )  # fmt: skip


async def test_seasons_that_were_seen_are_not_missed(services: Services, viewer: Viewer):
    async def follow(name: str, *ends: date | None, seen: int, filler: str = "canon") -> None:
        """A series of two episodes a season."""
        title = await add(services, name, kind="series")
        counts = "UPDATE titles SET season_count = :seasons, episode_count = 9 WHERE id = :title"
        await run(services.database, counts, seasons=len(ends), title=title)
        for season, until in enumerate(ends, 1):
            await add_offer(services, title, "netflix", season_number=season, expires_on=until)
        episodes = [
            Episode(title_id=title, season_number=each // 2 + 1, number=each, filler=filler)
            for each in range(2 * len(ends))
        ]
        await watch(services, viewer, episodes, seen)

    await follow("First seen, second stays", day(2), None, seen=2)
    await follow("First seen, second leaves later", day(2), day(4), seen=2)
    await follow("First half seen", day(2), None, seen=1)
    await follow("All seen but what is to come", day(2), day(2), seen=4)
    await follow("Only filler is left", day(2), None, seen=1, filler="filler")
    found = {each.pick.candidate.name: each for each in await soon(services, viewer)}
    assert {name: each.expires_on for name, each in found.items()} == {
        "First seen, second leaves later": day(4), "First half seen": day(2)
    }  # fmt: skip
    assert found["First half seen"].seasons == (1,)


async def test_one_episode_of_a_series_of_unknown_length_finishes_nothing(
    services: Services, viewer: Viewer
):
    title = await add(services, "Nobody counted", On(expires_on=day(2)), kind="series")
    await watch(services, viewer, [Episode(title_id=title, season_number=1, number=1)], 1)
    assert names(await soon(services, viewer)) == ["Nobody counted"]


async def test_two_pictures_of_one_title_leave_when_both_have(services: Services, viewer: Viewer):
    title = await add(services, "Twice", On(expires_on=day(1)))
    await add_offer(services, title, "netflix", quality="4k", expires_on=day(4))
    found = await soon(services, viewer)
    assert [(each.expires_on, each.seasons) for each in found] == [(day(4), ())]


async def test_the_statements_do_not_grow_with_the_titles(services: Services, viewer: Viewer):
    liked = await add(services, "Liked", On())
    about: dict[str, Any] = {"profile_id": viewer.profile_id}
    async with services.database.transaction() as session:
        session.add(Rating(title_id=liked, score=10, rated_at=NOW, **about))
    for count in (0, 30):
        for number in range(count):
            fresh = await add(services, f"Title {number}", On(expires_on=day(number % 7)))
            newly = "UPDATE offers SET available_from = :day WHERE title_id = :title"
            await run(services.database, newly, day=TODAY, title=fresh)
        async with services.database.read() as connection:
            for ask in (leaving.leaving_soon, new.new_titles):
                with statements(services.database) as sent:
                    assert len(await ask(connection, viewer, NOW)) == min(count, 20)
                assert len(sent) == 6  # profile, platforms, past, titles, offers, people
                with statements(services.database) as sent:
                    await ask(connection, ANYONE, NOW)
                assert len(sent) == 3


@pytest.mark.parametrize(
    ("days", "first", "field"), [(0, 1, "d"), (91, 1, "d"), (7, 0, "first"), (7, 101, "first")]
)
def test_a_window_out_of_range_is_refused(days: int, first: int, field: str):
    with pytest.raises(InvalidInput) as refused:
        leaving.check(days, first, days_field="d")
    assert refused.value.field == field
    leaving.check(1, 1)
    leaving.check(90, 100)


async def arrived(services: Services, viewer: Viewer, **asked: int) -> list[tuple[str, int]]:
    async with services.database.read() as connection:
        found = await new.new_titles(connection, viewer, NOW, **asked)
    return [(each.pick.candidate.name, (TODAY - each.since).days) for each in found]


async def add_new(services: Services, name: str, days_ago: int, *more: On, **facts: Any) -> int:
    title = await add(services, name, *more, **facts)
    await add_offer(services, title, "netflix", available_from=day(-days_ago), quality="4k")
    return title


async def test_new_is_what_came_within_the_days_the_newest_first(
    services: Services, viewer: Viewer
):
    await add_new(services, "Today", 0)
    await add_new(services, "Yesterday", 1)
    await add_new(services, "Two weeks ago", 14)
    await add_new(services, "Before", 15)
    await add_new(services, "To come", -1)
    await add_new(services, "Grown-up", 2, maturity=18)
    await add(services, "Always there", On())
    everything = [("Today", 0), ("Yesterday", 1), ("Grown-up", 2), ("Two weeks ago", 14)]
    assert await arrived(services, viewer) == everything
    assert await arrived(services, replace(viewer, ceiling=13)) == [
        each for each in everything if each[0] != "Grown-up"
    ]
    assert await arrived(services, viewer, first=1) == everything[:1]
    assert await arrived(services, viewer, within_days=1) == everything[:2]
    assert await arrived(services, ANYONE) == everything


async def test_what_was_on_another_of_their_platforms_is_not_new_to_them(
    services: Services, viewer: Viewer
):
    await add_new(services, "Was on Hulu", 1, On("hulu"))
    await add_new(services, "Was on Netflix", 1, On("netflix"))
    await add_new(services, "Has just left Hulu", 1, On("hulu", day(-2)))
    await add_new(services, "Left Hulu long ago", 1, On("hulu", day(-200)))
    await add_new(services, "Is on Max", 1, On("max"))
    await add_new(services, "Could be rented", 1, On("hulu", monetization="rent"))
    found = {name for name, _ in await arrived(services, viewer)}
    assert found == {"Left Hulu long ago", "Is on Max", "Could be rented"}


async def test_of_one_day_the_better_liked_comes_first(services: Services, viewer: Viewer):
    await add_new(services, "Liked less", 3)
    await add_new(services, "Liked more", 3)
    await run(services.database, "UPDATE titles SET critics_score = 20 WHERE name = 'Liked less'")
    assert [name for name, _ in await arrived(services, viewer)] == ["Liked more", "Liked less"]


async def test_a_price_is_no_part_of_what_is_included(services: Services, viewer: Viewer):
    title = await add(services, "For sale")
    await add_offer(
        services, title, "netflix", available_from=TODAY, expires_on=day(1), price=Decimal("3.99"),
        monetization="buy",
    )  # fmt: skip
    assert await arrived(services, viewer) == []
    assert await soon(services, viewer) == []
