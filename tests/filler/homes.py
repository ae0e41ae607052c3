"""Series with names and numbers, what is said of them, and what is believed then."""

from datetime import UTC, datetime
from uuid import UUID

from sqlalchemy import text

from domain.db import Database
from domain.filler import reading, service
from domain.filler.values import Report
from domain.titles.models import Episode, Season, Title
from tests.support.catalogue import add_title
from tests.watchlists.homes import rows

NOW = datetime(2026, 11, 21, 20, 0, tzinfo=UTC)


async def show(
    database: Database, *seasons: int, name: str = "Naruto", counted: bool = True, **ids: object
) -> tuple[int, list[int]]:
    """A series by the lengths of its seasons, and its episodes in order."""
    async with database.transaction() as session:
        title_id = await add_title(session, name, kind="series", year=2002)
        title = await session.get_one(Title, title_id)
        for key, value in ids.items():
            setattr(title, key, value)
        episodes: list[Episode] = []
        for season, length in enumerate(seasons, 1):
            session.add(Season(title_id=title_id, number=season, episode_count=length))
            for number in range(1, length + 1):
                n = len(episodes) + 1
                episodes.append(
                    Episode(title_id=title_id, season_number=season, number=number,
                            number_abs=n if counted else None, name=f"Tale {'i' * n}")
                )  # fmt: skip
        session.add_all(episodes)
        await session.flush()
        return title_id, [each.id for each in episodes if each.id is not None]


async def hear(
    database: Database, content: bytes | str, source: str | None = None, now: datetime = NOW
) -> Report:
    """Take in a file."""
    raw = content if isinstance(content, bytes) else content.encode()
    async with database.transaction() as session:
        return await service.hear(session, reading.read(raw, "mine", source), now)


async def believed(database: Database, title_id: int) -> list[tuple[str, str | None, float | None]]:
    """What is believed of a series' episodes, in order."""
    found = await rows(
        database,
        "SELECT filler, filler_source, filler_confidence FROM episodes WHERE title_id = :title"
        " ORDER BY season_number, number",
        title=title_id,
    )
    return [(verdict, source, sure) for verdict, source, sure in found]


async def verdicts(database: Database, title_id: int) -> str:
    """The same in short: c, m, f and u."""
    return "".join(verdict[0] for verdict, _, _ in await believed(database, title_id))


async def follow(database: Database, profile_id: UUID, title_id: int) -> None:
    """Let a profile follow a binge of a series."""
    await write(
        database,
        "INSERT INTO binge_plans (profile_id, title_id, skip_filler, specials, created_at,"
        " planned_at, planned_on, fits) VALUES (:profile, :title, true, false, now(), now(),"
        " '2026-01-01', true)",
        profile=profile_id,
        title=title_id,
    )


async def stale(database: Database) -> list[tuple[UUID, int]]:
    """Whose plans have to be made anew, and of which titles."""
    found = await rows(
        database, "SELECT profile_id, title_id FROM binge_plans WHERE stale_at IS NOT NULL"
    )
    return [(profile, title) for profile, title in found]


async def write(database: Database, statement: str, **values: object) -> None:
    """Change something."""
    async with database.work() as connection:
        await connection.execute(text(statement), values)
