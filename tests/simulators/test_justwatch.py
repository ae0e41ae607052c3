"""JustWatch's stand-in, compared with its world: every operation, and its refusals."""

from base64 import b64decode
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from graphql import execute_sync, parse

from simulators.clock import Clock
from simulators.index import Index
from simulators.justwatch.app import make
from simulators.justwatch.documents import load_schema
from simulators.justwatch.nodes import Nodes
from simulators.justwatch.resolvers import Site
from simulators.reality import Reality
from simulators.samples import sample_world
from simulators.server import running
from simulators.world import Offer
from tests.simulators.conftest import StandIns
from tests.simulators.justwatch_asked import ask, error

OFFER = """id monetizationType presentationType type retailPrice(language: "en") retailPriceValue
 currency standardWebURL elementCount availableTo availableToTime availableFromTime
 package { id packageId clearName shortName icon(profile: S100) }"""
ENDS = date(2026, 12, 1)
LATER = date(2026, 12, 24)


def popular(stand_ins: StandIns, **variables: Any) -> Any:
    query = """query ($first: Int! = 10, $offset: Int, $filter: TitleFilter, $after: String,
      $sort: PopularTitlesSorting! = POPULAR) {
      popularTitles(country: US, first: $first, offset: $offset, filter: $filter, after: $after,
      sortBy: $sort) {
        totalCount pageInfo { hasNextPage endCursor }
        edges { cursor node { ... on Movie { id } ... on Show { id } } } } }"""
    return ask(stand_ins, query, **variables)["popularTitles"]


def ids(connection: Any) -> list[str]:
    return [edge["node"]["id"] for edge in connection["edges"]]


def test_popular_titles_come_by_popularity_in_pages(stand_ins: StandIns) -> None:
    order = [title.justwatch_id for title in Index(stand_ins.world).popular]
    first = popular(stand_ins)
    assert (ids(first), first["totalCount"]) == (order[:10], len(order))
    assert ids(popular(stand_ins, offset=10)) == order[10:20]
    assert ids(popular(stand_ins, after=first["pageInfo"]["endCursor"])) == order[10:20]
    last = popular(stand_ins, offset=55)
    assert (ids(last), last["pageInfo"]["hasNextPage"]) == (order[55:], False)


def test_two_thousand_deep_there_is_nothing(stand_ins: StandIns) -> None:
    assert ids(popular(stand_ins, first=100, offset=1900)) == []
    assert popular(stand_ins, first=100, offset=1900)["totalCount"] == 60


@pytest.mark.parametrize(
    ("sort", "field"),
    [("ALPHABETICAL", "name"), ("RELEASE_YEAR", "year"), ("IMDB_SCORE", "audience")],
)
def test_titles_are_sorted(stand_ins: StandIns, sort: str, field: str) -> None:
    names = {title.justwatch_id: getattr(title, field) for title in stand_ins.world.titles.values()}
    told = [names[id] for id in ids(popular(stand_ins, first=60, sort=sort))]
    assert told == sorted(told, reverse=sort != "ALPHABETICAL")


def test_filters_leave_what_the_world_has(stand_ins: StandIns) -> None:
    world = stand_ins.world
    netflix = {
        world.titles[number].justwatch_id
        for number, offers in world.offers.items()
        if any(each.package == 8 and each.country == "US" for each in offers)
    }
    assert set(ids(popular(stand_ins, first=60, filter={"packages": ["nfx"]}))) == netflix
    # One code instead of a list is a list of one; codes nobody knows don't filter.
    assert set(ids(popular(stand_ins, first=60, filter={"packages": "nfx"}))) == netflix
    assert popular(stand_ins, filter={"packages": ["zzz"]})["totalCount"] == 60
    shows = ids(popular(stand_ins, first=60, filter={"objectTypes": ["SHOW"]}))
    assert len(shows) == 20
    assert all(id.startswith("ts") for id in shows)
    years = popular(stand_ins, first=60, filter={"releaseYear": {"min": 1990, "max": 2000}})
    expected = {t.justwatch_id for t in world.titles.values() if 1990 <= (t.year or 0) <= 2000}
    assert set(ids(years)) == expected


