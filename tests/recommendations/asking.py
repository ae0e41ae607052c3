"""Asking what to watch tonight, as tests do it, on the demo."""

from dataclasses import replace
from datetime import UTC, datetime
from uuid import UUID

from sqlalchemy import text
from sqlmodel import select

from domain.accounts.models import Account
from domain.accounts.viewer import Viewer
from domain.profiles.models import Profile
from domain.recommendations.questions import Asked, understand
from domain.recommendations.service import Answer
from domain.services import Services
from tests.support.graphql import ANYONE

NOW = datetime.now(UTC)
TONIGHT = Asked(
    mood="tense", time_min=120, group_size=2, subscribed_platforms=["netflix", "disney-plus"]
)


async def ask(services: Services, asked: Asked = TONIGHT, viewer: Viewer = ANYONE) -> Answer:
    async with services.database.read() as connection:
        question = await understand(connection, viewer, asked)
    return await services.recommender.recommend(viewer, question, NOW)


async def known(services: Services, email: str = "free@example.com") -> Viewer:
    async with services.database.transaction() as session:
        account = (await session.exec(select(Account).where(Account.email_key == email))).one()
        profile = (
            await session.exec(select(Profile).where(Profile.account_id == account.id))
        ).first()
    assert profile is not None
    return replace(
        ANYONE, via="session", account_id=account.id, profile_id=profile.id, session_id=UUID(int=1)
    )


async def title_id(services: Services, name: str) -> int:
    async with services.database.read() as connection:
        statement = text("SELECT id FROM titles WHERE name = :name ORDER BY audience_votes DESC")
        return (await connection.execute(statement, {"name": name})).scalars().first()


async def platforms(services: Services) -> tuple[int, ...]:
    async with services.database.read() as connection:
        return (await understand(connection, ANYONE, TONIGHT)).platform_ids
