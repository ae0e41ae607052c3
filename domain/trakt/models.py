# SQLModel types __tablename__ as a method:
# pyright: reportAssignmentType=false
"""Tables of Trakt: who has connected an account of theirs, and who is about to."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, Column, ForeignKey, Integer, Text, Uuid
from sqlmodel import Field, SQLModel

from domain.accounts.models import profile_key
from domain.titles.models import moment


class TraktSignIn(SQLModel, table=True):
    """A sign-in that waits for its code to be typed in at Trakt. polled_at: when we asked last."""

    __tablename__ = "trakt_sign_ins"

    profile_id: UUID = Field(sa_column=profile_key(primary=True))
    device_code: str
    user_code: str
    verification_url: str
    interval_s: int
    expires_at: datetime = Field(sa_column=moment())
    polled_at: datetime | None = Field(default=None, sa_column=moment(nullable=True))


class TraktLink(SQLModel, table=True):
    """A connected account. read_at: when it was last read whole; problem: why it can't be used any
    more, until it is connected again.
    """

    __tablename__ = "trakt_links"

    profile_id: UUID = Field(sa_column=profile_key(primary=True))
    username: str | None = None
    access_token: str
    refresh_token: str
    issued_at: datetime = Field(sa_column=moment())
    expires_at: datetime = Field(sa_column=moment())
    linked_at: datetime = Field(sa_column=moment())
    read_at: datetime | None = Field(default=None, sa_column=moment(nullable=True))
    problem: str | None = None


class TraktReading(SQLModel, table=True):
    """Reading an account once, because somebody asked. job_id: who does it; batch_id: what came of
    it, on the import desk; problem: why nothing did.
    """

    __tablename__ = "trakt_readings"

    profile_id: UUID = Field(sa_column=profile_key(primary=True))
    job_id: int = Field(sa_column=Column(BigInteger, nullable=False))
    asked_at: datetime = Field(sa_column=moment())
    finished_at: datetime | None = Field(default=None, sa_column=moment(nullable=True))
    batch_id: UUID | None = Field(
        default=None,
        sa_column=Column(Uuid, ForeignKey("import_batches.id", ondelete="CASCADE"), nullable=True),
    )
    problem: str | None = None


class TraktPage(SQLModel, table=True):
    """A page that was read; kept until all are. part: 'watch' | 'rating' | 'wish'; of: how many
    pages that part has; body: its items as JSON, where a column of JSON would refuse some texts.
    """

    __tablename__ = "trakt_pages"

    profile_id: UUID = Field(
        sa_column=Column(
            Uuid, ForeignKey("trakt_readings.profile_id", ondelete="CASCADE"), primary_key=True
        )
    )
    part: str = Field(primary_key=True)
    page: int = Field(sa_column=Column(Integer, primary_key=True, autoincrement=False))
    of: int
    items: int
    body: str = Field(sa_column=Column(Text, nullable=False))
