# SQLModel types __tablename__ as a method:
# pyright: reportAssignmentType=false
"""Tables of watchlists: what a profile wants to watch."""

from datetime import datetime
from uuid import UUID

from sqlmodel import Field, SQLModel

from domain.accounts.models import profile_key
from domain.platforms.models import platform_key
from domain.titles.models import moment, title_key


class WatchlistItem(SQLModel, table=True):
    """A wish. Adding a title twice is the same wish, so the pair is the key."""

    __tablename__ = "watchlist_items"

    profile_id: UUID = Field(sa_column=profile_key(primary=True))
    title_id: int | None = Field(default=None, sa_column=title_key(primary=True))
    added_at: datetime = Field(sa_column=moment())
    platform_id: int | None = Field(default=None, sa_column=platform_key(nullable=True))
    note: str | None = None
    watched_at: datetime | None = Field(default=None, sa_column=moment(nullable=True))
