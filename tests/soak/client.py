"""How writers ask: under one key, again and again, of whichever process answers."""

import asyncio
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from random import Random
from typing import TypeAlias

import httpx

Ask: TypeAlias = Callable[[httpx.AsyncClient, str], Awaitable[httpx.Response]]

GIVE_UP_S = 60.0
_AGAIN = {429, 502, 503, 504}  # "not now", which an outage excuses


class Client:
    """Asks until there is an answer. crashes: answers that no fault excuses."""

    def __init__(self, bases: Sequence[str], rng: Random) -> None:
        self.bases = bases
        self.crashes: list[str] = []
        self.refusals: Counter[str] = Counter()
        self.in_flight: Counter[str] = Counter()
        self._rng = rng
        self._http = httpx.AsyncClient(timeout=5)

    async def close(self) -> None:
        """Let go of the connections."""
        await self._http.aclose()

    async def until_answered(
        self, ask: Ask, done: Callable[[httpx.Response], bool]
    ) -> tuple[httpx.Response | None, int]:
        """The answer that is `done` and how often we asked; None if there was none in a minute.

        An answer that was lost on its way looks like one that never was: hence the same key.
        """
        tries, deadline = 0, time.monotonic() + GIVE_UP_S
        while time.monotonic() < deadline:
            tries += 1
            base = self._rng.choice(self.bases)
            self.in_flight[base] += 1
            try:
                answer = await ask(self._http, base)
            except httpx.TransportError as problem:
                self.refusals[type(problem).__name__] += 1
            else:
                if done(answer):
                    return answer, tries
                self.refusals[str(answer.status_code)] += 1
                if not _is_excused(answer):
                    self.crashes.append(f"{answer.request.url}: {_words(answer)}")
            finally:
                self.in_flight[base] -= 1
            await asyncio.sleep(self._rng.uniform(0.05, 0.3))
        return None, tries


def _is_excused(answer: httpx.Response) -> bool:
    """Whether an answer says that something is away: GraphQL does where a mutation's result is."""
    return answer.status_code in _AGAIN or (
        answer.status_code == 200 and b'"code":"UNAVAILABLE"' in answer.content
    )


def _words(answer: httpx.Response) -> str:
    return f"{answer.status_code} {answer.text[:300]}"
