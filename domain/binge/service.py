"""When to watch what: a binge schedule for whoever asks, and how much of it they are told."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from domain.accounts.viewer import Viewer
from domain.binge import questions, repo, rules, words
from domain.binge.errors import NothingListed, TooManyEpisodes
from domain.binge.questions import Asked
from domain.binge.repo import Shown, Whom
from domain.binge.values import Alternative, Episode, Loss, Schedule, Sitting, Wish
from domain.db import Record
from domain.errors import NotFound
from domain.watchlists.finish import USUAL_PACE
from domain.watchlists.finish_repo import pace_for

PREVIEW_DAYS = 3
"""The first days with a sitting, which everybody is told; all of them takes Pro."""

_MANY = 300  # episodes; to plan so many takes the processor long enough for others to notice


@dataclass(frozen=True, slots=True)
class Answer:
    """A schedule as it is told. preview: whether only its first days are; the sums are always.

    card: of the title, a row of domain.titles.repo.CARD; today: the viewer's day.
    """

    card: Record
    schedule: Schedule
    today: date
    preview: bool

    @property
    def sentence(self) -> str:
        """What it comes to, in words."""
        return words.sentence(self.schedule, self.card.name, self.today)

    def advice(self, about: Loss | Alternative) -> str:
        """What is lost and why, or what a change brings, in words."""
        return words.advice(about, self.today)

    @property
    def sittings(self) -> Sequence[Sitting]:
        """Those that are told."""
        all_of_them = self.schedule.sittings
        return all_of_them[:PREVIEW_DAYS] if self.preview else all_of_them


async def schedule(
    connection: AsyncConnection, viewer: Viewer, title_id: int, asked: Asked, now: datetime
) -> Answer:
    """A schedule for what the viewer has not watched of a title, in at most four statements.

    Raises InvalidInput, NotFound also for a title above the viewer's ceiling, NothingListed and
    TooManyEpisodes.
    """
    whom = Whom.of(viewer, now)
    title = await look(connection, whom, title_id)
    wish = questions.wish_of(asked, whom.today, title.habits, title.seasons)
    episodes = await left(connection, whom, title, wish)
    made = await plan(episodes, wish, await pace(connection, whom, wish))
    return Answer(title.card, made, whom.today, is_preview(viewer))


async def look(connection: AsyncConnection, whom: Whom, title_id: int) -> Shown:
    """The title; raises NotFound, and NothingListed."""
    title = await repo.shown(connection, whom, title_id)
    if title is None:
        raise NotFound("No title has that id.", field="titleId")
    if not title.listed:
        raise NothingListed
    return title


async def left(
    connection: AsyncConnection, whom: Whom, title: Shown, wish: Wish
) -> Sequence[Episode]:
    """What is left to watch of the seasons that are wished for; raises TooManyEpisodes."""
    episodes = await repo.left(connection, whom, title, wish.seasons)
    if len(episodes) > repo.MOST_EPISODES:
        raise TooManyEpisodes(repo.MOST_EPISODES)
    return episodes


async def pace(connection: AsyncConnection, whom: Whom, wish: Wish) -> int:
    """Minutes a day of theirs, read where the wish leaves them to us."""
    if wish.minutes is not None or wish.until is not None or whom.profile_id is None:
        return USUAL_PACE
    return (await pace_for(connection, whom.profile_id, whom.today)).minutes


async def plan(episodes: Sequence[Episode], wish: Wish, pace: int) -> Schedule:
    """The schedule, for many episodes made in a thread of its own."""
    if len(episodes) > _MANY:
        return await asyncio.to_thread(rules.plan, episodes, wish, pace)
    return rules.plan(episodes, wish, pace)


def is_preview(viewer: Viewer) -> bool:
    """Whether the viewer is told only the first days of a schedule."""
    return viewer.plan != "pro"
