"""The demo on our own servers: loaded once a day, and never left open to other machines."""

from collections.abc import Sequence
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from sqlmodel import col, delete, select

from app.embedded.errors import plainly
from app.settings import Settings
from domain.accounts import demo, passwords
from domain.accounts.models import Account
from domain.catalog import platforms
from domain.catalog.demo.load import load_demo
from domain.catalog.reports import DemoReport
from domain.db import Database

MARK = "demo.loaded"
_THIS_MACHINE = {"127.0.0.1", "::1", "localhost"}


def private(settings: Settings) -> bool:
    """Whether only this machine can reach us: the demo's passwords are known to everyone.

    A proxy before a loopback address makes it as public as any other.
    """
    behind_proxy = bool(settings.trusted_proxies) or (
        settings.public_url is not None
        and urlsplit(settings.public_url).hostname not in _THIS_MACHINE
    )
    return settings.loopback and not behind_proxy


def loaded_today(settings: Settings, folder: Path, now: datetime) -> bool:
    """Whether the demo that is in the data folder is already what it is to be today."""
    try:
        return (folder / MARK).read_text() == _mark(settings, now)
    except OSError:
        return False


async def load(database: Database, settings: Settings, folder: Path, now: datetime) -> DemoReport:
    """Bring the demo's catalogue and accounts to what they are today."""
    today = now.astimezone(ZoneInfo(settings.time_zone)).date()
    report = await load_demo(database, today, observed_at=now)
    async with database.transaction() as session:
        await demo.ensure_demo_accounts(session, now, settings.country, settings.time_zone)
    with plainly(folder):
        (folder / MARK).write_text(_mark(settings, now))
    return report


def forget(folder: Path) -> None:
    """Have the demo loaded again at the next start, whatever the day."""
    (folder / MARK).unlink(missing_ok=True)


async def open_accounts(database: Database) -> Sequence[str]:
    """The demo accounts that still have the password everyone knows."""
    emails = [each.email for each in demo.DEMOS]
    async with database.transaction() as session:
        found = await session.exec(
            select(Account.email_key, Account.password_hash).where(
                col(Account.email_key).in_(emails)
            )
        )
        rows = found.all()
    return [email for email, stored in rows if await passwords.matches(stored, demo.PASSWORD)]


async def remove_open_accounts(database: Database) -> Sequence[str]:
    """Delete those, sessions and tokens with them; which they were."""
    emails = await open_accounts(database)
    if emails:
        async with database.transaction() as session:
            await session.exec(delete(Account).where(col(Account.email_key).in_(emails)))
    return emails


def _mark(settings: Settings, now: datetime) -> str:
    """What must not have changed for the demo to be up to date."""
    files = sorted(platforms.DEMO_FILES.glob("*"))
    content = sha256(b"".join(path.read_bytes() for path in files if path.is_file())).hexdigest()
    day = now.astimezone(ZoneInfo(settings.time_zone)).date()
    return f"{day} {settings.country} {content}\n"
