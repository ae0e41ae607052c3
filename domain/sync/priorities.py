"""Which titles a run asks about, and in which order: written down as its items.

First what somebody wants to watch, then what is about to leave, then what is popular, then what was
not looked at for longest. Left out are titles that the source knows by no id, that rest after a
failure, and that are in quarantine.
"""

from collections.abc import Collection
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from sqlalchemy import ARRAY, BigInteger, Date, DateTime, String
from sqlalchemy.ext.asyncio import AsyncConnection

from domain.sql import typed

LEAVES_WITHIN = timedelta(days=14)

# By the last part of a source's name, such as 'sync/justwatch' or 'simulator/tmdb'.
_KNOWN_BY = {"justwatch": "t.justwatch_id IS NOT NULL", "tmdb": "t.tmdb_id IS NOT NULL"}
_KNOWN = "(t.justwatch_id IS NOT NULL OR t.tmdb_id IS NOT NULL OR t.imdb_id IS NOT NULL)"

_TYPES: dict[str, Any] = {
    "titles": ARRAY(BigInteger), "countries": ARRAY(String), "source": String(), "now":
    DateTime(timezone=True), "until": Date(),
}  # fmt: skip
_typed = partial(typed, types=_TYPES)

_STALEST = "s.checked_at NULLS FIRST, t.popularity DESC, t.id"
_WANTED = "EXISTS (SELECT FROM watchlist_items w WHERE w.title_id = t.id AND w.watched_at IS NULL)"
_LEAVING = """t.id IN (
    SELECT o.title_id FROM offers o
    WHERE o.gone_at IS NULL AND o.expires_on <= :until AND o.country = ANY(:countries))"""
# why -> which titles, in which order, and which part of what is left of the budget they may take.
_TURNS = {
    "watchlist": (_WANTED, _STALEST, 1.0),
    "leaving": (_LEAVING, _STALEST, 1.0),
    # Half: else nothing that few people look for would ever have its turn.
    "popular": ("true", "t.popularity DESC, t.id", 0.5),
    "stale": ("true", _STALEST, 1.0),
}
_FILL = """
    INSERT INTO sync_items (run_id, title_id, n, why)
    SELECT :run, chosen.id, :before + chosen.n, CAST(:why AS text) FROM (
        SELECT t.id, row_number() OVER (ORDER BY {order}) AS n
        FROM titles t LEFT JOIN sync_titles s ON s.source = :source AND s.title_id = t.id
        WHERE {known} AND {which}
          AND s.quarantined_at IS NULL AND (s.next_at IS NULL OR s.next_at <= :now)
          AND NOT EXISTS (SELECT FROM sync_items i WHERE i.run_id = :run AND i.title_id = t.id)
        ORDER BY {order} LIMIT :room
    ) AS chosen
"""
# Whoever names titles wants them asked about, whatever went wrong with them before.
_ASKED = """
    INSERT INTO sync_items (run_id, title_id, n, why)
    SELECT :run, t.id, row_number() OVER (ORDER BY t.id), 'asked'
    FROM titles t WHERE t.id = ANY(:titles) AND {known} ORDER BY t.id LIMIT :room
"""
# A source that lists as before isn't read again, and so what it says grows old, though it still
# says so. Where something else is believed, its word has to be weighed anew as that of tonight.
_DOUBT = """
    UPDATE sync_titles s SET digest = NULL
    WHERE s.source = :source AND s.digest IS NOT NULL AND s.title_id IN (
        SELECT o.title_id FROM sync_items i
        JOIN offers o ON o.title_id = i.title_id
        JOIN offer_claims c ON c.offer_id = o.id AND c.source = :source AND c.there
        WHERE i.run_id = :run AND c.observed_at >= s.changed_at
          AND (o.gone_at IS NOT NULL
               OR c.dated_at IS NOT NULL AND o.expires_on IS DISTINCT FROM c.expires_on
               OR c.priced_at IS NOT NULL AND o.price IS DISTINCT FROM c.price))
"""


async def fill(
    connection: AsyncConnection,
    run_id: int,
    source: str,
    countries: Collection[str],
    room: int,
    now: datetime,
) -> int:
    """Write down what a run asks about, at most `room` titles; how many they are."""
    count = 0
    told = {
        "run": run_id, "source": source, "countries": list(countries), "now": now,
        "until": (now + LEAVES_WITHIN).date(),
    }  # fmt: skip
    for why, (which, order, share) in _TURNS.items():
        statement = _FILL.format(known=_known(source), which=which, order=order)
        left = room - count
        some = {"why": why, "before": count, "room": max(left and 1, int(left * share))}
        count += (await connection.execute(_typed(statement), told | some)).rowcount
    await connection.execute(_typed(_DOUBT), {"run": run_id, "source": source})
    return count


async def fill_asked(
    connection: AsyncConnection, run_id: int, source: str, titles: Collection[int], room: int
) -> int:
    """Write down that a run asks about these titles; of how many the source knows an id."""
    told = {"run": run_id, "titles": sorted(set(titles)), "room": room}
    count = (await connection.execute(_typed(_ASKED.format(known=_known(source))), told)).rowcount
    await connection.execute(_typed(_DOUBT), {"run": run_id, "source": source})
    return count


def _known(source: str) -> str:
    return _KNOWN_BY.get(source.rpartition("/")[2], _KNOWN)
