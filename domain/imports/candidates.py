"""The titles that lines may speak of, found for thousands of lines with a few statements.

Titles above the profile's ceiling are not looked at: for that profile they don't exist.
"""

import asyncio
from collections.abc import Collection, Iterable, Mapping, Sequence

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from domain import ids
from domain.db import Record
from domain.imports import matching
from domain.imports.matching import Card, Guess, Place, Pool, Verdict
from domain.imports.values import Line, What
from domain.titles.names import fold

MOST_ALIKE = 200
"""Names for which, in one round, titles that are spelled alike are looked for: each takes time."""
_SHORTEST_ALIKE = 5

_CARD = (
    "t.id, t.kind, t.name, t.name_key, t.year, t.popularity,"
    " t.imdb_id, t.tmdb_id, t.trakt_id, t.mal_id, t.justwatch_id"
)
_BY_NAME = text(f"""
    SELECT {_CARD} FROM titles t
    WHERE t.name_key = ANY (CAST(:keys AS text[])) AND t.maturity <= :ceiling
""")
_BY_ID = text(f"""
    SELECT {_CARD} FROM titles t
    WHERE t.id IN (
        SELECT id FROM titles WHERE id = ANY (CAST(:ours AS bigint[]))
        UNION ALL
        SELECT id FROM titles WHERE justwatch_id = ANY (CAST(:justwatch_id AS text[]))
        UNION ALL
        SELECT id FROM titles WHERE imdb_id = ANY (CAST(:imdb_id AS text[]))
        UNION ALL
        SELECT id FROM titles
        WHERE kind IN ('film', 'series') AND tmdb_id = ANY (CAST(:tmdb_id AS int[]))
        UNION ALL
        SELECT id FROM titles WHERE trakt_id = ANY (CAST(:trakt_id AS int[]))
        UNION ALL
        SELECT id FROM titles WHERE mal_id = ANY (CAST(:mal_id AS int[]))
    ) AND t.maturity <= :ceiling
""")
_ALIKE = text(f"""
    SELECT asked.key AS asked, {_CARD}
    FROM unnest(CAST(:keys AS text[])) AS asked (key)
    CROSS JOIN LATERAL (
        SELECT * FROM titles
        WHERE name_key % asked.key AND maturity <= :ceiling
        ORDER BY similarity(name_key, asked.key) DESC, popularity DESC, id LIMIT 5
    ) t
""")
# Right after a catalogue came in, Postgres would rather read all titles for each of the names; and
# the index has its new entries in a heap beside it, which each look-up reads, until it is told to
# sort them in, as only its owner may.
_STRICT = text("""
    SELECT set_config('pg_trgm.similarity_threshold', '0.6', true),
           set_config('enable_seqscan', 'off', true), set_config('enable_indexscan', 'off', true),
           CASE WHEN pg_has_role(c.relowner, 'USAGE') THEN gin_clean_pending_list(c.oid) END
    FROM pg_class c WHERE c.oid = CAST('titles_name_trgm' AS regclass)
""")
_AS_EVER = text("""
    SELECT set_config('enable_seqscan', 'on', true), set_config('enable_indexscan', 'on', true)
""")
_EPISODES = text("""
    SELECT id, title_id, season_number, number, number_abs, name FROM episodes
    WHERE title_id = ANY (CAST(:titles AS bigint[]))
""")
_LARGEST_INT = 2**31 - 1


async def judge(connection: AsyncConnection, lines: Sequence[Line], ceiling: int) -> list[Verdict]:
    """What each line speaks of; needs a transaction. Some 5,000 lines at once are a good number."""
    pool = Pool()
    wanted = await asyncio.to_thread(_wanted, lines)
    await _add_named(connection, pool, wanted, ceiling)
    await _add_by_id(connection, pool, lines, ceiling)
    found = await asyncio.to_thread(_guesses, lines, pool)
    unsure = await asyncio.to_thread(_unsure, lines, found)
    if unsure:
        await _add_alike(connection, pool, unsure, ceiling)
        again = [place for place, line in enumerate(lines) if _keys(line) & pool.alike.keys()]
        for place, better in zip(
            again,
            await asyncio.to_thread(_guesses, [lines[place] for place in again], pool),
            strict=True,
        ):
            found[place] = better
    episodes = await episodes_of(connection, _series(lines, found))
    return await asyncio.to_thread(_verdicts, lines, found, episodes)


