"""How sources that disagree are settled: docs/availability.md, as functions. Pure.

No function asks in which order things were heard, so nothing depends on it.
"""

from collections.abc import Callable, Collection, Iterable, Sequence
from datetime import date, datetime, timedelta, tzinfo
from decimal import Decimal
from operator import attrgetter

from domain.availability.values import Belief, Claim, Observation
from domain.events.values import AvailabilityKind

HEAD_START = timedelta(days=14)
"""How much older what a source says may be, for each step of authority, and still outweigh."""

DEMO = "demo"
_STAND_INS = "simulator"  # what their names begin with
_INVENTED, _STAND_IN, _UNSIGNED, _SIGNED = range(4)
_NOTHING = Decimal(-1)
_SEEN, _DATED, _PRICED = map(attrgetter, ("observed_at", "dated_at", "priced_at"))


def authority(source: str, *, signed: bool) -> int:
    """How far a source is believed before another: 3 signed, 2 not, 1 a stand-in, 0 the demo."""
    if source == DEMO:
        return _INVENTED
    if signed:
        return _SIGNED
    return _STAND_IN if source.startswith(_STAND_INS) else _UNSIGNED


def claim_of(said: Observation) -> Claim:
    """What an observation claims. That an offer has left says of its last day that there is none
    to come, so a day that was told before does not return with the offer.
    """
    dated = said.dated or not said.there or bool(said.expires_on or said.available_from)
    priced = said.priced or said.price is not None
    return Claim(
        source=said.source,
        signed=said.signed,
        there=said.there,
        confidence=said.confidence,
        observed_at=said.observed_at,
        dated_at=said.observed_at if dated else None,
        available_from=said.available_from,
        expires_on=said.expires_on,
        priced_at=said.observed_at if priced else None,
        price=said.price,
        currency=said.currency,
    )


def merge(one: Claim, other: Claim) -> Claim:
    """Two claims of one source as one: the later word on each of presence, days and price.

    Whichever of them came first, and however often, the result is the same.
    """
    if one == other:
        return one
    if _is_later(other, one):  # as nearly always: thousands are merged in a night
        return other
    seen = max(one, other, key=_presence)
    dates = max(one, other, key=_dates)
    prices = max(one, other, key=_prices)
    return Claim(
        seen.source, seen.signed, seen.there, seen.confidence, seen.observed_at,
        dates.dated_at, dates.available_from, dates.expires_on,
        prices.priced_at, prices.price, prices.currency,
    )  # fmt: skip


def settle(claims: Collection[Claim], now: datetime, zone: tzinfo) -> Belief:
    """What is believed of an offer, of which at least one source has said something.

    zone: the offer's country's; its last day has passed when that day is over there.
    """
    if len(claims) == 1:
        (only,) = claims
        return _alone(only, now, zone)
    heard = [each for each in claims if each.source != DEMO] or list(claims)
    seen = _heaviest(heard, _SEEN) or heard[0]
    # Who is not believed about whether it is there is not asked until when.
    dated = [
        each
        for each in heard
        if each.dated_at and each.there == seen.there and not _is_refuted(each, heard, zone)
    ]
    dates = _heaviest(dated, _DATED)
    begun = _heaviest([each for each in dated if each.available_from], _DATED)
    prices = _heaviest([each for each in heard if each.priced_at], _PRICED)
    expires_on = dates.expires_on if dates else None
    is_over = expires_on is not None and expires_on < now.astimezone(zone).date()
    says_so = _witness(heard, seen.there, expires_on)
    return Belief(
        there=seen.there and not is_over,
        available_from=begun.available_from if begun else None,
        expires_on=expires_on,
        price=prices.price if prices else None,
        currency=prices.currency if prices else None,
        source=says_so.source,
        confidence=says_so.confidence,
    )


def _alone(claim: Claim, now: datetime, zone: tzinfo) -> Belief:
    """What `settle` comes to where nobody else has said anything, which is nearly always."""
    is_dated = claim.dated_at is not None and not _is_refuted(claim, (claim,), zone)
    expires_on = claim.expires_on if is_dated else None
    is_over = expires_on is not None and expires_on < now.astimezone(zone).date()
    is_priced = claim.priced_at is not None
    return Belief(
        claim.there and not is_over,
        claim.available_from if is_dated else None,
        expires_on,
        claim.price if is_priced else None,
        claim.currency if is_priced else None,
        claim.source,
        claim.confidence,
    )


