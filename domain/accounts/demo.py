"""Accounts to try everything with. Their password is in the documentation: demo mode only."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import uuid4
from zoneinfo import ZoneInfo

from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from domain.accounts import passwords
from domain.accounts.admin import Plan, Role
from domain.accounts.models import Account
from domain.platforms.models import Platform
from domain.profiles import rules as profile_rules
from domain.profiles.models import Profile, ProfilePlatform
from domain.watchlists import demo as watchlists

PASSWORD = "watch-tonight"


@dataclass(frozen=True, slots=True)
class Demo:
    """One of them. profiles: name -> maturity ceiling."""

    email: str
    plan: Plan
    role: Role
    profiles: Mapping[str, int]
    platforms: tuple[str, ...]

    @property
    def label(self) -> str:
        """What it is called: its plan, or admin."""
        return self.email.partition("@")[0]


DEMOS = (
    Demo("free@example.com", "free", "member", {"Everyone": 18}, ("netflix", "disney-plus")),
    Demo(
        "pro@example.com",
        "pro",
        "member",
        {"Everyone": 18, "Kids": 7},
        ("netflix", "disney-plus", "hbo-max"),
    ),
    Demo("admin@example.com", "pro", "admin", {"Everyone": 18}, ("netflix", "disney-plus")),
)


async def ensure_demo_accounts(
    session: AsyncSession, now: datetime, country: str = "US", time_zone: str = "UTC"
) -> tuple[str, ...]:
    """Make the demo accounts that are missing and leave the others alone; the e-mails made.

    Each profile begins with a small watchlist and a few evenings behind it. Platforms that the
    catalogue hasn't got are left out.
    """
    made: list[str] = []
    for demo in DEMOS:
        there = await session.exec(select(Account.id).where(col(Account.email_key) == demo.email))
        if there.one_or_none() is None and await _make(session, demo, now, country, time_zone):
            made.append(demo.email)
    return tuple(made)


async def _make(
    session: AsyncSession, demo: Demo, now: datetime, country: str, time_zone: str
) -> bool:
    account_id = uuid4()
    added = await session.exec(
        insert(Account)
        .values(
            id=account_id,
            email=demo.email,
            email_key=demo.email,
            password_hash=await passwords.make_hash(PASSWORD),
            plan=demo.plan,
            role=demo.role,
            country=country,
            time_zone=time_zone,
            created_at=now,
        )
        .on_conflict_do_nothing(index_elements=["email_key"])
    )
    if not added.rowcount:
        return False  # another process was quicker
    platforms = select(Platform.id).where(col(Platform.slug).in_(demo.platforms))
    platform_ids = (await session.exec(platforms)).all()
    for place, (name, ceiling) in enumerate(demo.profiles.items()):
        profile = Profile(
            account_id=account_id,
            name=name,
            name_key=profile_rules.name_key(name),
            maturity_ceiling=ceiling,
            created_at=now + timedelta(microseconds=place),  # profiles are shown in this order
        )
        session.add(profile)
        await session.flush()
        session.add_all(
            ProfilePlatform(profile_id=profile.id, platform_id=each) for each in platform_ids
        )
        await session.flush()
        # Once, with the account: what somebody takes off their list stays off it.
        today = now.astimezone(ZoneInfo(time_zone)).date()
        await watchlists.fill(session, profile.id, country, today, now)
    return True
