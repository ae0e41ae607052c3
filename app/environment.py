"""What the environment and `.env` say: settings, or sentences about what is wrong with them."""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Any, get_args
from urllib.parse import urlsplit

from dotenv import dotenv_values
from pydantic import SecretStr, ValidationError

from app.embedded import StartupProblem
from app.embedded.programs import POSTGRES_SETTING, VALKEY_SETTING
from app.settings import PREFIX, Settings
from app.webhook_secret import kept_secret

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
NO_DATABASE_URL = (
    "DATABASE_URL is not a URL",
    "it looks like postgresql://user:password@host:5432/name",
)
NO_REDIS_URL = (
    "REDIS_URL is not a URL that works here",
    "it looks like redis://user:password@host:6379/0, rediss://… or unix:///path",
)
_LAST_PORT = 65535
_SECRETS = frozenset(
    name for name, field in Settings.model_fields.items() if SecretStr in get_args(field.annotation)
)
_PLAIN_NAMES = {"database_url": "DATABASE_URL", "redis_url": "REDIS_URL"}
_PLAIN_SLIP = 0.88  # how alike a name must be; REDIS_TLS_URL and TEST_DATABASE_URL are others' own


def variable(field: str) -> str:
    """The variable a setting is usually given in."""
    return _PLAIN_NAMES.get(field) or PREFIX + field.upper()


def read_settings() -> Settings:
    """The settings; raises StartupProblem with all that is wrong in them."""
    try:
        return Settings()
    except ValidationError as invalid:
        first, *others = list(sentences(invalid))
        message, _, hint = first.partition("; ")
        raise StartupProblem(message, hint, "\n".join(others)) from invalid


def complaints() -> list[str]:
    """Everything that is wrong or suspicious about the environment and `.env`."""
    found: list[str] = []
    try:
        found += map(str, unusable_urls(Settings()))
    except ValidationError as invalid:
        found += sentences(invalid)
    return [*found, *unknown_names()]


def unusable_urls(settings: Settings) -> Iterator[StartupProblem]:
    """What is wrong with the form of the servers' URLs; nobody is asked whether they are there."""
    from redis.connection import parse_url

    from app.database import UnusableDatabase, parse_address

    if settings.database_url is not None:
        try:
            address = parse_address(
                settings.database_url.get_secret_value(), settings.database_pooler
            )
            if not 0 < (address.url.port or 1) <= _LAST_PORT:
                yield StartupProblem(*NO_DATABASE_URL)
        except UnusableDatabase as unusable:
            yield in_two_parts(unusable.message)
        except ValueError:  # a port that is no number
            yield StartupProblem(*NO_DATABASE_URL)
    if settings.redis_url is not None:
        try:
            parsed = parse_url(settings.redis_url.get_secret_value())
            if not 0 < int(parsed.get("port", 1)) <= _LAST_PORT:
                yield StartupProblem(*NO_REDIS_URL)
        except ValueError:
            yield StartupProblem(*NO_REDIS_URL)


def in_two_parts(refusal: str) -> StartupProblem:
    """What is wrong and what to do, of a refusal that says them in two sentences."""
    message, _, hint = refusal.partition(". ")
    return StartupProblem(message.rstrip("."), hint[:1].lower() + hint[1:].rstrip("."))


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
        yield f"{name} is {_shown(name, error['input'])}; {_reason(error)}"


def unknown_names() -> Iterator[str]:
    """Variables that look like ours but mean nothing, with the name that was probably meant."""
    known = {variable(field) for field in Settings.model_fields}
    known |= {PREFIX + field.upper() for field in Settings.model_fields} | BESIDE_SETTINGS
    given = dict.fromkeys(os.environ, "the environment")
    for name in _dotenv():
        if name.upper() in BESIDE_SETTINGS and name not in os.environ:
            yield f"{name} in {DOTENV} has no effect; it works in the environment only"
        given.setdefault(name, str(DOTENV))
    plain = set(_PLAIN_NAMES.values()) - {name.upper() for name in given}
    for name, place in given.items():
        ours = name.upper().startswith(PREFIX)
        if name.upper() in known:
            continue
        near = get_close_matches(
            name.upper(), known if ours else plain, n=1, cutoff=0.6 if ours else _PLAIN_SLIP
        )
        if ours or near:
            hint = f"did you mean {near[0]}?" if near else "see docs/settings.md"
            yield f"{name} in {place} is no setting; {hint}"


@dataclass(frozen=True, slots=True)
class Row:
    """A setting as it is now. source: where that comes from."""

    variable: str
    value: str
    source: str


def listed() -> list[Row]:
    """Every setting, with secrets masked; raises StartupProblem where they can't be read.

    The secret that was made for the data folder is shown, since nobody has seen it elsewhere.
    """
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
        if field == "justwatch_webhook_secret":
            made = kept_secret(settings)
            value, source = (made, "made for the data folder") if made else (value, source)
            shown = "set" if isinstance(value, SecretStr) else value
        else:
            shown = place(value.get_secret_value()) if isinstance(value, SecretStr) else value
        rows.append(Row(variable(field), "not set" if shown in (None, "") else str(shown), source))
    return rows


def _dotenv() -> list[str]:
    return list(dotenv_values(DOTENV)) if DOTENV.is_file() else []


def _shown(name: str, value: Any) -> str:
    secret = name in map(variable, _SECRETS)
    hidden = secret or "@" in str(value)  # it may hold a password
    return "…" if hidden else repr(str(value)[:60])


def _reason(error: Any) -> str:
    kind = str(error["type"])
    if kind == "literal_error":
        return f"it must be {error['ctx']['expected']}"
    if kind.startswith("bool_"):
        return "it must be true or false"
    if kind.startswith(("int_", "greater_than", "less_than")):
        return f"it must be a whole number{_range(str(error['loc'][0]).lower())}"
    reason = str(error["msg"]).removeprefix("Value error, ")
    return reason[:1].lower() + reason[1:]


def _range(field: str) -> str:
    limits = Settings.model_fields[field].metadata
    least, most = (
        next((getattr(limit, end) for limit in limits if hasattr(limit, end)), None)
        for end in ("ge", "le")
    )
    return f" from {least} to {most}" if most is not None else f", at least {least}"
