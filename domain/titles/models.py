# SQLModel types __tablename__ as a method:
# pyright: reportAssignmentType=false
"""Tables of titles: what a film or series is, apart from where it can be seen.

`titles` is kept narrow, since filters and ranking walk over many of its rows; the long texts
and their search vector live in `title_texts`, one row for each title.
"""

from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    Column,
    Computed,
    DateTime,
    Float,
    ForeignKey,
    Identity,
    Index,
    SmallInteger,
    String,
    Text,
    func,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, TSVECTOR
from sqlmodel import Field, SQLModel

# How much a title is worth watching before anyone's taste is known, from 0 to 1: critics and a
# damped audience mean (1,000 imagined votes of 6.3, IMDb's "true Bayesian" weighting) at 45 %
# each, and how sought after it is (log scale) at 10 %. Where critics are silent the audience
# speaks for them, so that a catalogue without critics isn't below one with them.
_AUDIENCE = "(coalesce(audience_score, 6.3) * audience_votes + 6300.0) / (audience_votes + 1000.0)"
APPEAL = f"""
    0.45 * coalesce(critics_score / 100.0, {_AUDIENCE} / 10)
  + 0.045 * {_AUDIENCE}
  + 0.10 * least(ln(1 + popularity) / ln(1001.0), 1)
"""


def big_key() -> Any:
    """An identity column that COPY and inserts may leave out."""
    return Column(BigInteger, Identity(), primary_key=True)


def title_key(*, primary: bool = False) -> Any:
    """A reference to a title that goes when the title goes."""
    return Column(
        BigInteger, ForeignKey("titles.id", ondelete="CASCADE"), primary_key=primary, nullable=False
    )


def moment(*, nullable: bool = False, now: bool = False) -> Any:
    """A point in time, with its zone."""
    return Column(
        DateTime(timezone=True), nullable=nullable, server_default=func.now() if now else None
    )


class Title(SQLModel, table=True):
    """A film or a series. kind: 'film' | 'series'; runtime_min: a film's, or a usual episode's."""

    __tablename__ = "titles"
    __table_args__ = (
        Index("titles_name_trgm", "name_key", postgresql_using="gin",
              postgresql_ops={"name_key": "gin_trgm_ops"}),
        Index("titles_name_year", "name_key", "year"),
        Index("titles_popularity", text("popularity DESC"), "id"),
        # What filters look at, so that judging many titles reads no table.
        Index("titles_judged", "id",
              postgresql_include=["runtime_min", "maturity", "appeal", "year", "genres"]),
        Index("titles_imdb", "imdb_id"),
        Index("titles_tmdb", "kind", "tmdb_id"),
        Index("titles_genres", "genres", postgresql_using="gin"),
    )  # fmt: skip

    id: int | None = Field(default=None, sa_column=big_key())
    kind: str = Field(max_length=6)
    name: str
    name_key: str
    year: int | None = Field(default=None, sa_type=SmallInteger)
    runtime_min: int | None = Field(default=None, sa_type=SmallInteger)
    maturity: int = Field(default=18, sa_type=SmallInteger)
    genres: list[str] = Field(sa_column=Column(ARRAY(Text), nullable=False, server_default="{}"))
    countries: list[str] = Field(
        sa_column=Column(ARRAY(String(2)), nullable=False, server_default="{}")
    )
    critics_score: int | None = Field(default=None, sa_type=SmallInteger)
    audience_score: float | None = Field(default=None, sa_type=Float)
    audience_votes: int = Field(default=0, sa_column_kwargs={"server_default": "0"})
    popularity: float = Field(default=0, sa_column_kwargs={"server_default": "0"})
    appeal: float | None = Field(
        default=None, sa_column=Column(Float, Computed(APPEAL, persisted=True), nullable=False)
    )
    season_count: int = Field(
        default=0, sa_column=Column(SmallInteger, nullable=False, server_default="0")
    )
    episode_count: int = Field(
        default=0, sa_column=Column(SmallInteger, nullable=False, server_default="0")
    )
    justwatch_id: str | None = Field(default=None, unique=True)
    imdb_id: str | None = None
    tmdb_id: int | None = None
    trakt_id: int | None = None
    mal_id: int | None = None
    source: str
    created_at: datetime | None = Field(default=None, sa_column=moment(now=True))
    updated_at: datetime | None = Field(default=None, sa_column=moment(now=True))


