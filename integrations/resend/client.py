"""Resend: domain.ports.Mailer."""

import calendar
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from domain.delivery.errors import DeliveryRefused, MaybeSent, QuotaUsedUp
from domain.delivery.values import MOST_EMAILS, Email
from domain.errors import DomainError
from domain.sync.ports import UpstreamAway
from domain.titles.names import clean
from integrations.resend.letters import body_of
from integrations.upstreams.errors import Refused, Unsure
from integrations.upstreams.fields import Unfit, listing, mapping, text
from integrations.upstreams.http import Reply, Upstream

PER_SECOND = 2
"""What Resend lets a new team do; what its answers tell of counts from then on."""

_AGAIN = frozenset({"rate_limit_exceeded", "application_error", "internal_server_error"})
_SETUP = frozenset({401, 403, 404, 405, 451})
_LONGEST_REST_S = 60
_IN_PROGRESS_S = 10.0


class Resend:
    """upstream: its name is what people call it. clock: the moment, aware."""

    def __init__(
        self,
        upstream: Upstream,
        key: str,
        *,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._upstream = upstream
        self._headers = {"authorization": f"Bearer {key}"}
        self._clock = clock

    def __repr__(self) -> str:
        return f"Resend({self._upstream!r})"

    async def send(self, emails: Sequence[Email], key: str) -> Sequence[str]:
        """Send up to a hundred letters, all or none; see the port."""
        if len(emails) > MOST_EMAILS:
            raise ValueError(f"{MOST_EMAILS} letters go out at once, not {len(emails)}")
        if not (1 <= len(key) <= 256 and key.isascii() and key.isprintable()):
            raise ValueError("a key has 1 to 256 printable ASCII characters")
        if not emails:
            return ()
        one = len(emails) == 1
        headers = self._headers | {"idempotency-key": key}
        if not one:
            headers["x-batch-validation"] = "strict"
        try:
            reply = await self._upstream.ask(
                "POST",
                "/emails" if one else "/emails/batch",
                body=body_of(emails),
                headers=headers,
                deed=True,
                answers=_is_final,
            )
        except Unsure:
            raise self._unsure() from None
        except Refused as refused:  # not theirs, which have names: somebody stands in between
            raise self._refusal(refused.status, "", refused.said) from None
        self._adapt(reply.headers)
        if reply.status >= 300:
            said = mapping(reply.value, "it")
            raise self._refusal(
                reply.status, said["name"], clean(str(said.get("message", "")), 200)
            )
        try:
            return _ids(reply, len(emails))
        except Unfit:
            raise self._unsure() from None

    def _adapt(self, headers: Mapping[str, str]) -> None:
        """Keep the pace that they tell, and rest where it is used up: others have the same key."""
        limit, rest_s = _count(headers, "ratelimit-limit"), _count(headers, "ratelimit-reset")
        if limit:
            self._upstream.pace(limit)
        if rest_s and _count(headers, "ratelimit-remaining") == 0:
            self._upstream.pause(min(rest_s, _LONGEST_REST_S))

    def _refusal(self, status: int, name: str, said: str) -> DomainError:
        quoted = said.replace(self._headers["authorization"].partition(" ")[2], "…")
        if name == "concurrent_idempotent_requests":
            return self._unsure(_IN_PROGRESS_S)
        if name in {"daily_quota_exceeded", "monthly_quota_exceeded"}:
            return self._quota(monthly=name.startswith("monthly"))
        if status in _SETUP or not name:
            reason = f' It says: "{quoted}"' if quoted else ""
            return UpstreamAway(
                f"{self._upstream.name} does not let this instance send mail.{reason} Look at the"
                " API key and the sender's address in the settings, and at the domain there.",
                permanent=True,
            )
        if name == "invalid_idempotent_request":
            quoted = "something else was sent under the same key before"
        return DeliveryRefused(self._upstream.name, quoted.rstrip("."))

    def _quota(self, *, monthly: bool) -> QuotaUsedUp:
        now = self._clock().astimezone(UTC)
        days = calendar.monthrange(now.year, now.month)[1] - now.day + 1 if monthly else 1
        until = now.replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=days)
        return QuotaUsedUp(
            f"The {'month' if monthly else 'day'}'s mails at {self._upstream.name} are used up."
            f" The next ones go out from {until:%d %B} on, or sooner with a larger plan there.",
            until,
            (until - now).total_seconds(),
        )

    def _unsure(self, retry_after_s: float | None = None) -> MaybeSent:
        return MaybeSent(
            f"{self._upstream.name} has not said yet whether the mail is sent. We ask again later;"
            " nobody gets it twice.",
            retry_after_s=retry_after_s,
        )


def _is_final(status: int, said: Any) -> bool:
    """Whether a refusal is theirs, and asking again within seconds won't change it."""
    name = said.get("name") if isinstance(said, dict) else None
    return isinstance(name, str) and name not in _AGAIN and status < 500


def _ids(reply: Reply, expected: int) -> tuple[str, ...]:
    body = mapping(reply.value, "it")
    items = [body] if expected == 1 else listing(body.get("data"), "its list")
    if len(items) != expected:
        raise Unfit("its list has another length than ours")
    return tuple(text(mapping(each, "an item").get("id"), "an id", 100) for each in items)


def _count(headers: Mapping[str, str], name: str) -> int | None:
    value = headers.get(name, "")
    return int(value) if value.isascii() and value.isdecimal() and len(value) < 7 else None
