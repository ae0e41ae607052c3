# SQLModel types __tablename__ as a method:
# pyright: reportAssignmentType=false
"""Tables of the import desk: exports that somebody brought, line by line."""

from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Float,
    ForeignKey,
    Index,
    LargeBinary,
    SmallInteger,
    Text,
    Uuid,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field, SQLModel

from domain.accounts.models import profile_key
from domain.titles.models import moment


class ImportBatch(SQLModel, table=True):
    """An export on the desk. source: whose; digest: of its content, so that the same file brought
    again is the same batch. state: 'matched' | 'committed' | 'undone'; passed: how many rows said
    nothing that can be used, reasons: the first of them in words.
    """

    __tablename__ = "import_batches"
    __table_args__ = (Index("import_batches_same", "profile_id", "digest", unique=True),)

    id: UUID = Field(default_factory=uuid4, sa_column=Column(Uuid, primary_key=True))
    profile_id: UUID = Field(sa_column=profile_key())
    source: str
    file_name: str
    digest: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    state: str
    passed: int = Field(default=0, sa_column_kwargs={"server_default": "0"})
    reasons: list[str] = Field(sa_column=Column(JSONB, nullable=False, server_default="[]"))
    created_at: datetime = Field(sa_column=moment())
    committed_at: datetime | None = Field(default=None, sa_column=moment(nullable=True))
    undone_at: datetime | None = Field(default=None, sa_column=moment(nullable=True))


class ImportLine(SQLModel, table=True):
    """A line of an export and which title it speaks of.

    told: the line (values.Line) as JSON; what: 'watch' | 'rating' | 'wish'. match: 'matched' |
    'ambiguous' | 'unknown' | 'settled' (a person said which) | 'skipped' (a person said none).
    candidates: [{title_id, episode_id, confidence, why}], the best first. wrote: what committing it
    added or changed, which undoing takes back; None where it was there before.
    """

    __tablename__ = "import_lines"
    __table_args__ = (Index("import_lines_match", "batch_id", "match", "n"),)

    batch_id: UUID = Field(
        sa_column=Column(
            Uuid, ForeignKey("import_batches.id", ondelete="CASCADE"), primary_key=True
        )
    )
    n: int = Field(primary_key=True)
    part: int = Field(
        default=0, sa_column=Column(SmallInteger, primary_key=True, autoincrement=False)
    )
    what: str
    told: dict[str, Any] = Field(sa_column=Column(JSONB, nullable=False))
    match: str
    title_id: int | None = Field(
        default=None,
        sa_column=Column(BigInteger, ForeignKey("titles.id", ondelete="SET NULL")),
    )
    episode_id: int | None = Field(
        default=None,
        sa_column=Column(BigInteger, ForeignKey("episodes.id", ondelete="SET NULL")),
    )
    confidence: float | None = Field(default=None, sa_column=Column(Float))
    candidates: list[dict[str, Any]] = Field(
        sa_column=Column(JSONB, nullable=False, server_default="[]")
    )
    committed: bool = Field(
        default=False, sa_column=Column(Boolean, nullable=False, server_default="false")
    )
    wrote: dict[str, Any] | None = Field(default=None, sa_column=Column(JSONB))
    problem: str | None = Field(default=None, sa_column=Column(Text))
