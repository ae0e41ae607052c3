"""What only whoever runs the instance may do to an account, from the command line."""

from typing import Literal

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from domain.accounts import rules
from domain.accounts.models import Account
from domain.errors import NotFound

Role = Literal["member", "admin"]
Plan = Literal["free", "pro"]


async def grant(session: AsyncSession, email: str, role: Role) -> Account:
    """Give an account a role; it holds within five seconds. Raises NotFound."""
    account = await _account(session, email)
    account.role = role
    return account


async def set_plan(session: AsyncSession, email: str, plan: Plan) -> Account:
    """Put an account on a plan; it holds within five seconds. Raises NotFound."""
    account = await _account(session, email)
    account.plan = plan
    return account


async def _account(session: AsyncSession, email: str) -> Account:
    statement = (
        select(Account)
        .where(col(Account.email_key) == rules.email_key(email))
        .with_for_update(key_share=True)
    )
    account = (await session.exec(statement)).one_or_none()
    if account is None:
        raise NotFound(f"No account has the e-mail {rules.email_key(email)!r}.", field="email")
    return account
