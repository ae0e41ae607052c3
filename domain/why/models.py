# SQLModel types __tablename__ as a method:
# pyright: reportAssignmentType=false
"""The table of what became of the lines that a model wrote."""

from datetime import date, datetime

from sqlmodel import Field, SQLModel

from domain.titles.models import moment


class WhyTally(SQLModel, table=True):
    """How many lines ended in one way on a day (UTC).

    outcome: 'accepted' | 'retried' (accepted the second time) | 'replaced' (by the template) |
    'away' (nobody wrote) | 'cancelled' (nobody waited). reason: why it was retried or replaced, a
    word of check.Reason, or what was wrong with the model; '' where nothing was. prompt: the
    version of the prompt. problem: the last sentence about it for people, if there was one.
    """

    __tablename__ = "why_tallies"

    day: date = Field(primary_key=True)
    model: str = Field(primary_key=True)
    prompt: int = Field(primary_key=True)
    outcome: str = Field(primary_key=True)
    reason: str = Field(primary_key=True, default="")
    lines: int = Field(default=0, sa_column_kwargs={"server_default": "0"})
    problem: str | None = None
    last_at: datetime = Field(sa_column=moment())
