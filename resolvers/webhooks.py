"""Signing a webhook, for admins who try out what a sender would do."""

from typing import Annotated

import strawberry

from domain.webhooks import signing
from schema.context import Info
from schema.errors import Refusal
from schema.webhooks import SignedWebhook

Body = Annotated[
    str,
    strawberry.argument(description="The body to the letter, as it will be sent; 1 MiB at most."),
]
SignPayload = Annotated[SignedWebhook | Refusal, strawberry.union("SignWebhookPayload")]


@strawberry.type
class WebhooksMutation:
    @strawberry.mutation(
        description="Sign a webhook with the instance's own secret, which stays here; for admins."
        " Nothing is sent: that is yours to do, at POST /webhooks/justwatch."
    )
    async def sign_webhook(self, info: Info, body: Body) -> SignPayload | None:
        context = info.context
        account_id = context.viewer.require_admin()
        signed = signing.sign(context.services.webhook_keys, body, context.now)
        await signing.admit(context.services.limiter, account_id)
        signing.note(account_id, signed)
        return SignedWebhook.of(signed)
