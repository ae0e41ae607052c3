"""What a call asks for, read from its JSON."""

import json
from dataclasses import dataclass
from typing import Any

from starlette.requests import Request

from simulators.ollama.engine import Options
from simulators.ollama.models import Model, Models
from simulators.ollama.prompts import Message, Prompt
from simulators.ollama.running import Refused

_ROLES = ("system", "user", "assistant", "tool")


@dataclass(frozen=True, slots=True)
class Asked:
    """A call that can be answered. Without messages it only loads, or unloads, the model."""

    model: Model
    name: str
    prompt: Prompt
    options: Options
    stream: bool
    keep_alive: Any


async def body_of(request: Request) -> dict[str, Any]:
    """The JSON object that was sent, whatever its type was said to be. Raises Refused 400."""
    raw = await request.body()
    if not raw:
        raise Refused(400, "missing request body")
    try:
        read = json.loads(raw)
    except ValueError as problem:
        raise Refused(400, f"invalid JSON: {problem}") from None
    if not isinstance(read, dict):
        raise Refused(400, "json: cannot unmarshal into Go value of type api.ChatRequest")
    return read


def model_of(models: Models, sent: dict[str, Any], key: str = "model") -> Model:
    """The model that was asked for. Raises Refused 400 or 404."""
    name = sent.get(key) or sent.get("name")
    if not isinstance(name, str) or not name:
        raise Refused(400, "model is required")
    model = models.find(name)
    if model is None:
        raise Refused(404, f"model '{name}' not found")
    return model


def asked(models: Models, sent: dict[str, Any], messages: list[Message] | None = None) -> Asked:
    """A call of chat, or of generate with its messages. Raises Refused 400 or 404."""
    model = model_of(models, sent)
    what = "chat" if messages is None else "generate"
    if "completion" not in model.capabilities:
        raise Refused(400, f'"{sent["model"]}" does not support {what}')
    if sent.get("tools") and "tools" not in model.capabilities:
        raise Refused(400, f"{sent['model']} does not support tools")
    given = _messages(sent.get("messages") or []) if messages is None else messages
    schema = sent.get("format") or None
    if schema is not None and schema != "json" and not isinstance(schema, dict):
        raise Refused(
            400,
            f'invalid format: {json.dumps(schema)}; expected "json" or a valid JSON Schema object',
        )
    options = options_of(sent.get("options") or {})
    model.num_ctx = options.num_ctx
    stream = sent.get("stream", True)
    keep = sent.get("keep_alive")
    return Asked(model, sent["model"], Prompt(given, schema), options, stream is not False, keep)


def _messages(given: Any) -> list[Message]:
    if not isinstance(given, list) or not all(isinstance(each, dict) for each in given):
        raise Refused(400, "json: cannot unmarshal into field ChatRequest.messages")
    for each in given:
        if each.get("role") not in _ROLES:
            raise Refused(400, f"invalid role: {each.get('role')}, must be one of {list(_ROLES)}")
    return [Message(each["role"], str(each.get("content") or "")) for each in given]


def options_of(given: Any) -> Options:
    """Options; those nobody knows are passed over. Raises Refused 400."""
    if not isinstance(given, dict):
        raise Refused(400, "json: cannot unmarshal into field ChatRequest.options")
    for name in ("num_predict", "num_ctx", "seed", "temperature"):
        if not isinstance(given.get(name, 0), int | float):
            raise Refused(400, f'option "{name}" must be of type number')
    stop, seed = given.get("stop") or [], given.get("seed", -1)
    return Options(
        num_predict=int(given.get("num_predict", -1)),
        num_ctx=int(given.get("num_ctx", 4096)),
        seed=int(seed) if seed >= 0 else None,
        temperature=given.get("temperature", 0.8),
        stop=(stop,) if isinstance(stop, str) else tuple(stop),
    )
