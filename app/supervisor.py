"""Keeps our servers and commands running, and takes all of them down with it.

A service that dies is started again, after a pause that doubles. One that keeps dying takes the
whole instance down with a sentence and its last log lines: half an instance helps nobody.
"""

import logging
import signal
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from typing import Protocol

from app.embedded.errors import StartupProblem
from app.embedded.logs import tail

_TICK = 0.05
_STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
_logger = logging.getLogger(__name__)


class Service(Protocol):
    """What can be kept running: `Postgres`, `Valkey` and `Command` are."""

    @property
    def name(self) -> str: ...
    @property
    def log_file(self) -> Path: ...
    @property
    def alive(self) -> bool: ...
    @property
    def ending(self) -> str: ...
    def start(self) -> None: ...
    def stop(self, grace: float = ..., hurry: Callable[[], bool] = ...) -> None: ...


@dataclass(frozen=True)
class Patience:
    """How much a service may trouble us, in seconds and deaths."""

    first_pause: float = 0.5
    longest_pause: float = 30.0
    steady_after: float = 60.0  # alive this long, its earlier deaths are forgotten
    deaths: int = 5
    grace: float = 10.0  # to stop in


class Supervisor:
    """Runs services in the given order until a signal or `stop`, then stops them in reverse."""

    def __init__(
        self,
        services: Sequence[Service],
        *,
        patience: Patience | None = None,
        say: Callable[[str], None] = _logger.warning,
    ) -> None:
        self._patience = patience or Patience()
        self._say = say
        self._keepers = [_Keeper(service, self._patience, say) for service in services]
        self._stop_requests = 0

    def stop(self) -> None:
        """Ask `run` to end; asking twice is impatience, and kills. From any thread."""
        self._stop_requests += 1

    def run(self) -> None:
        """Return when all has stopped; raise `StartupProblem` when a service keeps dying."""
        with self._listening_to_signals():
            try:
                for keeper in self._keepers:
                    if self._stop_requests:
                        break
                    keeper.start()
                while not self._stop_requests:
                    for keeper in self._keepers:
                        keeper.tend()
                    time.sleep(_TICK)
            finally:
                for keeper in reversed(self._keepers):
                    keeper.service.stop(self._patience.grace, lambda: self._stop_requests > 1)

    @contextmanager
    def _listening_to_signals(self) -> Iterator[None]:
        if threading.current_thread() is not threading.main_thread():
            yield  # only the main thread may; the owner of this one calls `stop`
            return

        def count(_number: int, _frame: FrameType | None) -> None:
            self.stop()  # no more than that: a handler may interrupt anything, locks included

        before = {number: signal.signal(number, count) for number in _STOP_SIGNALS}
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)


class _Keeper:
    """One service, and how often it has died of late."""

    def __init__(self, service: Service, patience: Patience, say: Callable[[str], None]) -> None:
        self.service = service
        self._patience = patience
        self._say = say
        self._started_at = 0.0
        self._deaths = 0
        self._start_again_at: float | None = None

    def start(self) -> None:
        self._start_again_at = None
        self.service.start()
        self._started_at = time.monotonic()

    def tend(self) -> None:
        """Notice a death, and start again when the pause is over."""
        now = time.monotonic()
        if self._start_again_at is None:
            if not self.service.alive:
                self._died(self.service.ending, now)
        elif now >= self._start_again_at:
            try:
                self.start()
            except StartupProblem as problem:
                self._died(problem.message, now)

    def _died(self, how: str, now: float) -> None:
        steady = now - self._started_at >= self._patience.steady_after
        self._deaths = 1 if steady else self._deaths + 1
        if self._deaths >= self._patience.deaths:
            raise StartupProblem(
                f"{self.service.name} stopped {self._deaths} times in a row ({how})",
                f"its last lines follow, and the rest is in {self.service.log_file}",
                details=tail(self.service.log_file),
            )
        pause = self._patience.first_pause * 2 ** (self._deaths - 1)
        pause = min(pause, self._patience.longest_pause)
        self._start_again_at = now + pause
        self._say(f"{self.service.name} stopped ({how}); starting it again in {pause:g} s")
