"""An operation is a method at an address: what it takes, what it gives, and who answers.

The table of them (`rest.routes`) makes both the routes and the OpenAPI document, so that neither
can say what the other doesn't.
"""

from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, NamedTuple

from pydantic import BaseModel
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from domain.accounts.viewer import Viewer
from domain.services import Services
from rest import cookies
from rest.json import read_body, read_bytes, read_query
from rest.viewer import Doorman

WITH_BODY = frozenset({"POST", "PUT", "PATCH"})


@dataclass(frozen=True, slots=True)
class Call:
    """A request with its surroundings. outgoing: its status, headers and cookies go out."""

    request: Request
    viewer: Viewer
    services: Services
    now: datetime
    outgoing: Response

    @property
    def doorman(self) -> Doorman:
        """Who tells viewers apart."""
        return self.request.app.state.doorman

    @property
    def https(self) -> bool:
        """Whether the browser reached us over TLS."""
        return self.doorman.https(self.request)


class Header(NamedTuple):
    """What is told of a header that a request must have, or may have."""

    description: str
    example: str
    required: bool = True


@dataclass(frozen=True, slots=True)
class Operation:
    """A method at an address.

    answer: called with the Call and, where `takes` is given, with that model: of the body, or of
        the query string for GET. It returns the model that `gives` says, or a whole Response.
    status: when all goes well; also: other statuses and what they give; refusals: the statuses of
        problems that are this operation's own.
    also_takes: a model of the query string, beside a body; `answer` has it after the body's.
    account: None: whoever asks; False: nobody asks who; True: it takes an account.
    bodiless: a body may be left out, which is the same as an empty object.
    raw: the most bytes of a body that is handed to `answer` as it came, for `answer` to check
        before it reads it as what `takes` says; headers: what is told of those it reads, by name.
    """

    method: str
    path: str
    answer: Callable[..., Awaitable[BaseModel | Response | None]]
    summary: str
    tag: str
    takes: type[BaseModel] | None = None
    also_takes: type[BaseModel] | None = None
    gives: type[BaseModel] | None = None
    status: int = 200
    also: Mapping[int, type[BaseModel]] = field(default_factory=dict)
    refusals: tuple[int, ...] = ()
    account: bool | None = None
    limited: bool = False
    media_type: str = "application/json"
    bodiless: bool = False
    raw: int | None = None
    headers: Mapping[str, Header] = field(default_factory=dict)

    async def respond(self, request: Request) -> Response:
        """Decode, answer, encode. Who asks is settled before anything they sent is read."""
        call = await self._call(request)
        asked: tuple[Any, ...] = ()
        if self.raw is not None:
            asked = (await read_bytes(request, self.raw),)
        elif self.takes and self.bodiless and _is_bodiless(request):
            asked = (self.takes(),)
        elif self.takes and self.method in WITH_BODY:
            asked = (await read_body(request, self.takes),)
        elif self.takes:
            asked = (read_query(request, self.takes),)
        if self.also_takes:
            asked = (*asked, read_query(request, self.also_takes))
        told = await self.answer(call, *asked)
        if isinstance(told, Response):
            return told
        response = Response(
            told.model_dump_json() if told else None,
            call.outgoing.status_code,
            media_type=self.media_type if told else None,
        )
        # What is told depends on who asks, so nobody in between may keep it.
        response.headers["Cache-Control"] = "no-store"
        response.raw_headers += [
            pair for pair in call.outgoing.raw_headers if pair[0] != b"content-length"
        ]
        if "set-cookie" not in call.outgoing.headers:
            cookies.renew(request, response, https=call.https)
        return response

    async def _call(self, request: Request) -> Call:
        state, now = request.app.state, datetime.now(UTC)
        if self.account is False:
            viewer = Viewer("anonymous", state.services.country, state.services.time_zone)
        else:
            viewer = await state.doorman.viewer(request, now)
        if self.account:
            viewer.require_profile()
        return Call(request, viewer, state.services, now, Response(status_code=self.status))


def _is_bodiless(request: Request) -> bool:
    headers = request.headers
    return headers.get("content-length", "0") == "0" and "transfer-encoding" not in headers


class Resource:
    """The operations of one address, as an ASGI application."""

    def __init__(self, operations: Iterable[Operation]) -> None:
        self.operations = {each.method: each for each in operations}
        methods = {*self.operations, "OPTIONS"}
        if "GET" in methods:
            methods.add("HEAD")
        self.allow = ", ".join(sorted(methods))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, receive)
        method = "GET" if request.method == "HEAD" else request.method
        if method == "OPTIONS":
            response = Response(status_code=204, headers={"Allow": self.allow})
        elif method in self.operations:
            response = await self.operations[method].respond(request)
        else:
            raise HTTPException(405, headers={"Allow": self.allow})
        await response(scope, receive, send)


def routes_of(operations: Iterable[Operation]) -> list[Route]:
    """A route for each address, answering all of its methods."""
    by_path: dict[str, list[Operation]] = {}
    for each in operations:
        by_path.setdefault(each.path, []).append(each)
    return [Route(path, Resource(found)) for path, found in by_path.items()]
