"""What a field can reach: the viewer, the moment, the services and fresh loaders."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import strawberry

from dataloaders import loaders as loading
from dataloaders.loaders import Loaders
from domain.accounts import rules
from domain.accounts.values import Browser
from domain.accounts.viewer import Viewer
from domain.services import Services


@dataclass
class Context:
    """One operation's surroundings.

    browser: who stands at the door, for signing in (raises for another site's page);
    keep_session: sets the session's cookie, or clears it with None; say: sets a header.
    """

    services: Services
    viewer: Viewer
    now: datetime
    loaders: Loaders
    browser: Callable[[], Browser]
    keep_session: Callable[[str | None], None]
    say: Callable[[str, str], None]

    @property
    def today(self) -> date:
        """The viewer's day."""
        return self.viewer.today(self.now)

    def country(self, given: str | None) -> str:
        """A country that was asked for, or the viewer's; raises InvalidInput."""
        return self.viewer.country if given is None else rules.country(given)

    def become(self, viewer: Viewer) -> None:
        """Go on as somebody else, for the fields that follow in the same operation."""
        self.viewer = viewer
        self.loaders = make_loaders(self.services, viewer, self.now)


def make_loaders(services: Services, viewer: Viewer, now: datetime) -> Loaders:
    """Fresh loaders for a viewer."""
    return loading.make(services.database, viewer.ceiling, viewer.today(now))


Info = strawberry.Info[Context, Any]
