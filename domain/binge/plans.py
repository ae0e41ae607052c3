"""Binge plans that are followed, in Postgres: what was wished for, and the sittings it comes to."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Self
from uuid import NAMESPACE_OID, UUID, uuid5

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from domain.binge.questions import Asked, Habits
from domain.binge.repo import Whom
from domain.binge.values import Episode, Schedule, Wish
from domain.db import Record

MOST_PLANS = 50

_WISHED = (
    "until", "minutes", "skip_filler", "specials", "start_on", "seasons", "skip_credits_min",
    "skip_recap_min",
)  # fmt: skip
_MADE = (
    "planned_at", "planned_on", "stale_at", "fits", "finishes_on", "latest_start", "episodes",
    "filler", "planned", "planned_min", "minutes_by_weekday", "sentence",
)  # fmt: skip
COLUMNS = ("profile_id", "title_id", "created_at", *_WISHED, *_MADE)

_OF_PROFILE = text(f"""
    SELECT {", ".join(f"b.{name}" for name in COLUMNS)}
    FROM binge_plans b JOIN titles t ON t.id = b.title_id AND t.maturity <= :ceiling
    WHERE b.profile_id = :profile
    ORDER BY b.finishes_on NULLS LAST, b.title_id LIMIT {MOST_PLANS}
""")
_ONE = text(f"""
    SELECT {", ".join(f"b.{name}" for name in COLUMNS)}
    FROM binge_plans b JOIN titles t ON t.id = b.title_id AND t.maturity <= :ceiling
    WHERE b.profile_id = :profile AND b.title_id = :title
""")
_HELD = text(f"""
    SELECT {", ".join(COLUMNS)} FROM binge_plans
    WHERE profile_id = :profile AND title_id = :title FOR UPDATE
""")
_COUNT = text("SELECT count(*) FROM binge_plans WHERE profile_id = :profile")
_WRITE = text(f"""
    INSERT INTO binge_plans ({", ".join(COLUMNS)})
    VALUES ({", ".join(f":{name}" for name in COLUMNS)})
    ON CONFLICT (profile_id, title_id) DO UPDATE
    SET {", ".join(f"{name} = excluded.{name}" for name in (*_WISHED, *_MADE))}
""")
_DELETE = text("DELETE FROM binge_plans WHERE profile_id = :profile AND title_id = :title")
_CLEAR = text("""
    DELETE FROM binge_slots WHERE profile_id = :profile AND title_id = :title AND day >= :since
""")
_SLOTS = text("""
    SELECT title_id, day, minutes, episode_ids, seasons, numbers FROM binge_slots
    WHERE profile_id = :profile AND title_id = ANY (CAST(:titles AS bigint[]))
      AND day BETWEEN :since AND :until
    ORDER BY title_id, day
""")
_FILL = text("""
    INSERT INTO binge_slots (profile_id, title_id, day, minutes, episode_ids, seasons, numbers)
    VALUES (:profile, :title, :day, :minutes, :episode_ids, :seasons, :numbers)
""")


@dataclass(frozen=True, slots=True)
class Wished:
    """What somebody follows: what they asked for, in days of the calendar. See models.BingePlan."""

    until: date | None
    minutes: tuple[int, ...] | None
    skip_filler: bool
    specials: bool
    start_on: date | None
    seasons: tuple[int, ...] | None
    skip_credits_min: int | None
    skip_recap_min: int | None

    @classmethod
    def of(cls, asked: Asked, wish: Wish) -> Self:
        """From what was sent, and what it was understood as."""
        return cls(
            until=wish.until,
            minutes=wish.minutes,
            skip_filler=wish.skip_filler,
            specials=wish.specials,
            start_on=asked.start_on,
            seasons=tuple(sorted(wish.seasons)) if wish.seasons is not None else None,
            skip_credits_min=asked.skip_credits_min,
            skip_recap_min=asked.skip_recap_min,
        )

    @classmethod
    def from_row(cls, row: Record) -> Self:
        """From a plan."""
        told: dict[str, Any] = {name: getattr(row, name) for name in _WISHED}
        for name in ("minutes", "seasons"):
            told[name] = None if told[name] is None else tuple(told[name])
        return cls(**told)

    def wish(self, today: date, habits: Habits) -> Wish:
        """The wish as it is on a day: what is past of it is past."""
        credits, recap = self.skip_credits_min, self.skip_recap_min
        return Wish(
            start=max(today, self.start_on or today),
            until=self.until,
            minutes=self.minutes,
            skip_filler=self.skip_filler,
            specials=self.specials,
            seasons=None if self.seasons is None else frozenset(self.seasons),
            skip_credits=habits.credits if credits is None else credits,
            skip_recap=habits.recap if recap is None else recap,
        )

    @property
    def cells(self) -> dict[str, Any]:
        """The columns of a plan."""
        told = {name: getattr(self, name) for name in _WISHED}
        return told | {name: told[name] and list(told[name]) for name in ("minutes", "seasons")}


@dataclass(frozen=True, slots=True)
class Slot:
    """A sitting as it is kept. places: (season, number) of its episodes; ids: theirs, or None."""

    day: date
    minutes: int
    places: tuple[tuple[int, int], ...]
    ids: tuple[int | None, ...]

    @classmethod
    def of(cls, day: date, minutes: int, episodes: Iterable[Episode]) -> Self:
        """From a schedule's."""
        seen = list(episodes)
        places = tuple((each.season, each.number) for each in seen)
        return cls(day, minutes, places, tuple(each.id for each in seen))

    @classmethod
    def from_row(cls, row: Record) -> Self:
        """From the table's."""
        places = tuple(zip(row.seasons, row.numbers, strict=True))
        return cls(row.day, row.minutes, places, tuple(row.episode_ids))


