"""Which title a line speaks of, and how sure that is. Pure: lines and titles in, verdicts out.

A confidence goes from 0 to 1 and is no probability: it says what speaks for a title, so that
better evidence always beats worse (docs/import.md has the table). A line is matched when the best
title is at SURE and ahead of the next one by AHEAD.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from domain.imports.spelling import loose, main_part, variants
from domain.imports.values import Ids, Line, Reading, What
from domain.titles.names import fold

SURE, AHEAD, WORTH_ASKING = 0.9, 0.05, 0.5
MOST_CANDIDATES = 5

MATCHED, AMBIGUOUS, UNKNOWN, SKIPPED = "matched", "ambiguous", "unknown", "skipped"

NO_EPISODE = "We have the series, but not this episode."
WHOLE_SEASON = "It speaks of a whole season; a history has episodes and whole titles."
ONLY_TITLES = "Ratings are kept of whole titles, not of seasons or episodes."

_EXACT, _LOOSE, _CUT, _ALIKE = (
    "the same name",
    "nearly the same name",
    "a subtitle apart",
    "a name alike",
)
# By how the names agree, and the years: the same, one apart, one of them unknown.
_BY_NAME = {
    _EXACT: (0.99, 0.93, 0.92),
    _LOOSE: (0.96, 0.86, 0.90),
    _CUT: (0.86, 0.76, 0.70),
    _ALIKE: (0.80, 0.68, 0.60),
}
_YEARS = ("and year", "one year apart", "a year unknown")
# Years are told wrong by two or three now and then; farther apart it is another film of that name.
_OTHER_YEAR, _FAR_YEAR, _NEAR_YEARS = 0.62, 0.45, 3
# Short names are given twice: two films called "Prey", a year apart, are two films, and "Host" is
# not "The Host". By letters, for a year apart and for another spelling.
_SHORT, _SHORT_YEAR, _SHORT_SPELLING = 0.08, 12, 8
_OTHER_KIND = 0.15
_OTHER_ID = 0.12
_BESIDE_PROOF = 0.10
_LATER_READING = 0.01
_EPISODE_NAMED = 0.05
# A series of which we have other episodes is less likely meant than one of which we have none.
_EPISODE_UNKNOWN, _NO_EPISODES = 0.80, 0.88
# An id that names a title: with its name or year agreeing, with nothing to compare, against both.
_ID_AGREES, _ID_YEAR_AGREES, _ID_ALONE, _ID_CONTRADICTED = 1.0, 0.96, 0.92, 0.6
_TYPED = {"ours", "imdb_id"}  # by people, in a file or in a catalogue, and now and then wrong
_TYPED_ALONE = 0.85
ID_NAMES = {
    "ours": "our own id", "imdb_id": "IMDb id", "tmdb_id": "TMDB id", "trakt_id": "Trakt id",
    "mal_id": "MyAnimeList id", "justwatch_id": "JustWatch id",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Card:
    """What matching needs to know of a title. key: its public id; name_key: see names.fold."""

    id: int
    key: str
    kind: str
    name: str
    name_key: str
    year: int | None
    popularity: float = 0
    imdb_id: str | None = None
    tmdb_id: int | None = None
    trakt_id: int | None = None
    mal_id: int | None = None
    justwatch_id: str | None = None


@dataclass(frozen=True, slots=True)
class Place:
    """An episode of a series; name_key: its folded name, "" without one."""

    id: int
    season_number: int
    number: int
    number_abs: int | None
    name_key: str


@dataclass(slots=True)
class Pool:
    """The titles that lines may speak of. ids: by (field of Ids, value); alike: by folded name."""

    names: dict[str, list[Card]] = field(default_factory=dict)
    ids: dict[tuple[str, object], list[Card]] = field(default_factory=dict)
    alike: dict[str, list[Card]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Guess:
    """A title that a line may speak of, by one of its readings."""

    card: Card
    reading: Reading
    confidence: float
    why: str
    episode_id: int | None = None
    problem: str | None = None


@dataclass(frozen=True, slots=True)
class Verdict:
    """match: MATCHED, AMBIGUOUS, UNKNOWN or SKIPPED; guesses: the best first, one for a title."""

    match: str
    guesses: Sequence[Guess] = ()
    problem: str | None = None

    @property
    def best(self) -> Guess | None:
        """What the line speaks of, where that is sure."""
        return self.guesses[0] if self.match == MATCHED else None


def lookups(reading: Reading) -> set[str]:
    """The folded names to look a reading up by."""
    key = fold(reading.name)
    keys = {key, *variants(key)}
    if main := main_part(reading.name):
        keys |= {main, *variants(main)}
    return keys - {""}


def guesses(line: Line, pool: Pool) -> list[Guess]:
    """Every title that something speaks for, by every reading; episodes are not looked at yet."""
    found: list[Guess] = []
    proven: set[int] = set()
    by_id = [(name, card) for name, value in ids_of(line.ids)
             for card in pool.ids.get((name, value), ())]  # fmt: skip
    for place, reading in enumerate(line.readings):
        late = _LATER_READING * min(place, 3)
        key = fold(reading.name)
        for name, card in by_id:
            if _fits(reading, card):
                confidence, why = _proof(name, reading, key, card)
                if confidence == _ID_AGREES:
                    proven.add(card.id)
                found.append(Guess(card, reading, confidence - late, why))
        cards = {
            card.id: card for each in lookups(reading) for card in pool.names.get(each, ())
        } | {card.id: card for card in pool.alike.get(key, ())}
        for card in cards.values():
            if _fits(reading, card):
                confidence, why = _likeness(reading, key, card, line.ids)
                found.append(Guess(card, reading, confidence - late, why))
    if len(proven) == 1:
        found = [
            each
            if each.card.id in proven
            else replace(each, confidence=each.confidence - _BESIDE_PROOF)
            for each in found
        ]
    return found


def verdict(line: Line, found: Iterable[Guess], episodes: Mapping[int, Sequence[Place]]) -> Verdict:
    """What a line speaks of. episodes: by title, of the series that were guessed."""
    if line.what is What.RATING and names_part(line.readings[0]):
        return Verdict(SKIPPED, problem=ONLY_TITLES)
    best: dict[int, Guess] = {}
    for guess in found:
        if line.what is What.WATCH and names_part(guess.reading):
            guess = _placed(guess, episodes.get(guess.card.id, ()))
        known = best.get(guess.card.id)
        if known is None or guess.confidence > known.confidence:
            best[guess.card.id] = guess
    ranked = sorted(
        (each for each in best.values() if each.confidence >= WORTH_ASKING),
        key=lambda each: (-each.confidence, -each.card.popularity, each.card.id),
    )[:MOST_CANDIDATES]
    if not ranked:
        return Verdict(UNKNOWN)
    ahead = ranked[0].confidence - (ranked[1].confidence if len(ranked) > 1 else 0)
    # Sums of hundredths: what was written as a threshold must not be missed by rounding.
    if ranked[0].confidence >= SURE - 1e-9 and ahead >= AHEAD - 1e-9:
        return Verdict(MATCHED, ranked)
    return Verdict(AMBIGUOUS, ranked, ranked[0].problem)


def names_part(reading: Reading) -> bool:
    """Whether a reading speaks of an episode or a season, and not of a whole title."""
    return any(
        part is not None
        for part in (
            reading.season_number, reading.episode_number, reading.episode_name, reading.number_abs
        )
    )  # fmt: skip


def episode_of(reading: Reading, places: Sequence[Place]) -> tuple[int | None, bool]:
    """Which episode a reading names, None where it can't be told; and whether by its name, too."""
    season, number = reading.season_number, reading.episode_number
    wanted = fold(reading.episode_name) if reading.episode_name else ""
    by_number = [
        each
        for each in places
        if number is not None
        and each.number == number
        and (each.season_number == season if season is not None else _only_season(places))
    ] or [
        each
        for each in places
        if reading.number_abs is not None and each.number_abs == reading.number_abs
    ]
    if len(by_number) == 1:
        return by_number[0].id, bool(wanted) and by_number[0].name_key == wanted
    by_name = [
        each
        for each in places
        if wanted
        and each.name_key
        and loose(each.name_key) == loose(wanted)
        and season in (None, each.season_number)
    ]
    if len(by_name) == 1:
        return by_name[0].id, True
    return None, False


