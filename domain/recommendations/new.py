"""What is new on somebody's platforms? The newest first, and of a day what they would like most."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from domain.accounts.viewer import Viewer
from domain.platforms import repo as platforms
from domain.recommendations import leaving_sql, regret, repo
from domain.recommendations.values import Pick
from domain.recommendations.viewing import viewing
from domain.titles import repo as titles
from domain.why import template
from domain.why.facts import facts_of


@dataclass(frozen=True, slots=True)
class New:
    """A title that none of their platforms had before. since: the first day that one had it;
    offers: rows of platforms.repo.offers_for on the platforms that were looked at.
    """

    pick: Pick
    since: date
    offers: Sequence[Any]
    why: str


async def new_titles(
    connection: AsyncConnection,
    viewer: Viewer,
    now: datetime,
    *,
    within_days: int = 14,
    first: int = 20,
) -> list[New]:
    """Titles that came to their platforms within so many days, today included.

    Without platforms to go by it is those of the country. A new season of a title that was there,
    or a better picture, is no new title.
    """
    who = await viewing(connection, viewer, now)
    begin = who.today - timedelta(within_days)
    asked = {**who.parameters(only_mine=True), "since": begin}
    arrived: list[tuple[date, float, Pick]] = []
    for row in await connection.execute(text(leaving_sql.NEW), asked):
        pick = who.pick(repo.candidate(row.candidate))
        arrived.append((row.since, regret.liking(pick), pick))
    arrived.sort(key=lambda each: (-each[0].toordinal(), -each[1], each[2].candidate.title_id))
    best = arrived[:first]
    offers = await platforms.offers_for(
        connection,
        [pick.candidate.title_id for _, _, pick in best],
        viewer.country,
        who.today,
        who.scope(only_mine=True),
        included_only=True,
    )
    people = await titles.people_names(
        connection, {person for _, _, pick in best for person in pick.kinship.shared_people}
    )
    found: list[New] = []
    for since, _, pick in best:
        facts = facts_of(pick, who.question, (), people, who.today)
        line = template.sentence(facts, pick.candidate.kind)
        found.append(New(pick, since, offers.get(pick.candidate.title_id, ()), line))
    return found
