"""Arguments that several root fields take, described once."""

from typing import Annotated

import strawberry
from strawberry import argument

from domain.events.values import Cursor
from schema.enums import (
    AvailabilityScope,
    Genre,
    Maturity,
    Mood,
    TitleKind,
    TitleSort,
    WatchlistSort,
)

AnyId = Annotated[strawberry.ID, argument(description="An id that this service gave out.")]
TitleId = Annotated[strawberry.ID, argument(description="The title.")]
ProfileId = Annotated[strawberry.ID, argument(description="The profile.")]
OwnProfileId = Annotated[
    strawberry.ID | None, argument(description="The profile; default: the one that is asking.")
]
SessionId = Annotated[strawberry.ID, argument(description="The session.")]
TokenId = Annotated[strawberry.ID, argument(description="The token.")]

Country = Annotated[str | None, argument(description="ISO 3166-1; default: the viewer's.")]
Password = Annotated[str, argument(description="The account's password, once more.")]
NewPassword = Annotated[str, argument(description="8 to 256 characters; a few words are good.")]
ProfileName = Annotated[str, argument(description="What to call it; 1 to 40 characters.")]
TokenName = Annotated[str, argument(description="What it is for; 1 to 60 characters.")]
Ceiling = Annotated[
    Maturity, argument(description="The most mature titles it shall be shown; ADULTS is no limit.")
]
NewPin = Annotated[str | None, argument(description="4 to 8 digits; null takes it away.")]
Pin = Annotated[str | None, argument(description="The profile's PIN, where it has one.")]
Slugs = Annotated[list[str], argument(description="Slugs such as `netflix`.")]
Score = Annotated[int | None, argument(description="1 to 10; null takes the rating back.")]

Words = Annotated[
    str | None, argument(description="Words of the name or synopsis; they may be misspelt.")
]
Platforms = Annotated[
    list[str] | None, argument(description="On one of these now, by slug, in your country.")
]
Genres = Annotated[list[Genre] | None, argument(description="Of one of these genres.")]
Moods = Annotated[list[Mood] | None, argument(description="Of one of these moods.")]
Kinds = Annotated[list[TitleKind] | None, argument(description="Films, series or both.")]
MaxRuntime = Annotated[
    int | None, argument(description="At most so many minutes; a series counts by its episode.")
]
MinYear = Annotated[int | None, argument(description="First shown in this year or later.")]
MaxYear = Annotated[int | None, argument(description="First shown in this year or earlier.")]
Sort = Annotated[
    TitleSort, argument(description="What comes first; without words it is popularity.")
]
First = Annotated[int, argument(description="How many, 1 to 100.")]
After = Annotated[str | None, argument(description="Continue behind this cursor.")]

LeavingWithin = Annotated[
    int | None, argument(description="Leaving in so many days at most, 0 to 365; 0 is today.")
]
OnMyPlatforms = Annotated[
    bool | None,
    argument(description="On one of your platforms now, or with false on none; default: all."),
]
IsWatched = Annotated[
    bool | None, argument(description="Watched, or with false not yet; default: all.")
]
WishSort = Annotated[
    WatchlistSort,
    argument(
        description="What comes first. By LEAVING_FIRST what stays follows, then what is on none"
        " of your platforms, and what you have watched comes last."
    ),
]
OfTitle = Annotated[strawberry.ID | None, argument(description="Of this title alone.")]

LiveScope = Annotated[AvailabilityScope, argument(description="Whose changes.")]
AnyTitleId = Annotated[
    strawberry.ID | None, argument(description="The title, for the scope TITLE.")
]
LiveAfter = Annotated[
    Cursor | None,
    argument(
        description="Begin behind this cursor: what was missed is told first. Default: from now on."
    ),
]
