"""How calls run: one after the other, as long as the line is not too long, a token at a time."""

import asyncio
from collections import deque
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing, asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, Protocol

from simulators.clock import Clock
from simulators.ollama.engine import FAULTS, Options, speech, tokens
from simulators.ollama.models import Model, Models
from simulators.ollama.prompts import Prompt

BUSY = "server busy, please try again.  maximum pending requests exceeded"
_MEMORY = "model requires more system memory (5.9 GiB) than is available (1.8 GiB)"
_ENDLESS = 1_000_000


@dataclass(slots=True)
class Refused(Exception):
    """A refusal with its status."""

    status: int
    error: str


@dataclass(slots=True)
class Settings:
    """What can be changed while it runs. token_s, load_s: how long a token, a model take."""

    parallel: int = 1
    max_queue: int = 512
    token_s: float = 0.0
    load_s: float = 0.0


@dataclass(slots=True)
class Fault:
    """A way to go wrong. times: how often yet; None for always."""

    kind: str
    times: int | None = None


@dataclass(slots=True)
class Metrics:
    """What an answer has cost, in tokens and nanoseconds; *_ns None: as token_s would have it."""

    prompt_tokens: int
    load_ns: int
    token_s: float
    said_tokens: int = 0
    reason: str = "stop"
    reading_ns: int | None = None
    saying_ns: int | None = None

    @property
    def said(self) -> dict[str, Any]:
        """As the last line of an answer has it."""
        each = int(max(self.token_s, 0.001) * 1e9)
        reading, saying = self.reading_ns, self.saying_ns
        reading = self.prompt_tokens * each // 4 if reading is None else reading
        saying = max(1, self.said_tokens) * each if saying is None else saying
        return {
            "done_reason": self.reason,
            "total_duration": self.load_ns + reading + saying,
            "load_duration": self.load_ns,
            "prompt_eval_count": self.prompt_tokens,
            "prompt_eval_duration": reading,
            "eval_count": self.said_tokens,
            "eval_duration": saying,
        }


class Engine(Protocol):
    """A model that is really there, in place of the one that is made up."""

    async def load(self, kept_s: float) -> int:
        """Have it in memory, and for so long after this; nanoseconds that it took."""
        ...

    def say(self, prompt: Prompt, options: Options, metrics: Metrics) -> AsyncGenerator[str, None]:
        """The answer in pieces; what it cost goes into the metrics. Raises Refused."""
        ...


@dataclass(slots=True)
class Runner:
    """Runs calls. log: what was asked and how it went, for tests.

    lines: what it says in the next answers, and again, in turn, where lines_again says so.
    """

    clock: Clock
    models: Models
    settings: Settings = field(default_factory=Settings)
    faults: list[Fault] = field(default_factory=list)
    log: deque[dict[str, Any]] = field(default_factory=lambda: deque(maxlen=1_000))
    running: int = 0
    most_running: int = 0
    served: int = 0
    waiting: deque[asyncio.Future[None]] = field(default_factory=deque)
    turn: int = 0
    lines: deque[str] = field(default_factory=deque)
    lines_again: bool = False
    engine: Engine | None = None

    @asynccontextmanager
    async def place(self) -> AsyncIterator[None]:
        """A place among those who are served, after all who came before. Raises Refused 503."""
        if self.running >= self.settings.parallel or self.waiting:
            if len(self.waiting) >= self.settings.max_queue:
                raise Refused(503, BUSY)
            mine: asyncio.Future[None] = asyncio.get_running_loop().create_future()
            self.waiting.append(mine)
            try:
                await mine
            except asyncio.CancelledError:
                if mine.done() and not mine.cancelled():
                    self._leave()  # the place was given to who has just gone
                elif mine in self.waiting:
                    self.waiting.remove(mine)
                raise
        else:
            self.running += 1
        self.most_running = max(self.most_running, self.running)
        try:
            yield
        finally:
            self._leave()

    def _leave(self) -> None:
        self.running -= 1
        while self.waiting and self.running < self.settings.parallel:
            following = self.waiting.popleft()
            if not following.done():
                self.running += 1
                following.set_result(None)

    def fault(self) -> str | None:
        """How this call goes wrong, if it does."""
        for fault in self.faults:
            if fault.kind in FAULTS and fault.times != 0:
                if fault.times is not None:
                    fault.times -= 1
                return fault.kind
        return None

    async def load(self, model: Model, keep_alive: Any) -> int:
        """Have a model in memory; nanoseconds that it took. Raises Refused 400."""
        try:
            new = self.models.load(model, keep_alive)
        except ValueError as problem:
            raise Refused(400, str(problem)) from None
        if self.engine is not None and model.loaded_until is not None:
            kept = model.loaded_until - self.clock.now()
            return await self.engine.load(kept.total_seconds())
        if new and self.settings.load_s:
            await asyncio.sleep(self.settings.load_s)
        return int((self.settings.load_s if new else 0.001) * 1e9)

    async def say(
        self, model: Model, prompt: Prompt, options: Options, fault: str | None, metrics: Metrics
    ) -> AsyncGenerator[str, None]:
        """The tokens of an answer, at the pace of this machine. Raises Refused in its midst."""
        self.turn += 1
        if self.engine is not None and fault is None:
            async with aclosing(self.engine.say(prompt, options, metrics)) as pieces:
                async for piece in pieces:
                    yield piece
            return
        most = options.num_predict if options.num_predict >= 0 else _ENDLESS
        line = self._line()
        for piece in speech(model.name, prompt, options, self.turn, fault, line):
            if metrics.said_tokens >= most:
                metrics.reason = "length"
                break
            if fault == "mid_stream_error" and metrics.said_tokens == 3:
                raise Refused(500, "llama runner process has terminated: signal: killed")
            # Even at full speed others have a turn, or nobody could hang up.
            if self.settings.token_s or metrics.said_tokens % 32 == 0:
                await asyncio.sleep(self.settings.token_s)
            metrics.said_tokens += 1
            yield piece

    def _line(self) -> str | None:
        line = self.lines.popleft() if self.lines else None
        if line is not None and self.lines_again:
            self.lines.append(line)
        return line

    def begin(self, prompt: Prompt, options: Options, fault: str | None, load_ns: int) -> Metrics:
        """What the answer costs so far. Raises Refused 500 where it ends before it began."""
        if fault == "crash":
            raise Refused(500, "llama runner process no longer running: 2")
        if fault == "out_of_memory":
            raise Refused(500, _MEMORY)
        read = min(len(tokens(prompt.whole)), options.num_ctx)
        return Metrics(read, load_ns, self.settings.token_s)
