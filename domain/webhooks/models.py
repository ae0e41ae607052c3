# SQLModel types __tablename__ as a method:
# pyright: reportAssignmentType=false
"""Tables of what was sent to us, and of what it says of titles that we don't have."""

from datetime import datetime
from typing import Any

from sqlalchemy import (
    Boolean,
    Column,
    Index,
    LargeBinary,
    SmallInteger,
    Text,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field, SQLModel

from domain.titles.models import big_key, moment


class Delivery(SQLModel, table=True):
    """A webhook that was signed and whole, as it came: stored first, answered, and applied.

    duplicates: how often the same id came again; problem: why it could not be applied yet.
    """

    __tablename__ = "webhook_deliveries"
    __table_args__ = (
        Index("webhook_deliveries_waiting", "id", postgresql_where=text("applied_at IS NULL")),
        Index("webhook_deliveries_age", "received_at"),
    )

    id: int | None = Field(default=None, sa_column=big_key())
    webhook_id: str = Field(sa_column=Column(Text, unique=True, nullable=False))
    body: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    received_at: datetime = Field(sa_column=moment())
    applied_at: datetime | None = Field(default=None, sa_column=moment(nullable=True))
    attempts: int = Field(
        default=0, sa_column=Column(SmallInteger, nullable=False, server_default="0")
    )
    duplicates: int = Field(default=0, sa_column_kwargs={"server_default": "0"})
    problem: str | None = None


class ParkedObservation(SQLModel, table=True):
    """What was said of a title that we don't know yet; it is heard when the title comes.

    observation: what was said, in our own words (see sightings).
    """

    __tablename__ = "parked_observations"
    __table_args__ = (
        Index("parked_observations_justwatch", "justwatch_id"),
        Index("parked_observations_imdb", "imdb_id"),
        Index("parked_observations_tmdb", "kind", "tmdb_id"),
        Index("parked_observations_same", "digest", unique=True),
    )

    id: int | None = Field(default=None, sa_column=big_key())
    digest: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    kind: str | None = Field(default=None, max_length=6)
    justwatch_id: str | None = None
    imdb_id: str | None = None
    tmdb_id: int | None = None
    source: str
    signed: bool = Field(
        default=False, sa_column=Column(Boolean, nullable=False, server_default="false")
    )
    observation: dict[str, Any] = Field(sa_column=Column(JSONB, nullable=False))
    parked_at: datetime = Field(sa_column=moment())
