"""The rule by which sources are settled: whatever they say and in whatever order it is heard."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from functools import reduce
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.availability import rules
from domain.availability.dossiers import Dossier
from domain.availability.planning import plan
from domain.availability.values import Belief, Claim, Observation
from domain.availability.zones import zone_of
from domain.events.values import AvailabilityKind as Kind
from tests.availability.offers import DAY, KEY, NOW, SOON, seen, until

US = zone_of("US")
DAYS = st.dates(date(2026, 10, 1), date(2027, 1, 1))
# Few moments and few values, so that they meet.
MOMENTS = st.integers(0, 40).map(lambda hours: NOW - hours * timedelta(hours=30))
SAID = st.builds(
    Observation,
    offer=st.just(KEY),
    there=st.booleans(),
    source=st.sampled_from(["demo", "simulator", "simulator-2", "csv", "feed", "justwatch"]),
    confidence=st.sampled_from([0.3, 0.6, 0.9]),
    observed_at=MOMENTS,
    dated=st.booleans(),
    priced=st.booleans(),
    available_from=st.none() | DAYS,
    expires_on=st.none() | DAYS,
    price=st.none() | st.sampled_from([Decimal("3.99"), Decimal("4.99")]),
    currency=st.sampled_from(["USD", "EUR"]),
    signed=st.booleans(),
)


def claims_of(said: list[Observation]) -> dict[str, Claim]:
    found: dict[str, Claim] = {}
    for claim in map(rules.claim_of, said):
        known = found.get(claim.source)
        found[claim.source] = rules.merge(known, claim) if known else claim
    return found


def settled(*said: Observation, now: datetime = NOW) -> Belief:
    return rules.settle(claims_of(list(said)).values(), now, US)


@given(SAID, SAID)
def test_a_claim_that_is_alone_is_settled_like_one_that_somebody_repeats(
    one: Observation, other: Observation
) -> None:
    (claim,) = claims_of([one, replace(other, source=one.source)]).values()
    assert rules.settle([claim], NOW, US) == rules.settle([claim, claim], NOW, US)


@given(st.lists(SAID, min_size=1, max_size=12), st.randoms())
def test_any_order_and_any_repetition_ends_in_the_same_claims_and_the_same_belief(
    said: list[Observation], chance
) -> None:
    again = said + chance.choices(said, k=3)
    chance.shuffle(again)
    assert claims_of(again) == claims_of(said)
    assert settled(*again) == settled(*said)


@given(st.lists(SAID, min_size=1, max_size=8), st.randoms())
def test_one_at_a_time_or_all_at_once_is_the_same(said: list[Observation], chance) -> None:
    """Through the whole of it: what each call leaves is what the next one finds."""
    at_once = plan([], said, NOW).changes[-1]
    order = chance.sample(said, k=len(said))
    offer = Dossier(KEY, id=1)
    for each in order:
        offer = Dossier(
            KEY, 1, offer.before, offer.since, offer.last_seen_at, offer.gone_at,
            claims=offer.claims, heard=[],
        )  # fmt: skip
        made = plan([offer], [each], NOW)
        offer.claims |= {claim.source: claim for _, claim in made.claims}
        if made.changes:
            offer.before = made.changes[-1].after
    assert offer.claims == claims_of(said)
    assert offer.before is not None
    # When it came is when we saw it come, where no source says it.
    first = {"available_from": None}
    assert replace(offer.before, **first) == replace(at_once.after, **first)


@given(st.lists(SAID, min_size=1, max_size=12))
def test_every_source_keeps_its_last_word(said: list[Observation]) -> None:
    claims = claims_of(said)
    assert set(claims) == {each.source for each in said}
    for claim in claims.values():
        own = [each for each in said if each.source == claim.source]
        assert claim.observed_at == max(each.observed_at for each in own)


@given(st.lists(SAID, min_size=1, max_size=12), SAID)
def test_what_is_older_than_the_same_sources_word_changes_nothing(
    said: list[Observation], late: Observation
) -> None:
    newest = replace(late, observed_at=NOW, dated=True, priced=True)
    older = replace(late, observed_at=NOW - 60 * DAY, there=not late.there)
    assert claims_of([*said, newest, older]) == claims_of([*said, newest])


@given(st.lists(SAID, min_size=1, max_size=12))
def test_a_belief_is_what_somebody_says(said: list[Observation]) -> None:
    belief = settled(*said)
    assert belief.expires_on in {None, *[each.expires_on for each in said]}
    assert any(
        each.source == belief.source and each.confidence == belief.confidence for each in said
    )
    if belief.there:
        assert belief.expires_on is None or belief.expires_on >= NOW.astimezone(US).date()


@given(st.lists(SAID, min_size=2, max_size=12))
def test_the_demo_is_not_heard_where_anybody_real_speaks(said: list[Observation]) -> None:
    real = [each for each in said if each.source != "demo"]
    if real:
        assert settled(*said) == settled(*real)


GONE_SIGNED = until(None, there=False)


@pytest.mark.parametrize(
    ("one", "other", "stronger"),
    [
        (seen(source="a"), seen(source="b", there=False), "b"),  # equals, at once: by their names
        (seen(source="a", confidence=0.91), seen(source="b", there=False), "a"),
        (seen(source="a", observed_at=NOW + DAY), seen(source="b", confidence=1.0), "a"),
        (until(None), seen(source="a", observed_at=NOW + 13 * DAY), "justwatch"),
        (until(None), seen(source="a", observed_at=NOW + 14 * DAY), "justwatch"),
        (until(None), seen(source="a", observed_at=NOW + 15 * DAY), "a"),
        (until(None), seen(source="simulator", observed_at=NOW + 27 * DAY), "justwatch"),
        (until(None), seen(source="simulator", observed_at=NOW + 29 * DAY), "simulator"),
        (seen(source="a"), seen(source="simulator", observed_at=NOW + 13 * DAY), "a"),
        (seen(source="simulator"), seen(source="demo", observed_at=NOW + 900 * DAY), "simulator"),
        (seen(source="a"), until(None, source="demo", observed_at=NOW + DAY), "a"),
    ],
)
def test_authority_counts_for_fourteen_days_a_step(
    one: Observation, other: Observation, stronger: str
) -> None:
    for there in (True, False):
        said = [replace(each, there=(each.source == stronger) == there) for each in (one, other)]
        assert settled(*said, now=NOW + 900 * DAY).there == there


def test_who_does_not_speak_of_dates_and_prices_takes_none_away() -> None:
    date_and_price = until(SOON, priced=True, price=Decimal("3.99"), currency="USD")
    later = seen(source="csv", observed_at=NOW + 20 * DAY)
    belief = settled(date_and_price, later, now=NOW + 20 * DAY)
    assert (belief.expires_on, belief.price) == (SOON, Decimal("3.99"))
    same_source = replace(date_and_price, dated=False, priced=False, expires_on=None, price=None)
    assert settled(date_and_price, replace(same_source, observed_at=NOW + DAY)) == settled(
        date_and_price
    )


def test_a_date_that_passed_is_refuted_by_whoever_sees_the_offer_after_it() -> None:
    after = NOW.replace(year=2026, month=12, day=22)
    assert not settled(until(SOON), now=after).there
    assert settled(until(SOON), now=after).expires_on == SOON
    stays = settled(until(SOON), seen(source="csv", observed_at=after), now=after)
    assert (stays.there, stays.expires_on) == (True, None)
    last_evening = datetime(2026, 12, 21, 4, 59, tzinfo=UTC)  # still the last day in New York
    unclear = settled(until(SOON), seen(source="csv", observed_at=last_evening), now=after)
    assert not unclear.there


def test_who_says_that_it_has_left_and_is_not_believed_moves_no_date() -> None:
    left = seen(source="csv", there=False, observed_at=NOW + DAY, expires_on=date(2026, 11, 20))
    assert settled(until(SOON), left, now=NOW + DAY) == settled(until(SOON))


def test_a_date_from_before_an_offer_left_does_not_return_with_it() -> None:
    left = seen(source="justwatch", there=False, observed_at=NOW + DAY, signed=True)
    back = replace(left, there=True, observed_at=NOW + 2 * DAY)
    belief = settled(until(SOON), left, back, now=NOW + 2 * DAY)
    assert (belief.there, belief.expires_on) == (True, None)


def test_confirming_what_is_believed_does_not_make_it_another_belief() -> None:
    said = [seen(source=name, observed_at=NOW + n * DAY) for n, name in enumerate("abcab")]
    beliefs = [settled(*said[: n + 1]) for n in range(2, len(said))]
    assert len(set(beliefs)) == 1


HERE = settled(seen())


@pytest.mark.parametrize(
    ("before", "after", "kind"),
    [
        (None, {}, Kind.ADDED),
        (None, {"there": False}, None),
        ({"there": False}, {}, Kind.ADDED),
        ({"there": False}, {"there": False, "expires_on": SOON}, None),
        ({}, {"there": False}, Kind.REMOVED),
        ({}, {"expires_on": SOON}, Kind.LEAVING),
        ({"expires_on": SOON}, {"expires_on": SOON + DAY}, Kind.DATE_MOVED),
        ({"expires_on": SOON}, {}, Kind.RENEWED),
        ({}, {"price": Decimal(1)}, Kind.CHANGED),
        ({"price": Decimal(1)}, {"price": Decimal(2)}, Kind.CHANGED),
        ({"price": Decimal(1)}, {}, None),
        ({}, {"source": "other", "confidence": 0.1}, None),
        ({}, {}, None),
    ],
)
def test_what_happened(before: dict | None, after: dict, kind: Kind | None) -> None:
    known = None if before is None else replace(HERE, **before)
    assert rules.kind(known, replace(HERE, **after)) == kind


def test_another_quality_is_a_change() -> None:
    assert rules.kind(HERE, HERE, other_quality=True) == Kind.CHANGED


def test_the_same_number_in_another_currency_is_another_price() -> None:
    here = replace(HERE, price=Decimal(4), currency="USD")
    euros = rules.claim_of(seen(priced=True, price=Decimal(4), currency="EUR"))
    assert not rules.agrees(euros, here)
    assert rules.kind(here, replace(here, currency="EUR")) == Kind.CHANGED


def test_merging_is_the_same_from_either_side() -> None:
    said = [seen(), seen(there=False), seen(dated=True, expires_on=SOON), seen(priced=True)]
    merged = {reduce(rules.merge, map(rules.claim_of, order)) for order in permutations(said)}
    assert len(merged) == 1


def test_the_example_that_people_can_follow_by_hand_comes_out_so() -> None:
    def on(month: int, day: int, year: int = 2026) -> datetime:
        return datetime(year, month, day, 17, tzinfo=UTC)

    webhook = until(date(2026, 12, 20), observed_at=on(11, 1))
    csv = seen(source="csv", observed_at=on(11, 10))
    feed = seen(dated=True, expires_on=date(2026, 12, 31), observed_at=on(11, 12))
    again = replace(feed, observed_at=on(11, 20))
    after = replace(csv, observed_at=on(1, 2, 2027))

    assert settled(webhook, csv, feed, now=on(11, 12)).expires_on == date(2026, 12, 20)
    assert settled(webhook, csv, again, now=on(11, 20)).expires_on == date(2026, 12, 31)
    assert not settled(webhook, csv, again, now=on(1, 1, 2027)).there
    stays = settled(webhook, again, after, now=on(1, 2, 2027))
    assert (stays.there, stays.expires_on) == (True, None)
