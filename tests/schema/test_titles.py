"""Titles in the schema: what is said of them, to whom, and with how many statements."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import text

from domain.services import Services
from domain.titles import search
from tests.support.counting import statements
from tests.support.graphql import ANYONE, SCHEMA, child, context_for, run

pytestmark = pytest.mark.anyio
TODAY = datetime.now(UTC).date()

_LIST = """
query ($words: String, $first: Int = 10, $after: String) {
  titles(search: $words, first: $first, after: $after) {
    nodes { id name year kind maturity }
    pageInfo { hasNextPage endCursor }
  }
}
"""
_EVERYTHING = """
{
  titles(first: 25) {
    nodes {
      id name year kind runtimeMin synopsis keywords
      externalIds { imdb }
      moods { mood weight reasons }
      offers { monetization expiresOn platform { name } }
      ageRatings { country rating }
      credits { name role }
      seasons { number episodeCount }
    }
  }
}
"""


async def found(services: Services, words: str, **more) -> list[str]:
    data = await run(services, _LIST, words=words, **more)
    return [node["name"] for node in data["titles"]["nodes"]]


async def test_twenty_five_titles_with_all_their_lists_take_one_statement_for_each_noun(
    demo_services: Services,
):
    with statements(demo_services.database) as sent:
        data = await run(demo_services, _EVERYTHING)
    assert len(data["titles"]["nodes"]) == 25
    # titles, texts (synopsis and keywords share one), moods, offers, ratings, credits, seasons
    assert len(sent) == 7


async def test_twice_as_many_titles_take_no_more_statements(demo_services: Services):
    counts = []
    for first in (5, 80):
        query = f"{{ titles(first: {first}) {{ nodes {{ name offers {{ id }} }} }} }}"
        with statements(demo_services.database) as sent:
            await run(demo_services, query)
        counts.append(len(sent))
    assert counts == [2, 2]


async def test_episodes_of_all_seasons_come_in_one_statement(demo_services: Services):
    query = """{ titles(search: "naruto", kinds: [SERIES], first: 1) {
        nodes { name episodeCount seasons { episodes { absoluteNumber filler runtimeMin } } } } }"""
    with statements(demo_services.database) as sent:
        data = await run(demo_services, query)
    (naruto,) = data["titles"]["nodes"]
    episodes = [each for season in naruto["seasons"] for each in season["episodes"]]
    assert naruto["name"] == "Naruto"
    assert naruto["episodeCount"] == len(episodes) == 220
    assert sum(each["filler"] == "FILLER" for each in episodes) == 90
    assert [each["absoluteNumber"] for each in episodes] == list(range(1, 221))
    assert len(sent) == 3


@pytest.mark.parametrize(
    ("words", "first"),
    [
        ("brking bad", "Breaking Bad"),
        ("BREAKING BAD", "Breaking Bad"),
        ("incepton", "Inception"),
        ("amelie", "Amélie"),
        ("schitts creek", "Schitt's Creek"),
        ("the offce", "The Office"),
        ("naru", "Naruto"),
    ],
)
async def test_a_misspelt_name_finds_its_title(demo_services: Services, words: str, first: str):
    assert (await found(demo_services, words))[0] == first


@pytest.mark.parametrize("sign", ["%", "_", "%%%%", "\\", "'", '"', "!", "&", "( | )", ":*", "<->"])
async def test_signs_are_no_wildcards(demo_services: Services, sign: str):
    assert await found(demo_services, sign) == []


async def test_operators_in_words_are_words(demo_services: Services):
    plain = await found(demo_services, "inception breaking and bad")
    assert await found(demo_services, "inception | !breaking & (bad") == plain
    assert "Spirited Away" in await found(demo_services, "spirited:* & away!")


async def test_pages_follow_one_another_without_a_gap_or_a_double(demo_services: Services):
    async def all_pages(words: str | None) -> list[str]:
        seen, after = [], None
        while True:
            data = await run(demo_services, _LIST, words=words, first=7, after=after)
            seen += [node["id"] for node in data["titles"]["nodes"]]
            page = data["titles"]["pageInfo"]
            if not page["hasNextPage"]:
                return seen
            after = page["endCursor"]

    for words in ("the", "love", None):
        paged = await all_pages(words)
        whole = await run(demo_services, _LIST, words=words, first=100)
        assert len(paged) == len(set(paged))
        assert paged[:100] == [node["id"] for node in whole["titles"]["nodes"]]
    assert len(paged) >= 500


async def test_a_child_is_shown_nothing_above_their_ceiling(demo_services: Services):
    data = await run(demo_services, _LIST, child(), first=100)
    levels = {node["maturity"] for node in data["titles"]["nodes"]}
    assert levels <= {"EVERYONE", "OLDER_KIDS"}
    grown_up = await run(demo_services, _LIST, words="breaking bad")
    breaking_bad = grown_up["titles"]["nodes"][0]["id"]
    query = "query ($id: ID!) { title(id: $id) { name } node(id: $id) { id } }"
    assert await run(demo_services, query, ANYONE, id=breaking_bad) == {
        "title": {"name": "Breaking Bad"}, "node": {"id": breaking_bad}
    }  # fmt: skip
    assert await run(demo_services, query, child(), id=breaking_bad) == {
        "title": None, "node": None
    }  # fmt: skip


@pytest.mark.parametrize(
    "id", ["", "title_", "title_0", "title_-1", "title_x", "title_99999999999999999999", "title_٣",
           "platform_1x", "platform_32768", "platform_99999999999", "profile_1", "title_1\n"]
)  # fmt: skip
async def test_an_id_that_nothing_has_is_null(demo_services: Services, id: str):
    query = "query ($id: ID!) { title(id: $id) { name } node(id: $id) { id } }"
    assert await run(demo_services, query, id=id) == {"title": None, "node": None}


async def test_filters_hold_for_every_title(demo_services: Services):
    query = """{ titles(platforms: ["netflix"], genres: [COMEDY], moods: [FUNNY], kinds: [FILM],
        maxRuntimeMin: 100, minYear: 1980, maxYear: 2020, first: 50) { nodes {
        runtimeMin year genres kind moods { mood } offers { platform { slug } } } } }"""
    nodes = (await run(demo_services, query))["titles"]["nodes"]
    assert len(nodes) > 3
    for node in nodes:
        assert node["runtimeMin"] <= 100
        assert 1980 <= node["year"] <= 2020
        assert "COMEDY" in node["genres"]
        assert node["kind"] == "FILM"
        assert "FUNNY" in [tag["mood"] for tag in node["moods"]]
        assert "netflix" in [offer["platform"]["slug"] for offer in node["offers"]]


async def test_offers_are_of_the_country_that_is_asked_for(demo_services: Services):
    query = """{ titles(search: "the office", first: 1) { nodes {
        us: offers { country } de: offers(country: "de") { country }
        rent: offers(monetizations: [RENT]) { monetization price currency } } } }"""
    (node,) = (await run(demo_services, query))["titles"]["nodes"]
    assert {offer["country"] for offer in node["us"]} <= {"US"}
    assert {offer["country"] for offer in node["de"]} == {"DE"}
    assert {offer["monetization"] for offer in node["rent"]} <= {"RENT"}


async def test_a_country_that_is_none_is_refused_by_name(demo_services: Services):
    result = await SCHEMA.execute(
        '{ titles(first: 1) { nodes { offers(country: "Atlantis") { id } } } }',
        context_value=context_for(demo_services),
    )
    assert result.errors is not None
    assert "is no country" in result.errors[0].message


@pytest.mark.parametrize("words", ["the", "love", "brking bad", "", "%", "no such words here"])
async def test_numbered_pages_hold_what_keyset_pages_do(demo_services: Services, words: str):
    criteria, scope = search.Criteria(words=words), search.Scope("US", TODAY, 18)
    async with demo_services.database.read() as connection:
        whole = await search.page(connection, criteria, scope, first=100)
        numbered: list[int] = []
        for skip in range(0, 100, 20):
            page, total = await search.counted_page(
                connection, criteria, scope, first=20, skip=skip
            )
            numbered += [row.id for row in page.rows]
            assert page.more == (total > skip + 20)
        _, beyond = await search.counted_page(connection, criteria, scope, first=20, skip=9000)
    assert numbered == [row.id for row in whole.rows]
    assert beyond == total >= len(numbered)


@pytest.mark.parametrize("words", [None, "the", "brking bad"])
async def test_the_titles_of_all_pages_are_counted_in_one_statement(
    demo_services: Services, words: str | None
):
    query = "query ($words: String) { titles(search: $words) { totalCount { counted more } } }"
    with statements(demo_services.database) as sent:
        data = await run(demo_services, query, words=words)
    after, seen = None, 0
    while True:
        page = await run(demo_services, _LIST, words=words, first=100, after=after)
        seen += len(page["titles"]["nodes"])
        if not page["titles"]["pageInfo"]["hasNextPage"]:
            break
        after = page["titles"]["pageInfo"]["endCursor"]
    assert data["titles"]["totalCount"] == {"counted": seen, "more": False}
    assert len(sent) == 2  # the page, and the count


async def test_what_is_more_than_a_thousand_is_not_counted(demo_services: Services):
    async with demo_services.database.transaction() as session:
        await (await session.connection()).execute(
            text(
                "INSERT INTO titles (kind, name, name_key, maturity, genres, countries,"
                " audience_votes, popularity, season_count, episode_count, source)"
                " SELECT 'film', 'Film ' || n, 'film ' || n, 0, '{}', '{}', 0, 0, 0, 0, 'tests'"
                " FROM generate_series(1, 1000) n"
            )
        )
    data = await run(demo_services, "{ titles { totalCount { counted more } } }")
    assert data["titles"]["totalCount"] == {"counted": 1000, "more": True}
