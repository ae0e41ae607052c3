"""How Telegram says no."""

from dataclasses import dataclass, field
from typing import Any


@dataclass(slots=True)
class Refused(Exception):
    """A refusal. description: begins as the status is called."""

    status: int
    description: str
    parameters: dict[str, int] = field(default_factory=dict)

    @property
    def body(self) -> dict[str, Any]:
        """The envelope."""
        said: dict[str, Any] = {
            "ok": False,
            "error_code": self.status,
            "description": self.description,
        }
        return {**said, "parameters": self.parameters} if self.parameters else said


def bad(what: str) -> Refused:
    """A request that can't be understood or carried out."""
    return Refused(400, f"Bad Request: {what}")


def forbidden(what: str) -> Refused:
    """Somebody who must not be written to."""
    return Refused(403, f"Forbidden: {what}")


def conflict(what: str) -> Refused:
    """Two who want the same updates."""
    return Refused(409, f"Conflict: {what}")


def too_many(seconds: int) -> Refused:
    """Too fast. The header that says so, too, is put on where this is answered."""
    told = f"Too Many Requests: retry after {seconds}"
    return Refused(429, told, {"retry_after": seconds})
