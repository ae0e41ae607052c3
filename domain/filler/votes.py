"""What people here say of episodes: for themselves, and counted for everybody."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlmodel.ext.asyncio.session import AsyncSession

from domain.binge import following
from domain.binge.values import Verdict
from domain.db import Record
from domain.errors import InvalidInput
from domain.filler import beliefs, repo, rules
from domain.filler.values import VOTES
from domain.history.errors import NoSuchEpisode
from domain.watchlists import repo as watchlists
from domain.watchlists.values import Whose

MOST_EPISODES = 250  # as many as a list in a question of GraphQL may hold

_OF_PROFILE = text("""
    SELECT v.episode_id, v.verdict FROM filler_votes v JOIN episodes e ON e.id = v.episode_id
    WHERE v.profile_id = :profile AND e.title_id = :title
""")
_OF_EPISODES = text("""
    SELECT episode_id, verdict FROM filler_votes
    WHERE profile_id = :profile AND episode_id = ANY (CAST(:episodes AS bigint[]))
""")
_TITLES = text("""
    SELECT e.id, e.title_id FROM episodes e JOIN titles t ON t.id = e.title_id
    WHERE e.id = ANY (CAST(:episodes AS bigint[])) AND t.maturity <= :ceiling
""")
_VOTE = text("""
    INSERT INTO filler_votes AS v (profile_id, episode_id, verdict, voted_at)
    SELECT :profile, e.id, :verdict, :now
    FROM episodes e WHERE e.id = ANY (CAST(:episodes AS bigint[]))
    ORDER BY e.id
    ON CONFLICT (profile_id, episode_id) DO UPDATE
    SET verdict = excluded.verdict, voted_at = excluded.voted_at
    WHERE v.verdict <> excluded.verdict
    RETURNING episode_id
""")
_UNVOTE = text("""
    DELETE FROM filler_votes
    WHERE profile_id = :profile AND episode_id = ANY (CAST(:episodes AS bigint[]))
    RETURNING episode_id
""")
_COUNT = text("""
    SELECT episode_id, verdict, count(*) AS votes FROM filler_votes
    WHERE episode_id = ANY (CAST(:episodes AS bigint[])) GROUP BY episode_id, verdict
""")
_SHOWN = text("""
    SELECT id, season_number, number, number_abs, name, runtime_min, air_date, filler,
           filler_source, filler_confidence
    FROM episodes WHERE id = ANY (CAST(:episodes AS bigint[]))
    ORDER BY season_number, number
""")


@dataclass(frozen=True, slots=True)
class Voted:
    """What a vote came to. changed: how many of the episodes they had not voted on like this;
    episodes: all of them as they are believed to be now, in order, see schema.titles.Episode.
    """

    title_id: int
    changed: int
    episodes: Sequence[Record]


async def of_profile(
    connection: AsyncConnection, profile_id: UUID, title_id: int
) -> Mapping[int, Verdict]:
    """What a profile says of a title's episodes: for itself it counts above all others."""
    asked = {"profile": profile_id, "title": title_id}
    rows = await connection.execute(_OF_PROFILE, asked)
    return {row.episode_id: Verdict(row.verdict) for row in rows}


async def of_episodes(
    connection: AsyncConnection, profile_id: UUID, episode_ids: Sequence[int]
) -> Mapping[int, Verdict]:
    """The same of some episodes, whatever their titles."""
    asked = {"profile": profile_id, "episodes": list(episode_ids)}
    rows = await connection.execute(_OF_EPISODES, asked)
    return {row.episode_id: Verdict(row.verdict) for row in rows}


async def vote(
    session: AsyncSession,
    whose: Whose,
    episode_ids: Sequence[int],
    verdict: Verdict | None,
    now: datetime,
) -> Voted:
    """Say whether episodes of one title are filler; None takes back what was said.

    The same again changes nothing. What everybody says is counted anew, and believed with all the
    rest. Raises InvalidInput, and NoSuchEpisode for what the profile may not see, too.
    """
    if verdict is Verdict.UNKNOWN:
        raise InvalidInput(
            "UNKNOWN is no vote. Take yours back instead, with unvoteFiller.", field="verdict"
        )
    wanted = list(dict.fromkeys(episode_ids))
    if not 1 <= len(wanted) <= MOST_EPISODES:
        raise InvalidInput(f"Name 1 to {MOST_EPISODES} episodes.", field="episodeIds")
    whose = await watchlists.lock(session, whose)
    connection = await session.connection()
    title_id = await _title(connection, whose, wanted)
    await repo.hold(connection, [title_id])

    asked = {"profile": whose.profile_id, "episodes": wanted}
    if verdict is None:
        rows = await connection.execute(_UNVOTE, asked)
    else:
        rows = await connection.execute(_VOTE, asked | {"verdict": verdict.value, "now": now})
    changed = list(rows.scalars())
    if changed:
        await _count(connection, changed, now)
        await beliefs.settle(session, changed, now)
        await following.stale(session, profile_id=whose.profile_id, title_ids=[title_id], now=now)
    shown = await connection.execute(_SHOWN, {"episodes": wanted})
    return Voted(title_id, len(changed), shown.all())


async def _title(connection: AsyncConnection, whose: Whose, episode_ids: Collection[int]) -> int:
    asked = {"episodes": list(episode_ids), "ceiling": whose.ceiling}
    rows = (await connection.execute(_TITLES, asked)).all()
    if len(rows) < len(episode_ids):
        raise NoSuchEpisode("episodeIds")
    titles = {row.title_id for row in rows}
    if len(titles) > 1:
        raise InvalidInput("Name episodes of one title at a time.", field="episodeIds")
    return titles.pop()


async def _count(connection: AsyncConnection, episode_ids: Sequence[int], now: datetime) -> None:
    """Make one claim of all votes on each episode, or none."""
    votes: defaultdict[int, dict[Verdict, int]] = defaultdict(dict)
    for row in await connection.execute(_COUNT, {"episodes": list(episode_ids)}):
        votes[row.episode_id][Verdict(row.verdict)] = row.votes
    counted = {key: rules.of_votes(votes[key]) for key in episode_ids}
    said = [(key, claim) for key, claim in counted.items() if claim]
    none = [(key, VOTES) for key, claim in counted.items() if not claim]
    await repo.say(connection, said, now)
    await repo.withdraw(connection, none)
