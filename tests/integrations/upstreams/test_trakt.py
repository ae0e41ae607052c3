"""Trakt: let in by a code, every page of every list as lines, and each refusal in plain words."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from domain.errors import DomainError
from domain.imports.values import Ids, Line, Passed, Reading, What
from domain.sync.ports import UpstreamAway
from domain.trakt.ports import AccountProblem, LinkBroken, SignInEnded, VipNeeded
from domain.trakt.values import DeviceCode, Tokens, Waiting
from integrations.trakt.client import Trakt
from integrations.trakt.lines import lines_of
from integrations.upstreams.errors import Garbled
from tests.integrations.upstreams.stand_ins import StandIns
from tests.integrations.upstreams.wire import Opened, Wire, response

pytestmark = pytest.mark.anyio
THEN = datetime(2026, 11, 1, tzinfo=UTC)
TOKENS = Tokens("access-of-ana", "refresh-of-ana", THEN, THEN + timedelta(days=7))
CODE = DeviceCode("5055CC52", "https://trakt.tv/activate", 600, 5, "device-code-of-ana")


@pytest.fixture
def trakt(stand_ins: StandIns, opened: Opened) -> Trakt:
    upstream = opened(stand_ins.base + "/trakt", "Trakt")
    return Trakt(upstream, upstream, "app", "app-secret")


def on(line: Wire, opened: Opened) -> Trakt:
    upstream = opened(line.base, "Trakt")
    return Trakt(upstream, upstream, "app", "app-secret")


async def lines(pages: Any) -> list[Line | Passed]:
    return [each async for page in pages for each in page]


async def test_a_code_lets_us_in_once_it_was_typed_in(stand_ins: StandIns, trakt: Trakt):
    stand_ins.control.post("/trakt/_sim/oauth", json={"interval_s": 1})
    code = await trakt.start()
    assert await trakt.poll(code) == Waiting(code.interval_s)
    assert await trakt.poll(code) == Waiting(code.interval_s + 5), "too soon: slower from now on"
    stand_ins.control.post(
        "/trakt/_sim/activate", json={"user_code": code.user_code, "user": "ana"}
    )
    stand_ins.control.post("/_sim/clock", json={"advance_s": 2})
    tokens = await trakt.poll(code)
    assert isinstance(tokens, Tokens)
    assert tokens.expires_at - tokens.issued_at == timedelta(days=7)
    assert tokens.renew_at - tokens.issued_at == timedelta(days=3.5)
    with pytest.raises(SignInEnded) as ended:
        await trakt.poll(code)
    assert ended.value.reason == "used"
    assert (await trakt.last_activities(tokens)).watched_at


@pytest.mark.parametrize(("said", "wait_s"), [("", 10), ("3", 10), ("42.5", 43), ("9e9", 3_600)])
async def test_asking_too_soon_waits_as_long_as_it_was_told_to(
    line: Wire, opened: Opened, said: str, wait_s: int
):
    line.says(response(b"", f"Retry-After: {said}", status="429 Slow"))
    assert await on(line, opened).poll(CODE) == Waiting(wait_s)


@pytest.mark.parametrize(
    ("status", "reason"), [(404, "unknown"), (409, "used"), (410, "expired"), (418, "denied")]
)
async def test_each_end_of_a_sign_in_has_its_reason(
    line: Wire, opened: Opened, status: int, reason: str
):
    line.says(response(b"", status=f"{status} No"))
    with pytest.raises(SignInEnded, match="Begin again") as ended:
        await on(line, opened).poll(CODE)
    assert ended.value.reason == reason


async def test_new_tokens_end_the_old_ones(stand_ins: StandIns, trakt: Trakt):
    old = stand_ins.tokens()
    new = await trakt.refresh(old)
    assert await trakt.last_activities(new)
    with pytest.raises(LinkBroken, match="Connect Trakt again"):
        await trakt.refresh(old)


async def test_tokens_given_back_open_nothing(stand_ins: StandIns, trakt: Trakt):
    tokens = stand_ins.tokens()
    await trakt.revoke(tokens)
    with pytest.raises(LinkBroken):
        await trakt.last_activities(tokens)
    await trakt.revoke(tokens)


async def test_a_refresh_token_is_never_sent_twice(line: Wire, opened: Opened):
    line.says(None)
    with pytest.raises(DomainError):
        await on(line, opened).refresh(TOKENS)
    assert len(line.requests) == 1


async def test_all_of_a_history_comes_page_by_page(stand_ins: StandIns, trakt: Trakt):
    counts = next(
        each for each in stand_ins.control.get("/trakt/_sim/users").json() if each["user"] == "ben"
    )
    tokens = stand_ins.tokens()
    pages = [page async for page in trakt.history(tokens)]
    assert [len(each) for each in pages] == [250, counts["history"] - 250]
    plays = [each for page in pages for each in page]
    assert [each.n for each in plays] == list(range(1, counts["history"] + 1))
    moments = [each.at for each in plays if isinstance(each, Line) and each.at]
    assert moments == sorted(moments, reverse=True)
    assert len(moments) == counts["history"]
    rated = await lines(trakt.ratings(tokens))
    assert len(rated) == counts["ratings"]
    assert all(isinstance(each, Line) and 1 <= (each.score or 0) <= 10 for each in rated)
    assert len(await lines(trakt.watchlist(tokens))) == counts["watchlist"]


async def test_lines_name_the_titles_of_the_world(stand_ins: StandIns, trakt: Trakt):
    by_id = {(each.kind, each.tmdb_id): each for each in stand_ins.world.titles.values()}
    for each in await lines(trakt.history(stand_ins.tokens())):
        assert isinstance(each, Line)
        (reading,) = each.readings
        title = by_id[reading.kind or "", each.ids.tmdb_id or 0]
        assert (reading.name, reading.year) == (title.name, title.year)
        assert (reading.episode_number is not None) == (title.kind == "series")


async def test_only_what_came_since_is_asked_for(stand_ins: StandIns, trakt: Trakt):
    tokens = stand_ins.tokens()
    every = [each for each in await lines(trakt.history(tokens)) if isinstance(each, Line)]
    middle = every[len(every) // 2].at
    assert middle
    some = await lines(trakt.history(tokens, since=middle))
    assert len(some) == sum(each.at is not None and each.at >= middle for each in every)


@pytest.mark.parametrize(
    ("status", "error", "words"),
    [
        (401, LinkBroken, "Connect Trakt again"),
        (403, UpstreamAway, "client id"),
        (420, AccountProblem, "full"),
        (423, AccountProblem, "locked"),
        (426, VipNeeded, "VIP.*download your data.*bring that file"),
    ],
)
async def test_refusals_say_what_to_do(
    line: Wire, opened: Opened, status: int, error: type[DomainError], words: str
):
    line.says(response(b"", status=f"{status} No", kind=""))
    trakt = on(line, opened)
    for asking in (trakt.last_activities(TOKENS), lines(trakt.history(TOKENS))):
        with pytest.raises(error, match=words) as refused:
            await asking
    assert getattr(refused.value, "permanent", True)


async def test_what_the_stand_in_refuses_is_told_the_same_way(stand_ins: StandIns, opened: Opened):
    control = stand_ins.control
    control.post("/trakt/_sim/users", json={"user": "eve", "answers": 426})
    control.post("/trakt/_sim/clients", json={"client_id": "dead", "approved": False})
    upstream = opened(stand_ins.base + "/trakt", "Trakt")
    with pytest.raises(VipNeeded):
        await Trakt(upstream, upstream, "app", "x").last_activities(stand_ins.tokens("eve"))
    dead = Trakt(upstream, upstream, "dead", "x")
    for asking in (dead.start(), dead.last_activities(stand_ins.tokens())):
        with pytest.raises(UpstreamAway, match="client id") as away:
            await asking
        assert away.value.permanent


async def test_a_used_up_allowance_says_how_long_to_wait(stand_ins: StandIns, trakt: Trakt):
    stand_ins.control.post("/trakt/_sim/limits", json={"get": 1})
    try:
        tokens = stand_ins.tokens()
        await trakt.last_activities(tokens)
        with pytest.raises(UpstreamAway) as away:
            await trakt.last_activities(tokens)
        assert 100 < (away.value.retry_after_s or 0) <= 300
    finally:
        stand_ins.control.post("/trakt/_sim/limits", json={"get": 500})


def page(numbers: list[int], of: int, total: int) -> bytes:
    """A page of a history of films by the ids of their plays."""
    items = [
        {"id": n, "watched_at": "2026-11-01T20:00:00.000Z", "type": "movie",
         "movie": {"title": f"Film {n}", "year": 2000, "ids": {"trakt": n}}}
        for n in numbers
    ]  # fmt: skip
    told = (f"X-Pagination-Page-Count: {of}", f"X-Pagination-Item-Count: {total}")
    return response(json.dumps(items).encode(), *told)


async def watched(line: Wire, opened: Opened) -> list[int | None]:
    found = await lines(on(line, opened).history(TOKENS))
    return [each.ids.trakt_id for each in found if isinstance(each, Line)]


async def test_what_is_added_meanwhile_comes_once(line: Wire, opened: Opened):
    line.says(page([3, 2], 2, 3), page([2, 1], 2, 4))
    assert await watched(line, opened) == [3, 2, 1]


async def test_a_list_that_shrinks_is_read_again(line: Wire, opened: Opened):
    line.says(page([5, 4], 3, 5), page([2, 1], 2, 4), page([4, 3], 2, 4), page([2, 1], 2, 4))
    assert sorted(await watched(line, opened), key=lambda n: n or 0) == [1, 2, 3, 4, 5]


@pytest.mark.parametrize(
    "answer",
    [
        page([1], 1, 2),
        page([], 1, 1),
        response(b"[]"),
        response(b"[]", "X-Pagination-Page-Count: -1", "X-Pagination-Item-Count: x"),
        response(b"{}", "X-Pagination-Page-Count: 1", "X-Pagination-Item-Count: 0"),
    ],
)
async def test_a_list_that_is_not_all_of_it_never_passes_for_it(
    line: Wire, opened: Opened, answer: bytes
):
    line.says(answer)
    with pytest.raises(Garbled):
        await watched(line, opened)


async def test_an_empty_list_is_empty(line: Wire, opened: Opened):
    line.says(page([], 0, 0))
    assert await watched(line, opened) == []


def test_an_episode_is_read_with_its_show():
    item = {
        "id": 1, "watched_at": "2026-03-31T09:28:53.000Z", "type": "episode",
        "episode": {"season": 2, "number": 1, "title": "Pawnee Zoo", "number_abs": 7,
                    "ids": {"trakt": 251, "imdb": "tt1320855", "tmdb": 397629}},
        "show": {"title": "Parks and Recreation", "year": 2009,
                 "ids": {"trakt": 4, "imdb": "tt1266020", "tmdb": 8592}},
    }  # fmt: skip
    assert list(lines_of([item], What.WATCH, 7)) == [
        Line(
            7,
            What.WATCH,
            (Reading("Parks and Recreation", "series", 2009, 2, 1, "Pawnee Zoo", 7),),
            Ids(imdb_id="tt1266020", tmdb_id=8592, trakt_id=4, episode_imdb_id="tt1320855"),
            at=datetime(2026, 3, 31, 9, 28, 53, tzinfo=UTC),
        )
    ]


FILM: dict[str, Any] = {"type": "movie", "movie": {"title": "X", "ids": {}}, "rating": 8}


@pytest.mark.parametrize(
    "item",
    [
        None, 7, [], {}, FILM | {"type": "person"}, FILM | {"movie": None}, FILM | {"rating": 11},
        FILM | {"rating": "8"}, FILM | {"rating": 8.5}, FILM | {"rated_at": "yesterday"},
        FILM | {"movie": {"title": "\u0000", "ids": {}}}, FILM | {"movie": {"title": "X"}},
        FILM | {"type": "episode", "episode": {"season": 1}, "show": FILM["movie"]},
    ],
)  # fmt: skip
def test_an_item_that_cannot_be_used_is_passed_over_with_its_reason(item: Any):
    first, second = lines_of([item, FILM], What.RATING)
    assert isinstance(first, Passed)
    assert first.reason
    assert isinstance(second, Line)


def test_a_moment_that_nobody_remembers_is_none():
    (line,) = lines_of([FILM | {"watched_at": "1970-01-01T00:00:00.000Z"}], What.WATCH)
    assert isinstance(line, Line)
    assert line.at is None


@pytest.mark.parametrize(
    ("file", "what"),
    [
        ("sync__history", What.WATCH), ("sync__ratings", What.RATING),
        ("sync__watchlist", What.WISH), ("sync__history__shows", What.WATCH),
    ],
)  # fmt: skip
def test_what_trakt_really_sends_is_read(data: Path, file: str, what: What):
    items = json.loads((data / "import_trakt_api" / f"{file}.json").read_text())
    found = list(lines_of(items, what))
    assert len(found) == len(items) > 0
    assert not [each for each in found if isinstance(each, Passed)]


def test_nothing_that_opens_an_account_is_printed():
    shown = f"{TOKENS!r} {TOKENS} {CODE!r} {CODE}"
    for secret in (TOKENS.access, TOKENS.refresh, CODE.device_code):
        assert secret not in shown


async def test_a_refusal_does_not_quote_what_we_sent(line: Wire, opened: Opened):
    trakt = on(line, opened)
    sent = {
        TOKENS.refresh: trakt.refresh,
        TOKENS.access: trakt.last_activities,
        "app-secret": trakt.refresh,
    }
    for secret, ask in sent.items():
        said = {"error_description": f"what is {secret}?"}
        line.says(response(json.dumps(said).encode(), status="422 No"))
        with pytest.raises(DomainError, match="what is …") as refused:
            await ask(TOKENS)
        assert secret not in f"{refused.value!r} {refused.value.__cause__!r}"
    assert repr(trakt) == "Trakt(Upstream('Trakt'))"
