"""Who hears a model write, what it is asked, and streams of lines as Ollama sends them."""

import asyncio
import json
from typing import Any

from domain.ports import Hearing
from integrations.ollama.client import Ollama
from tests.integrations.upstreams.wire import response

MODEL = "mistral:7b-instruct"
PROMPT = 'Why would anybody watch "Silent Harbour"? Answer in JSON.'
LONG_S = 15.0


class Ear:
    """Hears what is written. most: how many pieces it wants to hear."""

    def __init__(self, most: int | None = None) -> None:
        self.texts: list[str] = []
        self.first = asyncio.Event()
        self._most = most

    async def __call__(self, text: str) -> bool:
        self.texts.append(text)
        self.first.set()
        return self._most is None or len(self.texts) < self._most


async def ask(ollama: Ollama, hearing: Hearing, **changes: Any) -> str:
    plain: dict[str, Any] = {"seed": 7, "most_tokens": 400, "deadline_s": LONG_S, "schema": None}
    return await ollama.write(PROMPT, hearing=hearing, **(plain | changes))


def said(content: str, **more: Any) -> bytes:
    said = {"model": MODEL, "message": {"role": "assistant", "content": content}, "done": False}
    return json.dumps(said | more, ensure_ascii=False).encode() + b"\n"


END = said("", done=True, done_reason="stop")


def streamed(*lines: bytes) -> bytes:
    return response(b"".join(lines), kind="application/x-ndjson")
