# SQLModel types __tablename__ as a method:
# pyright: reportAssignmentType=false
"""Tables of history: what a profile has watched and how they liked it."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, Column, ForeignKey, Index, SmallInteger
from sqlmodel import Field, SQLModel

from domain.accounts.models import profile_key
from domain.titles.models import big_key, moment, title_key


class Watch(SQLModel, table=True):
    """A title, or one episode of it, watched at some time. source: who told us."""

    __tablename__ = "watches"
    __table_args__ = (
        Index("watches_profile", "profile_id", "title_id"),
        Index("watches_when", "profile_id", "watched_at"),
        Index("watches_once", "profile_id", "title_id", "episode_id", "watched_at", unique=True,
              postgresql_nulls_not_distinct=True),
    )  # fmt: skip

    id: int | None = Field(default=None, sa_column=big_key())
    profile_id: UUID = Field(sa_column=profile_key())
    title_id: int | None = Field(default=None, sa_column=title_key())
    episode_id: int | None = Field(
        default=None,
        sa_column=Column(BigInteger, ForeignKey("episodes.id", ondelete="CASCADE")),
    )
    watched_at: datetime = Field(sa_column=moment())
    source: str


class Rating(SQLModel, table=True):
    """How a profile liked a title, from 1 to 10."""

    __tablename__ = "ratings"

    profile_id: UUID = Field(sa_column=profile_key(primary=True))
    title_id: int | None = Field(default=None, sa_column=title_key(primary=True))
    score: int = Field(sa_type=SmallInteger)
    rated_at: datetime = Field(sa_column=moment())
