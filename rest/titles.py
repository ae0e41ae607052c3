"""GET /api/search: titles by words, platform and genre."""

from collections.abc import Sequence
from typing import Annotated, Any

from pydantic import BeforeValidator, Field

from domain import ids
from domain.platforms import credit
from domain.platforms import repo as platforms
from domain.titles import repo as titles
from domain.titles import search
from domain.titles.genres import Genre
from rest.operations import Call
from rest.shapes import Text, TitleCard, Told, WatchableOn

PER_PAGE = 20
LAST_PAGE = 500  # deeper than anybody reads; GraphQL's cursors go on from anywhere
_MOST_VALUES = 50

AnyCase = BeforeValidator(lambda word: word.lower() if isinstance(word, str) else word)


class SearchQuery(Told):
    """What to look for; whatever is left out, anything goes."""

    q: str = Field(
        default="",
        max_length=search.MOST_CHARACTERS,
        description="Words of a title's name or synopsis; typing slips are forgiven.",
        examples=["padington"],
    )
    platform: list[Text] = Field(
        default=[],
        max_length=_MOST_VALUES,
        description="Slugs: on one of these platforms now, in your country.",
        examples=[["netflix", "hulu"]],
    )
    genre: list[Annotated[Genre, AnyCase]] = Field(
        default=[],
        max_length=_MOST_VALUES,
        description="Of one of these genres.",
        examples=[["comedy", "family"]],
    )
    page: int = Field(default=1, ge=1, le=LAST_PAGE, description="Which page.", examples=[1])


class Found(Told):
    """A page of what was found."""

    results: list[TitleCard] = Field(
        description="The best match first; without words, the most popular."
    )
    page: int = Field(description="Which page this is.", examples=[1])
    per_page: int = Field(description="How many titles a full page has.", examples=[PER_PAGE])
    total: int = Field(description="How many titles there are on all pages.", examples=[23])


async def find(call: Call, asked: SearchQuery) -> Found:
    """Titles by words, platform and genre, a page of twenty at a time."""
    viewer = call.viewer
    today = viewer.today(call.now)
    scope = search.Scope(viewer.country, today, viewer.ceiling)
    async with call.services.database.read() as connection:
        criteria = search.Criteria(
            words=asked.q,
            platform_ids=await platforms.ids_of_slugs(connection, asked.platform, field="platform"),
            genres=tuple(asked.genre),
        )
        skip = PER_PAGE * (asked.page - 1)
        page, total = await search.counted_page(
            connection, criteria, scope, first=PER_PAGE, skip=skip
        )
        found = [row.id for row in page.rows]
        offers = await platforms.offers_for(
            connection, found, viewer.country, today, included_only=True
        )
        moods = await titles.moods_by_title(connection, found)
    cards = [_card(row, offers.get(row.id, ()), moods.get(row.id, ())) for row in page.rows]
    return Found(results=cards, page=asked.page, per_page=PER_PAGE, total=total)


def watchable_on(offers: Sequence[Any]) -> list[WatchableOn]:
    """Where a title is, a platform once: the offer that lasts longest stands for it."""
    best: dict[str, Any] = {}
    for offer in offers:
        kept = best.get(offer.platform_slug)
        if kept is None or _lasts_longer(offer, kept):
            best[offer.platform_slug] = offer
    return [
        WatchableOn(
            slug=offer.platform_slug,
            name=offer.platform_name,
            url=offer.url,
            expires_on=offer.expires_on,
            attribution=" ".join(each.text for each in credit.owed(offer.source)) or None,
        )
        for offer in best.values()
    ]


def _card(row: Any, offers: Sequence[Any], moods: Sequence[Any]) -> TitleCard:
    return TitleCard(
        title_id=ids.encode("title", row.id),
        title=row.name,
        year=row.year,
        kind=row.kind,
        runtime_min=row.runtime_min,
        platforms=watchable_on(offers),
        mood_tags=[tag.mood for tag in moods],
    )


def _lasts_longer(offer: Any, kept: Any) -> bool:
    if kept.expires_on is None:
        return False
    return offer.expires_on is None or offer.expires_on > kept.expires_on
