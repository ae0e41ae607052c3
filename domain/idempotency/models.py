# SQLModel types __tablename__ as a method:
# pyright: reportAssignmentType=false
"""The table of answers that were given, for whoever has to ask again."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Column, Index, LargeBinary
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field, SQLModel

from domain.accounts.models import profile_key
from domain.titles.models import moment


class GivenAnswer(SQLModel, table=True):
    """What a profile was answered under a key that its client chose.

    request_hash: of what was asked, so that a key used for something else is noticed.
    """

    __tablename__ = "given_answers"
    __table_args__ = (Index("given_answers_age", "given_at"),)

    profile_id: UUID = Field(sa_column=profile_key(primary=True))
    key: str = Field(primary_key=True, max_length=256)
    request_hash: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    answer: dict[str, Any] = Field(sa_column=Column(JSONB, nullable=False))
    given_at: datetime = Field(sa_column=moment())
