"""The demo's titles, as the CSV files in `demo/` have them.

The files are ours and a test reads all of them, so what cannot be read raises ValueError.
"""

import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from domain.catalog.demo.cells import (
    DemoSeason,
    filler_numbers,
    genre,
    pairs,
    seasons,
    usual_minutes,
    words,
)
from domain.titles import names

# Stand-ins for the ids that JustWatch would give: ten digits, of which it has used seven so far.
_FILES: tuple[tuple[Literal["film", "series"], tuple[str, ...]], ...] = (
    ("film", ("films_1.csv", "films_2.csv")),
    ("series", ("series_1.csv", "series_2.csv")),
)


@dataclass(frozen=True, slots=True)
class DemoTitle:
    """A title of the demo. runtime_min: a film's, or the commonest of a series' episodes.

    where: by country, the platforms' slugs and 'rent'; parts: (role, position, person's name);
    filler: 'filler' or 'mixed' by number through all seasons; None where nobody has looked.
    """

    stand_in: str
    kind: Literal["film", "series"]
    name: str
    year: int
    runtime_min: int
    ratings: Mapping[str, str]
    genres: tuple[str, ...]
    keywords: tuple[str, ...]
    countries: tuple[str, ...]
    critics_score: int | None
    audience_score: float
    audience_votes: int
    popularity: float
    imdb_id: str | None
    tmdb_id: int | None
    mal_id: int | None
    synopsis: str
    where: Mapping[str, tuple[str, ...]]
    parts: tuple[tuple[str, int, str], ...]
    seasons: tuple[DemoSeason, ...] = ()
    filler: Mapping[int, str] | None = field(default=None)


def titles(folder: Path) -> list[DemoTitle]:
    """Every title of the files in a folder, films first; raises ValueError with the row's place."""
    filler = _filler(folder / "filler.csv")
    found: list[DemoTitle] = []
    for kind, files in _FILES:
        rows = (entry for file in files for entry in _rows(folder / file))
        for place, row in rows:
            try:
                found.append(_title(kind, row, filler))
            except (KeyError, ValueError) as problem:
                raise ValueError(f"{place}: {problem}") from problem
    return found


def _rows(path: Path) -> Iterator[tuple[str, dict[str, str]]]:
    with path.open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file)
        for row in reader:
            if None in row or None in row.values():
                raise ValueError(f"{path.name}, line {reader.line_num}: too many or too few cells")
            yield f"{path.name}, line {reader.line_num}", row


def _title(
    kind: Literal["film", "series"],
    row: dict[str, str],
    filler: Mapping[tuple[str, int], Mapping[int, str]],
) -> DemoTitle:
    told = seasons(row["seasons"]) if kind == "series" else ()
    makers = ("creator", "creators") if kind == "series" else ("director", "directors")
    name, year = row["name"], int(row["year"])
    return DemoTitle(
        stand_in=row["id"],
        kind=kind,
        name=name,
        year=year,
        runtime_min=usual_minutes(told) if told else int(row["runtime"]),
        ratings=pairs(row["ratings"]),
        genres=tuple(genre(word) for word in words(row["genres"], "|")),
        keywords=words(row["keywords"], "|"),
        countries=words(row["countries"]),
        critics_score=int(row["critics"]) if row["critics"] else None,
        audience_score=float(row["audience"]),
        audience_votes=int(row["votes"]),
        popularity=float(row["popularity"]),
        imdb_id=row["imdb"] or None,
        tmdb_id=int(row["tmdb"]) if row["tmdb"] else None,
        mal_id=int(row["mal"]) if row.get("mal") else None,
        synopsis=row["synopsis"],
        where={country: words(at, "+") for country, at in pairs(row["where"]).items()},
        parts=tuple(
            (role, position, person)
            for role, column in (makers, ("actor", "cast"))
            for position, person in enumerate(words(row[column], "|"))
        ),
        seasons=told,
        filler=filler.get((names.fold(name), year)),
    )


def _filler(path: Path) -> dict[tuple[str, int], dict[int, str]]:
    found: dict[tuple[str, int], dict[int, str]] = {}
    for _, row in _rows(path):
        verdicts = found.setdefault((names.fold(row["name"]), int(row["year"])), {})
        verdicts |= dict.fromkeys(filler_numbers(row["episodes"]), row["verdict"])
    return found
