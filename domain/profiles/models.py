# SQLModel types __tablename__ as a method:
# pyright: reportAssignmentType=false
"""Tables of profiles: the people of a household and what they like to be shown."""

from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import Column, Index, SmallInteger, Text, Uuid
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlmodel import Field, SQLModel

from domain.accounts.models import account_key, profile_key
from domain.platforms.models import platform_key
from domain.titles.models import moment


class Profile(SQLModel, table=True):
    """One viewer. maturity_ceiling: the least age of the most mature title they are shown.

    pin_hash guards the way in; notifications: channel -> settings; skip_credits_min,
    skip_recap_min: minutes of each episode that they skip when they watch several.
    """

    __tablename__ = "profiles"
    __table_args__ = (Index("profiles_name", "account_id", "name_key", unique=True),)

    id: UUID = Field(default_factory=uuid4, sa_column=Column(Uuid, primary_key=True))
    account_id: UUID = Field(sa_column=account_key())
    name: str
    name_key: str
    maturity_ceiling: int = Field(
        default=18, sa_column=Column(SmallInteger, nullable=False, server_default="18")
    )
    pin_hash: str | None = None
    mood_preferences: list[str] = Field(
        default_factory=list,
        sa_column=Column(ARRAY(Text), nullable=False, server_default="{}"),
    )
    avoided_genres: list[str] = Field(
        default_factory=list,
        sa_column=Column(ARRAY(Text), nullable=False, server_default="{}"),
    )
    notifications: dict[str, Any] = Field(
        default_factory=dict, sa_column=Column(JSONB, nullable=False, server_default="{}")
    )
    skip_credits_min: int = Field(
        default=0, sa_column=Column(SmallInteger, nullable=False, server_default="0")
    )
    skip_recap_min: int = Field(
        default=0, sa_column=Column(SmallInteger, nullable=False, server_default="0")
    )
    created_at: datetime | None = Field(default=None, sa_column=moment(now=True))


class ProfilePlatform(SQLModel, table=True):
    """A platform that a profile may watch on, since the household pays for it or it is free."""

    __tablename__ = "profile_platforms"

    profile_id: UUID = Field(sa_column=profile_key(primary=True))
    platform_id: int | None = Field(default=None, sa_column=platform_key(primary=True))
