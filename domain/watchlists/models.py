# SQLModel types __tablename__ as a method:
# pyright: reportAssignmentType=false
"""Tables of watchlists: what a profile wants to watch."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Index
from sqlmodel import Field, SQLModel

from domain.accounts.models import profile_key
from domain.platforms.models import platform_key
from domain.titles.models import moment, title_key


class WatchlistItem(SQLModel, table=True):
    """A wish. Adding a title twice is the same wish, so the pair is the key.

    platform_id: where they would rather watch it.
    """

    __tablename__ = "watchlist_items"
    __table_args__ = (Index("watchlist_items_title", "title_id"),)

    profile_id: UUID = Field(sa_column=profile_key(primary=True))
    title_id: int | None = Field(default=None, sa_column=title_key(primary=True))
    added_at: datetime = Field(sa_column=moment())
    platform_id: int | None = Field(default=None, sa_column=platform_key(nullable=True))
    note: str | None = None
    watched_at: datetime | None = Field(default=None, sa_column=moment(nullable=True))


class RemovedItem(SQLModel, table=True):
    """A wish that was taken off the list, kept for a while so that it can be put back as it was."""

    __tablename__ = "removed_watchlist_items"
    __table_args__ = (Index("removed_watchlist_items_age", "removed_at"),)

    profile_id: UUID = Field(sa_column=profile_key(primary=True))
    title_id: int | None = Field(default=None, sa_column=title_key(primary=True))
    added_at: datetime = Field(sa_column=moment())
    platform_id: int | None = Field(default=None, sa_column=platform_key(nullable=True))
    note: str | None = None
    watched_at: datetime | None = Field(default=None, sa_column=moment(nullable=True))
    removed_at: datetime = Field(sa_column=moment())
