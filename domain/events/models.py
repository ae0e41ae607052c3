# SQLModel types __tablename__ as a method:
# pyright: reportAssignmentType=false
"""The table of events: whatever must be told is a row here before it is a message."""

from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy import BigInteger, Column, Float, Index, Numeric, SmallInteger, text
from sqlmodel import Field, SQLModel

from domain.accounts.models import profile_key
from domain.titles.models import big_key, moment


class EventRow(SQLModel, table=True):
    """An event, see values.Event. position is null until the relay has given it its place.

    A key alone would not do: two transactions can commit in the other order than their keys, and
    whoever remembers the last key they read then misses one (docs/decisions/0006).
    """

    __tablename__ = "events"
    __table_args__ = (
        Index("events_position", "position", unique=True),
        Index("events_waiting", "id", postgresql_where=text("position IS NULL")),
        Index("events_title", "title_id", "position"),
        Index("events_profile", "profile_id", postgresql_where=text("profile_id IS NOT NULL")),
    )

    id: int | None = Field(default=None, sa_column=big_key())
    position: int | None = Field(default=None, sa_type=BigInteger)
    mark: int | None = Field(
        default=None,
        sa_column=Column(
            BigInteger, nullable=False, server_default=text("floor(random() * 4294967296)::bigint")
        ),
    )
    topic: str
    kind: str
    at: datetime = Field(sa_column=moment())
    profile_id: UUID | None = Field(default=None, sa_column=profile_key(nullable=True))
    title_id: int | None = Field(default=None, sa_type=BigInteger)
    offer_id: int | None = Field(default=None, sa_type=BigInteger)
    platform_id: int | None = Field(default=None, sa_type=SmallInteger)
    country: str | None = Field(default=None, max_length=2)
    season_number: int | None = Field(default=None, sa_type=SmallInteger)
    monetization: str | None = None
    quality: str | None = None
    previous_quality: str | None = None
    expires_on: date | None = None
    previous_expires_on: date | None = None
    price: Decimal | None = Field(default=None, sa_type=Numeric(8, 2))
    previous_price: Decimal | None = Field(default=None, sa_type=Numeric(8, 2))
    currency: str | None = Field(default=None, max_length=3)
    days_left: int | None = Field(default=None, sa_type=SmallInteger)
    source: str | None = None
    confidence: float | None = Field(default=None, sa_type=Float)
    run_id: int | None = Field(default=None, sa_type=BigInteger)


class LastPosition(SQLModel, table=True):
    """One row: the last place that was given out. It outlives its event.

    An event goes with its profile, or when it is old; the largest position left would then be given
    out a second time, and whoever had passed it would never hear of the second event.
    """

    __tablename__ = "events_last"

    only: bool = Field(default=True, primary_key=True)
    position: int = Field(default=0, sa_type=BigInteger)
    mark: int = Field(default=0, sa_type=BigInteger)
