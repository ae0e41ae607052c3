"""Where a wish is for its household, until when, and pages that stay put."""

from datetime import date, timedelta
from itertools import count

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from domain.db import Database
from domain.errors import InvalidInput
from domain.titles import names
from domain.watchlists import pages
from domain.watchlists.values import Filters, LeavingWarning, WatchlistSort, Whose, Wish
from tests.accounts.people import HOSTILE, run
from tests.support.catalogue import On
from tests.support.counting import statements
from tests.watchlists.homes import NOW, TODAY, film, move_in, only, series, wishes

pytestmark = pytest.mark.anyio
ADD = """
    INSERT INTO watchlist_items (profile_id, title_id, added_at, watched_at)
    VALUES (:profile, :title, :added, :watched)
"""


def on(days: int) -> date:
    return TODAY + timedelta(days=days)


async def wish_for(database: Database, viewer, title_id: int, added=NOW, watched=None) -> None:
    await run(
        database, ADD, profile=viewer.profile_id, title=title_id, added=added, watched=watched
    )


async def seen(database: Database, *offers: On, platforms=("netflix", "hulu")) -> Wish:
    """A film with these offers, as somebody with Netflix and Hulu in the US sees it."""
    ada = await move_in(database, platforms=platforms)
    await wish_for(database, ada, await film(database, offers=offers))
    return await only(database, ada)


async def test_a_wish_expires_when_the_last_way_to_see_it_ends(database: Database):
    wish = await seen(database, On("netflix", on(3)), On("hulu", on(9)), On("mubi", on(50)))
    assert (wish.available, wish.expires_on, wish.days_left) == (True, on(9), 9)
    assert wish.warning is LeavingWarning.LEAVING


async def test_a_way_without_an_end_keeps_a_wish_for_ever(database: Database):
    wish = await seen(database, On("netflix", on(3)), On("hulu"))
    assert (wish.available, wish.expires_on, wish.days_left) == (True, None, None)
    assert wish.warning is LeavingWarning.NONE


@pytest.mark.parametrize(
    "offer",
    [
        On("mubi"), On("netflix", country="DE"), On("netflix", monetization="rent"),
        On("netflix", TODAY - timedelta(days=1)),
    ],
)  # fmt: skip
async def test_what_they_do_not_have_here_and_now_does_not_count(database: Database, offer: On):
    wish = await seen(database, offer)
    assert (wish.available, wish.expires_on, wish.days_left) == (False, None, None)
    assert wish.warning is LeavingWarning.NONE


async def test_the_last_day_is_today_by_the_viewers_calendar(database: Database):
    wish = await seen(database, On("netflix", TODAY))
    assert (wish.available, wish.days_left, wish.warning) == (True, 0, LeavingWarning.URGENT)


SEASONS = [
    # each season on its own: it begins to go when the first of them goes
    ([(1, 3), (2, 90)], 3),
    ([(1, 3), (2, None)], 3),
    ([(1, None), (2, None)], None),
    # a season twice: the one that lasts longer
    ([(1, 3), (1, 60), (2, 90)], 60),
    # an offer of the whole series covers each season, as long as it lasts
    ([(None, 50), (1, 3)], 50),
    ([(None, None), (1, 3)], None),
    # and where it ends first, only what no season's own offer covers goes with it
    ([(None, 5), (1, 60)], 5),
    ([(None, 5), (1, 60), (2, 90)], 60),
    ([(None, 5), (1, None), (2, None)], None),
    # specials are missed only where there is nothing else
    ([(0, 3), (1, 60)], 60),
    ([(0, 3), (None, 50)], 50),
    ([(0, 3)], 3),
]


@pytest.mark.parametrize(("offers", "days"), SEASONS)
async def test_a_series_expires_when_a_part_of_it_does(
    database: Database, offers: list[tuple[int | None, int | None]], days: int | None
):
    ada = await move_in(database)
    title, _ = await series(database, [[], ["canon"], ["canon"]], offers=[])
    await wish_for(database, ada, title)
    for place, (season, until) in enumerate(offers):
        await run(
            database,
            "INSERT INTO offers (title_id, season_number, platform_id, country, monetization,"
            " quality, expires_on, source, confidence, first_seen_at, last_seen_at)"
            " SELECT :title, :season, id, 'US', 'subscription', :quality, :until, 'tests', 1,"
            " now(), now() FROM platforms WHERE slug = 'netflix'",
            title=title, season=season, quality=("sd", "hd", "4k")[place],
            until=None if until is None else on(until),
        )  # fmt: skip
    wish = await only(database, ada)
    assert (wish.available, wish.days_left) == (True, days)


async def test_a_wish_is_told_in_one_statement_however_many_there_are(database: Database):
    ada = await move_in(database)
    for number in range(5):
        await wish_for(database, ada, await film(database, f"Film {number}"))
    with statements(database) as sent:
        assert len(await wishes(database, ada)) == 5
    assert len(sent) == 1


