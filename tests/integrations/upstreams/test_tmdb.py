"""TMDB's facts and offers as ours, with its key kept to itself, whatever it leaves out."""

import json
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from domain.sync.ports import UpstreamAway
from domain.sync.values import Answer, Asked, SeenOffer, Unanswered
from domain.titles.facts import PersonFacts
from domain.titles.genres import Genre
from integrations.tmdb import reading
from integrations.tmdb.client import Tmdb
from integrations.tmdb.offers import offers as offers_in
from integrations.upstreams.errors import Garbled
from integrations.upstreams.fields import Unfit
from tests.integrations.upstreams.stand_ins import COUNTRIES, StandIns, heard, numbered, offers
from tests.integrations.upstreams.wire import Opened, Wire, response

pytestmark = pytest.mark.anyio
TOKEN = "a-very-secret-token"

FILM: dict[str, Any] = {
    "id": 550, "title": "Fight Club", "original_title": "Fight Club", "imdb_id": "tt0137523",
    "release_date": "1999-10-15", "runtime": 139, "overview": "A\u0000 man.", "adult": False,
    "original_language": "en", "status": "Released", "origin_country": ["US"],
    "genres": [{"id": 18, "name": "Drama"}, {"id": 1, "name": "TV Movie"}],
    "vote_average": 8.4, "vote_count": 27917, "popularity": 93.9, "poster_path": "/pB8.jpg",
    "keywords": {"keywords": [{"id": 1, "name": "dual identity"}]},
    "release_dates": {"results": [
        {"iso_3166_1": "US", "release_dates": [
            {"certification": "NR", "type": 4}, {"certification": "R", "type": 3},
            {"certification": "", "type": 1}]},
        {"iso_3166_1": "DE", "release_dates": [{"certification": "18", "type": 5}]},
    ]},
    "credits": {
        "cast": [
            {"id": 287, "name": "Brad Pitt", "character": "Tyler", "order": 1},
            {"id": 819, "name": "Edward Norton", "character": "Narrator", "order": 0},
        ],
        "crew": [{"id": 7467, "name": "David Fincher", "job": "Director"},
                 {"id": 376, "name": "Arnon Milchan", "job": "Producer"}],
    },
}  # fmt: skip


@pytest.fixture
def tmdb(stand_ins: StandIns, opened: Opened) -> Tmdb:
    return Tmdb(opened(stand_ins.base + "/tmdb/3", "TMDB"), TOKEN)


async def test_every_title_is_offered_where_the_world_says(stand_ins: StandIns, tmdb: Tmdb):
    said = await heard(tmdb, stand_ins.asked())
    for title in stand_ins.world.titles.values():
        theirs = {
            (each.country, each.package, each.monetization)
            for each in stand_ins.world.offers[title.number]
            if each.monetization != "cinema"
        }
        found = offers(said[title.number])
        assert {(each.country, each.package_id, each.monetization) for each in found} == theirs
        assert {(each.season_number, each.quality, each.expires_on) for each in found} <= {
            (0, "unknown", None)
        }


async def test_a_title_nobody_knows_is_said_to_be_unknown(stand_ins: StandIns, tmdb: Tmdb):
    strange = [Asked(-1, "film", tmdb_id=999_999_999), Asked(-2, "series", tmdb_id=None)]
    said = await heard(tmdb, [*stand_ins.asked(9), *strange])
    unknown = [said[-1], said[-2]]
    assert all(isinstance(each, Unanswered) and each.unknown for each in unknown)
    assert sum(isinstance(each, Answer) for each in said.values()) == 9


async def test_a_title_at_which_it_fails_does_not_end_the_asking(stand_ins: StandIns, tmdb: Tmdb):
    titles = stand_ins.asked(20)
    poison = titles[3]
    path = {"film": "movie", "series": "tv"}[poison.kind]
    stand_ins.fault(
        "tmdb", "server_error", status=500, path=f"/{path}/{poison.tmdb_id}/watch/providers$"
    )
    said = await heard(tmdb, titles)
    assert [each for each in said.values() if isinstance(each, Unanswered)] == [
        said[poison.title_id]
    ]
    assert not said[poison.title_id].unknown  # type: ignore[union-attr]
    with pytest.raises(UpstreamAway):
        await heard(tmdb, [poison])


async def test_where_it_fails_at_all_of_them_it_is_away(stand_ins: StandIns, tmdb: Tmdb):
    stand_ins.fault("tmdb", "server_error", status=500)
    with pytest.raises(UpstreamAway, match="status 500"):
        await heard(tmdb, stand_ins.asked(9))


