"""What a sender of webhooks needs: three headers."""

from typing import Self

import strawberry

from domain.webhooks.signing import Signed


@strawberry.type(
    description="The headers with which POST /webhooks/justwatch takes a body, for five minutes."
)
class SignedWebhook:
    id: str = strawberry.field(description="`webhook-id`; sent again, it is a duplicate.")
    timestamp: str = strawberry.field(
        description="`webhook-timestamp`: seconds since 1970, in digits."
    )
    signature: str = strawberry.field(description="`webhook-signature`: `v1,` and base64.")

    @classmethod
    def of(cls, signed: Signed) -> Self:
        """From the domain's."""
        return cls(id=signed.webhook_id, timestamp=signed.timestamp, signature=signed.signature)
