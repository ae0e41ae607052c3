"""A receiver of webhooks, as an application would have one: keeps what comes in."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, HTTPServer


@dataclass(slots=True)
class Inbox:
    """What has come in: bodies as text, headers by their small names."""

    url: str = ""
    came: list[tuple[str, dict[str, str]]] = field(default_factory=list)

    def wait_for(self, count: int, within_s: float = 20) -> list[tuple[str, dict[str, str]]]:
        """Wait until so many have come. → all that have."""
        until = time.monotonic() + within_s
        while len(self.came) < count and time.monotonic() < until:
            time.sleep(0.01)
        return list(self.came)


@contextmanager
def listening() -> Iterator[Inbox]:
    """Listen on a free port of this machine until the block ends."""
    inbox = Inbox()

    class Receive(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()
            inbox.came.append((body, {name.lower(): it for name, it in self.headers.items()}))
            self.send_response(200)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    with HTTPServer(("127.0.0.1", 0), Receive) as server:
        inbox.url = f"http://127.0.0.1:{server.server_port}/hooks"
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}).start()
        try:
            yield inbox
        finally:
            server.shutdown()
