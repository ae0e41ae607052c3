"""Households for the tests: quick to make, and seen as the edge would see them."""

from datetime import UTC, datetime

from sqlalchemy import text

from domain.accounts import sessions
from domain.accounts.service import Door, NewAccount
from domain.accounts.values import Browser
from domain.accounts.viewer import Viewer
from domain.db import Database
from domain.profiles import service as profiles
from domain.profiles.models import Profile

NOW = datetime(2026, 11, 21, 20, 0, tzinfo=UTC)
EMAIL = "ada@example.com"
PASSWORD = "correct horse battery"
HOME = Browser("203.0.113.7", "Firefox on a sofa")

HOSTILE = (
    "\x00", "a\x00b", "\ud800", "x\udfffy", "\u202eevil", "\ufeff", "\r\nBcc: a@b.example",
    "%", "_", "\\", "'; DROP TABLE accounts; --", "🎬", "Z͑ͫ̓ͪ̂ͫ̽͏̴̙̤̞͉͚̯̞̠͍A̴̵̜̰͔ͫ͗͢", "", " ", "x" * 100_000,
)  # fmt: skip
"""Strings that broke somebody's service once."""


async def join(door: Door, email: str = EMAIL, now: datetime = NOW) -> Viewer:
    """Somebody who has just signed up."""
    started = await door.sign_up(NewAccount(email, PASSWORD), HOME, now)
    return await seen(door, started.token, now)


async def come_back(door: Door, email: str = EMAIL, now: datetime = NOW) -> Viewer:
    """The same household in another browser."""
    started = await door.sign_in(email, PASSWORD, Browser("203.0.113.8", "Chrome"), now)
    return await seen(door, started.token, now)


async def seen(door: Door, token: str, now: datetime = NOW) -> Viewer:
    """The viewer with a session's token, who must be known."""
    known = await sessions.find(door.database, door.cache, token, now)
    assert known is not None
    return Viewer.by("session", known, HOME.address)


async def add_profile(database: Database, viewer: Viewer, name: str, ceiling: int = 18) -> Profile:
    """One more profile."""
    async with database.transaction() as session:
        return await profiles.create(session, viewer, name, NOW, ceiling)


async def count(database: Database, table: str, where: str = "true") -> int:
    """How many rows there are."""
    async with database.read() as connection:
        return (
            await connection.execute(text(f"SELECT count(*) FROM {table} WHERE {where}"))
        ).scalar_one()


async def run(database: Database, statement: str, **values: object) -> None:
    """Change something behind the services' back."""
    async with database.engine.begin() as connection:
        await connection.execute(text(statement), values)
