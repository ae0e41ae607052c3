"""The domain's vocabularies as enums. Whoever names one in the schema imports it from here.

(Strawberry makes an enum of its own for a class that it meets before it is declared.)
"""

from enum import Enum

import strawberry

from domain.platforms.values import Monetization, Quality
from domain.recommendations.values import Filter
from domain.titles.genres import Genre
from domain.titles.maturity import Maturity
from domain.titles.moods import Mood

__all__ = [
    "AccountPlan", "CreditRole", "Filler", "Filter", "Genre", "Maturity", "Monetization", "Mood",
    "Quality", "Role", "TitleKind", "TitleSort", "WhySource",
]  # fmt: skip

strawberry.enum(Mood, description="How an evening with a title feels; docs/moods.md says more.")
strawberry.enum(Genre, description="What a title is made of.")
strawberry.enum(Maturity, description="From what age a title is shown, the same in all countries.")
strawberry.enum(Monetization, description="How a title is paid for.")
strawberry.enum(Quality, description="The best picture an offer gives.")
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
