"""One upstream over HTTP: a pool of connections, a pace, patience, and answers that are checked.

Whatever it does, a call ends within its patience in a Reply or in one of three errors: UpstreamAway
(nobody there, or asked to wait), Refused (a status that says no), Garbled (no use). A deed, such as
sending a letter, may end in a fourth: Unsure (it may be done).
"""

import asyncio
import random
import time
from collections.abc import AsyncGenerator, Iterable, Iterator, Mapping
from contextlib import aclosing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import httpx
import orjson
import stamina

from domain.sync.ports import UpstreamAway
from integrations.upstreams import bodies, refusals
from integrations.upstreams.attempts import Again, Answers, Call, Failed, Reader
from integrations.upstreams.breaker import Breaker
from integrations.upstreams.bucket import Bucket
from integrations.upstreams.connecting import is_loopback, trusted, user_agent
from integrations.upstreams.errors import (
    Garbled,
    Refused,
    SlowDown,
    TooLarge,
    Troubled,
    Unsure,
)
from integrations.upstreams.waiting import retry_after_s

_AGAIN = frozenset({408, 425, 429, 500, 502, 503, 504, 520, 521, 522, 523, 524})
_ASKED_TO_WAIT = frozenset({429, 503})


@dataclass(frozen=True, slots=True)
class Patience:
    """How long and how often to try. deadline_s: for a whole call, repetitions included.

    first_pause_s, longest_pause_s: between which the pause before a repetition grows; a draw from 0
    to it is waited. most_bytes: of an unpacked answer; longest_line: of one that comes in lines.
    """

    connect_s: float = 5.0
    read_s: float = 15.0
    deadline_s: float = 45.0
    attempts: int = 4
    first_pause_s: float = 0.5
    longest_pause_s: float = 8.0
    most_bytes: int = 8 * 1024 * 1024
    longest_line: int = 64 * 1024


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer: its status, its headers and what its JSON says, None without any.

    The status is below 300, or one that the caller takes for an answer.
    """

    status: int
    headers: Mapping[str, str]
    value: Any


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
            verify=trusted(),
            trust_env=not is_loopback(base_url),  # a proxy's way to this machine is its own
        )

    def __repr__(self) -> str:
        return f"Upstream({self.name!r})"

    async def close(self) -> None:
        """Close the connections."""
        await self._client.aclose()

    @property
    def paused_s(self) -> float:
        """Seconds for which nobody is let through, because they asked for it."""
        return self._bucket.paused_s

    def pause(self, seconds: float) -> None:
        """Send nothing for some seconds: they asked for it."""
        self._bucket.pause(seconds)

    def pace(self, per_second: float) -> None:
        """Another pace from now on: they have told theirs."""
        self._bucket.pace(per_second)

    async def ask(
        self,
        method: str,
        path: str,
        *,
        params: Mapping[str, str | int] | None = None,
        body: Mapping[str, Any] | bytes | None = None,
        headers: Mapping[str, str] | None = None,
        repeatable: bool = True,
        deed: bool = False,
        attempts: int | None = None,
        deadline_s: float | None = None,
        may_be_empty: bool = False,
        answers: Answers | None = None,
        reader: Reader | None = None,
    ) -> Reply:
        """Send a request and have its JSON. Raises UpstreamAway, Refused or Garbled.

        body: bytes for JSON that is written already. repeatable: whether it may reach them twice;
        False for what is used up by asking. deed: whether it does something there: what leaves open
        whether it is done is Unsure, then. attempts, deadline_s: others than our patience says; a
        deadline that is given counts from now, waiting for our pace included. may_be_empty: whether
        no body is an answer, too. answers: which refusals are, which makes them Replies. reader:
        hears the answer line by line instead, and what it makes of them is the Reply's value;
        nothing is asked again once there was a line, and when it returns the connection is closed.
        """
        request = self._client.build_request(
            method,
            self._base_url + path,
            params=params,
            content=body if body is None or isinstance(body, bytes) else orjson.dumps(body),
            headers={"content-type": "application/json"} | dict(headers or {})
            if body is not None
            else headers,
        )
        if reader is not None:
            request.headers["accept-encoding"] = "identity"  # packing would hold lines back
        call = Call(request, refusals.secrets(request, body), may_be_empty, answers, reader)
        paced = deadline_s is None
        if paced:
            await self._bucket.take()
        deadline_s = deadline_s or self.patience.deadline_s
        call.ends_at = time.monotonic() + deadline_s
        again = self._again(call, repeatable)

        @stamina.retry(on=again, attempts=attempts or self.patience.attempts, timeout=None)
        async def attempt() -> Reply:
            if again.tries or not paced:
                await self._bucket.take()
            return await self._attempt(call)

        try:
            async with asyncio.timeout(deadline_s):
                return await attempt()
        except Failed as failed:
            problem: Exception = failed.meaning
        except UpstreamAway as away:
            problem = away
        except TimeoutError:
            problem = UpstreamAway(
                f"{self.name} did not answer within {deadline_s:g} seconds. We try again later."
            )
        raise (Unsure(self.name) if deed and call.reached else problem) from None

    def _again(self, call: Call, repeatable: bool) -> Again:
        def pause_s(problem: BaseException, tries: int) -> float | None:
            if not isinstance(problem, Failed) or not (repeatable or problem.unsent):
                return None
            if call.heard:
                return None
            most = min(
                self.patience.longest_pause_s, self.patience.first_pause_s * 2 ** (tries - 1)
            )
            pause = (problem.wait_s or 0) + random.uniform(0, most)
            if time.monotonic() + pause >= call.ends_at or self._breaker.open:
                return None
            if problem.wait_s:
                self._bucket.pause(problem.wait_s)  # it means all of us
            return pause

        return Again(pause_s)

    async def _attempt(self, call: Call) -> Reply:
        if (rest_s := self._breaker.enter()) is not None:
            raise UpstreamAway(
                f"{self.name} has failed several times in a row; it is left alone for a moment.",
                retry_after_s=rest_s,
            )
        before, call.reached = call.reached, True
        try:
            reply = await self._exchange(call)
        except Failed as failed:
            call.reached = before or not failed.unsent
            if failed.wait_s is None:
                self._breaker.failed()
            else:  # who asks us to wait is there
                self._breaker.succeeded()
            raise
        except Refused:
            self._breaker.succeeded()
            raise
        except BaseException:
            if time.monotonic() < call.ends_at:
                self._breaker.left()
            else:  # who is still silent at the deadline has failed
                self._breaker.failed()
            raise
        self._breaker.succeeded()
        return reply

    async def _exchange(self, call: Call) -> Reply:
        with self._in_plain_words():
            response = await self._client.send(call.request, stream=True)
        try:
            return await self._read(response, call)
        finally:
            with self._in_plain_words():
                await response.aclose()

    @contextmanager
    def _in_plain_words(self) -> Iterator[None]:
        try:
            yield
        except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout):
            problem = "can't be reached: nobody answers at its address"
            raise Failed(self._away(problem), unsent=True) from None
        except httpx.TimeoutException:
            raise Failed(self._away("is there but says nothing")) from None
        except httpx.RemoteProtocolError:
            raise Failed(Garbled(self.name, "it is cut off")) from None
        except (httpx.HTTPError, httpx.StreamError, OSError):
            raise Failed(self._away("broke the connection")) from None

    async def _read(self, response: httpx.Response, call: Call) -> Reply:
        status = response.status_code
        if status >= 300:
            told = await refusals.told(response) if call.answers or status not in _AGAIN else None
            if call.answers and call.answers(status, told):
                return Reply(status, response.headers, told)
            raise self._refusal(response, told, call.secrets)
        try:
            if call.reader is not None:
                _check_kind(response)
                async with aclosing(self._lines(response, call)) as lines:
                    return Reply(status, response.headers, await call.reader(lines))
            encoding = response.headers.get("content-encoding", "")
            with self._in_plain_words():
                body = await bodies.read(response.aiter_raw(), encoding, self.patience.most_bytes)
            if not body and call.may_be_empty:
                return Reply(status, response.headers, None)
            _check_kind(response)
            return Reply(status, response.headers, bodies.parse(body))
        except bodies.BadBody as bad:
            kind = TooLarge if isinstance(bad, bodies.TooLarge) else Garbled
            raise Failed(kind(self.name, str(bad))) from None

    async def _lines(self, response: httpx.Response, call: Call) -> AsyncGenerator[bytes, None]:
        # Only what the line costs is said in plain words: what its reader does is its own affair.
        encoding = response.headers.get("content-encoding", "")
        most, longest = self.patience.most_bytes, self.patience.longest_line
        async with aclosing(bodies.lines(response.aiter_raw(), encoding, most, longest)) as lines:
            while True:
                with self._in_plain_words():
                    line = await anext(lines, None)
                if line is None:
                    return
                call.heard = True
                yield line

    def _refusal(self, response: httpx.Response, told: Any, secrets: Iterable[str]) -> Exception:
        status = response.status_code
        if status not in _AGAIN:
            said, error = refusals.said(told, secrets)
            headers = dict(response.headers)
            return Refused(self.name, status, said, error=error, headers=headers)
        wait_s = retry_after_s(response.headers.get("retry-after"), datetime.now(UTC))
        if status == 429:
            hint = f" for {wait_s:.0f} seconds" if wait_s else ""
            away = SlowDown(f"{self.name} asks us to wait{hint}.", retry_after_s=wait_s)
            return Failed(away, wait_s=wait_s or 0.0, unsent=True)
        if status not in _ASKED_TO_WAIT:
            wait_s = None
        kind = Troubled if wait_s is None else UpstreamAway
        away = self._away(f"has trouble of its own (status {status})", kind)
        away.retry_after_s = wait_s
        return Failed(away, wait_s=wait_s)

    def _away(self, problem: str, kind: type[UpstreamAway] = UpstreamAway) -> UpstreamAway:
        return kind(f"{self.name} {problem}. What we know already stays; we try again later.")


def _check_kind(response: httpx.Response) -> None:
    kind = response.headers.get("content-type", "json").partition(";")[0]
    if "json" not in kind.lower():
        raise bodies.BadBody("it is a web page or something else that is no JSON")
