"""Which episodes are to be watched, in what order, and how long each takes. Pure."""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from domain.binge.values import Episode, Verdict, Wish

HORIZON_DAYS = 3_653  # ten years: what takes longer has no date, what leaves later has no end
NEVER = date.max.toordinal()


@dataclass(frozen=True, slots=True)
class Story:
    """Episodes in the order they are watched in, and next to each, in lists of the same length,
    what packing asks of it.

    whole: minutes as the first of a sitting; short: after another one; opens, closes: the first
    and the last day (ordinals) on which it can be watched, NEVER where there is no end, and 0 where
    nobody has it. spent: minutes of the day spent_on (an ordinal) that are used already.
    """

    episodes: tuple[Episode, ...]
    whole: tuple[int, ...]
    short: tuple[int, ...]
    opens: tuple[int, ...]
    closes: tuple[int, ...]
    spent: int = 0
    spent_on: int = 0

    @property
    def longest(self) -> int:
        """Minutes of the longest episode that somebody has; 0 without any."""
        there = zip(self.whole, self.closes, strict=True)
        return max((minutes for minutes, last in there if last), default=0)

    @property
    def seasons(self) -> tuple[int, ...]:
        """Those that something is left of, in order, the specials last."""
        return tuple(sorted({each.season for each in self.episodes}, key=_season_key))


def wished(episodes: Sequence[Episode], wish: Wish) -> list[Episode]:
    """The episodes of the seasons that are wished for, in no order, filler and all.

    The specials have to be wished for, and where seasons are named, to be named too, as season 0.
    """
    return [
        each
        for each in episodes
        if (each.season != 0 or wish.specials)
        and (wish.seasons is None or each.season in wish.seasons)
    ]


def is_skipped(episode: Episode, wish: Wish) -> bool:
    """Whether an episode is left out: what only might be filler never is."""
    return wish.skip_filler and episode.verdict is Verdict.FILLER


def story_of(episodes: Sequence[Episode], wish: Wish, first: int | None = None) -> Story:
    """What is to be watched, in its order. first: a season that is watched before the others."""
    planned = [each for each in wished(episodes, wish) if not is_skipped(each, wish)]
    ordered = _in_order(planned)
    if first is not None:
        ordered.sort(key=lambda each: each.season != first)
    whole = [max(1, each.minutes - wish.skip_credits) for each in ordered]
    # A recap is never longer than the episode it tells of. So no sitting is ever shorter for
    # having one episode more, and to be further in the story is never worse: the searches rest on
    # that.
    short = [
        max(1, minutes - min(wish.skip_recap, before))
        for minutes, before in zip(whole, [0, *whole], strict=False)
    ]
    in_sight = wish.start.toordinal() + HORIZON_DAYS
    return Story(
        episodes=tuple(ordered),
        whole=tuple(whole),
        short=tuple(short),
        opens=tuple(each.airs_on.toordinal() if each.airs_on else 0 for each in ordered),
        closes=tuple(_closes(each, in_sight) for each in ordered),
        spent=wish.spent,
        spent_on=wish.spent_on.toordinal() if wish.spent_on else 0,
    )


def skipped_minutes(episodes: Sequence[Episode], wish: Wish) -> int:
    """What the filler that is left out would take, none of it the first of its sitting."""
    shorter = wish.skip_credits + wish.skip_recap
    filler = (each for each in wished(episodes, wish) if is_skipped(each, wish))
    return sum(max(1, each.minutes - shorter) for each in filler)


def _in_order(episodes: Sequence[Episode]) -> list[Episode]:
    """Season by season, and the specials where they aired: before the first episode that aired
    later, or after everything where that can't be told.
    """
    told = sorted((each for each in episodes if each.season), key=_number)
    specials = sorted((each for each in episodes if not each.season), key=_number)
    days: list[date] = []  # each later than all before it, and
    places: list[int] = []  # where in the story it is
    for at, each in enumerate(told):
        if each.airs_on and (not days or each.airs_on > days[-1]):
            days.append(each.airs_on)
            places.append(at)
    places.append(len(told))
    before: defaultdict[int, list[Episode]] = defaultdict(list)
    for special in sorted(specials, key=_aired):
        before[places[bisect_right(days, _aired(special))]].append(special)
    ordered: list[Episode] = []
    for at, each in enumerate(told):
        ordered += [*before.get(at, ()), each]
    return ordered + before[len(told)]


def _closes(episode: Episode, in_sight: int) -> int:
    if not episode.available:
        return 0
    last = episode.until.toordinal() if episode.until else NEVER
    return last if last <= in_sight else NEVER


def _number(episode: Episode) -> tuple[int, int]:
    return episode.season, episode.number


def _aired(episode: Episode) -> date:
    return episode.airs_on or date.max


def _season_key(season: int) -> tuple[bool, int]:
    return season == 0, season