@pytest.fixture
async def mixed(database: Database):
    """Somebody's list: leaving tomorrow, in a week, staying, nowhere, and watched."""
    ada = await move_in(database)
    offers = {
        "Staying": [On()], "Next week": [On(expires_on=on(7))], "Nowhere": [On("mubi")],
        "Tomorrow": [On(expires_on=on(1))], "Seen": [On(expires_on=on(2))],
    }  # fmt: skip
    for place, (name, where) in enumerate(offers.items()):
        title = await film(database, name, offers=where)
        watched = NOW if name == "Seen" else None
        await wish_for(database, ada, title, NOW + timedelta(minutes=place), watched)
    return ada


def told(found: list[Wish]) -> list[str]:
    return [wish.card.name for wish in found]


async def test_three_orders(database: Database, mixed):
    orders = {
        WatchlistSort.LEAVING_FIRST: ["Tomorrow", "Next week", "Staying", "Nowhere", "Seen"],
        WatchlistSort.ADDED: ["Seen", "Tomorrow", "Nowhere", "Next week", "Staying"],
        WatchlistSort.TITLE: ["Next week", "Nowhere", "Seen", "Staying", "Tomorrow"],
    }
    for sort, expected in orders.items():
        assert told(await wishes(database, mixed, sort=sort)) == expected


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        (Filters(leaving_within_days=0), set()),
        (Filters(leaving_within_days=1), {"Tomorrow"}),
        (Filters(leaving_within_days=7), {"Tomorrow", "Seen", "Next week"}),
        (Filters(leaving_within_days=7, watched=False), {"Tomorrow", "Next week"}),
        (Filters(on_my_platforms=True), {"Tomorrow", "Seen", "Next week", "Staying"}),
        (Filters(on_my_platforms=False), {"Nowhere"}),
        (Filters(watched=True), {"Seen"}),
    ],
)
async def test_filters(database: Database, mixed, filters: Filters, expected: set[str]):
    assert set(told(await wishes(database, mixed, filters))) == expected


@pytest.mark.parametrize("days", [-1, 366, 2**31])
async def test_nobody_looks_further_than_a_year(database: Database, days: int):
    ada = await move_in(database)
    with pytest.raises(InvalidInput) as refusal:
        await wishes(database, ada, Filters(leaving_within_days=days))
    assert refusal.value.field == "leavingWithinDays"


@pytest.mark.parametrize("given_cursor", [*HOSTILE, "W10", "WyJhZGRlZCIsMSwxXQ", "bnVsbA"])
async def test_a_cursor_that_is_not_ours_is_refused(database: Database, given_cursor: str):
    ada = await move_in(database)
    async with database.read() as connection:
        with pytest.raises(InvalidInput) as refusal:
            await pages.page(
                connection, Whose.of(ada, NOW), Filters(), WatchlistSort.TITLE, first=1,
                after=given_cursor,
            )  # fmt: skip
    assert refusal.value.field == "after"


_numbers = count()


@settings(
    max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    films=st.lists(
        st.tuples(
            st.text(st.characters(exclude_categories=["C"]), max_size=6),
            st.one_of(st.none(), st.just("nowhere"), st.integers(0, 3)),
            st.integers(0, 2),
            st.booleans(),
        ),
        min_size=1,
        max_size=9,
    ),
    size=st.integers(1, 4),
)
async def test_pages_add_up_to_the_whole_list_in_its_order(database: Database, films, size: int):
    ada = await move_in(database)
    for name, until, added, watched in films:
        offers = [] if until == "nowhere" else [On(expires_on=None if until is None else on(until))]
        title = await film(database, name, offers=offers)
        added_at = NOW + timedelta(microseconds=added)
        await wish_for(database, ada, title, added_at, NOW if watched else None)
    for sort in WatchlistSort:
        whole = await wishes(database, ada, sort=sort)
        assert len(whole) == len(films)
        assert [_place(sort, wish) for wish in whole] == sorted(_place(sort, w) for w in whole)
        paged: list[int] = []
        after, more = None, True
        while more:
            async with database.read() as connection:
                page = await pages.page(
                    connection, Whose.of(ada, NOW), Filters(), sort, first=size, after=after
                )
            paged += [wish.title_id for _, wish in page.wishes]
            after, more = page.wishes[-1][0], page.more
        assert paged == [wish.title_id for wish in whole]


def _place(sort: WatchlistSort, wish: Wish) -> tuple[object, ...]:
    """The order, said in Python."""
    if sort is WatchlistSort.TITLE:
        return names.fold(wish.card.name), wish.title_id
    if sort is WatchlistSort.ADDED:
        return NOW - wish.added_at, wish.title_id
    until = wish.expires_on or date.max
    return wish.watched_at is not None, not wish.available, until, wish.title_id
