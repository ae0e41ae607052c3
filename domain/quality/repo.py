"""Reads of what is wrong with the catalogue. Each looks at no more than it says.

Whatever is counted is counted up to 1,000, and what is counted besides by where it stands: the
titles that people look for most, what was said last, what ended last.
"""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any

from sqlalchemy import ARRAY, BigInteger, Date, DateTime, TextClause
from sqlalchemy.ext.asyncio import AsyncConnection

from domain.availability.values import Claim
from domain.db import Record
from domain.platforms.timeline import OfOffer
from domain.quality import rules
from domain.quality.values import (
    DateConflict,
    Found,
    UnconfirmedEnd,
    UnknownPlatform,
    UnknownTitle,
)
from domain.sql import typed
from domain.webhooks.parked import TITLE

MOST_COUNTED = 1_000
MOST_POPULAR = 5_000
MOST_PARKED = 5_000
MOST_DAYS = 5_000
LATELY = timedelta(days=14)

_A_DAY = timedelta(days=1)  # what any country's clock is behind UTC's, and no more
_TYPES: dict[str, Any] = {
    "day": Date(), "since": DateTime(timezone=True), "offers": ARRAY(BigInteger),
}  # fmt: skip
_sql = partial(typed, types=_TYPES)


def _found(inner: str, order: str) -> TextClause:
    """The first few rows of a statement, and how many it has, up to one more than we count."""
    return _sql(f"""
        SELECT *, count(*) OVER () AS counted
        FROM ({inner} ORDER BY {order} LIMIT {MOST_COUNTED + 1}) AS found
        ORDER BY {order} LIMIT :first
    """)


# By the index of days that are claimed. The demo is invented, and outweighed by whoever speaks.
_CONFLICTS = _found(
    f"""
    SELECT one.offer_id, min(one.expires_on) AS soonest
    FROM (SELECT offer_id, source, expires_on FROM offer_claims
          WHERE there AND expires_on >= :day AND source <> 'demo'
          ORDER BY expires_on LIMIT {MOST_DAYS}) AS one
    WHERE EXISTS (SELECT FROM offer_claims other
                  WHERE other.offer_id = one.offer_id AND other.source <> one.source
                    AND other.source <> 'demo' AND other.there AND other.dated_at IS NOT NULL
                    AND (other.expires_on IS NULL
                         OR other.expires_on >= :day AND other.expires_on <> one.expires_on))
      AND EXISTS (SELECT FROM offers o WHERE o.id = one.offer_id AND o.gone_at IS NULL)
    GROUP BY one.offer_id
    """,
    "soonest, offer_id",
)
_PLACE = "o.title_id, o.platform_id, o.season_number, o.monetization, o.quality, o.country"
_SAID = _sql(f"""
    SELECT o.id, {_PLACE}, o.expires_on AS believed, c.source, c.signed, c.there, c.confidence,
           c.observed_at, c.dated_at, c.expires_on
    FROM offers o JOIN offer_claims c ON c.offer_id = o.id WHERE o.id = ANY(:offers)
""")
_ENDS = _found(
    f"""
    SELECT o.id, {_PLACE}, o.expires_on, o.gone_at, o.source FROM offers o
    WHERE o.gone_at >= :since AND o.expires_on IS NOT NULL AND o.source <> 'demo'
      AND NOT EXISTS (SELECT FROM offer_claims c WHERE c.offer_id = o.id AND NOT c.there)
    """,
    "gone_at DESC, id",
)
_LATEST = f"(SELECT * FROM parked_observations ORDER BY id DESC LIMIT {MOST_PARKED}) AS latest"
_UNKNOWN_TITLES = _found(
    f"""
    SELECT * FROM (
        SELECT kind, justwatch_id, tmdb_id, imdb_id, count(*) AS sightings,
               max(parked_at) AS last_at
        FROM {_LATEST} GROUP BY kind, justwatch_id, tmdb_id, imdb_id) AS w
    WHERE {TITLE} IS NULL
    """,
    "sightings DESC, last_at DESC, justwatch_id, tmdb_id, imdb_id",
)
_UNKNOWN_PLATFORMS = _found(
    f"""
    SELECT * FROM (
        SELECT CAST(observation ->> 'package_id' AS bigint) AS package_id, count(*) AS sightings,
               max(parked_at) AS last_at
        FROM {_LATEST} GROUP BY 1) AS w
    WHERE NOT EXISTS (SELECT FROM platforms p WHERE p.package_id = w.package_id)
    """,
    "sightings DESC, package_id",
)
_POPULAR = f"""
    (SELECT id, runtime_min, popularity FROM titles
     ORDER BY popularity DESC, id LIMIT {MOST_POPULAR}) AS t
"""
_NOWHERE = _found(
    f"""
    SELECT t.id, t.popularity FROM {_POPULAR}
    WHERE NOT EXISTS (SELECT FROM offers o WHERE o.title_id = t.id AND o.gone_at IS NULL)
    """,
    "popularity DESC, id",
)
_NO_RUNTIME = _found(
    f"SELECT t.id, t.popularity FROM {_POPULAR} WHERE t.runtime_min IS NULL", "popularity DESC, id"
)


