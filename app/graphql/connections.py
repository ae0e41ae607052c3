"""How many connections somebody keeps open: counted in each process, for as long as they are."""

from collections import Counter
from collections.abc import Awaitable, Callable
from typing import Literal, Protocol

from starlette.requests import HTTPConnection
from starlette.responses import Response
from starlette.types import Scope

from domain.accounts import rules
from domain.accounts.viewer import Viewer
from domain.errors import TooManyRequests
from live.credentials import Credentials
from schema.context import Context

_RETRY_AFTER_S = 10
GetContext = Callable[[HTTPConnection, Response], Awaitable[Context]]
OnChange = Callable[[Literal["ended", "changed"]], None]


class Watcher(Protocol):
    """Looks after what a connection came in with, until what is returned is called."""

    def __call__(self, scope: Scope, viewer: Viewer, on_change: OnChange) -> Callable[[], None]:
        """Begin to."""
        ...


def watch(scope: Scope, viewer: Viewer, on_change: OnChange) -> Callable[[], None]:
    """Ask the application's credentials; a stranger has none that could end."""
    credentials: Credentials | None = scope["app"].state.credentials
    if credentials is None or not viewer.signed_in:
        return lambda: None
    return credentials.register(viewer, on_change).close


class Connections:
    """Counts sockets and streams by account, and by address for those without one."""

    def __init__(self, *, per_account: int, per_address: int) -> None:
        self._per_account, self._per_address = per_account, per_address
        self._open: Counter[str] = Counter()

    def take(self, viewer: Viewer) -> Callable[[], None]:
        """Count one more until what is returned is called; raises TooManyRequests."""
        if viewer.account_id:
            key, limit = str(viewer.account_id), self._per_account
        else:
            key, limit = rules.network(viewer.address), self._per_address
        if self._open[key] >= limit:
            text = f"{limit} connections are open already; close one, or share it between tabs."
            raise TooManyRequests(text, limit=limit, retry_after=_RETRY_AFTER_S)
        self._open[key] += 1
        held = True

        def give_back() -> None:
            nonlocal held
            if held:
                held = False
                self._open[key] -= 1
                if not self._open[key]:
                    del self._open[key]

        return give_back
