"""Lines as JSON, as the desk keeps them, and back; nothing is lost on the way."""

from collections.abc import Mapping
from dataclasses import asdict, fields
from datetime import datetime
from typing import Any

from domain.imports.values import Ids, Line, Reading, What
from domain.titles.names import clean

LONGEST_NAME = 300
LONGEST_NOTE = 2_000


def tell(line: Line) -> dict[str, Any]:
    """A line without its number and what it is, its texts cleaned and cut; blanks are left out."""
    told: dict[str, Any] = {"readings": [_reading(each) for each in line.readings]}
    if ids := {name: value for name, value in asdict(line.ids).items() if value is not None}:
        told["ids"] = ids
    if line.at is not None:
        told["at"] = line.at.isoformat()
    if line.dated:
        told["dated"] = True
    if line.score is not None:
        told["score"] = line.score
    if line.times != 1:
        told["times"] = line.times
    if line.file is not None:
        told["file"] = clean(line.file, LONGEST_NAME)
    if line.platform is not None:
        told["platform"] = clean(line.platform, LONGEST_NAME)
    if line.note:
        told["note"] = clean(line.note, LONGEST_NOTE)
    return told


def hear(n: int, what: str, told: Mapping[str, Any]) -> Line:
    """The line that `tell` told."""
    at = told.get("at")
    return Line(
        n=n,
        what=What(what),
        readings=tuple(Reading(**each) for each in told["readings"]),
        ids=Ids(**told.get("ids", {})),
        at=datetime.fromisoformat(at) if at else None,
        dated=told.get("dated", False),
        score=told.get("score"),
        times=told.get("times", 1),
        note=told.get("note"),
        file=told.get("file"),
        platform=told.get("platform"),
    )


def _reading(reading: Reading) -> dict[str, Any]:
    told = {each.name: getattr(reading, each.name) for each in fields(Reading)}
    for name in ("name", "episode_name"):
        if told[name] is not None:
            told[name] = clean(told[name], LONGEST_NAME)
    return {name: value for name, value in told.items() if value is not None}
