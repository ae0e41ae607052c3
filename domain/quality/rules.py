"""What counts as a disagreement about a last day. Pure; docs/availability.md says who wins."""

from collections.abc import Collection
from datetime import date

from domain.availability.rules import DEMO
from domain.availability.values import Claim
from domain.quality.values import LastDay


def last_days(
    claims: Collection[Claim], expires_on: date | None, earliest: date
) -> tuple[LastDay, ...]:
    """What sources say of an offer's last day, the one that is believed first, then by day.

    Who says that it isn't there, says nothing of days, or names one before `earliest`, which
    whoever saw the offer since has refuted, is not heard; nor is the demo, which is invented.
    expires_on: what is believed.
    """
    said = [
        LastDay(
            each.source, each.signed, each.expires_on, each.dated_at, each.expires_on == expires_on
        )
        for each in claims
        if each.source != DEMO
        and each.there
        and each.dated_at is not None
        and (each.expires_on is None or each.expires_on >= earliest)
    ]
    return tuple(
        sorted(said, key=lambda one: (not one.believed, one.expires_on or date.max, one.source))
    )


def disagree(said: Collection[LastDay]) -> bool:
    """Whether they name different days, or one names a day and another knows of no end."""
    return len({each.expires_on for each in said}) > 1
