"""Keeping what is believed of episodes in line with what is said of them."""

from collections.abc import Collection
from datetime import datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from domain.binge import following
from domain.filler import repo, rules


async def settle(session: AsyncSession, episode_ids: Collection[int], now: datetime) -> int:
    """Believe of episodes what their claims come to now; of how many that is something else.

    Binges that are followed are planned anew where another verdict came of it. The caller holds
    the titles, see repo.hold.
    """
    if not episode_ids:
        return 0
    connection = await session.connection()
    before = await repo.believed(connection, sorted(episode_ids))
    said = await repo.claims_of(connection, [row.id for row in before])
    new = {}
    titles: set[int] = set()
    for row in before:
        belief = rules.believed(said.get(row.id, ()))
        is_other = row.filler != belief.verdict.value
        if is_other or (row.filler_source, row.filler_confidence) != (
            belief.source,
            belief.confidence,
        ):
            new[row.id] = belief
        if is_other:
            titles.add(row.title_id)
    if new:
        await repo.believe(connection, new)
        await following.stale(session, title_ids=titles, now=now)
    return len(new)
