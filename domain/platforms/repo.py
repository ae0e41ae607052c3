"""Reads of platforms and offers."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import Select, and_, case, exists, or_, select
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
    return _grouped(rows, "platform_id")


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
    included = one_of(col(Offer.monetization), INCLUDED)
    conditions = [
        one_of(col(Offer.title_id), title_ids),
        col(Offer.country) == country,
        col(Offer.gone_at).is_(None),
        or_(col(Offer.expires_on).is_(None), col(Offer.expires_on) >= today),
        or_(col(Offer.available_from).is_(None), col(Offer.available_from) <= today),
    ]
    if platform_ids is not None:
        conditions.append(one_of(col(Offer.platform_id), platform_ids))
    if included_only:
        conditions.append(included)
    rows = await connection.execute(
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
        .join(Platform, and_(col(Platform.id) == col(Offer.platform_id)))
        .where(*conditions)
        .order_by(
            col(Offer.title_id), case((included, 0), else_=1), col(Offer.price).nulls_first(),
            col(Platform.name), col(Offer.season_number).nulls_first(), col(Offer.id),
        )
    )  # fmt: skip
    return _grouped(rows, "title_id")


def _grouped(rows: Iterable[Record], key: str) -> Mapping[int, list[Record]]:
    groups: dict[int, list[Record]] = defaultdict(list)
    for row in rows:
        groups[getattr(row, key)].append(row)
    return groups
