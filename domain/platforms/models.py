# SQLModel types __tablename__ as a method:
# pyright: reportAssignmentType=false
"""Tables of platforms and offers: where a title is, for how long, and what was believed when."""

from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ForeignKey,
    Identity,
    Index,
    Numeric,
    SmallInteger,
    text,
)
from sqlmodel import Field, SQLModel

from domain.titles.models import big_key, moment, title_key


def platform_key(*, primary: bool = False, nullable: bool = False):
    """A reference to a platform."""
    return Column(SmallInteger, ForeignKey("platforms.id"), primary_key=primary, nullable=nullable)


class Platform(SQLModel, table=True):
    """A streaming service. package_id is JustWatch's, which is also TMDB's provider id."""

    __tablename__ = "platforms"

    id: int | None = Field(
        default=None, sa_column=Column(SmallInteger, Identity(), primary_key=True)
    )
    slug: str = Field(unique=True)
    name: str
    package_id: int | None = Field(default=None, unique=True)
    home_url: str | None = None


class Plan(SQLModel, table=True):
    """What a platform costs a month in a country; 0 is a service that costs nothing."""

    __tablename__ = "platform_plans"

    platform_id: int | None = Field(default=None, sa_column=platform_key(primary=True))
    country: str = Field(primary_key=True, max_length=2)
    name: str = Field(primary_key=True)
    monthly_price: Decimal = Field(sa_type=Numeric(8, 2))
    currency: str = Field(max_length=3)
    with_ads: bool = Field(
        default=False, sa_column=Column(Boolean, nullable=False, server_default="false")
    )


class Offer(SQLModel, table=True):
    """What is believed now of one way to see a title.

    Its identity is title (or season) x platform x country x monetization x quality; no sender's
    id is part of it. monetization: 'subscription' | 'free' | 'ads' | 'rent' | 'buy' | 'cinema';
    quality: 'sd' | 'hd' | '4k' | 'unknown'; expires_on: the last day it can be watched, None where
    nobody said; confidence: 0 to 1; gone_at: when it was found to have left.
    """

    __tablename__ = "offers"
    __table_args__ = (
        Index("offers_identity", "title_id", "season_number", "platform_id", "country",
              "monetization", "quality", unique=True, postgresql_nulls_not_distinct=True),
        Index("offers_here", "platform_id", "country", "title_id",
              postgresql_include=["expires_on", "available_from", "season_number", "monetization"],
              postgresql_where=text("gone_at IS NULL")),
        Index("offers_leaving", "expires_on",
              postgresql_where=text("gone_at IS NULL AND expires_on IS NOT NULL")),
        Index("offers_gone", "gone_at", postgresql_where=text("gone_at IS NOT NULL")),
    )  # fmt: skip

    id: int | None = Field(default=None, sa_column=big_key())
    title_id: int | None = Field(default=None, sa_column=title_key())
    season_number: int | None = Field(default=None, sa_type=SmallInteger)
    platform_id: int | None = Field(default=None, sa_column=platform_key())
    country: str = Field(max_length=2)
    monetization: str
    quality: str = "unknown"
    price: Decimal | None = Field(default=None, sa_type=Numeric(8, 2))
    currency: str | None = Field(default=None, max_length=3)
    url: str | None = None
    available_from: date | None = None
    expires_on: date | None = None
    source: str
    confidence: float
    first_seen_at: datetime = Field(sa_column=moment())
    last_seen_at: datetime = Field(sa_column=moment())
    gone_at: datetime | None = Field(default=None, sa_column=moment(nullable=True))


class OfferBelief(SQLModel, table=True):
    """What was believed of an offer (valid time) and from when to when (observed time).

    A belief is never changed, only closed: two rows in a row with different expires_on tell that
    "it was leaving, it stayed". there: False says that it was believed to be gone.
    """

    __tablename__ = "offer_beliefs"
    __table_args__ = (
        Index("offer_beliefs_open", "offer_id", unique=True,
              postgresql_where=text("believed_to IS NULL")),
        Index("offer_beliefs_offer", "offer_id", "believed_from"),
    )  # fmt: skip

    id: int | None = Field(default=None, sa_column=big_key())
    offer_id: int = Field(
        sa_column=Column(BigInteger, ForeignKey("offers.id", ondelete="CASCADE"), nullable=False)
    )
    there: bool = True
    available_from: date | None = None
    expires_on: date | None = None
    price: Decimal | None = Field(default=None, sa_type=Numeric(8, 2))
    currency: str | None = Field(default=None, max_length=3)
    source: str
    confidence: float
    believed_from: datetime = Field(sa_column=moment())
    believed_to: datetime | None = Field(default=None, sa_column=moment(nullable=True))


class AvailabilityPosition(SQLModel, table=True):
    """One row that counts the transactions which changed what is where: a cache's validity."""

    __tablename__ = "availability_position"

    only: bool = Field(default=True, primary_key=True)
    position: int = Field(default=0, sa_type=BigInteger)
