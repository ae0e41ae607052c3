"""One upstream over HTTP: a pool of connections, a pace, patience, and answers that are checked.

Whatever it does, a call ends within its patience in a Reply or in one of three errors: UpstreamAway
(nobody there, or asked to wait), Refused (a status that says no), Garbled (no use).
"""

import asyncio
import random
import ssl
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from typing import Any

import httpx
import orjson
import stamina

from domain.sync.ports import UpstreamAway
from integrations.upstreams import bodies, refusals
from integrations.upstreams.breaker import Breaker
from integrations.upstreams.bucket import Bucket
from integrations.upstreams.errors import Garbled, Refused, SlowDown
from integrations.upstreams.waiting import retry_after_s

_AGAIN = frozenset({408, 425, 429, 500, 502, 503, 504, 520, 521, 522, 523, 524})
_ASKED_TO_WAIT = frozenset({429, 503})


@dataclass(frozen=True, slots=True)
class Patience:
    """How long and how often to try. deadline_s: for a whole call, repetitions included.

    first_pause_s, longest_pause_s: between which the pause before a repetition grows; a draw from 0
    to it is waited. most_bytes: of an unpacked answer.
    """

    connect_s: float = 5.0
    read_s: float = 15.0
    deadline_s: float = 45.0
    attempts: int = 4
    first_pause_s: float = 0.5
    longest_pause_s: float = 8.0
    most_bytes: int = 8 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer: its status (below 300), its headers and what its JSON says, None without any."""

    status: int
    headers: Mapping[str, str]
    value: Any


class _Failed(Exception):
    """An attempt that may be worth another. unsent: it can't have done anything there."""

    def __init__(
        self, meaning: Exception, *, wait_s: float | None = None, unsent: bool = False
    ) -> None:
        super().__init__(str(meaning))
        self.meaning = meaning
        self.wait_s = wait_s
        self.unsent = unsent


