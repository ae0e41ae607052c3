"""The desk in GraphQL: a file by the multipart request specification, and what comes of it."""

import json
from collections.abc import AsyncIterator, Mapping
from typing import Any

import httpx
import pytest
from starlette.routing import Route

from app.graphql.http import GraphQLEndpoint
from app.graphql.limits import Limits
from domain.services import Services
from tests.api.conftest import Household, make_app
from tests.api.conftest import move_in as sign_up
from tests.imports.exports import bring, line, numbered
from tests.support.counting import statements
from tests.support.graphql import run
from tests.watchlists.homes import film, move_in, rows

pytestmark = pytest.mark.anyio

BRING = """
mutation Bring($file: Upload!, $person: String) {
  importHistory(input: {file: $file, person: $person, clientMutationId: "one"}) {
    ... on HistoryImported { clientMutationId batch { ...Batch } }
    ... on UserError { message code }
  }
}
fragment Batch on ImportBatch {
  id source fileName state remarks
  counts { lines matched ambiguous unknown settled skipped open committed wrote passed }
}
"""
LINES = """
query ($id: ID!, $match: [ImportMatch!], $first: Int = 20, $after: String) {
  importBatch(id: $id) {
    lines(match: $match, first: $first, after: $after) {
      nodes {
        line what name year at dayOnly match confidence problem committed wrote
        title { id name } candidates { title { id name } confidence why }
      }
      pageInfo { hasNextPage endCursor }
    }
  }
}
"""
CHANGE = """
mutation ($id: ID!) {
  %s(input: {batchId: $id}) {
    ... on ImportChanged { done batch { state counts { committed wrote } } }
    ... on UserError { message code }
  }
}
"""
SETTLE = """
mutation ($id: ID!, $settlements: [LineSettlement!]!) {
  settleImportLines(input: {batchId: $id, settlements: $settlements}) {
    ... on ImportLinesSettled { settled left batch { counts { open } } }
    ... on UserError { message code }
  }
}
"""
WATCHED = (
    "Date,Name,Year,Letterboxd URI\n"
    "2024-03-01,Paddington 2,2017,https://boxd.it/abc1\n"
    "2024-03-02,Prey,2022,https://boxd.it/abc2\n"
    "2024-03-03,Nothing Like It,1999,https://boxd.it/abc3\n"
)


@pytest.fixture
async def home(services: Services) -> AsyncIterator[Household]:
    """A household, signed in."""
    transport = httpx.ASGITransport(make_app(services), client=("203.0.113.7", 50_000))
    async with httpx.AsyncClient(transport=transport, base_url="http://films.test") as opened:
        yield await sign_up(opened, services)


async def send(
    http: httpx.AsyncClient,
    operations: Any = None,
    paths: Any = None,
    files: Mapping[str, tuple[str, str]] | None = None,
    **headers: str,
) -> httpx.Response:
    """A form: what is not said is as it should be."""
    if operations is None:
        operations = {"query": BRING, "variables": {"file": None}}
    paths = {"0": ["variables.file"]} if paths is None else paths
    data = {
        name: each if isinstance(each, str) else json.dumps(each)
        for name, each in (("operations", operations), ("map", paths))
        if each != "absent"
    }
    files = {"0": ("watched.csv", WATCHED)} if files is None else files
    return await http.post("/graphql", data=data, files=files, headers=headers)


async def test_a_file_is_brought_settled_written_and_taken_back(
    services: Services, home: Household
):
    await film(services.database, "Paddington 2", year=2017)
    prey = await film(services.database, "Prey", year=2021)
    answer = await send(home.browser)
    assert answer.status_code == 200, answer.text
    told = answer.json()["data"]["importHistory"]
    batch = told["batch"]
    assert (told["clientMutationId"], batch["source"], batch["fileName"], batch["state"]) == (
        "one", "letterboxd", "watched.csv", "MATCHED"
    )  # fmt: skip
    counts = batch["counts"]
    assert [counts[name] for name in ("lines", "matched", "ambiguous", "unknown", "open")] == [
        3, 1, 1, 1, 1
    ]  # fmt: skip

    async def ask(query: str, **variables: Any) -> Any:
        sent = {"query": query, "variables": {"id": batch["id"], **variables}}
        body = (await home.browser.post("/graphql", json=sent)).json()
        assert "errors" not in body, body
        return next(iter(body["data"].values()))

    page = (await ask(LINES, first=1))["lines"]
    assert page["nodes"][0]["title"]["name"] == "Paddington 2"
    rest = (await ask(LINES, after=page["pageInfo"]["endCursor"]))["lines"]
    assert [each["name"] for each in rest["nodes"]] == ["Prey", "Nothing Like It"]
    (doubted,) = (await ask(LINES, match=["AMBIGUOUS"]))["lines"]["nodes"]
    (candidate,) = doubted["candidates"]
    assert candidate["title"]["id"] == f"title_{prey}"
    said = {"line": doubted["line"], "titleId": f"title_{prey}", "everywhere": True}
    assert await ask(SETTLE, settlements=[said]) == {
        "settled": 1, "left": 0, "batch": {"counts": {"open": 2}}
    }  # fmt: skip
    written = {"state": "COMMITTED", "counts": {"committed": 2, "wrote": 2}}
    for _ in range(2):
        assert await ask(CHANGE % "commitImport") == {"done": True, "batch": written}
    assert len(await rows(services.database, "SELECT 1 FROM watches")) == 2
    assert (await ask(CHANGE % "discardImport"))["code"] == "STILL_WRITTEN"
    undone = {"state": "UNDONE", "counts": {"committed": 0, "wrote": 0}}
    assert await ask(CHANGE % "undoImport") == {"done": True, "batch": undone}
    assert await rows(services.database, "SELECT 1 FROM watches") == []
    assert (await ask(CHANGE % "discardImport"))["done"]
    assert await ask(LINES) is None


