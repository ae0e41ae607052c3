"""Claims and votes in Postgres: what was said, and what is believed of it now."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from domain.binge.values import Verdict
from domain.db import Record
from domain.filler.values import Belief, Claim, Known, Place, Show
from domain.titles.names import fold

_SHOWS = text("""
    SELECT id, name, name_key, year, imdb_id, tmdb_id, mal_id, trakt_id FROM titles
    WHERE kind = 'series'
      AND (imdb_id = ANY (CAST(:imdb AS text[])) OR tmdb_id = ANY (CAST(:tmdb AS integer[]))
           OR mal_id = ANY (CAST(:mal AS integer[])) OR trakt_id = ANY (CAST(:trakt AS integer[]))
           OR name_key = ANY (CAST(:names AS text[])))
    ORDER BY id
""")
_PLACES = text("""
    SELECT id, title_id, season_number, number, number_abs, name, air_date FROM episodes
    WHERE title_id = ANY (CAST(:titles AS bigint[])) ORDER BY title_id, season_number, number
""")
# Whoever changes what is said of a title's episodes holds it until the commit: beliefs are made of
# what everybody says, so two changes may not meet. In the order of their keys nobody deadlocks.
_HOLD = text("""
    SELECT id FROM titles WHERE id = ANY (CAST(:titles AS bigint[])) ORDER BY id
    FOR NO KEY UPDATE
""")
_SAY = text("""
    INSERT INTO filler_claims AS c (episode_id, source, verdict, confidence, url, heard_at)
    SELECT episode_id, source, verdict, confidence, url, :now
    FROM unnest(CAST(:episodes AS bigint[]), CAST(:sources AS text[]), CAST(:verdicts AS text[]),
                CAST(:confidences AS float8[]), CAST(:urls AS text[]))
         AS said (episode_id, source, verdict, confidence, url)
    ORDER BY episode_id, source
    ON CONFLICT (episode_id, source) DO UPDATE
    SET verdict = excluded.verdict, confidence = excluded.confidence, url = excluded.url,
        heard_at = excluded.heard_at
    WHERE (c.verdict, c.confidence, c.url)
          IS DISTINCT FROM (excluded.verdict, excluded.confidence, excluded.url)
    RETURNING episode_id
""")
_WITHDRAW = text("""
    DELETE FROM filler_claims c
    USING unnest(CAST(:episodes AS bigint[]), CAST(:sources AS text[])) AS said (episode_id, source)
    WHERE c.episode_id = said.episode_id AND c.source = said.source
""")
_SAID_BY = text("""
    SELECT c.episode_id, c.source, e.title_id
    FROM filler_claims c JOIN episodes e ON e.id = c.episode_id
    WHERE c.source = ANY (CAST(:sources AS text[]))
""")
_BELIEVED = text("""
    SELECT id, title_id, filler, filler_source, filler_confidence FROM episodes
    WHERE id = ANY (CAST(:episodes AS bigint[])) ORDER BY id FOR NO KEY UPDATE
""")
_CLAIMS = text("""
    SELECT episode_id, source, verdict, confidence, url FROM filler_claims
    WHERE episode_id = ANY (CAST(:episodes AS bigint[]))
    ORDER BY episode_id, confidence DESC, source
""")
_BELIEVE = text("""
    UPDATE episodes e
    SET filler = n.verdict, filler_source = n.source, filler_confidence = n.confidence
    FROM unnest(CAST(:episodes AS bigint[]), CAST(:verdicts AS text[]), CAST(:sources AS text[]),
                CAST(:confidences AS float8[])) AS n (id, verdict, source, confidence)
    WHERE e.id = n.id
""")


async def shows(connection: AsyncConnection, asked: Iterable[Show]) -> list[Known]:
    """The series that some names and ids may mean."""
    asked = list(asked)
    rows = await connection.execute(
        _SHOWS,
        {
            "imdb": [each.imdb_id for each in asked if each.imdb_id],
            "tmdb": [each.tmdb_id for each in asked if each.tmdb_id],
            "mal": [each.mal_id for each in asked if each.mal_id],
            "trakt": [each.trakt_id for each in asked if each.trakt_id],
            "names": [key for each in asked if each.name and (key := fold(each.name))],
        },
    )
    return [Known(**row._mapping) for row in rows]


async def places(
    connection: AsyncConnection, title_ids: Collection[int]
) -> Mapping[int, list[Place]]:
    """The episodes of series, by title."""
    found: defaultdict[int, list[Place]] = defaultdict(list)
    for row in await connection.execute(_PLACES, {"titles": list(title_ids)}):
        found[row.title_id].append(
            Place(row.id, row.season_number, row.number, row.number_abs, row.name, row.air_date)
        )
    return found


async def hold(connection: AsyncConnection, title_ids: Collection[int]) -> None:
    """Keep others from changing what is said of some titles' episodes, until the commit."""
    await connection.execute(_HOLD, {"titles": list(title_ids)})


async def said_by(connection: AsyncConnection, sources: Collection[str]) -> Sequence[Record]:
    """All that some sources say: episode_id, source, title_id."""
    return (await connection.execute(_SAID_BY, {"sources": list(sources)})).all()


async def say(
    connection: AsyncConnection, claims: Sequence[tuple[int, Claim]], now: datetime
) -> list[int]:
    """Write claims of episodes; the episodes of those that are new or changed."""
    if not claims:
        return []
    rows = await connection.execute(
        _SAY,
        {
            "episodes": [key for key, _ in claims],
            "sources": [each.source for _, each in claims],
            "verdicts": [each.verdict.value for _, each in claims],
            "confidences": [each.confidence for _, each in claims],
            "urls": [each.url for _, each in claims],
            "now": now,
        },
    )
    return list(rows.scalars())


async def withdraw(connection: AsyncConnection, claims: Sequence[tuple[int, str]]) -> None:
    """Take out the claims of sources of episodes."""
    if not claims:
        return
    asked = {"episodes": [key for key, _ in claims], "sources": [source for _, source in claims]}
    await connection.execute(_WITHDRAW, asked)


async def claims_of(
    connection: AsyncConnection, episode_ids: Sequence[int]
) -> Mapping[int, list[Claim]]:
    """Who says what of episodes, the surest first."""
    found: defaultdict[int, list[Claim]] = defaultdict(list)
    for row in await connection.execute(_CLAIMS, {"episodes": list(episode_ids)}):
        claim = Claim(row.source, Verdict(row.verdict), row.confidence, row.url)
        found[row.episode_id].append(claim)
    return found


async def believed(connection: AsyncConnection, episode_ids: Sequence[int]) -> Sequence[Record]:
    """What is believed of episodes, which nobody else may change until the commit.

    id, title_id, filler, filler_source, filler_confidence.
    """
    return (await connection.execute(_BELIEVED, {"episodes": list(episode_ids)})).all()


async def believe(connection: AsyncConnection, beliefs: Mapping[int, Belief]) -> None:
    """Write what is believed of episodes now."""
    await connection.execute(
        _BELIEVE,
        {
            "episodes": list(beliefs),
            "verdicts": [each.verdict.value for each in beliefs.values()],
            "sources": [each.source for each in beliefs.values()],
            "confidences": [each.confidence for each in beliefs.values()],
        },
    )
