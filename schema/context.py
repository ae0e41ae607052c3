"""What a field can reach: the viewer, the moment, the services and fresh loaders."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

import strawberry

from dataloaders.loaders import Loaders
from domain.accounts import rules
from domain.accounts.values import Browser
from domain.accounts.viewer import Viewer
from domain.errors import Forbidden, TooManyRequests
from domain.services import Services
from domain.watchlists.values import Whose

_MOST_WAITS, _RETRY_AFTER_S = 4, 10


@dataclass(slots=True)
class LineWaits:
    """The operations of one connection that wait for lines: each asks again and again."""

    waiting: int = 0

    @contextmanager
    def one(self) -> Iterator[None]:
        """One more for as long as the block runs; raises TooManyRequests."""
        if self.waiting >= _MOST_WAITS:
            text = f"{_MOST_WAITS} operations wait for lines on this connection already."
            raise TooManyRequests(text, limit=_MOST_WAITS, retry_after=_RETRY_AFTER_S)
        self.waiting += 1
        try:
            yield
        finally:
            self.waiting -= 1


@dataclass
class Context:
    """One operation's surroundings.

    browser: who stands at the door, for signing in (raises for another site's page);
    keep_session: sets the session's cookie, or clears it with None; say: sets a header;
    hub: the process's live.hub.Hub, where it has one (the schema may not know that package);
    line_waits: its connection's;
    loaded_offers: rows by title and country, see `load_offers`; platforms: made ones, by key.
    """

    services: Services
    viewer: Viewer
    now: datetime
    loaders: Loaders
    browser: Callable[[], Browser]
    keep_session: Callable[[str | None], None]
    say: Callable[[str, str], None]
    hub: Any = None
    line_waits: LineWaits = field(default_factory=LineWaits)

    loaded_offers: dict[tuple[int, str], Sequence[Any]] = field(default_factory=dict)
    platforms: dict[int, Any] = field(default_factory=dict)
    _today: date | None = None

    @property
    def today(self) -> date:
        """The viewer's day."""
        if self._today is None:
            self._today = self.viewer.today(self.now)
        return self._today

    async def load_offers(self, title_ids: Sequence[int], country: str) -> None:
        """Load the offers of a page's titles at once, so that each title finds its own at hand.

        A field that need not wait costs a fifth of one that does.
        """
        keys = [(key, country) for key in title_ids]
        found = await self.loaders.offers_by_title.load_many(keys)
        self.loaded_offers.update(zip(keys, found, strict=True))

    def country(self, given: str | None) -> str:
        """A country that was asked for, or the viewer's; raises InvalidInput."""
        return self.viewer.country if given is None else rules.country(given)

    def become(self, viewer: Viewer) -> None:
        """Go on as somebody else, for the fields that follow in the same operation."""
        self.viewer = viewer
        self.renew(self.now)

    def renew(self, now: datetime) -> None:
        """Forget what was read, which is true for a moment: the next event reads it again."""
        self.now = now
        self.loaders = make_loaders(self.services, self.viewer, now)
        self.loaded_offers, self.platforms, self._today = {}, {}, None

    def apart(self, viewer: Viewer, now: datetime) -> "Context":
        """Surroundings for an operation whose answer can set no header and no cookie any more."""
        return Context(
            services=self.services,
            viewer=viewer,
            now=now,
            loaders=make_loaders(self.services, viewer, now),
            browser=_no_browser,
            keep_session=lambda _token: None,
            say=lambda _name, _value: None,
            hub=self.hub,
            line_waits=self.line_waits,
        )


def _no_browser() -> Browser:
    raise Forbidden("Sign in by a request of its own, at /graphql: a stream can't set the cookie.")


def make_loaders(services: Services, viewer: Viewer, now: datetime) -> Loaders:
    """Fresh loaders for a viewer."""
    whose = Whose.of(viewer, now) if viewer.profile_id else None
    return Loaders(services.database, viewer.ceiling, viewer.today(now), whose)


Info = strawberry.Info[Context, Any]
