# SQLModel types __tablename__ as a method:
# pyright: reportAssignmentType=false
"""Tables of what is claimed about offers, by whom, and of what was sent to us."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ForeignKey,
    Index,
    LargeBinary,
    Numeric,
    SmallInteger,
    Text,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field, SQLModel

from domain.titles.models import big_key, moment


def _offer_key():
    return Column(BigInteger, ForeignKey("offers.id", ondelete="CASCADE"), primary_key=True)


class OfferClaim(SQLModel, table=True):
    """The last thing a source said of an offer, whether or not it is what we believe.

    observed_at: when it saw that it is there or not; dated_at: when it last spoke of days, None
    where it never did; one that did and gave no expires_on said that no end is known. priced_at:
    the same for the price. signed: it came with a signature.
    """

    __tablename__ = "offer_claims"

    offer_id: int | None = Field(default=None, sa_column=_offer_key())
    source: str = Field(primary_key=True)
    signed: bool
    there: bool
    confidence: float
    observed_at: datetime = Field(sa_column=moment())
    dated_at: datetime | None = Field(default=None, sa_column=moment(nullable=True))
    available_from: date | None = None
    expires_on: date | None = None
    priced_at: datetime | None = Field(default=None, sa_column=moment(nullable=True))
    price: Decimal | None = Field(default=None, sa_type=Numeric(8, 2))
    currency: str | None = Field(default=None, max_length=3)


class Countdown(SQLModel, table=True):
    """That it has been said that so many days (30, 7 or 1) are left until an offer's last day."""

    __tablename__ = "countdowns"

    offer_id: int | None = Field(default=None, sa_column=_offer_key())
    expires_on: date = Field(primary_key=True)
    days: int = Field(sa_column=Column(SmallInteger, primary_key=True, autoincrement=False))


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

    observation: what was said, in our own words (see webhook_sightings).
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
