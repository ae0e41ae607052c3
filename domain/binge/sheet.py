"""What a model is told of a plan that it puts into a sentence: our sums, and no name. Pure."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from domain.binge.phrases import day_name
from domain.binge.values import Schedule
from domain.why.plain_names import is_plain_name
from domain.why.values import Sheet


def sheet_of(schedule: Schedule, name: str, today: date | None = None) -> Sheet:
    """A plan's facts, with a place for the title's name if it is written as names are."""
    names = {"TITLE": name} if is_plain_name(name) else {}
    return Sheet("binge", facts_of(schedule, today), names)


def facts_of(schedule: Schedule, today: date | None = None) -> Mapping[str, Any]:
    """What a plan comes to, in the keys that `domain/why/grounds.py` reads.

    episodes: those to watch; filler: those that are skipped; minutes: all of them; days: evenings;
    episodes_a_day: of a full evening, where all are alike; minutes_a_day: where every day has the
    same; finish, start_by, until, leaves: days by their names.
    """
    wish, sittings = schedule.wish, schedule.sittings
    near = today or wish.start
    facts: dict[str, Any] = {"fits": schedule.fits, "episodes": schedule.planned}
    facts["minutes"] = schedule.minutes
    if skipped := schedule.episodes - schedule.planned:
        facts["filler"] = skipped
    if schedule.fits and sittings:
        facts["days"] = len(sittings)
        counts = {len(sitting.episodes) for sitting in sittings[:-1] or sittings}
        if len(counts) == 1 and min(schedule.minutes_by_weekday) > 0:
            facts["episodes_a_day"] = counts.pop()
    if len(set(schedule.minutes_by_weekday)) == 1:
        facts["minutes_a_day"] = schedule.minutes_by_weekday[0]
    leaving = [loss.until for loss in schedule.losses if loss.until is not None]
    days = {
        "finish": schedule.finishes_on,
        "start_by": schedule.latest_start,
        "until": wish.until,
        "leaves": min(leaving, default=None),
    }
    named = {key: day_name(day, near, today) for key, day in days.items() if day is not None}
    return facts | named
