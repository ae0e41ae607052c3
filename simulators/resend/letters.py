"""What may be sent: an email as it was posted becomes a value, or is refused by field."""

import base64
import binascii
import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from simulators.resend.refusals import Refused, invalid, missing

MOST_RECIPIENTS = 50
MOST_ATTACHED = 40 * 2**20
_ADDRESS = re.compile(r"[^\s@<>,\"]+@[^\s@<>,\"]+\.[^\s@<>,\".]+")
_NAMED = re.compile(r"[^<>\r\n]*<([^<>]+)>")
_TAG = re.compile(r"[A-Za-z0-9_-]{1,256}")
_SOON = re.compile(r"in (\d+) (second|sec|minute|min|hour|day|week)s?")
_UNITS = {"sec": "seconds", "min": "minutes"}
_FORM = (
    "The email address needs to follow the `email@example.com` or "
    "`Name <email@example.com>` format."
)


@dataclass(frozen=True, slots=True)
class Letter:
    """An email that may be sent. scheduled_at: None for now."""

    sender: str
    to: tuple[str, ...]
    subject: str
    html: str | None
    text: str | None
    cc: tuple[str, ...]
    bcc: tuple[str, ...]
    reply_to: tuple[str, ...]
    headers: dict[str, str]
    tags: tuple[dict[str, str], ...]
    attachments: tuple[str, ...]
    scheduled_at: datetime | None

    @property
    def recipients(self) -> tuple[str, ...]:
        """Everybody who gets it, each of whom counts."""
        return tuple(address_of(each) for each in (*self.to, *self.cc, *self.bcc))


def address_of(text: str) -> str:
    """The bare address, in lower case, out of one with or without a name; '' for neither."""
    named = _NAMED.fullmatch(text.strip())
    address = (named[1] if named else text).strip()
    return address.lower() if _ADDRESS.fullmatch(address) else ""


def letter(sent: Any, now: datetime, *, batch: bool = False) -> Letter:
    """Understand one email. batch: neither attachments nor a schedule, then. Raises Refused."""
    if not isinstance(sent, dict):
        raise invalid("The email must be an object.")
    template = sent.get("template")
    for name in ("from", "to") if template else ("from", "to", "subject"):
        if sent.get(name) in (None, "", []):
            raise missing(name)
    if not template and sent.get("html") is None and sent.get("text") is None:
        raise Refused(422, "missing_required_field", "Missing `html` or `text` field.")
    if not isinstance(sent["from"], str) or not address_of(sent["from"]):
        raise Refused(422, "invalid_from_address", f"Invalid `from` field. {_FORM}")
    for name in ("subject", "html", "text"):
        if not isinstance(sent.get(name) or "", str):
            raise invalid(f"The `{name}` field must be a `string`.")
    if batch and (sent.get("attachments") or sent.get("scheduled_at")):
        name = "attachments" if sent.get("attachments") else "scheduled_at"
        raise invalid(f"The `{name}` field is not supported in batch emails.")
    html = sent.get("html")
    return Letter(
        sender=sent["from"],
        to=_addresses(sent, "to"),
        subject=sent.get("subject") or "",
        html=html,
        text=sent.get("text") if "text" in sent else _plain(html),
        cc=_addresses(sent, "cc"),
        bcc=_addresses(sent, "bcc"),
        reply_to=_addresses(sent, "reply_to"),
        headers=_headers(sent.get("headers")),
        tags=_tags(sent.get("tags")),
        attachments=_attachments(sent.get("attachments")),
        scheduled_at=when(sent["scheduled_at"], now) if sent.get("scheduled_at") else None,
    )


def _addresses(sent: dict[str, Any], name: str) -> tuple[str, ...]:
    given = sent.get(name) or []
    given = [given] if isinstance(given, str) else given
    if not isinstance(given, list) or not all(isinstance(each, str) for each in given):
        raise invalid(f"The `{name}` field must be a `string` or an array of them.")
    if len(given) > MOST_RECIPIENTS:
        raise invalid(f"The `{name}` field must have at most {MOST_RECIPIENTS} items.")
    if not all(address_of(each) for each in given):
        raise invalid(f"Invalid `{name}` field. {_FORM}")
    return tuple(given)


def _headers(given: Any) -> dict[str, str]:
    given = given or {}
    if not isinstance(given, dict) or not all(isinstance(each, str) for each in given.values()):
        raise invalid("The `headers` field must be an object of strings.")
    if any("\n" in part or "\r" in part for pair in given.items() for part in pair):
        raise invalid("The `headers` field must not contain line breaks.")
    return given


def _tags(given: Any) -> tuple[dict[str, str], ...]:
    for tag in given or []:
        parts = [tag.get("name"), tag.get("value")] if isinstance(tag, dict) else [None]
        if not all(isinstance(part, str) and _TAG.fullmatch(part) for part in parts):
            raise invalid(
                "Tags should only contain ASCII letters, numbers, underscores, or dashes, "
                "and be at most 256 characters long."
            )
    return tuple({"name": tag["name"], "value": tag["value"]} for tag in given or [])


def _attachments(given: Any) -> tuple[str, ...]:
    names, size = [], 0
    for each in given or []:
        content = each.get("content") if isinstance(each, dict) else None
        if not isinstance(each, dict) or not (content or each.get("path")):
            raise Refused(
                422, "invalid_attachment", "Attachment must have either a `content` or `path`."
            )
        if isinstance(content, str):
            try:
                base64.b64decode(content, validate=True)
            except (binascii.Error, ValueError):
                raise Refused(
                    422, "invalid_attachment", "Attachment `content` must be base64."
                ) from None
            size += len(content)
        names.append(str(each.get("filename") or "attachment"))
    if size > MOST_ATTACHED:
        raise Refused(422, "invalid_attachment", "Attachments must be at most 40MB in total.")
    return tuple(names)


def when(given: Any, now: datetime) -> datetime:
    """A moment up to thirty days from now: ISO 8601, or such as `in 2 hours`. Raises Refused."""
    told = _SOON.fullmatch(given.strip().lower()) if isinstance(given, str) else None
    if told:
        unit = _UNITS.get(told[2], f"{told[2]}s")
        at = now + timedelta(**{unit: min(int(told[1]), 10**6)})
    else:
        try:
            at = datetime.fromisoformat(given)
        except (TypeError, ValueError):
            raise invalid("The `scheduled_at` field must be a date in ISO 8601.") from None
        at = at if at.tzinfo else at.replace(tzinfo=UTC)
    if at > now + timedelta(days=30):
        raise invalid("The `scheduled_at` field must be within 30 days.")
    return at


def _plain(html: str | None) -> str | None:
    return None if html is None else re.sub(r"<[^>]*>", "", html).strip()
