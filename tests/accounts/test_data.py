"""Taking everything along, leaving for good; and what whoever runs the instance may do."""

import asyncio
import json

import pytest
from sqlalchemy import func, select, text

from domain.accounts import admin, data, demo, ownership, tokens
from domain.accounts.errors import WrongPassword
from domain.accounts.models import Account
from domain.accounts.service import Door
from domain.accounts.values import Browser
from domain.accounts.viewer import Viewer
from domain.db import Database
from domain.errors import NotFound
from domain.history import ratings
from tests.accounts.people import (
    EMAIL,
    HOSTILE,
    NOW,
    PASSWORD,
    add_profile,
    come_back,
    count,
    join,
    run,
    seen,
)

pytestmark = pytest.mark.anyio


async def furnish(door: Door, viewer: Viewer) -> str:
    """Something of the household's in every table; an API token's secret."""
    database = door.database
    _, profile_id = viewer.require_profile()
    await run(
        database,
        "INSERT INTO titles (id, kind, name, name_key, year, maturity, source)"
        " OVERRIDING SYSTEM VALUE VALUES (1, 'film', 'Paddington', 'paddington', 2014, 7, 'test')"
        " ON CONFLICT DO NOTHING",
    )
    await run(
        database,
        "INSERT INTO platforms (id, slug, name) OVERRIDING SYSTEM VALUE"
        " VALUES (1, 'netflix', 'Netflix') ON CONFLICT DO NOTHING",
    )
    await add_profile(database, viewer, "Kids", 7)
    for statement in (
        "INSERT INTO profile_platforms VALUES (:profile, 1)",
        "INSERT INTO watches (profile_id, title_id, watched_at, source)"
        " VALUES (:profile, 1, now(), 'test')",
        "INSERT INTO watchlist_items (profile_id, title_id, added_at) VALUES (:profile, 1, now())",
        "INSERT INTO removed_watchlist_items (profile_id, title_id, added_at, removed_at)"
        " VALUES (:profile, 1, now(), now())",
        "INSERT INTO events (topic, kind, at, profile_id, title_id)"
        " VALUES ('watchlist', 'added', now(), :profile, 1)",
        "INSERT INTO given_answers VALUES (:profile, 'a key', '\\x00', '{}', now())",
        "INSERT INTO import_batches (id, profile_id, source, file_name, digest, state, created_at)"
        " VALUES (gen_random_uuid(), :profile, 'imdb', 'a file', '\\x00', 'matched', now())",
        "INSERT INTO import_lines (batch_id, n, part, what, told, match)"
        " SELECT id, 1, 0, 'watch', '{}', 'unknown' FROM import_batches"
        " WHERE profile_id = :profile",
        "INSERT INTO trakt_sign_ins (profile_id, device_code, user_code, verification_url,"
        " interval_s, expires_at) VALUES (:profile, 'device', 'user', 'https://t.test', 5, now())",
        "INSERT INTO trakt_links (profile_id, access_token, refresh_token, issued_at, expires_at,"
        " linked_at) VALUES (:profile, 'access', 'refresh', now(), now(), now())",
        "INSERT INTO trakt_readings (profile_id, job_id, asked_at) VALUES (:profile, 1, now())",
        "INSERT INTO trakt_pages VALUES (:profile, 'watch', 1, 1, 0, '[]')",
        "INSERT INTO episodes (title_id, season_number, number) VALUES (1, 1, 1)"
        " ON CONFLICT DO NOTHING",
        "INSERT INTO filler_votes SELECT :profile, id, 'filler', now() FROM episodes",
        "INSERT INTO binge_plans (profile_id, title_id, skip_filler, specials, created_at,"
        " planned_at, planned_on, fits) VALUES (:profile, 1, true, false, now(), now(),"
        " '2026-01-01', true)",
        "INSERT INTO binge_slots VALUES (:profile, 1, '2026-01-01', 24, '{1}')",
    ):
        await run(database, statement, profile=profile_id)
    async with database.transaction() as session:
        await ratings.rate(session, profile_id, 1, 9, NOW)
        return (await tokens.create(session, viewer, "Home Assistant", NOW)).token


async def rows_left(database: Database, viewer: Viewer) -> dict[str, int]:
    account_id, _ = viewer.require_profile()
    async with database.read() as connection:
        return {
            name: (
                await connection.execute(
                    select(func.count()).select_from(table).where(data.rows_of(table, account_id))
                )
            ).scalar_one()
            for name, table in data.owned_tables().items()
        }


