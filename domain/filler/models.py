# SQLModel types __tablename__ as a method:
# pyright: reportAssignmentType=false
"""Tables of who says which episodes are filler."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, Column, Float, ForeignKey, Index
from sqlmodel import Field, SQLModel

from domain.accounts.models import profile_key
from domain.titles.models import moment


def episode_key() -> "Column[int]":
    """A column that refers to an episode, and is part of the key."""
    return Column(BigInteger, ForeignKey("episodes.id", ondelete="CASCADE"), primary_key=True)


class FillerClaim(SQLModel, table=True):
    """What a source says of an episode. verdict: 'canon' | 'mixed' | 'filler'.

    source: 'demo', 'mal', 'file:<name>', 'trakt:<user>/<list>' or 'votes' (those of everybody here,
    counted). confidence: how sure that is, 0 to 1; url: where it can be read. What is believed of
    all claims together stands in the episode itself.
    """

    __tablename__ = "filler_claims"
    __table_args__ = (Index("filler_claims_source", "source"),)

    episode_id: int | None = Field(default=None, sa_column=episode_key())
    source: str = Field(primary_key=True)
    verdict: str
    confidence: float = Field(sa_type=Float)
    url: str | None = None
    heard_at: datetime = Field(sa_column=moment())


class FillerVote(SQLModel, table=True):
    """What a profile says of an episode: its own word counts for itself above all others."""

    __tablename__ = "filler_votes"
    __table_args__ = (Index("filler_votes_episode", "episode_id"),)

    profile_id: UUID = Field(sa_column=profile_key(primary=True))
    episode_id: int | None = Field(default=None, sa_column=episode_key())
    verdict: str
    voted_at: datetime = Field(sa_column=moment())
