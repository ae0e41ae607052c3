"""A webhook as somebody else would send it, made of what the catalogue knows of a title."""

from datetime import date, datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection
from sqlmodel import col, select

from domain.errors import InvalidInput, NotFound
from domain.platforms.models import Platform
from domain.titles.models import Title


async def example(
    connection: AsyncConnection,
    title_id: int,
    platform: str,
    *,
    country: str,
    change: str,
    monetization_type: str,
    available_to: date | None,
    now: datetime,
) -> dict[str, Any]:
    """The body of a webhook about one offer; platform: a slug. The other words are the sender's.

    Raises NotFound, and InvalidInput where a title or platform has no id that others know.
    """
    title = (
        await connection.execute(
            select(Title.kind, Title.justwatch_id, Title.tmdb_id, Title.imdb_id).where(
                col(Title.id) == title_id
            )
        )
    ).one_or_none()
    if title is None:
        raise NotFound(f"There is no title title_{title_id}.", field="title")
    found = await connection.execute(
        select(Platform.slug, Platform.package_id).where(col(Platform.slug) == platform)
    )
    package_id = {row.slug: row.package_id for row in found}.get(platform)
    if package_id is None:
        raise NotFound(
            f"There is no platform {platform[:60]!r} that JustWatch knows.", field="platform"
        )
    if not (title.justwatch_id or title.tmdb_id or title.imdb_id):
        raise InvalidInput(
            f"title_{title_id} has no id of JustWatch, TMDB or IMDb, so nobody can tell of it.",
            field="title",
        )
    moment = now.isoformat(timespec="milliseconds").replace("+00:00", "Z")
    event = {
        "change": change,
        "node_id": title.justwatch_id,
        "object_type": "MOVIE" if title.kind == "film" else "SHOW",
        "tmdb_id": title.tmdb_id,
        "imdb_id": title.imdb_id,
        "package_id": package_id,
        "monetization_type": monetization_type,
        "observed_at": moment,
    }
    told: dict[str, Any] = {name: value for name, value in event.items() if value is not None}
    if available_to or change == "changed":
        told["available_to"] = available_to and available_to.isoformat()
    return {
        "type": f"offer.{change}",
        "timestamp": moment,
        "source": "justwatch",
        "data": {"country": country, "events": [told]},
    }
