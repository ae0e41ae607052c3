"""Somebody with an account at Trakt, and what they ask us for."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import httpx
from sqlalchemy import text

from app.graphql.schema import make_schema
from domain.accounts.viewer import Viewer
from domain.db import Database
from domain.services import Services
from domain.titles import names
from domain.titles.models import Episode, Season, Title
from domain.trakt.values import Tokens
from jobs.gate import Gate
from jobs.handlers import HANDLERS
from jobs.run_job import Pace, Workbench, run_job
from simulators.world import World
from tests.support.graphql import context_for
from tests.watchlists.homes import move_in, rows

SCHEMA = make_schema()
ACCOUNT = """
{ traktAccount { __typename
  ... on TraktSignIn { userCode verificationUrl expiresAt intervalS standIn }
  ... on TraktConnection {
    username problem readAt signIn { userCode }
    reading { done problem pages ofPages items
      batch { id source fileName state counts { lines matched watches ratings wishes passed } } }
  } } }
"""
START = """
mutation { startTraktSignIn {
  ... on TraktSignInStarted { signIn { userCode intervalS } } ... on UserError { code message }
} }
"""
FINISH = """
mutation { finishTraktSignIn {
  ... on TraktSignInAsked { connected askAgainInS account { __typename } }
  ... on UserError { code message }
} }
"""
IMPORT = """
mutation { importFromTrakt {
  ... on TraktImportStarted { account { username reading { done } } }
  ... on UserError { code message }
} }
"""
DISCONNECT = """
mutation ($too: Boolean! = false) { disconnectTrakt(deleteImported: $too) {
  ... on TraktDisconnected { revoked undone done } ... on UserError { code message }
} }
"""


@dataclass
class StandIn:
    """The stand-in at an address, with somebody at it whom no other test knows."""

    base: str
    control: httpx.Client
    user: str

    @classmethod
    def meet(cls, base: str, control: httpx.Client, history: int = 0) -> "StandIn":
        met = cls(base, control, f"user-{uuid4().hex[:8]}")
        met.change(history=history)
        return met

    def change(self, **how: Any) -> None:
        """Change the user, see simulators.trakt.control."""
        self.post("/trakt/_sim/users", user=self.user, **how)

    def post(self, path: str, /, **sent: Any) -> Any:
        answer = self.control.post(path, json=sent)
        assert answer.status_code < 300, answer.text
        return answer.json() if answer.content else None

    def type_in(self, user_code: str, **more: Any) -> None:
        self.post("/trakt/_sim/activate", user_code=user_code, user=self.user, **more)

    def tokens(self) -> Tokens:
        """A pair for the user, without the way through a code."""
        body = self.post("/trakt/_sim/tokens", user=self.user, client_id="streaming-stack")
        issued = datetime.fromtimestamp(body["created_at"], UTC)
        until = issued + timedelta(seconds=body["expires_in"])
        return Tokens(body["access_token"], body["refresh_token"], issued, until)

    def opens(self, access: str) -> bool:
        """Whether a token opens the account."""
        headers = {
            "authorization": f"Bearer {access}", "trakt-api-key": "x", "trakt-api-version": "2",
        }  # fmt: skip
        return self.control.get("/trakt/sync/last_activities", headers=headers).status_code == 200

    def asked(self, path: str) -> int:
        """How often a path was asked for."""
        found = self.control.get("/_sim/requests").json()
        return sum(path in str(each.get("path")) for each in found)


async def ask(
    services: Services, viewer: Viewer, query: str, now: datetime | None = None, **variables: Any
) -> Any:
    """What an operation of one field says."""
    context = context_for(services, viewer, now)
    result = await SCHEMA.execute(query, variable_values=variables, context_value=context)
    assert result.errors is None, result.errors
    assert result.data is not None
    (said,) = result.data.values()
    return said


async def connected(services: Services, stand_in: StandIn, tokens: Tokens | None = None) -> Viewer:
    """Somebody new whose account is connected, as if by a code."""
    viewer = await move_in(services.database)
    tokens = tokens or stand_in.tokens()
    async with services.database.work() as connection:
        await connection.execute(
            text(
                "INSERT INTO trakt_links (profile_id, username, access_token, refresh_token,"
                " issued_at, expires_at, linked_at) VALUES (:id, :name, :a, :r, :i, :e, now())"
            ),
            {
                "id": viewer.profile_id, "name": stand_in.user, "a": tokens.access,
                "r": tokens.refresh, "i": tokens.issued_at, "e": tokens.expires_at,
            },
        )  # fmt: skip
    return viewer


async def work(services: Services, most: int = 50) -> list[str]:
    """Run what is due until nothing is; what became of each attempt."""
    bench = Workbench(HANDLERS, Pace(), Gate())
    said: list[str] = []
    while len(said) < most:
        waiting = await rows(
            services.database, "SELECT id FROM jobs WHERE state = 'waiting' AND due_at <= now()"
        )
        if not waiting:
            break
        for (job_id,) in waiting:
            said.append(await run_job({"services": services, "workbench": bench}, job_id))
    return said


async def fill(database: Database, world: World) -> None:
    """The titles of the stand-in as ours, with their episodes."""
    async with database.transaction() as session:
        for each in world.titles.values():
            title = Title(
                kind=each.kind, name=each.name, name_key=names.fold(each.name), year=each.year,
                maturity=12, tmdb_id=each.tmdb_id, imdb_id=each.imdb_id, genres=[], countries=[],
                source="tests",
            )  # fmt: skip
            session.add(title)
            await session.flush()
            for season in each.seasons:
                session.add(Season(title_id=title.id, number=season.number))
                session.add_all(
                    Episode(
                        title_id=title.id, season_number=season.number, number=episode.number,
                        name=episode.name,
                    )
                    for episode in season.episodes
                )  # fmt: skip


async def everywhere(database: Database, what: str) -> list[str]:
    """The tables in which a text stands."""
    tables = await rows(
        database, "SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1"
    )
    found: list[str] = []
    for (table,) in tables:
        held = await rows(
            database,
            f"SELECT 1 FROM {table} t WHERE t::text LIKE '%' || CAST(:what AS text) || '%' LIMIT 1",
            what=what,
        )
        found += [table] if held else []
    return found


def sibling(viewer: Viewer, profile_id: UUID | None) -> Viewer:
    """The same caller as another profile."""
    return replace(viewer, profile_id=profile_id)
