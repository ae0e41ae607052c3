"""What `streaming-stack doctor` looks at. Each check says what it found and what to type."""

import asyncio
import os
import shutil
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from sqlalchemy import text

from app import demo, local, local_llm, migrate, ollama
from app.database import check_server
from app.embedded import StartupProblem, ensure_port_free, running_instance
from app.embedded.errors import user_name
from app.embedded.programs import find_postgres, find_valkey
from app.environment import variable
from app.prepare import opened, revision, valkey_policy, valkey_version
from app.settings import Settings

_LITTLE_SPACE, _NO_SPACE = 2_000_000_000, 200_000_000
_EXTENSIONS = {"pg_trgm", "unaccent"}
_OLLAMA_S = 5.0


@dataclass(frozen=True, slots=True)
class Finding:
    """What one check found. hint: what to do about it."""

    about: str
    state: Literal["ok", "warning", "problem"]
    message: str
    hint: str = ""


def examine(settings: Settings) -> Iterator[Finding]:
    """Everything, one finding after the other."""
    yield _python()
    yield from _programs(settings)
    yield _disk(settings)
    yield _port(settings)
    yield _ollama(settings)
    yield Finding("toy model", "ok", local_llm.told())
    yield (folder := _folder(settings))
    empty = not _there(settings.data_dir / "postgres" / "PG_VERSION")
    if settings.embedded and (folder.state != "ok" or (settings.database_url is None and empty)):
        return
    try:
        with local.servers(settings) as reachable:
            yield _tried("Valkey", lambda: _valkey(reachable))
            yield from asyncio.run(_postgres(reachable, settings))
    except StartupProblem as problem:
        yield Finding("servers", "problem", problem.message, problem.hint)


def _python() -> Finding:
    version = ".".join(map(str, sys.version_info[:3]))
    if sys.version_info < (3, 11):  # noqa: UP036  (this is the check)
        return Finding("Python", "problem", version, "install Python 3.11 or newer")
    return Finding("Python", "ok", f"{version} in {sys.prefix}")


def _programs(settings: Settings) -> Iterator[Finding]:
    if settings.database_url is None:
        yield _tried("Postgres programs", lambda: f"{find_postgres().version}")
    if settings.redis_url is None:
        yield _tried("Valkey program", lambda: str(find_valkey()))


def _disk(settings: Settings) -> Finding:
    folder = settings.data_dir.absolute()
    free = shutil.disk_usage(_nearest(folder)).free
    message = f"{free / 1e9:.1f} GB free where {folder} is"
    if free < _NO_SPACE:
        return Finding("disk space", "problem", message, "free at least 200 MB")
    if free < _LITTLE_SPACE:
        return Finding("disk space", "warning", message, "a large catalogue needs 2 GB")
    return Finding("disk space", "ok", message)


def _folder(settings: Settings) -> Finding:
    folder = settings.data_dir.absolute()
    there = _nearest(folder)
    refused = None
    if not there.is_dir():
        refused = f"{there} is no folder"
    elif not os.access(there, os.W_OK | os.X_OK):
        refused = f"{user_name()} may not write in {there}"
    if refused is None:
        made = "" if there == folder else "; it is made at the first start"
        return Finding("data folder", "ok", f"{folder}{made}")
    doing = "used" if there == folder else "made"
    return Finding(
        "data folder",
        "problem",
        f"{folder} cannot be {doing}: {refused}",
        f"set {variable('data_dir')} to a folder that you may write in",
    )


def _nearest(folder: Path) -> Path:
    """The folder, or the nearest above it that is there."""
    return next(path for path in (folder, *folder.parents) if _there(path))


def _there(path: Path) -> bool:
    return os.path.exists(path)  # noqa: PTH110  (Path's raises where we may not look)


def _port(settings: Settings) -> Finding:
    running = running_instance(settings.data_dir)
    if running and running.ports.get("api") == settings.port:
        return Finding("port", "ok", f"{settings.port} is ours (process {running.pid})")

    def free() -> str:
        ensure_port_free(settings.host, settings.port)
        return f"{settings.port} on {settings.host} is free"

    return _tried("port", free)