async def test_facts_of_every_title_are_those_of_the_world(stand_ins: StandIns, tmdb: Tmdb):
    for title in list(stand_ins.world.titles.values())[:12]:
        facts = await tmdb.metadata(title.kind, title.tmdb_id)
        assert facts is not None
        assert facts.rejected == ()
        assert (facts.name, facts.year, facts.imdb_id) == (title.name, title.year, title.imdb_id)
        assert [each.number for each in facts.seasons] == [each.number for each in title.seasons]
    assert await tmdb.metadata("film", 999_999_999) is None


async def test_a_season_has_all_of_its_episodes(stand_ins: StandIns, tmdb: Tmdb):
    title = stand_ins.title("series", seasons=2)
    for season in title.seasons:
        facts = await tmdb.season(title.tmdb_id, season.number)
        assert facts is not None
        assert facts.rejected == ()
        assert [(each.number, each.name, each.air_date) for each in facts.episodes] == [
            (each.number, each.name, each.air_date) for each in season.episodes
        ]
    assert await tmdb.season(title.tmdb_id, max(numbered(title)) + 1) is None


async def test_a_title_is_found_by_what_imdb_calls_it(stand_ins: StandIns, tmdb: Tmdb):
    known = [each for each in stand_ins.world.titles.values() if each.imdb_id][:6]
    for title in known:
        assert await tmdb.find(title.imdb_id or "") == (title.kind, title.tmdb_id)
    assert await tmdb.find("tt99999999999") is None
    assert await tmdb.find("../movie/1") is None


async def test_what_changed_comes_from_windows_of_fourteen_days(stand_ins: StandIns, tmdb: Tmdb):
    today = datetime.now(UTC).date()
    stand_ins.control.delete("/_sim/requests")
    await tmdb.changes("film", today - timedelta(days=29), today)
    asked = stand_ins.control.get("/_sim/requests", params={"upstream": "tmdb"}).json()
    spans = {tuple(sorted(each["query"].split("&"))) for each in asked if "changes" in each["path"]}
    assert len(spans) == 3


def ids(*found: int, pages: int = 1) -> bytes:
    rows = [{"id": each, "adult": None} for each in found]
    body = {"results": rows, "page": 1, "total_pages": pages, "total_results": len(rows)}
    return response(json.dumps(body).encode())


async def test_changes_are_read_to_the_last_page_each_once(line: Wire, opened: Opened):
    line.says(ids(1, 2, pages=3), ids(2, 3, pages=3), ids(4, pages=3))
    day = date(2026, 11, 1)
    assert await Tmdb(opened(line.base), TOKEN).changes("series", day, day) == {1, 2, 3, 4}
    assert [b"page=%d" % n in each for n, each in enumerate(line.requests, 1)] == [True] * 3


async def test_more_changes_than_it_shows_are_asked_for_day_by_day(line: Wire, opened: Opened):
    line.says(ids(1, pages=501), ids(2), ids(3))
    first = date(2026, 11, 1)
    found = await Tmdb(opened(line.base), TOKEN).changes("film", first, first + timedelta(days=1))
    assert found == {2, 3}
    asked = [each.split(b"\r\n")[0] for each in line.requests[1:]]
    assert all(b"start_date=2026-11-0%d&end_date=2026-11-0%d" % (n, n) in each
               for n, each in zip((2, 1), asked, strict=True))  # fmt: skip


@pytest.mark.parametrize("page", [ids(), response(b"[]"), response(b'{"results":[{"id":"1"}]}')])
async def test_a_page_of_changes_that_is_none_is_no_empty_one(
    line: Wire, opened: Opened, page: bytes
):
    line.says(page.replace(b'"total_pages": 1', b'"total_pages": null'))
    with pytest.raises(Garbled):
        await Tmdb(opened(line.base), TOKEN).changes("film", date(2026, 1, 1), date(2026, 1, 1))


async def test_a_bad_key_is_said_to_be_for_good(stand_ins: StandIns, tmdb: Tmdb, opened: Opened):
    await tmdb.check()
    bad = Tmdb(opened(stand_ins.base + "/tmdb/3", "TMDB"), "invalid")
    for asking in (bad.check(), heard(bad, stand_ins.asked(3)), bad.metadata("film", 1)):
        with pytest.raises(UpstreamAway, match="refuses our key") as away:
            await asking
        assert away.value.permanent