def ids_of(ids: Ids) -> list[tuple[str, object]]:
    """The ids a file gives, by their field."""
    return [(name, value) for name in ID_NAMES if (value := getattr(ids, name)) is not None]


def _only_season(places: Sequence[Place]) -> bool:
    return len({each.season_number for each in places if each.season_number > 0}) == 1


def _fits(reading: Reading, card: Card) -> bool:
    """Episodes are of series."""
    return card.kind == "series" or not names_part(reading)


def _proof(name: str, reading: Reading, key: str, card: Card) -> tuple[float, str]:
    """What an id is worth, which is believed alone only where no person typed it."""
    years, named = _years(reading, card), _named(reading, key, card)
    why = f"the same {ID_NAMES[name]}"
    if name == "tmdb_id" and reading.kind != card.kind and named not in (_EXACT, _LOOSE):
        return 0.0, why  # films and series are numbered apart
    if named in (_EXACT, _LOOSE):
        return _ID_AGREES, f"{why} and name"
    # Ours are counted anew in each instance: in an export of another one they name other titles.
    if years in (0, 1) and name != "ours":
        return _ID_YEAR_AGREES, f"{why} and year, but another name"
    if years == 3 and named is None:
        return _ID_CONTRADICTED, f"{why}, but another name and year"
    return (_TYPED_ALONE if name in _TYPED else _ID_ALONE), f"{why}, but another name"


