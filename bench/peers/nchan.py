"""The limit of fan-out: nginx with nchan, in C; whoever subscribes gets the bytes it is sent."""

import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bench.api import Api, free_port

_MODULES = ("/usr/lib/nginx/modules", "/usr/lib64/nginx/modules", "/usr/share/nginx/modules")
_CONFIG = """
load_module {module};
{user}
daemon off;
worker_processes 1;
worker_rlimit_nofile {files};
pid {folder}/pid;
error_log {folder}/error.log;
events {{ worker_connections {files}; }}
http {{
    access_log off;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    server {{
        listen 127.0.0.1:{port} backlog=4096;
        keepalive_requests 1000000;
        keepalive_timeout 1h;
        location = /sub {{
            nchan_subscriber websocket;
            nchan_channel_id live;
            nchan_subscriber_first_message newest;
        }}
        location = /pub {{
            nchan_publisher http;
            nchan_channel_id live;
        }}
    }}
}}
"""


def installed() -> tuple[str, Path] | None:
    """The program and its module; None where one of them is missing."""
    program = shutil.which("nginx", path=f"{os.environ.get('PATH', '')}:/usr/sbin")
    modules = (Path(folder) / "ngx_nchan_module.so" for folder in _MODULES)
    module = next((each for each in modules if each.is_file()), None)
    return (program, module) if program and module else None


@contextmanager
def serve(folder: Path, files: int) -> Iterator[Api]:
    """nginx with one worker, as long as the block runs. files: how many it may have open."""
    found = installed()
    assert found
    program, module = found
    port = free_port()
    folder.mkdir(exist_ok=True)
    config = folder / "nginx.conf"
    user = "user root;" if os.geteuid() == 0 else ""  # or its worker could not enter the folder
    config.write_text(
        _CONFIG.format(module=module, user=user, folder=folder, port=port, files=files)
    )
    process = subprocess.Popen([program, "-c", config, "-p", folder, "-e", folder / "error.log"])
    try:
        _wait_for(port, process, folder / "error.log")
        yield Api(port, process.pid)
    finally:
        process.terminate()
        process.wait()


def _wait_for(port: int, process: "subprocess.Popen[bytes]", log: Path) -> None:
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline and process.poll() is None:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.02)
    raise SystemExit(f"nginx did not start:\n{log.read_text() if log.exists() else ''}")
