"""/livez and /readyz: for whatever starts, stops and watches this process."""

import asyncio
import secrets
from collections.abc import Awaitable
from typing import Literal

import structlog
from pydantic import Field
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from domain.db import Database
from domain.ports import Cache
from rest.operations import Call
from rest.public import Public
from rest.shapes import Told

log = structlog.get_logger()

DEADLINE_S = 2.0
State = Literal["ok", "away", "behind"]


class Alive(Told):
    """The process answers."""

    status: Literal["ok"] = Field(description="Always ok.", examples=["ok"])


class Checks(Told):
    """What each part says."""

    postgres: State = Field(description="Whether it answers within two seconds.", examples=["ok"])
    valkey: State = Field(description="The same; we are slower without it.", examples=["ok"])
    migrations: State = Field(
        description="Whether the schema is the one this version needs.", examples=["ok"]
    )


class Readiness(Told):
    """Whether requests should be sent here."""

    status: Literal["ready", "degraded", "unavailable"] = Field(
        description="unavailable: send requests elsewhere; degraded: Valkey is away.",
        examples=["ready"],
    )
    checks: Checks = Field(description="What each part says.")


async def alive(call: Call) -> Alive:
    """The event loop turns, whatever else is away: restarting us would help nobody."""
    return Alive(status="ok")


async def ready(call: Call) -> Readiness:
    """Ask every part at the same time; 503 where Postgres is away or its schema isn't ours."""
    services, public = call.services, call.request.app.state.public
    (postgres, migrations), valkey = await asyncio.gather(
        _database(services.database, public), _state("valkey", _cache(services.cache))
    )
    status = "ready" if valkey == "ok" else "degraded"
    if postgres != "ok" or migrations != "ok":
        status = "unavailable"
        call.outgoing.status_code = 503
    checks = Checks(postgres=postgres, valkey=valkey, migrations=migrations)
    return Readiness(status=status, checks=checks)


async def _database(database: Database, public: Public) -> tuple[State, State]:
    found: list[str | None] = []
    state = await _state("postgres", _revision(database, found))
    if state != "ok":
        return state, state
    return "ok", "ok" if found == [public.schema_head] else "behind"


async def _revision(database: Database, found: list[str | None]) -> bool:
    async with database.read() as connection:
        await connection.execute(text("SELECT 1"))
        try:
            version = await connection.execute(text("SELECT version_num FROM alembic_version"))
            found.append(version.scalar_one_or_none())
        except DBAPIError:
            found.append(None)  # no such table: nobody has migrated yet
    return True


async def _cache(cache: Cache) -> bool:
    # A cache never raises, it only forgets; so one that can't tell what it was just told is away.
    key, told = "ready:" + secrets.token_hex(8), b"yes"
    await cache.put(key, told, DEADLINE_S)
    return await cache.get(key) == told


async def _state(part: str, check: Awaitable[bool]) -> State:
    try:
        async with asyncio.timeout(DEADLINE_S):
            if await check:
                return "ok"
    except Exception as problem:
        log.warning("health.away", part=part, problem=type(problem).__name__)
    return "away"
