"""Reads of platforms and offers."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from functools import cache
from typing import Any

from sqlalchemy import (
    BigInteger,
    Date,
    Select,
    SmallInteger,
    any_,
    bindparam,
    case,
    exists,
    or_,
    select,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlmodel import col

from domain.db import Record, one_of
from domain.errors import InvalidInput
from domain.platforms.models import Offer, Plan, Platform
from domain.titles import names

INCLUDED = ("subscription", "free", "ads")


def _columns() -> Select[*tuple[Any, ...]]:
    return select(
        col(Platform.id), col(Platform.slug), col(Platform.name), col(Platform.home_url),
        col(Platform.package_id),
    )  # fmt: skip


async def platforms_in(connection: AsyncConnection, country: str) -> Sequence[Record]:
    """The platforms with a plan or an offer in a country, by name: id, slug, name, home_url."""
    statement = _columns().where(
        or_(
            exists().where(col(Plan.platform_id) == col(Platform.id), col(Plan.country) == country),
            exists().where(
                col(Offer.platform_id) == col(Platform.id),
                col(Offer.country) == country,
                col(Offer.gone_at).is_(None),
            ),
        )
    )
    return (await connection.execute(statement.order_by(col(Platform.name)))).all()


# Offers come by the hundred thousand, and countries by the dozen: a step leads over all of one.
_COUNTRIES = text("""
    WITH RECURSIVE places AS (
        (SELECT platform_id, country FROM offers WHERE gone_at IS NULL
         ORDER BY platform_id, country LIMIT 1)
        UNION ALL
        SELECT next.platform_id, next.country FROM places, LATERAL (
            SELECT platform_id, country FROM offers
            WHERE gone_at IS NULL AND (platform_id, country) > (places.platform_id, places.country)
            ORDER BY platform_id, country LIMIT 1
        ) next
    )
    SELECT country FROM places UNION SELECT country FROM platform_plans ORDER BY country
""")


async def countries(connection: AsyncConnection) -> list[str]:
    """The countries with a plan or an offer, by code."""
    return [row.country for row in await connection.execute(_COUNTRIES)]


async def platforms_by_id(connection: AsyncConnection, ids: Sequence[int]) -> Mapping[int, Record]:
    """Platforms by their keys."""
    rows = await connection.execute(_columns().where(one_of(col(Platform.id), ids)))
    return {row.id: row for row in rows}


async def ids_of_slugs(
    connection: AsyncConnection, slugs: Sequence[str], *, field: str
) -> tuple[int, ...]:
    """The keys of platforms; raises InvalidInput that names the slugs nobody has."""
    wanted = [names.clean(slug, 60) for slug in dict.fromkeys(slugs)]
    if not wanted:
        return ()
    rows = await connection.execute(
        select(col(Platform.slug), col(Platform.id)).where(one_of(col(Platform.slug), wanted))
    )
    known = {row.slug: row.id for row in rows}
    unknown = [slug for slug in wanted if slug not in known]
    if unknown:
        raise InvalidInput(
            f"There is no platform {', '.join(repr(slug) for slug in unknown[:5])}."
            " Platforms are named like 'netflix' or 'disney-plus'; GET /api/platforms lists them.",
            field=field,
        )
    return tuple(known[slug] for slug in wanted)


async def plans_for(
    connection: AsyncConnection, ids: Sequence[int], country: str
) -> Mapping[int, list[Record]]:
    """What platforms cost in a country, cheapest first, by platform."""
    rows = await connection.execute(
        select(
            col(Plan.platform_id), col(Plan.name), col(Plan.monthly_price), col(Plan.currency),
            col(Plan.with_ads),
        )
        .where(one_of(col(Plan.platform_id), ids), col(Plan.country) == country)
        .order_by(col(Plan.monthly_price), col(Plan.name))
    )  # fmt: skip
    return _grouped(rows, place=0)


async def offers_for(
    connection: AsyncConnection,
    title_ids: Sequence[int],
    country: str,
    today: date,
    platform_ids: Sequence[int] | None = None,
    *,
    included_only: bool = False,
) -> Mapping[int, list[Record]]:
    """The offers of titles that hold today in a country, by title.

    What a subscription includes comes first, then what is cheapest. included_only leaves out
    what must be paid for by the title.
    """
    parameters: dict[str, Any] = {"titles": list(title_ids), "country": country, "today": today}
    if platform_ids is not None:
        parameters["platforms"] = list(platform_ids)
    statement = _offers(of_platforms=platform_ids is not None, included_only=included_only)
    return _grouped(await connection.execute(statement, parameters), place=1)


@cache
def _offers(*, of_platforms: bool, included_only: bool) -> Select[*tuple[Any, ...]]:
    """The statement of `offers_for`: made once, since making it costs as much as running it."""
    included = one_of(col(Offer.monetization), INCLUDED)
    today = bindparam("today", type_=Date)
    conditions = [
        col(Offer.title_id) == any_(bindparam("titles", type_=ARRAY(BigInteger))),
        col(Offer.country) == bindparam("country"),
        col(Offer.gone_at).is_(None),
        or_(col(Offer.expires_on).is_(None), col(Offer.expires_on) >= today),
        or_(col(Offer.available_from).is_(None), col(Offer.available_from) <= today),
    ]
    if of_platforms:
        wanted = bindparam("platforms", type_=ARRAY(SmallInteger))
        conditions.append(col(Offer.platform_id) == any_(wanted))
    if included_only:
        conditions.append(included)
    return (
        select(
            col(Offer.id), col(Offer.title_id), col(Offer.season_number), col(Offer.country),
            col(Offer.monetization), col(Offer.quality), col(Offer.price), col(Offer.currency),
            col(Offer.url), col(Offer.available_from), col(Offer.expires_on),
            col(Offer.source), col(Offer.confidence), col(Offer.first_seen_at),
            col(Offer.last_seen_at), col(Offer.platform_id),
            col(Platform.slug).label("platform_slug"), col(Platform.name).label("platform_name"),
            col(Platform.home_url).label("platform_home_url"),
            col(Platform.package_id).label("platform_package_id"),
        )
        .join(Platform, col(Platform.id) == col(Offer.platform_id))
        .where(*conditions)
        .order_by(
            col(Offer.title_id), case((included, 0), else_=1), col(Offer.price).nulls_first(),
            col(Platform.name), col(Offer.season_number).nulls_first(), col(Offer.id),
        )
    )  # fmt: skip


def _grouped(rows: Iterable[Record], place: int) -> Mapping[int, list[Record]]:
    """Rows by the column at a place, in the order they came."""
    groups: dict[int, list[Record]] = defaultdict(list)
    for row in rows:
        groups[row[place]].append(row)
    return groups
