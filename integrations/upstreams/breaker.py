"""Leaves an upstream alone that fails again and again, and asks carefully whether it is back.

Valkey's breaker (integrations.valkey) is another thing: a moment's rest after each failure, for a
server of our own that is back within seconds.
"""

import time
from collections.abc import Callable


class Breaker:
    """Opens after some failures in a row, for twice as long each time that the probe fails, too.

    Whoever was let in says how it ended, by `succeeded`, `failed` or `left`.
    """

    def __init__(
        self,
        *,
        failures: int = 6,
        rest_s: float = 5.0,
        longest_rest_s: float = 300.0,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._most = failures
        self._first_rest_s = rest_s
        self._longest_rest_s = longest_rest_s
        self._clock = clock
        self._in_a_row = 0
        self._rest_s = 0.0  # of the last time it opened; 0 while it is closed
        self._opens_until = 0.0
        self._probing = False

    @property
    def open(self) -> bool:
        """Whether somebody who comes now would be sent away."""
        return self._rest_s > 0 and (self._probing or self._clock() < self._opens_until)

    def enter(self) -> float | None:
        """None: go ahead; otherwise seconds until it is worth asking here again.

        Where the rest is over, one is let in to find out, and the others wait for what it finds.
        """
        if not self._rest_s:
            return None
        left_s = self._opens_until - self._clock()
        if left_s > 0:
            return left_s
        if self._probing:
            return 1.0
        self._probing = True
        return None

    def succeeded(self) -> None:
        """It answered, whatever it said."""
        self._in_a_row, self._rest_s, self._probing = 0, 0.0, False

    def failed(self) -> None:
        """It didn't answer, or said that it can't."""
        self._in_a_row += 1
        late = self._rest_s > 0 and not self._probing  # let in before it opened: known already
        if late or (not self._rest_s and self._in_a_row < self._most):
            return
        self._rest_s = min(self._longest_rest_s, 2 * self._rest_s or self._first_rest_s)
        self._opens_until = self._clock() + self._rest_s
        self._probing = False

    def left(self) -> None:
        """Whoever asked went away before there was an answer: the next one may find out."""
        self._probing = False
