"""The programs that `up` keeps running, and the moment from which they can be used."""

import os
import socket
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from app.deps import server_urls
from app.embedded.command import Command
from app.environment import variable
from app.settings import Settings

ROOT = Path(__file__).parent.parent
WEBHOOK = "/webhooks/justwatch"
SOCKETS = {
    # uvicorn's sans-I/O one, whose `send` waits for nothing but a slow client, and a shorter way.
    "--ws": "app.graphql.sockets:Sockets",
    "--ws-per-message-deflate": "false",  # it would compress each event for each client
    "--ws-max-size": "262144",  # what is longer than our own limit is refused by us, with a reason
    "--ws-ping-interval": "20",
    "--ws-ping-timeout": "20",
}
_LOCAL = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # whoever listens everywhere is asked here
_ASK_EVERY_S, _ASK_AGAIN_S = 0.05, 0.5
_ASK_PATIENCE_S = 5.0
_UNUSUAL_S = 20.0
_MOST_READ = 1_000


def api(settings: Settings, logs: Path, console: Callable[[str, str], None]) -> Command:
    """The API under uvicorn."""
    options = {
        "--host": settings.host,
        "--port": str(settings.port),
        "--loop": "uvloop",
        "--http": "httptools",
        **SOCKETS,
        "--log-level": "warning",
        "--timeout-graceful-shutdown": "10",
        "--app-dir": str(ROOT),
    }
    words = [word for option in options.items() for word in option]
    # Whom to believe about the caller's address is a setting of ours, not one of uvicorn's.
    flags = ["--factory", "--no-server-header", "--no-access-log", "--no-proxy-headers"]
    argv = [sys.executable, "-P", "-m", "uvicorn", "app.asgi:create_app", *flags, *words]
    env = {**_environment(settings), **_webhook_secret(settings)}
    return Command("api", argv, logs=logs, env=env, console=console)


def worker(settings: Settings, logs: Path, console: Callable[[str, str], None]) -> Command:
    """The worker that does what is due."""
    argv = [sys.executable, "-P", "-m", "jobs.worker"]
    return Command("worker", argv, logs=logs, env=_environment(settings), console=console)


def simulators(settings: Settings, logs: Path, console: Callable[[str, str], None]) -> Command:
    """The stand-ins for the outside world, on their own port; they only read the database."""
    port = urlsplit(settings.simulators_url or "").port or 0
    argv = [sys.executable, "-P", "-m", "app.cli", "simulate", "--port", str(port)]
    env = _environment(settings)
    return Listening("simulators", argv, port=port, logs=logs, env=env, console=console)


class Listening(Command):
    """A command that those who are started after it ask: it has started when it listens."""

    def __init__(self, name: str, argv: Sequence[str | Path], *, port: int, **options: Any) -> None:
        super().__init__(name, argv, **options)
        self._port = port

    def start(self) -> None:
        """Start it, and wait until it listens; not for ever, and not for the dead."""
        super().start()
        until = time.monotonic() + _UNUSUAL_S
        while self.alive and time.monotonic() < until:
            with suppress(OSError), socket.create_connection(("127.0.0.1", self._port), 1):
                return
            time.sleep(_ASK_EVERY_S)


def _environment(settings: Settings) -> Mapping[str, str]:
    database_url, redis_url = server_urls(settings)
    paths = [str(ROOT), *filter(None, [os.environ.get("PYTHONPATH")])]
    return {
        **os.environ,
        "DATABASE_URL": database_url,
        "REDIS_URL": redis_url,
        variable("offer_demo_accounts"): str(settings.offer_demo_accounts).lower(),
        variable("simulators_url"): settings.simulators_url or "",
        **_writer(settings),
        # With `-P` above: our packages, and not what lies in the folder somebody starts us in.
        "PYTHONPATH": os.pathsep.join(paths),
    }


def _writer(settings: Settings) -> Mapping[str, str]:
    if settings.ollama_url is None:
        return {}
    return {
        variable("ollama_url"): settings.ollama_url,
        variable("ollama_model"): settings.ollama_model,
        variable("ollama_parallel"): str(settings.ollama_parallel),
    }


def _webhook_secret(settings: Settings) -> Mapping[str, str]:
    secret = settings.justwatch_webhook_secret
    return {variable("justwatch_webhook_secret"): secret.get_secret_value()} if secret else {}


def address(settings: Settings) -> str:
    """Where a browser on this machine finds us."""
    host = _LOCAL.get(settings.host, settings.host)
    return f"http://{f'[{host}]' if ':' in host else host}:{settings.port}"


def ours_answers(settings: Settings) -> bool:
    """Whether one of us listens there already, whatever its state."""
    status, said = _ask(settings)
    return status in {200, 503} and b'"migrations"' in said


def _ask(settings: Settings) -> tuple[int | None, bytes]:
    where = _LOCAL.get(settings.host, settings.host), settings.port
    connection = HTTPConnection(*where, timeout=_ASK_PATIENCE_S)
    try:
        connection.request("GET", "/readyz")
        answer = connection.getresponse()
        return answer.status, answer.read(_MOST_READ)
    except (OSError, HTTPException):
        return None, b""
    finally:
        connection.close()


class Lookout(threading.Thread):
    """Asks the API until it says that it can be used, then calls `ready` once.

    Where that takes unusually long, `late` is told once what it says instead.
    """

    def __init__(
        self, settings: Settings, ready: Callable[[], None], late: Callable[[str], None]
    ) -> None:
        super().__init__(name="lookout", daemon=True)
        self._settings = settings
        self._ready = ready
        self._late = late
        self._over = threading.Event()

    def run(self) -> None:
        """Ask, wait, ask again."""
        wait, unusual = _ASK_EVERY_S, time.monotonic() + _UNUSUAL_S
        while not self._over.wait(wait):
            status, _ = _ask(self._settings)
            if status == 200:
                self._ready()
                return
            # Before it listens asking costs nothing; later every question is work and a log line.
            wait = _ASK_AGAIN_S if status else _ASK_EVERY_S
            if time.monotonic() > unusual:
                unusual = float("inf")
                self._late(f"/readyz answers {status}" if status else "nobody listens yet")

    def end(self) -> None:
        """Stop asking; it would only be told of an API that stops."""
        self._over.set()
