"""Ports: told apart before a server fails on one."""

import errno
import socket

from app.embedded.errors import StartupProblem


def ensure_port_free(host: str, port: int, *, setting: str = "STREAMING_STACK_PORT") -> None:
    """Raise a sentence naming the setting to change when we could not listen there."""
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        with socket.socket(family, kind, protocol) as probe:
            # As servers do: connections of a predecessor that are fading away don't count.
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
            probe.listen(1)
    except OSError as error:
        raise _explain(error, host, port, setting) from error


def free_port() -> int:
    """A port of this machine that nobody listens on at the moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _explain(error: OSError, host: str, port: int, setting: str) -> StartupProblem:
    if error.errno == errno.EADDRINUSE:
        return StartupProblem(
            f"Port {port} on {host} is already used by another program",
            f"stop that program, or set {setting} to another port",
        )
    if error.errno == errno.EACCES:
        return StartupProblem(
            f"Port {port} is reserved for the administrator",
            f"set {setting} to a port above 1023",
        )
    return StartupProblem(
        f"Nobody can listen on {host}, port {port} ({error.strerror or error})",
        "check the host: it must be an address of this machine",
    )
