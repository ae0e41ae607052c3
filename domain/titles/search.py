"""Search: by words, forgiving typing, with filters, in pages that stay put.

A page continues after the sort key of its last title (keyset), so titles that arrive meanwhile
neither repeat nor hide others. What people type is only ever text: no sign has a meaning.
"""

import base64
import binascii
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import orjson
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from domain.db import Record
from domain.errors import InvalidInput
from domain.platforms.sql import ON_NOW
from domain.titles import names
from domain.titles.repo import CARD

MOST_CHARACTERS = 200
_FEW = 10  # with fewer hits by words, names that are merely spelled alike join in


@dataclass(frozen=True, slots=True)
class Criteria:
    """What is looked for; empty means any. platform_ids: on one of them now, in `country`."""

    words: str = ""
    platform_ids: tuple[int, ...] = ()
    genres: tuple[str, ...] = ()
    moods: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    max_runtime_min: int | None = None
    min_year: int | None = None
    max_year: int | None = None
    by_popularity: bool = False


@dataclass(frozen=True, slots=True)
class Scope:
    """For whom: titles above the ceiling are not found; offers count in a country on a day."""

    country: str
    today: date
    ceiling: int


@dataclass(frozen=True, slots=True)
class Page:
    """Rows of cards, each with `sort_key`; more: whether others follow."""

    rows: Sequence[Record]
    more: bool


_MATCHED = f"""
WITH asked AS (
    SELECT plainto_tsquery('stack_simple', :words)
             || to_tsquery('stack_simple', :prefixed)
             || plainto_tsquery('stack_english', :words) AS query
), by_words AS (
    SELECT title_id, ts_rank(search, query) AS rank
    FROM title_texts, asked WHERE search @@ query
), matched AS (
    SELECT title_id, rank FROM by_words
    UNION ALL
    SELECT id, 0 FROM titles
    WHERE (name_key %> :folded OR name_key % :folded)
      AND (SELECT count(*) FROM (SELECT 1 FROM by_words LIMIT {_FEW}) few) < {_FEW}
      AND id NOT IN (SELECT title_id FROM by_words)
)
"""

# An exact name first, then names that begin so; then words, likeness of spelling, and a touch
# of popularity, so that of two remakes the one that people look for stands above.
_RELEVANCE = """(
    CASE WHEN t.name_key = :folded THEN 4 WHEN t.name_key LIKE :starts THEN 1 ELSE 0 END
    + matched.rank + similarity(t.name_key, :folded) + word_similarity(:folded, t.name_key) / 2
    + ln(1 + t.popularity) / 20
)"""


def _statement(criteria: Criteria) -> tuple[str, str, dict[str, Any]]:
    """FROM and WHERE with everything but the page, the sort key, and the parameters."""
    parameters: dict[str, Any] = {}
    conditions = ["t.maturity <= :ceiling"]
    words = names.clean(criteria.words, MOST_CHARACTERS)
    # "&" alone would be read as "and"; signs without a word name nothing.
    folded = names.fold(words) if any(sign.isalnum() for sign in words) else ""
    source, key = "FROM titles t", "t.popularity"
    if folded:
        source = "FROM matched JOIN titles t ON t.id = matched.title_id"
        tokens = [f"'{token}'" for token in folded.split()]
        parameters |= {
            "words": words,
            "prefixed": " & ".join(tokens) + ":*",
            "folded": folded,
            "starts": folded + "%",  # a folded name holds no sign that LIKE would read
        }
        if not criteria.by_popularity:
            key = _RELEVANCE
    elif criteria.words.strip():
        conditions.append("false")
    for column, values, condition in (
        ("genres", criteria.genres, "t.genres && CAST(:genres AS text[])"),
        ("kinds", criteria.kinds, "t.kind = ANY (CAST(:kinds AS text[]))"),
        ("moods", criteria.moods,
         "EXISTS (SELECT 1 FROM title_moods m"
         " WHERE m.title_id = t.id AND m.mood = ANY (CAST(:moods AS text[])))"),
        ("platforms", criteria.platform_ids,
         "EXISTS (SELECT 1 FROM offers o WHERE o.title_id = t.id AND o.country = :country"
         f" AND o.platform_id = ANY (CAST(:platforms AS smallint[])) AND {ON_NOW})"),
    ):  # fmt: skip
        if values:
            conditions.append(condition)
            parameters[column] = list(values)
    for column, value, condition in (
        ("max_runtime", criteria.max_runtime_min, "t.runtime_min <= CAST(:max_runtime AS int)"),
        ("min_year", criteria.min_year, "t.year >= CAST(:min_year AS int)"),
        ("max_year", criteria.max_year, "t.year <= CAST(:max_year AS int)"),
    ):
        if value is not None:
            conditions.append(condition)
            parameters[column] = value
    return f"{source} WHERE {' AND '.join(conditions)}", key, parameters


