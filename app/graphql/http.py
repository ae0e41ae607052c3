"""GraphQL over HTTP, following graphql-over-http's draft: what a stranger's bytes meet first.

JSON only, so that a page of another site cannot post without asking CORS first. GET is for queries.
Nothing sent makes a 5xx; what we did not expect is logged with an id, and the caller is told it.
"""

import asyncio
import json
from collections.abc import Awaitable, Callable, Iterable
from functools import partial
from typing import Any

import orjson
from graphql import GraphQLError
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, HTTPConnection, Request
from starlette.responses import HTMLResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send
from starlette.websockets import WebSocketClose
from strawberry import Schema as StrawberrySchema
from strawberry.schema.exceptions import CannotGetOperationTypeError, InvalidOperationTypeError
from strawberry.types import ExecutionContext, ExecutionResult
from strawberry.types.graphql import OperationType

from app.graphql.errors import Masks, masked
from app.graphql.executor import FastExecutor
from app.graphql.guard import Guard
from app.graphql.limits import Limits, input_error
from domain.errors import DomainError, NotSignedIn

JSON, GRAPHQL = "application/json", "application/graphql-response+json"
WILD = (JSON, "application/*", "*/*")
PARAMETERS = {"query": str, "operationName": str, "variables": dict, "extensions": dict}
NAMES = {str: "string", dict: "object"}
CLOSE = {"connection": "close"}  # what is left of a body must not be waited for
ALLOWED = {
    "GET": {OperationType.QUERY},
    "POST": {OperationType.QUERY, OperationType.MUTATION},
}


class Schema(StrawberrySchema):
    """strawberry's schema with our limits, masks and executor built in, whoever runs it."""

    def __init__(
        self,
        query: type,
        *,
        limits: Limits | None = None,
        extensions: Iterable[Any] = (),
        **rest: Any,
    ) -> None:
        self.limits = limits or Limits()
        ours = (Masks, partial(Guard, self.limits))
        rest = {"execution_context_class": FastExecutor, **rest}
        super().__init__(query, extensions=(*ours, *extensions), **rest)

    def process_errors(
        self, errors: list[GraphQLError], execution_context: ExecutionContext | None = None
    ) -> None:
        """Say nothing here: strawberry would print a traceback for a typo in a query."""


class GraphQLEndpoint:
    """The ASGI application behind `/graphql`.

    `get_context(connection, response)` makes what resolvers see; headers and cookies it or they set
    on `response` are sent. `ide` is the page a browser gets; `websocket` answers sockets.
    """

    def __init__(
        self,
        schema: StrawberrySchema,
        *,
        get_context: Callable[[HTTPConnection, Response], Awaitable[Any]],
        limits: Limits | None = None,
        ide: bytes | Callable[[Request], Response] | None = None,
        websocket: ASGIApp | None = None,
    ) -> None:
        self.schema, self.get_context, self.ide = schema, get_context, ide
        self.limits = limits or getattr(schema, "limits", Limits())
        self.websocket = websocket or WebSocketClose(1008)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "websocket":
            return await self.websocket(scope, receive, send)
        request = Request(scope, receive)
        accept = request.headers.get("accept", "")
        try:
            if self.ide and request.method == "GET" and "text/html" in accept:
                response = self.ide(request) if callable(self.ide) else HTMLResponse(self.ide)
            elif media_type := negotiate(accept):
                response = await self._answer(request, media_type)
            else:
                response = _failure(JSON, 406, f"We speak {GRAPHQL} and {JSON}.")
        except ClientDisconnect:
            return None
        return await response(scope, receive, send)

    async def _answer(self, request: Request, media_type: str) -> Response:
        clock = asyncio.timeout(self.limits.deadline_s)
        try:
            async with clock:
                return await self._execute(request, await self._read(request), media_type)
        except ClientDisconnect:
            raise
        except HTTPException as error:
            headers = dict(error.headers or {})
            return _failure(media_type, error.status_code, error.detail, headers=headers)
        except DomainError as refusal:  # at the door: a bad token, another site's page
            status = 401 if isinstance(refusal, NotSignedIn) else 403
            return _failure(media_type, status, refusal.message, refusal.code)
        except Exception as error:
            if clock.expired():
                text = f"This took longer than {self.limits.deadline_s:g} seconds."
                status = 503 if media_type == GRAPHQL else 200
                return _failure(media_type, status, text, "DEADLINE_EXCEEDED", CLOSE)
            crash = masked(GraphQLError("", original_error=error))
            code = (crash.extensions or {}).get("code", "INTERNAL")
            return _failure(media_type, 503 if code == "UNAVAILABLE" else 500, crash.message, code)

    async def _read(self, request: Request) -> dict[str, Any]:
        """Read the parameters of a request, each absent or of the right type."""
        if request.method == "GET":
            asked: Any = dict(request.query_params)
            for name in ("variables", "extensions"):
                asked[name] = _json(asked[name].encode()) if asked.get(name) else None
        elif request.method == "POST":
            kind, _, options = request.headers.get("content-type", "").lower().partition(";")
            charset = options.strip().partition("charset=")[2].strip('"') or "utf-8"
            if kind.strip() != JSON or charset not in ("utf-8", "utf8"):
                raise HTTPException(415, f"Send {JSON} in UTF-8.")
            asked = _json(await self._body(request))
        else:
            raise HTTPException(405, "Use POST or GET.", {"allow": "GET, POST"})
        if not isinstance(asked, dict):
            raise HTTPException(400, "The request must be one JSON object.")
        for name, type_ in PARAMETERS.items():
            if asked.get(name) is not None and not isinstance(asked[name], type_):
                raise HTTPException(400, f"`{name}` must be a JSON {NAMES[type_]} or absent.")
        if not asked.get("query"):
            raise HTTPException(400, "A `query` is missing.")
        if error := input_error(asked, self.limits):
            raise HTTPException(400, error.message)
        return asked

    async def _body(self, request: Request) -> bytes:
        """Read up to the limit and not a byte more, whatever content-length promised."""
        body = bytearray()
        async for chunk in request.stream():
            body += chunk
            if len(body) > self.limits.body_bytes:
                text = f"A request may have {self.limits.body_bytes} bytes."
                raise HTTPException(413, text, CLOSE)
        return bytes(body)

    async def _execute(self, request: Request, asked: dict[str, Any], media_type: str) -> Response:
        response = Response()
        try:
            result = await self.schema.execute(
                asked["query"],
                variable_values=asked.get("variables"),
                operation_name=asked.get("operationName") or None,
                operation_extensions=asked.get("extensions"),
                context_value=await self.get_context(request, response),
                allowed_operation_types=ALLOWED[request.method],
            )
        except CannotGetOperationTypeError as error:
            raise HTTPException(400, error.as_http_error_reason()) from error
        except InvalidOperationTypeError as error:
            text, read_only = error.as_http_error_reason(request.method), request.method == "GET"
            raise HTTPException(405 if read_only else 400, text, {"allow": "POST"}) from error
        status, payload = _payload(result, media_type)
        return _fill(response, status, payload, media_type)


