"""The clock, the faults and what is counted, seen by a client over a socket."""

import json
import subprocess
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from starlette.applications import Starlette

from simulators import spoiling
from simulators.faults import KINDS
from simulators.samples import sample_world
from simulators.server import running
from tests.simulators.conftest import NOW, StandIns

POPULAR = "/tmdb/3/movie/popular"


def ask(stand_ins: StandIns, path: str = POPULAR, **sent: Any) -> httpx.Response:
    return stand_ins.http.get(stand_ins.url + path, params={"api_key": "k", **sent})


def refused(stand_ins: StandIns, method: str, path: str, body: Any) -> str:
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    answer = stand_ins.http.request(method, f"{stand_ins.url}/_sim{path}", content=content)
    assert answer.status_code == 400, answer.text
    return answer.json()["error"]


def test_too_many_says_when_to_come_again_and_ends_after_its_times(stand_ins: StandIns) -> None:
    stand_ins.fault("tmdb", "too_many", times=2, retry_after=7)
    answers = [ask(stand_ins) for _ in range(3)]
    assert [each.status_code for each in answers] == [429, 429, 200]
    assert answers[0].headers["retry-after"] == "7"


def test_too_many_can_be_silent_about_it(stand_ins: StandIns) -> None:
    stand_ins.fault("tmdb", "too_many_silent", times=1)
    answer = ask(stand_ins)
    assert answer.status_code == 429
    assert "retry-after" not in answer.headers


@pytest.mark.parametrize("status", [500, 502, 503, 520])
def test_server_errors_have_the_status_asked_for(stand_ins: StandIns, status: int) -> None:
    stand_ins.fault("tmdb", "server_error", status=status)
    assert [ask(stand_ins).status_code for _ in range(2)] == [status, status]


def test_a_stall_answers_late_and_whole_a_post_too(stand_ins: StandIns) -> None:
    stand_ins.fault("justwatch", "stall", seconds=0.2)
    began = time.monotonic()
    answer = stand_ins.http.post(
        f"{stand_ins.url}/justwatch/graphql", json={"query": "{ __typename }"}
    )
    assert answer.json() == {"data": {"__typename": "Query"}}
    assert time.monotonic() - began >= 0.2
    stand_ins.fault("tmdb", "stall", seconds=60)
    with pytest.raises(httpx.ReadTimeout):
        stand_ins.http.get(stand_ins.url + POPULAR, timeout=0.1)


def test_a_slow_body_comes_in_drips(stand_ins: StandIns) -> None:
    whole = ask(stand_ins).json()
    stand_ins.fault("tmdb", "slow_body", seconds=0.4)
    began = time.monotonic()
    with stand_ins.http.stream("GET", stand_ins.url + POPULAR, params={"api_key": "k"}) as answer:
        pieces = list(answer.iter_raw())
    assert len(pieces) > 5
    assert time.monotonic() - began >= 0.3
    assert json.loads(b"".join(pieces)) == whole


def test_a_cut_body_is_half_of_what_was_promised(stand_ins: StandIns) -> None:
    whole = len(ask(stand_ins).content)
    stand_ins.fault("tmdb", "cut")
    received: list[bytes] = []
    with stand_ins.http.stream("GET", stand_ins.url + POPULAR, params={"api_key": "k"}) as answer:
        assert int(answer.headers["content-length"]) == whole
        with pytest.raises(httpx.RemoteProtocolError):
            received.extend(answer.iter_raw())
    assert len(b"".join(received)) == whole // 2


def test_drop_closes_without_a_word(stand_ins: StandIns) -> None:
    stand_ins.fault("tmdb", "drop", times=1)
    with pytest.raises((httpx.RemoteProtocolError, httpx.ReadError)):
        ask(stand_ins)
    assert ask(stand_ins).status_code == 200


