"""What sources say of episodes and what is made of it: frozen values, no I/O."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from domain.binge.values import Verdict

MAL, VOTES = "mal", "votes"
MOST_ITEMS = 100_000
"""Of a file or a list."""


@dataclass(frozen=True, slots=True)
class Claim:
    """What a source says of an episode. confidence: 0 to 1; url: where it can be read."""

    source: str
    verdict: Verdict
    confidence: float
    url: str | None = None


@dataclass(frozen=True, slots=True)
class Belief:
    """What all claims together come to. source: who says so, or who disagrees, in words.

    confidence: 0 to 1, None where it is not known; disputed: because sources disagree.
    """

    verdict: Verdict = Verdict.UNKNOWN
    source: str | None = None
    confidence: float | None = None
    disputed: bool = False


@dataclass(frozen=True, slots=True)
class Show:
    """How a source names a show. whole: its numbers count from its first episode to its last, and
    have all to be there, or it is another show than ours.
    """

    name: str | None = None
    year: int | None = None
    imdb_id: str | None = None
    tmdb_id: int | None = None
    mal_id: int | None = None
    trakt_id: int | None = None
    whole: bool = False

    def __str__(self) -> str:
        if self.name:
            return f"{self.name} ({self.year})" if self.year else self.name
        said = (("imdb", self.imdb_id), ("tmdb", self.tmdb_id), ("mal", self.mal_id),
                ("trakt", self.trakt_id))  # fmt: skip
        return ", ".join(f"{word} {value}" for word, value in said if value)


@dataclass(frozen=True, slots=True)
class Known:
    """A series of ours that a source may mean."""

    id: int
    name: str
    name_key: str
    year: int | None = None
    imdb_id: str | None = None
    tmdb_id: int | None = None
    mal_id: int | None = None
    trakt_id: int | None = None


@dataclass(frozen=True, slots=True)
class Place:
    """An episode of ours, by all that it can be recognised by. season: 0 holds the specials."""

    id: int
    season: int
    number: int
    number_abs: int | None = None
    name: str | None = None
    air_date: date | None = None


@dataclass(frozen=True, slots=True)
class Item:
    """What a source says of one episode, and by what it names it.

    implied: it doesn't say so itself, but names others of the show and not this one.
    """

    verdict: Verdict
    confidence: float
    number_abs: int | None = None
    season: int | None = None
    number: int | None = None
    name: str | None = None
    air_date: date | None = None
    url: str | None = None
    implied: bool = False


@dataclass(frozen=True, slots=True)
class Saying:
    """What a source says of a show."""

    source: str
    show: Show
    items: tuple[Item, ...]


@dataclass(frozen=True, slots=True)
class Heard:
    """All that a file or a list says. sources: those whose older claims it replaces."""

    sources: tuple[str, ...]
    sayings: tuple[Saying, ...]


@dataclass(frozen=True, slots=True)
class Mapped:
    """Which episodes of ours the items mean. found: by our key, what is said of it.

    unplaced: items that mean none of ours; doubtful: two ways of naming one pointed to different
    episodes, or the source contradicted itself.
    """

    found: dict[int, Item] = field(default_factory=dict)
    unplaced: tuple[Item, ...] = ()
    doubtful: tuple[Item, ...] = ()


@dataclass(frozen=True, slots=True)
class ShowReport:
    """What became of one show of a file.

    show: its name there, or ours with its id; title_id: ours, None where none was recognised; said:
    episodes it speaks of by itself; mapped, unplaced, doubtful: as in Mapped, mapped without the
    implied ones; filler: of those it speaks of, how many are believed to be filler now; disputed:
    how many are unknown, as sources disagree.
    """

    source: str
    show: str
    title_id: int | None
    said: int
    mapped: int = 0
    unplaced: int = 0
    doubtful: int = 0
    filler: int = 0
    disputed: int = 0
    problem: str | None = None


@dataclass(frozen=True, slots=True)
class Report:
    """What became of a file or a list.

    written: claims that are new or changed; removed: those that their source no longer makes;
    changed: episodes of which something else is believed now.
    """

    sources: tuple[str, ...]
    shows: Sequence[ShowReport]
    written: int = 0
    removed: int = 0
    changed: int = 0
