"""The terminal somebody started us in, and what becomes of us when it is closed.

A closed terminal sends SIGHUP to the leader of its session alone. Where that is another program,
such as `make` in `ssh -t host make run`, we would go on without anybody to stop us.
"""

import os
import select
import signal
import threading
from types import TracebackType
from typing import Self

_STDIN, _OUTPUTS = 0, (1, 2)
_LOOK_EVERY_MS = 500  # not every system wakes us when it happens


class Terminal(threading.Thread):
    """Watches the terminal for its end; then SIGHUP comes, unless nobody could type to us anyway.

    What we still say goes nowhere from then on: writing to a closed terminal is an error, which
    Python makes exit code 120.
    """

    def __init__(self) -> None:
        super().__init__(name="terminal", daemon=True)
        self._watched = [number for number in (_STDIN, *_OUTPUTS) if os.isatty(number)]
        self._lock = threading.Lock()
        self._over = False
        self._gone = False

    def run(self) -> None:
        """Wait for the end of the terminal, or ours."""
        while not self._over and not self._hung_up(_LOOK_EVERY_MS):
            pass
        with self._lock:
            if not self._over and self.closed() and _STDIN in self._watched:
                os.kill(os.getpid(), signal.SIGHUP)

    def closed(self) -> bool:
        """Whether it is gone; what we say goes nowhere then."""
        if not self._gone and self._hung_up(0):
            self._gone = True
            nowhere = os.open(os.devnull, os.O_WRONLY)
            for number in self._watched:
                if number in _OUTPUTS:
                    os.dup2(nowhere, number)
            os.close(nowhere)
        return self._gone

    def _hung_up(self, patience_ms: int) -> bool:
        poll = select.poll()  # one of its own: two threads may not share it
        for number in self._watched:
            poll.register(number, 0)  # a hang-up is told always
        return any(event & select.POLLHUP for _, event in poll.poll(patience_ms))

    def __enter__(self) -> Self:
        if self._watched:
            self.start()
        return self

    def __exit__(
        self,
        _kind: type[BaseException] | None,
        problem: BaseException | None,
        _trace: TracebackType | None,
    ) -> bool:
        """Stop watching. A write that failed since the terminal is gone is its end, no error."""
        with self._lock:
            self._over = True
        return self.closed() and isinstance(problem, OSError)
