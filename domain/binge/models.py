# SQLModel types __tablename__ as a method:
# pyright: reportAssignmentType=false
"""Tables of bingeing: plans that somebody follows, and who says which episodes are filler."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    Column,
    Float,
    ForeignKey,
    Index,
    SmallInteger,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY
from sqlmodel import Field, SQLModel

from domain.accounts.models import profile_key
from domain.titles.models import moment, title_key


def episode_key() -> "Column[int]":
    """A column that refers to an episode, and is part of the key."""
    return Column(BigInteger, ForeignKey("episodes.id", ondelete="CASCADE"), primary_key=True)


class FillerClaim(SQLModel, table=True):
    """What a source says of an episode. verdict: 'canon' | 'mixed' | 'filler'.

    source: 'demo', 'mal', 'file:<name>', 'trakt:<user>/<list>' or 'votes' (those of everybody here,
    counted). confidence: how sure that is, 0 to 1. What is believed of all claims together stands
    in the episode itself.
    """

    __tablename__ = "filler_claims"
    __table_args__ = (Index("filler_claims_source", "source"),)

    episode_id: int | None = Field(default=None, sa_column=episode_key())
    source: str = Field(primary_key=True)
    verdict: str
    confidence: float = Field(sa_type=Float)
    heard_at: datetime = Field(sa_column=moment())


class FillerVote(SQLModel, table=True):
    """What a profile says of an episode: its own word counts for itself above all others."""

    __tablename__ = "filler_votes"
    __table_args__ = (Index("filler_votes_episode", "episode_id"),)

    profile_id: UUID = Field(sa_column=profile_key(primary=True))
    episode_id: int | None = Field(default=None, sa_column=episode_key())
    verdict: str
    voted_at: datetime = Field(sa_column=moment())


class BingePlan(SQLModel, table=True):
    """A binge that a profile follows: what they wished for; `binge_slots` has what came of it.

    minutes: for each weekday, Monday first; none for what the wish needs. skip_credits_min,
    skip_recap_min: what is skipped of each episode. planned_on: the viewer's day it was planned
    for; stale_at: since when something has changed that it doesn't know of; fits, finishes_on,
    latest_start, problem: what the plan comes to.
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
    created_at: datetime = Field(sa_column=moment())
    planned_at: datetime = Field(sa_column=moment())
    planned_on: date
    stale_at: datetime | None = Field(default=None, sa_column=moment(nullable=True))
    fits: bool
    finishes_on: date | None = None
    latest_start: date | None = None


class BingeSlot(SQLModel, table=True):
    """One sitting of a plan that is followed, and gone with it. minutes: what it takes."""

    __tablename__ = "binge_slots"

    profile_id: UUID = Field(sa_column=profile_key(primary=True))
    title_id: int | None = Field(default=None, sa_column=title_key(primary=True))
    day: date = Field(primary_key=True)
    minutes: int = Field(sa_type=SmallInteger)
    episode_ids: list[int] = Field(sa_column=Column(ARRAY(BigInteger), nullable=False))
