"""What is known of somebody's connection to Trakt; never what opens it."""

from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from domain.db import Record

_LINK = text("""
    SELECT username, linked_at, read_at, problem FROM trakt_links WHERE profile_id = :profile
""")
_SIGN_IN = text("""
    SELECT user_code, verification_url, interval_s, expires_at FROM trakt_sign_ins
    WHERE profile_id = :profile
""")
_READING = text("""
    SELECT r.asked_at, r.finished_at, r.batch_id, j.state,
           coalesce(r.problem, CASE WHEN r.finished_at IS NULL THEN j.problem END) AS problem,
           (SELECT coalesce(sum(p.items), 0) FROM trakt_pages p
            WHERE p.profile_id = r.profile_id) AS items,
           (SELECT count(*) FROM trakt_pages p WHERE p.profile_id = r.profile_id) AS pages,
           (SELECT coalesce(sum(greatest(p.of, 1)), 0) FROM trakt_pages p
            WHERE p.profile_id = r.profile_id AND p.page = 1) AS of
    FROM trakt_readings r LEFT JOIN jobs j ON j.id = r.job_id
    WHERE r.profile_id = :profile
""")


async def link(connection: AsyncConnection, profile_id: UUID) -> Record | None:
    """username, linked_at, read_at, problem of the connected account; None where there is none."""
    return (await connection.execute(_LINK, {"profile": profile_id})).one_or_none()


async def sign_in(connection: AsyncConnection, profile_id: UUID) -> Record | None:
    """user_code, verification_url, interval_s, expires_at of a sign-in that was begun."""
    return (await connection.execute(_SIGN_IN, {"profile": profile_id})).one_or_none()


async def reading(connection: AsyncConnection, profile_id: UUID) -> Record | None:
    """The last reading: asked_at, finished_at, batch_id, state of its job, problem; items, pages so
    far, of how many pages in the lists that were begun.
    """
    return (await connection.execute(_READING, {"profile": profile_id})).one_or_none()
