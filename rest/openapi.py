"""The OpenAPI 3.1 document, made of the table of operations and the models they name."""

import re
from collections.abc import Iterable
from inspect import cleandoc
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import GenerateJsonSchema, JsonSchemaMode, models_json_schema

from rest.operations import WITH_BODY, Header, Operation
from rest.problems import MEDIA_TYPE, TITLES, Problem

_REF = "#/components/schemas/{model}"
_ABOUT = """
What to watch tonight, on the services a household pays for, and until when.

Send an API token as `Authorization: Bearer sst_…`, or sign in for a cookie; most of it answers
without either. Errors are [problems](https://www.rfc-editor.org/rfc/rfc9457): `detail` is for
people, `code` for programs.
"""
_TAGS = {
    "Tonight": "The main question.",
    "Catalogue": "Titles, and the services that have them.",
    "Me": "The profile that asks; it takes an account.",
    "Watchlist": "What the profile that asks wants to watch and has watched.",
    "Session": "Signing in and out.",
    "Webhooks": "For programs that tell us what changed.",
    "Instance": "For whoever runs it.",
}
_LIMIT_HEADERS = {
    "RateLimit-Limit": "Questions a minute. Absent for Pro accounts, which have no limit.",
    "RateLimit-Remaining": "How many are left.",
    "RateLimit-Reset": "Seconds until all are back.",
}
_NAMED = re.compile(r"{(\w+)}")
_IN_PATH = {
    "titleId": ("The title's id.", "title_42"),
    "watchId": ("The line's id.", "watch_42"),
}
_RETRY = {"Retry-After": "Seconds to wait."}


class _Schemas(GenerateJsonSchema):
    def field_title_should_be_set(self, schema: Any) -> bool:
        """No: "Time Min" tells nobody more than time_min does."""
        return False


def document(operations: Iterable[Operation], version: str) -> dict[str, Any]:
    """The document for a table of operations."""
    table = tuple(operations)
    names, schemas = _schemas(table)
    paths: dict[str, Any] = {}
    for each in table:
        paths.setdefault(each.path, {})[each.method.lower()] = _operation(each, names, schemas)
    for each in table:  # told as parameters
        if query := _query(each):
            schemas.pop(query.__name__, None)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Streaming Stack",
            "version": version,
            "description": cleandoc(_ABOUT),
        },
        "tags": [{"name": name, "description": told} for name, told in _TAGS.items()],
        "paths": paths,
        "components": {
            "schemas": schemas,
            "securitySchemes": {
                "token": {"type": "http", "scheme": "bearer", "description": "An API token."},
                "cookie": {
                    "type": "apiKey",
                    "in": "cookie",
                    "name": "session",
                    "description": "POST /api/session sets it; `__Host-session` over https.",
                },
            },
        },
    }


def _schemas(table: tuple[Operation, ...]) -> tuple[dict[Any, Any], dict[str, Any]]:
    wanted: dict[tuple[type[BaseModel], JsonSchemaMode], None] = {(Problem, "serialization"): None}
    for each in table:
        for model in (each.takes, each.also_takes):
            if model:
                wanted[model, "validation"] = None
        for model in (each.gives, *each.also.values()):
            if model:
                wanted[model, "serialization"] = None
    names, made = models_json_schema(list(wanted), ref_template=_REF, schema_generator=_Schemas)
    return names, made.get("$defs", {})


def _operation(each: Operation, names: Any, schemas: dict[str, Any]) -> dict[str, Any]:
    told: dict[str, Any] = {
        "operationId": each.answer.__name__,
        "summary": each.summary,
        "description": _description(each),
        "tags": [each.tag],
        "responses": _responses(each, names),
    }
    # Readers take a lock for "sign in first", also where an empty alternative stands beside it.
    told["security"] = [{"token": []}, {"cookie": []}] if each.account else []
    if each.takes and each.method in WITH_BODY:
        content = {"application/json": {"schema": names[each.takes, "validation"]}}
        told["requestBody"] = {"required": not each.bodiless, "content": content}
    parameters = [_in_path(name) for name in _NAMED.findall(each.path)]
    parameters += [_header(*pair) for pair in each.headers.items()]
    if query := _query(each):
        parameters += [
            _parameter(name, schema)
            for name, schema in schemas[query.__name__]["properties"].items()
        ]
    if parameters:
        told["parameters"] = parameters
    return told


def _query(each: Operation) -> type[BaseModel] | None:
    """The model of its query string."""
    return each.also_takes if each.method in WITH_BODY else each.takes


def _description(each: Operation) -> str:
    told = cleandoc(each.answer.__doc__ or "")
    if each.account is not None:
        return told
    use = (
        "raises the limit and answers for its profile"
        if each.limited
        else "answers for its profile"
    )
    return f"{told}\n\nIt takes no account; an API token or a session's cookie {use}."


def _in_path(name: str) -> dict[str, Any]:
    description, example = _IN_PATH[name]
    return {
        "name": name,
        "in": "path",
        "required": True,
        "description": description,
        "schema": {"type": "string"},
        "examples": {"one": {"value": example}},
    }


def _header(name: str, header: Header) -> dict[str, Any]:
    return {
        "name": name,
        "in": "header",
        "required": header.required,
        "description": header.description,
        "schema": {"type": "string"},
        "examples": {"one": {"value": header.example}},
    }


def _parameter(name: str, schema: dict[str, Any]) -> dict[str, Any]:
    rest = {key: value for key, value in schema.items() if key not in {"description", "examples"}}
    told = {"name": name, "in": "query", "description": schema["description"], "schema": rest}
    if rest.get("type") == "array":
        told |= {"style": "form", "explode": False}
    return told | {"examples": {"one": {"value": schema["examples"][0]}}}


def _responses(each: Operation, names: Any) -> dict[str, Any]:
    done: dict[str, Any] = {"description": "Done."}
    if each.gives:
        done["content"] = {each.media_type: {"schema": names[each.gives, "serialization"]}}
    elif each.media_type != "application/json":
        done["content"] = {each.media_type: {"schema": {"type": "string"}}}
    if each.limited:
        done["headers"] = _headers(_LIMIT_HEADERS)
    responses = {str(each.status): done}
    for status, model in each.also.items():
        content = {"application/json": {"schema": names[model, "serialization"]}}
        told = TITLES.get(status, "Done") + "."
        responses[str(status)] = {"description": told, "content": content}
    problem = {MEDIA_TYPE: {"schema": names[Problem, "serialization"]}}
    for status in sorted(_refusals(each)):
        responses[str(status)] = {"description": TITLES[status] + ".", "content": problem}
    if "429" in responses:
        responses["429"]["headers"] = _headers(_LIMIT_HEADERS | _RETRY)
    responses["default"] = {"description": "Any other problem.", "content": problem}
    return responses


def _refusals(each: Operation) -> set[int]:
    """The statuses of the problems that an operation can end in."""
    found = set(each.refusals)
    if each.account is not False:
        found.add(401)  # a bad token, if no account is needed
        if each.method not in {"GET", "HEAD"}:
            found.add(403)  # another site's page
    if each.takes or each.headers:
        found.add(422)
    if each.takes and each.method in WITH_BODY:
        found |= {400, 408, 413, 415}
    if each.limited:
        found.add(429)
    return found


def _headers(told: dict[str, str]) -> dict[str, Any]:
    return {
        name: {"description": sentence, "schema": {"type": "integer"}}
        for name, sentence in told.items()
    }
