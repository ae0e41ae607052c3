"""Open connections outlive what they came in with: this asks whether it still holds.

While Postgres is away nobody is thrown out: without it nothing new can be told to anybody. But
after 30 seconds in which it could not be asked, everybody has to come in by the door again: whoever
can't be checked is not trusted for longer, and coming back with a cursor costs nobody an event.
"""

import asyncio
from collections import defaultdict
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import UTC, datetime
from typing import Literal
from uuid import UUID

import structlog

from domain.accounts import standing
from domain.accounts.standing import Standing
from domain.accounts.viewer import Viewer
from domain.db import Database
from live.patience import within

log = structlog.get_logger()

_TRUSTED_S = 30.0
_ANSWER_S = 10.0

Change = Literal["ended", "changed"]
OnChange = Callable[[Change], None]


class Watch:
    """One open connection's registration."""

    __slots__ = ("_leave", "on_change", "stood")

    def __init__(
        self, stood: Standing | None, on_change: OnChange, leave: Callable[["Watch"], None]
    ) -> None:
        self.stood = stood
        self.on_change = on_change
        self._leave: Callable[[Watch], None] | None = leave

    def close(self) -> None:
        """Ask no more; as often as one likes."""
        leave, self._leave = self._leave, None
        if leave is not None:
            leave(self)

    def tell(self, change: Change) -> None:
        """Tell whoever registered, once."""
        if self._leave is None:
            return
        self.close()
        try:
            self.on_change(change)
        except Exception:
            log.exception("live.on_change_failed")


class Credentials:
    """Asks every `every_s` seconds, in one statement for all sessions and one for all tokens."""

    def __init__(
        self, database: Database, *, every_s: float = 2.0, trusted_s: float = _TRUSTED_S
    ) -> None:
        self._database = database
        self._every_s = every_s
        self._trusted_s = trusted_s
        self._sessions: defaultdict[UUID, set[Watch]] = defaultdict(set)
        self._tokens: defaultdict[UUID, set[Watch]] = defaultdict(set)
        self._asked_at = 0.0
        self._task: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Begin to ask."""
        self._asked_at = asyncio.get_running_loop().time()
        self._task = asyncio.create_task(self._ask_for_ever())

    async def stop(self) -> None:
        """End it; nobody is told."""
        if self._task is not None:
            self._task.cancel()
            with suppress(asyncio.CancelledError):
                await self._task

    def register(self, viewer: Viewer, on_change: OnChange) -> Watch:
        """Call back, once, when what the viewer came in with has "ended", or says something else
        about them: "changed". Whoever came with nothing is never called.
        """
        watches, id = self._sessions, viewer.session_id
        if id is None:
            watches, id = self._tokens, viewer.token_id
        if id is None:
            return Watch(None, on_change, lambda _watch: None)
        key = id

        def leave(watch: Watch) -> None:
            watches[key].discard(watch)
            if not watches[key]:
                del watches[key]

        watch = Watch(Standing.of(viewer), on_change, leave)
        watches[key].add(watch)
        return watch

    async def check(self) -> None:
        """Ask now; raises what Postgres raises."""
        sessions, tokens = list(self._sessions), list(self._tokens)
        if sessions or tokens:
            found = await within(_ANSWER_S, self._ask(sessions, tokens))
            for watches, ids in ((self._sessions, sessions), (self._tokens, tokens)):
                for id in ids:
                    _compare(watches.get(id, ()), found.get(id))
        self._asked_at = asyncio.get_running_loop().time()

    async def _ask(self, sessions: list[UUID], tokens: list[UUID]) -> Mapping[UUID, Standing]:
        found: dict[UUID, Standing] = {}
        async with self._database.read() as connection:
            if sessions:
                found |= await standing.of_sessions(connection, sessions, datetime.now(UTC))
            if tokens:
                found |= await standing.of_tokens(connection, tokens)
        return found

    async def _ask_for_ever(self) -> None:
        healthy = True
        while True:
            await asyncio.sleep(self._every_s)
            try:
                await self.check()
                healthy = True
            except Exception as problem:
                if healthy:
                    log.warning("live.cannot_check_credentials", problem=repr(problem)[:200])
                healthy = False
                self._give_up_in_time()

    def _give_up_in_time(self) -> None:
        # Only ever after a question that failed: a process that was frozen for a minute asks first.
        if asyncio.get_running_loop().time() - self._asked_at < self._trusted_s:
            return
        self._asked_at = asyncio.get_running_loop().time()
        for watches in (self._sessions, self._tokens):
            for watch in [each for those in watches.values() for each in those]:
                watch.tell("changed")


def _compare(watches, now: Standing | None) -> None:
    for watch in list(watches):
        if now is None:
            watch.tell("ended")
        elif watch.stood != now:
            watch.tell("changed")