async def test_the_key_stands_nowhere_but_in_the_header(line: Wire, opened: Opened):
    body = json.dumps({"status_message": f"the key {TOKEN} is bad"}).encode()
    line.says(response(body, status="401 No"))
    tmdb = Tmdb(opened(line.base), TOKEN)
    with pytest.raises(UpstreamAway) as away:
        await tmdb.check()
    assert f"authorization: bearer {TOKEN}".encode() in line.requests[0].lower()
    assert TOKEN not in f"{tmdb!r} {tmdb} {away.value!r} {away.value} {away.value.__cause__!r}"


def test_a_film_is_read_in_our_words():
    facts = reading.title(FILM, "film", 550)
    assert facts.rejected == ()
    assert (facts.name, facts.year, facts.runtime_min) == ("Fight Club", 1999, 139)
    assert (facts.synopsis, facts.poster, facts.imdb_id) == ("A man.", "/pB8.jpg", "tt0137523")
    assert (facts.genres, facts.keywords) == ((Genre.DRAMA,), ("dual identity",))
    assert facts.ratings == (("DE", "18"), ("US", "R"))
    assert (facts.audience_score, facts.audience_votes) == (8.4, 27917)
    assert facts.people == (
        PersonFacts(7467, "David Fincher", "director"),
        PersonFacts(819, "Edward Norton", "actor", "Narrator", 0),
        PersonFacts(287, "Brad Pitt", "actor", "Tyler", 1),
    )


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("genres", {}), ("genres", [None]), ("keywords", []), ("keywords", {"keywords": "x"}),
        ("credits", 7), ("credits", {"cast": [{"id": "1", "name": "x"}], "crew": None}),
        ("release_dates", {"results": [{"iso_3166_1": "US"}]}), ("release_date", "soon"),
        ("runtime", "139"), ("overview", 7), ("vote_count", -1), ("vote_average", 11),
        ("popularity", "high"), ("status", []), ("original_title", {}), ("origin_country", "US"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_left_out_and_told(key: str, value: Any):
    facts = reading.title(FILM | {key: value}, "film", 550)
    assert facts.rejected
    assert facts.name == "Fight Club"


def test_what_is_empty_is_unknown():
    empty = {"runtime": 0, "release_date": "", "poster_path": None, "vote_count": 0, "overview": ""}
    facts = reading.title(FILM | empty, "film", 550)
    assert facts.rejected == ()
    assert (facts.runtime_min, facts.year, facts.poster) == (None, None, None)
    assert (facts.audience_score, facts.synopsis) == (None, "")


@pytest.mark.parametrize("change", [{"id": 551}, {"id": "550"}, {"title": None}, {"title": " "}])
def test_a_title_without_itself_is_refused(change: dict[str, Any]):
    with pytest.raises(Unfit):
        reading.title(FILM | change, "film", 550)


def region(**buckets: Any) -> dict[str, Any]:
    return {"id": 1, "results": {"US": {"link": "https://x.example/", **buckets}}}


def test_bad_services_are_rejected_and_the_rest_kept():
    bad = [{"provider_id": "8"}, None, {"provider_id": 0}, {}]
    seen, rejected = offers_in(region(flatrate=[{"provider_id": 8}, *bad]), 1, ["US"])
    assert seen == [SeenOffer("US", 8, 0, "subscription")]
    assert len(rejected) == 4


@pytest.mark.parametrize(
    "body",
    [
        [], {}, {"id": 1}, {"id": 2, "results": {}}, {"id": 1, "results": []},
        {"id": 1, "results": {"US": None}}, {"id": 1, "results": {"US": []}},
        {"id": 1, "results": {"link": "x", "flatrate": []}}, region(rent=None), region(buy={}),
    ],
)  # fmt: skip
def test_a_list_of_services_that_is_none_is_no_empty_one(body: Any):
    with pytest.raises(Unfit):
        offers_in(body, 1, COUNTRIES)


async def test_an_empty_synopsis_is_read_in_english(line: Wire, opened: Opened):
    french = response(json.dumps(FILM | {"overview": "", "title": "Le Club"}).encode())
    line.says(french, response(json.dumps(FILM).encode()))
    facts = await Tmdb(opened(line.base), TOKEN).metadata("film", 550, "fr-FR")
    assert facts is not None
    assert (facts.name, facts.synopsis) == ("Le Club", "A man.")