def test_a_search_finds_by_the_beginnings_of_words(stand_ins: StandIns) -> None:
    title = stand_ins.some("series")
    found = popular(stand_ins, filter={"searchQuery": title.name.upper()})
    assert ids(found)[0] == title.justwatch_id
    part = title.name.split()[1][:4]
    assert title.justwatch_id in ids(popular(stand_ins, first=60, filter={"searchQuery": part}))
    assert ids(popular(stand_ins, filter={"searchQuery": "no such title"})) == []


def test_a_node_tells_what_the_world_knows_of_a_film(stand_ins: StandIns) -> None:
    film = stand_ins.some("film")
    node = ask(
        stand_ins,
        """query ($id: ID!) { node(id: $id) { __typename id ... on MovieOrShowOrSeason {
          objectId objectType
          content(country: "GB", language: "en") { __typename title originalReleaseYear runtime
            shortDescription fullPath genres { shortName } externalIds { imdbId tmdbId } posterUrl
            backdrops { backdropUrl } scoring { imdbScore tomatoMeter }
            ... on MovieContent { ageCertification } }
          streamingCharts(country: US) { edges { streamingChartInfo { rank } } } } } }""",
        id=film.justwatch_id,
    )["node"]
    content = node["content"]
    assert (node["__typename"], node["id"], node["objectId"], node["objectType"]) == (
        "Movie", film.justwatch_id, film.number, "MOVIE",
    )  # fmt: skip
    assert (content["title"], content["originalReleaseYear"]) == (film.name, film.year)
    assert content["externalIds"] == {"imdbId": film.imdb_id, "tmdbId": str(film.tmdb_id)}
    assert content["ageCertification"] == "12A"
    assert content["scoring"] == {"imdbScore": film.audience, "tomatoMeter": film.critics}
    assert len(content["genres"]) == 2
    url = ask(
        stand_ins,
        "query ($path: String!) { urlV2(fullPath: $path) { node { id } } }",
        path=content["fullPath"],
    )
    assert url["urlV2"]["node"]["id"] == film.justwatch_id


def test_offers_have_every_field_and_every_country_its_alias(stand_ins: StandIns) -> None:
    film = stand_ins.some("film")
    stand_ins.put(
        film.number,
        Offer(
            film.number, 8, "US", "subscription", "4k", url="https://n.example/1", expires_on=ENDS
        ),
        Offer(film.number, 2, "DE", "rent", "hd"),
    )
    node = ask(
        stand_ins,
        f"""query ($id: ID!) {{ node(id: $id) {{ ... on MovieOrShowOrSeasonOrEpisode {{
          US: offers(country: US, platform: WEB) {{ {OFFER} }}
          DE: offers(country: DE, platform: WEB) {{ {OFFER} }}
          FR: offers(country: FR, platform: WEB) {{ id }}
          count: offerCount(country: US, platform: WEB)
          changed: maxOfferUpdatedAt(country: US, platform: WEB) }} }} }}""",
        id=film.justwatch_id,
    )["node"]
    (us,), (de,) = node["US"], node["DE"]
    assert b64decode(us["id"]) == f"of|{film.justwatch_id}:US:nfx:flatrate:4k".encode()
    assert b64decode(us["package"]["id"]) == b"pa|8"
    assert (us["monetizationType"], us["presentationType"], us["type"]) == (
        "FLATRATE", "_4K", "STANDARD",
    )  # fmt: skip
    assert us["standardWebURL"] == "https://n.example/1"
    assert us["availableTo"] == "2026-12-01"
    assert us["availableToTime"].startswith("2026-12-01T")
    assert (de["monetizationType"], de["currency"], de["availableTo"]) == ("RENT", "EUR", None)
    assert (node["FR"], node["count"]) == ([], 1)
    assert node["changed"].startswith("2026-11-21T")


