"""JustWatch as a source: every offer there is, and none of its errors passes for an empty list."""

import json
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from domain.errors import InvalidInput
from domain.sync.ports import UpstreamAway
from domain.sync.values import Answer, Asked, SeenOffer, Unanswered
from integrations.justwatch.client import JustWatch
from integrations.justwatch.popular import popular
from simulators.world import Offer
from tests.integrations.upstreams.stand_ins import (
    COUNTRIES,
    StandIns,
    asked,
    heard,
    numbered,
    offers,
)
from tests.integrations.upstreams.told import film, wire
from tests.integrations.upstreams.wire import ONCE, Opened, Wire, response

pytestmark = pytest.mark.anyio
TODAY = date.today()  # noqa: DTZ011 (any day will do)


@pytest.fixture
def source(stand_ins: StandIns, opened: Opened) -> JustWatch:
    return JustWatch(opened(stand_ins.base + "/justwatch/graphql", "JustWatch"))


def expected(offer: Offer) -> tuple[Any, ...]:
    sold = offer.monetization in {"rent", "buy", "cinema"}
    price = (offer.price, offer.currency) if sold and offer.price is not None else (None, None)
    place = (offer.country, offer.package, offer.monetization, offer.quality)
    return *place, *price, offer.expires_on, offer.url


def as_told(each: SeenOffer) -> tuple[Any, ...]:
    place = (each.country, each.package_id, each.monetization, each.quality)
    return *place, each.price, each.currency, each.expires_on, each.url


async def test_every_film_has_exactly_its_offers(stand_ins: StandIns, source: JustWatch):
    said = await heard(source, stand_ins.asked())
    films = [each for each in stand_ins.world.titles.values() if each.kind == "film"]
    assert len(films) > 20
    for title in films:
        theirs = stand_ins.world.offers[title.number]
        assert sorted(map(as_told, offers(said[title.number])), key=repr) == sorted(
            map(expected, theirs), key=repr
        )


async def test_every_season_of_a_series_has_its_last_days(stand_ins: StandIns, source: JustWatch):
    said = await heard(source, stand_ins.asked())
    by_season = 0
    for title in stand_ins.world.titles.values():
        if title.kind != "series":
            continue
        found = offers(said[title.number])
        for season in numbered(title):
            truth = _of_season(stand_ins.world.offers[title.number], season)
            ours = {
                (each.country, each.package_id, each.monetization, each.quality): each.expires_on
                for each in found
                if each.season_number in {0, season}
            }
            assert ours == truth, (title, season)
        by_season += any(each.season_number for each in found)
    assert by_season, "no series of this world differs by season"


def _of_season(theirs: list[Offer], season: int) -> dict[tuple[Any, ...], date | None]:
    own = {expected(each)[:4]: each.expires_on for each in theirs if each.season is None}
    return own | {expected(each)[:4]: each.expires_on for each in theirs if each.season == season}


async def test_few_requests_ask_about_many_titles(stand_ins: StandIns, source: JustWatch):
    before = stand_ins.count("justwatch")
    await heard(source, stand_ins.asked())
    assert stand_ins.count("justwatch") - before == 6


async def test_a_title_nobody_knows_spoils_none_of_the_others(
    stand_ins: StandIns, source: JustWatch
):
    titles = stand_ins.asked(5)
    strange = [
        Asked(-1, "film", "tm999999999"),
        Asked(-2, "film", None),
        Asked(-3, "series", "tm1001"),
        Asked(-4, "film", 'tm1") { x }'),
    ]
    said = await heard(source, [*titles[:2], *strange, *titles[2:]])
    assert all(isinstance(said[each.title_id], Answer) for each in titles)
    unknown = [said[each.title_id] for each in strange]
    assert all(isinstance(each, Unanswered) and each.unknown for each in unknown)


async def test_a_country_that_is_none_never_gets_into_a_document(source: JustWatch):
    with pytest.raises(InvalidInput, match="no country"):
        await heard(source, [Asked(1, "film", "tm1")], ["US", "US) { x } #"])
    with pytest.raises(InvalidInput, match="at least one country"):
        await heard(source, [Asked(1, "film", "tm1")], [])


