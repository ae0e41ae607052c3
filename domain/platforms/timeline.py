"""A title's past: what was believed about where it is, as changes, and who says what now."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from domain.availability import rules
from domain.availability.values import Belief, Claim
from domain.db import Record
from domain.events.values import AvailabilityKind

MOST_CHANGES = 100
MOST_CLAIMS = 200  # of a title: dozens of offers, with a few sources each


@dataclass(frozen=True, slots=True)
class OfOffer:
    """Which offer of a title something is about; quality and monetization as in models.Offer."""

    platform_id: int
    season_number: int | None
    monetization: str
    quality: str


@dataclass(frozen=True, slots=True)
class Change:
    """A belief that told something new. at: when we came to believe it, which can be after it
    happened; expires_on, price: from then on, previous_expires_on: until then.
    """

    offer: OfOffer
    at: datetime
    kind: AvailabilityKind
    expires_on: date | None
    previous_expires_on: date | None
    price: Decimal | None
    currency: str | None
    source: str
    confidence: float


@dataclass(frozen=True, slots=True)
class Word:
    """What a source says of an offer now. believed: whether that is what we go by."""

    offer: OfOffer
    claim: Claim
    believed: bool


# An offer of which no belief was ever written down has been there since it was first seen.
_BELIEFS = text("""
    WITH told AS (
        SELECT o.id AS offer_id, b.id AS turn, b.believed_from AS at, b.there, b.available_from,
               b.expires_on, b.price, b.currency, b.source, b.confidence
        FROM offers o JOIN offer_beliefs b ON b.offer_id = o.id
        WHERE o.title_id = ANY (CAST(:titles AS bigint[])) AND o.country = :country
        UNION ALL
        SELECT o.id, 0, o.first_seen_at, true, o.available_from, o.expires_on, o.price, o.currency,
               o.source, o.confidence
        FROM offers o
        WHERE o.title_id = ANY (CAST(:titles AS bigint[])) AND o.country = :country
          AND NOT EXISTS (SELECT FROM offer_beliefs b WHERE b.offer_id = o.id)
    ), steps AS (
        SELECT *, lag(there) OVER w AS was_there, lag(expires_on) OVER w AS previous_expires_on,
               lag(price) OVER w AS previous_price, lag(currency) OVER w AS previous_currency
        FROM told WINDOW w AS (PARTITION BY offer_id ORDER BY at, turn)
    ), news AS (
        SELECT o.title_id, o.platform_id, o.season_number, o.monetization, o.quality, s.*,
               row_number() OVER (PARTITION BY o.title_id ORDER BY s.at DESC, s.turn DESC, o.id)
                 AS place
        FROM steps s JOIN offers o ON o.id = s.offer_id
        WHERE (s.there, s.expires_on, s.price, s.currency) IS DISTINCT FROM
              (s.was_there, s.previous_expires_on, s.previous_price, s.previous_currency)
    )
    SELECT * FROM news WHERE place <= :most ORDER BY title_id, place
""")

# Where no claim of the believed source was kept, the offer itself says what it was.
_CLAIMS = text("""
    WITH of AS (
        SELECT * FROM offers WHERE title_id = ANY (CAST(:titles AS bigint[])) AND country = :country
    ), claims AS (
        SELECT c.offer_id, c.source, c.signed, c.there, c.confidence, c.observed_at, c.dated_at,
               c.available_from, c.expires_on, c.priced_at, c.price, c.currency
        FROM of JOIN offer_claims c ON c.offer_id = of.id
        UNION ALL
        SELECT id, source, false, gone_at IS NULL, confidence, last_seen_at, last_seen_at,
               available_from, expires_on, last_seen_at, price, currency
        FROM of WHERE NOT EXISTS (SELECT FROM offer_claims c
                                  WHERE c.offer_id = of.id AND c.source = of.source)
    ), placed AS (
        SELECT of.title_id, of.platform_id, of.season_number, of.monetization, of.quality, c.*,
               of.gone_at IS NULL AS is_there, of.available_from AS begins_on,
               of.expires_on AS ends_on, of.price AS costs, of.currency AS costs_in,
               of.source AS believed_source, of.confidence AS believed_confidence,
               row_number() OVER (PARTITION BY of.title_id ORDER BY of.gone_at IS NOT NULL,
                                  of.platform_id, of.season_number, of.id, c.observed_at DESC,
                                  c.source) AS place
        FROM of JOIN claims c ON c.offer_id = of.id
    )
    SELECT * FROM placed WHERE place <= :most ORDER BY title_id, place
""")


async def changes_for(
    connection: AsyncConnection, title_ids: Sequence[int], country: str
) -> Mapping[int, list[Change]]:
    """What changed about titles in a country, by title, newest first: 100 at most of each."""
    asked = {"titles": list(title_ids), "country": country, "most": MOST_CHANGES}
    found: defaultdict[int, list[Change]] = defaultdict(list)
    for row in await connection.execute(_BELIEFS, asked):
        if kind := _kind(row):
            found[row.title_id].append(
                Change(
                    _offer(row), row.at, kind, row.expires_on, row.previous_expires_on, row.price,
                    row.currency, row.source, row.confidence,
                )
            )  # fmt: skip
    return found


async def claims_for(
    connection: AsyncConnection, title_ids: Sequence[int], country: str
) -> Mapping[int, list[Word]]:
    """Who says what about the offers of titles in a country, by title: 200 at most of each."""
    asked = {"titles": list(title_ids), "country": country, "most": MOST_CLAIMS}
    found: defaultdict[int, list[Word]] = defaultdict(list)
    for row in await connection.execute(_CLAIMS, asked):
        claim = Claim(
            row.source, row.signed, row.there, row.confidence, row.observed_at, row.dated_at,
            row.available_from, row.expires_on, row.priced_at, row.price, row.currency,
        )  # fmt: skip
        belief = Belief(
            row.is_there, row.begins_on, row.ends_on, row.costs, row.costs_in,
            row.believed_source, row.believed_confidence,
        )  # fmt: skip
        found[row.title_id].append(Word(_offer(row), claim, rules.agrees(claim, belief)))
    return found


def _offer(row: Record) -> OfOffer:
    return OfOffer(row.platform_id, row.season_number, row.monetization, row.quality)


def _kind(row: Record) -> AvailabilityKind | None:
    after = Belief(
        row.there, row.available_from, row.expires_on, row.price, row.currency, row.source,
        row.confidence,
    )  # fmt: skip
    if row.was_there is None:
        return rules.kind(None, after)
    before = Belief(
        row.was_there, None, row.previous_expires_on, row.previous_price, row.previous_currency,
        row.source, row.confidence,
    )  # fmt: skip
    return rules.kind(before, after)
