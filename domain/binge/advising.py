"""What is lost and why, and what a change brings, each as a sentence of its own. Pure."""

from datetime import date

from domain.binge.phrases import (
    count_words,
    is_or_are,
    on_day,
    part_words,
    week_words,
)
from domain.binge.values import Alternative, Change, Loss, Trouble


def of_loss(loss: Loss, today: date | None) -> str:
    """ "7 episodes of season 2 leave before their turn, on 24 January"."""
    unseen = f"{count_words(loss.episodes, 'episode')} of {part_words([loss.season])}"
    are = is_or_are(loss.episodes)
    match loss.trouble:
        case Trouble.TOO_LITTLE_TIME:
            return f"{unseen} {are} left over at the end."
        case Trouble.LEAVES_EARLIER:
            assert loss.until is not None
            one = loss.episodes == 1
            leave = "leaves before its turn" if one else "leave before their turn"
            return f"{unseen} {leave}, {on_day(loss.until, today)}."
        case Trouble.TOO_LONG_AN_EPISODE:
            return f"{unseen} {are} longer than the minutes of any day."
        case Trouble.NOT_AVAILABLE:
            return f"{unseen} {are} on none of your services."
        case Trouble.AIRS_LATER:
            return f"{unseen} {'airs' if loss.episodes == 1 else 'air'} after the last day."


def of_alternative(way: Alternative, today: date | None) -> str:
    """ "Seasons 1 to 3 alone are done on 24 January"."""
    done = f"done {on_day(way.finishes_on, today)}"
    match way.change:
        case Change.MORE_MINUTES:
            return f"With {week_words(way.minutes or ())} you are {done}."
        case Change.SKIP_FILLER:
            return f"Without the filler you are {done}."
        case Change.FEWER_SEASONS:
            kept = part_words(way.seasons or ())
            alone = "alone is" if len(way.seasons or ()) == 1 else "alone are"
            return f"{kept[0].upper()}{kept[1:]} {alone} {done}."
        case Change.MORE_DAYS:
            pace = f" with {week_words(way.minutes)}" if way.minutes else ""
            return f"Given the time{pace}, you are {done}."
        case Change.LEAVING_FIRST:
            first = part_words([way.first or 0])
            return f"With {first} first, though out of order, you are {done}."
