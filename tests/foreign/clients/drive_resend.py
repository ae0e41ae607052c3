"""resend: mails alone and in batches, idempotency, webhooks, suppressions, refusals."""

import asyncio
import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import resend
from receiver import listening
from standin import BASE, control, failure, fault, pause, stop_the_clock, tell

resend.api_url = f"{BASE}/resend"
resend.api_key = "re_a_key"

SAID = ("code", "error_type", "message", "headers")
FROM = "Guide <digest@guide.example>"


def mail(subject: str, to: str = "delivered@resend.dev", **more: Any) -> dict[str, Any]:
    """A mail that is in order."""
    return {"from": FROM, "to": [to], "subject": subject, "html": f"<p>{subject}</p>", **more}


def calm(call: Callable[[], Any]) -> Any:
    """Let a second of the stand-in's time pass, then call: its limit is two a second."""
    pause()
    return call()


def refused(call: Callable[[], Any]) -> dict[str, Any]:
    """How a call is refused."""
    return calm(lambda: failure(call, *SAID))


def with_key(key: str) -> dict[str, Any]:
    """How a key is refused."""
    kept, resend.api_key = resend.api_key, key
    try:
        return refused(lambda: resend.Emails.send(mail("Never")))
    finally:
        resend.api_key = kept


def mails() -> dict[str, Any]:
    """One mail, looked at; one that waits, moved and called off; one sent without blocking."""
    full = mail(
        "Leaving soon: 3 titles",
        headers={
            "List-Unsubscribe": "<https://guide.example/u/abc>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        },
        tags=[{"name": "category", "value": "weekly_digest"}],
        reply_to="help@guide.example",
    )
    sent = calm(lambda: resend.Emails.send(full))
    other = calm(lambda: asyncio.run(resend.Emails.send_async(mail("Not blocking"))))
    return {
        "sent": sent,
        "got": calm(lambda: resend.Emails.get(sent["id"])),
        "other": other,
        "got_other": calm(lambda: asyncio.run(resend.Emails.get_async(other["id"]))),
    }


def scheduled() -> dict[str, Any]:
    """A mail that waits, moved to another day and called off."""
    tomorrow = (datetime.now(UTC) + timedelta(days=1)).isoformat()
    sent = calm(lambda: resend.Emails.send(mail("Later", scheduled_at="in 2 days")))
    return {
        "before": calm(lambda: resend.Emails.get(sent["id"])),
        "moved": calm(lambda: resend.Emails.update({"id": sent["id"], "scheduled_at": tomorrow})),
        "after": calm(lambda: resend.Emails.get(sent["id"])),
        "called_off": calm(lambda: resend.Emails.cancel(sent["id"])),
        "at_last": calm(lambda: resend.Emails.get(sent["id"])),
        "tomorrow": tomorrow,
    }


def idempotency() -> dict[str, Any]:
    """The same key twice, and with another mail."""
    key = {"idempotency_key": "digest-weekly/42/2026-W47"}
    return {
        "first": calm(lambda: resend.Emails.send(mail("Once"), key)),
        "second": calm(lambda: resend.Emails.send(mail("Once"), key)),
        "other": refused(lambda: resend.Emails.send(mail("Twice"), key)),
        "too_long": refused(
            lambda: resend.Emails.send(mail("Long"), {"idempotency_key": "k" * 257})
        ),
    }


def batches() -> dict[str, Any]:
    """Three at once; with a bad one among them, strictly and not; and again with the same key."""
    good = [mail(f"Batch {number}") for number in range(3)]
    bad = [good[0], {"from": FROM, "to": ["x@example.com"], "html": "<p>-</p>"}, good[2]]
    key = {"idempotency_key": "batch/1"}
    return {
        "sent": calm(lambda: resend.Batch.send(good, key)),
        "again": calm(lambda: resend.Batch.send(good, key)),
        "strict": refused(lambda: resend.Batch.send(bad)),
        "permissive": calm(lambda: resend.Batch.send(bad, {"batch_validation": "permissive"})),
        "too_many": refused(lambda: resend.Batch.send([good[0]] * 101)),
    }


def listed() -> dict[str, Any]:
    """All mails, in pages of four, newest first."""
    found: list[list[str]] = []
    wanted: dict[str, Any] = {"limit": 4}
    while True:
        page = calm(lambda: resend.Emails.list(dict(wanted)))
        found.append([each["id"] for each in page["data"]])
        if not page["has_more"]:
            return {"pages": found}
        wanted["after"] = found[-1][-1]


def webhooks() -> dict[str, Any]:
    """Ask for webhooks, send what bounces, and check what comes in as the SDK checks it."""
    with listening() as inbox:
        made = calm(
            lambda: resend.Webhooks.create(
                {"endpoint": inbox.url, "events": ["email.bounced", "email.complained"]}
            )
        )
        got = calm(lambda: resend.Webhooks.get(made["id"]))
        sent = calm(lambda: resend.Emails.send(mail("Bounces", "bounced@resend.dev")))
        pause(5)
        body, headers = inbox.wait_for(1)[0]

        def verify(payload: str, secret: str = made["signing_secret"]) -> Any:
            return resend.Webhooks.verify(
                {
                    "payload": payload,
                    "headers": {
                        name: headers[f"svix-{name}"] for name in ("id", "timestamp", "signature")
                    },
                    "webhook_secret": secret,
                }
            )

        return {
            "url": inbox.url,
            "made": made,
            "got": got,
            "sent": sent,
            "verified": verify(body),
            "body": json.loads(body),
            "forged": failure(lambda: verify(body.replace("bounced", "opened"))),
            "other_secret": failure(lambda: verify(body, "whsec_" + "QUJD" * 8)),
            "bounced": calm(lambda: resend.Emails.get(sent["id"])),
            "all": calm(resend.Webhooks.list),
            "stopped": calm(
                lambda: resend.Webhooks.update({"webhook_id": made["id"], "status": "disabled"})
            ),
            "removed": calm(lambda: resend.Webhooks.remove(made["id"])),
            "none": refused(lambda: resend.Webhooks.get(made["id"])),
        }


def suppressions() -> dict[str, Any]:
    """An address that wants no mail: added, found, respected, taken off."""
    address = "enough@example.com"
    return {
        "added": calm(lambda: resend.Suppressions.add({"email": address})),
        "got": calm(lambda: resend.Suppressions.get(address)),
        "all": calm(resend.Suppressions.list),
        "mail": calm(lambda: resend.Emails.send(mail("Unwanted", address))),
        "removed": calm(lambda: resend.Suppressions.remove(address)),
        "none": refused(lambda: resend.Suppressions.get(address)),
    }


def too_many() -> dict[str, Any]:
    """What happens when nobody waits."""
    return calm(
        lambda: failure(
            lambda: [resend.Emails.send(mail(f"Burst {number}")) for number in range(20)], *SAID
        )
    )


def broken(kind: str, **more: object) -> dict[str, Any]:
    """What the client makes of a fault."""
    fault("resend", kind, **more)
    return refused(lambda: resend.Emails.send(mail("Lost")))


stop_the_clock()
tell(
    {
        "mails": mails(),
        "scheduled": scheduled(),
        "idempotency": idempotency(),
        "batches": batches(),
        "listed": listed(),
        "webhooks": webhooks(),
        "suppressions": suppressions(),
        "errors": {
            "no_key": with_key(""),
            "bad_key": with_key("nonsense"),
            "no_subject": refused(
                lambda: resend.Emails.send({"from": FROM, "to": ["a@b.example"], "text": "-"})
            ),
            "bad_address": refused(lambda: resend.Emails.send(mail("-", "not an address"))),
            "unknown": refused(lambda: resend.Emails.get("00000000-0000-4000-8000-000000000000")),
            "too_many": too_many(),
            "html": broken("html"),
            "drop": broken("drop"),
            "server_error": broken("server_error", status=500),
        },
        "outbox": control("GET", "/resend/_sim/outbox"),
    }
)
