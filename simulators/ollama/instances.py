"""An instance of a JSON schema, made of what a prompt says. Always valid, seldom wise."""

import re
from random import Random
from typing import Any

from simulators.ollama.prompts import Prompt

_DEEPEST = 12
_IDENTIFIERS = re.compile(r"(?:^|_)(?:id|ids|slug|key)$", re.IGNORECASE)


class Instances:
    """Makes them. sentence: writes what stands in fields for text."""

    def __init__(self, prompt: Prompt, draw: Random, sentence: Any) -> None:
        self._prompt, self._draw, self._sentence = prompt, draw, sentence
        self._root: dict[str, Any] = {}
        self._turn: dict[str, int] = {}  # how often each list of choices was drawn from

    def of(self, schema: Any) -> Any:
        """An instance of a whole schema."""
        self._root = schema if isinstance(schema, dict) else {}
        return self._make(schema, "", 0)

    def _make(self, schema: Any, name: str, depth: int) -> Any:
        if not isinstance(schema, dict) or not schema:
            return self._sentence(self._draw)
        if "$ref" in schema:
            return self._make(self._resolved(schema["$ref"]), name, depth + 1)
        if "const" in schema:
            return schema["const"]
        if "enum" in schema:
            return self._choice(schema["enum"], name)
        for key in ("anyOf", "oneOf"):
            if key in schema:
                return self._make(self._branch(schema[key], depth), name, depth + 1)
        if "allOf" in schema:
            return self._make(self._together(schema), name, depth)
        kind = schema.get("type", "object" if "properties" in schema else "string")
        if isinstance(kind, list):
            kind = next((each for each in kind if each != "null"), "null")
        match kind:
            case "object":
                return self._object(schema, depth)
            case "array":
                return self._array(schema, name, depth)
            case "integer" | "number":
                return self._number(schema, name, whole=kind == "integer")
            case "boolean":
                return self._draw.random() < 0.5
            case "null":
                return None
            case _:
                return self._text(schema, name)

    def _resolved(self, path: str) -> Any:
        found: Any = self._root
        for part in path.removeprefix("#").strip("/").split("/"):
            if part:
                part = part.replace("~1", "/").replace("~0", "~")
                found = found.get(part, {}) if isinstance(found, dict) else {}
        return found

    def _branch(self, branches: list[Any], depth: int) -> Any:
        nothing = {"type": "null"}
        if depth > _DEEPEST and nothing in branches:
            return nothing
        return next((each for each in branches if each != nothing), nothing)

    def _together(self, schema: dict[str, Any]) -> dict[str, Any]:
        whole = {key: value for key, value in schema.items() if key != "allOf"}
        for part in schema["allOf"]:
            part = self._resolved(part["$ref"]) if "$ref" in part else part
            properties = {**whole.get("properties", {}), **part.get("properties", {})}
            required = [*whole.get("required", []), *part.get("required", [])]
            whole |= part
            if properties:
                whole |= {"properties": properties, "required": required}
        return whole

    def _object(self, schema: dict[str, Any], depth: int) -> dict[str, Any]:
        required = schema.get("required", ())
        return {
            name: self._make(inner, name, depth + 1)
            for name, inner in schema.get("properties", {}).items()
            if depth < _DEEPEST or name in required
        }

    def _array(self, schema: dict[str, Any], name: str, depth: int) -> list[Any]:
        least, items = schema.get("minItems", 0), schema.get("items", {})
        if depth > _DEEPEST:
            return [self._make(items, name, depth + 1) for _ in range(least)]
        most = schema.get("maxItems", max(least, 3))
        choices = self._choices(items)
        if choices is not None:
            named = self._named(choices)
            if "minItems" not in schema and "maxItems" not in schema:
                most = max(1, len(named))
            most = min(most, max(len(choices), least))
        wanted = max(least, min(most, max(1, len(self._prompt.titles) or 3)))
        made: list[Any] = []
        for _ in range(wanted * 4):
            each = self._make(items, name.removesuffix("s"), depth + 1)
            if each not in made or not schema.get("uniqueItems"):
                made.append(each)
            if len(made) == wanted:
                break
        return made

    def _choices(self, items: Any) -> list[Any] | None:
        while isinstance(items, dict) and "$ref" in items:
            items = self._resolved(items["$ref"])
        if not isinstance(items, dict):
            return None
        for inner in [items, *items.get("properties", {}).values()]:
            if isinstance(inner, dict) and len(inner.get("enum", ())) > 1:
                return inner["enum"]
        return None

    def _named(self, choices: list[Any]) -> list[Any]:
        places = {
            place: choice
            for choice in choices
            if (place := self._prompt.place(str(choice))) is not None
        }
        return [places[place] for place in sorted(places)]

    def _choice(self, choices: list[Any], name: str) -> Any:
        # One after the other, those first that the prompt names, so that lists repeat nothing.
        named = self._named(choices)
        rest = [each for each in choices if each not in named]
        if not named:
            self._draw.shuffle(rest)
        turn = self._turn.get(repr(choices), 0)
        self._turn[repr(choices)] = turn + 1
        return [*named, *rest][turn % len(choices)]

    def _number(self, schema: dict[str, Any], name: str, *, whole: bool) -> float:
        least = schema.get("minimum", schema.get("exclusiveMinimum"))
        most = schema.get("maximum", schema.get("exclusiveMaximum"))
        step = 1 if whole else 1e-6
        low = least + step * ("exclusiveMinimum" in schema) if least is not None else None
        high = most - step * ("exclusiveMaximum" in schema) if most is not None else None
        known = self._next(name, self._prompt.of(name))
        for each in [known, *self._prompt.numbers]:
            if isinstance(each, int | float) and not isinstance(each, bool):
                fits = (low is None or each >= low) and (high is None or each <= high)
                if fits and (not whole or float(each).is_integer()):
                    return int(each) if whole else each
        low = low if low is not None else (high - 10 if high is not None else 0)
        high = high if high is not None else low + 10
        return self._draw.randint(int(low), int(high)) if whole else self._draw.uniform(low, high)

    def _next(self, name: str, values: list[Any]) -> Any:
        if not values:
            return None
        turn = self._turn.get(f"of {name}", 0)
        self._turn[f"of {name}"] = turn + 1
        return values[turn % len(values)]

    def _text(self, schema: dict[str, Any], name: str) -> str:
        if "pattern" in schema:
            return _matching(schema["pattern"], self._draw)
        known = None
        if name in ("title", "name"):
            known = self._next(name, self._prompt.titles)
        elif _IDENTIFIERS.search(name):
            known = self._next(name, self._prompt.of(name) or self._prompt.of("id"))
        text = str(known) if known is not None else self._sentence(self._draw)
        least, most = schema.get("minLength", 0), schema.get("maxLength")
        while len(text) < least:
            text += " " + self._sentence(self._draw)
        return text if most is None else text[:most]