async def test_a_page_of_lines_takes_a_few_statements(services: Services):
    ada = await move_in(services.database)
    for number in range(30):
        await film(services.database, f"Film number {number}", year=2000)
    lines = numbered(*(line(f"Film number {n}", 2000 + n % 3) for n in range(30)))
    batch = await bring(services.database, ada, *lines)
    taken: list[int] = []
    for first in (2, 20):
        with statements(services.database) as sent:
            await run(services, LINES, ada, id=f"import_{batch.id.hex}", first=first)
        taken.append(len(sent))
    assert taken[0] == taken[1] <= 5


async def test_an_import_of_somebody_else_does_not_exist(services: Services):
    ada, tom = await move_in(services.database), await move_in(services.database)
    title = await film(services.database, "Up")
    key = f"import_{(await bring(services.database, ada, line('Up'))).id.hex}"
    assert await run(services, LINES, tom, id=key) == {"importBatch": None}
    said = [{"line": "1", "titleId": f"title_{title}"}]
    for query, more in (
        (CHANGE % "commitImport", {}),
        (CHANGE % "undoImport", {}),
        (CHANGE % "discardImport", {}),
        (SETTLE, {"settlements": said}),
    ):
        for id in (key, "import_1", "title_1", "?"):
            (told,) = (await run(services, query, tom, id=id, **more)).values()
            assert told["code"] == "NOT_FOUND"
    assert await run(services, "{ importBatches { id } }", tom) == {"importBatches": []}


FORMS: list[tuple[Any, Any, Any, str]] = [
    ("absent", None, None, "needs a field `operations`"),
    (None, "absent", None, "needs a field `map`"),
    ("{", None, None, "`operations` is not JSON"),
    ([{"query": BRING}], None, None, "one operation at a time"),
    ("7", None, None, "must be one JSON object"),
    ({"variables": {"file": None}}, None, None, "`query` is missing"),
    (None, [], None, "`map` must name"),
    (None, {}, None, "`map` must name"),
    (None, {"1": ["variables.file"]}, None, "`map` must name"),
    (None, None, {}, "This form can't be read|multipart|415"),
    (None, {"0": []}, None, "one place"),
    (None, {"0": "variables.file"}, None, "one place"),
    (None, {"0": [7]}, None, "one place"),
    (None, {"0": ["variables.file", "variables.file"]}, None, "one place"),
    (None, {"0": ["query"]}, None, "belongs into"),
    (None, {"0": ["variables"]}, None, "belongs into"),
    (None, {"0": ["variables.other"]}, None, "a place that"),
    (None, {"0": ["variables.file.__class__"]}, None, "a place that"),
    (None, {"0": ["variables.file.0.1"]}, None, "a place that"),
    ({"query": BRING, "variables": {"file": "x"}}, None, None, "must say null"),
    ({"query": BRING}, None, None, "a place that"),
    (None, {"0": ["variables.file"], "1": ["variables.file"]},
     {"0": ("a.csv", WATCHED), "1": ("b.csv", WATCHED)}, "Too many files"),
]  # fmt: skip


async def test_a_form_that_is_not_by_the_specification_is_refused_in_words(home: Household):
    for operations, paths, files, words in FORMS:
        answer = await send(home.browser, operations, paths, files)
        assert answer.status_code in (400, 415), answer.text
        message = answer.json()["errors"][0]["message"]
        assert files == {} or words in message, message