async def date_conflicts(
    connection: AsyncConnection, now: datetime, first: int
) -> Found[DateConflict]:
    """Offers that are there and about whose last day sources disagree, the soonest day first.

    Of what is claimed, the 5,000 days are looked at that come soonest.
    """
    earliest = now.date() - _A_DAY
    asked = {"day": earliest, "first": first}
    rows = (await connection.execute(_CONFLICTS, asked)).all()
    said: defaultdict[int, list[Record]] = defaultdict(list)
    if rows:
        offers = {"offers": [row.offer_id for row in rows]}
        for row in await connection.execute(_SAID, offers):
            said[row.id].append(row)
    made = [_conflict(said[row.offer_id], earliest) for row in rows if said[row.offer_id]]
    return Found([each for each in made if rules.disagree(each.said)], _count(rows))


async def unconfirmed_ends(
    connection: AsyncConnection, now: datetime, first: int
) -> Found[UnconfirmedEnd]:
    """Offers that ended by their last day within two weeks, and were called gone by nobody."""
    rows = (await connection.execute(_ENDS, {"since": now - LATELY, "first": first})).all()
    items = [
        UnconfirmedEnd(
            row.title_id, _offer(row), row.country, row.expires_on, row.gone_at, row.source
        )
        for row in rows
    ]
    return Found(items, _count(rows))


async def unknown_titles(connection: AsyncConnection, first: int) -> Found[UnknownTitle]:
    """Whose titles the last 5,000 parked observations are about, those told of most first."""
    rows = (await connection.execute(_UNKNOWN_TITLES, {"first": first})).all()
    return Found([UnknownTitle(*row[:6]) for row in rows], _count(rows))


async def unknown_platforms(connection: AsyncConnection, first: int) -> Found[UnknownPlatform]:
    """Which platforms they are about that we don't have."""
    rows = (await connection.execute(_UNKNOWN_PLATFORMS, {"first": first})).all()
    return Found([UnknownPlatform(*row[:3]) for row in rows], _count(rows))


async def titles_nowhere(connection: AsyncConnection, first: int) -> Found[int]:
    """Of the 5,000 most popular titles those without an offer in any country; their keys."""
    return await _titles(connection, _NOWHERE, first)


async def titles_without_runtime(connection: AsyncConnection, first: int) -> Found[int]:
    """Of the 5,000 most popular titles those whose length nobody told; their keys."""
    return await _titles(connection, _NO_RUNTIME, first)


async def _titles(connection: AsyncConnection, statement: TextClause, first: int) -> Found[int]:
    rows = (await connection.execute(statement, {"first": first})).all()
    return Found([row.id for row in rows], _count(rows))


def _conflict(rows: Sequence[Record], earliest: date) -> DateConflict:
    offer = rows[0]
    claims = [
        Claim(
            row.source, row.signed, row.there, row.confidence, row.observed_at, row.dated_at,
            expires_on=row.expires_on,
        )
        for row in rows
    ]  # fmt: skip
    said = rules.last_days(claims, offer.believed, earliest)
    return DateConflict(offer.title_id, _offer(offer), offer.country, offer.believed, said)


def _offer(row: Record) -> OfOffer:
    return OfOffer(row.platform_id, row.season_number, row.monetization, row.quality)


def _count(rows: Sequence[Record]) -> int:
    return rows[0].counted if rows else 0
