"""A change under a key happens once, whatever dies or races, and is answered the same."""

import asyncio
from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from domain.db import Database
from domain.errors import InvalidInput, NotFound
from domain.history import changes as history
from domain.idempotency import service
from domain.idempotency.errors import KeyReused
from domain.idempotency.service import ClientKey, Request, once
from domain.watchlists import changes
from domain.watchlists.service import Wished
from tests.accounts.people import run
from tests.support.catalogue import On
from tests.watchlists.homes import NOW, TODAY, events, film, move_in, rows, wishes

pytestmark = pytest.mark.anyio
KEY = ClientKey("key-1", "Idempotency-Key")


def ask(operation: str = "add", key: ClientKey | None = KEY, **asked: object) -> Request:
    return Request(operation, asked, key)


class Work:
    """Counts how often it was done; its answer is that number."""

    def __init__(self, wait: asyncio.Event | None = None, error: Exception | None = None) -> None:
        self.done, self.began = 0, asyncio.Event()
        self.wait, self.error = wait, error

    async def __call__(self) -> service.Facts:
        self.done += 1
        self.began.set()
        if self.wait:
            await self.wait.wait()
        if self.error:
            raise self.error
        return {"done": self.done}


async def do(database: Database, viewer, request: Request, work: Work, now=NOW) -> service.Facts:
    async with database.transaction() as session:
        return await once(session, viewer.profile_id, request, work, now)


async def test_a_retry_is_answered_and_not_done_again(database: Database):
    ada, work = await move_in(database), Work()
    answers = [await do(database, ada, ask(title=1), work) for _ in range(3)]
    assert answers == [{"done": 1}] * 3
    assert work.done == 1


async def test_without_a_key_each_is_done(database: Database):
    ada, work = await move_in(database), Work()
    for _ in range(2):
        await do(database, ada, ask(key=None), work)
    assert work.done == 2


async def test_a_key_stands_for_one_request_of_an_operation_and_of_a_profile(database: Database):
    ada, eve, work = await move_in(database), await move_in(database), Work()
    await do(database, ada, ask(title=1), work)
    with pytest.raises(KeyReused) as refusal:
        await do(database, ada, ask(title=2), work)
    assert (refusal.value.code, refusal.value.field) == (
        "IDEMPOTENCY_KEY_REUSED", "Idempotency-Key",
    )  # fmt: skip
    await do(database, ada, ask("remove", title=1), work)
    await do(database, eve, ask(title=2), work)
    assert work.done == 3


async def test_after_a_day_a_key_is_new(database: Database):
    ada, work = await move_in(database), Work()
    await do(database, ada, ask(title=1), work)
    await do(database, ada, ask(title=1), work, NOW + timedelta(hours=24))
    assert work.done == 1
    late = NOW + timedelta(hours=24, seconds=1)
    assert await do(database, ada, ask(title=2), work, late) == {"done": 2}
    assert await do(database, ada, ask(title=2), work, late) == {"done": 2}


async def test_answers_are_forgotten_after_a_day(database: Database):
    ada = await move_in(database)
    await do(database, ada, ask(), Work())
    async with database.transaction() as session:
        assert await service.prune(session, NOW + timedelta(hours=24)) == 0
        assert await service.prune(session, NOW + timedelta(hours=24, seconds=1)) == 1


@pytest.mark.parametrize("key", ["", "two words", "ключ", "x" * 257, "\x00"])
async def test_what_cannot_be_a_key_is_refused_before_anything_is_done(
    database: Database, key: str
):
    ada, work = await move_in(database), Work()
    with pytest.raises(InvalidInput):
        await do(database, ada, ask(key=ClientKey(key, "clientMutationId")), work)
    assert work.done == 0


async def test_a_refusal_is_not_kept_so_asking_again_asks_anew(database: Database):
    ada = await move_in(database)
    with pytest.raises(NotFound):
        await do(database, ada, ask(), Work(error=NotFound("No.")))
    assert await rows(database, "SELECT * FROM given_answers") == []
    assert await do(database, ada, ask(), Work()) == {"done": 1}


