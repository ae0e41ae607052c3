"""JSON in: bodies and query strings become models, whatever strangers send."""

import asyncio
from types import GenericAlias
from typing import Any, TypeVar

import orjson
from pydantic import BaseModel, ValidationError
from starlette.requests import Request

from domain.titles.names import clean
from rest.problems import BadRequest, FieldProblem, InvalidFields

MOST_BYTES = 256 * 1024
DEADLINE_S = 15.0  # for a body to arrive; a line that feeds us a byte at a time holds a place
_MOST_TOLD = 10
# What a value must do, by pydantic's name for what is wrong with it.
_MUST = {
    **dict.fromkeys(("int_type", "int_parsing", "int_from_float"), "be a whole number"),
    "int_parsing_size": "be a smaller number",
    "greater_than_equal": "be at least {ge}",
    "less_than_equal": "be at most {le}",
    **dict.fromkeys(("literal_error", "enum"), "be {expected}"),
    "string_type": "be text",
    "string_too_short": "have at least {min_length} characters",
    "string_too_long": "have at most {max_length} characters",
    **dict.fromkeys(("bool_type", "bool_parsing"), "be true or false"),
    "list_type": "be a list",
    "too_long": "have at most {max_length} entries",
    **dict.fromkeys(("model_type", "model_attributes_type", "dict_type"), "be an object"),
}
SHAPES = {
    "^[A-Za-z]{2}$": "be two letters, like US",
    "^([01][0-9]|2[0-3]):[0-5][0-9]$": "be a time, like 22:00",
    "^[A-Z]{3}$": "be a currency, like USD",
    "^t(m|s|ss)[0-9]{1,12}$": "be an id of JustWatch's, like tm19698",
    "^tt[0-9]{5,12}$": "be an id of IMDb's, like tt0093773",
    "^[0-9]{1,9}(:[0-9]{1,3})?$": "be an id of TMDB's, like 106, or of a season, like 46648:1",
    "^[a-z0-9][a-z0-9._-]{0,39}$": "be a short name in small letters, like justwatch",
}
T = TypeVar("T", bound=BaseModel)


async def read_body(request: Request, model: type[T]) -> T:
    """The request's body as a model; raises BadRequest or InvalidFields."""
    return parse(await read_bytes(request, MOST_BYTES), model)


async def read_bytes(request: Request, most: int) -> bytes:
    """The body of a request that says it is JSON, at most so many bytes; raises BadRequest."""
    _check_type(request)
    try:
        async with asyncio.timeout(DEADLINE_S):
            return await _collect(request, most)
    except TimeoutError as error:
        raise BadRequest("The body took too long to arrive.", 408) from error


def parse(body: bytes, model: type[T]) -> T:
    """A body as a model; raises BadRequest or InvalidFields."""
    try:
        told = orjson.loads(body)  # refuses lone surrogates, NaN and what is nested too deeply
    except orjson.JSONDecodeError as error:
        raise BadRequest("This is not JSON in UTF-8.") from error
    if not isinstance(told, dict):
        raise BadRequest("Send one JSON object, like {}.")
    return _validated(model, told)


def read_query(request: Request, model: type[T]) -> T:
    """The query string as a model. Lists are comma separated, repeated, or both.

    A field that has an alias has both names. Others are ignored, since links collect them. Raises
    InvalidFields.
    """
    told: dict[str, Any] = {}
    for name, field in model.model_fields.items():
        values = request.query_params.getlist(field.alias or name)
        values = values or request.query_params.getlist(name)
        if isinstance(field.annotation, GenericAlias):
            told[name] = [part.strip() for part in ",".join(values).split(",") if part.strip()]
        elif values:
            told[name] = values[-1]
    return _validated(model, told)


def _check_type(request: Request) -> None:
    kind, _, rest = request.headers.get("content-type", "").lower().partition(";")
    kind, charset = kind.strip(), rest.partition("charset=")[2].strip(' "')
    if kind != "application/json" and not (kind.startswith("application/") and "+json" in kind):
        raise BadRequest("Send application/json, and say so in Content-Type.", 415)
    if charset not in {"", "utf-8", "utf8"}:
        raise BadRequest("Send JSON in UTF-8.", 415)
    if request.headers.get("content-encoding", "identity").lower() != "identity":
        raise BadRequest("Send the body as it is, not compressed.", 415)


async def _collect(request: Request, most: int) -> bytes:
    declared = request.headers.get("content-length", "")
    if declared.isdecimal() and (len(declared) > 9 or int(declared) > most):
        raise _too_large(most)
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > most:
            raise _too_large(most)
    return bytes(body)


def _too_large(most: int) -> BadRequest:
    return BadRequest(f"A body may have {most // 1024} KiB.", 413)


def _validated(model: type[T], told: dict[str, Any]) -> T:
    try:
        return model.model_validate(told)
    except ValidationError as error:
        found = error.errors(include_url=False, include_input=False)
        raise InvalidFields([_field_problem(each) for each in found[:_MOST_TOLD]]) from error


def _field_problem(error: Any) -> FieldProblem:
    # A union's error also names the branch that failed ("constrained-str", "WatchedTitle").
    path = [part for part in error["loc"] if isinstance(part, int) or _is_name(part)]
    field = ".".join(str(part) for part in path) or None
    name, said, about = field or "The input", error["msg"], error.get("ctx", {})
    match error["type"]:
        case kind if kind in _MUST:
            detail = f"{name} must {_MUST[kind].format_map(about)}."
        case "string_pattern_mismatch":
            detail = f"{name} must {SHAPES.get(about['pattern'], 'have another form')}."
        case "missing":
            detail = f"{name} is missing."
        case "extra_forbidden":
            detail = f"There is no field {clean(str(error['loc'][-1]), 60)!r} here."
        case _ if said.startswith("Input "):
            detail = f"{name} {said.removeprefix('Input ')}."
        case _:
            detail = f"{name}: {said}."
    return FieldProblem(field=field, detail=detail)


def _is_name(part: str) -> bool:
    return part.isidentifier() and part.islower() and part != "str" and len(part) <= 60
