"""Many single questions answered by few statements."""

import asyncio
from collections.abc import Callable, Coroutine, Mapping, Sequence
from typing import Any, Generic, TypeVar

from live.patience import within

K = TypeVar("K")
V = TypeVar("V")


class Batches(Generic[K, V]):
    """Asks one batch at a time; whoever comes meanwhile is in the next one."""

    def __init__(
        self,
        ask: Callable[[Sequence[K]], Coroutine[Any, Any, Mapping[K, V]]],
        *,
        most: int = 1_000,
        patience_s: float = 10,
    ) -> None:
        self._ask = ask
        self._most = most
        self._patience_s = patience_s
        self._waiting: dict[K, asyncio.Future[V]] = {}
        self._asking: asyncio.Task[None] | None = None

    async def load(self, key: K) -> V:
        """The answer for a key; raises what asking raised, and KeyError where there is none."""
        answer = self._waiting.get(key)
        if answer is None:
            answer = self._waiting[key] = asyncio.get_running_loop().create_future()
            if self._asking is None:
                self._asking = asyncio.create_task(self._answer_all())
        return await asyncio.shield(answer)  # others may wait for it too

    async def _answer_all(self) -> None:
        try:
            while self._waiting:
                keys = list(self._waiting)[: self._most]
                answers = {key: self._waiting.pop(key) for key in keys}
                await self._answer(answers)
        finally:
            self._asking = None

    async def _answer(self, answers: Mapping[K, asyncio.Future[V]]) -> None:
        try:
            found = await within(self._patience_s, self._ask(list(answers)))
        except Exception as problem:
            for answer in answers.values():
                _fail(answer, problem)
            return
        for key, answer in answers.items():
            if key in found:
                answer.set_result(found[key])
            else:
                _fail(answer, KeyError(key))


def _fail(answer: asyncio.Future[V], problem: Exception) -> None:
    answer.set_exception(problem)
    answer.exception()  # whoever asked may have left; that is no news for the log
