"""Changes of a history as its clients ask for them: once under a key, answered with the wish."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from types import SimpleNamespace
from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession

from domain.accounts.viewer import Viewer
from domain.history import marks, repo, service
from domain.history.errors import NoSuchWatch
from domain.idempotency.service import ClientKey, Facts, Request
from domain.watchlists.changes import Answer, change
from domain.watchlists.values import Whose


async def mark(
    session: AsyncSession,
    viewer: Viewer,
    title_id: int,
    key: ClientKey | None,
    now: datetime,
    *,
    watched_at: datetime | None = None,
    episode_ids: Sequence[int] | None = None,
    listed: bool = False,
) -> Answer:
    """See marks.mark, and marks.mark_episodes where episodes are named."""

    async def work(whose: Whose) -> Facts:
        if episode_ids is None:
            changed = await marks.mark(session, whose, title_id, watched_at, now, listed=listed)
        else:
            changed = await marks.mark_episodes(
                session, whose, title_id, episode_ids, watched_at, now
            )
        return {"title_id": title_id, "changed": changed}

    asked = {"title": title_id, "at": _moment(watched_at), "episodes": episode_ids}
    return await change(session, viewer, Request("mark", asked, key), work, now)


async def unmark(
    session: AsyncSession,
    viewer: Viewer,
    title_id: int,
    key: ClientKey | None,
    now: datetime,
    *,
    listed: bool = False,
) -> Answer:
    """See marks.unmark."""

    async def work(whose: Whose) -> Facts:
        changed = await marks.unmark(session, whose, title_id, now, listed=listed)
        return {"title_id": title_id, "changed": changed}

    return await change(session, viewer, Request("unmark", {"title": title_id}, key), work, now)


async def record(
    session: AsyncSession,
    viewer: Viewer,
    key: ClientKey | None,
    now: datetime,
    *,
    title_id: int | None = None,
    episode_id: int | None = None,
    watched_at: datetime | None = None,
    source: str | None = None,
) -> Answer:
    """See service.record; `line` reads the new line out of the answer."""

    async def work(whose: Whose) -> Facts:
        made = await service.record(
            session, whose, title_id=title_id, episode_id=episode_id,
            watched_at=watched_at, source=source, now=now,
        )  # fmt: skip
        told = await _line(session, whose, made.watch_id)
        return {
            "title_id": made.title_id, "changed": made.new, "finished": made.finished, "line": told
        }  # fmt: skip

    asked = {
        "title": title_id, "episode": episode_id, "at": _moment(watched_at), "source": source
    }  # fmt: skip
    return await change(session, viewer, Request("record", asked, key), work, now)


async def remove(
    session: AsyncSession, viewer: Viewer, watch_id: int, key: ClientKey | None, now: datetime
) -> Answer:
    """See service.remove; the answer has the line as it was."""

    async def work(whose: Whose) -> Facts:
        told = await _line(session, whose, watch_id)
        title_id = await service.remove(session, whose, watch_id, now)
        return {"title_id": title_id, "changed": True, "line": told}

    request = Request("remove_watch", {"watch": watch_id}, key)
    return await change(session, viewer, request, work, now)


def line(answer: Answer) -> Any:
    """The line of a history that an answer speaks of, like a row of repo.page."""
    told: Mapping[str, Any] = answer.facts["line"]
    aired = told["air_date"]
    return SimpleNamespace(
        **{
            **told,
            "watched_at": datetime.fromisoformat(told["watched_at"]),
            "air_date": date.fromisoformat(aired) if aired else None,
        }
    )


async def _line(session: AsyncSession, whose: Whose, watch_id: int) -> dict[str, Any]:
    await session.flush()
    found = await repo.page(await session.connection(), whose, first=1, watch_id=watch_id)
    if not found.rows:
        raise NoSuchWatch
    row = found.rows[0]._asdict()
    aired = row["air_date"]
    return {
        **row,
        "watched_at": row["watched_at"].isoformat(),
        "air_date": aired and aired.isoformat(),
    }


def _moment(given: datetime | None) -> str | None:
    return given and given.isoformat()