def _is_later(one: Claim, other: Claim) -> bool:
    """Whether a claim speaks of all that a claim can speak of, and later than the other did."""
    dated, priced = one.dated_at, one.priced_at
    return (
        one.observed_at > other.observed_at
        and dated is not None
        and priced is not None
        and (other.dated_at is None or dated > other.dated_at)
        and (other.priced_at is None or priced > other.priced_at)
    )


def _witness(heard: Collection[Claim], there: bool, expires_on: date | None) -> Claim:
    """Of those who say what is believed the one with the most authority, whenever it said so.

    So a belief isn't another one each time that somebody else confirms it.
    """
    is_dated = there and expires_on is not None
    agreeing = [
        each
        for each in heard
        if each.there == there and (not is_dated or each.expires_on == expires_on)
    ]
    return agreeing[0] if len(agreeing) == 1 else max(agreeing, key=_trust)


def _trust(claim: Claim) -> tuple[int, float, str]:
    return authority(claim.source, signed=claim.signed), claim.confidence, claim.source


def kind(
    before: Belief | None, after: Belief, *, other_quality: bool = False
) -> AvailabilityKind | None:
    """What happened to an offer, if anything that people are told. before: None for a new one.

    That a price is not known any more is no news.
    """
    if before is None or not before.there:
        return AvailabilityKind.ADDED if after.there else None
    if not after.there:
        return AvailabilityKind.REMOVED
    if before.expires_on != after.expires_on:
        if before.expires_on is None:
            return AvailabilityKind.LEAVING
        return AvailabilityKind.DATE_MOVED if after.expires_on else AvailabilityKind.RENEWED
    told_price = after.price is not None and (after.price, after.currency) != (
        before.price, before.currency
    )  # fmt: skip
    return AvailabilityKind.CHANGED if told_price or other_quality else None


def agrees(claim: Claim, belief: Belief) -> bool:
    """Whether what a claim speaks of is what is believed."""
    return (
        claim.there == belief.there
        and (not claim.there or not claim.dated_at or claim.expires_on == belief.expires_on)
        and (
            not claim.priced_at or (claim.price, claim.currency) == (belief.price, belief.currency)
        )
    )


def _heaviest(claims: Sequence[Claim], when: Callable[[Claim], datetime]) -> Claim | None:
    """The claim that counts, by the moments of one part; there are thousands that are alone."""
    if len(claims) < 2:
        return claims[0] if claims else None
    return max(claims, key=lambda each: _weight(each, when(each)))


def _weight(claim: Claim, at: datetime) -> tuple[datetime, int, float, str]:
    """By what it is compared with others: its moment, set forward by its authority."""
    rank = authority(claim.source, signed=claim.signed)
    return at + rank * HEAD_START, rank, claim.confidence, claim.source


def _is_refuted(claim: Claim, heard: Iterable[Claim], zone: tzinfo) -> bool:
    """Whether somebody saw the offer after the day that should have been its last."""
    last, told = claim.expires_on, claim.dated_at
    if last is None or told is None:
        return False
    return any(
        other.there
        and other.observed_at > told
        and other.observed_at.astimezone(zone).date() > last
        for other in heard
    )


def _presence(claim: Claim) -> tuple[datetime, bool, float, bool]:
    return claim.observed_at, claim.signed, claim.confidence, claim.there


def _dates(claim: Claim) -> tuple[float, date, date]:
    return (
        claim.dated_at.timestamp() if claim.dated_at else float("-inf"),
        claim.expires_on or date.min,
        claim.available_from or date.min,
    )


def _prices(claim: Claim) -> tuple[float, Decimal, str]:
    return (
        claim.priced_at.timestamp() if claim.priced_at else float("-inf"),
        _NOTHING if claim.price is None else claim.price,
        claim.currency or "",
    )
