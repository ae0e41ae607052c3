"""What day it is in each country where something leaves, as rows for a statement to join."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Date, bindparam, text
from sqlalchemy.ext.asyncio import AsyncConnection

from domain.availability import bulk
from domain.availability.ledger import DAYS as COUNTDOWNS
from domain.availability.zones import day_in

_COLUMNS = {"country": "text", "day": "date"}
DAYS = bulk.rows("here", _COLUMNS)
"""The FROM item `here` (country, day), whose parameters `told` makes."""

_COUNTRIES = text("""
    SELECT DISTINCT country FROM offers WHERE gone_at IS NULL AND expires_on < :latest
""").bindparams(bindparam("latest", type_=Date()))
_ANY_ZONE = timedelta(days=2)  # more than any clock is ahead of ours, and a day to count


async def days_where_offers_leave(connection: AsyncConnection, now: datetime) -> Mapping[str, date]:
    """The day it is in every country where an offer may be counted down, or is over."""
    latest = (now + timedelta(days=COUNTDOWNS[-1]) + _ANY_ZONE).date()
    countries = await connection.execute(_COUNTRIES, {"latest": latest})
    return {country: day_in(country, now) for country in countries.scalars()}


def told(days: Mapping[str, date]) -> dict[str, list[Any]]:
    """The parameters of DAYS."""
    return bulk.values(_COLUMNS, list(days.items()))
