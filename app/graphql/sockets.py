"""uvicorn's WebSocket protocol, with a shorter way for text that goes out, and less memory.

`send` takes a message apart, encodes it and lets websockets build a frame: 5 µs, much where
an event goes to thousands. An application finds the shorter way in its scope, or on another server
doesn't, and then sends as ever.
"""

from collections.abc import Callable
from typing import TypeAlias

from starlette.types import Scope
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from websockets.http11 import Request

EXTENSION = "streaming_stack.text"
_TEXT = 0x81  # the last frame of its message, which is its only one

WriteText: TypeAlias = Callable[..., bool]
"""Writes one text message, given in parts of UTF-8, at once; False where `send` has to do it."""


def write_text(scope: Scope) -> WriteText | None:
    """The shorter way that a connection has, if its server knows one."""
    return scope.get("extensions", {}).get(EXTENSION)


class Sockets(WebSocketsSansIOProtocol):
    """What `--ws` names."""

    def handle_connect(self, event: Request) -> None:
        """Begin with the application, and let it know of the shorter way."""
        super().handle_connect(event)
        if self.response.status_code == 101 and not self.config.ws_per_message_deflate:
            # Its task has only been made by now; it begins later.
            self.scope["extensions"][EXTENSION] = self.write_text  # type: ignore[typeddict-item]

    def start_keepalive(self) -> None:
        """The connection is open: forget the handshake, 4 kB of headers that nobody reads again."""
        super().start_keepalive()
        del self.request, self.response

    def keepalive_timeout(self) -> None:
        """Give up a peer that answers no ping, in a way after which clients come back.

        uvicorn says 1011, after which graphql-ws never connects again: whoever opens a laptop that
        slept for a minute would hear of nothing more. And it tells the application only when the
        transport has written the rest, which nobody reads.
        """
        self.stop_keepalive()
        if self.close_sent or self.transport.is_closing():
            return
        self.conn.fail(1013, "silent: a ping was not answered")
        self.transport.write(b"".join(self.conn.data_to_send()))
        self.close_sent = True
        self.queue.put_nowait({"type": "websocket.disconnect", "code": 1006})
        self.transport.close()

    def write_text(self, *parts: bytes) -> bool:
        """Write a text message; False while it can't be, for whatever reason.

        `send` knows those reasons: the peer does not read, the handshake or the closing one is
        under way, the connection is lost.
        """
        if (
            not self.handshake_complete
            or self.close_sent
            or not self.writable.is_set()
            or self.transport.is_closing()
        ):
            return False
        text = b"".join(parts)
        size = len(text)
        if size < 126:
            head = bytes((_TEXT, size))
        elif size < 1 << 16:
            head = bytes((_TEXT, 126, size >> 8, size & 255))
        else:
            head = bytes((_TEXT, 127)) + size.to_bytes(8)
        self.transport.write(head + text)
        return True
