"""Whether a value fits a JSON schema, as far as our questions use them. Pure.

A model is held to a schema while it writes, but not every server does so, and none of them does it
for an answer that ends early.
"""

from collections.abc import Mapping
from typing import Any

from integrations.upstreams.fields import Unfit

_TYPES: dict[str, tuple[type, ...]] = {
    "object": (dict,),
    "array": (list,),
    "string": (str,),
    "integer": (int,),
    "number": (int, float),
    "boolean": (bool,),
    "null": (type(None),),
}


def check(value: Any, schema: Mapping[str, Any], what: str = "it") -> None:
    """Raises Unfit for what doesn't fit. Keywords that don't stand here ask for nothing."""
    if "anyOf" in schema and not any(_fits(value, each) for each in schema["anyOf"]):
        raise Unfit(f"{what} is none of what it may be")
    if "enum" in schema and not any(_same(value, each) for each in schema["enum"]):
        raise Unfit(f"{what} is none of those it was to choose from")
    if "const" in schema and not _same(value, schema["const"]):
        raise Unfit(f"{what} is not what it has to be")
    names = schema.get("type", ())
    names = [names] if isinstance(names, str) else names
    if names and not any(_is(value, name) for name in names):
        raise Unfit(f"{what} is no {' or '.join(names)}")
    if isinstance(value, dict):
        _check_object(value, schema, what)
    elif isinstance(value, list):
        _check_size(len(value), schema.get("minItems"), schema.get("maxItems"), what)
        for each in value if "items" in schema else ():
            check(each, schema["items"], f"an item of {what}")
    elif isinstance(value, str):
        _check_size(len(value), schema.get("minLength"), schema.get("maxLength"), what)
    elif not isinstance(value, bool | None):
        _check_size(value, schema.get("minimum"), schema.get("maximum"), what)


def _check_object(value: dict[str, Any], schema: Mapping[str, Any], what: str) -> None:
    known = schema.get("properties", {})
    for name in schema.get("required", ()):
        if name not in value:
            raise Unfit(f"{what} lacks {name}")
    if schema.get("additionalProperties") is False and value.keys() - known.keys():
        raise Unfit(f"{what} has more in it than was asked for")
    for name in value.keys() & known.keys():
        check(value[name], known[name], name)


def _check_size(size: float, least: float | None, most: float | None, what: str) -> None:
    if (least is not None and size < least) or (most is not None and size > most):
        raise Unfit(f"{what} is too small or too large")


def _is(value: Any, name: str) -> bool:
    # True is an int to Python, and to nobody else.
    return isinstance(value, _TYPES[name]) and (name == "boolean" or not isinstance(value, bool))


def _same(value: Any, other: Any) -> bool:
    return value == other and isinstance(value, bool) == isinstance(other, bool)


def _fits(value: Any, schema: Mapping[str, Any]) -> bool:
    try:
        check(value, schema)
    except Unfit:
        return False
    return True
