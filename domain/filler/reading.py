"""Files that say what is filler: ours in CSV or JSON, and bare lists of numbers. Pure.

What kind a file is, is seen in it. A file with a row that can't be used is refused as a whole, with
all such rows: half of it would be another list than its author's.
"""

import csv
import io
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import islice
from typing import Any

from domain.binge.values import Verdict
from domain.errors import InvalidInput
from domain.filler import cells
from domain.filler.cells import Bad
from domain.filler.values import MAL, MOST_ITEMS, Heard, Item, Saying, Show
from domain.titles.names import clean, slug

MOST_BYTES = 8 * 1024 * 1024
CURATED = 0.9
"""How sure a file is that doesn't say so."""
LISTED, UNLISTED = 0.8, 0.4
"""How sure a list of numbers is of those that it names, and that those between are not filler."""
_LAST_SHARED_ID = 20_000
_MAYBE_LISTED, _MAYBE_UNLISTED = 0.3, 0.2
_MOST_SHOWN, _MOST_PROBLEMS = 20, 1_000
_LONGEST_SOURCE = 60
_IDS = ("imdb_id", "tmdb_id", "mal_id", "trakt_id", "name")
_SAID = ("year", "verdict", "episodes", "title", "air_date", "confidence", "source", "url")
_LISTS = ("filler", "mixed", "canon", "episodes")
_COLUMNS = frozenset({*_IDS, *_SAID})


class Unreadable(InvalidInput):
    """A file of which nothing was taken. Its message has the rows that can't be used."""

    code = "FILLER_UNREADABLE"

    def __init__(self, why: str) -> None:
        super().__init__(f"Nothing was taken from this file: {why}", field="file")


@dataclass(frozen=True, slots=True)
class _Row:
    """A row, and where it stands, in words."""

    at: str
    source: str
    show: Show
    items: tuple[Item, ...]


def read(content: bytes, name: str, source: str | None = None) -> Heard:
    """What a file says; raises Unreadable.

    name: what the source is called where neither the file nor `source`, which goes before all
    others, says it.
    """
    if len(content) > MOST_BYTES:
        raise Unreadable(f"it is larger than {MOST_BYTES // 1024**2} MB. Divide it.")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise Unreadable("it is not text in UTF-8. Save it as that.") from None
    if not text.lstrip().startswith(("{", "[")):
        return _gather(_csv_rows(text, source, name))
    try:
        value = json.loads(text, parse_constant=lambda _: None)
    except (ValueError, RecursionError) as problem:
        raise Unreadable(f"it begins like JSON and is none: {problem}") from None
    if isinstance(value, dict) and value and all(_is_number(key) for key in value):
        return _gather(_number_rows(value, source))
    return _gather(_json_rows(value, source, name))


def source_name(given: str) -> str:
    """The source that a file's claims are kept under: 'file:' and its name in small letters."""
    return f"file:{slug(clean(given, _LONGEST_SOURCE)) or 'unnamed'}"


def _gather(rows: Iterable[_Row | str]) -> Heard:
    sayings: dict[tuple[str, Show], list[Item]] = {}
    problems: list[str] = []
    total = 0
    for row in rows:
        if isinstance(row, str):
            problems.append(row)
            if len(problems) == _MOST_PROBLEMS:  # it is another kind of file
                break
            continue
        total += len(row.items)
        if total > MOST_ITEMS:
            raise Unreadable(f"it names more than {MOST_ITEMS:,} episodes. Divide it.")
        sayings.setdefault((row.source, row.show), []).extend(row.items)
    if problems:
        more = len(problems) - _MOST_SHOWN
        rest = f"and {'at least ' if len(problems) == _MOST_PROBLEMS else ''}{more} more"
        shown = problems[:_MOST_SHOWN] + ([rest] if more > 0 else [])
        raise Unreadable("; ".join(shown) + ".")
    if not sayings:
        raise Unreadable("it names no show.")
    made = tuple(Saying(source, show, tuple(items)) for (source, show), items in sayings.items())
    return Heard(tuple(dict.fromkeys(each.source for each in made)), made)


def _csv_rows(text: str, source: str | None, name: str) -> Iterator[_Row | str]:
    reader = csv.DictReader(io.StringIO(text, newline=""), strict=True)
    try:
        header = {(each or "").strip() for each in reader.fieldnames or ()}
        if "verdict" not in header or not header & {*_IDS}:
            raise Unreadable(
                "its first line has to name the columns: verdict, one that says which show it is"
                f" ({', '.join(_IDS)}), and episodes, title or air_date."
            )
        if unknown := header - _COLUMNS:
            raise Unreadable(f"there is no column {sorted(unknown)[0][:40]!r}.")
        for row in reader:
            at = f"line {reader.line_num}"
            if None in row or None in row.values():
                yield f"{at}: it has too many or too few cells"
            else:
                said = {(key or "").strip(): value for key, value in row.items()}
                yield _row(at, said, {}, source, name)
    except csv.Error as problem:
        raise Unreadable(f"line {reader.line_num}: {problem}.") from None


