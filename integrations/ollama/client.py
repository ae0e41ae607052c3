"""Ollama: domain.ports.Writer. It serves one after the other, so we ask for one thing at a time.

Neither prompts nor answers are logged: they tell what people watch.
"""

import asyncio
import time
from collections.abc import Mapping
from functools import partial
from typing import Any, Never

from domain.ports import Hearing, Stopped
from domain.sync.ports import UpstreamAway
from integrations.ollama import reading
from integrations.upstreams import bodies
from integrations.upstreams.attempts import Reader
from integrations.upstreams.errors import Garbled, Refused
from integrations.upstreams.fields import Unfit
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

    @property
    def model(self) -> str:
        """Its name, as settings say it."""
        return self._model

    async def write(
        self,
        prompt: str,
        *,
        schema: Mapping[str, Any] | None = None,
        seed: int,
        most_tokens: int,
        deadline_s: float,
        hearing: Hearing | None = None,
    ) -> str:
        """What the model says to a prompt, waiting for our turn included; see the port."""
        body: dict[str, Any] = {
            "messages": [{"role": "user", "content": prompt.encode(errors="replace").decode()}],
            "think": False,  # a model that can would be cut off before it comes to the answer
            "options": {"seed": seed, "temperature": 0, "num_predict": most_tokens},
        }
        if schema is not None:
            body["format"] = schema
        reader = None if hearing is None else partial(reading.heard, hearing=hearing)
        reply = await self._ask(body, deadline_s, reader)
        try:
            said = reading.whole(reply.value) if reader is None else reply.value
            if said.end == reading.STOPPED:
                raise Stopped
            return reading.finished(said, schema)
        except (Unfit, bodies.BadBody) as unfit:
            raise Garbled(self._upstream.name, str(unfit)) from None

    async def warm(self, deadline_s: float) -> None:
        """Have the model loaded, waiting for our turn included; see the port."""
        reply = await self._ask({"messages": []}, deadline_s)
        try:
            said = reading.whole(reply.value)
        except Unfit as unfit:
            raise Garbled(self._upstream.name, str(unfit)) from None
        if said.end not in {"load", None}:  # older ones give no reason
            raise Garbled(self._upstream.name, "it was only to be loaded, and spoke")

    async def _ask(
        self, body: Mapping[str, Any], deadline_s: float, reader: Reader | None = None
    ) -> Reply:
        ends_at = time.monotonic() + deadline_s
        asked = {"model": self._model, **body}
        asked |= {"stream": reader is not None, "keep_alive": _KEPT_LOADED}
        await self._turn(deadline_s)
        try:
            left_s = max(0.001, round(ends_at - time.monotonic(), 3))
            return await self._upstream.ask(
                "POST", "/api/chat", body=asked, deadline_s=left_s, reader=reader
            )
        except Refused as refused:
            self._refuse(refused)
        finally:
            self._turns.release()

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
        if refused.status in {401, 403}:
            raise UpstreamAway(
                f"{name} stands behind a gate that does not let us in (status {refused.status})."
                " Look at its token in the settings.",
                permanent=True,
            ) from refused
        if refused.status == 400:  # about the model or the question, and it says which
            raise refused
        raise UpstreamAway(
            f"Nobody who speaks as Ollama does answers at its address (status {refused.status})."
            " Look at the address in the settings.",
            permanent=True,
        ) from refused
