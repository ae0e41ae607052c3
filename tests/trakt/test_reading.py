"""Reading an account once: through the job to the desk, over deaths, and what stands in its way."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from structlog.testing import capture_logs

from domain.accounts.viewer import Viewer
from domain.imports.commit import commit
from domain.imports.refusals import ImportBusy
from domain.imports.values import What
from domain.jobs import ledger
from domain.jobs.values import Claim
from domain.services import Services
from domain.trakt import pages, reading, service
from domain.trakt.values import KeptPage
from jobs.prune_trakt import prune_trakt
from simulators.world import World
from tests.accounts.people import count
from tests.accounts.people import run as change
from tests.trakt.people import ACCOUNT, IMPORT, StandIn, ask, connected, fill, work
from tests.watchlists.homes import rows

pytestmark = pytest.mark.anyio
PAGE = "SELECT part, page, of FROM trakt_pages ORDER BY 1, 2"


@pytest.fixture(autouse=True)
def _quiet() -> Iterator[None]:
    """Draw no tracebacks, which takes seconds."""
    with capture_logs():
        yield


@pytest.fixture
async def ada(services: Services, stand_in: StandIn) -> Viewer:
    """Somebody with 320 plays at Trakt."""
    stand_in.change(history=320)
    return await connected(services, stand_in)


async def read(services: Services, viewer: Viewer) -> Any:
    """Have the account read to its end; the reading."""
    assert (await ask(services, viewer, IMPORT))["account"]
    await work(services)
    return (await ask(services, viewer, ACCOUNT))["reading"]


def theirs(stand_in: StandIn) -> dict[str, Any]:
    """How much the user has at the stand-in."""
    users = stand_in.control.get("/trakt/_sim/users").json()
    return next(each for each in users if each["user"] == stand_in.user)


async def test_a_history_goes_through_the_desk_and_is_written_when_it_is_committed(
    services: Services, stand_in: StandIn, ada: Viewer, world: World
):
    await fill(services.database, world)
    begun = await ask(services, ada, IMPORT)
    assert begun["account"] == {"username": stand_in.user, "reading": {"done": False}}
    assert await work(services) == ["done"]
    account = await ask(services, ada, ACCOUNT)
    told, batch = account["reading"], account["reading"]["batch"]
    assert (told["done"], told["problem"], told["pages"]) == (True, None, 0)
    assert account["readAt"]
    has = theirs(stand_in)
    counts = batch["counts"]
    assert [counts[name] for name in ("watches", "ratings", "wishes")] == [
        has["history"], has["ratings"], has["watchlist"]
    ]  # fmt: skip
    assert counts["matched"] == counts["lines"]
    assert (batch["source"], batch["fileName"], batch["state"]) == (
        "trakt_account", f"Trakt: {stand_in.user}", "MATCHED"
    )  # fmt: skip
    assert await count(services.database, "watches") == 0
    key = (await rows(services.database, "SELECT id FROM import_batches"))[0][0]
    await commit(services.database, ada, key, datetime.now(UTC))
    assert await count(services.database, "watches") > 300
    assert await count(services.database, "ratings") == has["ratings"]
    again = await read(services, ada)
    assert again["batch"]["id"] == batch["id"], "the same history again is the same import"


async def test_who_asks_while_it_is_read_is_told_of_the_same_reading(
    services: Services, ada: Viewer
):
    for _ in range(3):
        assert (await ask(services, ada, IMPORT))["account"]["reading"] == {"done": False}
    assert await count(services.database, "jobs") == 1


async def test_interrupted_after_each_page_no_page_is_asked_for_twice(
    services: Services, stand_in: StandIn, ada: Viewer, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(reading, "_ATTEMPT_S", 0)
    before = {part: stand_in.asked(f"/sync/{part}") for part in ("history", "ratings", "watchlist")}
    await ask(services, ada, IMPORT)
    await work(services, 1)
    assert await rows(services.database, PAGE) == [("watch", 1, 2)]
    told = (await ask(services, ada, ACCOUNT))["reading"]
    assert (told["done"], told["pages"], told["ofPages"], told["items"]) == (False, 1, 2, 250)
    said = await work(services)
    assert said == ["again"] * 3 + ["done"]
    asked = {part: stand_in.asked(f"/sync/{part}") - n for part, n in before.items()}
    assert asked == {"history": 2, "ratings": 1, "watchlist": 1}
    told = (await ask(services, ada, ACCOUNT))["reading"]
    has = theirs(stand_in)
    assert told["batch"]["counts"]["lines"] == has["history"] + has["ratings"] + has["watchlist"]
    assert await rows(services.database, PAGE) == []


async def test_a_list_that_shrinks_between_two_attempts_is_read_from_its_start(
    services: Services, stand_in: StandIn, ada: Viewer, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(reading, "_ATTEMPT_S", 0)
    await ask(services, ada, IMPORT)
    await work(services, 1)
    headers = {
        "authorization": f"Bearer {stand_in.tokens().access}", "trakt-api-key": "x",
        "trakt-api-version": "2",
    }  # fmt: skip
    first = stand_in.control.get("/trakt/sync/history?page=1&limit=250", headers=headers).json()
    stand_in.control.post(
        "/trakt/sync/history/remove", json={"ids": [first[0]["id"]]}, headers=headers
    ).raise_for_status()
    await work(services)
    told = (await ask(services, ada, ACCOUNT))["reading"]
    assert told["batch"]["counts"]["watches"] >= theirs(stand_in)["history"] == 319


@pytest.mark.parametrize(
    ("status", "words"),
    [
        (426, "only to VIP accounts.*bring that file"),
        (423, "locked this account"),
        (420, "full"),
        (403, "client id.*exported from Trakt"),
        (401, "Connect Trakt again"),
    ],
)
async def test_what_only_they_can_put_right_is_said_and_not_tried_again(
    services: Services, stand_in: StandIn, ada: Viewer, status: int, words: str
):
    stand_in.change(answers=status)
    told = await read(services, ada)
    assert (told["done"], told["batch"]) == (True, None)
    assert re.search(words, told["problem"])
    assert await rows(services.database, "SELECT state, failures FROM jobs") == [("done", 0)]
    problem = (await ask(services, ada, ACCOUNT))["problem"]
    assert (problem is not None) == (status == 401)


async def test_tokens_that_end_before_their_time_are_renewed(
    services: Services, stand_in: StandIn, ada: Viewer
):
    before = await rows(services.database, "SELECT access_token FROM trakt_links")
    stand_in.post("/_sim/clock", advance_s=8 * 86_400)  # theirs goes ahead of ours
    try:
        told = await read(services, ada)
    finally:
        stand_in.post("/_sim/clock", advance_s=-8 * 86_400)
    assert told["batch"], told["problem"]
    assert await rows(services.database, "SELECT access_token FROM trakt_links") != before


async def test_who_ended_the_connection_at_trakt_is_told_to_connect_again(
    services: Services, stand_in: StandIn, ada: Viewer
):
    stand_in.change(revoke=True)
    told = await read(services, ada)
    assert (told["done"], told["batch"]) == (True, None)
    account = await ask(services, ada, ACCOUNT)
    assert "Connect Trakt again" in account["problem"] == told["problem"]
    assert (await ask(services, ada, IMPORT))["code"] == "TRAKT_LINK_BROKEN"


async def test_when_trakt_asks_to_wait_the_job_waits_as_long(
    services: Services, stand_in: StandIn, ada: Viewer
):
    stand_in.post("/trakt/_sim/limits", get=1)
    try:
        await ask(services, ada, IMPORT)
        assert await work(services) == ["again"]
    finally:
        stand_in.post("/trakt/_sim/limits", get=500)
    ((state, wait_s),) = await rows(
        services.database,
        "SELECT state, extract(epoch FROM due_at - now())::float FROM jobs",
    )
    assert state == "waiting"
    assert 100 < wait_s <= 300


async def test_an_outage_is_tried_again_and_said_meanwhile(
    services: Services, stand_in: StandIn, ada: Viewer
):
    trakt: Any = services.trakt
    trakt._api.patience = replace(trakt._api.patience, attempts=1)
    stand_in.post("/_sim/faults", upstream="trakt", kind="html", path="sync/ratings")
    told = await read(services, ada)
    assert (told["done"], told["batch"], told["pages"]) == (False, None, 2)
    assert "can't be used" in told["problem"]
    stand_in.control.delete("/_sim/faults")
    await change(services.database, "UPDATE jobs SET due_at = now()")
    await work(services)
    assert (await ask(services, ada, ACCOUNT))["reading"]["batch"]


async def test_a_page_of_no_use_is_not_found_again(services: Services, ada: Viewer):
    await ask(services, ada, IMPORT)
    await change(
        services.database,
        "INSERT INTO trakt_pages (profile_id, part, page, of, items, body)"
        " VALUES (:profile, 'watch', 1, 1, 0, '{\"items\": 7, \"told\": {}}')",
        profile=ada.profile_id,
    )
    assert await work(services) == ["failed"]
    assert await rows(services.database, PAGE) == []
    await change(services.database, "UPDATE jobs SET due_at = now()")
    assert await work(services) == ["done"]


async def test_a_reading_that_was_given_up_can_be_asked_for_anew(services: Services, ada: Viewer):
    await ask(services, ada, IMPORT)
    await change(
        services.database, "UPDATE jobs SET state = 'quarantined', problem = 'It died thrice.'"
    )
    told = (await ask(services, ada, ACCOUNT))["reading"]
    assert (told["done"], told["problem"]) == (True, "It died thrice.")
    assert (await read(services, ada))["batch"]


async def test_an_account_without_anything_says_so(services: Services, stand_in: StandIn):
    told = await read(services, await connected(services, stand_in))
    assert told["done"]
    assert "no history" in told["problem"]


async def test_another_import_at_work_is_waited_for(
    services: Services, ada: Viewer, monkeypatch: pytest.MonkeyPatch
):
    async def busy(*_: Any, **__: Any) -> None:
        raise ImportBusy

    monkeypatch.setattr(reading.desk, "bring", busy)
    await ask(services, ada, IMPORT)
    assert await work(services) == ["again"]
    monkeypatch.undo()
    await change(services.database, "UPDATE jobs SET due_at = now()")
    assert await work(services) == ["done"]


async def test_what_takes_hours_is_given_up_in_words(services: Services, ada: Viewer):
    await ask(services, ada, IMPORT)
    await change(
        services.database, "UPDATE trakt_readings SET asked_at = now() - interval '7 hours'"
    )
    await work(services)
    assert "too slowly" in (await ask(services, ada, ACCOUNT))["reading"]["problem"]


async def test_who_has_it_read_again_and_again_is_held_up(services: Services, ada: Viewer):
    for _ in range(10):
        await ask(services, ada, IMPORT)
        await change(services.database, "UPDATE trakt_readings SET finished_at = now()")
    assert (await ask(services, ada, IMPORT))["code"] == "RATE_LIMITED"


async def test_what_a_reading_that_ended_badly_left_is_forgotten(
    services: Services, ada: Viewer, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(reading, "_ATTEMPT_S", 0)
    await ask(services, ada, IMPORT)
    await work(services, 1)
    assert await pages.prune(services.database, datetime.now(UTC) - timedelta(days=1)) == 0
    await change(
        services.database, "UPDATE trakt_readings SET asked_at = now() - interval '2 days'"
    )
    assert await prune_trakt({"services": services}) == 1
    assert await rows(services.database, PAGE) == []


async def test_a_hostile_name_is_read_like_any_other(services: Services, stand_in: StandIn):
    ada = await connected(services, stand_in)
    claim = await _claim(services, ada)
    kept = pages.KeptPages(services.database, claim, ada.require_profile()[1], 0.0)
    page = KeptPage(
        [{"title": "a\x00b \U0001f3ac \ufeff' OR 1"}], {"x-pagination-page-count": "-1"}
    )
    await kept.keep(What.WATCH, 1, page)
    assert await kept.find(What.WATCH, 1) == page


async def _claim(services: Services, viewer: Viewer) -> Claim:
    await service.ask_reading(services, viewer, datetime.now(UTC))
    ((job_id,),) = await rows(services.database, "SELECT id FROM jobs")
    claim = await ledger.claim(services.database, job_id, datetime.now(UTC))
    assert claim
    return claim
