"""The statements of the intake: each about any number of titles, none about one."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import partial
from typing import Any

from sqlalchemy import (
    ARRAY,
    BigInteger,
    DateTime,
    Integer,
    LargeBinary,
    String,
    TextClause,
    text,
)
from sqlmodel.ext.asyncio.session import AsyncSession

from domain.sql import typed
from domain.sync.reading import Key, Read

_IDS = ARRAY(BigInteger)
_TYPES: dict[str, Any] = {
    "source": String(), "now": DateTime(timezone=True), "titles": _IDS, "missing": _IDS,
    "offers": _IDS, "countries": ARRAY(String), "digests": ARRAY(LargeBinary), "counts":
    ARRAY(Integer), "suspects": ARRAY(String),
}  # fmt: skip

_sql = partial(typed, types=_TYPES)


_PACKAGES = text("SELECT package_id, id FROM platforms WHERE package_id IS NOT NULL")
_TOLD = "unnest(CAST(:titles AS bigint[]), CAST(:digests AS bytea[])) AS told (title_id, digest)"
_SAME = "s.source = :source AND s.title_id = told.title_id AND s.digest = told.digest"
_SUMMED = """
    SELECT array_agg(told.title_id) FILTER (WHERE same.title_id IS NULL) AS others,
           coalesce(sum(same.offers), 0) AS offers
    FROM told LEFT JOIN same ON same.title_id = told.title_id
"""
_PASS_OVER = _sql(f"""
    WITH told AS (SELECT * FROM {_TOLD}), same AS (
        UPDATE sync_titles s SET checked_at = :now, failures = 0, next_at = NULL,
            quarantined_at = NULL, problem = NULL
        FROM told WHERE {_SAME} AND s.suspects = '{{}}'
        RETURNING s.title_id, s.offers
    )
    {_SUMMED}
""")
_COMPARE = _sql(f"""
    WITH told AS (SELECT * FROM {_TOLD}), same AS (
        SELECT s.title_id, s.offers FROM sync_titles s JOIN told ON {_SAME} AND s.suspects = '{{}}'
    )
    {_SUMMED}
""")
_KEEP = _sql("SELECT id FROM titles WHERE id = ANY(:titles) ORDER BY id FOR KEY SHARE")
_KEY = "o.title_id, o.season_number, o.platform_id, o.country, o.monetization, o.quality"
# What it listed before, and what was made up. Whatever is listed now has just been seen.
_UNHEARD = _sql(f"""
    SELECT o.id, {_KEY} FROM offers o
    LEFT JOIN offer_claims c ON c.offer_id = o.id AND c.source = :source
    WHERE o.title_id = ANY(:titles) AND o.country = ANY(:countries) AND o.gone_at IS NULL
      AND CASE WHEN c.offer_id IS NULL THEN o.source IN ('demo', :source)
               ELSE c.there AND c.observed_at <> :now END
""")
_KNOWN = _sql(f"""
    SELECT o.id, {_KEY}, o.gone_at IS NULL AS here, o.expires_on, o.price,
           o.gone_at IS NULL AND CASE WHEN c.offer_id IS NULL THEN o.source IN ('demo', :source)
                                      ELSE c.there END AS ours
    FROM offers o LEFT JOIN offer_claims c ON c.offer_id = o.id AND c.source = :source
    WHERE o.title_id = ANY(:titles) AND o.country = ANY(:countries)
""")
_TOLD_BEFORE = _sql("""
    SELECT title_id FROM sync_titles
    WHERE source = :source AND title_id = ANY(:titles) AND changed_at IS NOT NULL
""")
_SUSPECTS = _sql("""
    SELECT title_id, suspects, checked_at, digest FROM sync_titles
    WHERE source = :source AND title_id = ANY(:titles) AND suspects <> '{}'
""")
_CANCEL = _sql("""
    DELETE FROM sync_removals m USING offers o, sync_runs r
    WHERE o.id = m.offer_id AND r.id = m.run_id AND r.source = :source AND m.removed_at IS NULL
      AND o.title_id = ANY(:titles) AND NOT m.offer_id = ANY(:missing)
""")
_GONE = _sql("""
    INSERT INTO sync_removals (run_id, offer_id, missed_at)
    SELECT :run, id, :now FROM offers WHERE id = ANY(:offers)
    ON CONFLICT DO NOTHING
""")
_REMEMBER = _sql("""
    INSERT INTO sync_titles (source, title_id, digest, checked_at, changed_at, offers, suspects)
    SELECT :source, title_id, digest, :now, :now, offers, CAST(suspects AS bigint[])
    FROM unnest(CAST(:titles AS bigint[]), CAST(:digests AS bytea[]), CAST(:counts AS integer[]),
                CAST(:suspects AS text[])) AS told (title_id, digest, offers, suspects)
    ON CONFLICT (source, title_id) DO UPDATE
    SET digest = excluded.digest, checked_at = excluded.checked_at,
        changed_at = CASE WHEN sync_titles.digest = excluded.digest THEN sync_titles.changed_at
                          ELSE excluded.changed_at END,
        offers = excluded.offers, suspects = excluded.suspects,
        failures = 0, next_at = NULL, quarantined_at = NULL, problem = NULL
