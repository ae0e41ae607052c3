"""GET /api/platforms: the services of a country."""

from pydantic import Field

from domain.platforms import repo
from rest.operations import Call
from rest.shapes import Told


class PlatformsQuery(Told):
    """Which country's."""

    country: str | None = Field(
        default=None,
        pattern="^[A-Za-z]{2}$",
        description="Two letters (ISO 3166-1); default: yours.",
        examples=["US"],
    )


class Platform(Told):
    """A streaming service."""

    slug: str = Field(description="Its name in this API.", examples=["netflix"])
    name: str = Field(description="Its name for people.", examples=["Netflix"])
    url: str | None = Field(description="Its home page.", examples=["https://www.netflix.com"])


class Platforms(Told):
    """The services of a country, by name."""

    country: str = Field(description="Which country's these are.", examples=["US"])
    platforms: list[Platform] = Field(description="The services.")


async def list_platforms(call: Call, asked: PlatformsQuery) -> Platforms:
    """The services that have a plan or an offer in the viewer's country, or in another."""
    country = (asked.country or call.viewer.country).upper()
    async with call.services.database.read() as connection:
        rows = await repo.platforms_in(connection, country)
    # The database's own order has "iQIYI" behind "Zee5".
    rows = sorted(rows, key=lambda row: row.name.casefold())
    return Platforms(
        country=country,
        platforms=[Platform(slug=row.slug, name=row.name, url=row.home_url) for row in rows],
    )
