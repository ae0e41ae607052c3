"""Ollama: domain.ports.Writer. It serves one after the other, so we ask for one thing at a time.

Neither prompts nor answers are logged: they tell what people watch.
"""

import asyncio
import time
from collections.abc import Mapping
from typing import Any, Never

from domain.sync.ports import UpstreamAway
from integrations.ollama.shapes import check
from integrations.upstreams import bodies
from integrations.upstreams.errors import Garbled, Refused
from integrations.upstreams.fields import Unfit, mapping
from integrations.upstreams.http import Patience, Reply, Upstream

PATIENCE = Patience(
    connect_s=2, read_s=120, deadline_s=120, attempts=2, first_pause_s=0.3, most_bytes=256 * 1024
)
"""Each question brings a deadline of its own, which is shorter."""

_KEPT_LOADED = "30m"  # loading it takes longer than an answer


class Ollama:
    """upstream: with PATIENCE. model: as `ollama list` shows it. at_once: how many questions."""

    def __init__(self, upstream: Upstream, model: str, *, at_once: int = 1) -> None:
        self._upstream = upstream
        self._model = model
        self._turns = asyncio.Semaphore(at_once)

    def __repr__(self) -> str:
        return f"Ollama({self._upstream!r}, {self._model!r})"

    async def write(
        self,
        prompt: str,
        *,
        schema: Mapping[str, Any] | None = None,
        seed: int,
        most_tokens: int,
        deadline_s: float,
    ) -> str:
        """What the model says to a prompt, waiting for our turn included; see the port."""
        ends_at = time.monotonic() + deadline_s
        body: dict[str, Any] = {
            "model": self._model,
            "messages": [{"role": "user", "content": prompt.encode(errors="replace").decode()}],
            "stream": False,
            "keep_alive": _KEPT_LOADED,
            "options": {"seed": seed, "temperature": 0, "num_predict": most_tokens},
        }
        if schema is not None:
            body["format"] = schema
        await self._turn(deadline_s)
        try:
            left_s = max(0.001, round(ends_at - time.monotonic(), 3))
            reply = await self._upstream.ask("POST", "/api/chat", body=body, deadline_s=left_s)
        except Refused as refused:
            self._refuse(refused)
        finally:
            self._turns.release()
        try:
            return _read(reply, schema)
        except (Unfit, bodies.BadBody) as unfit:
            raise Garbled(self._upstream.name, str(unfit)) from None

    async def _turn(self, deadline_s: float) -> None:
        try:
            async with asyncio.timeout(deadline_s):
                await self._turns.acquire()
        except TimeoutError:
            raise UpstreamAway(
                f"{self._upstream.name} is busy with other questions. We go on without it."
            ) from None

    def _refuse(self, refused: Refused) -> Never:
        name = self._upstream.name
        if refused.status == 404 and self._model in refused.said:
            raise UpstreamAway(
                f"{name} does not have the model {self._model!r}. Run `ollama pull {self._model}`"
                " there, or name another one in the settings.",
                permanent=True,
            ) from refused
        if refused.status == 400:  # about the model or the question, and it says which
            raise refused
        raise UpstreamAway(
            f"Nobody who speaks as Ollama does answers at its address (status {refused.status})."
            " Look at the address in the settings.",
            permanent=True,
        ) from refused


def _read(reply: Reply, schema: Mapping[str, Any] | None) -> str:
    body = mapping(reply.value, "it")
    content = mapping(body.get("message"), "its message").get("content")
    if body.get("done_reason") == "length":
        raise Unfit("it was cut off, being longer than allowed")
    if body.get("done") is not True or body.get("done_reason") != "stop":
        raise Unfit("it did not come to its end")
    if not isinstance(content, str) or not content.strip():
        raise Unfit("it says nothing")
    if schema is not None:
        check(bodies.parse(content.encode()), schema)
    return content.strip()