async def test_broken_forms_are_refused(home: Household):
    for kind, body in (
        ("multipart/form-data", b"x"),
        ("multipart/form-data; boundary=", b"x"),
        ("multipart/form-data; boundary=b", b""),
        ("multipart/form-data; boundary=b", b"--b\r\nbroken"),
        ("multipart/form-data; boundary=b", b"--b\r\nContent-Disposition: form-data\r\n\r\nx"),
        ("multipart/form-data; boundary=b; charset=base64",
         b'--b\r\nContent-Disposition: form-data; name="operations"\r\n\r\nx\r\n--b--'),
    ):  # fmt: skip
        answer = await home.browser.post("/graphql", content=body, headers={"content-type": kind})
        assert answer.status_code == 400, (kind, body, answer.text)


async def test_only_who_is_signed_in_may_send_a_file(services: Services, home: Household):
    home.browser.cookies.clear()
    answer = await send(home.browser)
    assert (answer.status_code, answer.json()["errors"][0]["extensions"]["code"]) == (
        401, "UNAUTHENTICATED"
    )  # fmt: skip
    assert await rows(services.database, "SELECT 1 FROM import_batches") == []


async def test_another_sites_page_can_not_bring_a_file(services: Services, home: Household):
    answer = await send(home.browser, Origin="https://evil.example")
    assert (answer.status_code, answer.json()["errors"][0]["extensions"]["code"]) == (
        403, "CROSS_SITE"
    )  # fmt: skip
    assert await rows(services.database, "SELECT 1 FROM import_batches") == []


async def test_a_file_of_a_byte_too_much_is_refused_and_other_requests_keep_their_limit(
    home: Household, monkeypatch: pytest.MonkeyPatch
):
    assert Limits().upload_bytes == 64 << 20

    transport: Any = home.browser._transport
    (endpoint,) = {
        route.endpoint
        for route in transport.app.routes
        if isinstance(route, Route) and isinstance(route.endpoint, GraphQLEndpoint)
    }
    limits = Limits(upload_bytes=len(WATCHED.encode()))
    monkeypatch.setattr(endpoint, "limits", limits)
    assert (await send(home.browser)).status_code == 200
    too_large = await send(home.browser, files={"0": ("a.csv", WATCHED + " ")})
    assert too_large.status_code == 413
    huge = await send(home.browser, files={"0": ("a.csv", "x" * 2_000_000)})
    assert huge.status_code == 413

    async def endless() -> AsyncIterator[bytes]:
        yield b'--b\r\nContent-Disposition: form-data; name="0"; filename="a"\r\n\r\n'
        while True:
            yield b"x" * 65_536

    answer = await home.browser.post(
        "/graphql", content=endless(), headers={"content-type": "multipart/form-data; boundary=b"}
    )
    assert answer.status_code == 413
    long = {"query": BRING, "variables": {"file": None, "person": "x" * 300_000}}
    assert (await send(home.browser, long)).status_code == 400
    assert (await home.browser.post("/graphql", json=long)).status_code == 413


async def test_the_zeroth_episode_is_told_as_such(services: Services):
    ada = await move_in(services.database)
    batch = await bring(
        services.database, ada,
        *numbered(
            line("Dark", kind="series", season_number=0, episode_number=0, number_abs=7),
            line("Dark", kind="series", number_abs=7),
        ),
    )  # fmt: skip
    query = "query ($id: ID!) { importBatch(id: $id) { lines { nodes { episodeNumber } } } }"
    told = await run(services, query, ada, id=f"import_{batch.id.hex}")
    nodes = told["importBatch"]["lines"]["nodes"]
    assert [each["episodeNumber"] for each in nodes] == [0, 7]


async def test_what_is_no_export_is_refused_as_a_type_of_the_schema(
    services: Services, home: Household
):
    answer = await send(home.browser, files={"0": ("cat.jpg", "meow")})
    assert answer.json()["data"]["importHistory"]["code"] == "UNKNOWN_EXPORT"
    as_text = {"query": BRING, "variables": {"file": "meow"}}
    answer = await home.browser.post("/graphql", json=as_text)
    assert "multipart" in answer.text


async def test_a_history_is_taken_along_as_a_file(
    services: Services, home: Household, monkeypatch: pytest.MonkeyPatch
):
    title = await film(services.database, "=Up", year=2009)
    sent = {"title_id": f"title_{title}", "watched_at": "2024-03-01T20:15:00Z"}
    assert (await home.browser.post("/api/history", json=sent)).status_code == 201
    told = await home.browser.get("/api/history/export")
    assert told.headers["content-type"].startswith("application/x-ndjson")
    assert "attachment" in told.headers["content-disposition"]
    assert [json.loads(each)["what"] for each in told.text.splitlines()[1:]] == ["watch"]
    table = await home.browser.get("/api/history/export", params={"format": "csv"})
    assert "'=Up" in table.text
    monkeypatch.setattr("rest.export._PIECE", 1)
    assert (await home.browser.get("/api/history/export")).text == told.text
    home.browser.cookies.clear()
    assert (await home.browser.get("/api/history/export")).status_code == 401
