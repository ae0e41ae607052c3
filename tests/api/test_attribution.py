"""Whoever's data is shown is named beside it, as they ask."""

from collections.abc import AsyncIterator

import pytest

from domain.services import Services
from tests.accounts.people import run
from tests.api.conftest import Client
from tests.support.catalogue import On, add_title

pytestmark = pytest.mark.anyio
NAMES = ("By JustWatch", "By TMDB", "By nobody")


@pytest.fixture(autouse=True)
async def told_by(services: Services) -> AsyncIterator[None]:
    """Three films, each known from somebody else; gone again afterwards."""
    async with services.database.transaction() as session:
        for name in NAMES:
            await add_title(session, name, offers=[On("hulu")])
    for name, source in zip(NAMES, ("sync/justwatch", "sync/tmdb", "demo"), strict=True):
        await run(
            services.database,
            "UPDATE offers SET source = :source"
            " WHERE title_id IN (SELECT id FROM titles WHERE name = :name)",
            name=name,
            source=source,
        )
    yield
    await run(services.database, "DELETE FROM titles WHERE name LIKE 'By %'")


async def test_an_offer_names_those_who_told_of_it(http: Client) -> None:
    query = "query ($w: String) { titles(search: $w) { nodes { offers { attributions {name url}}}}}"
    found: dict[str, list[str]] = {}
    for name in NAMES:
        answer = await http.post("/graphql", json={"query": query, "variables": {"w": name}})
        [title] = answer.json()["data"]["titles"]["nodes"]
        found[name] = [each["name"] for each in title["offers"][0]["attributions"]]
    assert found == {"By JustWatch": ["JustWatch"], "By TMDB": ["JustWatch", "TMDB"],
                     "By nobody": []}  # fmt: skip


async def test_rest_says_what_has_to_stand_beside_it(http: Client) -> None:
    found: dict[str, str | None] = {}
    for name in NAMES:
        answer = await http.get("/api/search", params={"q": name})
        assert answer.status_code == 200, answer.text
        card = answer.json()["results"][0]
        found[name] = card["platforms"][0]["attribution"]
    assert found["By JustWatch"] == "Where to watch by JustWatch"
    assert "not endorsed or certified by TMDB" in str(found["By TMDB"])
    assert found["By nobody"] is None