def negotiate(accept: str) -> str | None:
    """Choose what the client likes best; between equals, the newer type if it is named."""
    best: tuple[float, bool, str] | None = None
    for item in (accept or JSON).lower().split(","):
        name, *options = (part.strip() for part in item.split(";"))
        media_type = GRAPHQL if name == GRAPHQL else JSON if name in WILD else None
        weights = [option[2:] for option in options if option.startswith("q=")]
        try:
            weight = float(weights[0]) if weights else 1.0
        except ValueError:
            continue
        if media_type and weight > 0:
            best = max(best or (0.0, False, JSON), (weight, media_type == GRAPHQL, media_type))
    return best and best[2]


def encode(payload: object) -> bytes:
    """Encode quickly what JSON can hold, and slowly what only Python's can: a custom scalar's."""
    try:
        return orjson.dumps(payload)
    except TypeError:
        return json.dumps(payload, default=str).encode()


def _payload(result: ExecutionResult, media_type: str) -> tuple[int, dict[str, Any]]:
    """Shape a result; one refused before execution has no `data`, and a status that says so."""
    errors = [masked(error) for error in result.errors or ()]
    payload: dict[str, Any] = {"errors": [error.formatted for error in errors]} if errors else {}
    if result.extensions:
        payload["extensions"] = result.extensions
    if result.data is not None or any(error.path for error in errors):
        return 200, {"data": result.data, **payload}
    if any((error.extensions or {}).get("code") == "INTERNAL" for error in errors):
        return 500, payload
    return 400 if media_type == GRAPHQL else 200, payload


def _failure(
    media_type: str,
    status: int,
    message: str,
    code: str = "BAD_REQUEST",
    headers: dict[str, str] | None = None,
) -> Response:
    payload = {"errors": [{"message": message, "extensions": {"code": code}}]}
    return _fill(Response(headers=headers), status, payload, media_type)


def _fill(response: Response, status: int, payload: object, media_type: str) -> Response:
    response.body = encode(payload)
    response.status_code = status if response.status_code == 200 else response.status_code
    response.headers["content-length"] = str(len(response.body))
    response.headers["content-type"] = f"{media_type}; charset=utf-8"
    response.headers.setdefault("cache-control", "no-store")
    return response


def _json(body: bytes) -> Any:
    try:
        return orjson.loads(body)
    except orjson.JSONDecodeError as error:
        raise HTTPException(400, "This is not JSON.") from error