async def test_a_country_without_justwatch_takes_nothing_from_the_others(
    stand_ins: StandIns, source: JustWatch
):
    titles, before = stand_ins.asked(20), stand_ins.count("justwatch")
    said = await heard(source, titles, ["US", "ZZ"])
    assert said == await heard(source, titles, ["US"])
    assert all(isinstance(each, Answer) for each in said.values())
    assert stand_ins.count("justwatch") - before == 6, "it is found out once"
    with pytest.raises(UpstreamAway, match="no offers in ZZ") as away:
        await heard(source, titles, ["ZZ"])
    assert away.value.permanent


async def test_where_justwatch_is_nowhere_of_ours_nothing_is_answered(
    stand_ins: StandIns, source: JustWatch
):
    with pytest.raises(UpstreamAway, match="no offers in QQ, ZZ"):
        await heard(source, stand_ins.asked(3), ["ZZ", "QQ"])


async def test_an_error_that_only_speaks_of_a_country_closes_none(line: Wire, opened: Opened):
    error = {"message": "not in this country", "path": ["n0", "US"]}
    services = answered({"packages": [{"packageId": 8}]})
    line.says(answered({"n0": None}, error), services, answered({"n0": None}, error))
    source = JustWatch(opened(line.base))
    for _ in range(2):
        said = await heard(source, TITLES[:1], ["US"])
        assert isinstance(said[0], Unanswered)
        assert not said[0].unknown
    assert len(line.requests) == 3


async def test_the_popular_come_once_and_never_beyond_the_last_page(
    stand_ins: StandIns, opened: Opened
):
    upstream = opened(stand_ins.base + "/justwatch/graphql", "JustWatch")
    found = [each async for each in popular(upstream, "US", 5_000)]
    titles = sorted(stand_ins.world.titles.values(), key=lambda t: (-t.popularity, t.number))
    assert [each.justwatch_id for each in found] == [each.justwatch_id for each in titles]
    assert [(each.kind, each.name, each.tmdb_id) for each in found] == [
        (each.kind, each.name, each.tmdb_id) for each in titles
    ]
    assert len([each async for each in popular(upstream, "US", 7)]) == 7


def answered(nodes: dict[str, Any] | None, *errors: dict[str, Any]) -> bytes:
    body: dict[str, Any] = {"data": nodes}
    return response(json.dumps(body | ({"errors": errors} if errors else {})).encode())


TITLES = [Asked(n, "film", f"tm{n}") for n in range(4)]


def nodes(*ids: int) -> dict[str, Any]:
    return {f"n{place}": film(wire()) | {"id": f"tm{n}"} for place, n in enumerate(ids)}


def size(request: bytes) -> int:
    return request.count(b": node(id:")


async def test_half_as_much_is_asked_where_it_was_too_much(line: Wire, opened: Opened):
    too_much = answered(
        None, {"message": "too complex", "extensions": {"code": "COMPLEXITY_LIMIT_EXCEEDED"}}
    )
    line.says(too_much, answered(nodes(0, 1)), answered(nodes(2, 3)), answered(nodes(0, 1)))
    source = JustWatch(opened(line.base), batch=4)
    assert all(offers(each) for each in (await heard(source, TITLES, ["US"])).values())
    await heard(source, TITLES[:2], ["US"])
    assert [size(each) for each in line.requests] == [4, 2, 2, 2]


async def test_half_as_much_is_asked_where_the_answer_was_too_large(line: Wire, opened: Opened):
    whole = answered(nodes(0, 1, 2, 3) | {"more": "x" * 5_000})
    line.says(whole, answered(nodes(0, 1)), answered(nodes(2, 3)), answered(nodes(0, 1, 2, 3)))
    source = JustWatch(opened(line.base, patience=replace(ONCE, most_bytes=4_000)), batch=4)
    for _ in range(2):
        assert all(offers(each) for each in (await heard(source, TITLES, ["US"])).values())
    assert [size(each) for each in line.requests] == [4, 2, 2, 4]


