"""Who takes part: offers to write to, households with lists and platforms, and what they follow."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import cycle, islice
from random import Random
from uuid import UUID, uuid4

from sqlalchemy import text
from sqlmodel.ext.asyncio.session import AsyncSession

from domain.accounts import credentials
from domain.accounts.models import Account, ApiToken
from domain.db import Database
from domain.profiles.models import Profile, ProfilePlatform
from domain.watchlists.models import WatchlistItem
from tests.soak.history import COUNTRY, Log, Offer, Scope

KEPT, CHURNED = 3, 3  # titles of each list: those that stay, and those that come and go
SCOPES: tuple[Scope, ...] = ("TITLE", "MY_WATCHLIST", "MY_PLATFORMS", "LIST")

_OFFERS = text("""
    SELECT t.id, t.justwatch_id, t.kind, p.id, p.package_id, o.quality
    FROM offers o JOIN titles t ON t.id = o.title_id JOIN platforms p ON p.id = o.platform_id
    WHERE o.country = :country AND o.monetization = 'subscription' AND o.season_number IS NULL
      AND o.expires_on IS NULL AND o.gone_at IS NULL
      AND t.justwatch_id IS NOT NULL AND p.package_id IS NOT NULL
      AND 1 = (SELECT count(*) FROM offers x WHERE x.title_id = t.id AND x.country = :country
                 AND x.platform_id = o.platform_id)
    ORDER BY t.id, p.id
""")


@dataclass(frozen=True, slots=True)
class Stake:
    """An offer that a writer changes, in the words of whoever sends webhooks."""

    subject: Offer
    node_id: str
    kind: str
    package_id: int
    quality: str


@dataclass(frozen=True, slots=True)
class Person:
    """A profile with a token for it. kept: on its list for good; churned: what writers move."""

    profile_id: UUID
    token: str
    platforms: frozenset[int]
    kept: frozenset[int]
    churned: tuple[int, ...]

    @property
    def headers(self) -> dict[str, str]:
        """How its programs show who they are."""
        return {"Authorization": f"Bearer {self.token}"}


async def stakes(database: Database, rng: Random, count: int) -> Sequence[Stake]:
    """Offers to write to, of different titles."""
    async with database.read() as connection:
        rows = (await connection.execute(_OFFERS, {"country": COUNTRY})).all()
    rows = rng.sample(rows, len(rows))
    by_title = {
        title_id: Stake(Offer(title_id, platform_id), node_id, kind, package_id, quality)
        for title_id, node_id, kind, platform_id, package_id, quality in rows
    }
    return list(islice(by_title.values(), count))


async def invite(
    database: Database, rng: Random, stakes: Sequence[Stake], count: int
) -> Sequence[Person]:
    """Households of one, each with a list and platforms that the stakes concern."""
    people: list[Person] = []
    titles = [stake.subject.title_id for stake in stakes]
    platforms = sorted({stake.subject.platform_id for stake in stakes})
    async with database.transaction() as session:
        for _ in range(count):
            mine = rng.sample(titles, KEPT + CHURNED)
            chosen = frozenset(rng.sample(platforms, min(2, len(platforms))))
            people.append(await _join(session, chosen, mine))
    return people


async def _join(session: AsyncSession, platforms: frozenset[int], titles: list[int]) -> Person:
    now, token = datetime.now(UTC), credentials.make_secret("token")
    account_id, profile_id = uuid4(), uuid4()
    email = f"{account_id.hex}@example.org"
    session.add(
        Account(
            id=account_id, email=email, email_key=email, password_hash="", plan="pro",
            country=COUNTRY, time_zone="UTC", created_at=now,
        )
    )  # fmt: skip
    await session.flush()
    session.add(Profile(id=profile_id, account_id=account_id, name="Soak", name_key="soak"))
    await session.flush()
    session.add(
        ApiToken(
            account_id=account_id, profile_id=profile_id, name="soak", hint=token[:8],
            token_hash=credentials.digest(token), created_at=now,
        )
    )  # fmt: skip
    session.add_all(ProfilePlatform(profile_id=profile_id, platform_id=p) for p in platforms)
    session.add_all(
        WatchlistItem(profile_id=profile_id, title_id=title, added_at=now)
        for title in titles[:KEPT]
    )
    return Person(
        profile_id, token, platforms, frozenset(titles[:KEPT]), tuple(titles[KEPT:])
    )  # fmt: skip


def wishes(
    people: Sequence[Person], stakes: Sequence[Stake], count: int
) -> list[tuple[Person, Log]]:
    """What is followed: everybody's four scopes in turn until there are so many."""
    found: list[tuple[Person, Log]] = []
    titles = cycle(stake.subject.title_id for stake in stakes)
    for number, person in enumerate(islice(cycle(people), count)):
        scope = SCOPES[number // len(people) % len(SCOPES)]
        log = Log(f"{number}/{scope}", scope, person.profile_id, platforms=person.platforms)
        if scope == "TITLE":
            log.title_id = next(titles)
        found.append((person, log))
    return found
