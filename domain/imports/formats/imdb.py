"""IMDb's ratings and lists, in the columns of today and in those of old.

The old tables of ratings and of lists have the same columns, so a row with a rating is a rating,
unless the file is called a watchlist.
"""

from collections.abc import Iterator

from domain.imports.formats import cells, dates, tables
from domain.imports.formats.parts import Part
from domain.imports.formats.shapes import Files, Shape
from domain.imports.formats.tables import Row
from domain.imports.values import Ids, Line, Passed, Reading, What

SOURCE = "imdb"
LABEL = "IMDb's ratings or watchlist (CSV)"

_SCORE = ("your rating", "you rated")
_RATED = ("date rated", "date added", "created")
_FILMS = {
    "movie", "feature", "feature film", "tvmovie", "tv movie", "short", "short film", "tvshort",
    "tv short", "video", "documentary", "tvspecial", "tv special",
}  # fmt: skip
_SERIES = {"tvseries", "tv series", "tvminiseries", "tv mini series", "tv mini-series",
           "mini-series", "miniseries"}  # fmt: skip
_EPISODES = {"tvepisode", "tv episode", "episode"}


def role(shape: Shape) -> str | None:
    """A table with IMDb's ids, of ratings or of a list."""
    columns = shape.columns
    if "const" not in columns or not columns & {"title", "your rating", "you rated"}:
        return None
    if "watchlist" in shape.part.base or {"position", "your rating"} <= columns:
        return "list"
    return "ratings" if columns & {*_SCORE} else "list"


def lines(files: Files) -> Iterator[Line | Passed]:
    """Ratings, and wishes of what a list holds."""
    for part in files.of("ratings"):
        yield from _rows(part, listed=False)
    for part in files.of("list"):
        yield from _rows(part, listed=True)


def _rows(part: Part, *, listed: bool) -> Iterator[Line | Passed]:
    for row in tables.rows(part, "const", "title"):
        if isinstance(row, Passed):
            yield row
            continue
        subject = _subject(row)
        if isinstance(subject, Passed):
            yield subject
            continue
        readings, ids, note = subject
        score = cells.score(row.get(*_SCORE))
        if listed or (score is None and "position" in row):
            at, dated = dates.when(row.get("created", "date added", "modified"))
            yield Line(row.n, What.WISH, readings, ids, at, dated, note=note)
        if score is not None:
            at, dated = dates.when(row.get(*_RATED))
            yield Line(row.n, What.RATING, readings, ids, at, dated, score)
        elif not listed and "position" not in row:
            yield Passed(row.n, "it has no rating from 1 to 10")


def _subject(row: Row) -> tuple[tuple[Reading, ...], Ids, str | None] | Passed:
    title, const = row.name("title"), cells.imdb_id(row.get("const"))
    if title is None or const is None:
        missing = "the title" if title is None else "IMDb's id"
        return Passed(row.n, f"{missing} is missing")
    kind, year = row.get("title type").casefold(), cells.year(row.get("year"))
    note = cells.text(row.get("description"))
    if kind in _EPISODES:
        # The year is the episode's, and the id too.
        show, colon, episode = title.partition(": ")
        readings = (Reading(show, "series", episode_name=episode if colon else None),)
        if not colon:
            readings = (Reading(title, "series", episode_name=title),)
        return readings, Ids(episode_imdb_id=const), note
    if kind and kind not in _FILMS | _SERIES:
        return Passed(row.n, f"{cells.shown(kind)} is neither a film nor a series")
    ours = "film" if kind in _FILMS else "series" if kind else None
    return (Reading(title, ours, year),), Ids(imdb_id=const), note