async def test_one_title_that_is_too_much_is_asked_country_by_country(line: Wire, opened: Opened):
    too_much = answered(None, {"message": "x", "extensions": {"code": "TOO_BIG"}})
    german = {"n0": film(wire(), country="DE") | {"id": "tm0"}}
    line.says(too_much, answered(german), answered(nodes(0)))
    said = await heard(JustWatch(opened(line.base)), TITLES[:1], ["US", "DE"])
    assert [each.country for each in offers(said[0])] == ["DE", "US"]
    line.says(too_much)
    said = await heard(JustWatch(opened(line.base)), TITLES[:1], ["US", "DE"])
    assert isinstance(said[0], Unanswered)
    assert not said[0].unknown


async def test_an_error_about_one_title_leaves_the_others(line: Wire, opened: Opened):
    errors = [
        {"message": "no such node", "path": ["n1"]},
        {"message": "internal system error", "path": ["n2"]},
        {"message": "boom", "path": ["n3", "US", 0]},
    ]
    line.says(answered(nodes(0) | {"n1": None, "n2": None, "n3": film() | {"id": "tm3"}}, *errors))
    said = await heard(JustWatch(opened(line.base)), TITLES, ["US"])
    assert isinstance(said[0], Answer)
    rest = [said[n] for n in (1, 2, 3)]
    assert all(isinstance(each, Unanswered) for each in rest)
    assert [getattr(each, "unknown", None) for each in rest] == [True, False, False]


async def test_where_one_error_takes_all_data_the_others_are_asked_again(
    line: Wire, opened: Opened
):
    line.says(answered(None, {"message": "no node", "path": ["n1"]}), answered(nodes(0, 2, 3)))
    said = await heard(JustWatch(opened(line.base)), TITLES, ["US"])
    assert [type(said[n]) for n in range(4)] == [Answer, Unanswered, Answer, Answer]


@pytest.mark.parametrize(
    "body",
    [
        {"data": None}, {}, [], {"data": []}, {"data": {}}, {"errors": "x", "data": nodes(0)},
        {"errors": [{"message": "unknown country"}], "data": nodes(0, 1, 2, 3)},
        {"errors": [None], "data": nodes(0, 1, 2, 3)},
        {"errors": [{"message": "x", "path": ["other"]}], "data": nodes(0, 1, 2, 3)},
        {"data": {"n0": None, "n1": None, "n2": None, "n3": None}},
    ],
)  # fmt: skip
async def test_an_answer_that_says_nothing_is_never_an_empty_one(
    line: Wire, opened: Opened, body: Any
):
    line.says(response(json.dumps(body).encode()))
    said = await heard(JustWatch(opened(line.base)), TITLES, ["US"])
    assert all(isinstance(each, Unanswered) and not each.unknown for each in said.values())
    assert all(getattr(each, "reason", "") for each in said.values())


@pytest.mark.parametrize(
    "error",
    [
        {"message": "Internal system error"},
        {"message": "no", "extensions": {"code": "RATE_LIMITED"}},
    ],
)
async def test_trouble_with_everything_is_no_failure_of_the_titles(
    line: Wire, opened: Opened, error: dict[str, Any]
):
    line.says(answered(None, error))
    with pytest.raises(UpstreamAway, match="can't answer now") as away:
        await heard(JustWatch(opened(line.base)), TITLES, ["US"])
    assert not away.value.permanent


@pytest.mark.parametrize(("status", "permanent"), [(422, True), (403, False)])
async def test_being_refused_ends_the_asking(
    line: Wire, opened: Opened, status: int, permanent: bool
):
    line.says(response(b"{}", status=f"{status} No"))
    with pytest.raises(UpstreamAway) as away:
        await heard(JustWatch(opened(line.base, patience=ONCE)), TITLES, ["US"])
    assert away.value.permanent is permanent


async def test_last_days_come_through_from_the_other_side(stand_ins: StandIns, source: JustWatch):
    title = stand_ins.title("film")
    before = stand_ins.offers_of(title)
    day = TODAY + timedelta(days=30)
    stand_ins.put_offers(
        title,
        *(
            {
                "package": 8, "country": country, "monetization": "subscription", "quality": "hd",
                "expires_on": day.isoformat(),
            }
            for country in COUNTRIES
        ),
    )  # fmt: skip
    try:
        found = offers((await heard(source, [asked(title)]))[title.number])
        assert [(each.country, each.expires_on) for each in found] == [
            (each, day) for each in COUNTRIES
        ]
    finally:
        stand_ins.put_offers(title, *before)