class TitleText(SQLModel, table=True):
    """A title's words. search: its name (A, unstemmed) and synopsis (C, English stems)."""

    __tablename__ = "title_texts"
    __table_args__ = (Index("title_texts_search", "search", postgresql_using="gin"),)

    title_id: int | None = Field(default=None, sa_column=title_key(primary=True))
    name: str
    synopsis: str = ""
    keywords: list[str] = Field(sa_column=Column(ARRAY(Text), nullable=False, server_default="{}"))
    search: str | None = Field(
        default=None,
        sa_column=Column(
            TSVECTOR,
            Computed(
                "setweight(to_tsvector('stack_simple', name), 'A')"
                " || setweight(to_tsvector('stack_english', synopsis), 'C')",
                persisted=True,
            ),
        ),
    )


class AgeRating(SQLModel, table=True):
    """What a country's board says, as it says it ('PG-13', '12A', 'FSK 16')."""

    __tablename__ = "age_ratings"

    title_id: int | None = Field(default=None, sa_column=title_key(primary=True))
    country: str = Field(primary_key=True, max_length=2)
    rating: str


class TitleMood(SQLModel, table=True):
    """A mood a title fits, with its weight from 0 to 1 and the reasons it was given."""

    __tablename__ = "title_moods"
    __table_args__ = (
        Index("title_moods_by_mood", "mood", "title_id", postgresql_include=["weight"]),
    )

    title_id: int | None = Field(default=None, sa_column=title_key(primary=True))
    mood: str = Field(primary_key=True)
    weight: float
    reasons: list[str] = Field(sa_column=Column(ARRAY(Text), nullable=False, server_default="{}"))


class Season(SQLModel, table=True):
    """A season of a series. number 0 is the specials."""

    __tablename__ = "seasons"

    title_id: int | None = Field(default=None, sa_column=title_key(primary=True))
    number: int = Field(primary_key=True, sa_type=SmallInteger)
    name: str | None = None
    year: int | None = Field(default=None, sa_type=SmallInteger)
    episode_count: int = Field(default=0, sa_type=SmallInteger)


class Episode(SQLModel, table=True):
    """An episode. number_abs counts through all seasons.

    filler: 'canon' | 'mixed' | 'filler' | 'unknown', by filler_source; filler_confidence: how sure
    that is, 0 to 1. Both are what is believed of domain.filler.models.FillerClaim.
    """

    __tablename__ = "episodes"
    __table_args__ = (Index("episodes_place", "title_id", "season_number", "number", unique=True),)

    id: int | None = Field(default=None, sa_column=big_key())
    title_id: int | None = Field(default=None, sa_column=title_key())
    season_number: int = Field(sa_type=SmallInteger)
    number: int = Field(sa_type=SmallInteger)
    number_abs: int | None = Field(default=None, sa_type=SmallInteger)
    name: str | None = None
    runtime_min: int | None = Field(default=None, sa_type=SmallInteger)
    air_date: date | None = None
    filler: str = Field(default="unknown", sa_column_kwargs={"server_default": "unknown"})
    filler_source: str | None = None
    filler_confidence: float | None = Field(default=None, sa_type=Float)


class Enrichment(SQLModel, table=True):
    """When somebody was asked last for what a title lacks, by which job, and what came of it.

    added: whether they added anything then; owed: or ever, so that they have to be named.
    """

    __tablename__ = "enrichments"
    __table_args__ = (Index("enrichments_job", "job_id"),)

    title_id: int | None = Field(default=None, sa_column=title_key(primary=True))
    job_id: int = Field(sa_column=Column(BigInteger, nullable=False))
    asked_at: datetime = Field(sa_column=moment())
    requests: int
    added: bool
    owed: bool
    problem: str | None = None


class Person(SQLModel, table=True):
    """Somebody who made a title or plays in it."""

    __tablename__ = "people"
    __table_args__ = (Index("people_name", "name_key"),)

    id: int | None = Field(default=None, sa_column=big_key())
    name: str
    name_key: str
    justwatch_id: int | None = Field(default=None, unique=True)


class Credit(SQLModel, table=True):
    """A person's part in a title. role: 'actor' | 'director' | 'creator'; position: billing."""

    __tablename__ = "credits"
    __table_args__ = (Index("credits_person", "person_id"),)

    title_id: int | None = Field(default=None, sa_column=title_key(primary=True))
    person_id: int = Field(
        sa_column=Column(BigInteger, ForeignKey("people.id", ondelete="CASCADE"), primary_key=True)
    )
    role: str = Field(primary_key=True)
    character: str | None = None
    position: int = Field(default=0, sa_type=SmallInteger)
