"""Lines that say why, and what they are made of: frozen values, no I/O."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID


class Source(StrEnum):
    """Who wrote a line."""

    TEMPLATE = "template"
    OLLAMA = "ollama"


@dataclass(frozen=True, slots=True)
class Sheet:
    """All that a model is told of what it writes about.

    about: what the line is for, 'pick' (why this title) or 'binge' (how a plan comes out). facts:
    JSON of our own words and numbers, in which every name that somebody else chose (a title, a
    person, a platform) is a placeholder such as {TITLE}; names: what the placeholders stand for.
    So nothing that a stranger wrote reaches the model, and it writes no name but by its place.
    """

    about: str
    facts: Mapping[str, Any]
    names: Mapping[str, str] = field(default_factory=dict)
    language: str = "en"


@dataclass(frozen=True, slots=True)
class Wanted:
    """A line that somebody could be told.

    id: how clients name it; key: where it is kept, the same for the same line; template: what is
    said as long as there is no better one.
    """

    id: str
    key: str
    sheet: Sheet
    template: str
    title_id: int | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """A line as it stands. final: whether it stays so; a draft shows how far the model is."""

    id: str
    text: str
    source: Source
    final: bool = True


@dataclass(frozen=True, slots=True)
class Order:
    """Lines that are missing from an answer. profile_id: whose answer it was; None: a guest's."""

    id: str
    profile_id: UUID | None
    wanted: tuple[Wanted, ...]
    at: datetime
