"""The demo's accounts are open doors, so they are only where nobody else can come in."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlmodel import col, select

from app import demo
from app.settings import Settings
from domain.accounts import passwords
from domain.accounts.models import Account
from domain.db import Database

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)


def settings(**given: object) -> Settings:
    return Settings(_env_file=None, **given)  # type: ignore[call-arg]


@pytest.mark.parametrize(
    ("given", "private"),
    [
        ({}, True),
        ({"host": "::1"}, True),
        ({"public_url": "http://localhost:8000"}, True),
        ({"host": "0.0.0.0"}, False),
        ({"host": "192.168.1.7"}, False),
        ({"public_url": "https://watch.example.org"}, False),
        ({"trusted_proxies": "127.0.0.1"}, False),
    ],
)
def test_a_proxy_makes_a_loopback_address_public(given: dict[str, str], private: bool) -> None:
    assert demo.private(settings(**given)) is private


@pytest.mark.anyio
async def test_accounts_with_the_published_password_are_removed(demo_database: Database) -> None:
    async with demo_database.transaction() as session:
        found = await session.exec(select(Account).where(col(Account.email) == "pro@example.com"))
        found.one().password_hash = await passwords.make_hash("a password of my own")
    removed = await demo.remove_open_accounts(demo_database)
    assert sorted(removed) == ["admin@example.com", "free@example.com"]
    async with demo_database.transaction() as session:
        assert (await session.exec(select(Account.email))).all() == ["pro@example.com"]
    assert await demo.remove_open_accounts(demo_database) == []


@pytest.mark.anyio
async def test_the_demo_is_loaded_once_a_day(database: Database, tmp_path: Path) -> None:
    ours = settings()
    assert not demo.loaded_today(ours, tmp_path, NOW)
    report = await demo.load(database, ours, tmp_path, NOW)
    assert report.titles_total > 800
    assert demo.loaded_today(ours, tmp_path, NOW)
    assert not demo.loaded_today(ours, tmp_path, NOW.replace(day=22))
    assert not demo.loaded_today(settings(country="DE"), tmp_path, NOW)
    demo.forget(tmp_path)
    assert not demo.loaded_today(ours, tmp_path, NOW)
    async with database.transaction() as session:
        emails = (await session.exec(select(Account.email))).all()
    assert set(emails) == {"free@example.com", "pro@example.com", "admin@example.com"}
