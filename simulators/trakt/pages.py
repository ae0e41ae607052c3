"""Pages, and the other things a query can ask for everywhere."""

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, TypeVar

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse

MOST = 250  # since June 2026; whoever asks for more gets this, without a word
T = TypeVar("T")


def extended(request: Request) -> frozenset[str]:
    """What was asked for on top: full, episodes, ..."""
    return frozenset(request.query_params.get("extended", "").split(",")) - {""}


def _number(text: str | None, default: int) -> int:
    return int(text) if text and text.isdecimal() and int(text) > 0 else default


def paged(
    request: Request,
    items: Sequence[T],
    said: Callable[[T], Any],
    *,
    default: int = 100,
    headers: Mapping[str, str] | None = None,
) -> JSONResponse:
    """The page that was asked for, and the four headers that tell of all of them."""
    page = _number(request.query_params.get("page"), 1)
    limit = min(_number(request.query_params.get("limit"), default), MOST)
    chosen = items[(page - 1) * limit : page * limit]
    told = {
        "X-Pagination-Page": str(page),
        "X-Pagination-Limit": str(limit),
        "X-Pagination-Page-Count": str(math.ceil(len(items) / limit)),
        "X-Pagination-Item-Count": str(len(items)),
    }
    return JSONResponse([said(item) for item in chosen], headers={**told, **(headers or {})})


def moment(text: Any, status: int = 400) -> datetime:
    """A moment in ISO 8601, by UTC where it names no zone; refused with a status otherwise."""
    try:
        read = datetime.fromisoformat(text)
    except (TypeError, ValueError):
        raise HTTPException(status) from None
    return read if read.tzinfo else read.replace(tzinfo=UTC)


async def body(request: Request) -> dict[str, Any]:
    """The JSON object that was sent; {} for nothing."""
    if not await request.body():
        return {}
    try:
        read = await request.json()
    except ValueError:
        raise HTTPException(400) from None
    if not isinstance(read, dict):
        raise HTTPException(400)
    return read


def counts(kinds: Iterable[str], things: Iterable[str] = ()) -> dict[str, int]:
    """How many of each kind, by the plural."""
    found = dict.fromkeys((f"{kind}s" for kind in kinds), 0)
    for kind in things:
        found[f"{kind}s"] += 1
    return found
