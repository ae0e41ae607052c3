# SQLModel types __tablename__ as a method:
# pyright: reportAssignmentType=false
"""Tables of the nightly sync: its runs, what they ask about, and what was heard of each title."""

from datetime import date, datetime

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    SmallInteger,
    String,
    Text,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY
from sqlmodel import Field, SQLModel

from domain.titles.models import big_key, moment, title_key


def _count():
    return Column(Integer, nullable=False, server_default="0")


def _run_key():
    return Column(BigInteger, ForeignKey("sync_runs.id", ondelete="CASCADE"), primary_key=True)


class SyncRun(SQLModel, table=True):
    """One asking round. It goes on from its last checkpoint, whoever does it.

    reason: 'nightly' | 'manual'; night: the day, in the instance's time zone, whose run it is; None
    for one that somebody asked for. state: 'planned' | 'asking' | 'looking_again' (for what was
    missing) | 'removing' | 'held' (so much is missing that somebody should look) | 'done' |
    'failed'. dry_run: nothing is changed but this row. budget: the most requests.

    titles: how many it asks about; unchanged, changed: what the answers were against the last ones;
    unknown: titles the upstream doesn't have; failed: no answer; quarantined: of those, the ones
    not asked again until somebody says so; rejected: offers that could not be read; unplaced:
    offers on platforms that we don't know. removals: offers missing twice; removed: those that are
    taken as gone. look_again_at: when what was missing is asked about once more; confirmed_at: when
    somebody said of a held run that what it misses is gone.
    """

    __tablename__ = "sync_runs"
    __table_args__ = (
        # One at a time, however many workers there are.
        Index("sync_runs_one", text("(true)"), unique=True,
              postgresql_where=text(
                  "state IN ('planned', 'asking', 'looking_again', 'removing')")),
        Index("sync_runs_night", "night", unique=True),
    )  # fmt: skip

    id: int | None = Field(default=None, sa_column=big_key())
    source: str
    reason: str
    night: date | None = None
    countries: list[str] = Field(sa_column=Column(ARRAY(String(2)), nullable=False))
    dry_run: bool = Field(
        default=False, sa_column=Column(Boolean, nullable=False, server_default="false")
    )
    state: str = "planned"
    budget: int
    planned_at: datetime = Field(sa_column=moment())
    started_at: datetime | None = Field(default=None, sa_column=moment(nullable=True))
    checkpoint_at: datetime | None = Field(default=None, sa_column=moment(nullable=True))
    look_again_at: datetime | None = Field(default=None, sa_column=moment(nullable=True))
    confirmed_at: datetime | None = Field(default=None, sa_column=moment(nullable=True))
    finished_at: datetime | None = Field(default=None, sa_column=moment(nullable=True))
    titles: int = Field(default=0, sa_column=_count())
    requests: int = Field(default=0, sa_column=_count())
    unchanged: int = Field(default=0, sa_column=_count())
    changed: int = Field(default=0, sa_column=_count())
    unknown: int = Field(default=0, sa_column=_count())
    failed: int = Field(default=0, sa_column=_count())
    quarantined: int = Field(default=0, sa_column=_count())
    rejected: int = Field(default=0, sa_column=_count())
    unplaced: int = Field(default=0, sa_column=_count())
    offers: int = Field(default=0, sa_column=_count())
    added: int = Field(default=0, sa_column=_count())
    updated: int = Field(default=0, sa_column=_count())
    removals: int = Field(default=0, sa_column=_count())
    removed: int = Field(default=0, sa_column=_count())
    problem: str | None = None


class SyncItem(SQLModel, table=True):
    """A title in a run: its checkpoint. n: its turn; why: 'watchlist' | 'leaving' | 'popular' |
    'stale' | 'asked'. state: 'waiting' | 'again' (something was missing, so it is asked once
    more) | 'done' | 'unknown' | 'failed'. tries: how often it was taken in on its own, because
    somebody had died at taking in several.
    """

    __tablename__ = "sync_items"
    __table_args__ = (
        Index("sync_items_turn", "run_id", "state", "tries", "n",
              postgresql_where=text("state IN ('waiting', 'again')")),
        Index("sync_items_title", "title_id"),
    )  # fmt: skip

    run_id: int | None = Field(default=None, sa_column=_run_key())
    title_id: int | None = Field(default=None, sa_column=title_key(primary=True))
    n: int
    why: str
    state: str = Field(
        default="waiting", sa_column=Column(Text, nullable=False, server_default="waiting")
    )
    tries: int = Field(
        default=0, sa_column=Column(SmallInteger, nullable=False, server_default="0")
    )
    problem: str | None = None


class SyncTitle(SQLModel, table=True):
    """What a source said of a title when it was asked last.

    digest: of that answer, None where the next one has to be read whatever it says; offers: how
    many it listed; suspects: offers that were missing from it and had been there, which are gone
    if the next answer misses them, too. changed_at: when an answer was read last, and not only
    compared. failures: in a row; next_at: not asked before that; quarantined_at: not asked at all
    until somebody says so; problem: the last one.
    """

    __tablename__ = "sync_titles"
    # Every night moves checked_at on in all of them: with room in the page, and no index on what
    # is changed, that costs no index anything.
    __table_args__ = ({"postgresql_with": {"fillfactor": 60}},)

    source: str = Field(primary_key=True)
    title_id: int | None = Field(default=None, sa_column=title_key(primary=True))
    digest: bytes | None = Field(default=None, sa_column=Column(LargeBinary))
    checked_at: datetime | None = Field(default=None, sa_column=moment(nullable=True))
    changed_at: datetime | None = Field(default=None, sa_column=moment(nullable=True))
    offers: int = Field(default=0, sa_column=_count())
    suspects: list[int] = Field(
        sa_column=Column(ARRAY(BigInteger), nullable=False, server_default="{}"),
        default_factory=list,
    )
    failures: int = Field(
        default=0, sa_column=Column(SmallInteger, nullable=False, server_default="0")
    )
    next_at: datetime | None = Field(default=None, sa_column=moment(nullable=True))
    quarantined_at: datetime | None = Field(default=None, sa_column=moment(nullable=True))
    problem: str | None = None


class SyncRemoval(SQLModel, table=True):
    """An offer that two answers missed. removed_at: when it was taken as gone."""

    __tablename__ = "sync_removals"
    __table_args__ = (Index("sync_removals_offer", "offer_id"),)

    run_id: int | None = Field(default=None, sa_column=_run_key())
    offer_id: int | None = Field(
        default=None,
        sa_column=Column(BigInteger, ForeignKey("offers.id", ondelete="CASCADE"), primary_key=True),
    )
    missed_at: datetime = Field(sa_column=moment())
    removed_at: datetime | None = Field(default=None, sa_column=moment(nullable=True))
