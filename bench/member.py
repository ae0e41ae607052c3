"""Somebody to ask the questions: a Pro account, which no quota stops, with a token and a past."""

from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

from pydantic import SecretStr
from sqlalchemy import text

from app.deps import open_services
from app.settings import Settings
from domain.accounts import admin, sessions, tokens
from domain.accounts.service import NewAccount
from domain.accounts.values import Browser
from domain.accounts.viewer import Viewer
from domain.history import ratings

RATED = 12


async def join(database_url: str, redis_url: str) -> dict[str, str]:
    """The headers of a new member, who has rated twelve of the best known titles."""
    settings = Settings(_env_file=None).model_copy(  # pyright: ignore[reportCallIssue]
        update={"database_url": SecretStr(database_url), "redis_url": SecretStr(redis_url),
                "data_dir": Path()}
    )  # fmt: skip
    now, email = datetime.now(UTC), f"{uuid4().hex}@example.org"
    async with open_services(settings, "bench") as services:
        new = NewAccount(email, "a long password for the bench")
        started = await services.door.sign_up(new, Browser(), now)
        known = await sessions.find(services.database, services.cache, started.token, now)
        assert known is not None
        viewer = Viewer.by("session", known, "")
        async with services.database.transaction() as session:
            token = await tokens.create(session, viewer, "bench", now)
            await admin.set_plan(session, email, "pro")
            found = await (await session.connection()).execute(
                text("SELECT id FROM titles ORDER BY popularity DESC LIMIT :n"), {"n": RATED}
            )
            for n, key in enumerate(found.scalars()):
                await ratings.rate(session, started.profile_id, key, 10 - n % 7, now)
    return {"Authorization": f"Bearer {token.token}"}
