"""A signature of the instance's own, so that an admin can send a webhook as any sender would."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import uuid4

import structlog
from pydantic import ValidationError

from domain.errors import DomainError, InvalidInput, TooManyRequests
from domain.ports import Limiter
from domain.webhooks import payload, signatures

log = structlog.get_logger()

MOST_BYTES = 1024 * 1024  # as POST /webhooks/justwatch takes them
A_MINUTE = 60


class NoSecret(DomainError):
    """There is nothing to sign with: the instance has no secret for webhooks."""

    code = "NO_SECRET"

    def __init__(self) -> None:
        super().__init__(
            "This instance has no secret for webhooks, so nobody can sign one. Set"
            " STREAMING_STACK_JUSTWATCH_WEBHOOK_SECRET to what"
            ' `echo "whsec_$(openssl rand -base64 32)"` prints, and start it again.'
        )


@dataclass(frozen=True, slots=True)
class Signed:
    """What the three headers say. timestamp: seconds since 1970."""

    webhook_id: str
    timestamp: str
    signature: str


def sign(keys: Sequence[bytes], body: str, now: datetime) -> Signed:
    """A webhook's headers under a new id, good for five minutes; the first key signs.

    Raises NoSecret, and InvalidInput for what the route would not take.
    """
    if not keys:
        raise NoSecret
    encoded = _checked(body)
    webhook_id, timestamp = f"msg_{uuid4().hex}", str(int(now.timestamp()))
    return Signed(webhook_id, timestamp, signatures.sign(keys[0], webhook_id, timestamp, encoded))


async def admit(limiter: Limiter, account_id: object) -> None:
    """Count one more signature for an account; raises TooManyRequests."""
    allowance = await limiter.take(f"webhook:signed:{account_id}", A_MINUTE)
    if not allowance.allowed:
        wait = max(1, int(allowance.reset_s) + 1)
        raise TooManyRequests(
            f"{A_MINUTE} webhooks were signed for you within a minute. Try again in {wait} s.",
            limit=A_MINUTE,
            retry_after=wait,
        )


def note(account_id: object, signed: Signed) -> None:
    """Write down who had what signed: it counts as much as a sender's word."""
    log.info("webhook.signed", account=str(account_id), webhook_id=signed.webhook_id)


def _checked(body: str) -> bytes:
    try:
        encoded = body.encode()
    except UnicodeEncodeError as error:
        raise _refusal("it holds half a character (a lone surrogate)") from error
    if len(encoded) > MOST_BYTES:
        raise _refusal(f"it has {len(encoded):,} bytes, and {MOST_BYTES:,} are the most")
    try:
        payload.read(encoded)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        at = ".".join(map(str, first["loc"])) or "the whole of it"
        raise _refusal(f"{at}: {first['msg']}. docs/webhooks.md lists the fields") from error
    except ValueError as error:
        raise _refusal(f"it is not JSON ({error})") from error
    return encoded


def _refusal(why: str) -> InvalidInput:
    return InvalidInput(f"This body can't be sent as a webhook: {why}.", field="body")
