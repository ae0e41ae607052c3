"""The whole application on a port, over the demo, with people in it and things that happen."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import text
from starlette.applications import Starlette

from app.asgi import create_app
from app.live import Live, open_live
from app.settings import Settings
from domain.accounts import tokens
from domain.accounts.demo import DEMOS, PASSWORD
from domain.accounts.values import Browser
from domain.accounts.viewer import Viewer
from domain.events import outbox
from domain.events.values import Event, Topic
from domain.services import Services
from tests.accounts import people
from tests.support.sockets import served

TOLD = """
  __typename
  ... on AvailabilityEvent { cursor kind title { name } country }
  ... on Resync { cursor reason }
  ... on Heartbeat { cursor }
"""
OF_TITLE = (
    "subscription Live($title: ID!, $after: Cursor)"
    f" {{ availabilityChanged(scope: TITLE, titleId: $title, after: $after) {{ {TOLD} }} }}"
)
OF_LIST = f"subscription {{ availabilityChanged {{ {TOLD} }} }}"
ON_LIST = """
subscription Mine($after: Cursor) { watchlistChanged(after: $after) {
  __typename
  ... on WatchlistEvent { cursor kind title { name } item { note } }
  ... on Heartbeat { cursor }
} }
"""


@dataclass(frozen=True, slots=True)
class Stage:
    """What runs, and where."""

    services: Services
    live: Live
    port: int
    app: Starlette

    async def sign_in(self, number: int = 0) -> tuple[Viewer, dict[str, str]]:
        """A demo account's viewer, and the header of its browser."""
        now = datetime.now(UTC)
        door = self.services.door
        started = await door.sign_in(DEMOS[number].email, PASSWORD, Browser("127.0.0.1"), now)
        return await people.seen(door, started.token, now), {"cookie": f"session={started.token}"}

    async def token(self, viewer: Viewer) -> str:
        """An API token of theirs."""
        async with self.services.database.transaction() as session:
            return (await tokens.create(session, viewer, "tests", datetime.now(UTC))).token

    async def title(self, where: str = "maturity <= 12") -> int:
        """The key of some title."""
        async with self.services.database.read() as connection:
            found = await connection.execute(
                text(f"SELECT id FROM titles WHERE {where} ORDER BY id LIMIT 1")
            )
            return found.scalar_one()

    async def happen(
        self, title_id: int, kind: str = "leaving", *, times: int = 1, **values: Any
    ) -> None:
        """Something changes about where a title is, so many times in one transaction."""
        values = {"platform_id": 1, "country": "US", **values}
        topic = values.pop("topic", Topic.AVAILABILITY)
        event = Event(topic, kind, datetime.now(UTC), title_id=title_id, **values)
        async with self.services.database.transaction() as session:
            await outbox.add(session, [event] * times)

    async def run(self, statement: str, **values: object) -> None:
        """Run a statement."""
        async with self.services.database.transaction() as session:
            await (await session.connection()).execute(text(statement), values)


@asynccontextmanager
async def staged(services: Services, *, port: int = 0, **settings: Any) -> AsyncIterator[Stage]:
    """All of it, while the block runs. port: 0 is any that is free."""
    chosen = Settings(_env_file=None).model_copy(update=settings)
    async with open_live(services) as live:
        app = create_app(chosen, services, live)
        async with served(app, port) as taken:
            yield Stage(services, live, taken, app)
