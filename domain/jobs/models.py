# SQLModel types __tablename__ as a method:
# pyright: reportAssignmentType=false
"""The job ledger: what must be done is a row here; the queue only carries its id."""

from datetime import datetime
from typing import Any

from sqlalchemy import Column, Index, SmallInteger, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field, SQLModel

from domain.titles.models import big_key, moment


class Job(SQLModel, table=True):
    """Something that must be done once, whoever does it and however often they die at it.

    kind: which function does it; key: what it is about, unique among its kind. state: 'waiting' |
    'running' | 'done' | 'quarantined'. attempt: counts who took it up; whoever writes for it says
    which attempt they are, and an earlier one's writes are refused. lease_until: when the attempt
    counts as dead unless it renews; deaths: attempts that ended so, without a word; failures:
    attempts in a row that ended with a problem.
    """

    __tablename__ = "jobs"
    __table_args__ = (
        Index("jobs_key", "kind", "key", unique=True),
        Index("jobs_due", "due_at", postgresql_where=text("state = 'waiting'")),
        Index("jobs_leases", "lease_until", postgresql_where=text("state = 'running'")),
        Index("jobs_ended", "finished_at", postgresql_where=text("finished_at IS NOT NULL")),
    )

    id: int | None = Field(default=None, sa_column=big_key())
    kind: str
    key: str
    arguments: dict[str, Any] = Field(
        sa_column=Column(JSONB, nullable=False, server_default="{}"), default_factory=dict
    )
    state: str = Field(default="waiting", sa_column_kwargs={"server_default": "waiting"})
    due_at: datetime = Field(sa_column=moment())
    attempt: int = Field(default=0, sa_column_kwargs={"server_default": "0"})
    deaths: int = Field(
        default=0, sa_column=Column(SmallInteger, nullable=False, server_default="0")
    )
    failures: int = Field(
        default=0, sa_column=Column(SmallInteger, nullable=False, server_default="0")
    )
    lease_until: datetime | None = Field(default=None, sa_column=moment(nullable=True))
    result: dict[str, Any] | None = Field(default=None, sa_column=Column(JSONB))
    problem: str | None = None
    created_at: datetime = Field(sa_column=moment())
    started_at: datetime | None = Field(default=None, sa_column=moment(nullable=True))
    finished_at: datetime | None = Field(default=None, sa_column=moment(nullable=True))
