"""A complete list of offers becomes what is believed of them, by the rule that all sources obey.

What the list covers and doesn't name has left, it says; whether that is believed, and what becomes
of what others say, is settled by domain.availability.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from sqlmodel.ext.asyncio.session import AsyncSession

from domain.availability import service
from domain.availability.planning import Change
from domain.availability.repo import Cover
from domain.availability.values import Observation


@dataclass(frozen=True, slots=True)
class OfferChanges:
    """How many offers a list brought, brought back, changed and ended, and left as they were."""

    new: int
    returned: int
    changed: int
    gone: int
    kept: int

    @property
    def any(self) -> bool:
        """Whether anything is believed now that was not before."""
        return bool(self.new or self.returned or self.changed or self.gone)


async def sync(
    session: AsyncSession,
    listed: Sequence[Observation],
    *,
    cover: Cover,
    source: str,
    confidence: float,
    at: datetime,
) -> OfferChanges:
    """Take in the complete list of the offers that `cover` tells.

    at: when the list was seen, aware.
    """
    absent = partial(Observation, there=False, source=source, confidence=confidence, observed_at=at)
    made = await service.record_list(session, listed, at, cover=cover, absent=absent)
    return _counted(made.changes, len(listed))


def _counted(changes: Iterable[Change], listed: int) -> OfferChanges:
    counts = {"new": 0, "returned": 0, "changed": 0, "gone": 0}
    for change in changes:
        if what := _what(change):
            counts[what] += 1
    kept = listed - counts["new"] - counts["returned"] - counts["changed"]
    return OfferChanges(**counts, kept=kept)


def _what(change: Change) -> str | None:
    before, after = change.offer.before, change.after
    if before is None:
        return "new" if after.there else None
    if before.there:
        return "changed" if after.there else "gone"
    return "returned" if after.there else None
