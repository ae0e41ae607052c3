"""What requests and answers are made of: models that check, encode and describe themselves."""

from datetime import date
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, WithJsonSchema

from domain.titles.genres import Genre
from domain.titles.moods import Mood


class Sent(BaseModel):
    """What a client sends: unknown names are refused, so that a slip of the pen isn't ignored."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class Told(BaseModel):
    """What we answer."""

    model_config = ConfigDict(frozen=True)


def _whole(value: Any) -> Any:
    # JSON has one kind of number, and some programs write 90 as 90.0.
    return int(value) if isinstance(value, float) and value.is_integer() else value


Text = Annotated[str, Field(max_length=200)]
Whole = Annotated[int, BeforeValidator(_whole)]

# Words that the domain checks with a better sentence than a model's, or that come out of the
# database, where an older release may have left other ones: a list for readers, no obstacle.
MoodWord = Annotated[Text, WithJsonSchema({"type": "string", "enum": [*Mood]})]
GenreWord = Annotated[Text, WithJsonSchema({"type": "string", "enum": [*Genre]})]

TITLE_ID = Field(description="The title's id, the same as in GraphQL.", examples=["title_42"])
NAME = Field(description="What it is called.", examples=["Paddington 2"])
YEAR = Field(description="The year it came out, where known.", examples=[2017])
KIND = Field(description="A film or a series.", examples=["film"])
RUNTIME = Field(description="Minutes; of a series, a usual episode's.", examples=[104])
MOODS = Field(description="The moods it fits, the best first.", examples=[["cozy", "funny"]])


class WatchableOn(Told):
    """A platform where a title can be watched without paying for it on top."""

    slug: str = Field(description="The platform's name in this API.", examples=["netflix"])
    name: str = Field(description="The platform's name for people.", examples=["Netflix"])
    url: str | None = Field(
        description="Where to watch it.", examples=["https://www.netflix.com/title/80108236"]
    )
    expires_on: date | None = Field(
        description="The last day it can be watched there; null where nobody said.",
        examples=["2026-12-31"],
    )
    attribution: str | None = Field(
        default=None,
        description="What has to stand beside it where it is shown, for those whose data it is;"
        " null where nobody asks for it.",
        examples=["Where to watch by JustWatch"],
    )


class TitleCard(Told):
    """What is told of a title wherever it is listed."""

    title_id: str = TITLE_ID
    title: str = NAME
    year: int | None = YEAR
    kind: Literal["film", "series"] = KIND
    runtime_min: int | None = RUNTIME
    platforms: list[WatchableOn] = Field(description="Where you can watch it now.")
    mood_tags: list[MoodWord] = MOODS
