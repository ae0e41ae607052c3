"""Answers as observations: what they list, on platforms of ours. No I/O."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import blake2b
from typing import TypeAlias

from domain.availability.values import Observation, OfferKey
from domain.sync.payloads import decode
from domain.sync.values import Answer, Word

Key: TypeAlias = tuple[int, int | None, int, str, str, str]
"""An offer's identity; fields as those of availability's OfferKey."""

_UNDERSTOOD = 1  # another number when answers come to mean something else: all are read anew then


@dataclass(slots=True)
class Read:
    """What answers say. counts: by title how many offers it lists; partial: titles of whose answers
    something was rejected, so that what they lack may have been that; keys: of all that is listed.
    """

    observations: list[Observation] = field(default_factory=list)
    keys: set[Key] = field(default_factory=set)
    counts: dict[int, int] = field(default_factory=dict)
    partial: set[int] = field(default_factory=set)
    rejected: int = 0
    unplaced: int = 0

    @property
    def listed(self) -> int:
        """How many offers are listed."""
        return sum(self.counts.values())

    def names(self, key: Key) -> bool:
        """Whether an offer is listed, in its quality or without telling one."""
        return key in self.keys or (*key[:-1], "unknown") in self.keys


def salt_of(packages: Mapping[int, int]) -> bytes:
    """What a payload's digest is salted with: platforms that become known make it another."""
    known = repr((_UNDERSTOOD, sorted(packages.items()))).encode()
    return blake2b(known, digest_size=16).digest()


def read(
    answers: Sequence[Answer],
    packages: Mapping[int, int],
    word: Word,
    countries: Collection[str],
    now: datetime,
) -> Read:
    """What answers given about `countries` say; packages: our platforms by their package ids."""
    made = Read()
    asked = set(countries)
    for answer in answers:
        title_id, count = answer.title_id, 0
        made.rejected += len(answer.rejected)
        if answer.rejected:
            made.partial.add(title_id)
        for seen in decode(answer.payload):
            if seen.country not in asked:
                continue
            count += 1
            platform_id = packages.get(seen.package_id)
            if platform_id is None:
                made.unplaced += 1
                continue
            season = seen.season_number or None
            made.keys.add(
                (title_id, season, platform_id, seen.country, seen.monetization, seen.quality)
            )
            made.observations.append(
                Observation(
                    OfferKey(
                        title_id, season, platform_id, seen.country, seen.monetization, seen.quality
                    ),
                    there=True,
                    source=word.name,
                    confidence=word.confidence,
                    observed_at=now,
                    dated=word.dated,
                    priced=word.priced,
                    available_from=seen.available_from,
                    expires_on=seen.expires_on,
                    price=seen.price,
                    currency=seen.currency,
                    url=seen.url,
                )
            )
        made.counts[title_id] = count
    return made
