"""The one table at the end: what was measured, beside what, and whether that is enough."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal, Self

import orjson

from bench.stats import Ratio

Verdict = Literal["pass", "FAIL", "within", "over", "not run", ""]
_HEADS = ("part", "what", "ours", "peer or limit", "ratio [95 %]", "target", "")


@dataclass(frozen=True, slots=True)
class Row:
    """One line. ours, peer: figures for people; the verdict is pass or FAIL only for a ratio.

    An absolute time is within its target or over it, and nothing fails by that: it says as much
    about the machine and who else was using it.
    """

    part: str
    what: str
    ours: str = ""
    peer: str = ""
    ratio: str = ""
    target: str = ""
    verdict: Verdict = ""

    @classmethod
    def compared(
        cls, part: str, what: str, ours: str, peer: str, found: Ratio, least: float | None
    ) -> Self:
        """A ratio, which passes when even the lower end of its interval reaches `least`."""
        if least is None:
            return cls(part, what, ours, peer, str(found))
        verdict = "pass" if found.low >= least else "FAIL"
        return cls(part, what, ours, peer, str(found), f">= {least:g}x", verdict)

    @classmethod
    def limited(cls, part: str, what: str, ours: str, peer: str, found: Ratio, most: float) -> Self:
        """How many times ours costs theirs; passes when the whole interval is within `most`."""
        verdict = "pass" if found.high <= most else "FAIL"
        return cls(part, what, ours, peer, str(found), f"<= {most:g}x", verdict)

    @classmethod
    def timed(cls, part: str, what: str, ours: str, ms: float, most: float) -> Self:
        """A time in milliseconds that should be below `most`."""
        verdict = "within" if ms < most else "over"
        return cls(part, what, ours, target=f"< {most:g} ms", verdict=verdict)

    @classmethod
    def skipped(cls, part: str, what: str, why: str) -> Self:
        """What could not be measured here, and why."""
        return cls(part, what, why, verdict="not run")


def table(rows: Sequence[Row]) -> str:
    """The rows in columns."""
    cells = [_HEADS, *(tuple(asdict(row).values()) for row in rows)]
    widths = [max(len(line[column]) for line in cells) for column in range(len(_HEADS))]
    lines = [
        "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip()
        for line in cells
    ]
    return "\n".join([lines[0], "-" * sum(widths, 2 * len(widths) - 2), *lines[1:]])


def write(path: Path, rows: Sequence[Row], **facts: Any) -> None:
    """The rows and the circumstances as JSON."""
    told = {**facts, "rows": [asdict(row) for row in rows]}
    path.write_bytes(orjson.dumps(told, option=orjson.OPT_INDENT_2) + b"\n")
