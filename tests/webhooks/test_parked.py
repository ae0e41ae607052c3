"""Which title an event is about, and what becomes of those about titles that we don't have."""

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError
from sqlalchemy import text
from structlog.testing import capture_logs

from domain.db import Database
from domain.services import Services
from domain.webhooks import deliveries, parked, payload
from domain.webhooks.sightings import Sighting, as_json, from_json
from jobs.hear_parked import hear_parked
from jobs.prune_deliveries import prune_deliveries
from tests.support.counting import statements
from tests.webhooks.sender import (
    NOW,
    UNTIL,
    add_film,
    add_netflix,
    event,
    minutes,
    offers,
    rows,
    webhook,
)

pytestmark = pytest.mark.anyio
LATER = NOW + timedelta(minutes=5)


@pytest.fixture
async def netflix(database: Database) -> int:
    async with database.transaction() as session:
        return await add_netflix(session)


async def add(database: Database, **ids: Any) -> int:
    async with database.transaction() as session:
        return await add_film(session, **ids)


async def hear(database: Database, *events: dict[str, Any]) -> list[int]:
    """Take a webhook in; the titles that have offers now."""
    assert await deliveries.take(database, str(events), webhook(*events), NOW)
    return [row[0] for row in await offers(database)]


async def waiting(database: Database) -> int:
    return (await rows(database, "SELECT count(*) FROM parked_observations"))[0][0]


@pytest.mark.parametrize(
    "told",
    [
        {"node_id": "tm1"},
        {"node_id": None, "imdb_id": "tt0000001"},
        {"node_id": None, "tmdb_id": 106, "object_type": "MOVIE"},
        {"node_id": None, "tmdb_id": "106", "object_type": "MOVIE"},
    ],
)
async def test_a_film_is_found_by_each_of_its_ids(
    database: Database, netflix: int, told: dict[str, Any]
) -> None:
    ids = {} if "tm1" in told.values() else {"justwatch_id": None}
    film = await add(database, imdb_id="tt0000001", tmdb_id=106, **ids)
    await add(database, justwatch_id=None, kind="series", tmdb_id=106)
    assert await hear(database, event(**told)) == [film]
    assert await waiting(database) == 0


async def test_where_ids_disagree_the_node_decides(database: Database, netflix: int) -> None:
    mine = await add(database, justwatch_id="tm1", imdb_id="tt0000001")
    other = await add(database, justwatch_id="tm2", imdb_id="tt0000002", tmdb_id=2)
    told = event(node_id="tm1", imdb_id="tt0000002", tmdb_id=2)
    assert await hear(database, told) == [mine]
    # One that no title has: tm2 is another film, whatever the other ids say.
    assert await hear(database, event(node_id="tm3", imdb_id="tt0000002", tmdb_id=2)) == [mine]
    assert await waiting(database) == 1
    # And the kind is the node's, though it was sent with another word.
    assert other in await hear(database, event(node_id="tm2", object_type="SHOW"))


async def test_the_demo_has_invented_ids_and_is_found_by_the_others(
    database: Database, netflix: int
) -> None:
    film = await add(database, justwatch_id="tm9000000002", tmdb_id=680, source="demo")
    assert await hear(database, event(node_id="tm4", tmdb_id=680)) == [film]


async def test_a_season_is_found_by_its_show(database: Database, netflix: int) -> None:
    show = await add(
        database, justwatch_id="ts5", kind="series", tmdb_id=46648, imdb_id="tt0000005"
    )
    for number, told in enumerate(
        (
            {"node_id": "ts5", "season_number": 1},
            {"node_id": "tss77", "tmdb_id": "46648:2"},
            {"node_id": None, "tmdb_id": "46648:3"},
            {"node_id": "tss78", "imdb_id": "tt0000005", "season_number": 4},
        ),
        1,
    ):
        # Nobody has given tm… or ts… to what is found by a season, so its own id may differ.
        await hear(database, event(**told))
        assert (await offers(database))[-1] == (show, number, "US", UNTIL, True)
    await hear(database, event(node_id="ts5"))
    assert (show, None, "US", UNTIL, True) in await offers(database)


