"""Whose export a file is, found out from what is in it: columns, keys, elements, not its name."""

from collections.abc import Mapping, Sequence
from itertools import islice

from domain.errors import DomainError
from domain.imports.errors import DamagedExport, UnknownExport
from domain.imports.formats import (
    documents,
    imdb,
    letterboxd,
    myanimelist,
    netflix,
    netflix_gdpr,
    parts,
    simkl,
    streaming_stack,
    tables,
    texts,
    trakt,
    tv_time,
    yamtrack,
)
from domain.imports.formats.parts import Part
from domain.imports.formats.shapes import Format, Shape

# Where a file could be two of them, the earlier is meant.
FORMATS: tuple[Format, ...] = (
    streaming_stack, netflix_gdpr, letterboxd, imdb, trakt, tv_time, simkl, myanimelist, yamtrack,
    netflix,
)  # fmt: skip
_FIRST_ENTRIES = 20
_SHOWN = 12
_SHEET = "xl/workbook.xml"
Roles = Mapping[str, Sequence[Part]]


def detect(found: Sequence[Part], name: str) -> tuple[Format, Roles]:
    """The format of an export, and the parts that it reads by their roles.

    name: what the file is called. Raises UnknownExport, which says what would be understood, and
    DamagedExport for a single file that cannot be read.
    """
    if any(part.name == _SHEET for part in found):
        raise UnknownExport(f"{name} is a spreadsheet. Save it as CSV, and choose that file.")
    shapes, broken = _shapes(found)
    claims: dict[int, dict[str, list[Part]]] = {}
    for shape in shapes:
        for at, each in enumerate(FORMATS):
            if role := each.role(shape):
                claims.setdefault(at, {}).setdefault(role, []).append(shape.part)
                break
    if not claims:
        if broken is not None and not shapes:
            raise broken
        raise UnknownExport(_unknown(shapes, name))
    best = max(claims, key=lambda at: (sum(map(len, claims[at].values())), -at))
    return FORMATS[best], claims[best]


def _shapes(found: Sequence[Part]) -> tuple[list[Shape], DomainError | None]:
    shapes: list[Shape] = []
    broken: DomainError | None = None
    for part in found:
        try:
            shapes.append(shape_of(part))
        except DamagedExport as problem:
            broken = problem
    return shapes, broken


def shape_of(part: Part) -> Shape:
    """What a part is like inside. Raises DamagedExport, TooLarge."""
    head = part.head(4096)
    if archive := parts.archive_of(head):
        return Shape(part, archive=archive)
    start = head.decode(texts.encoding_of(head), errors="replace").lstrip("\ufeff \t\r\n")
    if _is_binary(head):
        return Shape(part)
    if start.startswith("<"):
        return Shape(part, root=myanimelist.root(part))
    if not start.startswith(("{", "[")):
        return Shape(part, columns=frozenset(tables.columns(part)))
    if start.startswith("{"):
        first = documents.value(start.partition("\n")[0])
        if isinstance(first, dict) and isinstance(mark := first.get("format"), str):
            return Shape(part, mark=mark)
    keys: set[str] = set()
    under: str | None = None
    for member, entry in islice(documents.elements(part), _FIRST_ENTRIES):
        if isinstance(entry, dict):
            keys |= entry.keys()
            under = under or member
    return Shape(part, keys=frozenset(keys), under=under)


def _is_binary(head: bytes) -> bool:
    """Whether it is no text in any encoding: a picture, a film, a program."""
    controls = sum(each < 9 or 13 < each < 32 for each in head)
    return texts.encoding_of(head) == "utf-8" and controls * 10 > len(head)


def _unknown(shapes: Sequence[Shape], name: str) -> str:
    sentence = f"{name} is no export that is understood"
    if len(shapes) == 1:
        sentence += _seen(shapes[0])
    elif any(shape.archive for shape in shapes):
        sentence += ": it holds another archive, which is not opened. Choose that one itself"
    elif shapes:
        names = ", ".join(shape.part.name[:60] for shape in shapes[:_SHOWN])
        sentence += f": none of its files tells of films ({names}{_more(len(shapes))})"
    else:
        sentence += ": nothing in it can be read"
    labels = "; ".join(each.LABEL for each in FORMATS)
    return f"{sentence}. Understood are: {labels}."


def _seen(shape: Shape) -> str:
    if shape.archive:
        return f": it is {shape.archive} in an archive. Unpack it once, and choose what is in it"
    if shape.root:
        return f": it is XML, but begins with <{shape.root[:40]}>"
    if shape.columns >= letterboxd.COLUMNS:
        return (
            ": it is one of Letterboxd's tables, but which of them only its name says. Call it"
            " watched.csv or watchlist.csv, as Letterboxd does"
        )
    if shape.keys:
        return f": its JSON has {_names(shape.keys)}"
    if len(shape.columns) > 1:
        return f": its first line should name the columns, and has {_names(shape.columns)}"
    return ""


def _names(names: frozenset[str]) -> str:
    return ", ".join(repr(each[:40]) for each in sorted(names)[:_SHOWN]) + _more(len(names))


def _more(count: int) -> str:
    return f", and {count - _SHOWN} more" if count > _SHOWN else ""