def test_html_and_other_answers_that_are_no_json(stand_ins: StandIns) -> None:
    stand_ins.fault("tmdb", "html", times=1)
    html = ask(stand_ins)
    assert (html.status_code, html.headers["content-type"]) == (200, "text/html")
    for kind in ("not_json", "empty"):
        stand_ins.fault("tmdb", kind, times=1)
        answer = ask(stand_ins)
        assert answer.status_code == 200
        with pytest.raises(ValueError):
            answer.json()


def test_bad_encoding_is_no_utf_8(stand_ins: StandIns) -> None:
    stand_ins.fault("tmdb", "bad_encoding")
    with pytest.raises(UnicodeDecodeError):
        ask(stand_ins).content.decode()


def types_of(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: types_of(each) for name, each in value.items()}
    return [types_of(each) for each in value] if isinstance(value, list) else type(value)


def test_wrong_types_are_json_of_another_shape_each_time(stand_ins: StandIns) -> None:
    right = types_of(ask(stand_ins).json())
    stand_ins.fault("tmdb", "wrong_types", seed=5)
    wrong = [ask(stand_ins).text for _ in range(5)]
    assert all(types_of(json.loads(each)) != right for each in wrong)
    assert len(set(wrong)) == 5
    stand_ins.control("DELETE", "/faults")
    stand_ins.fault("tmdb", "wrong_types", seed=5)
    assert ask(stand_ins).text == wrong[0]


def test_a_gzip_bomb_is_small_until_it_is_unpacked(stand_ins: StandIns) -> None:
    stand_ins.fault("tmdb", "gzip_bomb")
    with stand_ins.http.stream("GET", stand_ins.url + POPULAR, params={"api_key": "k"}) as answer:
        assert answer.headers["content-encoding"] == "gzip"
        assert int(answer.headers["content-length"]) < 200_000
        unpacked = 0
        for piece in answer.iter_bytes(1 << 20):
            unpacked += len(piece)
    assert unpacked > spoiling.BOMB_BYTES


def test_a_huge_body_goes_on_until_one_has_had_enough(stand_ins: StandIns) -> None:
    stand_ins.fault("tmdb", "huge", times=1)
    read = 0
    with stand_ins.http.stream("GET", stand_ins.url + POPULAR, params={"api_key": "k"}) as answer:
        for piece in answer.iter_raw():
            read += len(piece)
            if read > 20_000_000:
                break
    assert ask(stand_ins).status_code == 200


