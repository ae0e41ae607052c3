"""What a process remembers of Valkey for some minutes, which spares most answers a look there."""

from collections.abc import Callable
from dataclasses import dataclass, field
from time import monotonic
from typing import Generic, TypeVar

Value = TypeVar("Value")


@dataclass(slots=True)
class Recent(Generic[Value]):
    """Values by their keys, each for kept_s seconds from when it was put; most: the newest ones."""

    most: int
    kept_s: float
    clock: Callable[[], float] = monotonic
    _kept: dict[str, tuple[float, Value]] = field(default_factory=dict)

    def get(self, key: str) -> Value | None:
        """The value of a key; None where there is none, or it is too old."""
        known = self._kept.get(key)
        return known[1] if known and self.clock() < known[0] else None

    def put(self, key: str, value: Value) -> None:
        """Remember a value from now on."""
        self._kept.pop(key, None)
        self._kept[key] = (self.clock() + self.kept_s, value)
        if len(self._kept) > self.most:
            del self._kept[next(iter(self._kept))]  # they stand in the order in which they came
