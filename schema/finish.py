"""Can I finish it before it leaves?"""

from datetime import date
from typing import Self

import strawberry

from domain.watchlists import finish_words
from domain.watchlists.finish import Plan
from schema.enums import PaceSource


@strawberry.type(
    description="Whether you can finish a title, in the order of its story, before it leaves your"
    " platforms. Filler episodes and specials don't count; what stays counts where it comes first."
)
class FinishPlan:
    sentence: str = strawberry.field(description="What to do, in words.")
    remaining_minutes: int = strawberry.field(
        description="What you haven't seen; 45 an episode and 110 a film where nobody knows."
    )
    remaining_episodes: int = strawberry.field(
        description="Episodes you haven't seen, without filler; 1 for a film."
    )
    filler_skipped: int = strawberry.field(description="Filler episodes that were left out.")
    pace_minutes_per_day: int = strawberry.field(
        description="What you have watched a day in the last four weeks, 15 to 300; a film takes"
        " one evening all the same."
    )
    pace_source: PaceSource = strawberry.field(description="Where the pace comes from.")
    leaves_on: date = strawberry.field(
        description="The first last day of anything you haven't seen."
    )
    start_by: date | None = strawberry.field(
        description="The last day to begin and still see everything; null where it is too late."
    )
    can_finish: bool = strawberry.field(description="Whether beginning today is soon enough.")
    loses_seasons: list[int] = strawberry.field(
        description="Seasons that leave before you get through them, beginning today."
    )

    @classmethod
    def of(cls, plan: Plan) -> Self:
        """From the domain's."""
        return cls(
            sentence=finish_words.sentence(plan),
            remaining_minutes=plan.minutes,
            remaining_episodes=plan.episodes,
            filler_skipped=plan.filler_skipped,
            pace_minutes_per_day=plan.pace.minutes,
            pace_source=plan.pace.source,
            leaves_on=plan.leaves_on,
            start_by=plan.start_by,
            can_finish=plan.can_finish,
            loses_seasons=list(plan.loses),
        )
