"""The platforms we know from the start, with their prices, from `demo/platforms.csv`.

The file only gives a start: a platform or plan that the database has is left as it is there, since
somebody may have put its price right. In a cell of plans, `Basic*=7.99|Premium=12.99`, the star
marks a plan with ads; an empty cell says that the platform isn't sold in that country.
"""

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Literal

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from domain.errors import NotFound

DEMO_FILES = Path(__file__).parent / "demo"
CURRENCIES = {"US": "USD", "GB": "GBP", "DE": "EUR"}

Monetization = Literal["subscription", "free", "ads", "rent"]

_ADD_PLATFORM = text("""
    INSERT INTO platforms (slug, name, package_id, home_url)
    VALUES (:slug, :name, :package_id, :home) ON CONFLICT DO NOTHING
""")
_ADD_PLAN = text("""
    INSERT INTO platform_plans (platform_id, country, name, monthly_price, currency, with_ads)
    SELECT id, :country, :name, :price, :currency, :with_ads FROM platforms WHERE slug = :slug
    ON CONFLICT DO NOTHING
""")


class UnknownPlatform(NotFound):
    """A slug that no platform has."""

    code = "UNKNOWN_PLATFORM"


@dataclass(frozen=True, slots=True)
class KnownPlan:
    """A plan's price a month in its country's currency."""

    country: str
    name: str
    price: Decimal
    with_ads: bool


@dataclass(frozen=True, slots=True)
class KnownPlatform:
    """A platform as the file has it. search: its search page, with {name} where the words go."""

    slug: str
    name: str
    package_id: int
    monetization: Monetization
    has_4k: bool
    home: str
    search: str
    plans: tuple[KnownPlan, ...]


@cache
def known() -> Mapping[str, KnownPlatform]:
    """The platforms of the file by their slugs."""
    with (DEMO_FILES / "platforms.csv").open(encoding="utf-8", newline="") as file:
        rows = [_platform(row) for row in csv.DictReader(file)]
    return MappingProxyType({platform.slug: platform for platform in rows})


def _platform(row: dict[str, str]) -> KnownPlatform:
    kind = row["monetization"]
    assert kind in ("subscription", "free", "ads", "rent")
    return KnownPlatform(
        slug=row["slug"],
        name=row["name"],
        package_id=int(row["package_id"]),
        monetization=kind,
        has_4k=row["has_4k"] == "yes",
        home=row["home"],
        search=row["search"],
        plans=tuple(
            KnownPlan(country, name.removesuffix("*"), Decimal(price), name.endswith("*"))
            for country in CURRENCIES
            for name, _, price in (plan.partition("=") for plan in row[country].split("|") if plan)
        ),
    )


async def ensure(connection: AsyncConnection) -> dict[str, int]:
    """Add the known platforms and plans that are missing; the ids of all platforms by slug."""
    rows = [
        {"slug": p.slug, "name": p.name, "package_id": p.package_id, "home": p.home}
        for p in known().values()
    ]
    plans = [
        {"slug": platform.slug, "country": plan.country, "name": plan.name, "price": plan.price,
         "currency": CURRENCIES[plan.country], "with_ads": plan.with_ads}
        for platform in known().values() for plan in platform.plans
    ]  # fmt: skip
    await connection.execute(_ADD_PLATFORM, rows)
    await connection.execute(_ADD_PLAN, plans)
    found = await connection.execute(text("SELECT slug, id FROM platforms"))
    return {row.slug: row.id for row in found}


def id_of(slug: str, platforms: Mapping[str, int]) -> int:
    """The id of the platform with that slug; raises UnknownPlatform, which lists the ones there."""
    if slug not in platforms:
        raise UnknownPlatform(
            f"There is no platform {slug[:60]!r}. Known are: {', '.join(sorted(platforms))}.",
            field="platform",
        )
    return platforms[slug]


def included_as(slug: str) -> str:
    """How a platform shows what it includes: 'subscription', or 'free' or 'ads' if we know that."""
    told = known()[slug].monetization if slug in known() else "subscription"
    return told if told in ("free", "ads") else "subscription"