async def episodes_of(
    connection: AsyncConnection, title_ids: Collection[int]
) -> Mapping[int, Sequence[Place]]:
    """All episodes of series, by title."""
    if not title_ids:
        return {}
    rows = (await connection.execute(_EPISODES, {"titles": sorted(title_ids)})).all()

    def gather() -> dict[int, list[Place]]:
        found: dict[int, list[Place]] = {}
        for row in rows:
            found.setdefault(row.title_id, []).append(
                Place(row.id, row.season_number, row.number, row.number_abs, fold(row.name or ""))
            )
        return found

    return await asyncio.to_thread(gather)


async def _add_named(
    connection: AsyncConnection, pool: Pool, keys: Iterable[str], ceiling: int
) -> None:
    for row in await connection.execute(_BY_NAME, {"keys": sorted(keys), "ceiling": ceiling}):
        card = _card(row)
        pool.names.setdefault(card.name_key, []).append(card)


async def _add_by_id(
    connection: AsyncConnection, pool: Pool, lines: Sequence[Line], ceiling: int
) -> None:
    asked: dict[str, set[object]] = {name: set() for name in matching.ID_NAMES}
    for line in lines:
        for name, value in matching.ids_of(line.ids):
            asked[name].add(value)
    if not any(asked.values()):
        return
    values: dict[str, object] = {
        name: sorted(str(each) for each in asked[name]) for name in ("imdb_id", "justwatch_id")
    }
    for name in ("tmdb_id", "trakt_id", "mal_id"):
        known = {each for each in asked[name] if isinstance(each, int)}
        values[name] = sorted(each for each in known if 0 < each <= _LARGEST_INT)
    values["ours"] = sorted(
        key for each in asked["ours"] if (key := _our_key(str(each))) is not None
    )
    for row in await connection.execute(_BY_ID, {**values, "ceiling": ceiling}):
        card = _card(row)
        for name in matching.ID_NAMES:
            value = card.key if name == "ours" else getattr(card, name)
            if value in asked[name]:
                pool.ids.setdefault((name, value), []).append(card)


async def _add_alike(
    connection: AsyncConnection, pool: Pool, keys: Sequence[str], ceiling: int
) -> None:
    await connection.execute(_STRICT)
    for row in await connection.execute(_ALIKE, {"keys": keys, "ceiling": ceiling}):
        pool.alike.setdefault(row.asked, []).append(_card(row))
    await connection.execute(_AS_EVER)


def _wanted(lines: Sequence[Line]) -> set[str]:
    readings = {reading for line in lines for reading in line.readings}
    return {key for reading in readings for key in matching.lookups(reading)}


def _guesses(lines: Sequence[Line], pool: Pool) -> list[list[Guess]]:
    return [matching.guesses(line, pool) for line in lines]


def _unsure(lines: Sequence[Line], found: Sequence[Sequence[Guess]]) -> list[str]:
    """The names of lines for which nothing speaks yet, in their order."""
    keys: dict[str, None] = {}
    for line, guessed in zip(lines, found, strict=True):
        if not any(each.confidence >= matching.WORTH_ASKING for each in guessed):
            key = fold(line.readings[0].name)
            if len(key) >= _SHORTEST_ALIKE:
                keys[key] = None
    return list(keys)[:MOST_ALIKE]


def _keys(line: Line) -> set[str]:
    return {fold(reading.name) for reading in line.readings}


def _series(lines: Sequence[Line], found: Sequence[Sequence[Guess]]) -> set[int]:
    """The series of which episodes have to be known."""
    return {
        each.card.id
        for line, guessed in zip(lines, found, strict=True)
        if line.what is What.WATCH
        for each in guessed
        if each.confidence >= matching.WORTH_ASKING and matching.names_part(each.reading)
    }


def _verdicts(
    lines: Sequence[Line],
    found: Sequence[Sequence[Guess]],
    episodes: Mapping[int, Sequence[Place]],
) -> list[Verdict]:
    return [
        matching.verdict(line, guessed, episodes)
        for line, guessed in zip(lines, found, strict=True)
    ]


def _our_key(public_id: str) -> int | None:
    try:
        return ids.decode_int("title", public_id)
    except ids.MalformedId:
        return None


def _card(row: Record) -> Card:
    return Card(
        id=row.id,
        key=ids.encode("title", row.id),
        kind=row.kind,
        name=row.name,
        name_key=row.name_key,
        year=row.year,
        popularity=row.popularity,
        imdb_id=row.imdb_id,
        tmdb_id=row.tmdb_id,
        trakt_id=row.trakt_id,
        mal_id=row.mal_id,
        justwatch_id=row.justwatch_id,
    )
