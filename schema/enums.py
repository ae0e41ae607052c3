"""The domain's vocabularies as enums. Whoever names one in the schema imports it from here.

(Strawberry makes an enum of its own for a class that it meets before it is declared.)
"""

from enum import Enum

import strawberry

from domain.binge.values import Change as BingeFix
from domain.binge.values import Trouble as BingeTrouble
from domain.events.values import AvailabilityKind, BingeKind, SyncKind, WatchlistKind
from domain.imports.batches import Match as ImportMatch
from domain.imports.batches import State as ImportState
from domain.imports.values import What as ImportWhat
from domain.platforms.values import Monetization, Quality
from domain.recommendations.values import Filter
from domain.titles.genres import Genre
from domain.titles.maturity import Maturity
from domain.titles.moods import Mood
from domain.watchlists.finish import PaceSource
from domain.watchlists.values import LeavingWarning, WatchlistSort

__all__ = [
    "AccountPlan", "AvailabilityKind", "AvailabilityScope", "BingeFix", "BingeKind",
    "BingeTrouble", "CreditRole", "Filler", "Filter",
    "Genre", "ImportMatch", "ImportState", "ImportWhat", "JobState", "LeavingWarning", "Maturity",
    "Monetization", "Mood", "PaceSource", "Quality", "ResyncReason", "Role", "SyncKind",
    "SyncReason", "SyncState", "TitleKind", "TitleSort", "WatchlistKind", "WatchlistSort",
    "WhySource",
]  # fmt: skip

strawberry.enum(Mood, description="How an evening with a title feels; docs/moods.md says more.")
strawberry.enum(Genre, description="What a title is made of.")
strawberry.enum(Maturity, description="From what age a title is shown, the same in all countries.")
strawberry.enum(Monetization, description="How a title is paid for.")
strawberry.enum(Quality, description="The best picture an offer gives.")
strawberry.enum(
    AvailabilityKind,
    name="AvailabilityChange",
    description="What changed about where a title is.",
)
strawberry.enum(WatchlistKind, name="WatchlistChange", description="What changed on a watchlist.")
strawberry.enum(
    BingeKind,
    name="BingeChange",
    description="What became of a binge plan: PLANNED (followed, or wished for otherwise),"
    " REPLANNED, BROKEN (it doesn't fit any more), FINISHED (nothing is left) or UNFOLLOWED.",
)
strawberry.enum(
    BingeTrouble,
    name="BingeTrouble",
    description="Why some of a binge is not seen: TOO_LITTLE_TIME by its last day,"
    " LEAVES_EARLIER than its turn, TOO_LONG_AN_EPISODE for any day, NOT_AVAILABLE on any of your"
    " platforms, or AIRS_LATER than the last day.",
)
strawberry.enum(
    BingeFix,
    name="BingeFix",
    description="What would make a binge fit: MORE_MINUTES a day, SKIP_FILLER, FEWER_SEASONS,"
    " MORE_DAYS, or the season that leaves before those it comes after (LEAVING_FIRST).",
)
strawberry.enum(
    SyncKind, name="SyncChange", description="What happened to a run of the nightly sync."
)
strawberry.enum(
    LeavingWarning,
    description="How soon a title is lost: in 30 days (LEAVING), 7 (SOON), today or tomorrow"
    " (URGENT), or nobody knows of an end (NONE).",
)
strawberry.enum(
    PaceSource,
    description="Where a pace comes from: MEASURED by what was watched, or ASSUMED, an hour a day,"
    " where that is too little to go by.",
)
strawberry.enum(
    ImportMatch,
    name="ImportMatch",
    description="How a line of an import stands: MATCHED by us, AMBIGUOUS, UNKNOWN, SETTLED by you,"
    " or SKIPPED.",
)
strawberry.enum(
    ImportState,
    name="ImportState",
    description="How an import stands: MATCHED and not written, COMMITTED, or UNDONE.",
)
strawberry.enum(ImportWhat, name="ImportWhat", description="What a line of an import says.")
strawberry.enum(WatchlistSort, description="What comes first on a watchlist.")
strawberry.enum(Filter, name="DropReason", description="The filters, in the order they are asked.")


@strawberry.enum(description="A film or a series.")
class TitleKind(Enum):
    FILM = "film"
    SERIES = "series"


@strawberry.enum(description="What comes first.")
class TitleSort(Enum):
    RELEVANCE = "relevance"
    POPULARITY = "popularity"


@strawberry.enum(description="Whether an episode belongs to the story.")
class Filler(Enum):
    CANON = "canon"
    MIXED = "mixed"
    FILLER = "filler"
    UNKNOWN = "unknown"


@strawberry.enum(description="What somebody did for a title.")
class CreditRole(Enum):
    ACTOR = "actor"
    DIRECTOR = "director"
    CREATOR = "creator"


@strawberry.enum(description="Who wrote a why-line.")
class WhySource(Enum):
    TEMPLATE = "template"
    OLLAMA = "ollama"


@strawberry.enum(description="What an account has.")
class AccountPlan(Enum):
    FREE = "free"
    PRO = "pro"


@strawberry.enum(description="What an account may do.")
class Role(Enum):
    MEMBER = "member"
    ADMIN = "admin"


@strawberry.enum(description="Whose changes are told.")
class AvailabilityScope(Enum):
    MY_WATCHLIST = strawberry.enum_value(
        "my_watchlist", description="Of the titles on my watchlist that I have not watched."
    )
    MY_PLATFORMS = strawberry.enum_value(
        "my_platforms", description="Of every title on the platforms I have."
    )
    TITLE = strawberry.enum_value("title", description="Of one title; this takes no account.")


@strawberry.enum(description="Why what was missed can't be told one by one.")
class ResyncReason(Enum):
    TOO_OLD = strawberry.enum_value("too_old", description="It is not kept, or it is too much.")
    UNKNOWN = strawberry.enum_value(
        "unknown", description="This history has no such place: it was restored, or made up."
    )


@strawberry.enum(description="How far a run is.")
class SyncState(Enum):
    PLANNED = strawberry.enum_value("planned", description="It begins in a moment.")
    ASKING = strawberry.enum_value("asking", description="It asks about title after title.")
    LOOKING_AGAIN = strawberry.enum_value(
        "looking_again", description="It asks, or waits to ask, again about what was missing."
    )
    REMOVING = strawberry.enum_value("removing", description="It takes out what was missing twice.")
    HELD = strawberry.enum_value(
        "held", description="So much is missing that an admin should look before it is taken out."
    )
    DONE = strawberry.enum_value("done", description="It has ended.")
    FAILED = strawberry.enum_value("failed", description="It could not go on; `problem` says why.")


@strawberry.enum(description="Why there is a run.")
class SyncReason(Enum):
    NIGHTLY = strawberry.enum_value("nightly", description="It is the night's.")
    MANUAL = strawberry.enum_value("manual", description="Somebody asked for it.")


@strawberry.enum(description="How a job stands.")
class JobState(Enum):
    WAITING = strawberry.enum_value("waiting", description="Its turn comes, or comes again.")
    RUNNING = strawberry.enum_value("running", description="Somebody does it.")
    DONE = strawberry.enum_value("done", description="It has been done.")
    QUARANTINED = strawberry.enum_value(
        "quarantined", description="It was given up; `problem` says why. An admin may release it."
    )
