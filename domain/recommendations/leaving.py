"""What is leaving that somebody would miss? The most regretted first, each with its reason."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from domain.accounts.viewer import Viewer
from domain.db import Record
from domain.errors import InvalidInput
from domain.platforms import repo as platforms
from domain.recommendations import leaving_sql, regret, repo
from domain.recommendations.values import Pick
from domain.recommendations.viewing import Viewing, viewing
from domain.titles import repo as titles
from domain.why import template
from domain.why.facts import Fact, facts_of

FARTHEST_DAYS = 90
MOST = 100
_MOST_NAMED = 3  # platforms in a sentence


@dataclass(frozen=True, slots=True)
class Leaving:
    """A title that leaves a platform.

    offers: rows of platforms.repo.offers_for on the platforms that were looked at; expires_on: the
    last day, days_left: until then, 0 is today; seasons: which of it leave that day, empty for all
    of it; stays_elsewhere: another platform of theirs has it longer; regret: 0 to 1.
    """

    pick: Pick
    offers: Sequence[Any]
    expires_on: date
    days_left: int
    seasons: tuple[int, ...]
    stays_elsewhere: bool
    regret: float
    why: str


def check(within_days: int, first: int, *, days_field: str = "within_days") -> None:
    """Raise InvalidInput for a window or a number of titles that is out of range."""
    if not 1 <= within_days <= FARTHEST_DAYS:
        raise InvalidInput(f"{days_field} goes from 1 to {FARTHEST_DAYS}.", field=days_field)
    if not 1 <= first <= MOST:
        raise InvalidInput(f"first goes from 1 to {MOST}.", field="first")


async def leaving_soon(
    connection: AsyncConnection,
    viewer: Viewer,
    now: datetime,
    *,
    within_days: int = 7,
    first: int = 20,
    only_my_platforms: bool = True,
) -> list[Leaving]:
    """The titles they would miss most of those that leave within so many days.

    only_my_platforms: without an account, or with a profile that has said no platforms, there is
    nothing to go by, and it is all platforms of the country.
    """
    who = await viewing(connection, viewer, now)
    parameters = who.parameters(only_mine=only_my_platforms)
    until = who.today + timedelta(within_days)
    rows = await connection.execute(text(leaving_sql.LEAVING), {**parameters, "until": until})
    judged = sorted((_judge(row, who) for row in rows), key=lambda each: each.place)
    best = judged[:first]
    offers = await platforms.offers_for(
        connection,
        [each.title_id for each in best],
        viewer.country,
        who.today,
        who.scope(only_mine=only_my_platforms),
        included_only=True,
    )
    people = await titles.people_names(
        connection, {person for each in best for person in each.pick.kinship.shared_people}
    )
    return [_told(each, offers.get(each.title_id, ()), people, who) for each in best]


def parts_that_go(offers: Sequence[Record], day: date) -> tuple[tuple[str, ...], tuple[int, ...]]:
    """The names of the platforms that lose something of a title on a day, and the seasons they
    lose; no seasons where nothing of it is left behind. Specials are nobody's loss.

    offers: of one title, rows of platforms.repo.offers_for.
    """
    ends: dict[tuple[str, int | None], date] = {}
    for offer in (each for each in offers if each.season_number != 0):
        part = offer.platform_name, offer.season_number
        ends[part] = max(offer.expires_on or date.max, ends.get(part, date.min))
    for name, season in [part for part in ends if part[1] is not None]:
        ends[name, season] = max(ends[name, season], ends.get((name, None), date.min))
    losing = tuple(dict.fromkeys(name for (name, _), end in ends.items() if end == day))
    seasons = {part[1] for part, end in ends.items() if end == day}
    stays = any(end > day for (name, _), end in ends.items() if name in losing)
    named = tuple(sorted(number for number in seasons if number is not None))
    return losing, named if stays and None not in seasons else ()


@dataclass(frozen=True, slots=True)
class _Judged:
    """A candidate with its regret. elsewhere: another platform of theirs has it longer."""

    pick: Pick
    leaves_on: date
    regret: float
    elsewhere: bool

    @property
    def title_id(self) -> int:
        return self.pick.candidate.title_id

    @property
    def place(self) -> tuple[float, date, int]:
        return -self.regret, self.leaves_on, self.title_id


def _judge(row: Record, who: Viewing) -> _Judged:
    candidate = repo.candidate(row.candidate)
    day = candidate.leaves_on
    assert day is not None  # that is what the statement chose it for
    # What leaves is said below and not by the recommender, who means the last of their platforms.
    pick = who.pick(replace(candidate, leaves_on=None))
    days = (day - who.today).days
    lost_in = days  # on none of theirs: what leaves is all there is
    if row.lost_on is not None:
        lost_in = (row.lost_on - who.today).days
    missed = regret.regret(regret.liking(pick), days, None if row.is_kept else lost_in)
    elsewhere = bool(row.is_kept or (row.lost_on is not None and row.lost_on > day))
    return _Judged(pick, day, missed, elsewhere)


def _told(
    judged: _Judged, offers: Sequence[Record], people: Mapping[int, str], who: Viewing
) -> Leaving:
    names, seasons = parts_that_go(offers, judged.leaves_on)
    days = (judged.leaves_on - who.today).days
    data = {"on": judged.leaves_on, "days": days, "platforms": _named(names), "seasons": seasons}
    facts = facts_of(judged.pick, who.question, (), people, who.today)
    facts = (*facts, Fact("leaving", data, 0.0))
    return Leaving(
        pick=judged.pick,
        offers=offers,
        expires_on=judged.leaves_on,
        days_left=days,
        seasons=seasons,
        stays_elsewhere=judged.elsewhere,
        regret=judged.regret,
        why=template.sentence(facts, judged.pick.candidate.kind),
    )


def _named(names: Sequence[str]) -> list[str]:
    """Platforms as one name for a sentence."""
    if len(names) > _MOST_NAMED:
        return [f"{len(names)} services"]
    return [" and ".join(names)] if names else []
