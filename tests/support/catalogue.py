"""A small catalogue for tests: titles with offers and moods, as an import would leave them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime

from sqlmodel import select
from sqlmodel.ext.asyncio.session import AsyncSession

from domain.platforms.models import Offer, Platform
from domain.titles import names
from domain.titles.models import Title, TitleMood, TitleText

NOW = datetime(2026, 11, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class On:
    """An offer to be: on a platform, in a country, until a day."""

    platform: str = "netflix"
    expires_on: date | None = None
    country: str = "US"
    monetization: str = "subscription"


async def add_platform(session: AsyncSession, slug: str) -> int:
    """The key of a platform, which is made where it is missing."""
    found = (await session.exec(select(Platform).where(Platform.slug == slug))).one_or_none()
    if found is None:
        found = Platform(
            slug=slug,
            name=slug.replace("-", " ").title(),
            home_url=f"https://{slug}.example",
        )
        session.add(found)
        await session.flush()
    assert found.id is not None
    return found.id


async def add_title(
    session: AsyncSession,
    name: str,
    *,
    kind: str = "film",
    year: int | None = 2020,
    runtime_min: int | None = 100,
    maturity: int = 12,
    genres: Sequence[str] = ("comedy",),
    popularity: float = 50,
    synopsis: str = "",
    offers: Sequence[On] = (On(),),
    moods: Mapping[str, float] | None = None,
) -> int:
    """A title with where it is and what it feels like; its key."""
    title = Title(
        kind=kind,
        name=name,
        name_key=names.fold(name),
        year=year,
        runtime_min=runtime_min,
        maturity=maturity,
        genres=list(genres),
        countries=["US"],
        critics_score=80,
        audience_score=7.5,
        audience_votes=5_000,
        popularity=popularity,
        source="tests",
    )
    session.add(title)
    await session.flush()
    assert title.id is not None
    session.add(TitleText(title_id=title.id, name=name, synopsis=synopsis, keywords=[]))
    session.add_all(
        TitleMood(title_id=title.id, mood=mood, weight=weight, reasons=["genre"])
        for mood, weight in (moods if moods is not None else {"cozy": 0.8, "funny": 0.6}).items()
    )
    for each in offers:
        session.add(
            Offer(
                title_id=title.id,
                platform_id=await add_platform(session, each.platform),
                country=each.country,
                monetization=each.monetization,
                quality="hd",
                url=f"https://{each.platform}.example/{title.id}",
                expires_on=each.expires_on,
                source="tests",
                confidence=1.0,
                first_seen_at=NOW,
                last_seen_at=NOW,
            )
        )
    await session.flush()
    return title.id