def test_every_reference_to_a_household_goes_with_it():
    for table in data.owned_tables().values():
        for key in table.foreign_keys:
            if key.column.table.name in data.owned_tables():
                assert key.ondelete == "CASCADE", f"{table.name}.{key.parent.name}"


def test_no_column_of_bytes_or_with_a_secrets_name_is_exported():
    for table in data.owned_tables().values():
        for column in table.columns:
            hidden = data.is_secret(column.name)
            assert hidden or "BLOB" not in str(column.type), f"{table.name}.{column.name}"
    assert all(map(data.is_secret, ("password_hash", "token_hash", "pin_hash", "token")))


async def test_the_export_holds_a_row_of_every_table_and_no_secret(door: Door):
    ada = await join(door)
    eve = await join(door, "eve@example.com")
    await furnish(door, eve)
    token = await furnish(door, ada)
    await run(door.database, "UPDATE profiles SET pin_hash = '$argon2id$pin'")
    account_id, _ = ada.require_profile()
    async with door.database.read() as connection:
        exported = await data.export(connection, account_id, NOW)
    written = json.dumps(exported)
    empty = [name for name, rows in exported["tables"].items() if not rows]
    assert empty == [], "furnish these tables too, or say here why they stay empty"
    assert set(exported["tables"]) == set(data.owned_tables())
    assert [row["email"] for row in exported["tables"]["accounts"]] == [EMAIL]
    assert exported["titles"] == {"1": {"name": "Paddington", "year": 2014}}
    for secret in (token, "argon2id", "_hash", "eve@", str(eve.account_id)):
        assert secret not in written


async def test_deleting_the_account_leaves_no_row_of_it_and_all_of_the_neighbours(door: Door):
    ada = await join(door)
    eve = await join(door, "eve@example.com")
    for household in (ada, eve):
        await furnish(door, household)
    before = await rows_left(door.database, eve)
    assert all((await rows_left(door.database, ada)).values())
    with pytest.raises(WrongPassword):
        await ownership.delete_account(door, ada, "wrong")
    await ownership.delete_account(door, ada, PASSWORD)
    assert set((await rows_left(door.database, ada)).values()) == {0}
    assert await rows_left(door.database, eve) == before
    async with door.database.read() as connection:
        for name in data.owned_tables():  # whatever the keys say, the text of no row names it
            found = await connection.execute(
                text(f"SELECT count(*) FROM {name} r WHERE r::text LIKE :id"),
                {"id": f"%{ada.account_id}%"},
            )
            assert found.scalar_one() == 0


async def test_a_deleted_accounts_sessions_are_dead_at_once_and_its_e_mail_is_free(door: Door):
    ada = await join(door)
    started = await door.sign_in(EMAIL, PASSWORD, Browser(), NOW)
    await seen(door, started.token)
    await ownership.delete_account(door, ada, PASSWORD)
    with pytest.raises(AssertionError):
        await seen(door, started.token)
    await join(door)


async def test_roles_and_plans_are_given_by_e_mail_in_any_spelling(door: Door):
    await join(door)
    async with door.database.transaction() as session:
        await admin.grant(session, " ADA@example.com", "admin")
        await admin.set_plan(session, EMAIL, "pro")
    ada = await come_back(door)
    assert (ada.role, ada.plan) == ("admin", "pro")
    async with door.database.transaction() as session:
        for stranger in ("nobody@example.com", *HOSTILE):
            with pytest.raises(NotFound):
                await admin.grant(session, stranger, "admin")


async def test_demo_accounts_are_made_once_with_what_there_is(door: Door):
    await run(
        door.database,
        "INSERT INTO platforms (slug, name) VALUES ('netflix', 'N'), ('hbo-max', 'H')",
    )

    async def ensure() -> tuple[str, ...]:
        async with door.database.transaction() as session:
            return await demo.ensure_demo_accounts(session, NOW, "US", "UTC")

    made = await asyncio.gather(ensure(), ensure())
    assert sorted(email for each in made for email in each) == [
        "admin@example.com", "free@example.com", "pro@example.com",
    ]  # fmt: skip
    assert await ensure() == ()
    assert await count(door.database, "profiles") == 4
    assert await count(door.database, "profile_platforms") == 1 + 2 * 2 + 1
    pro = await door.sign_in("pro@example.com", demo.PASSWORD, Browser(), NOW)
    viewer = await seen(door, pro.token)
    assert (viewer.plan, viewer.role, viewer.ceiling) == ("pro", "member", 18)
    await run(door.database, "UPDATE accounts SET plan = 'free'")
    await ensure()
    async with door.database.transaction() as session:
        account = await session.get(Account, viewer.account_id)
    assert account is not None
    assert account.plan == "free"
