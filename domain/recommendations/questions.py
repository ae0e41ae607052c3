"""From what a client sent to a question, the same for GraphQL and REST."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncConnection

from domain import ids
from domain.accounts.viewer import Viewer
from domain.errors import InvalidInput
from domain.platforms import repo as platforms
from domain.profiles import repo as profiles
from domain.recommendations.values import Question, Seen
from domain.titles.moods import Mood

MOST_MINUTES = 24 * 60
MOST_PEOPLE = 50
MOST_PLATFORMS = 50
MOST_TITLES = 250


@dataclass(frozen=True, slots=True)
class Watched:
    """A title that the client says was watched, by public id. rating: 1 to 10."""

    title_id: str
    rating: int | None = None


@dataclass(frozen=True, slots=True)
class Asked:
    """A question as it was sent. subscribed_platforms: slugs; None means the profile's."""

    mood: str | None = None
    time_min: int | None = None
    group_size: int = 1
    subscribed_platforms: Sequence[str] | None = None
    exclude_titles: Sequence[str] = ()
    watch_history: Sequence[Watched] = ()
    allow_avoided_genres: bool = False
    allow_watched: bool = False


async def understand(connection: AsyncConnection, viewer: Viewer, asked: Asked) -> Question:
    """The question, checked; raises InvalidInput that names the field."""
    if asked.mood is not None and asked.mood not in set(Mood):
        raise InvalidInput(
            f"There is no mood {asked.mood[:40]!r}; choose one of {', '.join(Mood)}.", field="mood"
        )
    _within("time_min", asked.time_min, 1, MOST_MINUTES, "minutes")
    _within("group_size", asked.group_size, 1, MOST_PEOPLE, "people")
    for field, values, most in (
        ("subscribed_platforms", asked.subscribed_platforms or (), MOST_PLATFORMS),
        ("exclude_titles", asked.exclude_titles, MOST_TITLES),
        ("watch_history", asked.watch_history, MOST_TITLES),
    ):
        if len(values) > most:
            raise InvalidInput(f"{field} may hold {most} entries, not {len(values)}.", field=field)
    for seen in asked.watch_history:
        _within("watch_history", seen.rating, 1, 10, "as a rating")
    return Question(
        mood=asked.mood,
        time_min=asked.time_min,
        group_size=asked.group_size,
        platform_ids=await _platforms(connection, viewer, asked.subscribed_platforms),
        excluded=tuple(_title("exclude_titles", each) for each in asked.exclude_titles),
        seen=tuple(
            Seen(_title("watch_history", each.title_id), each.rating)
            for each in asked.watch_history
        ),
        allow_avoided=asked.allow_avoided_genres,
        allow_watched=asked.allow_watched,
    )


async def _platforms(
    connection: AsyncConnection, viewer: Viewer, slugs: Sequence[str] | None
) -> tuple[int, ...]:
    if slugs:
        found = await platforms.ids_of_slugs(connection, slugs, field="subscribed_platforms")
        return tuple(sorted(found))
    if slugs is None and viewer.profile_id is not None:
        mine = await profiles.platform_ids(connection, [viewer.profile_id])
        if found := mine.get(viewer.profile_id):
            return tuple(sorted(found))
    raise InvalidInput(
        "Say which services you can watch on, such as subscribed_platforms: ['netflix'],"
        " or keep them in your profile; GET /api/platforms lists them.",
        field="subscribed_platforms",
    )


def _within(field: str, value: int | None, least: int, most: int, unit: str) -> None:
    if value is not None and not least <= value <= most:
        raise InvalidInput(f"{field} is from {least} to {most} {unit}.", field=field)


def _title(field: str, public_id: str) -> int:
    try:
        return ids.decode_int("title", public_id)
    except ids.MalformedId as problem:
        raise InvalidInput(problem.message, field=field) from problem