async def test_unknown_titles_are_parked_once_and_heard_when_they_come(
    services: Services, netflix: int
) -> None:
    database = services.database
    told = event(observed_at=minutes(-1))
    assert await hear(database, told) == []
    assert await deliveries.take(database, "again", webhook(told), LATER)
    assert await waiting(database) == 1
    assert await hear_parked({"services": services}) == 0
    film = await add(database)
    assert await hear_parked({"services": services}) == 1
    assert await offers(database) == [(film, None, "US", UNTIL, True)]
    assert await waiting(database) == 0
    (source,) = await rows(database, "SELECT source, signed FROM offer_claims")
    assert tuple(source) == ("justwatch", True)


async def test_unknown_platforms_wait_too(database: Database) -> None:
    film = await add(database)
    assert await hear(database, event()) == []
    assert await waiting(database) == 1
    async with database.transaction() as session:
        await add_netflix(session)
    assert await parked.hear_parked(database, LATER) == 1
    assert await offers(database) == [(film, None, "US", UNTIL, True)]


async def test_what_waited_does_not_overrule_what_was_seen_since(
    database: Database, netflix: int
) -> None:
    await hear(database, event(observed_at=minutes(-9)), event(observed_at=minutes(-8)))
    film = await add(database)
    newer = event(available_to="2026-12-24", observed_at=minutes(-1))
    await hear(database, newer)
    assert await parked.hear_parked(database, LATER) == 2
    assert await offers(database) == [(film, None, "US", date(2026, 12, 24), True)]


