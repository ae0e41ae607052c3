"""Reads of offers with what is claimed of them, locked so that nobody changes them meanwhile.

Whoever changes what is known of offers takes these locks in this order, once in a transaction, so
that nobody can wait for somebody who waits for them: titles by their keys, places by theirs,
offers by theirs, and the row of the availability position at the end.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, fields
from typing import Any

from sqlalchemy import ARRAY, BigInteger, bindparam, text
from sqlalchemy.ext.asyncio import AsyncConnection

from domain.availability import bulk
from domain.availability.dossiers import Dossier, Way
from domain.availability.planning import Place
from domain.availability.values import Belief, Claim, Observation, OfferKey
from domain.db import Record

_WAYS = {
    "title_id": "bigint", "season_number": "smallint", "platform_id": "smallint",
    "country": "text", "monetization": "text",
}  # fmt: skip
# Whoever opens an offer needs its title to stay, and so would wait for a list that gives the title
# another JustWatch id. It has to wait here, where it is in nobody's way.
_STAY = text("SELECT FROM titles WHERE id = ANY(:ids) ORDER BY id FOR KEY SHARE").bindparams(
    bindparam("ids", type_=ARRAY(BigInteger))
)
# An offer that isn't there can't be locked, but the place where it would be opened can.
_CLASS = 0x57AC_0003  # of advisory locks; see domain.catalog.staging
_PLACES = text(f"""
    SELECT pg_advisory_xact_lock({_CLASS}, place)
    FROM unnest(CAST(:places AS integer[])) WITH ORDINALITY AS one (place, n) ORDER BY n
""")
# What else is known of offers is read behind their locks, by statements that see what the last to
# hold them wrote.
_LOCK = """
    SELECT o.id, o.title_id, o.season_number, o.platform_id, o.country, o.monetization, o.quality,
           o.url, o.last_seen_at, o.gone_at, o.available_from, o.expires_on, o.price, o.currency,
           o.source, o.confidence, {covered} AS covered
    FROM offers o WHERE {which} ORDER BY o.id FOR UPDATE
"""
_NAMED = f"""
    SELECT same.id FROM {bulk.rows("way", _WAYS)} JOIN offers same
      ON same.title_id = way.title_id AND same.platform_id = way.platform_id
     AND same.season_number IS NOT DISTINCT FROM way.season_number
     AND same.country = way.country AND same.monetization = way.monetization
"""
_COLUMNS = ", ".join(f"c.{each.name}" for each in fields(Claim))
_TOLD = text(f"""
    SELECT asked.id, b.believed_from, {_COLUMNS}
    FROM unnest(CAST(:ids AS bigint[])) AS asked (id)
    LEFT JOIN offer_beliefs b ON b.offer_id = asked.id AND b.believed_to IS NULL
    LEFT JOIN offer_claims c ON c.offer_id = asked.id
""")
# An offer that nobody has claimed is from before claims were written down. The nightly sync and the
# stand-ins speak of single titles, and not of all that a platform has.
_LISTED = text(f"""
    SELECT place.platform_id, place.country
    FROM {bulk.rows("place", {"platform_id": "smallint", "country": "text"})}
    WHERE EXISTS (
        SELECT FROM offers o LEFT JOIN offer_claims c ON c.offer_id = o.id
        WHERE o.platform_id = place.platform_id AND o.country = place.country
          AND c.signed IS NOT true
          AND (coalesce(c.source, o.source) = 'demo') = CAST(:demo AS boolean)
          AND coalesce(c.source, o.source) NOT LIKE 'simulator%'
          AND coalesce(c.source, o.source) NOT LIKE 'sync/%')
""")


@dataclass(frozen=True, slots=True)
class Cover:
    """Of which offers a list is the complete one: a condition on `offers o`, and its parameters."""

    condition: str
    parameters: Mapping[str, Any] = field(default_factory=dict)


async def keep_titles(connection: AsyncConnection, observations: Iterable[Observation]) -> None:
    """Let nobody take the titles away, or give them other ids, until the transaction ends."""
    ids = {each.offer.title_id for each in observations}
    await connection.execute(_STAY, {"ids": list(ids)})


async def lock_places(connection: AsyncConnection, places: Iterable[Place]) -> None:
    """Let nobody else open offers there until the transaction ends."""
    keys = sorted({_number(*place) for place in places})
    await connection.execute(_PLACES, {"places": keys})


async def lock_named(
    connection: AsyncConnection, ways: Collection[Way], cover: Cover | None = None
) -> list[Dossier]:
    """The offers that these could be, and those that are here and covered, locked."""
    told = bulk.values(_WAYS, list(ways))
    if cover is None:
        # ARRAY: looked up by their keys, one by one.
        statement = _LOCK.format(covered="false", which=f"o.id = ANY(ARRAY({_NAMED}))")
        return await _lock(connection, statement, told)
    covered = f"(o.gone_at IS NULL AND ({cover.condition}))"
    # IN: hashed, since all offers are looked through; an array would be so for each of them.
    statement = _LOCK.format(covered=covered, which=f"o.id IN ({_NAMED}) OR {covered}")
    return await _lock(connection, statement, {**told, **cover.parameters})


async def lock_where(
    connection: AsyncConnection, condition: str, parameters: Mapping[str, Any]
) -> list[Dossier]:
    """The offers that a condition on `offers o` holds for, locked."""
    return await _lock(connection, _LOCK.format(covered="false", which=condition), parameters)


async def places_listed(
    connection: AsyncConnection, places: Iterable[Place], *, demo: bool
) -> set[Place]:
    """Those of the places of which a real list, or the demo's, has been taken in before."""
    told = bulk.values(("platform_id", "country"), list(places))
    rows = await connection.execute(_LISTED, {**told, "demo": demo})
    return {(row.platform_id, row.country) for row in rows}


def _number(platform_id: int, country: str) -> int:
    """Another number for each place; of a country two letters count."""
    return platform_id << 16 | int.from_bytes(country.encode()[:2])


async def _lock(
    connection: AsyncConnection, statement: str, parameters: Mapping[str, Any]
) -> list[Dossier]:
    rows = (await connection.execute(text(statement), parameters)).all()
    found = {row[0]: _dossier(row) for row in rows}
    if found:
        for offer_id, since, *told in (await connection.execute(_TOLD, {"ids": list(found)})).all():
            dossier = found[offer_id]
            dossier.since = since
            if told[0] is not None:
                dossier.claims[told[0]] = Claim(*told)
        for row in rows:
            if not found[row[0]].claims:
                found[row[0]].implied = _implied(row)
    return list(found.values())


def _dossier(row: Record) -> Dossier:
    (
        id, title_id, season_number, platform_id, country, monetization, quality, url, last_seen_at,
        gone_at, available_from, expires_on, price, currency, source, confidence, covered,
    ) = row  # fmt: skip
    return Dossier(
        OfferKey(title_id, season_number, platform_id, country, monetization, quality),
        id=id,
        before=Belief(
            gone_at is None, available_from, expires_on, price, currency, source, confidence
        ),
        last_seen_at=last_seen_at,
        gone_at=gone_at,
        url=url,
        covered=covered,
    )


def _implied(row: Record) -> Claim:
    """The claim that a belief must come from which nobody's claims are kept of."""
    seen = row.last_seen_at
    return Claim(
        source=row.source, signed=False, there=row.gone_at is None, confidence=row.confidence,
        observed_at=seen, dated_at=seen if row.expires_on or row.available_from else None,
        available_from=row.available_from, expires_on=row.expires_on,
        priced_at=None if row.price is None else seen, price=row.price, currency=row.currency,
    )  # fmt: skip
