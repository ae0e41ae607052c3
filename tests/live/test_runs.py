"""The runs of the nightly sync, live: told to admins, and for no longer than they are admins."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime

import pytest
from redis.asyncio import Redis
from sqlalchemy import text

from domain.accounts.demo import DEMOS
from domain.events.values import SyncKind
from domain.services import Services
from domain.sync import progress
from tests.live.stage import Stage, staged
from tests.live.talk import begin, told
from tests.support.sockets import ask, closing, hear, socket

pytestmark = pytest.mark.anyio

RUNS = """
subscription ($after: Cursor) { syncRunChanged(after: $after) {
  __typename
  ... on SyncRunEvent { cursor kind run { id state } }
  ... on Heartbeat { cursor }
} }"""
_RUN = text("""
    INSERT INTO sync_runs (source, reason, countries, state, budget, planned_at)
    VALUES ('sync/justwatch', 'manual', '{US}', 'asking', 1, now()) RETURNING id
""")
ADMIN = next(number for number, each in enumerate(DEMOS) if each.role == "admin")
MEMBER = next(number for number, each in enumerate(DEMOS) if each.role == "member")


@pytest.fixture
async def stage(demo_services: Services) -> AsyncIterator[Stage]:
    async with staged(demo_services) as running:
        yield running


async def happen(stage: Stage, kind: SyncKind) -> str:
    """A run of which something is told; its id."""
    async with stage.services.database.transaction() as session:
        run_id = (await (await session.connection()).execute(_RUN)).scalar_one()
        await progress.tell(session, run_id, kind, datetime.now(UTC))
        await (await session.connection()).execute(text("UPDATE sync_runs SET state = 'done'"))
    return f"run_{run_id}"


async def refusal(stage: Stage, headers: dict[str, str], cursor: str | None = None) -> str:
    """The code with which a subscription is refused."""
    async with socket(stage.port, headers=headers) as opened:
        await ask(opened, "1", RUNS, after=cursor)
        message = await hear(opened)
        assert message["type"] in {"next", "error"}, message
        payload = message["payload"]
        errors = payload if isinstance(payload, list) else payload["errors"]
        return errors[0]["extensions"]["code"]


async def test_whoever_is_no_admin_any_more_is_told_nothing_more(
    stage: Stage, valkey: Redis
) -> None:
    _, member = await stage.sign_in(MEMBER)
    _, admin = await stage.sign_in(ADMIN)
    assert await refusal(stage, {}) == "UNAUTHENTICATED"
    assert await refusal(stage, member) == "FORBIDDEN"
    async with socket(stage.port, headers=admin) as opened:
        cursor = await begin(opened, "1", RUNS)
        run = await happen(stage, SyncKind.PLANNED)
        heard = await told(opened)
        assert (heard["kind"], heard["run"]) == ("PLANNED", {"id": run, "state": "DONE"})
        await stage.run("UPDATE accounts SET role = 'member'")
        assert (await closing(opened, 5))[0] == 1012, "within five seconds, to come back"
    await valkey.flushdb()  # what the session proved is remembered for five seconds
    assert await refusal(stage, admin, cursor) == "FORBIDDEN"