async def test_more_than_a_batch_is_heard_in_one_go(
    database: Database, netflix: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(parked, "BATCH", 10)
    await hear(database, *(event(observed_at=minutes(-number)) for number in range(35)))
    await add(database)
    with statements(database) as sent:
        assert await parked.hear_parked(database, LATER) == 35
    assert await waiting(database) == 0
    assert len([each for each in sent if "DELETE FROM parked" in each]) == 4
    assert len(sent) < 4 * 16


async def test_what_cannot_be_recorded_holds_up_nothing_else(
    database: Database, netflix: int
) -> None:
    said = [event(observed_at=minutes(-number)) for number in range(20)]
    assert await hear(database, *said, event(observed_at=minutes(-30), package_id=9)) == []
    spoiled = "UPDATE parked_observations SET observation = observation || '{\"there\": []}'"
    async with database.transaction() as session:
        await (await session.connection()).execute(text(f"{spoiled} WHERE id IN (1, 8)"))
    film = await add(database)
    for heard in (18, 0):
        with capture_logs() as logs:
            assert await parked.hear_parked(database, LATER) == heard
        assert [each["sighting"] for each in logs if each["event"] == "parked.not_heard"] == [1, 8]
    assert await offers(database) == [(film, None, "US", UNTIL, True)]
    assert await waiting(database) == 3


async def test_what_nobody_knows_is_forgotten_after_90_days(
    services: Services, netflix: int
) -> None:
    database = services.database
    await hear(database, event())
    async with database.transaction() as session:
        assert await parked.prune(session, NOW + timedelta(days=90)) == 0
        assert await parked.prune(session, NOW + timedelta(days=90, seconds=1)) == 1
    await hear(database, event(observed_at=minutes(-1)))
    async with database.transaction() as session:
        connection = await session.connection()
        old = "UPDATE parked_observations SET parked_at = now() - interval '91 days'"
        await connection.execute(text(old))
    await prune_deliveries({"services": services})
    assert await waiting(database) == 0


def sighting(**told: Any) -> Sighting:
    (found,) = payload.read(webhook(event(**told))).sightings(NOW)
    return found


@pytest.mark.parametrize(
    ("told", "there", "dated", "expires_on"),
    [
        ({"change": "added", "available_to": None}, True, False, None),
        ({"change": "added"}, True, True, UNTIL),
        ({"change": "expiring"}, True, True, UNTIL),
        ({"change": "expiring", "available_to": None}, True, False, None),
        ({"change": "expired", "available_to": None}, False, False, None),
        ({"change": "changed"}, True, True, UNTIL),
        ({"change": "changed", "available_to": None}, True, False, None),
    ],
)
def test_what_a_change_says(
    told: dict[str, Any], there: bool, dated: bool, expires_on: date | None
) -> None:
    found = sighting(**told)
    assert (found.there, found.dated, found.expires_on) == (there, dated, expires_on)
    assert found.signed


def test_null_takes_a_date_back_where_it_changed_and_nowhere_else() -> None:
    for change, dated in (("changed", True), ("added", False), ("expiring", False)):
        body = webhook(event(change=change) | {"available_to": None})
        (found,) = payload.read(body).sightings(NOW)
        assert (found.dated, found.expires_on) == (dated, None), change


@pytest.mark.parametrize(
    ("sent", "ours"),
    [
        ("FLATRATE", "subscription"), ("FLATRATE_AND_BUY", "subscription"), ("ADS", "ads"),
        ("FAST", "ads"), ("FREE", "free"), ("RENT", "rent"), ("BUY", "buy"), ("CINEMA", "cinema"),
    ],
)  # fmt: skip
def test_ways_of_paying_have_our_words(sent: str, ours: str) -> None:
    assert sighting(monetization_type=sent).monetization == ours


def test_qualities_have_our_words() -> None:
    sent = ("SD", "HD", "_4K", "BLURAY", "8K from the future", None)
    told = [sighting(presentation_type=each).quality for each in sent]
    assert told == ["sd", "hd", "4k", "unknown", "unknown", "unknown"]


def test_a_price_needs_its_currency() -> None:
    assert str(sighting(retail_price=3.99, currency="USD").price) == "3.99"
    assert str(sighting(price="4", currency="USD").price) == "4.00"
    assert not sighting(retail_price=3.99).priced
    assert not sighting(currency="USD").priced


def test_only_pages_are_linked_to() -> None:
    kept = "https://www.netflix.com/title/1"
    assert sighting(url=kept).url == kept
    for url in ("javascript:alert(1)", "data:text/html,x", "https://", "http://[", "//x.test", "",
                "https://x.test/\x00", "https://x.test/a b", "https://x.test/" + "x" * 2_000,
                ["https://x.test"], 7, {}):  # fmt: skip
        assert sighting(url=url).url is None, url


@pytest.mark.parametrize(
    "told",
    [
        {"node_id": None},
        {"node_id": "tm1; DROP"},
        {"node_id": "tse1"},
        {"node_id": None, "tmdb_id": 106},
        {"node_id": "tss1"},
        {"node_id": "tss1", "tmdb_id": "1"},
        {"node_id": "tss1", "season_number": 1},
        {"object_type": "SHOW_EPISODE"},
        {"tmdb_id": True},
        {"tmdb_id": 10**9},
        {"tmdb_id": 1.5},
        {"imdb_id": "0093773"},
        {"imdb_id": "tt\x0000000"},
        {"season_number": -1},
        {"package_id": None},
        {"package_id": "8"},
        {"package_id": 2**31},
        {"package_id": -1},
        {"monetization_type": None},
        {"monetization_type": "BARTER"},
        {"presentation_type": "x" * 41},
        {"available_to": "0001-01-01"},
        {"available_to": "9999-12-31"},
        {"available_to": "2026-11-31"},
        {"available_to": "２０２６-11-30"},
        {"available_to": 1_764_000_000},
        {"available_to": "2026-11-30T00:00:00Z"},
        {"observed_at": "2026-11-21T09:00:00"},
        {"observed_at": "0001-01-01T00:00:00+14:00"},
        {"observed_at": "9999-12-31T23:59:59-14:00"},
        {"observed_at": 1_764_000_000},
        {"retail_price": "NaN"},
        {"retail_price": "1e999999"},
        {"retail_price": -1},
        {"retail_price": True},
        {"retail_price": "three"},
        {"currency": "usd"},
        {"change": "vanished"},
    ],
)
def test_what_cannot_be_used_is_refused(told: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        sighting(**told)


@given(
    st.builds(
        dict,
        available_to=st.none() | st.dates(date(2000, 1, 1), date(2099, 12, 31)).map(str),
        retail_price=st.none() | st.decimals(0, 9_999, places=2).map(str),
        currency=st.sampled_from([None, "EUR"]),
        season_number=st.none() | st.integers(0, 999),
        node_id=st.just("ts5"),
        change=st.sampled_from(["added", "expiring", "expired", "changed"]),
    )
)
def test_what_is_parked_is_heard_as_it_was_said(told: dict[str, Any]) -> None:
    said = sighting(**told)
    assert from_json(as_json(said)) == said
