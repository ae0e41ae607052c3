"""GraphQL over HTTP, following graphql-over-http's draft: what a stranger's bytes meet first.

JSON, so that a page of another site cannot post without asking CORS first; a form only where it
brings a file, and then from whoever is signed in, by a page of ours. GET is for queries.
Nothing sent makes a 5xx; what we did not expect is logged with an id, and the caller is told it.
"""

import asyncio
import json
from collections.abc import Awaitable, Callable, Hashable, Iterable
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
from app.graphql.limits import Limits
from app.graphql.request import CLOSE, JSON, read
from app.graphql.uploads import Uploads, is_upload, read_upload
from domain.errors import DomainError, NotSignedIn, TooManyRequests

GRAPHQL = "application/graphql-response+json"
WILD = (JSON, "application/*", "*/*")
ALLOWED = {
    "GET": {OperationType.QUERY},
    "POST": {OperationType.QUERY, OperationType.MUTATION},
}
WITH_FILE = {OperationType.MUTATION}  # a query needs none, nor the time that a file is given


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
    on `response` are sent. `ide` is the page a browser gets; `websocket` answers sockets;
    `uploader(context)` says whose file it is that comes with a request, None: nobody's, who may
    send none; without it nobody may.
    """

    def __init__(
        self,
        schema: StrawberrySchema,
        *,
        get_context: Callable[[HTTPConnection, Response], Awaitable[Any]],
        limits: Limits | None = None,
        ide: bytes | Callable[[Request], Response] | None = None,
        websocket: ASGIApp | None = None,
        uploader: Callable[[Any], Hashable | None] | None = None,
    ) -> None:
        self.schema, self.get_context, self.ide = schema, get_context, ide
        self.uploader, self._uploads = uploader, Uploads()
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
        uploads = self.uploader is not None and is_upload(request)
        seconds = self.limits.upload_s if uploads else self.limits.deadline_s
        clock = asyncio.timeout(seconds)
        try:
            async with clock:
                if uploads:
                    return await self._take_in(request, media_type)
                return await self._execute(request, await read(request, self.limits), media_type)
        except ClientDisconnect:
            raise
        except Exception as error:
            if clock.expired():
                text = f"This took longer than {seconds:g} seconds."
                status = 503 if media_type == GRAPHQL else 200
                return _failure(media_type, status, text, "DEADLINE_EXCEEDED", CLOSE)
            return excuse(error, media_type)

    async def _take_in(self, request: Request, media_type: str) -> Response:
        """Answer a request with a file, of which nothing is read before we know who sends it."""
        context = await self.get_context(request, Response())
        if self.uploader is None or (owner := self.uploader(context)) is None:
            raise NotSignedIn("Sign in first: files are taken from accounts alone.")
        with self._uploads.one(owner, self.limits):
            asked, form = await read_upload(request, self.limits)
            try:
                return await self._execute(request, asked, media_type, WITH_FILE)
            finally:
                await form.close()

    async def _execute(
        self,
        request: Request,
        asked: dict[str, Any],
        media_type: str,
        allowed: set[OperationType] | None = None,
    ) -> Response:
        response = Response()
        try:
            result = await self.schema.execute(
                asked["query"],
                variable_values=asked.get("variables"),
                operation_name=asked.get("operationName") or None,
                operation_extensions=asked.get("extensions"),
                context_value=await self.get_context(request, response),
                allowed_operation_types=allowed or ALLOWED[request.method],
            )
        except CannotGetOperationTypeError as error:
            raise HTTPException(400, error.as_http_error_reason()) from error
        except InvalidOperationTypeError as error:
            if allowed is WITH_FILE:
                raise HTTPException(400, "A file comes with a mutation.") from error
            text, read_only = error.as_http_error_reason(request.method), request.method == "GET"
            raise HTTPException(405 if read_only else 400, text, {"allow": "POST"}) from error
        payload = shape(result)
        return _fill(response, _status(payload, media_type), payload, media_type)


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


def shape(result: ExecutionResult) -> dict[str, Any]:
    """Put a result into the form that is sent; one refused before execution has no `data`."""
    errors = [masked(error) for error in result.errors or ()]
    payload: dict[str, Any] = {"errors": [error.formatted for error in errors]} if errors else {}
    if result.extensions:
        payload["extensions"] = result.extensions
    if result.data is not None or any(error.path for error in errors):
        return {"data": result.data, **payload}
    return payload


def excuse(error: Exception, media_type: str) -> Response:
    """Answer a request that ended before there was a result."""
    if isinstance(error, HTTPException):
        headers = dict(error.headers or {})
        return _failure(media_type, error.status_code, error.detail, headers=headers)
    if isinstance(error, TooManyRequests):
        headers = {"retry-after": str(error.retry_after)}
        return _failure(media_type, 429, error.message, error.code, headers)
    if isinstance(error, DomainError):  # at the door: a bad token, another site's page
        status = 401 if isinstance(error, NotSignedIn) else 403
        return _failure(media_type, status, error.message, error.code)
    crash = masked(GraphQLError("", original_error=error))
    code = (crash.extensions or {}).get("code", "INTERNAL")
    return _failure(media_type, 503 if code == "UNAVAILABLE" else 500, crash.message, code)


def refuse(errors: Iterable[GraphQLError], media_type: str) -> Response:
    """Answer a request whose operation is refused."""
    payload = {"errors": [masked(error).formatted for error in errors]}
    return _fill(Response(), 400, payload, media_type)


def _status(payload: dict[str, Any], media_type: str) -> int:
    if "data" in payload:
        return 200
    codes = {error.get("extensions", {}).get("code") for error in payload.get("errors", ())}
    if "INTERNAL" in codes:
        return 500
    return 400 if media_type == GRAPHQL else 200


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