class Upstream:
    """Somebody we ask over HTTP. name: what people call it; base_url: without a slash at its end.

    per_second: its pace, None for none. headers: sent with each request.
    """

    def __init__(
        self,
        name: str,
        base_url: str,
        *,
        per_second: float | None = None,
        patience: Patience | None = None,
        headers: Mapping[str, str] | None = None,
        bucket: Bucket | None = None,
        breaker: Breaker | None = None,
    ) -> None:
        self.name = name
        self.patience = patience or Patience()
        self._base_url = base_url.rstrip("/")
        self._bucket = bucket or Bucket(per_second)
        self._breaker = breaker or Breaker()
        self._client = httpx.AsyncClient(
            headers={"accept": "application/json", "accept-encoding": "gzip"}
            | dict(headers or {})
            | {"user-agent": user_agent()},
            timeout=httpx.Timeout(self.patience.read_s, connect=self.patience.connect_s),
            limits=httpx.Limits(max_connections=16, max_keepalive_connections=8),
            follow_redirects=False,
            verify=_trusted(),
        )

    def __repr__(self) -> str:
        return f"Upstream({self.name!r})"

    async def close(self) -> None:
        """Close the connections."""
        await self._client.aclose()

    async def ask(
        self,
        method: str,
        path: str,
        *,
        params: Mapping[str, str | int] | None = None,
        body: Mapping[str, Any] | None = None,
        headers: Mapping[str, str] | None = None,
        repeatable: bool = True,
        attempts: int | None = None,
        may_be_empty: bool = False,
    ) -> Reply:
        """Send a request and have its JSON. Raises UpstreamAway, Refused or Garbled.

        repeatable: whether it may reach them twice; False for what is used up by asking. attempts:
        another number of them than our patience says.
        may_be_empty: whether no body is an answer, too.
        """
        request = self._client.build_request(
            method,
            self._base_url + path,
            params=params,
            content=None if body is None else orjson.dumps(body),
            headers={"content-type": "application/json"} | dict(headers or {})
            if body is not None
            else headers,
        )
        secrets = refusals.secrets(request, body)
        await self._bucket.take()
        ends_at = time.monotonic() + self.patience.deadline_s
        again = self._again(ends_at, repeatable)

        @stamina.retry(on=again, attempts=attempts or self.patience.attempts, timeout=None)
        async def attempt() -> Reply:
            if again.tries:
                await self._bucket.take()
            return await self._attempt(request, secrets, may_be_empty)

        try:
            async with asyncio.timeout(self.patience.deadline_s):
                return await attempt()
        except _Failed as failed:
            raise failed.meaning from None
        except TimeoutError:
            seconds = f"{self.patience.deadline_s:g}"
            raise UpstreamAway(
                f"{self.name} did not answer within {seconds} seconds. We try again later."
            ) from None

    def _again(self, ends_at: float, repeatable: bool) -> "_Again":
        def pause_s(problem: BaseException, tries: int) -> float | None:
            if not isinstance(problem, _Failed) or not (repeatable or problem.unsent):
                return None
            most = min(
                self.patience.longest_pause_s, self.patience.first_pause_s * 2 ** (tries - 1)
            )
            pause = (problem.wait_s or 0) + random.uniform(0, most)
            if time.monotonic() + pause >= ends_at or self._breaker.open:
                return None
            if problem.wait_s:
                self._bucket.pause(problem.wait_s)  # it means all of us
            return pause

        return _Again(pause_s)

    async def _attempt(
        self, request: httpx.Request, secrets: Iterable[str], may_be_empty: bool
    ) -> Reply:
        if (rest_s := self._breaker.enter()) is not None:
            raise UpstreamAway(
                f"{self.name} has failed several times in a row; it is left alone for a moment.",
                retry_after_s=rest_s,
            )
        try:
            reply = await self._exchange(request, secrets, may_be_empty)
        except _Failed as failed:
            if failed.wait_s is None:
                self._breaker.failed()
            else:  # who asks us to wait is there
                self._breaker.succeeded()
            raise
        except Refused:
            self._breaker.succeeded()
            raise
        except BaseException:
            self._breaker.left()
            raise
        self._breaker.succeeded()
        return reply

    async def _exchange(
        self, request: httpx.Request, secrets: Iterable[str], may_be_empty: bool
    ) -> Reply:
        try:
            response = await self._client.send(request, stream=True)
            try:
                return await self._read(response, secrets, may_be_empty)
            finally:
                await response.aclose()
        except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout):
            problem = "can't be reached: nobody answers at its address"
            raise _Failed(self._away(problem), unsent=True) from None
        except httpx.TimeoutException:
            raise _Failed(self._away("is there but says nothing")) from None
        except httpx.RemoteProtocolError:
            raise _Failed(Garbled(self.name, "it is cut off")) from None
        except (httpx.HTTPError, httpx.StreamError, OSError):
            raise _Failed(self._away("broke the connection")) from None

    async def _read(
        self, response: httpx.Response, secrets: Iterable[str], may_be_empty: bool
    ) -> Reply:
        if response.status_code >= 300:
            raise await self._refusal(response, secrets)
        try:
            body = await bodies.read(
                response.aiter_raw(),
                response.headers.get("content-encoding", ""),
                self.patience.most_bytes,
            )
            if not body and may_be_empty:
                return Reply(response.status_code, response.headers, None)
            kind = response.headers.get("content-type", "json").partition(";")[0]
            if "json" not in kind.lower():
                raise bodies.BadBody("it is a web page or something else that is no JSON")
            return Reply(response.status_code, response.headers, bodies.parse(body))
        except bodies.BadBody as bad:
            raise _Failed(Garbled(self.name, str(bad))) from None

    async def _refusal(self, response: httpx.Response, secrets: Iterable[str]) -> Exception:
        status = response.status_code
        if status not in _AGAIN:
            said, error = await refusals.said(response, secrets)
            headers = dict(response.headers)
            return Refused(self.name, status, said, error=error, headers=headers)
        wait_s = retry_after_s(response.headers.get("retry-after"), datetime.now(UTC))
        if status == 429:
            hint = f" for {wait_s:.0f} seconds" if wait_s else ""
            away = SlowDown(f"{self.name} asks us to wait{hint}.", retry_after_s=wait_s)
            return _Failed(away, wait_s=wait_s or 0.0, unsent=True)
        away = self._away(f"has trouble of its own (status {status})")
        away.retry_after_s = wait_s if status in _ASKED_TO_WAIT else None
        return _Failed(away, wait_s=away.retry_after_s)

    def _away(self, problem: str) -> UpstreamAway:
        return UpstreamAway(
            f"{self.name} {problem}. What we know already stays; we try again later."
        )


class _Again:
    """Tells stamina whether, and after how many seconds, to try again; it counts the failures."""

    def __init__(self, pause_s: Callable[[BaseException, int], float | None]) -> None:
        self._pause_s = pause_s
        self.tries = 0

    def __call__(self, problem: BaseException) -> bool | float:
        self.tries += 1
        pause = self._pause_s(problem, self.tries)
        return False if pause is None else pause


@cache
def _trusted() -> ssl.SSLContext:
    """Whom to trust over TLS. Reading the list takes 80 ms, and one does for all."""
    return httpx.create_ssl_context()


def user_agent() -> str:
    """How we introduce ourselves."""
    try:
        return f"streaming-stack/{version('streaming-stack')} (self-hosted)"
    except PackageNotFoundError:
        return "streaming-stack (self-hosted)"
