"""Sending, and what became of what was sent."""

import asyncio
from collections.abc import Iterable
from typing import Any

from starlette.routing import Route

from simulators.resend.door import Call, Door
from simulators.resend.events import Events
from simulators.resend.letters import Letter, address_of, letter, when
from simulators.resend.refusals import Refused, invalid, missing, not_found
from simulators.resend.state import TEST_DOMAIN, Email, State

MOST_AT_ONCE = 100


class Emails:
    """The endpoints under /emails."""

    def __init__(self, state: State, events: Events, door: Door) -> None:
        self._state, self._events, self._door = state, events, door

    def _read(self, sent: Any, *, batch: bool = False) -> Letter:
        read = letter(sent, self._state.clock.now(), batch=batch)
        settings = self._state.settings
        domain = address_of(read.sender).partition("@")[2]
        if domain == TEST_DOMAIN:
            allowed = {settings.own_address.lower()}
            if any(r not in allowed and not r.endswith(f"@{TEST_DOMAIN}") for r in read.recipients):
                raise invalid(
                    "You can only send testing emails to your own email address "
                    f"({settings.own_address}).",
                    403,
                )
        elif settings.verified_domains is not None and domain not in settings.verified_domains:
            raise invalid(
                f"The {domain} domain is not verified. Please, add and verify your domain.", 403
            )
        return read

    async def _take(self, letters: Iterable[Letter], team: str) -> list[Email]:
        letters = list(letters)
        self._door.spend(team, sum(len(each.recipients) for each in letters))
        if self._state.settings.latency_s:
            await asyncio.sleep(self._state.settings.latency_s)
        taken = [self._state.take(each, team) for each in letters]
        for email in taken:
            self._events.follow(email)
        return taken

    async def send(self, call: Call) -> dict[str, Any]:
        """One email."""
        (email,) = await self._take([self._read(call.sent)], call.key.team)
        return {"id": email.id}

    async def send_batch(self, call: Call) -> dict[str, Any]:
        """Up to a hundred. Strict: all or none; permissive: those that can be, with what can't."""
        mode = call.request.headers.get("x-batch-validation", "strict")
        if mode not in ("strict", "permissive"):
            raise invalid("The `x-batch-validation` header must be `strict` or `permissive`.")
        if not isinstance(call.sent, list):
            raise invalid("The request body must be an array of emails.")
        if not 1 <= len(call.sent) <= MOST_AT_ONCE:
            raise invalid(f"The batch must have between 1 and {MOST_AT_ONCE} emails.")
        letters: list[Letter] = []
        errors: list[dict[str, Any]] = []
        for place, sent in enumerate(call.sent):
            try:
                letters.append(self._read(sent, batch=True))
            except Refused as refused:
                if mode == "strict":
                    raise
                errors.append({"index": place, "message": refused.message})
        taken = await self._take(letters, call.key.team)
        told: dict[str, Any] = {"data": [{"id": email.id} for email in taken]}
        return {**told, "errors": errors} if mode == "permissive" else told

    def _one(self, call: Call) -> Email:
        email = self._state.emails.get(call.path["id"])
        if email is None or email.team != call.key.team:
            raise not_found("Email")
        return email

    async def one(self, call: Call) -> dict[str, Any]:
        """An email with what was last heard of it."""
        email = self._one(call)
        return {**self._brief(email), "html": email.letter.html, "text": email.letter.text}

    def _brief(self, email: Email) -> dict[str, Any]:
        said, at = email.letter, email.scheduled_at
        return {
            "object": "email",
            "id": email.id,
            "message_id": f"<{email.id}@mail.example>",
            "to": list(said.to),
            "from": said.sender,
            "created_at": f"{email.created_at:%Y-%m-%d %H:%M:%S.%f}+00",
            "subject": said.subject,
            "bcc": list(said.bcc),
            "cc": list(said.cc),
            "reply_to": list(said.reply_to),
            "last_event": email.last_event(self._state.clock.now()),
            "scheduled_at": at.isoformat() if at else None,
            "tags": list(said.tags),
        }

    async def all(self, call: Call) -> dict[str, Any]:
        """Emails, newest first, from one on or up to one."""
        mine = [e for e in reversed(self._state.emails.values()) if e.team == call.key.team]
        return page(call, [self._brief(email) for email in mine])

    async def put_off(self, call: Call) -> dict[str, Any]:
        """Another time for what is scheduled."""
        email = self._waiting(call)
        if not isinstance(call.sent, dict) or not call.sent.get("scheduled_at"):
            raise missing("scheduled_at")
        email.scheduled_at = when(call.sent["scheduled_at"], self._state.clock.now())
        email.tell()
        self._events.follow(email)
        return {"object": "email", "id": email.id}

    async def cancel(self, call: Call) -> dict[str, Any]:
        """Don't send what is scheduled."""
        email = self._waiting(call)
        email.canceled = True
        return {"object": "email", "id": email.id}

    def _waiting(self, call: Call) -> Email:
        email = self._one(call)
        if email.last_event(self._state.clock.now()) != "scheduled":
            raise invalid("Only scheduled emails can be changed or canceled.")
        return email


def page(call: Call, items: list[dict[str, Any]]) -> dict[str, Any]:
    """A page of a list, by the ids before or after it. limit: 1 to 100, 20 by itself."""
    asked = call.request.query_params
    limit = asked.get("limit", "20")
    if not limit.isdecimal() or not 1 <= int(limit) <= 100:
        raise invalid("The `limit` must be between 1 and 100.")
    if "after" in asked and "before" in asked:
        raise invalid("Only one of `after` and `before` can be given.")
    ids = [item["id"] for item in items]
    cursor = asked.get("after") or asked.get("before")
    if cursor is not None and cursor not in ids:
        raise invalid("The cursor is not an id of this list.")
    if "before" in asked:
        items = items[: ids.index(asked["before"])]
        chosen = items[-int(limit) :]
    else:
        items = items[ids.index(cursor) + 1 :] if cursor else items
        chosen = items[: int(limit)]
    return {"object": "list", "has_more": len(chosen) < len(items), "data": chosen}


def routes(state: State, events: Events, door: Door) -> list[Route]:
    """Everything under /emails."""
    emails, at = Emails(state, events, door), door.endpoint
    return [
        Route("/emails", at(emails.send, sending=True), methods=["POST"]),
        Route("/emails", at(emails.all), methods=["GET"]),
        Route("/emails/batch", at(emails.send_batch, sending=True), methods=["POST"]),
        Route("/emails/{id}", at(emails.one), methods=["GET"]),
        Route("/emails/{id}", at(emails.put_off), methods=["PATCH"]),
        Route("/emails/{id}/cancel", at(emails.cancel), methods=["POST"]),
    ]
