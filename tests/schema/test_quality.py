"""What is wrong with the catalogue, as admins see it."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from domain.availability import expiry, service
from domain.availability.values import Observation, OfferKey
from domain.services import Services
from domain.webhooks import deliveries
from tests.accounts.people import run as change
from tests.schema.test_jobs import ADMIN
from tests.support.catalogue import add_platform, add_title
from tests.support.counting import statements
from tests.support.graphql import run
from tests.webhooks.sender import event, webhook

pytestmark = pytest.mark.anyio
NOW = datetime.now(UTC)
TODAY = NOW.date()
SOON, LATER = TODAY + timedelta(days=9), TODAY + timedelta(days=19)

CONFLICTS = """query ($first: Int = 20) { dataQuality { dateConflicts(first: $first) {
  count more items {
    title { name } platform { slug } country expiresOn seasonNumber
    claims { source signed expiresOn believed }
  }
} } }"""
ENDS = """{ dataQuality { unconfirmedEnds {
  count items { title { name } platform { slug } expiresOn source country }
} } }"""
UNKNOWN = """query ($first: Int = 20) { dataQuality {
  unknownTitles(first: $first) { count more items { kind justwatchId imdbId tmdbId sightings } }
  unknownPlatforms { count items { packageId sightings } }
} }"""
NOWHERE = """query ($first: Int = 20) { dataQuality {
  titlesNowhere(first: $first) { count more items { name } }
} }"""
TIMELESS = """query ($first: Int = 20) { dataQuality {
  titlesWithoutRuntime(first: $first) { count items { name } }
} }"""


async def asked(services: Services, query: str, **variables: Any) -> Any:
    return (await run(services, query, ADMIN, **variables))["dataQuality"]


async def add(services: Services, name: str = "Heat", **facts: Any) -> int:
    async with services.database.transaction() as session:
        return await add_title(session, name, offers=(), **facts)


async def hear(
    services: Services, title: int, *said: tuple[str, date | None], at: datetime = NOW, **told: Any
) -> None:
    """What sources say: that it is on Netflix, until a day."""
    async with services.database.transaction() as session:
        netflix = await add_platform(session, "netflix")
        key = OfferKey(title, None, netflix, "US", "subscription", "hd")
        seen = [
            Observation(key, True, source, 0.9, at, dated=True, expires_on=day, **told)
            for source, day in said
        ]
        await service.record(session, seen, NOW)


async def test_sources_that_name_different_last_days_are_told_side_by_side(services: Services):
    title = await add(services)
    await hear(services, title, ("list", LATER))
    await hear(services, title, ("justwatch", SOON), signed=True)
    told = (await asked(services, CONFLICTS))["dateConflicts"]
    assert told == {
        "count": 1, "more": False, "items": [{
            "title": {"name": "Heat"}, "platform": {"slug": "netflix"}, "country": "US",
            "expiresOn": SOON.isoformat(), "seasonNumber": None,
            "claims": [
                {"source": "justwatch", "signed": True, "expiresOn": SOON.isoformat(),
                 "believed": True},
                {"source": "list", "signed": False, "expiresOn": LATER.isoformat(),
                 "believed": False},
            ],
        }],
    }  # fmt: skip


async def test_a_day_against_no_known_end_is_a_conflict_too(services: Services):
    title = await add(services)
    await hear(services, title, ("list", LATER))
    await hear(services, title, ("justwatch", None), signed=True)
    [found] = (await asked(services, CONFLICTS))["dateConflicts"]["items"]
    assert found["expiresOn"] is None
    assert [(each["source"], each["believed"]) for each in found["claims"]] == [
        ("justwatch", True), ("list", False),
    ]  # fmt: skip


@pytest.mark.parametrize(
    "said",
    [
        [("list", SOON), ("justwatch", SOON)],
        [("demo", SOON), ("justwatch", LATER)],
        [("list", TODAY - timedelta(days=9)), ("justwatch", LATER)],
        [("list", LATER)],
    ],
    ids=["they agree", "the demo is invented", "a day that is past", "one alone"],
)
async def test_what_is_no_disagreement_is_not_told(
    services: Services, said: Sequence[tuple[str, date | None]]
):
    title = await add(services)
    await hear(services, title, *said)
    assert (await asked(services, CONFLICTS))["dateConflicts"]["count"] == 0


async def test_conflicts_come_soonest_first_in_five_statements_however_many(services: Services):
    for name, day in (("Later", LATER), ("Sooner", SOON), ("Last", LATER + timedelta(days=1))):
        await hear(services, await add(services, name), ("list", day), ("feed", None))
    with statements(services.database) as sent:
        told = (await asked(services, CONFLICTS, first=2))["dateConflicts"]
    assert told["count"] == 3
    assert [each["title"]["name"] for each in told["items"]] == ["Sooner", "Later"]
    assert len(sent) == 4, "which, who says what, their titles, their platforms"


async def test_an_offer_that_ended_by_its_day_is_told_until_somebody_calls_it_gone(
    services: Services,
):
    title = await add(services)
    last = TODAY - timedelta(days=3)
    await hear(services, title, ("justwatch", last), at=NOW - timedelta(days=9))
    async with services.database.transaction() as session:
        await expiry.end_over(session, NOW)
    told = (await asked(services, ENDS))["unconfirmedEnds"]
    assert told == {"count": 1, "items": [{
        "title": {"name": "Heat"}, "platform": {"slug": "netflix"},
        "expiresOn": last.isoformat(), "source": "justwatch", "country": "US",
    }]}  # fmt: skip
    await change(services.database, "UPDATE offer_claims SET there = false")
    assert (await asked(services, ENDS))["unconfirmedEnds"]["count"] == 0


async def test_an_end_of_three_weeks_ago_is_nobody_s_business_any_more(services: Services):
    title = await add(services)
    await hear(services, title, ("justwatch", TODAY - timedelta(days=30)))
    await change(
        services.database,
        "UPDATE offers SET expires_on = :day, gone_at = now() - interval '21 d'",
        day=TODAY - timedelta(days=22),
    )
    assert (await asked(services, ENDS))["unconfirmedEnds"]["count"] == 0


async def test_what_is_parked_is_told_by_what_is_unknown(services: Services):
    async with services.database.transaction() as session:
        await add_platform(session, "netflix")
    await change(services.database, "UPDATE platforms SET package_id = 8")
    title = await add(services)
    await change(
        services.database, "UPDATE titles SET justwatch_id = 'tm1' WHERE id = :id", id=title
    )
    heard = [
        event(node_id="tm404", package_id=8),
        event(node_id="tm404", package_id=8, available_to=LATER.isoformat()),
        event(node_id="tm405", package_id=8, imdb_id="tt0000405"),
        event(node_id="tm1", package_id=4711),
    ]
    await deliveries.take(services.database, "a", webhook(*heard), NOW)
    told = await asked(services, UNKNOWN)
    titles = told["unknownTitles"]
    assert (titles["count"], titles["more"]) == (2, False)
    assert [(each["justwatchId"], each["sightings"]) for each in titles["items"]] == [
        ("tm404", 2), ("tm405", 1),
    ]  # fmt: skip
    assert titles["items"][1]["imdbId"] == "tt0000405"
    assert told["unknownPlatforms"] == {
        "count": 1, "items": [{"packageId": 4711, "sightings": 1}],
    }  # fmt: skip
    with statements(services.database) as sent:
        await asked(services, UNKNOWN, first=1)
    assert len(sent) == 2


async def test_more_than_a_thousand_are_counted_as_a_thousand_and_more(services: Services):
    await change(
        services.database,
        "INSERT INTO parked_observations (digest, kind, justwatch_id, source, observation,"
        " parked_at) SELECT sha256(n::text::bytea), 'film', 'tm' || n, 'justwatch',"
        " '{\"package_id\": 8}', now() FROM generate_series(1, 1001) AS n",
    )
    told = (await asked(services, UNKNOWN, first=3))["unknownTitles"]
    assert (told["count"], told["more"], len(told["items"])) == (1_000, True, 3)
    await change(services.database, "DELETE FROM parked_observations WHERE justwatch_id = 'tm7'")
    told = (await asked(services, UNKNOWN, first=3))["unknownTitles"]
    assert (told["count"], told["more"]) == (1_000, False)


async def test_titles_that_lack_something_are_told_the_most_popular_first(services: Services):
    await add(services, "Nowhere", popularity=1)
    await add(services, "Timeless", popularity=9, runtime_min=None)
    whole = await add(services, "Whole")
    await hear(services, whole, ("justwatch", None))
    with statements(services.database) as sent:
        nowhere = (await asked(services, NOWHERE))["titlesNowhere"]
    assert [each["name"] for each in nowhere["items"]] == ["Timeless", "Nowhere"]
    assert len(sent) == 2, "the list, and its titles"
    with statements(services.database) as sent:
        timeless = (await asked(services, TIMELESS))["titlesWithoutRuntime"]
    assert timeless == {"count": 1, "items": [{"name": "Timeless"}]}
    assert len(sent) == 2, "the list, and its titles"


async def test_an_empty_catalogue_has_nothing_wrong(services: Services):
    for query in (CONFLICTS, ENDS, UNKNOWN, NOWHERE, TIMELESS):
        for found in (await asked(services, query)).values():
            assert (found["count"], found["items"]) == (0, [])
