"""Which requests go wrong, and how: faults put on by tests, until used up or cleared."""

import re
from dataclasses import dataclass, field
from random import Random
from typing import Any

# Those that leave the answer unasked, those that break its bytes, those that change its JSON.
INSTEAD = frozenset(
    {
        "too_many", "too_many_silent", "server_error", "html", "not_json", "empty", "gzip_bomb",
        "huge", "drop",
    }
)  # fmt: skip
SPOILED = frozenset({"wrong_types", "short_page", "shrinking_total", "bad_encoding", "cut"})
SLOW = frozenset({"stall", "slow_body"})
KINDS = INSTEAD | SPOILED | SLOW
_FIELDS = {"upstream", "kind", "times", "path", "retry_after", "seed", "share", "status", "seconds"}


class BadFault(ValueError):
    """A fault that can't be put on, with what is wrong about it."""


@dataclass(slots=True)
class Fault:
    """One. times: how many requests yet, None for all that come; path: a pattern found in theirs.

    share: of the requests it could meet, drawn by the seed; seconds: of a stall or a slow body.
    """

    upstream: str
    kind: str
    times: int | None = None
    path: re.Pattern[str] | None = None
    retry_after: float = 1
    seed: int = 0
    share: float = 1.0
    status: int = 503
    seconds: float = 5.0
    id: int = 0
    used: int = 0
    random: Random = field(default_factory=Random, repr=False)

    def meets(self, path: str) -> bool:
        """Whether a request gets it; one that does is counted."""
        if self.times == 0 or (self.path is not None and not self.path.search(path)):
            return False
        if self.share < 1 and self.random.random() >= self.share:
            return False
        if self.times is not None:
            self.times -= 1
        self.used += 1
        return True

    def told(self) -> dict[str, Any]:
        """As the controls show it."""
        return {
            "id": self.id, "upstream": self.upstream, "kind": self.kind, "times": self.times,
            "path": self.path.pattern if self.path else None, "share": self.share,
            "used": self.used,
        }  # fmt: skip


def read_fault(told: Any, upstreams: frozenset[str]) -> Fault:
    """A fault from the JSON that describes it. Raises BadFault."""
    if not isinstance(told, dict):
        raise BadFault("a fault is a JSON object")
    unknown = sorted(map(str, set(told) - _FIELDS))
    if unknown:
        raise BadFault(f"there is no {', '.join(unknown)} in a fault; there is {_list(_FIELDS)}")
    if told.get("upstream") not in upstreams:
        raise BadFault(f"upstream has to be one of {_list(upstreams)}")
    if told.get("kind") not in KINDS:
        raise BadFault(f"kind has to be one of {_list(KINDS)}")
    times = _number(told, "times", None, 1, 1_000_000, whole=True)
    seed = _number(told, "seed", 0, -(2**53), 2**53, whole=True)
    return Fault(
        upstream=told["upstream"],
        kind=told["kind"],
        times=None if times is None else int(times),
        path=_pattern(told.get("path")),
        retry_after=_number(told, "retry_after", 1, 0, 86_400) or 0,
        seed=int(seed or 0),
        share=_number(told, "share", 1.0, 0, 1) or 0,
        status=int(_number(told, "status", 503, 500, 599, whole=True) or 503),
        seconds=_number(told, "seconds", 5.0, 0, 3600) or 0,
        random=Random(f"fault {int(seed or 0)}"),
    )


def _list(names: set[str] | frozenset[str]) -> str:
    return ", ".join(sorted(names))


def _number(
    told: dict[str, Any],
    name: str,
    otherwise: float | None,
    least: float,
    most: float,
    *,
    whole: bool = False,
) -> float | None:
    value = told.get(name)
    if value is None:
        return otherwise
    kinds = int if whole else (int, float)
    if isinstance(value, bool) or not isinstance(value, kinds) or not least <= value <= most:
        kind = "a whole number" if whole else "a number"
        raise BadFault(f"{name} has to be {kind} from {least} to {most}")
    return value


def _pattern(told: Any) -> re.Pattern[str] | None:
    if told is None:
        return None
    try:
        return re.compile(told)
    except (re.error, TypeError) as problem:
        raise BadFault(f"path has to be a regular expression: {problem}") from problem


class Faults:
    """Those that are on; the first that meets a request is the one it gets."""

    def __init__(self) -> None:
        self._on: list[Fault] = []
        self._last_id = 0

    def put_on(self, fault: Fault) -> Fault:
        """Put one on, behind those that are; it gets its id."""
        self._last_id += 1
        fault.id = self._last_id
        self._on.append(fault)
        return fault

    def clear(self, upstream: str | None = None, id: int | None = None) -> int:
        """Take off those of an upstream, or one by its id, or all; how many that were."""
        kept = [
            each
            for each in self._on
            if (upstream is not None and each.upstream != upstream)
            or (id is not None and each.id != id)
        ]
        cleared, self._on = len(self._on) - len(kept), kept
        return cleared

    def draw(self, upstream: str, path: str) -> Fault | None:
        """What a request meets, if anything."""
        for fault in self._on:
            if fault.upstream == upstream and fault.meets(path):
                if fault.times == 0:
                    self._on.remove(fault)
                return fault
        return None

    def told(self) -> list[dict[str, Any]]:
        """All that are on."""
        return [fault.told() for fault in self._on]