async def page(
    connection: AsyncConnection,
    criteria: Criteria,
    scope: Scope,
    *,
    first: int,
    after: str | None = None,
) -> Page:
    """At most `first` titles behind the cursor `after`.

    Raises InvalidInput for a cursor that we did not give out.
    """
    where, key, parameters = _statement(criteria)
    columns = ", ".join(f"t.{name}" for name in CARD)
    behind = ""
    if after is not None:
        parameters["last_key"], parameters["last_id"] = read_cursor(after)
        behind = f" AND ({key}, -t.id) < (CAST(:last_key AS float8), -CAST(:last_id AS bigint))"
    rows = await connection.execute(
        text(
            f"{_matched(parameters)} SELECT {columns}, CAST({key} AS float8) AS sort_key {where}"
            f"{behind} ORDER BY {key} DESC, t.id LIMIT :most"
        ),
        parameters | _scope(scope, parameters) | {"most": first + 1},
    )
    found = rows.all()
    return Page(found[:first], len(found) > first)


async def counted_page(
    connection: AsyncConnection, criteria: Criteria, scope: Scope, *, first: int, skip: int
) -> tuple[Page, int]:
    """At most `first` titles behind the first `skip`, and how many there are in all."""
    where, key, parameters = _statement(criteria)
    columns = ", ".join(f"t.{name}" for name in CARD)
    before = f"{_matched(parameters)}, " if "folded" in parameters else "WITH "
    # The sort key is the costly part, so it is made once for each hit, and hits are narrow.
    rows = await connection.execute(
        text(
            f"{before} hits AS MATERIALIZED"
            f" (SELECT t.id, CAST({key} AS float8) AS sort_key {where}),"
            " top AS (SELECT * FROM hits ORDER BY sort_key DESC, id LIMIT :most OFFSET :skip)"
            f" SELECT counted.total, top.sort_key, {columns}"
            " FROM (SELECT count(*) AS total FROM hits) counted"
            " LEFT JOIN top ON true LEFT JOIN titles t ON t.id = top.id"
            " ORDER BY top.sort_key DESC, t.id"
        ),
        parameters | _scope(scope, parameters) | {"most": first + 1, "skip": skip},
    )
    found = rows.all()
    total = found[0].total
    found = [row for row in found if row.id is not None]  # a page behind the last has one empty row
    return Page(found[:first], len(found) > first), total


async def count(connection: AsyncConnection, criteria: Criteria, scope: Scope, *, most: int) -> int:
    """How many titles there are on all pages; counting ends behind `most`, at most + 1."""
    where, _, parameters = _statement(criteria)
    found = await connection.execute(
        text(f"{_matched(parameters)} SELECT count(*) FROM (SELECT 1 {where} LIMIT :most) found"),
        parameters | _scope(scope, parameters) | {"most": most + 1},
    )
    return found.scalar_one()


def cursor(row: Record) -> str:
    """The cursor of a row, to continue behind it."""
    told = orjson.dumps([row.sort_key, row.id])
    return base64.urlsafe_b64encode(told).rstrip(b"=").decode()


def read_cursor(given: str) -> tuple[float, int]:
    """The sort key and id in a cursor; raises InvalidInput."""
    try:
        padded = given.encode("ascii") + b"=" * (-len(given) % 4)
        key, title_id = orjson.loads(base64.urlsafe_b64decode(padded))
        if not 0 <= int(title_id) < 2**63:
            raise ValueError(title_id)
        return float(key), int(title_id)
    except (ValueError, TypeError, binascii.Error, OverflowError) as problem:
        raise InvalidInput(
            "This cursor was not given out by us; start again without it.", field="after"
        ) from problem


def _matched(parameters: Mapping[str, Any]) -> str:
    return _MATCHED if "folded" in parameters else ""


def _scope(scope: Scope, parameters: Mapping[str, Any]) -> dict[str, Any]:
    needed: dict[str, Any] = {"ceiling": scope.ceiling}
    if "platforms" in parameters:
        needed |= {"country": scope.country, "today": scope.today}
    return needed