def _likeness(reading: Reading, key: str, card: Card, ids: Ids) -> tuple[float, str]:
    named, years = _named(reading, key, card) or _ALIKE, _years(reading, card)
    if years == 3:
        near = abs((reading.year or 0) - (card.year or 0)) <= _NEAR_YEARS
        confidence = (_OTHER_YEAR if near else _FAR_YEAR) - (0 if named == _EXACT else 0.15)
        why = f"{named}, another year"
    elif years == 2 and reading.year is None and card.year is None:
        confidence, why = _BY_NAME[named][2], named
    else:
        joint = " " if years == 0 else ", "
        confidence, why = _BY_NAME[named][years], f"{named}{joint}{_YEARS[years]}"
    letters = len(loose(card.name_key))
    if (named == _EXACT and years == 1 and letters < _SHORT_YEAR) or (
        named == _LOOSE and letters < _SHORT_SPELLING
    ):
        confidence -= _SHORT
    if reading.kind is not None and reading.kind != card.kind:
        confidence, why = confidence - _OTHER_KIND, f"{why}, but a {card.kind}"
    if any(
        getattr(card, name, None) not in (None, value)
        for name, value in ids_of(ids)
        if name not in ("ours", "tmdb_id") or (name == "tmdb_id" and reading.kind == card.kind)
    ):
        confidence, why = confidence - _OTHER_ID, f"{why}, but another id"
    return confidence, why


def _named(reading: Reading, key: str, card: Card) -> str | None:
    """How two names agree; None where they don't."""
    if key == card.name_key and key:
        return _EXACT
    if key and loose(key) == loose(card.name_key):
        return _LOOSE
    ours, theirs = main_part(card.name), main_part(reading.name)
    if key and ours and loose(ours) == loose(key):
        return _CUT
    if theirs and loose(theirs) == loose(card.name_key):
        return _CUT
    return None


def _years(reading: Reading, card: Card) -> int:
    """0: the same year; 1: one apart; 2: one of them unknown; 3: another one."""
    if reading.year is None or card.year is None:
        return 2
    # A reading of an episode may give the year of its season.
    if names_part(reading) and reading.year > card.year:
        return 1
    return min(abs(reading.year - card.year), 2) if abs(reading.year - card.year) < 2 else 3


def _placed(guess: Guess, places: Sequence[Place]) -> Guess:
    """The guess with its episode, or with less confidence where that is not known."""
    reading = guess.reading
    episode_id, named = episode_of(reading, places)
    if episode_id is not None:
        better = min(guess.confidence + _EPISODE_NAMED, 0.99) if named else 0
        return replace(guess, episode_id=episode_id, confidence=max(better, guess.confidence))
    whole = reading.episode_number is None and not reading.episode_name and not reading.number_abs
    problem, most = (WHOLE_SEASON if whole else NO_EPISODE), _EPISODE_UNKNOWN
    if not places:
        most = _NO_EPISODES
    return replace(guess, confidence=min(guess.confidence, most), problem=problem)
