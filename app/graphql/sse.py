"""GraphQL over server-sent events, in both modes of the graphql-sse protocol, at a path of its own.

Distinct connections: one stream for each operation. Single connection: a stream is reserved (PUT),
opened (GET) and then told what to follow (POST) and what not any more (DELETE). `/graphql` itself
never answers so: clients that list `text/event-stream` last would be answered by a stream.
"""

import secrets
from dataclasses import dataclass
from uuid import UUID

from graphql import OperationType
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import PlainTextResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from app.graphql.connections import Connections, GetContext, Watcher
from app.graphql.http import excuse, refuse
from app.graphql.operations import Checked, Operations, Refused
from app.graphql.protocol import LONGEST_ID, Asked
from app.graphql.request import JSON, read
from app.graphql.stream import Distinct, EventStream, Shared
from domain.accounts.viewer import Viewer
from domain.errors import TooManyRequests
from schema.context import Context

TOKEN = "x-graphql-event-stream-token"
STREAMED = {"text/event-stream", "text/*", "*/*", ""}
METHODS = "GET, POST, PUT, DELETE"


@dataclass(frozen=True, slots=True)
class _Owner:
    """Whose a reserved stream is; strangers are told apart by its token alone."""

    account_id: UUID | None
    profile_id: UUID | None
    session_id: UUID | None
    token_id: UUID | None

    @classmethod
    def of(cls, viewer: Viewer) -> "_Owner":
        return cls(viewer.account_id, viewer.profile_id, viewer.session_id, viewer.token_id)


class EventStreams:
    """The ASGI application behind `/graphql/stream`."""

    def __init__(
        self,
        operations: Operations,
        *,
        get_context: GetContext,
        connections: Connections,
        watch: Watcher,
    ) -> None:
        self.operations, self.limits = operations, operations.limits
        self.get_context, self.connections, self.watch = get_context, connections, watch
        self._reserved: dict[str, tuple[_Owner, EventStream]] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, with a stream or without."""
        try:
            answer = await self._answer(Request(scope, receive))
        except ClientDisconnect:
            return
        except Refused as refused:
            answer = refuse(refused.errors, JSON)
        except Exception as error:
            answer = excuse(error, JSON)
        await answer(scope, receive, send)

    async def _answer(self, request: Request) -> ASGIApp:
        if request.method not in METHODS.split(", "):
            raise HTTPException(405, f"Use one of {METHODS}.", {"allow": METHODS})
        response = Response()
        context = await self.get_context(request, response)
        if request.method == "PUT":
            return self._reserve(request, context)
        token = request.headers.get(TOKEN) or request.query_params.get("token")
        if request.method == "DELETE":
            return self._stop(request, self._mine(token, context))
        if request.method == "POST" and token:
            return await self._add(request, self._mine(token, context), context)
        accepted = request.headers.get("accept", "").lower().split(",")
        if STREAMED.isdisjoint(part.partition(";")[0].strip() for part in accepted):
            raise HTTPException(406, "Here all answers are text/event-stream.")
        if token:
            stream = self._mine(token, context)
            if stream.is_open:
                raise HTTPException(409, "This stream is open already.")
        else:
            stream = await self._distinct(request, context)
        stream.headers += [each for each in response.raw_headers if each[0] == b"set-cookie"]
        return stream

    def _mine(self, token: str | None, context: Context) -> EventStream:
        owner, stream = self._reserved.get(token or "", (None, None))
        if stream is None or owner != _Owner.of(context.viewer):
            raise HTTPException(404, "No stream is reserved for you under this token.")
        return stream

    async def _distinct(self, request: Request, context: Context) -> EventStream:
        asked = Asked.of(await read(request, self.limits))
        stream = self._stream(request, context)
        outlet = Distinct(stream)
        try:
            checked = self._check(request, asked)
        except Refused as refused:
            outlet.refuse(refused.errors)  # in the stream: EventSource can't read another answer
        except BaseException:
            stream.leave()
            raise
        else:
            later = context.apart(context.viewer, context.now)
            stream.begin = lambda: stream.add("", self.operations.start(checked, later, outlet))
        return stream

    def _reserve(self, request: Request, context: Context) -> Response:
        token = secrets.token_urlsafe(32)
        stream = self._stream(request, context)
        self._reserved[token] = _Owner.of(context.viewer), stream
        stream.on_leave.append(lambda: self._reserved.pop(token, None))
        stream.expect()
        return PlainTextResponse(token, 201, {"cache-control": "no-store"})

    async def _add(self, request: Request, stream: EventStream, context: Context) -> Response:
        asked = Asked.of(await read(request, self.limits))
        id = (asked.extensions or {}).get("operationId")
        if not isinstance(id, str) or not 1 <= len(id) <= LONGEST_ID:
            text = f"`extensions.operationId` must be a string of 1 to {LONGEST_ID} characters."
            raise HTTPException(400, text)
        if id in stream.operations:
            raise HTTPException(409, "An operation of this id is running already.")
        if len(stream.operations) >= self.limits.operations:
            text = f"{self.limits.operations} operations are running on this stream already."
            raise TooManyRequests(text, limit=self.limits.operations, retry_after=1)
        checked = self._check(request, asked)
        later = context.apart(context.viewer, context.now)
        later.line_waits = stream.line_waits
        stream.add(id, self.operations.start(checked, later, Shared(stream, id)))
        return Response(status_code=202, headers={"cache-control": "no-store"})

    def _stop(self, request: Request, stream: EventStream) -> Response:
        stream.drop(request.query_params.get("operationId", ""))
        return Response(headers={"cache-control": "no-store"})

    def _stream(self, request: Request, context: Context) -> EventStream:
        """A new stream, counted and watched for as long as it is there; raises TooManyRequests."""
        give_back = self.connections.take(context.viewer)
        stream = EventStream(self.limits)
        stream.on_leave.append(give_back)
        unwatch = self.watch(request.scope, context.viewer, lambda _what: stream.finish())
        stream.on_leave.append(unwatch)
        hub = context.hub
        if hub is not None:  # the server would wait for a stream on which nothing of the hub's runs
            hub.on_stop.add(stream.finish)
            stream.on_leave.append(lambda: hub.on_stop.discard(stream.finish))
        return stream

    def _check(self, request: Request, asked: Asked) -> Checked:
        checked = self.operations.check(asked)
        if checked.kind is OperationType.MUTATION and request.method == "GET":
            raise HTTPException(405, "A mutation takes a POST.", {"allow": "POST"})
        return checked