def key(profile_id: UUID, title_id: int) -> UUID:
    """The same for the same plan for ever, and nobody else's."""
    return uuid5(NAMESPACE_OID, f"binge/{profile_id}/{title_id}")


async def of_profile(connection: AsyncConnection, whom: Whom) -> Sequence[Record]:
    """A profile's plans for titles that it may see, the first to be finished first."""
    asked = {"profile": whom.profile_id, "ceiling": whom.ceiling}
    return (await connection.execute(_OF_PROFILE, asked)).all()


async def one(connection: AsyncConnection, whom: Whom, title_id: int) -> Record | None:
    """A profile's plan for a title that it may see."""
    asked = {"profile": whom.profile_id, "ceiling": whom.ceiling, "title": title_id}
    return (await connection.execute(_ONE, asked)).one_or_none()


async def hold(connection: AsyncConnection, profile_id: UUID, title_id: int) -> Record | None:
    """A plan, kept from others until the commit."""
    asked = {"profile": profile_id, "title": title_id}
    return (await connection.execute(_HELD, asked)).one_or_none()


async def count(connection: AsyncConnection, profile_id: UUID) -> int:
    """How many plans a profile follows."""
    return (await connection.execute(_COUNT, {"profile": profile_id})).scalar_one()


async def slots(
    connection: AsyncConnection,
    profile_id: UUID,
    title_ids: Sequence[int],
    since: date,
    until: date = date.max,
) -> Mapping[int, Sequence[Slot]]:
    """The sittings of a profile's plans between two days, in their order, by title."""
    asked = {"profile": profile_id, "titles": list(title_ids), "since": since, "until": until}
    found: defaultdict[int, list[Slot]] = defaultdict(list)
    for row in await connection.execute(_SLOTS, asked):
        found[row.title_id].append(Slot.from_row(row))
    return found


async def write(
    connection: AsyncConnection,
    whose: tuple[UUID, int],
    wished: Wished,
    made: Schedule,
    sentence: str,
    *,
    today: date,
    now: datetime,
    stale_at: datetime | None,
) -> None:
    """Write a plan, new or not. whose: a profile's, for a title."""
    profile_id, title_id = whose
    told = {
        "profile_id": profile_id,
        "title_id": title_id,
        "created_at": now,
        "planned_at": now,
        "planned_on": today,
        "stale_at": stale_at,
        "fits": made.fits,
        "finishes_on": made.finishes_on,
        "latest_start": made.latest_start,
        "episodes": made.episodes,
        "filler": made.filler,
        "planned": made.planned,
        "planned_min": made.minutes,
        "minutes_by_weekday": list(made.minutes_by_weekday),
        "sentence": sentence,
    }
    await connection.execute(_WRITE, wished.cells | told)


async def fill(
    connection: AsyncConnection, whose: tuple[UUID, int], since: date, kept: Sequence[Slot]
) -> None:
    """Put sittings in the place of those from a day on; what was before it stays."""
    profile_id, title_id = whose
    known = {"profile": profile_id, "title": title_id}
    await connection.execute(_CLEAR, known | {"since": since})
    rows = [
        known
        | {
            "day": each.day,
            "minutes": each.minutes,
            "episode_ids": list(each.ids),
            "seasons": [season for season, _ in each.places],
            "numbers": [number for _, number in each.places],
        }
        for each in kept
    ]
    if rows:
        await connection.execute(_FILL, rows)


async def end(connection: AsyncConnection, profile_id: UUID, title_id: int) -> bool:
    """Take a plan out with all of its sittings; whether there was one."""
    known = {"profile": profile_id, "title": title_id}
    await connection.execute(_CLEAR, known | {"since": date.min})
    return bool((await connection.execute(_DELETE, known)).rowcount)
