"""A title's availability over time, as clients see it."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest

from domain.availability.models import OfferClaim
from domain.db import Database
from domain.platforms.models import OfferBelief
from domain.services import Services
from tests.accounts.people import run as change
from tests.support.catalogue import NOW, On, add_title
from tests.support.counting import statements
from tests.support.graphql import child, run

pytestmark = pytest.mark.anyio
LAST, LATER = date(2026, 12, 1), date(2026, 12, 31)
QUERY = """query ($id: ID!, $first: Int = 50, $country: String) { title(id: $id) {
  availabilityTimeline(first: $first, country: $country) {
    country
    entries {
      at kind expiresOn previousExpiresOn price currency source confidence
      platform { slug } seasonNumber monetization quality
    }
    claims { source there expiresOn confidence observedAt believed platform { slug } quality }
  }
} }"""


async def add(services: Services, *offers: On, **facts: Any) -> int:
    async with services.database.transaction() as session:
        return await add_title(session, "Somewhere", offers=offers, **facts)


async def believe(database: Database, title: int, *beliefs: dict[str, Any]) -> None:
    """Write down what was believed of a title's offer, a day apart."""
    async with database.transaction() as session:
        rows = await (await session.connection()).exec_driver_sql(
            "SELECT id FROM offers WHERE title_id = $1", (title,)
        )
        offer = rows.scalar_one()
        for days, told in enumerate(beliefs):
            until = NOW + timedelta(days + 1) if days + 1 < len(beliefs) else None
            session.add(
                OfferBelief(
                    offer_id=offer, believed_from=NOW + timedelta(days), believed_to=until,
                    **({"source": "tests", "confidence": 0.5} | told),
                )
            )  # fmt: skip


async def timeline(services: Services, title: int, **asked: Any) -> dict[str, Any]:
    told = await run(services, QUERY, id=f"title_{title}", **asked)
    return told["title"]["availabilityTimeline"]


async def test_each_belief_is_told_as_what_it_changed(services: Services):
    title = await add(services, On())
    await believe(
        services.database, title,
        {}, {"expires_on": LAST}, {"expires_on": LATER}, {}, {"there": False}, {"price": 4},
        {"price": 5, "source": "webhook"}, {"price": 5},
    )  # fmt: skip
    entries = (await timeline(services, title))["entries"]
    assert [each["kind"] for each in reversed(entries)] == [
        "ADDED", "LEAVING", "DATE_MOVED", "RENEWED", "REMOVED", "ADDED", "CHANGED",
    ]  # fmt: skip
    ends = [(each["previousExpiresOn"], each["expiresOn"]) for each in reversed(entries)][:4]
    assert ends == [
        (None, None), (None, "2026-12-01"), ("2026-12-01", "2026-12-31"), ("2026-12-31", None),
    ]  # fmt: skip
    newest = entries[0]
    assert newest["at"] == (NOW + timedelta(6)).isoformat()
    assert (newest["source"], newest["price"], newest["confidence"]) == ("webhook", "5.00", 0.5)
    assert newest["platform"] == {"slug": "netflix"}
    assert (newest["monetization"], newest["quality"]) == ("SUBSCRIPTION", "HD")
    assert newest["seasonNumber"] is None


async def test_the_newest_so_many_are_told(services: Services):
    title = await add(services, On())
    changing = [{"expires_on": LAST if number % 2 else None} for number in range(120)]
    await believe(services.database, title, *changing)
    every = (await timeline(services, title, first=100))["entries"]
    assert len(every) == 100
    assert [each["at"] for each in every] == sorted((e["at"] for e in every), reverse=True)
    assert (await timeline(services, title, first=3))["entries"] == every[:3]


async def test_an_offer_without_beliefs_was_added_when_it_was_first_seen(services: Services):
    title = await add(services, On("hulu", LAST))
    told = await timeline(services, title)
    (entry,) = told["entries"]
    assert (entry["kind"], entry["expiresOn"]) == ("ADDED", "2026-12-01")
    assert datetime.fromisoformat(entry["at"]) == NOW
    (claim,) = told["claims"]
    assert claim["believed"]
    assert (claim["source"], claim["there"], claim["quality"]) == ("tests", True, "HD")


async def test_an_ending_whose_beginning_nobody_wrote_down_is_no_error(services: Services):
    title = await add(services, On())
    await believe(services.database, title, {"there": False})
    assert (await timeline(services, title))["entries"] == []


async def test_who_lost_against_another_s_word_is_told_too(services: Services):
    title = await add(services, On(expires_on=LAST))
    async with services.database.transaction() as session:
        rows = await (await session.connection()).exec_driver_sql("SELECT id FROM offers")
        offer = rows.scalar_one()
        about: dict[str, Any] = {"offer_id": offer, "signed": False, "confidence": 0.4}
        seen: dict[str, Any] = {"observed_at": NOW, "dated_at": NOW}
        session.add_all([
            OfferClaim(source="tests", there=True, expires_on=LAST, **about, **seen),
            OfferClaim(source="rumour", there=True, expires_on=LATER, **about, **seen),
            OfferClaim(source="pessimist", there=False, **about, **seen),
            OfferClaim(source="silent", there=True, **about, observed_at=NOW),
        ])  # fmt: skip
    claims = (await timeline(services, title))["claims"]
    assert {claim["source"]: claim["believed"] for claim in claims} == {
        "tests": True, "rumour": False, "pessimist": False, "silent": True,
    }  # fmt: skip
    assert {c["source"]: c["expiresOn"] for c in claims}["rumour"] == "2026-12-31"


async def test_a_country_has_its_own_timeline(services: Services):
    title = await add(services, On("hulu"), On("netflix", country="DE"))
    here, there = await timeline(services, title), await timeline(services, title, country="de")
    assert (here["country"], there["country"]) == ("US", "DE")
    assert [each["platform"]["slug"] for each in here["entries"]] == ["hulu"]
    assert [each["platform"]["slug"] for each in there["claims"]] == ["netflix"]


async def test_a_page_of_timelines_asks_once(services: Services):
    for number in range(4):
        await add(services, On(), On("hulu"), popularity=number)
        await change(services.database, "UPDATE offers SET price = :n", n=number)
    query = """{ titles(first: 10) { nodes { availabilityTimeline(first: 2) {
        entries { kind platform { slug } } claims { source platform { slug } } } } } }"""
    with statements(services.database) as sent:
        told = await run(services, query)
    assert [len(n["availabilityTimeline"]["entries"]) for n in told["titles"]["nodes"]] == [2] * 4
    assert len(sent) == 1 + 3  # the page; changes, claims and platforms


async def test_a_child_sees_no_timeline_of_what_it_may_not_see(services: Services):
    title = await add(services, On(), maturity=18)
    assert (await run(services, QUERY, child(), id=f"title_{title}"))["title"] is None
