"""From what is known and what is said now to what has to be written. Pure.

Nothing here waits for anything, so thousands of offers can be settled in a thread of their own.
"""

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TypeAlias

from domain.availability import rules
from domain.availability.dossiers import Dossier, assign
from domain.availability.values import Belief, Claim, Observation, OfferKey, Recorded
from domain.availability.zones import day_in, zone_of
from domain.events.values import AvailabilityKind

Place: TypeAlias = tuple[int, str]
"""A platform, by its key, in a country."""

Absent: TypeAlias = Callable[[OfferKey], Observation]
"""What a list says of an offer that it doesn't name."""


@dataclass(frozen=True, slots=True)
class Change:
    """That something else is believed of an offer than before, since `at`, and what that is.

    kind: what people are told of it; None where they are not.
    """

    offer: Dossier
    after: Belief
    at: datetime
    kind: AvailabilityKind | None

    @property
    def arrives(self) -> bool:
        """Whether the offer is there with it, and wasn't before, or wasn't known."""
        before = self.offer.before
        return self.after.there and not (before and before.there)

    @property
    def is_told_of_what_stays(self) -> bool:
        """Whether people are told of another day, price or quality of an offer that was there."""
        return self.kind is not None and self.after.there and not self.arrives

    @property
    def tells_last_day(self) -> bool:
        """Whether the last day is new with it, and not one that people have heard of."""
        before, after = self.offer.before, self.after
        is_same = before and before.there and before.expires_on == after.expires_on
        return after.there and after.expires_on is not None and not is_same


@dataclass(slots=True)
class Plan:
    """What has to be written, and what the observations came to.

    seen: known offers that were seen later than before, or under another address.
    """

    changes: list[Change] = field(default_factory=list)
    seen: list[Dossier] = field(default_factory=list)
    claims: list[tuple[Dossier, Claim]] = field(default_factory=list)
    recorded: Recorded = field(default_factory=Recorded)


def plan(
    known: Sequence[Dossier],
    said: Iterable[Observation],
    now: datetime,
    *,
    absent: Absent | None = None,
    quiet: Collection[Place] = frozenset(),
    first_told: Collection[int] = frozenset(),
    again: bool = False,
) -> Plan:
    """Settle the offers that something is said of together with what is known of them.

    absent: what a list says of the offers it covers and doesn't name. quiet: where an offer that
    is heard of for the first time is no news; first_told: of which titles it is none. again: settle
    those too that nothing is said of.
    """
    made = Plan()
    agreed = changed = heard = 0
    for offer in assign(known, said):
        if absent and offer.covered and not offer.heard:
            offer.heard.append(absent(offer.key))
        if offer.heard or again:
            said_now = [rules.claim_of(each) for each in offer.heard]
            place = offer.key.platform_id, offer.key.country
            is_news = place not in quiet and offer.key.title_id not in first_told
            change = _settle(offer, said_now, now, made, is_news=is_news)
            after = change.after if change else offer.before
            assert after is not None  # an offer that nobody knew is a change
            agree = sum([rules.agrees(each, after) for each in said_now])
            heard += len(said_now)
            agreed += agree
            # However many say so, what changes is one thing.
            changed += bool(agree and change and change.kind)
    made.recorded = Recorded(changed, agreed - changed, heard - agreed)
    return made


def _settle(
    offer: Dossier, said: Sequence[Claim], now: datetime, made: Plan, *, is_news: bool
) -> Change | None:
    now = max(now, offer.since) if offer.since else now  # a clock that was set back
    claims = _claims(offer, said)
    made.claims += [
        (offer, each) for each in claims.values() if _differ(each, offer.claims.get(each.source))
    ]
    _see(offer, made)
    after = rules.settle(claims.values(), now, zone_of(offer.key.country))
    is_renamed = offer.previous_quality is not None
    kind = rules.kind(offer.before, after, other_quality=is_renamed)
    after = _begun(offer, after, now, arrives=kind is AvailabilityKind.ADDED, is_news=is_news)
    if after == offer.before and not is_renamed:
        return None
    if kind is AvailabilityKind.ADDED and not is_news:
        kind = None
    if not after.there and offer.is_here:
        offer.gone_at = now
    elif after.there:
        offer.gone_at = None
    change = Change(offer, after, now, kind)
    made.changes.append(change)
    return change


def _claims(offer: Dossier, said: Sequence[Claim]) -> dict[str, Claim]:
    """All that is claimed of an offer now, by source."""
    claims = dict(offer.claims)
    if offer.implied:
        claims[offer.implied.source] = offer.implied
    for claim in said:
        known = claims.get(claim.source)
        claims[claim.source] = rules.merge(known, claim) if known else claim
    return claims


def _differ(claim: Claim, known: Claim | None) -> bool:
    return claim is not known and claim != known


def _see(offer: Dossier, made: Plan) -> None:
    """Note when the offer was seen last, and its address as it was then."""
    if len(offer.heard) == 1:
        last = offer.heard[0] if offer.heard[0].there else None
    else:
        last = max((each for each in offer.heard if each.there), key=_when, default=None)
    if offer.last_seen_at is None and last is None:  # new, and not there
        offer.last_seen_at = min(map(_when, offer.heard))
    if last is None or (offer.last_seen_at and last.observed_at < offer.last_seen_at):
        return
    if last.observed_at != offer.last_seen_at or (last.url and last.url != offer.url):
        offer.last_seen_at = last.observed_at
        offer.url = last.url or offer.url
        if offer.before:
            made.seen.append(offer)


def _begun(offer: Dossier, after: Belief, now: datetime, *, arrives: bool, is_news: bool) -> Belief:
    """The belief with its first day, where no source tells one: the day it was first seen.

    Of a list that is the first there is nobody knows how long its offers have been there.
    """
    if after.available_from is not None:
        return after
    if arrives:
        if not is_news:
            return after
        since = min(map(_when, offer.heard), default=now)
        return replace(after, available_from=day_in(offer.key.country, min(since, now)))
    known = offer.before.available_from if offer.before else None
    if known is None or known > day_in(offer.key.country, now):
        return after
    return replace(after, available_from=known)


def _when(said: Observation) -> datetime:
    return said.observed_at
