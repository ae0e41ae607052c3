"""A viewer as a list of titles sees them: what they have, avoid, like and have finished."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from domain.accounts.viewer import Viewer
from domain.profiles import repo as profiles
from domain.recommendations import repo, rules, taste
from domain.recommendations.values import Candidate, Liked, Pick, Question


@dataclass(frozen=True, slots=True)
class Viewing:
    """Somebody on a day. platforms: those of their profile; empty where they have said none.

    preferred: moods they like.
    """

    viewer: Viewer
    today: date
    platforms: tuple[int, ...]
    avoided: tuple[str, ...]
    preferred: tuple[str, ...]
    liked: tuple[Liked, ...]

    @property
    def question(self) -> Question:
        """What a list asks of every title: nothing but to be theirs."""
        return Question(mood=None, time_min=None, group_size=1, platform_ids=self.platforms)

    def pick(self, candidate: Candidate) -> Pick:
        """The recommender's judgement of a candidate."""
        kinship = taste.kinship(candidate, self.liked) if self.liked else None
        return rules.score(candidate, self.question, kinship, self.today, self.preferred)

    def parameters(self, *, only_mine: bool) -> Mapping[str, Any]:
        """What the statements of lists take; only_mine: on their platforms, if they said any.

        Who has said none has nothing to go by, and sees what all platforms of the country have.
        """
        return {
            "profile": self.viewer.profile_id,
            "country": self.viewer.country,
            "today": self.today,
            "ceiling": self.viewer.ceiling,
            "avoided": list(self.avoided),
            "seen": [],
            "mood": None,
            "platforms": list(self.scope(only_mine=only_mine) or ()) or None,
            "mine": list(self.platforms),
            **repo.leanings(self.liked),
        }

    def scope(self, *, only_mine: bool) -> tuple[int, ...] | None:
        """The platforms to look at; None: all."""
        return self.platforms if only_mine and self.platforms else None


async def viewing(connection: AsyncConnection, viewer: Viewer, now: datetime) -> Viewing:
    """A viewer at a moment, in three statements; nobody in particular takes none."""
    today = viewer.today(now)
    if viewer.profile_id is None:
        return Viewing(viewer, today, (), (), (), ())
    key = viewer.profile_id
    profile = (await profiles.by_id(connection, [key])).get(key)
    platforms = tuple((await profiles.platform_ids(connection, [key])).get(key, ()))
    nothing = Question(mood=None, time_min=None, group_size=1, platform_ids=platforms)
    past = await repo.past(connection, viewer, nothing, now)
    return Viewing(
        viewer,
        today,
        platforms,
        tuple(profile.avoided_genres) if profile else (),
        tuple(profile.mood_preferences) if profile else (),
        past.liked,
    )
