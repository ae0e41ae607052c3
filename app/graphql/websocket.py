"""GraphQL over WebSocket, as graphql-transport-ws: our own, so that no frame can crash it.

What a client does wrong is closed with the protocol's code and a reason (`protocol.Breach`).
A connection is one task; a live operation has none of its own, the hub calls its outlet.
"""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Literal

from graphql import GraphQLError
from starlette.requests import HTTPConnection
from starlette.responses import JSONResponse, Response
from starlette.types import Receive, Scope, Send
from starlette.websockets import WebSocket

from app.graphql import protocol
from app.graphql.connections import Connections, GetContext, Watcher
from app.graphql.errors import masked
from app.graphql.limits import refusal
from app.graphql.operations import Operation, Operations, Refused
from app.graphql.protocol import Breach, Close
from app.graphql.sockets import write_text
from app.graphql.wire import Wire
from domain.errors import DomainError, NotSignedIn
from schema.context import Context


class WebSocketEndpoint:
    """The ASGI application for sockets at `/graphql`."""

    def __init__(
        self,
        operations: Operations,
        *,
        get_context: GetContext,
        connections: Connections,
        watch: Watcher,
    ) -> None:
        self.operations, self.get_context = operations, get_context
        self.connections, self.watch = connections, watch

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Shake hands, or refuse to; then talk until one side closes."""
        wanted = protocol.SUBPROTOCOL in scope["subprotocols"]
        context = await self._shake_hands(scope, receive, send, wanted)
        if context is not None:
            await _Socket(self, scope, receive, send, context).run(speaks=wanted)

    async def _shake_hands(
        self, scope: Scope, receive: Receive, send: Send, wanted: bool
    ) -> Context | None:
        """The surroundings without what belongs to the request: they may be kept for days."""
        response = Response()
        try:
            context = await self.get_context(HTTPConnection(scope), response)
        except Exception as error:
            await self._deny(scope, receive, send, error)
            return None
        await receive()  # websocket.connect
        cookies = [(name, value) for name, value in response.raw_headers if name == b"set-cookie"]
        await send(
            {
                "type": "websocket.accept",
                "subprotocol": protocol.SUBPROTOCOL if wanted else None,
                "headers": cookies,
            }
        )
        return context.apart(context.viewer, context.now)

    async def authorize(self, scope: Scope, authorization: str) -> Context:
        """Who somebody is by what their first message says; raises DomainError."""
        headers = [(name, value) for name, value in scope["headers"] if name != b"authorization"]
        headers.append((b"authorization", authorization.encode()))
        asking = HTTPConnection({**scope, "headers": headers})
        context = await self.get_context(asking, Response())
        return context.apart(context.viewer, context.now)

    async def _deny(self, scope: Scope, receive: Receive, send: Send, error: Exception) -> None:
        """Answer the handshake with a status: browsers' pages learn nothing more than that."""
        told = masked(GraphQLError("", original_error=error))
        code = (told.extensions or {}).get("code")
        if isinstance(error, DomainError):
            status = 401 if isinstance(error, NotSignedIn) else 403
        else:
            status = 503 if code == "UNAVAILABLE" else 500
        answer = JSONResponse({"errors": [told.formatted]}, status)
        await WebSocket(scope, receive, send).send_denial_response(answer)


