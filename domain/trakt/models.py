# SQLModel types __tablename__ as a method:
# pyright: reportAssignmentType=false
"""Tables of Trakt: who has connected an account of theirs, and who is about to."""

from datetime import datetime
from uuid import UUID

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
    """A connected account. problem: why it can't be used any more, until it is connected again."""

    __tablename__ = "trakt_links"

    profile_id: UUID = Field(sa_column=profile_key(primary=True))
    username: str | None = None
    access_token: str
    refresh_token: str
    expires_at: datetime = Field(sa_column=moment())
    linked_at: datetime = Field(sa_column=moment())
    read_at: datetime | None = Field(default=None, sa_column=moment(nullable=True))
    problem: str | None = None
