"""Changes of a watchlist as its clients ask for them: once under a key, answered with the wish.

REST and GraphQL call the same functions, so a key means the same in both. The answer is all that
either of them says of the wish, as it stood when the change was made.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from types import SimpleNamespace
from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession

from domain.accounts.viewer import Viewer
from domain.idempotency.service import ClientKey, Facts, Request, once
from domain.platforms import repo as platforms
from domain.profiles import repo as profiles
from domain.titles.repo import CARD
from domain.watchlists import repo, service
from domain.watchlists.service import Wished
from domain.watchlists.values import Whose, Wish

Work = Callable[[Whose], Awaitable[Facts]]
"""Does the change. Its facts have `title_id` and `changed`, and what else the answer needs."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a change came to.

    changed: whether it was news; wish: as it stands, None where the title is not on the list;
    offers: where they have it, rows with platform_slug, platform_name, url, expires_on
    and source; facts: all of it, in words of JSON.
    """

    title_id: int
    changed: bool
    wish: Wish | None
    offers: Sequence[Any]
    facts: Facts

    @classmethod
    def of(cls, facts: Facts) -> "Answer":
        """From facts, whether they are new or were kept."""
        wish = facts["wish"]
        return cls(
            title_id=facts["title_id"],
            changed=facts["changed"],
            wish=Wish.from_facts(wish) if wish else None,
            offers=[_offer(each) for each in facts["offers"]],
            facts=facts,
        )


async def add(
    session: AsyncSession,
    viewer: Viewer,
    title_id: int,
    said: Wished,
    key: ClientKey | None,
    now: datetime,
) -> Answer:
    """See service.add; changed: the title is new on the list."""

    async def work(whose: Whose) -> Facts:
        new = await service.add(session, whose, title_id, said, now)
        return {"title_id": title_id, "changed": new}

    # Nothing said and null are the same here.
    asked = {"title": title_id, **{name: value for name, value in said.items() if value}}
    return await change(session, viewer, Request("add", asked, key), work, now)


async def update(
    session: AsyncSession,
    viewer: Viewer,
    title_id: int,
    said: Wished,
    key: ClientKey | None,
    now: datetime,
) -> Answer:
    """See service.update."""

    async def work(whose: Whose) -> Facts:
        changed = await service.update(session, whose, title_id, said, now)
        return {"title_id": title_id, "changed": changed}

    request = Request("update", {"title": title_id, **said}, key)
    return await change(session, viewer, request, work, now)


async def remove(
    session: AsyncSession, viewer: Viewer, title_id: int, key: ClientKey | None, now: datetime
) -> Answer:
    """See service.remove; the answer has the wish as it was."""

    async def work(whose: Whose) -> Facts:
        before = await _as_it_stands(session, whose, title_id)
        await service.remove(session, whose, title_id, now)
        return {"title_id": title_id, "changed": True, **before}

    return await change(session, viewer, Request("remove", {"title": title_id}, key), work, now)


async def undo_remove(
    session: AsyncSession, viewer: Viewer, title_id: int, key: ClientKey | None, now: datetime
) -> Answer:
    """See service.undo_remove."""

    async def work(whose: Whose) -> Facts:
        back = await service.undo_remove(session, whose, title_id, now)
        return {"title_id": title_id, "changed": back}

    return await change(session, viewer, Request("undo", {"title": title_id}, key), work, now)


async def change(
    session: AsyncSession, viewer: Viewer, request: Request, work: Work, now: datetime
) -> Answer:
    """Do the work once, and answer with how the wish stands then.

    Raises NotSignedIn, KeyReused and what the work raises.
    """
    whose = await repo.lock(session, Whose.of(viewer, now))

    async def worked() -> Facts:
        told = await work(whose)
        await session.flush()
        if "wish" in told:
            return told
        return {**told, **await _as_it_stands(session, whose, told["title_id"])}

    return Answer.of(await once(session, whose.profile_id, request, worked, now))


async def _as_it_stands(session: AsyncSession, whose: Whose, title_id: int) -> Facts:
    connection = await session.connection()
    wish = (await repo.wishes(connection, whose, [title_id])).get(title_id)
    if wish is None:
        return {"wish": None, "offers": []}
    offers = await offers_of(connection, whose, [title_id])
    return {
        "wish": wish.facts(CARD),
        "offers": [_plain(each) for each in offers.get(title_id, ())],
    }


async def offers_of(
    connection: Any, whose: Whose, title_ids: Sequence[int]
) -> Mapping[int, Sequence[Any]]:
    """What a profile's platforms include of titles today, by title."""
    mine = (await profiles.platform_ids(connection, [whose.profile_id])).get(whose.profile_id, ())
    return await platforms.offers_for(
        connection, title_ids, whose.country, whose.today, mine, included_only=True
    )


def _plain(offer: Any) -> dict[str, Any]:
    return {
        "platform_slug": offer.platform_slug,
        "platform_name": offer.platform_name,
        "url": offer.url,
        "expires_on": offer.expires_on and offer.expires_on.isoformat(),
        "source": offer.source,
    }


def _offer(told: Mapping[str, Any]) -> Any:
    until = told["expires_on"]
    known = {"source": "", **told}  # an answer that was kept before sources were
    return SimpleNamespace(**{**known, "expires_on": date.fromisoformat(until) if until else None})
