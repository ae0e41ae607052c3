"""Who wants to hear what happens, and which addresses are not written to."""

import base64
from collections.abc import Iterable
from typing import Any

from starlette.routing import Route

from simulators.resend.door import Call, Door
from simulators.resend.emails import page
from simulators.resend.events import TYPES, Events
from simulators.resend.letters import address_of
from simulators.resend.refusals import invalid, missing, not_found
from simulators.resend.state import Endpoint, State


class Endpoints:
    """The endpoints under /webhooks."""

    def __init__(self, state: State) -> None:
        self._state = state

    async def add(self, call: Call) -> dict[str, Any]:
        """Register one; its secret is told here and when it is read."""
        sent = _object(call)
        for name in ("endpoint", "events"):
            if not sent.get(name):
                raise missing(name)
        secret = base64.b64encode(self._state.draw.randbytes(24)).decode()
        one = Endpoint(
            self._state.uuid(), _url(sent["endpoint"]), _events(sent["events"]),
            f"whsec_{secret}", self._state.clock.now(),
        )  # fmt: skip
        self._state.endpoints[one.id] = one
        return {"object": "webhook", "id": one.id, "signing_secret": one.secret}

    def _one(self, call: Call) -> Endpoint:
        one = self._state.endpoints.get(call.path["id"])
        if one is None:
            raise not_found("Webhook")
        return one

    async def one(self, call: Call) -> dict[str, Any]:
        """One, with its secret."""
        one = self._one(call)
        return {"object": "webhook", **_said(one), "signing_secret": one.secret}

    async def all(self, call: Call) -> dict[str, Any]:
        """All of them."""
        return page(call, [_said(one) for one in reversed(self._state.endpoints.values())])

    async def change(self, call: Call) -> dict[str, Any]:
        """Another address, other events, or on and off."""
        one, sent = self._one(call), _object(call)
        if "endpoint" in sent:
            one.url = _url(sent["endpoint"])
        if "events" in sent:
            one.events = _events(sent["events"])
        if "status" in sent:
            if sent["status"] not in ("enabled", "disabled"):
                raise invalid("The `status` must be `enabled` or `disabled`.")
            one.enabled = sent["status"] == "enabled"
        return {"object": "webhook", "id": one.id}

    async def remove(self, call: Call) -> dict[str, Any]:
        """Tell it nothing more."""
        one = self._one(call)
        del self._state.endpoints[one.id]
        return {"object": "webhook", "id": one.id, "deleted": True}


class Suppressions:
    """The endpoints under /suppressions. One is found by its id or its address."""

    def __init__(self, state: State, events: Events) -> None:
        self._state, self._events = state, events

    async def add(self, call: Call) -> dict[str, Any]:
        """Write to an address no more."""
        sent = _object(call)
        if not sent.get("email"):
            raise missing("email")
        address = address_of(str(sent["email"]))
        if not address:
            raise invalid("Invalid `email` field.")
        known = address in self._state.suppressions
        kept = self._state.suppress(address, "manual")
        if kept is None:
            raise invalid("Test addresses can't be suppressed.")
        if not known:
            self._events.suppressed(kept, added=True)
        return {"object": "suppression", "id": kept["id"]}

    def _one(self, call: Call) -> dict[str, Any]:
        key = call.path["id"]
        for kept in self._state.suppressions.values():
            if key.lower() in (kept["id"], kept["email"]):
                return kept
        raise not_found("Suppression")

    async def one(self, call: Call) -> dict[str, Any]:
        """One of them."""
        return self._one(call)

    async def all(self, call: Call) -> dict[str, Any]:
        """All of them, newest first."""
        return page(call, list(reversed(self._state.suppressions.values())))

    async def remove(self, call: Call) -> dict[str, Any]:
        """Write to an address again."""
        kept = self._one(call)
        del self._state.suppressions[kept["email"]]
        self._events.suppressed(kept, added=False)
        return {"object": "suppression", "id": kept["id"], "deleted": True}


def _object(call: Call) -> dict[str, Any]:
    if not isinstance(call.sent, dict):
        raise invalid("The request body must be an object.")
    return call.sent


def _url(given: Any) -> str:
    if not isinstance(given, str) or not given.startswith(("https://", "http://")):
        raise invalid("The `endpoint` field must be a URL.")
    return given


def _events(given: Any) -> tuple[str, ...]:
    if not isinstance(given, Iterable) or isinstance(given, str) or not set(given) <= TYPES:
        raise invalid("The `events` field must be an array of event types.")
    return tuple(given)


def _said(one: Endpoint) -> dict[str, Any]:
    return {
        "id": one.id,
        "created_at": one.created_at.isoformat(),
        "status": "enabled" if one.enabled else "disabled",
        "endpoint": one.url,
        "events": list(one.events),
    }


def routes(state: State, events: Events, door: Door) -> list[Route]:
    """Everything under /webhooks and /suppressions."""
    endpoints, suppressions = Endpoints(state), Suppressions(state, events)
    at = door.endpoint
    return [
        Route("/webhooks", at(endpoints.add, status=201), methods=["POST"]),
        Route("/webhooks", at(endpoints.all), methods=["GET"]),
        Route("/webhooks/{id}", at(endpoints.one), methods=["GET"]),
        Route("/webhooks/{id}", at(endpoints.change), methods=["PATCH"]),
        Route("/webhooks/{id}", at(endpoints.remove), methods=["DELETE"]),
        Route("/suppressions", at(suppressions.add, status=201), methods=["POST"]),
        Route("/suppressions", at(suppressions.all), methods=["GET"]),
        Route("/suppressions/{id}", at(suppressions.one), methods=["GET"]),
        Route("/suppressions/{id}", at(suppressions.remove), methods=["DELETE"]),
    ]
