"""The stand-ins under a real server: for the command, and on a free port for whoever tests."""

import gc
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import uvicorn
from starlette.types import ASGIApp
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from simulators.visitors import NoPages

CLOSE = "simulators.close"  # in scope["extensions"]: hangs up without another byte
_HOST = "127.0.0.1"  # they open to whoever asks, so nobody else may
_START_S = 20


class Protocol(HttpToolsProtocol):
    """uvicorn's, which lets an application hang up: what a broken upstream does."""

    def on_message_begin(self) -> None:
        """Put the way to hang up into what the application is told."""
        super().on_message_begin()
        self.scope.setdefault("extensions", {})[CLOSE] = {"close": self.transport.abort}  # type: ignore[index]


def _config(app: ASGIApp, port: int, uds: Path | None) -> uvicorn.Config:
    return uvicorn.Config(
        NoPages(app),
        host=_HOST,
        port=port,
        uds=None if uds is None else str(uds),
        http=Protocol,
        ws="none",
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_keep_alive=30,
        timeout_graceful_shutdown=1,
    )


def serve(app: ASGIApp, *, port: int = 8090, uds: Path | None = None) -> None:
    """Serve until a signal says to stop; on a socket file instead of a port where uds is told."""
    gc.collect()
    gc.freeze()  # a world is large and stays: looking through it again and again costs a third
    uvicorn.Server(_config(app, port, uds)).run()


@contextmanager
def running(app: ASGIApp) -> Iterator[str]:
    """The application served in a thread on a free port of this machine; yields its base URL."""
    with socket.socket() as listening:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind((_HOST, 0))
        port = listening.getsockname()[1]
        server = uvicorn.Server(_config(app, port, None))
        thread = threading.Thread(
            target=_run, args=(server, listening), name="simulators", daemon=True
        )
        thread.start()
        try:
            _await_start(server, thread)
            yield f"http://{_HOST}:{port}"
        finally:
            server.should_exit = True
            thread.join(_START_S)


def _run(server: uvicorn.Server, listening: socket.socket) -> None:
    with suppress(SystemExit):  # how uvicorn ends when the application doesn't start
        server.run(sockets=[listening])


def _await_start(server: uvicorn.Server, thread: threading.Thread) -> None:
    until = time.monotonic() + _START_S
    while not server.started:
        if not thread.is_alive() or time.monotonic() > until:
            raise RuntimeError("the stand-ins did not start")
        time.sleep(0.005)
