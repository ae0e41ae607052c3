"""Accounts in Postgres: found by e-mail, locked for a change."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from domain.accounts.models import Account
from domain.errors import NotSignedIn
from domain.profiles.models import Profile


@dataclass(frozen=True, slots=True)
class Login:
    """What signing in needs of an account."""

    account_id: UUID
    password_hash: str


async def login_by_email(connection: AsyncConnection, email_key: str) -> Login | None:
    """The account with an e-mail."""
    statement = select(col(Account.id), col(Account.password_hash))
    row = (await connection.execute(statement.where(Account.email_key == email_key))).first()
    return Login(row.id, row.password_hash) if row else None


async def password_hash(connection: AsyncConnection, account_id: UUID) -> str | None:
    """An account's password hash; None where the account has gone."""
    statement = select(col(Account.password_hash)).where(Account.id == account_id)
    return (await connection.execute(statement)).scalar_one_or_none()


async def lock(session: AsyncSession, account_id: UUID) -> Account:
    """The account, kept from others' changes until the commit; raises NotSignedIn when it is gone.

    Whatever changes a household takes this lock first. That makes "the last profile" and "at most
    twenty" hold for two changes at the same time, and no two of them can wait for each other.
    """
    account = (
        await session.exec(
            select(Account)
            .where(Account.id == account_id)
            # Rows that refer to the account (ratings, watches) may be added all the same.
            .with_for_update(key_share=True)
            .execution_options(populate_existing=True)
        )
    ).one_or_none()
    if account is None:
        raise NotSignedIn
    return account


async def profile_at_the_door(session: AsyncSession, account_id: UUID) -> UUID:
    """The profile a new session starts with: the first without a PIN, best without a ceiling.

    Where all have a PIN it is the first without a ceiling, since the password says more than a PIN.
    """
    statement = (
        select(Profile.id)
        .where(Profile.account_id == account_id)
        .order_by(
            col(Profile.pin_hash).is_not(None),
            col(Profile.maturity_ceiling).desc(),
            col(Profile.created_at),
            col(Profile.name_key),
        )
        .limit(1)
    )
    return (await session.exec(statement)).one()
