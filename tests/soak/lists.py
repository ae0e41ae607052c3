"""One change of a watchlist, in the words of REST and in those of GraphQL."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from random import Random
from typing import Any

import httpx

from domain import ids
from tests.soak.client import Ask
from tests.soak.people import Person

_MUTATIONS = {
    "added": "addToWatchlist", "removed": "removeFromWatchlist", "watched": "markWatched",
    "unwatched": "unmarkWatched",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Request:
    """A change that can be asked for as often as it takes. done: whether an answer says so."""

    ask: Ask
    done: Callable[[httpx.Response], bool]


def change(person: Person, title_id: int, kind: str, key: str, rng: Random) -> Request:
    """A request, under a key, that is to come to one event of a kind."""
    make = rng.choice([_by_rest, _by_graphql])
    return make(person, ids.encode("title", title_id), kind, key)


def _by_rest(person: Person, title: str, kind: str, key: str) -> Request:
    whole, item = "/api/watchlist", f"/api/watchlist/{title}"
    method, path, sent = {
        "added": ("POST", whole, {"title_id": title}),
        "removed": ("DELETE", item, None),
        "watched": ("PATCH", f"{item}/watched", {"watched": True}),
        "unwatched": ("PATCH", f"{item}/watched", {"watched": False}),
    }[kind]
    headers = {**person.headers, "Idempotency-Key": key}
    return Request(
        lambda http, base: http.request(method, base + path, json=sent, headers=headers),
        lambda answer: answer.status_code in {200, 201, 204},
    )


def _by_graphql(person: Person, title: str, kind: str, key: str) -> Request:
    query = f"""mutation ($title: ID!, $key: String) {{
      did: {_MUTATIONS[kind]}(input: {{titleId: $title, clientMutationId: $key}}) {{
        __typename ... on UserError {{ message }}
      }}
    }}"""
    sent = {"query": query, "variables": {"title": title, "key": key}}
    return Request(
        lambda http, base: http.post(f"{base}/graphql", json=sent, headers=person.headers),
        lambda answer: answer.status_code == 200 and _succeeded(answer.json()),
    )


def _succeeded(told: Mapping[str, Any]) -> bool:
    did = (told.get("data") or {}).get("did") or {}
    return "__typename" in did and "message" not in did
