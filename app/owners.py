"""Whose history a command is about, found by what was said, or because there is only one."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import text

from domain.accounts import rules
from domain.accounts.demo import DEMOS
from domain.accounts.viewer import Viewer
from domain.db import Record
from domain.errors import InvalidInput, NotFound
from domain.services import Services

# Whoever may run commands here holds the whole database: they count as signed in.
_NO_SESSION = UUID(int=0)
_PROFILES = text("""
    SELECT a.id AS account_id, a.email, a.email_key, a.country, a.time_zone,
           p.id AS profile_id, p.name, p.maturity_ceiling
    FROM accounts a JOIN profiles p ON p.account_id = a.id
    WHERE (CAST(:email AS text) IS NULL AND a.email_key <> ALL (CAST(:demos AS text[])))
       OR a.email_key = :email
    ORDER BY a.created_at, a.email_key, p.created_at, p.name_key LIMIT 500
""")


async def find_viewer(services: Services, email: str | None, profile: str | None) -> Viewer:
    """The profile of that name, or the account's first; the account may be left out where there
    is one besides those of the demo.

    Raises NotFound, and InvalidInput where there is nobody or are several to choose from.
    """
    asked = {
        "email": None if email is None else rules.email_key(email),
        "demos": [each.email for each in DEMOS],
    }
    async with services.database.read() as connection:
        rows = (await connection.execute(_PROFILES, asked)).all()
    _check_account(rows, email)
    chosen = _of_name(rows, profile)
    return Viewer(
        via="session",
        country=chosen.country,
        time_zone=chosen.time_zone,
        account_id=chosen.account_id,
        profile_id=chosen.profile_id,
        session_id=_NO_SESSION,
        email=chosen.email,
        ceiling=chosen.maturity_ceiling,
    )


def _check_account(rows: Sequence[Record], email: str | None) -> None:
    if not rows and email is not None:
        raise NotFound(f"No account has the e-mail {email[:100]!r}.", field="account")
    if not rows:
        raise InvalidInput(
            "There is no account yet but those of the demo. Sign up first, or name one of them, as"
            f" in --account {DEMOS[1].email}.",
            field="account",
        )
    emails = list(dict.fromkeys(row.email for row in rows))
    if len(emails) > 1:
        raise InvalidInput(
            f"There are several accounts. Say whose history it is, as in --account {emails[0]}.",
            field="account",
        )


def _of_name(rows: Sequence[Record], profile: str | None) -> Record:
    if profile is None:
        return rows[0]
    for row in rows:
        if row.name.casefold() == profile.strip().casefold():
            return row
    names = ", ".join(row.name for row in rows)
    raise NotFound(
        f"{rows[0].email} has no profile {profile[:60]!r}, but {names}.", field="profile"
    )
