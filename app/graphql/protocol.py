"""graphql-transport-ws: what a client's message says, and the bytes of ours. No I/O.

https://github.com/graphql/graphql-over-http/blob/main/rfcs/GraphQLOverWebSocket.md
"""

from dataclasses import dataclass
from enum import IntEnum
from typing import Any, TypeAlias

import orjson
from graphql import GraphQLError

from app.graphql.errors import masked
from app.graphql.limits import Limits, input_error
from app.graphql.request import misfit

SUBPROTOCOL = "graphql-transport-ws"
LONGEST_ID = 128  # it comes back with every event
LONGEST_REASON = 123  # bytes: what a close frame holds


class Close(IntEnum):
    """Why we close a socket. Clients come back after 1012 and 1013, and most after 4403, 4408."""

    RESTART = 1012
    TRY_AGAIN_LATER = 1013
    BAD_MESSAGE = 4400
    UNAUTHORIZED = 4401
    FORBIDDEN = 4403
    BAD_SUBPROTOCOL = 4406
    INIT_TIMEOUT = 4408
    DUPLICATE_ID = 4409
    SECOND_INIT = 4429


class Breach(Exception):
    """The socket must be closed. reason: for people, cut to what a close frame holds."""

    def __init__(self, code: Close, reason: str) -> None:
        super().__init__(reason)
        self.code = code
        self.reason = reason.encode()[:LONGEST_REASON].decode(errors="ignore")


@dataclass(frozen=True, slots=True)
class Asked:
    """An operation that somebody asks for."""

    query: str
    variables: dict[str, Any]
    name: str | None
    extensions: dict[str, Any] | None

    @classmethod
    def of(cls, parameters: dict[str, Any]) -> "Asked":
        """From parameters in which `request.misfit` found nothing wrong."""
        return cls(
            parameters["query"],
            parameters.get("variables") or {},
            parameters.get("operationName") or None,
            parameters.get("extensions"),
        )


@dataclass(frozen=True, slots=True)
class Init:
    """Begin. authorization: as in the header of that name, for programs that can't set it."""

    authorization: str | None


@dataclass(frozen=True, slots=True)
class Ping:
    payload: Any


@dataclass(frozen=True, slots=True)
class Pong:
    pass


@dataclass(frozen=True, slots=True)
class Subscribe:
    id: str
    asked: Asked


@dataclass(frozen=True, slots=True)
class Complete:
    id: str


Message: TypeAlias = Init | Ping | Pong | Subscribe | Complete

ACK = '{"type":"connection_ack"}'


def parse(text: str | None, limits: Limits) -> Message:
    """A client's message; raises Breach for whatever is none. text: None for a binary one."""
    if text is None:
        raise Breach(Close.BAD_MESSAGE, "Messages are text.")
    if len(text) > limits.message_bytes:
        raise Breach(Close.BAD_MESSAGE, f"A message may have {limits.message_bytes} bytes.")
    try:
        said = orjson.loads(text)
    except (orjson.JSONDecodeError, UnicodeEncodeError) as error:
        raise Breach(Close.BAD_MESSAGE, "This is not JSON.") from error
    if not isinstance(said, dict):
        raise Breach(Close.BAD_MESSAGE, "A message is a JSON object.")
    if refused := input_error(said, limits):
        raise Breach(Close.BAD_MESSAGE, refused.message)
    match said.get("type"):
        case "connection_init":
            return Init(_authorization(_payload(said)))
        case "ping":
            return Ping(_payload(said))
        case "pong":
            return Pong()
        case "subscribe":
            return Subscribe(_id(said), _asked(said.get("payload")))
        case "complete":
            return Complete(_id(said))
        case str(other):
            raise Breach(Close.BAD_MESSAGE, f"A client sends no message of type {other[:40]!r}.")
        case _:
            raise Breach(Close.BAD_MESSAGE, "A message has a `type`, which is a string.")


def next_prefix(id: str) -> str:
    """What stands before an operation's payloads, each followed by a `}`."""
    return f'{{"id":{_json(id)},"type":"next","payload":'


def pong(ping: Ping) -> str:
    """The answer to a ping, with its payload."""
    return _json({"type": "pong"} | ({} if ping.payload is None else {"payload": ping.payload}))


def error(id: str, errors: list[GraphQLError]) -> str:
    """An operation that never began, and ends with this."""
    return _json({"id": id, "type": "error", "payload": [masked(one).formatted for one in errors]})


def complete(id: str) -> str:
    """An operation's end."""
    return _json({"id": id, "type": "complete"})


def _json(value: object) -> str:
    return orjson.dumps(value).decode()


def _payload(said: dict[str, Any]) -> dict[str, Any] | None:
    payload = said.get("payload")
    if payload is not None and not isinstance(payload, dict):
        raise Breach(Close.BAD_MESSAGE, "The `payload` must be an object or absent.")
    return payload


def _authorization(payload: dict[str, Any] | None) -> str | None:
    for name in ("authorization", "Authorization"):
        given = (payload or {}).get(name)
        if given is not None and not (isinstance(given, str) and given.isascii()):
            raise Breach(Close.BAD_MESSAGE, f"`{name}` must be a string like 'Bearer sst_…'.")
        if given:
            return given
    return None


def _id(said: dict[str, Any]) -> str:
    id = said.get("id")
    if not isinstance(id, str) or not 1 <= len(id) <= LONGEST_ID:
        text = f"The `id` must be a string of 1 to {LONGEST_ID} characters."
        raise Breach(Close.BAD_MESSAGE, text)
    return id


def _asked(payload: Any) -> Asked:
    if not isinstance(payload, dict):
        raise Breach(Close.BAD_MESSAGE, "The `payload` must hold the operation.")
    if problem := misfit(payload):
        raise Breach(Close.BAD_MESSAGE, problem)
    return Asked.of(payload)
