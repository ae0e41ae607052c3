# SQLModel types __tablename__ as a method:
# pyright: reportAssignmentType=false
"""Tables of bingeing: plans that somebody follows."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    Column,
    Index,
    SmallInteger,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY
from sqlmodel import Field, SQLModel

from domain.accounts.models import profile_key
from domain.titles.models import moment, title_key


class BingePlan(SQLModel, table=True):
    """A binge that a profile follows: what they wished for; `binge_slots` has what came of it.

    until, start_on: its last and its first day. minutes: for each weekday, Monday first; none for
    what the wish needs; minutes_by_weekday: what was planned with. seasons: none for all.
    skip_credits_min, skip_recap_min: what is skipped of each episode; none for what the profile
    says. planned_on: the viewer's day it was planned for; stale_at: since when something may have
    changed that it doesn't know of. The others are the schedule's, see values.Schedule.
    """

    __tablename__ = "binge_plans"
    __table_args__ = (
        Index("binge_plans_title", "title_id"),
        Index("binge_plans_stale", "stale_at", postgresql_where=text("stale_at IS NOT NULL")),
    )

    profile_id: UUID = Field(sa_column=profile_key(primary=True))
    title_id: int | None = Field(default=None, sa_column=title_key(primary=True))
    until: date | None = None
    minutes: list[int] | None = Field(default=None, sa_column=Column(ARRAY(SmallInteger)))
    skip_filler: bool = True
    specials: bool = False
    start_on: date | None = None
    seasons: list[int] | None = Field(default=None, sa_column=Column(ARRAY(SmallInteger)))
    skip_credits_min: int | None = Field(default=None, sa_type=SmallInteger)
    skip_recap_min: int | None = Field(default=None, sa_type=SmallInteger)
    created_at: datetime = Field(sa_column=moment())
    planned_at: datetime = Field(sa_column=moment())
    planned_on: date
    stale_at: datetime | None = Field(default=None, sa_column=moment(nullable=True))
    fits: bool
    finishes_on: date | None = None
    latest_start: date | None = None
    episodes: int = Field(default=0, sa_column_kwargs={"server_default": "0"})
    filler: int = Field(default=0, sa_column_kwargs={"server_default": "0"})
    planned: int = Field(default=0, sa_column_kwargs={"server_default": "0"})
    planned_min: int = Field(default=0, sa_column_kwargs={"server_default": "0"})
    minutes_by_weekday: list[int] = Field(
        default_factory=list,
        sa_column=Column(ARRAY(SmallInteger), nullable=False, server_default="{}"),
    )
    sentence: str = Field(default="", sa_column_kwargs={"server_default": ""})


class BingeSlot(SQLModel, table=True):
    """One sitting of a plan that is followed, and gone with it. minutes: what it takes.

    seasons, numbers: its episodes in their order; episode_ids: the same, null for one that nobody
    has listed. What was watched of today's sitting stays in it.
    """

    __tablename__ = "binge_slots"

    profile_id: UUID = Field(sa_column=profile_key(primary=True))
    title_id: int | None = Field(default=None, sa_column=title_key(primary=True))
    day: date = Field(primary_key=True)
    minutes: int = Field(sa_type=SmallInteger)
    episode_ids: list[int | None] = Field(sa_column=Column(ARRAY(BigInteger), nullable=False))
    seasons: list[int] = Field(
        default_factory=list,
        sa_column=Column(ARRAY(SmallInteger), nullable=False, server_default="{}"),
    )
    numbers: list[int] = Field(
        default_factory=list,
        sa_column=Column(ARRAY(SmallInteger), nullable=False, server_default="{}"),
    )