class _Socket:
    """One connection."""

    def __init__(
        self,
        endpoint: WebSocketEndpoint,
        scope: Scope,
        receive: Receive,
        send: Send,
        context: Context,
    ) -> None:
        self.endpoint, self.limits = endpoint, endpoint.operations.limits
        self.scope, self.receive, self.send = scope, receive, send
        self.context = context
        self.wire = Wire(self.limits.waiting)
        self.wire.open(send, write_text(scope))
        self.begun = self.acknowledged = False
        self.operations: dict[str, Operation] = {}
        self._give_back: Callable[[], None] = _nothing
        self._unwatch: Callable[[], None] = _nothing
        self._task = asyncio.current_task()
        self._verdict: Breach | None = None
        self._listening = False

    async def run(self, *, speaks: bool) -> None:
        """Talk until one side closes. speaks: whether the client asked for our protocol."""
        patience = asyncio.get_running_loop().call_later(self.limits.init_s, self._too_late)
        try:
            if not speaks:
                raise Breach(Close.BAD_SUBPROTOCOL, f"We speak {protocol.SUBPROTOCOL}.")
            self._count()
            self._listening = True
            await self._listen()
        except Breach as breach:
            self._verdict = self._verdict or breach
        except asyncio.CancelledError:
            if self._verdict is None or self._task is None:
                raise  # it is the server that wants us to stop
            self._task.uncancel()
        finally:
            self._listening = False
            patience.cancel()
            self._leave()
        if self._verdict is not None:
            await self._say_why(self._verdict)

    def close(self, code: Close, reason: str) -> None:
        """Close from outside: whoever calls is not kept waiting."""
        if self._verdict is None and self._listening and self._task is not None:
            self._verdict = Breach(code, reason)
            self._task.cancel()

    async def _listen(self) -> None:
        while True:
            message = await self.receive()
            if message["type"] == "websocket.disconnect":
                return
            match protocol.parse(message.get("text"), self.limits):
                case protocol.Init(authorization):
                    await self._begin(authorization)
                case protocol.Ping() as ping:
                    self.say(protocol.pong(ping))
                case protocol.Subscribe(id, asked):
                    self._start(id, asked)
                case protocol.Complete(id):
                    if operation := self.operations.pop(id, None):
                        operation.stop()
                case _:
                    pass  # a pong, to a ping or not

    async def _begin(self, authorization: str | None) -> None:
        if self.begun:
            raise Breach(Close.SECOND_INIT, "Too many initialisation requests.")
        self.begun = True
        if authorization is not None:
            try:
                self.context = await self.endpoint.authorize(self.scope, authorization)
            except DomainError as refusal:
                raise Breach(Close.FORBIDDEN, refusal.message) from refusal
            except Exception as error:
                told = masked(GraphQLError("", original_error=error))
                raise Breach(Close.TRY_AGAIN_LATER, told.message) from error
            self._count()
        self._unwatch = self.endpoint.watch(self.scope, self.context.viewer, self._changed)
        self.acknowledged = True
        self.say(protocol.ACK)

    def _count(self) -> None:
        self._give_back()
        try:
            self._give_back = self.endpoint.connections.take(self.context.viewer)
        except DomainError as refusal:
            raise Breach(Close.TRY_AGAIN_LATER, refusal.message) from refusal

    def _start(self, id: str, asked: protocol.Asked) -> None:
        if not self.acknowledged:
            raise Breach(Close.UNAUTHORIZED, "Unauthorized: nothing was acknowledged yet.")
        if id in self.operations:
            raise Breach(Close.DUPLICATE_ID, f"Subscriber for {id} already exists")
        try:
            if len(self.operations) >= self.limits.operations:
                text = (
                    f"{self.limits.operations} operations are running on this connection already."
                )
                raise Refused(refusal(text, "OPERATION_LIMIT"))
            checked = self.endpoint.operations.check(asked)
        except Refused as refused:
            self.say(protocol.error(id, refused.errors))
            return
        context = self.context.apart(self.context.viewer, datetime.now(UTC))
        outlet = _Outlet(self, id)
        self.operations[id] = self.endpoint.operations.start(checked, context, outlet)

    def say(self, text: str) -> bool:
        """Send a message; a client that does not read is closed, and comes back when it does."""
        return self.wire.text(text.encode()) or self.is_slow()

    def is_slow(self) -> bool:
        """Close, since the client does not read; False, as it has not taken what was sent."""
        self.close(Close.TRY_AGAIN_LATER, "slow: too many messages were waiting to be read")
        return False

    def _changed(self, what: Literal["ended", "changed"]) -> None:
        if what == "ended":
            self.close(Close.UNAUTHORIZED, "The session has ended; sign in again.")
        else:
            self.close(Close.RESTART, "The profile has changed; connect again.")

    def _too_late(self) -> None:
        if not self.acknowledged:
            self.close(Close.INIT_TIMEOUT, "Connection initialisation timeout")

    def _leave(self) -> None:
        for operation in self.operations.values():
            operation.stop()
        self.operations.clear()
        self._unwatch()
        self.wire.stop()
        self._give_back()

    async def _say_why(self, verdict: Breach) -> None:
        close = {"type": "websocket.close", "code": verdict.code, "reason": verdict.reason}
        try:
            async with asyncio.timeout(self.limits.farewell_s):
                await self.send(close)
        except (OSError, TimeoutError, RuntimeError):
            pass  # it is gone, or does not read, or the server is closing: there is nobody to tell


class _Outlet:
    """Where one operation's answers go: frames around payloads that may be shared."""

    __slots__ = ("_id", "_prefix", "_socket", "_text")

    def __init__(self, socket: _Socket, id: str) -> None:
        self._socket, self._id, self._text = socket, id, socket.wire.text
        self._prefix = protocol.next_prefix(id).encode()

    def deliver(self, payload: bytes) -> bool:
        # Each step costs much here, where an event goes to thousands.
        taken = self._text(self._prefix, payload, b"}")
        return taken or self._socket.is_slow()

    async def room(self) -> None:
        await self._socket.wire.room()

    def refuse(self, errors: list[GraphQLError]) -> None:
        self._socket.operations.pop(self._id, None)
        self._socket.say(protocol.error(self._id, errors))

    def complete(self) -> None:
        self._socket.operations.pop(self._id, None)
        self._socket.say(protocol.complete(self._id))

    def end(self, reason: str) -> None:
        # One operation's end would look like its completion, after which no client comes back.
        self._socket.close(Close.RESTART, reason)


def _nothing() -> None:
    pass
