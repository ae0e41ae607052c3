"""The arithmetic of measuring on a noisy machine."""

import math
import random
import statistics
from collections.abc import Sequence
from dataclasses import dataclass

_RESAMPLES = 4_000


@dataclass(frozen=True, slots=True)
class Ratio:
    """A ratio, with the ends of its 95 % interval."""

    value: float
    low: float
    high: float

    def __str__(self) -> str:
        return f"{self.value:.2f}x [{self.low:.2f}, {self.high:.2f}]"


def percentile(values: Sequence[float], share: float) -> float:
    """The smallest value that at least `share` (0 to 1) of them do not exceed."""
    ordered = sorted(values)
    return ordered[max(0, math.ceil(share * len(ordered)) - 1)]


def ratio(theirs: Sequence[float], ours: Sequence[float]) -> Ratio:
    """How many times less ours is than theirs: the median over rounds, which belong in pairs.

    The interval is a bootstrap's: the same median over rounds drawn again, with replacement.
    """
    rounds = [their / our for their, our in zip(theirs, ours, strict=True)]
    draw = random.Random(0)
    medians = [statistics.median(draw.choices(rounds, k=len(rounds))) for _ in range(_RESAMPLES)]
    return Ratio(statistics.median(rounds), percentile(medians, 0.025), percentile(medians, 0.975))


def exponent(sizes: Sequence[float], times: Sequence[float]) -> float:
    """The b of time = a * size**b, by least squares on the logarithms."""
    return statistics.linear_regression(
        [math.log(size) for size in sizes], [math.log(time) for time in times]
    ).slope
