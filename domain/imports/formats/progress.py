"""'Twelve episodes watched': lines for each of them, as trackers mean it who only count. Pure."""

from collections.abc import Iterator
from dataclasses import replace

from domain.imports import limits
from domain.imports.values import Line, Passed, What


def episodes(whole: Line, watched: int) -> Iterator[Line | Passed]:
    """The first `watched` episodes through all seasons of the title that `whole` is about."""
    if watched > limits.EPISODES_AT_ONCE:
        yield Passed(whole.n, f"nobody has watched {watched:,} episodes of one series")
        return
    for number in range(1, watched + 1):
        readings = tuple(replace(each, number_abs=number) for each in whole.readings)
        yield replace(whole, what=What.WATCH, readings=readings)
