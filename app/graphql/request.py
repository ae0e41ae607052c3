"""Reading a request's parameters: every one absent, or of the right type and storable."""

from typing import Any

import orjson
from starlette.exceptions import HTTPException
from starlette.requests import Request

from app.graphql.limits import Limits, input_error

JSON = "application/json"
PARAMETERS = {"query": str, "operationName": str, "variables": dict, "extensions": dict}
NAMES = {str: "string", dict: "object"}
CLOSE = {"connection": "close"}  # what is left of a body must not be waited for


async def read(request: Request, limits: Limits) -> dict[str, Any]:
    """The parameters of a GET or POST; raises HTTPException for any that can't be used."""
    if request.method == "GET":
        asked: Any = dict(request.query_params)
        for name in ("variables", "extensions"):
            asked[name] = _json(asked[name].encode()) if asked.get(name) else None
    elif request.method == "POST":
        kind, _, options = request.headers.get("content-type", "").lower().partition(";")
        charset = options.strip().partition("charset=")[2].strip('"') or "utf-8"
        if kind.strip() != JSON or charset not in ("utf-8", "utf8"):
            raise HTTPException(415, f"Send {JSON} in UTF-8.")
        asked = _json(await _body(request, limits.body_bytes))
    else:
        raise HTTPException(405, "Use POST or GET.", {"allow": "GET, POST"})
    if not isinstance(asked, dict):
        raise HTTPException(400, "The request must be one JSON object.")
    if problem := misfit(asked):
        raise HTTPException(400, problem)
    if error := input_error(asked, limits):
        raise HTTPException(400, error.message)
    return asked


def misfit(asked: dict[str, Any]) -> str | None:
    """Say which parameter of an operation is missing or of the wrong type."""
    for name, type_ in PARAMETERS.items():
        if asked.get(name) is not None and not isinstance(asked[name], type_):
            return f"`{name}` must be a JSON {NAMES[type_]} or absent."
    return None if asked.get("query") else "A `query` is missing."


async def _body(request: Request, most: int) -> bytes:
    """Read up to the limit and not a byte more, whatever content-length promised."""
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > most:
            raise HTTPException(413, f"A request may have {most} bytes.", CLOSE)
    return bytes(body)


def _json(body: bytes) -> Any:
    try:
        return orjson.loads(body)
    except orjson.JSONDecodeError as error:
        raise HTTPException(400, "This is not JSON.") from error
