"""What hosted servers look like from here: a pooler and TLS in front of Postgres, TLS on Valkey."""

import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
import trustme

from app.embedded import Valkey
from tests.support import servers

_CONFIG = """
[databases]
* = host={host} port={port} user=postgres

[pgbouncer]
listen_addr = 127.0.0.1
listen_port = {listen}
unix_socket_dir =
auth_type = any
pool_mode = transaction
default_pool_size = 3
server_reset_query =
server_reset_query_always = 0
client_tls_sslmode = require
client_tls_key_file = {folder}/server.key
client_tls_cert_file = {folder}/server.pem
pidfile = {folder}/pgbouncer.pid
logfile = {folder}/pgbouncer.log
"""


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def make_certificates(folder: Path) -> None:
    """A certificate for localhost and the authority that signed it."""
    authority = trustme.CA()
    issued = authority.issue_cert("localhost", "127.0.0.1")
    authority.cert_pem.write_to_path(folder / "authority.pem")
    issued.private_key_pem.write_to_path(folder / "server.key")
    issued.cert_chain_pems[0].write_to_path(folder / "server.pem")
    for path in folder.iterdir():
        path.chmod(0o644)


@contextmanager
def pgbouncer(folder: Path) -> Iterator[int]:
    """A transaction pooler with TLS in front of the run's Postgres; its port."""
    program = shutil.which("pgbouncer", path=f"{os.environ['PATH']}:/usr/sbin")
    if program is None:
        pytest.skip("pgbouncer is not installed (Debian: apt install pgbouncer)")
    make_certificates(folder)
    told = parse_qs(urlsplit(os.environ[servers.ADDRESS]).query)
    listen = free_port()
    config = folder / "pgbouncer.ini"
    config.write_text(
        _CONFIG.format(host=told["host"][0], port=told["port"][0], listen=listen, folder=folder)
    )
    # It refuses to run as root. A socket that only root may open needs root all the same, so
    # there it runs in a namespace in which root has another number.
    command = [program, str(config)]
    if os.geteuid() == 0:
        command = ["unshare", "--user", "--map-user=65534", "--map-group=65534", *command]
    running = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        _wait_for(listen, running)
        yield listen
    finally:
        running.terminate()
        running.wait(10)


@contextmanager
def valkey_with_tls(folder: Path) -> Iterator[str]:
    """A Valkey that asks for a password, behind TLS that ends before it (the wheel's has none)."""
    folder.mkdir(exist_ok=True)
    make_certificates(folder)
    user = ["--user", "someone", "on", ">secret", "~*", "&*", "+@all"]
    with Valkey(folder / "data", durable=False, args=user) as valkey:
        proxy = Path(__file__).with_name("tls_proxy.py")
        files = [valkey.socket_path, folder / "server.pem", folder / "server.key"]
        with subprocess.Popen([sys.executable, proxy, *files], stdout=subprocess.PIPE) as running:
            assert running.stdout is not None
            port = int(running.stdout.readline())
            authority = folder / "authority.pem"
            try:
                yield f"rediss://someone:secret@localhost:{port}/0?ssl_ca_certs={authority}"
            finally:
                running.kill()


def _wait_for(port: int, running: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline:
        if running.poll() is not None:
            pytest.fail(f"pgbouncer ended with {running.returncode}")
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.02)
    pytest.fail("pgbouncer did not come up")