async def waits(database: Database) -> None:
    """Return when somebody waits for a lock."""
    blocked = "SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock'"
    for _ in range(1_000):
        if await rows(database, blocked + " AND datname = current_database()"):
            return
        await asyncio.sleep(0.01)
    raise AssertionError("nobody waits")


@pytest.mark.parametrize("fails", [False, True])
async def test_of_two_at_once_the_second_waits_for_the_first(database: Database, fails: bool):
    ada, go = await move_in(database), asyncio.Event()
    first = Work(go, NotFound("No.") if fails else None)
    second = Work()
    one = asyncio.create_task(do(database, ada, ask(), first))
    await first.began.wait()
    two = asyncio.create_task(do(database, ada, ask(), second))
    await waits(database)
    assert second.done == 0
    go.set()
    if fails:
        with pytest.raises(NotFound):
            await one
    else:
        assert await one == {"done": 1}
    assert await two == {"done": 1}
    assert second.done == (1 if fails else 0)


async def add(database: Database, viewer, title: int, key: ClientKey | None = KEY, now=NOW):
    async with database.transaction() as session:
        return await changes.add(session, viewer, title, Wished(note="mine"), key, now)


async def _add_and_be_killed(database: Database, viewer, title: int) -> None:
    async with database.transaction() as session:
        await changes.add(session, viewer, title, Wished(), KEY, NOW)
        connection = await session.connection()
        own = (await connection.execute(text("SELECT pg_backend_pid()"))).scalar_one()
        await run(database, "SELECT pg_terminate_backend(:pid)", pid=own)


async def test_killed_before_the_commit_nothing_happened_and_the_retry_does_it(
    database: Database,
):
    ada, title = await move_in(database), await film(database)
    with pytest.raises(DBAPIError):
        await _add_and_be_killed(database, ada, title)
    assert await wishes(database, ada) == []
    assert await events(database) == []
    assert (await add(database, ada, title)).changed
    assert await events(database) == [("added", title)]


async def test_twenty_retries_at_once_are_one_change_and_one_answer(database: Database):
    ada, title = await move_in(database), await film(database)
    answers = await asyncio.gather(*(add(database, ada, title) for _ in range(20)))
    assert all(each.changed for each in answers)
    assert all(each.facts == answers[0].facts for each in answers)
    assert await events(database) == [("added", title)]


async def test_twenty_different_keys_at_once_are_still_one_wish(database: Database):
    ada, title = await move_in(database), await film(database)
    answers = await asyncio.gather(
        *(add(database, ada, title, ClientKey(uuid4().hex, "key")) for _ in range(20))
    )
    assert sum(each.changed for each in answers) == 1
    assert await events(database) == [("added", title)]


async def test_a_retry_tells_what_was_told_though_everything_has_changed(database: Database):
    ada = await move_in(database)
    title = await film(database, offers=[On(expires_on=TODAY + timedelta(days=3))])
    told = await add(database, ada, title)
    assert told.wish is not None
    assert told.wish.days_left == 3
    async with database.transaction() as session:
        await changes.remove(session, ada, title, KEY, NOW)
    await run(database, "DELETE FROM titles")
    again = await add(database, ada, title, now=NOW + timedelta(hours=20))
    assert again.facts == told.facts
    assert again.wish is not None
    assert (again.wish.card.name, again.wish.days_left) == ("Paddington 2", 3)
    assert [each.platform_slug for each in again.offers] == ["netflix"]


async def test_a_viewing_is_recorded_once_though_now_has_moved_on(database: Database):
    ada, title = await move_in(database), await film(database)
    lines = []
    for minutes in (0, 1):
        now = NOW + timedelta(minutes=minutes)
        async with database.transaction() as session:
            answer = await history.record(session, ada, KEY, now, title_id=title)
        lines.append(history.line(answer))
    assert lines[0] == lines[1]
    assert await rows(database, "SELECT watched_at FROM watches") == [(NOW,)]


async def test_keys_of_a_deleted_profile_go_with_it(database: Database):
    ada = await move_in(database)
    await do(database, ada, ask(), Work())
    await run(database, "DELETE FROM profiles")
    assert await rows(database, "SELECT * FROM given_answers") == []