def _ollama(settings: Settings) -> Finding:
    model, unset = settings.ollama_model, "not set; whys are written by templates"
    if settings.ollama_url is None:
        found = ollama.nearby() if settings.database_url is settings.redis_url is None else None
        if found is None:
            return Finding("Ollama", "ok", unset)
        if found.has(model):
            message = f"not set; `streaming-stack up` finds {model} at {found.where} and uses it"
            return Finding("Ollama", "ok", message)
        return Finding("Ollama", "ok", f"{unset}. {found.where} has no {model}: `ollama pull` it")
    name = variable("ollama_url")
    seen = asyncio.run(ollama.look(settings.ollama_url, settings.ollama_token, _OLLAMA_S))
    if seen.state == "away":
        hint = f"ollama serve, or unset {name}; until then templates write the whys"
        return Finding("Ollama", "warning", f"nobody answers at {seen.where}", hint)
    if seen.state == "closed":
        hint = f"set {variable('ollama_token')} to the token that it wants"
        return Finding("Ollama", "problem", f"{seen.where} does not let us in", hint)
    if seen.state == "stranger":
        hint = f"set {name} to where Ollama listens, like http://127.0.0.1:11434"
        return Finding("Ollama", "problem", f"what answers at {seen.where} is no Ollama", hint)
    if not seen.has(model):
        message = f"{seen.version} at {seen.where} does not have {model}"
        return Finding("Ollama", "problem", message, f"ollama pull {model}")
    return Finding("Ollama", "ok", f"{seen.version} at {seen.where} has {model}")


def _valkey(settings: Settings) -> str | Finding:
    version, policy = valkey_version(settings), valkey_policy(settings)
    if policy not in {"noeviction", "unknown"}:
        return Finding(
            "Valkey",
            "warning",
            f"{version} throws jobs away when it is full (maxmemory-policy {policy})",
            "type `CONFIG SET maxmemory-policy noeviction` in valkey-cli, and set it in its file",
        )
    return f"{version}, maxmemory-policy {policy}"


async def _postgres(reachable: Settings, settings: Settings) -> list[Finding]:
    findings: list[Finding] = []
    try:
        async with opened(reachable) as database:
            version = await check_server(database)
            findings.append(Finding("Postgres", "ok", version))
            found, newest = await revision(database), migrate.head()
            if found != newest:
                message = f"the schema is {found or 'missing'}, the newest is {newest}"
                findings.append(Finding("schema", "problem", message, "streaming-stack migrate"))
                return findings
            findings.append(Finding("schema", "ok", newest))
            async with database.read() as connection:
                names = set(
                    (await connection.execute(text("SELECT extname FROM pg_extension"))).scalars()
                )
            missing = sorted(_EXTENSIONS - names)
            findings.append(
                Finding("extensions", "problem", f"{', '.join(missing)} missing",
                        f"type `CREATE EXTENSION {missing[0]}` in psql as the database's owner")
                if missing
                else Finding("extensions", "ok", ", ".join(sorted(_EXTENSIONS)))
            )  # fmt: skip
            findings.append(_demo(settings, await demo.open_accounts(database)))
    except StartupProblem as problem:
        findings.append(Finding("Postgres", "problem", problem.message, problem.hint))
    return findings


def _demo(settings: Settings, accounts: Sequence[str]) -> Finding:
    if accounts and not demo.private(settings):
        return Finding(
            "demo accounts",
            "problem",
            f"everybody knows the password of {', '.join(accounts)}, and others can reach it",
            "set STREAMING_STACK_HOST=127.0.0.1, or restart: `streaming-stack up` removes them",
        )
    return Finding(
        "demo accounts", "ok", "only reachable from this machine" if accounts else "none"
    )


def _tried(about: str, check: Callable[[], "str | Finding"]) -> Finding:
    try:
        found = check()
    except StartupProblem as problem:
        return Finding(about, "problem", problem.message, problem.hint)
    return found if isinstance(found, Finding) else Finding(about, "ok", found)
