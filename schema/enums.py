"""The domain's vocabularies as enums. Whoever names one in the schema imports it from here.

(Strawberry makes an enum of its own for a class that it meets before it is declared.)
"""

from enum import Enum

import strawberry

from domain.events.values import AvailabilityKind, WatchlistKind
from domain.platforms.values import Monetization, Quality
from domain.recommendations.values import Filter
from domain.titles.genres import Genre
from domain.titles.maturity import Maturity
from domain.titles.moods import Mood
from domain.watchlists.finish import PaceSource
from domain.watchlists.values import LeavingWarning, WatchlistSort

__all__ = [
    "AccountPlan", "AvailabilityKind", "AvailabilityScope", "CreditRole", "Filler", "Filter",
    "Genre", "LeavingWarning", "Maturity", "Monetization", "Mood", "PaceSource", "Quality",
    "ResyncReason", "Role", "TitleKind", "TitleSort", "WatchlistKind", "WatchlistSort",
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
    LeavingWarning,
    description="How soon a title is lost: in 30 days (LEAVING), 7 (SOON), today or tomorrow"
    " (URGENT), or nobody knows of an end (NONE).",
)
strawberry.enum(
    PaceSource,
    description="Where a pace comes from: MEASURED by what was watched, or ASSUMED, an hour a day,"
    " where that is too little to go by.",
)
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
