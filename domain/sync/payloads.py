"""The offers of an answer as bytes, and back. Equal offers make equal bytes."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from hashlib import sha256
from typing import Any

import orjson

from domain.sync.values import SeenOffer


def encode(offers: Iterable[SeenOffer]) -> bytes:
    """The bytes of some offers. Of two with one identity the first is kept."""
    unique: dict[SeenOffer, SeenOffer] = {}
    for each in offers:
        unique.setdefault(each, each)
    return orjson.dumps([_row(each) for each in sorted(unique.values())])


def decode(payload: bytes) -> list[SeenOffer]:
    """The offers that `encode` was given."""
    return [_offer(row) for row in orjson.loads(payload)]


def digest(payload: bytes, salt: bytes = b"") -> bytes:
    """Sixteen bytes that stand for a payload, and for what it is understood by.

    salt: sixteen bytes or none; another one makes all digests others.
    """
    # Processors have instructions for this one: half the time of any other in the library.
    return sha256(salt + payload).digest()[:16]


def _row(offer: SeenOffer) -> list[Any]:
    return [
        offer.country, offer.package_id, offer.season_number, offer.monetization, offer.quality,
        None if offer.price is None else str(offer.price), offer.currency, offer.url,
        offer.available_from, offer.expires_on,
    ]  # fmt: skip


def _offer(row: list[Any]) -> SeenOffer:
    country, package, season, monetization, quality, price, currency, url, begins, ends = row
    return SeenOffer(
        country, package, season, monetization, quality,
        None if price is None else Decimal(price), currency, url,
        begins and date.fromisoformat(begins), ends and date.fromisoformat(ends),
    )  # fmt: skip
