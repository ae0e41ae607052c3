"""How a profile wants to be told things: which channels, and when not."""

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields, replace
from datetime import time
from typing import Any

from domain.errors import InvalidInput
from domain.titles.names import clean

_TIME = re.compile(r"([01][0-9]|2[0-3]):[0-5][0-9]")


@dataclass(frozen=True, slots=True)
class QuietHours:
    """Local times, "HH:MM"; from 22:00 to 07:00 is the night."""

    start: str
    end: str

    def cover(self, moment: time) -> bool:
        """Whether a local time is quiet; the end itself is not."""
        start, end = time.fromisoformat(self.start), time.fromisoformat(self.end)
        if start < end:
            return start <= moment < end
        return moment >= start or moment < end


@dataclass(frozen=True, slots=True)
class Notifications:
    """email, telegram, live: channels; digest: the weekly one; quiet_hours: None for never."""

    email: bool = True
    telegram: bool = False
    live: bool = True
    digest: bool = True
    quiet_hours: QuietHours | None = None

    @classmethod
    def of(cls, stored: Mapping[str, Any]) -> "Notifications":
        """What is stored in `profiles.notifications`; what is missing there has its default."""
        known = {field.name: stored[field.name] for field in fields(cls) if field.name in stored}
        if known.get("quiet_hours"):
            known["quiet_hours"] = QuietHours(**known["quiet_hours"])
        return cls(**known)

    def stored(self) -> dict[str, Any]:
        """The form for `profiles.notifications`."""
        return asdict(self)

    def changed(self, changes: Mapping[str, Any]) -> "Notifications":
        """These with some changed; what isn't named stays. Raises InvalidInput.

        changes: by field; quiet_hours is {"start": "22:00", "end": "07:00"} or None.
        """
        kept: dict[str, Any] = {}
        switches = {field.name for field in fields(self)} - {"quiet_hours"}
        for name, value in changes.items():
            if name == "quiet_hours":
                kept[name] = None if value is None else _quiet_hours(value)
            elif name not in switches:
                raise _refused(f"There is no notification setting {clean(name, 40)!r}.")
            elif not isinstance(value, bool):
                raise _refused(f"{name} is either on (true) or off (false).")
            else:
                kept[name] = value
        return replace(self, **kept)


def _quiet_hours(given: object) -> QuietHours:
    if isinstance(given, Mapping) and set(given) == {"start", "end"}:
        start, end = given["start"], given["end"]
        times = [each for each in (start, end) if isinstance(each, str) and _TIME.fullmatch(each)]
        if len(times) == 2 and start != end:
            return QuietHours(*times)
    raise _refused("Quiet hours have a start and an end, two different times like 22:00 and 07:00.")


def _refused(sentence: str) -> InvalidInput:
    return InvalidInput(sentence, field="notifications")
