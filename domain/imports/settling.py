"""What a person says of the lines that we are not sure of: this title, this episode, or none."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

import orjson
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlmodel.ext.asyncio.session import AsyncSession

from domain.accounts.viewer import Viewer
from domain.errors import InvalidInput, NotFound
from domain.history.errors import NoSuchEpisode
from domain.imports import candidates, matching, repo
from domain.imports.batches import (
    MOST_SETTLED,
    Choice,
    LineKey,
    Listed,
    Match,
    Settled,
    Settlement,
)
from domain.imports.matching import Place
from domain.imports.refusals import AlreadyWritten
from domain.imports.values import What

_SHOWN = text("""
    SELECT t.id, t.kind FROM titles t JOIN profiles p ON t.maturity <= p.maturity_ceiling
    WHERE t.id = ANY (CAST(:titles AS bigint[])) AND p.id = :profile
""")
_TITLE_OF = text("""
    SELECT id, title_id FROM episodes WHERE id = ANY (CAST(:episodes AS bigint[]))
""")
_SETTLE = text("""
    UPDATE import_lines l
    SET match = new.match, title_id = new.title_id, episode_id = new.episode_id,
        confidence = NULL, problem = new.problem,
        candidates = coalesce(CAST(new.candidates AS jsonb), l.candidates)
    FROM unnest(
        CAST(:n AS int[]), CAST(:part AS smallint[]), CAST(:match AS text[]),
        CAST(:title_id AS bigint[]), CAST(:episode_id AS bigint[]), CAST(:problem AS text[]),
        CAST(:candidates AS text[])
    ) AS new (n, part, match, title_id, episode_id, problem, candidates)
    WHERE l.batch_id = :batch AND l.n = new.n AND l.part = new.part
""")


async def settle(
    session: AsyncSession, viewer: Viewer, batch_id: UUID, settlements: Sequence[Settlement]
) -> Settled:
    """Take down what a person says of lines, the later word standing.

    A line that names an episode gets the episode of the title that was said. Where we don't have
    that one, the line stays open, with the title first among its choices.
    Raises NoSuchImport, NoSuchLine, NotFound, InvalidInput, AlreadyWritten and ImportBusy.
    """
    if len(settlements) > MOST_SETTLED:
        raise InvalidInput(f"Settle at most {MOST_SETTLED} lines at once.", field="settlements")
    _, profile_id = viewer.require_profile()
    connection = await repo.begin(session, profile_id)
    await repo.hold(connection, profile_id, batch_id)
    settlements = await _with_titles(connection, settlements)
    kinds = await _kinds(connection, profile_id, settlements)
    series = [key for key, kind in kinds.items() if kind == "series"]
    episodes = await candidates.episodes_of(connection, series)
    said: dict[LineKey, dict[str, Any]] = {}
    namesakes: dict[tuple[str, int | None, str | None], Sequence[Listed]] = {}
    for settlement in settlements:
        for line in await _meant(connection, batch_id, settlement, namesakes):
            film = kinds.get(settlement.title_id or 0) == "film"
            said[line.key] = _settled(line, settlement, episodes, film=film)
    columns: dict[str, list[Any]] = {
        name: [each[name] for each in said.values()]
        for name in ("match", "title_id", "episode_id", "problem", "candidates")
    }
    columns |= {"n": [key.n for key in said], "part": [key.part for key in said]}
    await connection.execute(_SETTLE, {"batch": batch_id, **columns})
    left = sum(match == Match.AMBIGUOUS for match in columns["match"])
    return Settled(len(said) - left, left)


async def _with_titles(
    connection: AsyncConnection, settlements: Sequence[Settlement]
) -> list[Settlement]:
    """The settlements with the titles of the episodes that they name."""
    wanted = [each.episode_id for each in settlements if each.episode_id is not None]
    rows = await connection.execute(_TITLE_OF, {"episodes": wanted}) if wanted else ()
    title_of = {row.id: row.title_id for row in rows}
    found: list[Settlement] = []
    for each in settlements:
        if each.episode_id is not None:
            title_id = title_of.get(each.episode_id)
            if title_id is None or each.title_id not in (None, title_id):
                raise NoSuchEpisode
            if each.everywhere:
                raise InvalidInput(
                    "An episode settles one line; name the title to settle all of that name.",
                    field="everywhere",
                )
            each = replace(each, title_id=title_id)
        found.append(each)
    return found


async def _kinds(
    connection: AsyncConnection, profile_id: UUID, settlements: Sequence[Settlement]
) -> Mapping[int, str]:
    """What the titles are that are named, which the profile must be allowed to see."""
    wanted = {each.title_id for each in settlements if each.title_id is not None}
    if not wanted:
        return {}
    asked = {"titles": sorted(wanted), "profile": profile_id}
    kinds = {row.id: row.kind for row in await connection.execute(_SHOWN, asked)}
    if kinds.keys() != wanted:
        raise NotFound("No title has that id.", field="titleId")
    return kinds


async def _meant(
    connection: AsyncConnection,
    batch_id: UUID,
    settlement: Settlement,
    namesakes: dict[tuple[str, int | None, str | None], Sequence[Listed]],
) -> list[Listed]:
    """The lines that a settlement is about. namesakes: those read already, each name once."""
    line = await repo.line(connection, batch_id, settlement.key)
    if line.committed:
        raise AlreadyWritten(str(settlement.key))
    if not settlement.everywhere:
        return [line]
    reading = line.line.readings[0]
    key = reading.name, reading.year, reading.kind
    if key not in namesakes:
        namesakes[key] = await repo.namesakes(connection, batch_id, reading)
    # What could not be kept anywhere is still not meant.
    return [line, *(each for each in namesakes[key] if each.problem != matching.ONLY_TITLES)]


def _settled(
    listed: Listed,
    settlement: Settlement,
    episodes: Mapping[int, Sequence[Place]],
    *,
    film: bool,
) -> dict[str, Any]:
    """The columns of a line that a person has spoken of."""
    title_id, episode_id = settlement.title_id, settlement.episode_id
    columns: dict[str, Any] = {
        "match": Match.SETTLED.value, "title_id": title_id, "episode_id": None,
        "problem": None, "candidates": None,
    }  # fmt: skip
    if title_id is None:
        return columns | {"match": Match.SKIPPED.value}
    if listed.line.what is not What.WATCH:
        return columns
    if episode_id is not None:
        return columns | {"episode_id": episode_id}
    parts = [each for each in listed.line.readings if matching.names_part(each)]
    if not parts or film:
        return columns  # a person knows better: a film is one, whatever the file says of seasons
    for reading in parts:
        found, _ = matching.episode_of(reading, episodes.get(title_id, ()))
        if found is not None:
            return columns | {"episode_id": found}
    choice = Choice(title_id, None, 1.0, "what you said")
    rest = [each for each in listed.choices if each.title_id != title_id]
    told = [
        {
            "title_id": each.title_id, "episode_id": each.episode_id,
            "confidence": each.confidence, "why": each.why,
        }
        for each in (choice, *rest)
    ]  # fmt: skip
    return columns | {
        "match": Match.AMBIGUOUS.value,
        "title_id": None,
        "problem": matching.NO_EPISODE,
        "candidates": orjson.dumps(told[: matching.MOST_CANDIDATES]).decode(),
    }