def seasonal(stand_ins: StandIns) -> tuple[Any, Any]:
    """A series of two seasons or more, and a question about its offers."""
    show = next(each for each in stand_ins.world.titles.values() if len(each.seasons) > 1)
    query = """query ($id: ID!) { node(id: $id) { ... on Show {
      totalSeasonCount offers(country: US, platform: WEB) { type elementCount availableTo }
      availableTo(country: US, platform: WEB) {
        availableToDate availableCountDown(country: US) package { packageId } }
      seasons(sortDirection: ASC) { id totalEpisodeCount
        content(country: US, language: "en") { seasonNumber externalIds { tmdbId } }
        offers(country: US, platform: WEB) { type elementCount availableTo }
        episodes(sortDirection: ASC, limit: 2) { id
          content(country: US, language: "en") { title seasonNumber episodeNumber } } } } } }"""
    return show, lambda: ask(stand_ins, query, id=show.justwatch_id)["node"]


def test_what_the_whole_show_has_every_season_has(stand_ins: StandIns) -> None:
    show, question = seasonal(stand_ins)
    stand_ins.put(show.number, Offer(show.number, 8, "US", "subscription", "hd", expires_on=ENDS))
    node = question()
    count = len(show.seasons)
    expected = {"type": "AGGREGATED", "elementCount": count, "availableTo": "2026-12-01"}
    assert node["offers"] == [expected]
    assert all(each["offers"][0]["availableTo"] == "2026-12-01" for each in node["seasons"])
    assert node["availableTo"] == [
        {"availableToDate": "2026-12-01", "availableCountDown": 10, "package": {"packageId": 8}}
    ]


def test_a_show_has_a_last_day_when_all_its_seasons_have(stand_ins: StandIns) -> None:
    show, question = seasonal(stand_ins)
    first = Offer(show.number, 8, "US", "subscription", "hd", season=1, expires_on=ENDS)
    second = Offer(show.number, 8, "US", "subscription", "hd", season=2, expires_on=LATER)
    stand_ins.put(show.number, first, second)
    node = question()
    assert node["offers"] == [{"type": "AGGREGATED", "elementCount": 2, "availableTo": str(LATER)}]
    days = [[each["availableTo"] for each in season["offers"]] for season in node["seasons"]]
    assert days == [[str(ENDS)], [str(LATER)], *([[]] * (len(show.seasons) - 2))]
    stand_ins.put(show.number, first, Offer(show.number, 8, "US", "subscription", "hd", season=2))
    assert question()["offers"][0]["availableTo"] is None


def test_seasons_and_episodes_are_nodes_too(stand_ins: StandIns) -> None:
    show, question = seasonal(stand_ins)
    season = question()["seasons"][0]
    assert season["content"] == {
        "seasonNumber": 1, "externalIds": {"tmdbId": f"{show.tmdb_id}:1"},
    }  # fmt: skip
    assert season["totalEpisodeCount"] == len(show.seasons[0].episodes)
    query = """query ($id: ID!) { node(id: $id) { __typename ... on Season { show { id } }
      ... on Episode { objectType content(country: US, language: "en") { title } } } }"""
    assert ask(stand_ins, query, id=season["id"])["node"] == {
        "__typename": "Season", "show": {"id": show.justwatch_id},
    }  # fmt: skip
    second = ask(stand_ins, query, id=season["episodes"][1]["id"])["node"]
    assert second["content"]["title"] == show.seasons[0].episodes[1].name
    assert second["objectType"] == "SHOW_EPISODE"


def test_time_takes_offers_away_and_their_history_stays(stand_ins: StandIns) -> None:
    film = stand_ins.some("film")
    # Five, since one or another is renewed.
    stand_ins.put(
        film.number,
        *(
            Offer(film.number, package, "US", "subscription", "hd", expires_on=ENDS)
            for package in (8, 9, 337, 350, 1899)
        ),
    )
    query = """query ($id: ID!) { node(id: $id) { ... on Movie {
      offers(country: US, platform: WEB) { availableTo package { packageId } }
      offersHistory(country: US, platform: WEB) { dateRanges { end } package { packageId } }
      } } }"""
    before = ask(stand_ins, query, id=film.justwatch_id)["node"]["offers"]
    stand_ins.control("POST", "/clock", json={"advance_days": 11})
    node = ask(stand_ins, query, id=film.justwatch_id)["node"]
    assert len(before) == 5
    assert str(ENDS) not in [each["availableTo"] for each in node["offers"]]
    gone = {each["package"]["packageId"] for each in before} - {
        each["package"]["packageId"] for each in node["offers"]
    }
    assert gone
    assert gone <= {each["package"]["packageId"] for each in node["offersHistory"]}


