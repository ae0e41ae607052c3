"""POST /webhooks/justwatch: what others see changing about where titles can be watched."""

from math import ceil

import structlog
from pydantic import Field

from domain.accounts.rules import network
from domain.errors import NotSignedIn, TooManyRequests
from domain.ports import Allowance
from domain.webhooks import deliveries, signatures
from domain.webhooks.payload import Webhook
from rest.json import parse
from rest.operations import Call, Header
from rest.shapes import Told

log = structlog.get_logger()

MOST_BYTES = 1024 * 1024
HEADERS = {
    "webhook-id": Header(
        "What stays the same when it is sent again; 256 visible characters at most. `svix-id` is"
        " read too, and so on.",
        "msg_2bYk0nB1",
    ),
    "webhook-timestamp": Header(
        "When it is sent, in seconds since 1970; five minutes off at most.", "1795258800"
    ),
    "webhook-signature": Header(
        "`v1,` and the base64 of HMAC-SHA256 over `id.timestamp.body`; several are separated by"
        " spaces.",
        "v1,K5oZfzN95Z9UVu1EsfQmfVNQhnkZ2pj9o9NDN/H/pI4=",
    ),
}


class Accepted(Told):
    """What became of a webhook's events."""

    accepted: int = Field(description="How many were stored, to be applied at once.", examples=[1])
    duplicates: int = Field(
        description="How many came before, under the same webhook-id.", examples=[0]
    )


class BadSignature(NotSignedIn):
    """The signature of a webhook is missing, wrong or of another time than now."""

    code = "BAD_SIGNATURE"

    def __init__(self) -> None:
        # The same for every reason: who has to guess is told nothing.
        super().__init__(
            "This webhook is not signed, not with a secret of ours, or not within five minutes of"
            " now. See docs/webhooks.md."
        )


async def receive_justwatch(call: Call, body: bytes) -> Accepted:
    """What changed about where titles can be watched, signed as Standard Webhooks says.

    Once it is answered it is stored, and applied at once. A webhook-id that came before is counted
    and not applied again, so sending again is always right.
    """
    services, seal = call.services, signatures.seal_of(call.request.headers)
    keys = services.webhook_keys
    if seal is None or not signatures.is_genuine(keys, seal, body, call.now):
        raise await _not_genuine(call)
    _refuse(await services.limiter.take("webhooks", services.limits.webhooks))
    events = len(parse(body, Webhook).data.events)
    is_new = await deliveries.take(services.database, seal.webhook_id, body, call.now)
    return Accepted(accepted=events if is_new else 0, duplicates=0 if is_new else events)


async def _not_genuine(call: Call) -> BadSignature:
    """What to raise; TooManyRequests raises itself.

    Only failures count, and they never stand in the way of a genuine webhook: behind one proxy
    everybody has one address, and nobody guesses 256 bits.
    """
    services, address = call.services, network(call.doorman.address(call.request))
    limit = services.limits.webhook_failures
    _refuse(await services.limiter.take(f"webhook:failed:{address}", limit))
    if services.webhook_keys:
        log.warning("webhook.refused", address=address)
    else:
        missing = "STREAMING_STACK_JUSTWATCH_WEBHOOK_SECRET is not set, so that nobody can sign one"
        log.warning("webhook.refused", address=address, problem=missing)
    return BadSignature()


def _refuse(allowance: Allowance) -> None:
    if not allowance.allowed:
        wait = max(1, ceil(allowance.reset_s))
        raise TooManyRequests(
            f"Too many webhooks within a minute; send it again in {wait} s.",
            limit=allowance.limit,
            retry_after=wait,
        )
