"""One audience and all who listen with it: each update is rendered once and handed to all of them.

Lanes go at their own pace, so an audience that is slow to render delays nobody else's.
"""

import asyncio
from collections import deque
from collections.abc import Callable, Hashable, Sequence
from uuid import uuid4

import structlog

from domain.db import is_away
from live.audience import Audience, Listener
from live.errors import HubClosed, NotRendered, SlowConsumer
from live.patience import within
from live.updates import Heartbeat, Resync, Update

log = structlog.get_logger()

RENDER_S = 10.0  # the longest an update may take to be put into words
_TOGETHER = 16  # updates that are rendered at the same time
_BREATH = 250  # deliveries, a few milliseconds, until others have their turn
_REMEMBERED = 256
_REMEMBERED_S = 5.0


class Subscription:
    """A listener's place in the hub."""

    __slots__ = ("_leave", "deliver", "listener")

    def __init__(self, listener: Listener, leave: Callable[["Subscription"], None]) -> None:
        self.listener = listener
        self.deliver = listener.deliver
        self._leave: Callable[[Subscription], None] | None = leave

    def close(self) -> None:
        """Leave, without a word to the listener, and as often as one likes."""
        leave, self._leave = self._leave, None
        if leave is not None:
            self.deliver = _ignore  # what is on its way stays unread
            leave(self)

    def drop(self, reason: str) -> None:
        """Leave, and tell the listener why; once."""
        if self._leave is None:
            return
        self.close()
        try:
            self.listener.end(reason)
        except Exception:
            log.exception("live.end_failed")


def _ignore(_payload: bytes) -> bool:
    return True


class Lane:
    """What waits to be rendered for an audience, in its order, and for whom.

    users: subscriptions that are here or about to come; members: those that hear what happens now.
    """

    def __init__(self, audience: Audience) -> None:
        self.audience = audience
        self.users = 0
        self.members: dict[Subscription, None] = {}
        self._waiting: deque[tuple[Update, Sequence[Subscription]]] = deque()
        self._working: asyncio.Task[None] | None = None
        self._rendered: dict[Hashable, tuple[float, asyncio.Task[bytes | None]]] = {}

    @property
    def backlog(self) -> int:
        """How many updates wait."""
        return len(self._waiting)

    def put(self, update: Update, to: Sequence[Subscription]) -> None:
        """Tell some of the members something, after all that they are told already."""
        self._waiting.append((update, to))
        if self._working is None:
            self._working = asyncio.create_task(self._work())

    async def idle(self) -> None:
        """Wait until nothing waits."""
        if self._working is not None:
            await asyncio.wait({self._working})

    def stop(self) -> None:
        """Forget what waits."""
        self._waiting.clear()
        if self._working is not None:
            self._working.cancel()

    async def render(self, update: Update) -> bytes | None:
        """An update in this audience's words, made once for all who ask within some seconds.

        Raises NotRendered, and HubClosed while the database is away.
        """
        key, now = _key(update), asyncio.get_running_loop().time()
        self._forget(now)
        _, task = self._rendered.get(key, (now, None))
        if task is None or _failed(task):
            task = asyncio.create_task(self._render(update))
            task.add_done_callback(_failed)  # whoever asked may be gone by then
            self._rendered[key] = (now, task)
        return await asyncio.shield(task)

    async def _render(self, update: Update) -> bytes | None:
        try:
            return await within(RENDER_S, self.audience.render(update))
        except Exception as problem:
            if is_away(problem):
                log.warning("live.not_rendered", problem=type(problem).__name__)
                raise HubClosed("The database doesn't answer at this moment.") from problem
            id = uuid4().hex[:12]
            log.exception("live.not_rendered", id=id, cursor=str(update.cursor))
            raise NotRendered(id) from problem

    def _forget(self, now: float) -> None:
        while self._rendered:
            key, (since, task) = next(iter(self._rendered.items()))
            old = now - since > _REMEMBERED_S or len(self._rendered) >= _REMEMBERED
            if not (old and task.done()):
                break
            del self._rendered[key]

    async def _work(self) -> None:
        try:
            while self._waiting:
                some = [self._waiting.popleft() for _ in range(min(_TOGETHER, len(self._waiting)))]
                renderings = (self.render(update) for update, _ in some)
                rendered = await asyncio.gather(*renderings, return_exceptions=True)
                for (_, to), payload in zip(some, rendered, strict=True):
                    await self._hand_out(payload, to)
        finally:
            self._working = None

    async def _hand_out(
        self, payload: bytes | BaseException | None, to: Sequence[Subscription]
    ) -> None:
        if isinstance(payload, BaseException):
            for each in to:
                each.drop(str(payload))
            return
        if payload is None:
            return
        for start in range(0, len(to), _BREATH):
            if start:
                await asyncio.sleep(0)
            for each in to[start : start + _BREATH]:
                try:
                    taken = each.deliver(payload)
                except Exception:
                    log.exception("live.deliver_failed")
                    taken = False
                if not taken:
                    each.drop(SlowConsumer().message)


def _key(update: Update) -> Hashable:
    if isinstance(update, Resync):
        return (update.cursor, update.reason)
    return (update.cursor, isinstance(update, Heartbeat))


def _failed(task: asyncio.Task[bytes | None]) -> bool:
    return task.done() and (task.cancelled() or task.exception() is not None)
