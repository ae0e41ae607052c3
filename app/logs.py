"""Logs: one line for each event, JSON for programs or colours for people, and never a secret."""

import logging
import re
import sys
from collections.abc import Mapping
from typing import Any, TextIO

import structlog
from stamina.instrumentation import set_on_retry_hooks
from structlog.typing import EventDict, Processor, WrappedLogger

from domain.db import is_away

HIDDEN = "[hidden]"
_SECRET_NAME = re.compile(
    r"authorization|cookie|passw|secret|token|credential|api_?key|(^|_)(pin|pin_hash|hash)$", re.I
)
_SECRET_TEXT = (
    (re.compile(r"sst_[\w-]{8,}"), HIDDEN),
    (re.compile(r"whsec_[\w+/=-]{8,}"), HIDDEN),
    (re.compile(r"\bre_\w{8,}"), HIDDEN),  # Resend's keys, and Telegram's, which stand in addresses
    (re.compile(r"\bbot\d+:[\w-]+"), f"bot{HIDDEN}"),
    (re.compile(r"(?i)\b(bearer|basic)\s+[\w.~+/=-]{8,}"), rf"\1 {HIDDEN}"),
    (re.compile(r"(?i)\b((?:__host-)?session=)[\w-]{8,}"), rf"\1{HIDDEN}"),
    # The password in a URL: redis://user:password@host
    (re.compile(r"(?<=://)([^\s:/@]*):[^\s@/]+@"), rf"\1:{HIDDEN}@"),
    # What SQLAlchemy adds to its errors: the values of a statement, e-mails and hashes among them.
    (re.compile(r"\[parameters: .*?\](?=\n|$)", re.S), f"[parameters: {HIDDEN}]"),
)


def configure_logs(level: str = "info") -> None:
    """Send our logs and the libraries' to standard error; calling it again changes the level."""
    before: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.PositionalArgumentsFormatter(),
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.StackInfoRenderer(),
        shorten_outages,
        structlog.processors.format_exc_info,  # without the frames' variables
        structlog.processors.UnicodeDecoder(),
        hide_secrets,
    ]
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *before,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=False,
    )
    handler = _Stderr()
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=before,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, _renderer()],
        )
    )
    root = logging.getLogger()
    for ours in [each for each in root.handlers if isinstance(each, _Stderr)]:
        root.removeHandler(ours)
    root.addHandler(handler)
    root.setLevel(level.upper())
    logging.getLogger("uvicorn.error").addFilter(_is_news)
    for chatty in ("httpx", "httpcore", "asyncio", "alembic"):
        logging.getLogger(chatty).setLevel(max(logging.WARNING, root.level))
    logging.getLogger("uvicorn.error").addFilter(_is_no_refused_handshake)
    set_on_retry_hooks(())  # what comes of it is said once, by whoever asked


def shorten_outages(logger: WrappedLogger, method: str, event: EventDict) -> EventDict:
    """Say in a line that a server is away: where in our code that was found tells nobody more."""
    told = event.get("exc_info")
    if told is True:
        told = sys.exc_info()
    problem = told[1] if isinstance(told, tuple) else told
    if isinstance(problem, BaseException) and is_away(problem):
        del event["exc_info"]
        event.update(level="warning", problem=type(problem).__name__)
    return event


def _is_no_refused_handshake(record: logging.LogRecord) -> bool:
    # uvicorn says this of each socket that is refused with an answer, as ASGI lets one.
    return record.msg != "ASGI callable returned without completing handshake."


def _is_news(record: logging.LogRecord) -> bool:
    """Not what uvicorn tells with a traceback, though only a client did something wrong."""
    return record.msg != "Invalid UTF-8 sequence received from client."


def hide_secrets(logger: WrappedLogger, method: str, event: EventDict) -> EventDict:
    """Blot out what lets somebody in: values by their name, and texts by what they look like."""
    return {name: _hidden(name, value) for name, value in event.items()}


def _hidden(name: str, value: Any) -> Any:
    if name.startswith("_"):
        return value  # structlog's own
    if _SECRET_NAME.search(name) and value not in (None, True, False):
        return HIDDEN
    if isinstance(value, bytes):
        value = value.decode(errors="replace")
    if isinstance(value, str):
        for pattern, instead in _SECRET_TEXT:
            value = pattern.sub(instead, value)
        return value
    if isinstance(value, Mapping):
        return {key: _hidden(str(key), each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [_hidden("", each) for each in value]
    return value


def _renderer() -> Processor:
    if sys.stderr.isatty():
        return structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback)
    return structlog.processors.JSONRenderer()


class _Stderr(logging.StreamHandler[TextIO]):
    """Writes to whatever standard error is at the moment, which tests and consoles exchange."""

    def __init__(self) -> None:
        logging.Handler.__init__(self)

    @property
    def stream(self) -> TextIO:  # pyright: ignore[reportIncompatibleVariableOverride]
        """Standard error."""
        return sys.stderr