def test_a_short_page_has_fewer_than_its_totals_say(stand_ins: StandIns) -> None:
    whole = ask(stand_ins).json()
    stand_ins.fault("tmdb", "short_page")
    short = ask(stand_ins).json()
    assert short["results"] == whole["results"][: len(whole["results"]) // 2]
    assert short["total_results"] == whole["total_results"]


def test_totals_shrink_from_page_to_page(stand_ins: StandIns) -> None:
    stand_ins.fault("tmdb", "shrinking_total")
    totals = [ask(stand_ins, page=page).json()["total_results"] for page in (1, 2, 3)]
    films = sum(each.kind == "film" for each in stand_ins.world.titles.values())
    assert totals[0] == films > totals[1] > totals[2]


def test_a_share_of_requests_is_drawn_by_the_seed(stand_ins: StandIns) -> None:
    def drawn() -> list[int]:
        stand_ins.control("DELETE", "/faults")
        stand_ins.fault("tmdb", "server_error", share=0.3, seed=1)
        return [ask(stand_ins).status_code for _ in range(60)]

    first = drawn()
    assert 5 < first.count(503) < 35
    assert drawn() == first


def test_a_path_and_an_upstream_are_all_that_a_fault_meets(stand_ins: StandIns) -> None:
    stand_ins.fault("tmdb", "html", path="/tv/")
    assert ask(stand_ins).headers["content-type"] == "application/json"
    assert ask(stand_ins, "/tmdb/3/tv/popular").headers["content-type"] == "text/html"
    graphql = stand_ins.http.post(f"{stand_ins.url}/justwatch/graphql", json={"query": "{a}"})
    assert graphql.status_code == 422


def test_faults_are_cleared_by_upstream_and_by_id(stand_ins: StandIns) -> None:
    for upstream in ("tmdb", "tmdb", "justwatch"):
        stand_ins.fault(upstream, "html")
    first = stand_ins.control("GET", "/faults")[0]["id"]
    assert stand_ins.control("DELETE", f"/faults?id={first}") == {"cleared": 1}
    assert stand_ins.control("DELETE", "/faults?upstream=tmdb") == {"cleared": 1}
    assert [each["upstream"] for each in stand_ins.control("GET", "/faults")] == ["justwatch"]


@pytest.mark.parametrize(
    ("method", "path", "body", "says"),
    [
        ("POST", "/faults", b"{", "JSON"),
        ("POST", "/faults", [], "object"),
        ("POST", "/faults", {"upstream": "imdb", "kind": "html"}, "upstream"),
        ("POST", "/faults", {"upstream": "tmdb", "kind": "flood"}, "kind"),
        ("POST", "/faults", {"upstream": "tmdb", "kind": "html", "time": 3}, "time"),
        ("POST", "/faults", {"upstream": "tmdb", "kind": "html", "times": 0}, "times"),
        ("POST", "/faults", {"upstream": "tmdb", "kind": "html", "share": "all"}, "share"),
        ("POST", "/faults", {"upstream": "tmdb", "kind": "html", "path": "("}, "expression"),
        ("POST", "/clock", {"advance_days": "one"}, "number"),
        ("POST", "/clock", {"advance_days": 1e9}, "3660"),
        ("POST", "/clock", {"advance_s": 1, "advance_days": 1}, "one of"),
        ("POST", "/clock", {"stop_at": "soon"}, "moment"),
        ("POST", "/limits", {"tmdb": 1}, "true or false"),
        ("PUT", "/world/offers", {"title": 1, "offers": []}, "title"),
        ("PUT", "/world/offers", {"title": "tm1001", "offers": {}}, "list"),
        ("PUT", "/world/offers", {"title": "tm1001", "offers": [{"package": 8}]}, "country"),
        ("GET", "/world/offers/ts1001", b"", "title"),
        ("DELETE", "/faults?id=x", b"", "number"),
    ],
)
def test_the_controls_say_what_is_wrong(
    stand_ins: StandIns, method: str, path: str, body: Any, says: str
) -> None:
    assert says in refused(stand_ins, method, path, body)


def test_every_kind_of_fault_is_tried_here() -> None:
    text = Path(__file__).read_text()
    assert not [kind for kind in KINDS if f'"{kind}"' not in text]


def test_the_clock_stands_and_moves(stand_ins: StandIns) -> None:
    assert stand_ins.control("GET", "/clock")["now"] == NOW.isoformat()
    moved = stand_ins.control("POST", "/clock", json={"advance_days": 2})
    assert moved["today"] == "2026-11-23"
    assert stand_ins.control("POST", "/clock", json={"advance_s": 60})["ahead_s"] == 172_860
    stopped = stand_ins.control("POST", "/clock", json={"stop_at": "2026-12-24T12:00:00+01:00"})
    assert stopped["now"] == "2026-12-24T11:00:00+00:00"


def test_offers_are_seen_as_they_stand_and_can_be_replaced(stand_ins: StandIns) -> None:
    title = stand_ins.some("film").number
    told = {"package": 8, "country": "US", "monetization": "subscription", "quality": "hd"}
    body = {"title": title, "offers": [told | {"expires_on": "2026-11-22"}]}
    put = stand_ins.control("PUT", "/world/offers", json=body)
    assert put["offers"][0]["expires_on"] == "2026-11-22"
    stand_ins.control("POST", "/clock", json={"advance_days": 400})
    later = stand_ins.control("GET", f"/world/offers/tm{title}")
    assert later["today"] == str(NOW.date() + timedelta(days=400))
    assert put["offers"][0] not in later["offers"]


def test_requests_are_counted_without_their_secrets(stand_ins: StandIns) -> None:
    ask(stand_ins, page=2)
    ask(stand_ins)
    stand_ins.http.get(f"{stand_ins.url}/telegram/bot123:secret/getMe")
    state = stand_ins.control("GET", "")
    assert state["requests"]["tmdb"] == {"count": 2, "paths": {POPULAR: 2}}
    requests = stand_ins.control("GET", "/requests")
    assert (requests[0]["path"], requests[0]["status"]) == (POPULAR, 200)
    assert "secret" not in json.dumps([state, requests])
    assert "api_key=k" not in json.dumps(requests)


def test_worlds_are_the_same_for_the_same_seed() -> None:
    today = date(2026, 11, 21)
    assert sample_world(1, today=today) == sample_world(1, today=today)
    assert sample_world(1, today=today) != sample_world(2, today=today)


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "https://page.example"},
        {"origin": "null"},
        {"origin": "http://localhost:3000"},
        {"sec-fetch-site": "cross-site"},
        {"host": "page.example"},
        {"host": "page.example:8090", "origin": "http://page.example:8090"},
        {"host": "127.0.0.1.page.example"},
        {"host": "[::1"},
    ],
)
@pytest.mark.parametrize("path", ["/_sim/clock", "/resend/_sim/outbox", "/telegram/bot1:X/getMe"])
def test_pages_of_others_are_not_let_in(
    stand_ins: StandIns, path: str, headers: dict[str, str]
) -> None:
    answer = stand_ins.http.get(stand_ins.url + path, headers=headers)
    assert answer.status_code == 403
    moving = {"content": b'{"advance_days": 1}', "headers": headers}
    stand_ins.http.post(f"{stand_ins.url}/_sim/clock", **moving)
    assert stand_ins.clock.now() == NOW