def _json_rows(value: Any, source: str | None, name: str) -> Iterator[_Row | str]:
    whole = value if isinstance(value, dict) else {"shows": value}
    shows = whole.get("shows")
    if not isinstance(shows, list):
        raise Unreadable('it is no list of shows: write {"shows": [{"name": …, "filler": …}]}.')
    for n, show in enumerate(shows, 1):
        at = f"show {n}"
        if not isinstance(show, dict):
            yield f"{at}: it is no object"
            continue
        usual = {key: whole[key] for key in ("source", "url", "confidence") if key in whole}
        usual |= show
        for verdict in _LISTS[:-1]:
            if verdict in show:
                said = {"verdict": verdict, "episodes": _joined(show[verdict])}
                yield _row(f"{at}, {verdict}", said, usual, source, name)
        if not show.keys() & _LISTS:
            yield f"{at}: it names no episode: {', '.join(_LISTS)}"
        listed = show.get("episodes", [])
        if not isinstance(listed, list):
            yield f"{at}: its episodes are no list"
            continue
        for m, each in enumerate(listed, 1):
            place = f"{at}, episode {m}"
            if isinstance(each, dict) and each.keys() & {*_IDS, "year"}:
                yield f"{place}: which show it is stands beside it; an episode's name is its title"
            elif isinstance(each, dict):
                said = each | {"episodes": _joined(each.get("episode", ""))}
                yield _row(place, said, usual, source, name)
            else:
                yield f"{place}: it is no object"


def _row(
    at: str, said: Mapping[str, Any], usual: Mapping[str, Any], source: str | None, name: str
) -> _Row | str:
    def of(key: str) -> Any:
        return said[key] if said.get(key) not in (None, "") else usual.get(key)

    try:
        sure = cells.share(of("confidence"))
        named = source or cells.words(of("source"), "source", _LONGEST_SOURCE) or name
        show = Show(
            name=cells.words(of("name"), "name"),
            year=cells.number(of("year"), "year", 2199),
            imdb_id=cells.imdb(of("imdb_id")),
            tmdb_id=cells.number(of("tmdb_id"), "tmdb_id"),
            mal_id=cells.number(of("mal_id"), "mal_id"),
            trakt_id=cells.number(of("trakt_id"), "trakt_id"),
        )
        if not str(show):
            raise Bad(f"it doesn't say which show it is: {', '.join(_IDS)}")
        item = Item(
            cells.verdict(said.get("verdict")),
            CURATED if sure is None else sure,
            name=cells.words(said.get("title"), "title"),
            air_date=cells.day(said.get("air_date")),
            url=cells.link(of("url")),
        )
        numbered = said.get("episodes") or ""
        if not isinstance(numbered, str):
            raise Bad("its episodes have to be text or numbers")
        items = tuple(islice(cells.episodes(numbered, item), MOST_ITEMS + 1))
        if not items and not (item.name or item.air_date):
            raise Bad("it names no episode: fill in episodes, title or air_date")
        if len(items) > 1 and (item.name or item.air_date):
            raise Bad("it gives one title or day to several episodes")
        return _Row(at, source_name(named), show, items or (item,))
    except Bad as problem:
        return f"{at}: {problem}"


def _joined(value: Any) -> Any:
    """Numbers and words as one cell; whatever else as it is, to be refused."""
    if type(value) is int:
        return str(value)
    if isinstance(value, list) and all(type(each) in (int, str) for each in value):
        return " ".join(map(str, value))
    return value


def _number_rows(value: Mapping[str, Any], source: str | None) -> Iterator[_Row | str]:
    """{"<id of MyAnimeList>": [numbers of filler]}: those between them belong to the story.

    From 20,000 on the ids of MyAnimeList and of AniList part, and lists of this kind mix them: such
    an id may be another show's, so it is heard, but skips nothing by itself.
    """
    named = source_name(source) if source else MAL
    for key, numbers in value.items():
        at = f"show {key[:20]}"
        sure, unsure = (
            (LISTED, UNLISTED) if int(key) <= _LAST_SHARED_ID else (_MAYBE_LISTED, _MAYBE_UNLISTED)
        )
        if not isinstance(numbers, list) or any(
            type(each) is not int or not 1 <= each <= cells.LARGEST for each in numbers
        ):
            yield f"{at}: it has to be a list of episodes' numbers, from 1 to {cells.LARGEST}"
            continue
        filler = Item(Verdict.FILLER, sure)
        other = Item(Verdict.CANON, unsure, implied=True)
        listed = set(numbers)
        items = tuple(
            replace(filler if n in listed else other, number_abs=n)
            for n in range(1, max(listed, default=0) + 1)
        )
        yield _Row(at, named, Show(mal_id=int(key), whole=True), items)


def _is_number(key: str) -> bool:
    return key.isascii() and key.isdecimal() and 0 < len(key) < 10 and int(key) > 0
