"""From JustWatch's words to ours: by season where seasons differ, and never half a list."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from domain.sync.payloads import encode
from domain.sync.values import SeenOffer
from integrations.justwatch import reading
from integrations.upstreams.fields import Unfit
from tests.integrations.upstreams.told import film, lists, show, wire


def read_film(*offers: Any, country: str = "US") -> list[SeenOffer]:
    seen = reading.read(film(*offers, country=country), "tm1", [country])
    assert not seen.rejected
    return seen.offers


def read_show(whole: list[Any], seasons: dict[int, list[Any]]) -> list[tuple[int, date | None]]:
    seen = reading.read(show(whole, seasons), "ts1", ["US"])
    return sorted((each.season_number, each.expires_on) for each in seen.offers)


def test_what_midnight_ends_is_gone_on_the_next_day():
    ends = ["2026-12-01T05:00:00Z", "2026-12-01T05:00:01Z", "2026-12-01T04:00:00+00:00"]
    days = [read_film(wire(availableToTime=each))[0].expires_on for each in ends]
    assert days == [date(2026, 11, 30), date(2026, 12, 1), date(2026, 11, 30)]
    (there,) = read_film(wire(availableToTime=ends[0]), country="JP")
    assert there.expires_on == date(2026, 12, 1)


def test_a_day_without_a_time_is_that_day_and_a_far_one_is_none():
    told = ["2026-11-30", "2999-12-31", "9999-12-31"]
    days = [read_film(wire(availableTo=each))[0].expires_on for each in told]
    assert days == [date(2026, 11, 30), None, None]


@pytest.mark.parametrize(
    ("word", "ours"),
    [
        ("FLATRATE", "subscription"), ("FLATRATE_AND_BUY", "subscription"), ("ADS", "ads"),
        ("FAST", "ads"), ("FREE", "free"), ("RENT", "rent"), ("BUY", "buy"), ("CINEMA", "cinema"),
    ],
)  # fmt: skip
def test_every_way_to_pay_has_a_word_of_ours(word: str, ours: str):
    (offer,) = read_film(wire(monetizationType=word, retailPriceValue=3.5))
    assert offer.monetization == ours
    sold = ours in {"rent", "buy", "cinema"}
    assert (offer.price, offer.currency) == ((Decimal("3.50"), "USD") if sold else (None, None))


def test_pictures_are_ours_and_discs_are_passed_over():
    words = ["SD", "HD", "_4K", "CANVAS", "BLURAY", "BLURAY_4K", "DVD"]
    seen = read_film(*(wire(presentationType=each) for each in words))
    assert {each.quality for each in seen} == {"sd", "hd", "4k", "unknown"}


@pytest.mark.parametrize(
    "url", ["javascript:alert(1)", "", None, 7, "https://", "ftp://a.example/x", "https://a b/"]
)
def test_what_is_no_address_of_a_page_is_left_out(url: Any):
    (offer,) = read_film(wire(standardWebURL=url))
    assert offer.url is None


@pytest.mark.parametrize(
    "bad",
    [
        7, None, [], wire(package=None), wire(package={"packageId": "8"}),
        wire(package={"packageId": 0}), wire(package={"packageId": 2**40}),
        wire(package={"packageId": True}), wire(monetizationType="GIFT"),
        wire(monetizationType=["FLATRATE"]), wire(presentationType=4), wire(availableTo="soon"),
        wire(availableTo="2026-02-31"), wire(availableTo=20261130),
        wire(availableToTime="2026-11-30T10:00:00"), wire(availableToTime="x" * 100),
        wire(monetizationType="RENT", retailPriceValue="3.99"),
        wire(monetizationType="RENT", retailPriceValue=-1),
        wire(monetizationType="BUY", retailPriceValue=1e12),
        wire(monetizationType="BUY", retailPriceValue=3.99, currency="dollars"),
        {key: value for key, value in wire().items() if key != "availableTo"},
    ],
)  # fmt: skip
def test_a_bad_offer_is_rejected_and_the_rest_kept(bad: Any):
    seen = reading.read(film(wire(), bad), "tm1", ["US"])
    assert len(seen.offers) == 1
    assert len(seen.rejected) == 1
    assert seen.rejected[0].startswith("US, offer 2: ")


@pytest.mark.parametrize(
    "node",
    [
        None, [], "tm1", {}, film(wire()) | {"id": "tm2"}, film(wire()) | {"US": None},
        film(wire()) | {"US": {}}, film(wire()) | {"US_count": "1"},
        {"id": "tm1", "US_count": 0}, {"id": "tm1", "US": []},
    ],
)  # fmt: skip
def test_a_list_that_is_not_all_of_it_is_no_answer(node: Any):
    with pytest.raises(Unfit):
        reading.read(node, "tm1", ["US"])


@pytest.mark.parametrize(
    "change",
    [
        {"seasons": None}, {"seasons": {}}, {"totalSeasonCount": None},
        {"seasons": [None]}, {"seasons": [{"content": {}, **lists()}] * 2},
        {"seasons": [{"content": {"seasonNumber": "1"}, **lists()}] * 2},
        {"seasons": [{"content": {"seasonNumber": 1}, "US": None, "US_count": 0}] * 2},
    ],
)  # fmt: skip
def test_seasons_that_are_not_all_of_them_are_no_answer(change: dict[str, Any]):
    with pytest.raises(Unfit):
        reading.read(show([wire()], {1: [wire()], 2: [wire()]}) | change, "ts1", ["US"])


def test_what_a_short_list_has_counts_and_what_it_lacks_is_not_missing():
    short = reading.read(film(wire()) | {"US_count": 2}, "tm1", ["US"])
    assert len(short.offers) == 1
    assert short.rejected == ["it lists fewer offers in US than it counts"]
    told = show([wire()], {1: [wire()], 2: [wire()]}) | {"totalSeasonCount": 3}
    assert reading.read(told, "ts1", ["US"]).rejected == ["it lists fewer seasons than it counts"]


def test_a_show_with_a_short_list_is_no_answer_since_its_seasons_seem_to_differ():
    for short in ({"US_count": 3}, {"seasons": [season_of({"US_count": 3})]}):
        with pytest.raises(Unfit, match="fewer offers"):
            reading.read(show([wire()], {1: [wire()]}) | short, "ts1", ["US"])


def season_of(change: dict[str, Any]) -> dict[str, Any]:
    return {"content": {"seasonNumber": 1}, **lists(wire())} | change


def test_seasons_that_go_with_their_show_are_one_offer():
    soon = wire(availableTo="2026-11-30")
    assert read_show([wire()], {1: [wire()], 2: [wire()]}) == [(0, None)]
    assert read_show([soon], {1: [soon], 2: [soon]}) == [(0, date(2026, 11, 30))]
    assert read_show([wire()], {}) == [(0, None)]
    assert read_show([wire()], {1: [], 2: []}) == [(0, None)]
    assert read_show([wire()], {0: [soon], 1: [wire()]}) == [(0, None)], (
        "specials count for nothing"
    )


def test_seasons_that_differ_are_told_one_by_one():
    soon, day = wire(availableTo="2026-11-30"), date(2026, 11, 30)
    assert read_show([wire()], {1: [soon], 2: [wire()]}) == [(1, day), (2, None)]
    assert read_show([soon], {1: [soon], 2: []}) == [(1, day)]
    assert read_show([], {1: [wire()], 2: [wire()]}) == [(1, None), (2, None)]


def test_the_order_in_which_offers_come_changes_nothing():
    told = [
        wire(), wire(availableTo="2026-11-30"), wire(monetizationType="FLATRATE_AND_BUY"),
        wire(monetizationType="RENT", retailPriceValue=4),
        wire(monetizationType="RENT", retailPriceValue=3), wire(standardWebURL="https://b.example/"),
    ]  # fmt: skip
    payloads = {encode(read_film(*told[n:], *told[:n])) for n in range(len(told))}
    payloads |= {encode(read_film(*reversed(told)))}
    assert len(payloads) == 1
    kept = sorted(read_film(*told))
    assert [(each.monetization, each.price, each.expires_on) for each in kept] == [
        ("rent", Decimal("3.00"), None), ("subscription", None, None),
    ]  # fmt: skip