_PIECE = re.compile(
    r"(\[\^?(?:\\.|[^\]])+\]|\\.|\((?:[^()])*\)|.)(\{(\d+)(?:,(\d*))?\}|[*+?])?", re.DOTALL
)
_CLASSES = {"d": "0123456789", "w": "abcdefghijklmnopqrstuvwxyz0123456789_", "s": " "}


def _matching(pattern: str, draw: Random) -> str:
    """Text that fits a simple pattern; groups hold alternatives of plain text."""
    made: list[str] = []
    for found in _PIECE.finditer(pattern.removeprefix("^").removesuffix("$")):
        piece, many = found[1], found[2]
        if many is None:
            times = 1
        elif many[0] == "{":
            times = int(found[3])
        else:
            times = 0 if many in "*?" else 1
        made += [_piece(piece, draw) for _ in range(times)]
    return "".join(made)


def _piece(piece: str, draw: Random) -> str:
    if piece[0] == "(":
        inner = piece[1:-1].removeprefix("?:")
        return _matching(draw.choice(inner.split("|")), draw)
    if piece[0] == "[":
        letters = _letters(piece[1:-1])
        return draw.choice(letters) if letters else "a"
    if piece[0] == "\\":
        return draw.choice(_CLASSES.get(piece[1], piece[1]))
    return "a" if piece == "." else piece


def _letters(inside: str) -> str:
    if inside.startswith("^"):
        return "".join(each for each in "abcxyz019" if each not in _letters(inside[1:]))
    inside = re.sub(r"\\([dws])", lambda found: _CLASSES[found[1]], inside).replace("\\", "")
    return re.sub(
        r"(.)-(.)",
        lambda found: "".join(map(chr, range(ord(found[1]), ord(found[2]) + 1))),
        inside,
    )
