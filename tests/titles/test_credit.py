"""TMDB is named beside a title that has facts from it, for as long as it has them."""

import httpx
import pytest

from domain.services import Services
from tests.accounts.people import run
from tests.support.catalogue import add_title

pytestmark = pytest.mark.anyio

_ASKED = """
    INSERT INTO enrichments (title_id, job_id, asked_at, requests, added, owed)
    VALUES (:title, 1, now(), 1, false, :owed)
"""


async def test_a_title_names_tmdb_where_facts_are_theirs(
    demo_services: Services, client: httpx.AsyncClient
) -> None:
    async with demo_services.database.transaction() as session:
        theirs, ours = [await add_title(session, name) for name in ("Theirs", "Ours")]
    for title, owed in ((theirs, True), (ours, False)):
        await run(demo_services.database, _ASKED, title=title, owed=owed)
    query = "query ($id: ID!) { title(id: $id) { attributions { name text url } } }"
    found = []
    for title in (theirs, ours):
        asked = {"query": query, "variables": {"id": f"title_{title}"}}
        answer = await client.post("/graphql", json=asked)
        found.append(answer.json()["data"]["title"]["attributions"])
    assert [each["name"] for each in found[0]] == ["TMDB"]
    assert "not endorsed or certified by TMDB" in found[0][0]["text"]
    assert found[1] == []
