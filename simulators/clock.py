"""The clock of the pretended world. It runs like the real one and can be moved."""

import time
from datetime import UTC, date, datetime, timedelta


class Clock:
    """Tells what time it is out there. Moving it ends offers, fills buckets and expires tokens."""

    def __init__(self) -> None:
        self._ahead = timedelta()
        self._stopped_at: datetime | None = None

    def now(self) -> datetime:
        """The moment, aware, in UTC."""
        return (self._stopped_at or datetime.fromtimestamp(time.time(), UTC)) + self._ahead

    def today(self) -> date:
        """The day, by UTC."""
        return self.now().date()

    def seconds(self) -> float:
        """The moment as Unix time."""
        return self.now().timestamp()

    @property
    def ahead(self) -> timedelta:
        """How far it is before the real one, or before where it was stopped."""
        return self._ahead

    def move(self, by: timedelta) -> None:
        """Move it forward, or back."""
        self._ahead += by

    def stop(self, at: datetime) -> None:
        """Let it stand at a moment, from which only `move` takes it on."""
        self._stopped_at, self._ahead = at, timedelta()
