"""As many people as a crowd needs, each with a token: straight into the tables, unlike `member`."""

from collections.abc import Sequence
from datetime import UTC, datetime
from uuid import uuid4

from sqlalchemy import select
from sqlmodel import col

from app.database import open_database
from domain.accounts import credentials
from domain.accounts.models import Account, ApiToken
from domain.profiles.models import Profile
from domain.titles.models import Title

EACH = 10  # connections of one account, the most there may be


async def settle(database_url: str, connections: int) -> Sequence[str]:
    """Tokens for so many connections, of new accounts with a profile each."""
    database, now, tokens = open_database(database_url), datetime.now(UTC), list[str]()
    accounts, profiles, keys = list[Account](), list[Profile](), list[ApiToken]()
    for _ in range(-(-connections // EACH)):
        account, email = uuid4(), f"{uuid4().hex}@example.org"
        token, profile = credentials.make_secret("token"), uuid4()
        accounts.append(
            Account(
                id=account, email=email, email_key=email, password_hash="none", country="US",
                time_zone="UTC",
            )
        )  # fmt: skip
        profiles.append(Profile(id=profile, account_id=account, name="Me", name_key="me"))
        tokens.append(token)
        keys.append(
            ApiToken(
                account_id=account, profile_id=profile, name="bench", hint=token[:8],
                token_hash=credentials.digest(token), created_at=now, last_used_at=now,
            )
        )  # fmt: skip
    async with database.transaction() as session:
        for rows in (
            accounts,
            profiles,
            keys,
        ):  # without relationships, their order is ours to keep
            session.add_all(rows)
            await session.flush()
    await database.engine.dispose()
    return tokens


async def a_title(database_url: str) -> int:
    """The key of the best known title, for everybody to follow."""
    database = open_database(database_url)
    statement = select(col(Title.id)).order_by(col(Title.popularity).desc()).limit(1)
    async with database.read() as connection:
        key = (await connection.execute(statement)).scalar_one()
    await database.engine.dispose()
    assert key is not None
    return key
