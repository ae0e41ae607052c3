"""What is known of an offer while observations of it are taken in, and which ones they are of."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TypeAlias

from domain.availability.values import Belief, Claim, Observation, OfferKey

UNKNOWN = "unknown"
Way: TypeAlias = tuple[int, int | None, int, str, str]
"""An offer's key but for its quality."""


@dataclass(slots=True)
class Dossier:
    """An offer with all that is claimed of it. id, before: None where nobody knew it until now.

    since: when what is believed began to be; implied: what somebody must have claimed where no
    claims are kept; covered: whether a list that doesn't name it says that it has left; heard:
    what is said of it now.
    """

    key: OfferKey
    id: int | None = None
    before: Belief | None = None
    since: datetime | None = None
    last_seen_at: datetime | None = None
    gone_at: datetime | None = None
    url: str | None = None
    claims: dict[str, Claim] = field(default_factory=dict)
    implied: Claim | None = None
    covered: bool = False
    previous_quality: str | None = None
    heard: list[Observation] = field(default_factory=list)

    @property
    def is_here(self) -> bool:
        """Whether it is believed to be there, or is new."""
        return self.before is None or self.before.there


def way_of(key: OfferKey) -> Way:
    """How a title is offered, in whatever quality."""
    return key.title_id, key.season_number, key.platform_id, key.country, key.monetization


def assign(known: Sequence[Dossier], said: Iterable[Observation]) -> list[Dossier]:
    """All dossiers, new ones for unknown offers included, with what is said of each.

    A quality that becomes known is that of the offer whose quality nobody knew. What is said
    without a quality is said of all that are here, or, where none is, of the one known longest;
    but a price is one quality's, so it isn't heard where several could be meant.
    """
    dossiers = list(known)
    ways: defaultdict[Way, list[Dossier]] = defaultdict(list)
    for dossier in known:
        ways[way_of(dossier.key)].append(dossier)
    # First those that say which one they mean, so that it is known whom the others can mean.
    for each in sorted(said, key=lambda each: each.offer.quality == UNKNOWN):
        among = ways[way_of(each.offer)]
        meant = _all_meant(among) if each.offer.quality == UNKNOWN else _one_meant(among, each)
        if not meant:
            meant = [Dossier(each.offer)]
            among += meant
            dossiers += meant
        told = each
        if len(meant) > 1:
            told = replace(each, priced=False, price=None, currency=None)
        for dossier in meant:
            dossier.heard.append(told)
    return dossiers


def _all_meant(among: Sequence[Dossier]) -> list[Dossier]:
    return [each for each in among if each.is_here] or list(among[:1])


def _one_meant(among: Sequence[Dossier], said: Observation) -> list[Dossier]:
    wanted = said.offer.quality
    if same := [each for each in among if each.key.quality == wanted]:
        return same
    for each in among:
        if each.key.quality == UNKNOWN:
            each.previous_quality = UNKNOWN
            each.key = replace(each.key, quality=wanted)
            return [each]
    return []
