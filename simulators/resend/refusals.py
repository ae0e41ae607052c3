"""How Resend says no: always JSON, always with a name to go by."""

from dataclasses import dataclass, field

MISSING_KEY = "Missing API key in the authorization header."
UNEXPECTED = "An unexpected error occurred."


@dataclass(slots=True)
class Refused(Exception):
    """A refusal. name: what programs match on; message: for people."""

    status: int
    name: str
    message: str
    headers: dict[str, str] = field(default_factory=dict)

    @property
    def body(self) -> dict[str, object]:
        """As it is sent."""
        return {"statusCode": self.status, "name": self.name, "message": self.message}


def invalid(message: str, status: int = 422) -> Refused:
    """A field that can't be taken."""
    return Refused(status, "validation_error", message)


def missing(field: str) -> Refused:
    """A field that has to be there."""
    return Refused(422, "missing_required_field", f"Missing `{field}` field.")


def not_found(what: str) -> Refused:
    """Something that is not there, or not any more."""
    return Refused(404, "not_found", f"{what} not found")
