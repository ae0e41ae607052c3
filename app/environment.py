"""What the environment and `.env` say: settings, or sentences about what is wrong with them."""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from dotenv import dotenv_values
from pydantic import SecretStr, ValidationError

from app.embedded import StartupProblem
from app.embedded.programs import POSTGRES_SETTING, VALKEY_SETTING
from app.settings import PREFIX, Settings

DOTENV = Path(".env")
# Not settings of the application: which programs to run, and what the tests need.
BESIDE_SETTINGS = {
    POSTGRES_SETTING,
    VALKEY_SETTING,
    "STREAMING_STACK_TEST_DATA",
    "STREAMING_STACK_TEST_POSTGRES",
    "STREAMING_STACK_TEST_VALKEY",
}
LOCAL_SOCKET = "the local socket"
_REDIS_SCHEMES = ("redis", "rediss", "unix")
_PLAIN_NAMES = {"database_url": "DATABASE_URL", "redis_url": "REDIS_URL"}


def variable(field: str) -> str:
    """The variable a setting is usually given in."""
    return _PLAIN_NAMES.get(field) or PREFIX + field.upper()


def read_settings() -> Settings:
    """The settings; raises StartupProblem with all that is wrong in them."""
    try:
        return Settings()
    except ValidationError as invalid:
        first, *others = list(sentences(invalid))
        raise StartupProblem(
            first, "`streaming-stack config check` checks again", "\n".join(others)
        ) from invalid


def complaints() -> list[str]:
    """Everything that is wrong or suspicious about the environment and `.env`."""
    found: list[str] = []
    try:
        found += _unusable_urls(Settings())
    except ValidationError as invalid:
        found += sentences(invalid)
    return [*found, *unknown_names()]


def _unusable_urls(settings: Settings) -> Iterator[str]:
    from app.database import UnusableDatabase, parse_address

    if settings.database_url is not None:
        try:
            parse_address(settings.database_url.get_secret_value(), settings.database_pooler)
        except UnusableDatabase as unusable:
            yield unusable.message
        except ValueError:
            yield "DATABASE_URL has a port that is no number"
    if settings.redis_url is not None:
        scheme = settings.redis_url.get_secret_value().partition("://")[0]
        if scheme not in _REDIS_SCHEMES:
            yield f"REDIS_URL must begin with one of {', '.join(_REDIS_SCHEMES)}, each with ://"


def place(url: str) -> str:
    """Where a URL leads, without its user and password."""
    try:
        parts = urlsplit(url)
        host = parts.hostname or LOCAL_SOCKET
        return f"{host}:{parts.port}{parts.path}" if parts.port else f"{host}{parts.path}"
    except ValueError:
        return "an address that is no URL"


def sentences(invalid: ValidationError) -> Iterator[str]:
    """What pydantic found, without its jargon and without a secret's value."""
    for error in invalid.errors(include_url=False):
        name = str(error["loc"][0]) if error["loc"] else "the settings"
        # An alias is reported as it was written, a field by its own name.
        name = name if name in _PLAIN_NAMES.values() else variable(name.lower())
        yield f"{name}={_shown(name, error['input'])} is not usable: {_reason(error)}"


def unknown_names() -> Iterator[str]:
    """Variables that look like ours but mean nothing, with the name that was probably meant."""
    known = {variable(field) for field in Settings.model_fields}
    known |= {PREFIX + field.upper() for field in Settings.model_fields} | BESIDE_SETTINGS
    given = dict.fromkeys(os.environ, "the environment")
    for name in _dotenv():
        if name.upper() in BESIDE_SETTINGS and name not in os.environ:
            yield f"{name} in {DOTENV} has no effect; it works in the environment only"
        given.setdefault(name, str(DOTENV))
    for name, place in given.items():
        if name.upper().startswith(PREFIX) and name.upper() not in known:
            near = get_close_matches(name.upper(), known, n=1, cutoff=0.6)
            hint = f"did you mean {near[0]}?" if near else "see docs/settings.md"
            yield f"{name} in {place} is no setting; {hint}"


@dataclass(frozen=True, slots=True)
class Row:
    """A setting as it is now. source: where that comes from."""

    variable: str
    value: str
    source: str


def listed() -> list[Row]:
    """Every setting, with secrets masked; raises StartupProblem where they can't be read."""
    settings = read_settings()
    in_environment = {name.upper() for name in os.environ if os.environ[name]}
    in_dotenv = {name.upper() for name in _dotenv()}
    rows: list[Row] = []
    for field in Settings.model_fields:
        names = {variable(field), PREFIX + field.upper()}
        source = "the default"
        if names & in_environment:
            source = "the environment"
        elif names & in_dotenv:
            source = str(DOTENV)
        value = getattr(settings, field)
        shown = place(value.get_secret_value()) if isinstance(value, SecretStr) else value
        rows.append(Row(variable(field), "not set" if shown is None else str(shown), source))
    return rows


def _dotenv() -> list[str]:
    return list(dotenv_values(DOTENV)) if DOTENV.is_file() else []


def _shown(name: str, value: Any) -> str:
    return "…" if name.endswith("_URL") else repr(str(value)[:60])


def _reason(error: Any) -> str:
    if error["type"] == "string_pattern_mismatch":
        return f"it should look like {error['ctx']['pattern']}"
    reason = str(error["msg"]).removeprefix("Value error, ").removeprefix("Input should be ")
    return reason[:1].lower() + reason[1:]