""")


@dataclass(frozen=True, slots=True)
class Same:
    """others: titles of which something else is said than last time; offers: of the rest."""

    others: Sequence[int]
    offers: int


@dataclass(frozen=True, slots=True)
class Unheard:
    """An offer that is believed to be there on the word of whoever doesn't list it now."""

    id: int
    key: Key

    @property
    def title_id(self) -> int:
        """Of which title."""
        return self.key[0]


@dataclass(frozen=True, slots=True)
class Known:
    """An offer as it is believed to be. ours: it is here on the word of the one who is asked."""

    key: Key
    here: bool
    expires_on: date | None
    price: Decimal | None
    ours: bool

    @property
    def title_id(self) -> int:
        """Of which title."""
        return self.key[0]


@dataclass(frozen=True, slots=True)
class Suspects:
    """Offers of a title that the last answer lacked, when that was, and that answer's digest."""

    offers: frozenset[int]
    since: datetime
    digest: bytes | None


async def packages(session: AsyncSession) -> dict[int, int]:
    """Our platforms by their package ids."""
    return {row.package_id: row.id for row in await _all(session, _PACKAGES, {})}


async def pass_over(
    session: AsyncSession, source: str, digests: Mapping[int, bytes], now: datetime
) -> Same:
    """Note that these answers were given, and find those that say something else than before."""
    return await _compare(session, _PASS_OVER, {"now": now}, source, digests)


async def compare(session: AsyncSession, source: str, digests: Mapping[int, bytes]) -> Same:
    """Find those that say something else than before, and note nothing."""
    return await _compare(session, _COMPARE, {}, source, digests)


async def keep_titles(session: AsyncSession, titles: Collection[int]) -> set[int]:
    """Those of the titles that are there, and stay until the transaction ends."""
    rows = await _all(session, _KEEP, {"titles": sorted(titles)})
    return {row.id for row in rows}


async def unheard(
    session: AsyncSession,
    source: str,
    titles: Collection[int],
    countries: Collection[str],
    now: datetime,
) -> list[Unheard]:
    """What is here of these titles on the word of the source, and was not seen at this moment."""
    told = {"source": source, "titles": list(titles), "countries": list(countries), "now": now}
    rows = await _all(session, _UNHEARD, told)
    return [Unheard(row[0], tuple(row[1:])) for row in rows]


async def known(
    session: AsyncSession, source: str, titles: Collection[int], countries: Collection[str]
) -> list[Known]:
    """All that is known of offers of these titles."""
    told = {"source": source, "titles": list(titles), "countries": list(countries)}
    rows = await _all(session, _KNOWN, told)
    return [Known(tuple(row[1:7]), *row[7:]) for row in rows]


async def told_before(session: AsyncSession, source: str, titles: Collection[int]) -> set[int]:
    """Those of the titles that the source has listed offers of, or none, before."""
    rows = await _all(session, _TOLD_BEFORE, {"source": source, "titles": list(titles)})
    return {row.title_id for row in rows}


async def suspects(
    session: AsyncSession, source: str, titles: Collection[int]
) -> dict[int, Suspects]:
    """What the last answers about these titles lacked."""
    rows = await _all(session, _SUSPECTS, {"source": source, "titles": list(titles)})
    return {
        row.title_id: Suspects(frozenset(row.suspects), row.checked_at, row.digest) for row in rows
    }


async def cancel_removals(
    session: AsyncSession,
    source: str,
    titles: Collection[int],
    missing: Mapping[int, Collection[int]],
) -> None:
    """What is listed again, or is gone by now, needs no removal any more."""
    lacked = [offer for offers in missing.values() for offer in offers]
    told = {"source": source, "titles": list(titles), "missing": lacked}
    await (await session.connection()).execute(_CANCEL, told)


async def note_removals(
    session: AsyncSession, run_id: int, offers: Collection[int], now: datetime
) -> None:
    """Note that a run has found offers missing for the second time."""
    if offers:
        told = {"run": run_id, "offers": sorted(offers), "now": now}
        await (await session.connection()).execute(_GONE, told)


async def remember(
    session: AsyncSession,
    source: str,
    heard: Read,
    digests: Mapping[int, bytes],
    suspected: Mapping[int, Collection[int]],
    now: datetime,
) -> None:
    """Note what was said, to be compared with what will be said next."""
    titles = sorted(heard.counts)
    told = {
        "source": source,
        "now": now,
        "titles": titles,
        # An answer of which a part was unreadable must be read the next time, whatever it says.
        "digests": [None if each in heard.partial else digests[each] for each in titles],
        "counts": [heard.counts[each] for each in titles],
        "suspects": [_array(suspected.get(each, ())) for each in titles],
    }
    await (await session.connection()).execute(_REMEMBER, told)


def _array(ids: Collection[int]) -> str:
    return "{" + ",".join(map(str, sorted(ids))) + "}"


async def _compare(
    session: AsyncSession,
    statement: TextClause,
    more: Mapping[str, Any],
    source: str,
    digests: Mapping[int, bytes],
) -> Same:
    told = {"source": source, "titles": list(digests), "digests": list(digests.values()), **more}
    row = (await _all(session, statement, told))[0]
    return Same(row.others or (), int(row.offers))


async def _all(
    session: AsyncSession, statement: TextClause, told: Mapping[str, Any]
) -> Sequence[Any]:
    return (await (await session.connection()).execute(statement, told)).all()
