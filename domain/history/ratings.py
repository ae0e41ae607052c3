"""How a profile liked a title."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import delete
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from domain.errors import InvalidInput, NotFound
from domain.history.models import Rating
from domain.profiles.models import Profile
from domain.titles.models import Title

WORST, BEST = 1, 10


async def rate(
    session: AsyncSession, profile_id: UUID, title_id: int, score: int | None, now: datetime
) -> None:
    """Rate a title from 1 to 10, again if need be, or take the rating back with None.

    Raises InvalidInput for the score, and NotFound for a title that doesn't exist; one above the
    profile's maturity ceiling doesn't exist for it either.
    """
    if score is not None and not WORST <= score <= BEST:
        raise InvalidInput(f"A rating is a number from {WORST} to {BEST}.", field="score")
    shown = (
        select(Title.id, Profile.id)
        .join(Profile, col(Title.maturity) <= col(Profile.maturity_ceiling))
        .where(col(Title.id) == title_id, col(Profile.id) == profile_id)
        .with_for_update(read=True, key_share=True)  # neither may go before the rating is there
    )
    if (await session.exec(shown)).first() is None:
        raise NotFound("No title has that id.")
    if score is None:
        await session.exec(
            delete(Rating).where(
                col(Rating.profile_id) == profile_id, col(Rating.title_id) == title_id
            )
        )
        return
    said = {"score": score, "rated_at": now}
    await session.exec(
        insert(Rating)
        .values(profile_id=profile_id, title_id=title_id, **said)
        .on_conflict_do_update(index_elements=["profile_id", "title_id"], set_=said)
    )
