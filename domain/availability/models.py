# SQLModel types __tablename__ as a method:
# pyright: reportAssignmentType=false
"""Tables of what is claimed about offers and by whom, and of what was told about them."""

from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import (
    BigInteger,
    Column,
    ForeignKey,
    Index,
    Numeric,
    SmallInteger,
    text,
)
from sqlmodel import Field, SQLModel

from domain.titles.models import moment


def _offer_key():
    return Column(BigInteger, ForeignKey("offers.id", ondelete="CASCADE"), primary_key=True)


class OfferClaim(SQLModel, table=True):
    """The last thing a source said of an offer, whether or not it is what we believe.

    observed_at: when it saw that it is there or not; dated_at: when it last spoke of days, None
    where it never did; one that did and gave no expires_on said that no end is known. priced_at:
    the same for the price. signed: it came with a signature.
    """

    __tablename__ = "offer_claims"
    __table_args__ = (
        Index("offer_claims_days", "expires_on",
              postgresql_where=text("expires_on IS NOT NULL AND there")),
    )  # fmt: skip

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
