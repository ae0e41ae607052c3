"""API tokens made from the command line."""

from datetime import UTC, datetime
from uuid import UUID

from sqlmodel import col, select

from domain.accounts import rules, tokens
from domain.accounts.models import Account
from domain.accounts.viewer import Viewer
from domain.errors import NotFound
from domain.profiles.models import Profile
from domain.services import Services

_NO_SESSION = UUID(int=0)


async def create_token(services: Services, email: str, name: str) -> tuple[str, str]:
    """A token for an account's first profile, and that profile's name; raises NotFound."""
    key = rules.email_key(email)
    async with services.database.transaction() as session:
        found = await session.exec(
            select(Account, Profile)
            .where(col(Profile.account_id) == Account.id, col(Account.email_key) == key)
            .order_by(col(Profile.created_at), col(Profile.name_key))
        )
        first = found.first()
        if first is None:
            raise NotFound(f"No account has the e-mail {key!r}.", field="email")
        account, profile = first
        # Whoever may run commands here holds the whole database: they count as signed in.
        viewer = Viewer(
            via="session",
            country=account.country,
            time_zone=account.time_zone,
            account_id=account.id,
            profile_id=profile.id,
            session_id=_NO_SESSION,
        )
        created = await tokens.create(session, viewer, name, datetime.now(UTC))
    return created.token, profile.name
