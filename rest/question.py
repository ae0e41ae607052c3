"""What POST /api/recommend is asked with."""

from typing import Annotated

from pydantic import ConfigDict, Field

from domain.recommendations.questions import (
    MOST_MINUTES,
    MOST_PEOPLE,
    MOST_PLATFORMS,
    MOST_TITLES,
    Asked,
    Watched,
)
from rest.shapes import MoodWord, Sent, Text, Told, Whole

MOST_WAIT_MS = 5_000

Rating = Annotated[Whole, Field(ge=1, le=10)]


class WatchedTitle(Sent):
    """A title that was watched. Other names are ignored, so that an export can be sent as it is."""

    model_config = ConfigDict(extra="ignore")

    title_id: Text = Field(description="The title.", examples=["title_7"])
    rating: Rating | None = Field(default=None, description="How it was liked.", examples=[9])
    watched_at: Text | None = Field(
        default=None, description="When; for your own use.", examples=["2026-11-02"]
    )


class RecommendPatience(Told):
    """How long to wait for what a model writes."""

    wait: int = Field(
        default=0,
        ge=0,
        le=MOST_WAIT_MS,
        description="Milliseconds to wait for the sentences that a model is writing; 0: none. What"
        " isn't there by then is told by templates.",
        examples=[2000],
    )


class RecommendRequest(Sent):
    """What shall we watch tonight? Whatever is left out, anything goes."""

    mood: MoodWord | None = Field(
        default=None, description="How it should feel.", examples=["cozy"]
    )
    time_min: Annotated[Whole, Field(ge=1, le=MOST_MINUTES)] | None = Field(
        default=None,
        description="Minutes you have; of a series, at least an episode must fit.",
        examples=[110],
    )
    group_size: Whole = Field(
        default=1, ge=1, le=MOST_PEOPLE, description="How many you are.", examples=[2]
    )
    subscribed_platforms: list[Text] | None = Field(
        default=None,
        max_length=MOST_PLATFORMS,
        description="Slugs of GET /api/platforms; default: your profile's.",
        examples=[["netflix", "disney-plus"]],
    )
    exclude_titles: list[Text] = Field(
        default=[],
        max_length=MOST_TITLES,
        description="Ids of titles you don't want to be shown.",
        examples=[["title_42"]],
    )
    watch_history: list[Text | WatchedTitle] = Field(
        default=[],
        max_length=MOST_TITLES,
        description="Titles you have watched, besides those that your profile has: ids, or objects"
        " that say how you liked them.",
        examples=[["title_7", {"title_id": "title_9", "rating": 9}]],
    )
    allow_avoided_genres: bool = Field(
        default=False,
        description="Also titles of genres that your profile avoids.",
        examples=[True],
    )
    allow_watched: bool = Field(
        default=False, description="Also titles that you have watched.", examples=[True]
    )

    def asked(self) -> Asked:
        """The question as the domain understands it."""
        return Asked(
            mood=self.mood,
            time_min=self.time_min,
            group_size=self.group_size,
            subscribed_platforms=self.subscribed_platforms,
            exclude_titles=self.exclude_titles,
            watch_history=[
                Watched(seen) if isinstance(seen, str) else Watched(seen.title_id, seen.rating)
                for seen in self.watch_history
            ],
            allow_avoided_genres=self.allow_avoided_genres,
            allow_watched=self.allow_watched,
        )
