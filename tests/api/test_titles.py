"""GET /api/search and GET /api/platforms."""

from types import SimpleNamespace

import pytest

from tests.api.conftest import Client

pytestmark = pytest.mark.anyio


async def names(http: Client, query: str) -> list[str]:
    answer = await http.get(f"/api/search?{query}")
    assert answer.status_code == 200, answer.text
    return [each["title"] for each in answer.json()["results"]]


async def test_a_title_is_found_by_its_name_however_it_is_typed(http: Client) -> None:
    told = (await http.get("/api/search", params={"q": "die brucke"})).json()
    [found] = told["results"]
    assert found["title"] == "Die Brücke"
    assert (found["kind"], found["runtime_min"], found["year"]) == ("series", 58, 2020)
    assert sorted(each["slug"] for each in found["platforms"]) == ["hulu", "netflix"]
    assert found["mood_tags"] == ["tense"]
    assert (told["page"], told["per_page"], told["total"]) == (1, 20, 1)
    assert await names(http, "q=nihgtmare") == ["Nightmare"]


async def test_filters_take_lists_with_commas_or_repeated(http: Client) -> None:
    assert await names(http, "platform=hulu") == ["Die Brücke"]
    assert len(await names(http, "platform=hulu,netflix")) == 9
    assert len(await names(http, "platform=hulu&platform=netflix")) == 9
    assert await names(http, "genre=Crime") == ["Die Brücke"]
    assert await names(http, "genre=crime&platform=disney-plus") == []
    assert len(await names(http, "genre=crime,comedy&utm_source=mail")) == 9


async def test_pages_end(http: Client) -> None:
    told = (await http.get("/api/search?page=2")).json()
    assert told["results"] == []
    assert told["total"] == 9


async def test_a_parameter_that_cannot_be_used_is_named(http: Client) -> None:
    for query, field in (
        ("platform=netfilx", "platform"),
        ("platform=%00", "platform"),
        ("platform=" + ",".join(["netflix"] * 51), "platform"),
        ("genre=slapstick", "genre.0"),
        ("page=0", "page"),
        ("page=501", "page"),
        ("page=1e2", "page"),
        ("page=00000" + "1" * 5000, "page"),
        ("page=", "page"),
        ("q=" + "a" * 201, "q"),
    ):
        answer = await http.get(f"/api/search?{query}")
        assert answer.status_code == 422, answer.text
        assert answer.json()["field"] == field


async def test_odd_query_strings_are_only_text(http: Client) -> None:
    odd = ["q=%FF%FE", "q=%00", "q=%ED%A0%80", "q=%25_%27%3B--", "q=a&q=b", "&&=&=x", "q=%", "%"]
    for query in odd:
        assert (await http.get(f"/api/search?{query}")).status_code == 200


async def test_the_services_of_a_country_are_listed_by_name(http: Client) -> None:
    told = (await http.get("/api/platforms")).json()
    assert told["country"] == "US"
    assert [each["slug"] for each in told["platforms"]] == ["hulu", "netflix"]
    assert (await http.get("/api/platforms?country=de")).json() == {
        "country": "DE",
        "platforms": [],
    }
    for odd in ("USA", "U", "", "1%00"):
        assert (await http.get(f"/api/platforms?country={odd}")).status_code == 422


async def test_services_are_sorted_as_people_do(
    http: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    names = ["Max", "Zee5", "iQIYI", "tubi"]  # as the database sorts them

    async def found(*_: object) -> list[SimpleNamespace]:
        return [SimpleNamespace(slug=name.lower(), name=name, home_url=None) for name in names]

    monkeypatch.setattr("domain.platforms.repo.platforms_in", found)
    told = (await http.get("/api/platforms")).json()["platforms"]
    assert [each["name"] for each in told] == ["iQIYI", "Max", "tubi", "Zee5"]