def test_packages_are_the_worlds(stand_ins: StandIns) -> None:
    query = """{ packages(country: US, platform: WEB, includeAddons: true) {
      packageId clearName shortName technicalName monetizationTypes icon(profile: S100) } }"""
    found = {each["packageId"]: each for each in ask(stand_ins, query)["packages"]}
    assert {id: each["clearName"] for id, each in found.items()} == {
        id: each.name for id, each in stand_ins.world.packages.items()
    }
    assert found[73]["monetizationTypes"] == ["FREE"]


def test_new_titles_are_the_latest_arrivals(stand_ins: StandIns) -> None:
    stand_ins.control("POST", "/clock", json={"advance_days": 30})
    query = """query ($after: String) { newTitles(country: US, first: 5, after: $after) {
      totalCount pageInfo { endCursor } edges { cursor
        newOffer(platform: WEB) { dateCreated } node { __typename } } } }"""
    first = ask(stand_ins, query)["newTitles"]
    second = ask(stand_ins, query, after=first["pageInfo"]["endCursor"])["newTitles"]
    days = [each["newOffer"]["dateCreated"] for each in first["edges"] + second["edges"]]
    assert len(days) == 10
    assert days == sorted(days, reverse=True)
    assert {each["node"]["__typename"] for each in first["edges"]} <= {"Movie", "Season"}
    buckets = ask(
        stand_ins,
        """{ newTitleBuckets(country: US, first: 16) { edges { node { totalCount }
          key { ... on DatePackageAggregationKey { date package { shortName } } } } } }""",
    )["newTitleBuckets"]["edges"]
    assert buckets[0]["key"]["date"] == days[0]
    too_many = error(
        stand_ins, "{ newTitleBuckets(country: US, first: 30) { pageInfo { endCursor } } }"
    )
    assert too_many["extensions"]["code"] == "TOO_BIG"


def test_a_title_is_known_by_the_id_that_it_goes_by(stand_ins: StandIns) -> None:
    world = sample_world(titles=3)
    number, film = next(iter(world.titles.items()))
    world.titles[number] = replace(film, node="tm42")
    with running(make(world, Clock())) as url:

        def node(id: str) -> Any:
            query = {"query": f'{{ node(id: "{id}") {{ id ... on Movie {{ objectId }} }} }}'}
            return stand_ins.http.post(f"{url}/graphql", json=query).json()["data"]["node"]

        assert node("tm42") == {"id": "tm42", "objectId": 42}
        assert node(f"tm{number}") is None


def test_the_quick_way_says_what_graphql_core_says(stand_ins: StandIns) -> None:
    query = f"""{{ popularTitles(country: US, first: 60) {{ __typename totalCount edges {{ node {{
      __typename ... on Movie {{ ...Of content(country: US, language: "en") {{ ...C }} }}
      ... on Show {{ ...Of content(country: US, language: "en") {{ ...C }}
        seasons {{ ...Of id totalEpisodeCount }} }} }} }} }} }}
      fragment Of on MovieOrShowOrSeason {{ id
        here: offers(country: US, platform: WEB) {{ {OFFER} }} }}
      fragment C on MovieOrShowOrSeasonContent {{
        __typename title genres {{ shortName }} runtime }}"""
    world, clock = stand_ins.world, Clock()
    reality = Reality(world, clock)
    expected = execute_sync(load_schema(), parse(query), context_value=Site(Nodes(reality)))
    assert expected.errors is None
    with running(make(world, clock, reality=reality)) as url:
        told = stand_ins.http.post(f"{url}/graphql", json={"query": query}).json()["data"]
    assert told == expected.data
    assert list(told["popularTitles"]) == ["__typename", "totalCount", "edges"]
