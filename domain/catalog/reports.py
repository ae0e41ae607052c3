"""What a load did and how it is going, for people to read."""

from dataclasses import dataclass, field

from domain.catalog.files import Place
from domain.catalog.offers_sync import OfferChanges
from domain.catalog.titles_sync import TitleChanges

MOST_KEPT = 1_000


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a load is. rows: records read so far, in all files."""

    file: str
    rows: int


@dataclass(frozen=True, slots=True)
class BadRow:
    """A record that was passed over, where it starts, and why."""

    place: Place
    reason: str

    def __str__(self) -> str:
        return f"{self.place.file}, line {self.place.line}: {self.reason}"


@dataclass(slots=True)
class BadRows:
    """All bad records counted, the first 1,000 kept."""

    count: int = 0
    kept: list[BadRow] = field(default_factory=list)

    def add(self, place: Place, reason: str) -> None:
        """Note one more."""
        self.count += 1
        if len(self.kept) < MOST_KEPT:
            self.kept.append(BadRow(place, reason))


@dataclass(slots=True)
class Timings:
    """Where the time went, in seconds. moods_s and analyze_s are not part of taking rows in."""

    parse_s: float = 0
    copy_s: float = 0
    upsert_s: float = 0
    moods_s: float = 0
    analyze_s: float = 0

    @property
    def total_s(self) -> float:
        """All of it."""
        return self.parse_s + self.copy_s + self.upsert_s + self.moods_s + self.analyze_s


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What an import of a platform's list did.

    rows: records read, the bad ones included; taken_over: titles without an id of JustWatch's that
    the list gave one; moods: titles whose moods were derived anew.
    """

    platform: str
    country: str
    rows: int
    bad: BadRows
    titles: TitleChanges
    taken_over: int
    offers: OfferChanges
    moods: int
    timings: Timings


@dataclass(frozen=True, slots=True)
class CreditsReport:
    """What an import of credits did.

    rows: records read, the bad ones included; unknown: credits of titles we don't have; credits:
    those that were added or changed.
    """

    rows: int
    bad: BadRows
    unknown: int
    people_new: int
    credits: int
    timings: Timings


@dataclass(frozen=True, slots=True)
class DemoReport:
    """What loading the demo did. titles_total and episodes_total: what its files hold."""

    titles_total: int
    episodes_total: int
    titles: TitleChanges
    recognised: int
    episodes: int
    credits: int
    offers: OfferChanges
    moods: int
    timings: Timings
