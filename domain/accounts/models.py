# SQLModel types __tablename__ as a method:
# pyright: reportAssignmentType=false
"""Tables of accounts: who may come in, by password, by session or by token."""

from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import Column, ForeignKey, Index, LargeBinary, Uuid
from sqlmodel import Field, SQLModel

from domain.titles.models import moment


def account_key(*, primary: bool = False):
    """A reference to an account that goes when the account goes."""
    return Column(
        Uuid, ForeignKey("accounts.id", ondelete="CASCADE"), primary_key=primary, nullable=False
    )


def profile_key(*, primary: bool = False, nullable: bool = False):
    """A reference to a profile that goes when the profile goes."""
    return Column(
        Uuid,
        ForeignKey("profiles.id", ondelete="CASCADE"),
        primary_key=primary,
        nullable=nullable,
    )


class Account(SQLModel, table=True):
    """A household. email is kept as typed but trimmed, email_key folded to find it.

    plan: 'free' | 'pro'; role: 'member' | 'admin'; country: ISO 3166-1 alpha-2;
    time_zone: an IANA name.
    """

    __tablename__ = "accounts"

    id: UUID = Field(default_factory=uuid4, sa_column=Column(Uuid, primary_key=True))
    email: str
    email_key: str = Field(unique=True)
    password_hash: str
    plan: str = Field(default="free", sa_column_kwargs={"server_default": "free"})
    role: str = Field(default="member", sa_column_kwargs={"server_default": "member"})
    country: str = Field(max_length=2)
    time_zone: str
    created_at: datetime | None = Field(default=None, sa_column=moment(now=True))


class Session(SQLModel, table=True):
    """A browser that signed in. token_hash: SHA-256 of the cookie's token, never the token."""

    __tablename__ = "sessions"
    __table_args__ = (Index("sessions_account", "account_id"),)

    id: UUID = Field(default_factory=uuid4, sa_column=Column(Uuid, primary_key=True))
    account_id: UUID = Field(sa_column=account_key())
    profile_id: UUID = Field(sa_column=profile_key())
    token_hash: bytes = Field(sa_column=Column(LargeBinary, unique=True, nullable=False))
    user_agent: str = ""
    address: str = ""
    created_at: datetime = Field(sa_column=moment())
    last_seen_at: datetime = Field(sa_column=moment())
    expires_at: datetime = Field(sa_column=moment())
    revoked_at: datetime | None = Field(default=None, sa_column=moment(nullable=True))


class ApiToken(SQLModel, table=True):
    """A program's key to one profile. hint: the token's first characters, to tell them apart."""

    __tablename__ = "api_tokens"
    __table_args__ = (Index("api_tokens_account", "account_id"),)

    id: UUID = Field(default_factory=uuid4, sa_column=Column(Uuid, primary_key=True))
    account_id: UUID = Field(sa_column=account_key())
    profile_id: UUID = Field(sa_column=profile_key())
    name: str
    hint: str
    token_hash: bytes = Field(sa_column=Column(LargeBinary, unique=True, nullable=False))
    created_at: datetime = Field(sa_column=moment())
    last_used_at: datetime | None = Field(default=None, sa_column=moment(nullable=True))
    revoked_at: datetime | None = Field(default=None, sa_column=moment(nullable=True))