@pytest.mark.parametrize(
    "host", ["localhost", "localhost:8090", "127.0.0.1", "127.1.2.3:1", "[::1]:8090"]
)
def test_whoever_sits_at_this_machine_is_let_in(stand_ins: StandIns, host: str) -> None:
    sent = {"host": host, "origin": f"http://{host}", "sec-fetch-site": "same-origin"}
    assert stand_ins.http.get(f"{stand_ins.url}/_sim/clock", headers=sent).status_code == 200
    site = {"origin": "https://www.justwatch.com", "referer": "https://www.justwatch.com/"}
    told = stand_ins.http.post(
        f"{stand_ins.url}/justwatch/graphql", json={"query": "{ __typename }"}, headers=site
    )
    assert told.status_code == 200


def test_a_server_that_cannot_start_says_so() -> None:
    @asynccontextmanager
    async def broken(_: Starlette) -> AsyncIterator[None]:
        raise RuntimeError("no")
        yield

    with pytest.raises(RuntimeError, match="did not start"), running(Starlette(lifespan=broken)):
        pass


def test_they_are_served_on_a_socket_file_until_they_are_told_to_stop(tmp_path: Path) -> None:
    program = (
        "import sys, pathlib\n"
        "from simulators import app, samples, server\n"
        "world = samples.sample_world(titles=3)\n"
        "server.serve(app.create_app(world), uds=pathlib.Path(sys.argv[1]))"
    )
    socket = tmp_path / "s"
    process = subprocess.Popen(
        [sys.executable, "-W", "error", "-c", program, str(socket)], stderr=subprocess.PIPE
    )
    try:
        until = time.monotonic() + 20
        while not socket.exists() and time.monotonic() < until:
            time.sleep(0.02)
        with httpx.Client(transport=httpx.HTTPTransport(uds=str(socket))) as http:
            assert http.get("http://stand-ins/_sim").json()["world"]["titles"] == 3
    finally:
        process.terminate()
        _, said = process.communicate(timeout=20)
    assert b"Traceback" not in said
