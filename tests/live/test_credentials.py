"""What came in with a session or a token stays as long as that holds, and not five seconds more."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import event, text

from domain.accounts import credentials as secrets
from domain.accounts.models import Account, ApiToken, Session
from domain.accounts.viewer import Viewer
from domain.db import Database
from domain.profiles.models import Profile
from live.credentials import Credentials
from tests.live.listening import eventually
from tests.support.counting import statements

pytestmark = pytest.mark.anyio
STRANGER = Viewer("anonymous", "US", "UTC")


@pytest.fixture
async def open_ones(database: Database) -> AsyncIterator[Credentials]:
    """Asked only when a test says so."""
    credentials = Credentials(database, every_s=600)
    await credentials.start()
    yield credentials
    await credentials.stop()


async def sign_in(database: Database, by: str = "session") -> Viewer:
    """Somebody who came in by a session or a token."""
    now = datetime.now(UTC)
    async with database.transaction() as session:
        number = (await session.exec(text("SELECT count(*) FROM accounts"))).one()[0]  # type: ignore[call-overload]
        account = Account(
            email="a@b.test", email_key=str(number), password_hash="", country="US",
            time_zone="UTC",
        )  # fmt: skip
        session.add(account)
        await session.flush()
        profile = Profile(account_id=account.id, name="Ann", name_key="ann")
        session.add(profile)
        await session.flush()
        keys = {"account_id": account.id, "profile_id": profile.id, "created_at": now}
        hash = secrets.digest(f"{number}")
        if by == "session":
            end = now + timedelta(days=1)
            row = Session(**keys, token_hash=hash, last_seen_at=now, expires_at=end)
        else:
            row = ApiToken(**keys, name="x", hint="x", token_hash=hash)
        session.add(row)
        await session.flush()
        return Viewer(
            "session" if by == "session" else "token", "US", "UTC",
            account_id=account.id, profile_id=profile.id,
            session_id=row.id if by == "session" else None,
            token_id=row.id if by == "token" else None,
        )  # fmt: skip


async def run(database: Database, statement: str) -> None:
    async with database.transaction() as session:
        await (await session.connection()).execute(text(statement))


@pytest.mark.parametrize("by", ["session", "token"])
async def test_nothing_is_said_while_it_holds(database: Database, open_ones: Credentials, by: str):
    said: list[str] = []
    open_ones.register(await sign_in(database, by), said.append)
    open_ones.register(STRANGER, said.append)
    for _ in range(3):
        await open_ones.check()
    await run(database, "UPDATE sessions SET last_seen_at = now(), expires_at = now() + '9 days'")
    await open_ones.check()
    assert said == []


@pytest.mark.parametrize(
    ("by", "change", "word"),
    [
        ("session", "UPDATE sessions SET revoked_at = now()", "ended"),
        ("session", "UPDATE sessions SET expires_at = now() - interval '1 second'", "ended"),
        ("session", "DELETE FROM accounts", "ended"),
        ("token", "UPDATE api_tokens SET revoked_at = now()", "ended"),
        ("token", "DELETE FROM profiles", "ended"),
        ("session", "UPDATE profiles SET maturity_ceiling = 7", "changed"),
        ("token", "UPDATE profiles SET maturity_ceiling = 7", "changed"),
        ("session", "UPDATE accounts SET country = 'DE'", "changed"),
        ("session", "UPDATE accounts SET time_zone = 'Asia/Tokyo'", "changed"),
        ("token", "UPDATE accounts SET plan = 'pro'", "changed"),
        ("session", "UPDATE accounts SET role = 'admin'", "changed"),
        ("token", "UPDATE accounts SET role = 'admin'", "changed"),
    ],
)
async def test_what_ends_or_changes_it_is_said_once(
    database: Database, open_ones: Credentials, by: str, change: str, word: str
):
    said: list[str] = []
    viewer = await sign_in(database, by)
    open_ones.register(viewer, said.append)
    open_ones.register(viewer, said.append)
    await run(database, change)
    await open_ones.check()
    await open_ones.check()
    assert said == [word, word]


async def test_switching_the_profile_in_one_tab_is_said_to_the_other(
    database: Database, open_ones: Credentials
):
    said: list[str] = []
    viewer, other = await sign_in(database), await sign_in(database)
    open_ones.register(replace(viewer, profile_id=other.profile_id), said.append)
    await open_ones.check()
    assert said == ["changed"]


async def test_a_thousand_connections_cost_two_statements(
    database: Database, open_ones: Credentials
):
    viewers = [await sign_in(database, by) for by in ["session", "token"] * 10]
    said: list[str] = []
    watches = [open_ones.register(viewers[number % 20], said.append) for number in range(1_000)]
    with statements(database) as sent:
        await open_ones.check()
    assert (len(sent), said) == (2, [])
    for watch in watches:
        watch.close()
        watch.close()
    with statements(database) as sent:
        await open_ones.check()
    assert sent == []


async def test_one_that_fails_to_listen_keeps_nobody_from_hearing(
    database: Database, open_ones: Credentials
):
    def fail(_change: str) -> None:
        raise RuntimeError("a bug")

    said: list[str] = []
    viewer = await sign_in(database)
    for on_change in (fail, said.append, fail):
        open_ones.register(viewer, on_change)
    await run(database, "UPDATE sessions SET revoked_at = now()")
    await open_ones.check()
    assert said == ["ended"]


async def test_it_asks_by_itself(database: Database):
    credentials, said = Credentials(database, every_s=0.05), []
    await credentials.start()
    credentials.register(await sign_in(database), said.append)
    await run(database, "UPDATE sessions SET revoked_at = now()")
    await eventually(lambda: said == ["ended"])
    await credentials.stop()


async def test_nobody_is_thrown_out_by_a_postgres_that_is_away_for_a_while(database: Database):
    """And after that everybody has to come in by the door again."""
    credentials, said = Credentials(database, every_s=0.05, trusted_s=0.5), []
    credentials.register(await sign_in(database), said.append)
    engine = database.engine.sync_engine

    def away(*_: object) -> None:
        raise ConnectionRefusedError("as if it were")

    event.listen(engine, "before_cursor_execute", away)
    await credentials.start()
    await asyncio.sleep(0.3)
    assert said == []
    event.remove(engine, "before_cursor_execute", away)
    await asyncio.sleep(0.4)
    event.listen(engine, "before_cursor_execute", away)
    await asyncio.sleep(0.3)
    assert said == [], "it was asked in between"
    await eventually(lambda: said == ["changed"])
    event.remove(engine, "before_cursor_execute", away)
    await credentials.stop()
