"""What the lines of some titles add to a history. Pure: what is there in, what to write out.

A line that says what is there already adds nothing. A watch of which only the day is known is the
same as any of that title on that day, by the profile's calendar, whichever was there first.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta, tzinfo

from domain.events.values import WatchlistKind
from domain.history import rules
from domain.imports.batches import LineKey, Listed
from domain.imports.values import What

IMPORTED = "import."
_NOON = time(12, tzinfo=UTC)
_EARLIEST = datetime(1900, 1, 1, tzinfo=UTC)
_OLDEST_GUESS = date(1990, 1, 1)

WRONG_MOMENT = "It says a moment that can't be: before 1900, or still to come."
SAME_WATCH = "It was in the history already."
OWN_RATING = "There is a rating already, which stays."
SAME_WISH = "It is on the watchlist already."


@dataclass(frozen=True, slots=True)
class Seen:
    """A line of a history. episode_id None: the whole title; source: who told of it."""

    episode_id: int | None
    watched_at: datetime
    source: str


@dataclass(frozen=True, slots=True)
class Rated:
    """A rating and when it was given."""

    score: int
    rated_at: datetime


@dataclass(frozen=True, slots=True)
class Wished:
    """A wish: since when, and when it was watched, if it was. platform: by its slug."""

    added_at: datetime
    watched_at: datetime | None = None
    note: str | None = None
    platform: str | None = None


@dataclass(slots=True)
class Known:
    """What is there of one title. first_shown: by episode, and under None of the title itself.

    imported: the ratings that earlier imports gave it; story: the episodes to finish it.
    """

    seen: list[Seen] = field(default_factory=list)
    rating: Rated | None = None
    imported: set[Rated] = field(default_factory=set)
    wish: Wished | None = None
    story: Set[int] = frozenset()
    first_shown: Mapping[int | None, date] = field(default_factory=dict)


@dataclass(slots=True)
class Plan:
    """What to write of one title.

    watches: (episode, moment) with the line that says so; ratings: what a line gives, and what was
    there before; wish: with its line; ticked: when the wish was watched, with the line of that
    watch; kind: what to tell of the wish, None for nothing; problems: of lines that add nothing.
    """

    watches: dict[tuple[int | None, datetime], LineKey] = field(default_factory=dict)
    ratings: list[tuple[LineKey, Rated, Rated | None]] = field(default_factory=list)
    wish: tuple[LineKey, Wished] | None = None
    ticked: tuple[LineKey, datetime] | None = None
    kind: WatchlistKind | None = None
    problems: dict[LineKey, str] = field(default_factory=dict)


def plan(
    lines: Sequence[Listed], known: Known, *, zone: tzinfo, now: datetime, source: str
) -> Plan:
    """What the lines of one title add; source: what its watches are told by."""
    made = Plan()
    history = _History(known.seen, zone)
    for each in lines:
        line = each.line
        at = _moment(each, known, now)
        if at is None:
            made.problems[each.key] = WRONG_MOMENT
        elif line.what is What.WATCH:
            if history.has(each.episode_id, at, dated=line.dated):
                made.problems[each.key] = SAME_WATCH
            else:
                history.add(Seen(each.episode_id, at, source), dated=line.dated)
                made.watches[each.episode_id, at] = each.key
        elif line.what is What.RATING and line.score is not None:
            _rate(made, known, each.key, Rated(line.score, at))
        elif line.what is What.WISH:
            if known.wish is not None or made.wish is not None:
                made.problems[each.key] = SAME_WISH
            else:
                made.wish = each.key, Wished(at, note=line.note, platform=line.platform)
    _follow(made, known)
    return made


class _History:
    """What was watched of a title, and whether a line says the same."""

    def __init__(self, seen: Iterable[Seen], zone: tzinfo) -> None:
        self._zone = zone
        self._moments: set[tuple[int | None, datetime]] = set()
        self._days: set[tuple[int | None, date]] = set()
        self._bare_days: set[tuple[int | None, date]] = set()
        for each in seen:
            bare = (
                each.source.startswith(IMPORTED)
                and each.watched_at.astimezone(UTC).timetz() == _NOON
            )
            self.add(each, dated=bare)

    def add(self, seen: Seen, *, dated: bool) -> None:
        at, of = seen.watched_at.astimezone(UTC), seen.episode_id
        self._moments.add((of, at))
        day = at.date() if dated else at.astimezone(self._zone).date()
        self._days.add((of, day))
        if dated:
            self._bare_days.add((of, day))

    def has(self, of: int | None, at: datetime, *, dated: bool) -> bool:
        if dated:
            return (of, at.date()) in self._days
        day = at.astimezone(self._zone).date()
        return (of, at) in self._moments or (of, day) in self._bare_days


def _moment(each: Listed, known: Known, now: datetime) -> datetime | None:
    """When it was, in UTC; None where that can't be.

    Where nobody says, a wish or a rating is of now, and a watch of the day on which the thing was
    first shown: it must be the same each time, and must not look like last night.
    """
    line = each.line
    if line.at is None:
        if line.what is not What.WATCH:
            return now
        day = known.first_shown.get(each.episode_id, known.first_shown.get(None, _OLDEST_GUESS))
        return min(datetime.combine(day, _NOON), now)
    at = line.at.astimezone(UTC)
    if line.dated:
        at = datetime.combine(at.date(), _NOON)
    if at > now:
        # Noon of today may be ahead of us, and it is tomorrow already where the file was made.
        return now if at - now < timedelta(days=1) and line.dated else None
    return at if at >= _EARLIEST else None


def _rate(made: Plan, known: Known, key: LineKey, given: Rated) -> None:
    """A rating stays, unless an earlier import gave it and this one is newer."""
    there = made.ratings[-1][1] if made.ratings else known.rating
    ours = bool(made.ratings) or there in known.imported
    if there is None or (ours and given.rated_at > there.rated_at):
        made.ratings.append((key, given, there))
    else:
        made.problems[key] = OWN_RATING


def _follow(made: Plan, known: Known) -> None:
    """What the new watches make of the wish: one that was wished for before is watched by them.

    What was watched before it was wished for says nothing: it is to be seen again.
    """
    wish = known.wish or (made.wish and made.wish[1])
    if wish is None:
        return
    if made.wish:
        made.kind = WatchlistKind.ADDED
    elif made.watches:
        made.kind = WatchlistKind.CHANGED
    late = {
        (of, at): key
        for (of, at), key in made.watches.items()
        if at.date() >= wish.added_at.astimezone(UTC).date()
    }
    if wish.watched_at is not None or not late:
        return
    whole = [at for of, at in late if of is None]
    before = {each.episode_id for each in known.seen if each.episode_id is not None}
    after = before | {of for of, _ in made.watches if of is not None}
    if whole:
        at = max(whole)
        made.ticked = late[None, at], at
    elif known.story and rules.finishes(known.story, before, after):
        (of, at) = max(late, key=lambda each: each[1])
        made.ticked = late[of, at], at
    if made.ticked:
        made.kind = WatchlistKind.WATCHED


def by_title(lines: Iterable[Listed]) -> dict[int, list[Listed]]:
    """Lines by the title they speak of."""
    found: defaultdict[int, list[Listed]] = defaultdict(list)
    for each in lines:
        assert each.title_id is not None
        found[each.title_id].append(each)
    return found
