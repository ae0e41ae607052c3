"""Events in their order: numbered once they are committed, and read from a place on."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import datetime, timedelta

from sqlalchemy import BigInteger, DateTime, and_, bindparam, column, func, or_, select, text
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlmodel import col
from sqlmodel.ext.asyncio.session import AsyncSession

from domain.db import one_of
from domain.events.models import EventRow
from domain.events.values import START, Cursor, Event, Heard, Topic

KEPT = timedelta(days=30)
"""How long events are kept for those who resume."""

_COLUMNS = [getattr(EventRow, each.name) for each in fields(Event)]

# Takes the row's lock until the commit, and makes the row where it is missing.
_LOCK = text("""
    INSERT INTO events_last AS l ("only", position, mark) VALUES (true, 0, 0)
    ON CONFLICT ("only") DO UPDATE SET position = l.position
""")

# Where the last event has gone, the row that outlives it says where it was.
_NEWEST = """
    SELECT position, mark FROM (
        (SELECT position, mark, true AS there FROM events
         WHERE position IS NOT NULL ORDER BY position DESC LIMIT 1)
        UNION ALL SELECT position, mark, false FROM events_last
    ) AS known ORDER BY position DESC, there DESC LIMIT 1
"""

# An event that is just being deleted with its profile is passed over: waiting for it could be a
# deadlock, since those who delete take the rows in another order.
_NUMBER = text(f"""
    WITH newest AS ({_NEWEST}), waiting AS (
        SELECT id, mark FROM events WHERE position IS NULL
        ORDER BY id LIMIT :most FOR UPDATE SKIP LOCKED
    ), placed AS (
        SELECT id, mark, row_number() OVER (ORDER BY id) + (SELECT position FROM newest) AS position
        FROM waiting
    ), numbered AS (
        UPDATE events e SET position = p.position FROM placed p WHERE e.id = p.id
        RETURNING {", ".join(f"e.{each.name}" for each in fields(Event))}
    ), noted AS (
        UPDATE events_last l SET position = p.position, mark = p.mark
        FROM (SELECT position, mark FROM placed ORDER BY position DESC LIMIT 1) p
    )
    SELECT newest.position AS before, newest.mark AS before_mark, numbered.*
    FROM newest LEFT JOIN numbered ON true ORDER BY numbered.position
""").columns(column("before", BigInteger), column("before_mark", BigInteger), *_COLUMNS)

# Made once, since making a statement costs as much as running it.
_AFTER = (
    select(*_COLUMNS)
    .where(col(EventRow.position) > bindparam("behind"))
    .order_by(col(EventRow.position))
    .limit(bindparam("most"))
)

_PRUNE = text("""
    DELETE FROM events WHERE position < coalesce(
        (SELECT min(position) FROM events WHERE position IS NOT NULL AND at >= :since),
        (SELECT max(position) FROM events))
""").bindparams(bindparam("since", type_=DateTime(timezone=True)))

_STANDING = text(f"""
    SELECT n.position, n.mark, EXISTS (SELECT FROM events WHERE position IS NULL) AS waiting
    FROM (SELECT true) AS one LEFT JOIN ({_NEWEST}) AS n ON true
""")


@dataclass(frozen=True, slots=True)
class Standing:
    """The last place that was given out, and whether any committed event waits for its own."""

    newest: Cursor
    waiting: bool


async def standing(connection: AsyncConnection) -> Standing:
    """How far the order of events goes, and whether it could go further."""
    row = (await connection.execute(_STANDING)).one()
    newest = START if row.position is None else Cursor(row.position, row.mark)
    return Standing(newest, row.waiting)


@dataclass(frozen=True, slots=True)
class Numbered:
    """Events that have just got their places, in their order; before: the last place before."""

    before: Cursor
    events: Sequence[Event]


async def number(connection: AsyncConnection, most: int) -> Numbered:
    """Give committed events their places, the oldest `most` of them, in a transaction.

    Only what has committed can be seen here, and one transaction at a time does this. So whoever
    has read up to a position has missed nothing before it, ever.
    """
    await connection.execute(_LOCK)
    # The statement behind the lock sees everything that the last one to hold it has committed.
    rows = (await connection.execute(_NUMBER, {"most": most})).all()
    before = Cursor(rows[0].before, rows[0].before_mark)
    return Numbered(before, [Event(*row[2:]) for row in rows if row.position is not None])


async def after(connection: AsyncConnection, position: int, most: int) -> Sequence[Event]:
    """The events behind a position in their order, at most so many."""
    rows = await connection.execute(_AFTER, {"behind": position, "most": most})
    return [Event(*row) for row in rows]


async def newest(connection: AsyncConnection) -> Cursor:
    """The last place that was given out; the start where there was none."""
    return (await standing(connection)).newest


async def last(connection: AsyncConnection, until: int, most: int) -> Sequence[Event]:
    """The last events up to a position, in their order."""
    rows = await connection.execute(
        select(*_COLUMNS)
        .where(col(EventRow.position) <= until)
        .order_by(col(EventRow.position).desc())
        .limit(most)
    )
    return [Event(*row) for row in rows][::-1]


async def missed(
    connection: AsyncConnection, heard: Heard, behind: int, until: int, most: int
) -> Sequence[Event]:
    """The events between two positions that somebody would have heard, in their order."""
    rows = await connection.execute(
        select(*_COLUMNS).where(_within(heard, behind, until)).order_by(col(EventRow.position))
        .limit(most)
    )  # fmt: skip
    return [Event(*row) for row in rows]


async def count_missed(
    connection: AsyncConnection, heard: Heard, behind: int, until: int, most: int
) -> int:
    """How many those are, counted up to `most`."""
    some = select(col(EventRow.id)).where(_within(heard, behind, until)).limit(most).subquery()
    return (await connection.execute(select(func.count()).select_from(some))).scalar_one()


def _within(heard: Heard, behind: int, until: int):
    ways = []
    if heard.profile_id is not None:
        own = (Topic.WATCHLIST, Topic.PROFILE, Topic.BINGE)
        ways.append(
            and_(col(EventRow.profile_id) == heard.profile_id, col(EventRow.topic).in_(own))
        )
    for key, keys in (
        (col(EventRow.title_id), heard.title_ids),
        (col(EventRow.platform_id), heard.platform_ids),
    ):
        if keys:
            here = and_(col(EventRow.country) == heard.country, one_of(key, keys))
            ways.append(and_(col(EventRow.topic) == Topic.AVAILABILITY, here))
    if heard.runs:
        ways.append(col(EventRow.topic) == Topic.SYNC)
    between = and_(col(EventRow.position) > behind, col(EventRow.position) <= until)
    return and_(between, or_(False, *ways))


async def marks(connection: AsyncConnection, positions: Collection[int]) -> Mapping[int, int]:
    """The marks of the events at positions, as far as there are such events."""
    rows = await connection.execute(
        select(col(EventRow.position), col(EventRow.mark)).where(
            one_of(col(EventRow.position), positions)
        )
    )
    return {row.position: row.mark for row in rows}


async def oldest(connection: AsyncConnection) -> int | None:
    """The first position that is still kept."""
    return (await connection.execute(select(func.min(col(EventRow.position))))).scalar_one()


async def of_lists(
    connection: AsyncConnection, profile_ids: Collection, behind: int
) -> Mapping[object, Sequence[Event]]:
    """What changed on the watchlists of profiles behind a position, in its order.

    What has no place yet comes last, with position 0.
    """
    rows = await connection.execute(
        select(*_COLUMNS)
        .where(
            one_of(col(EventRow.profile_id), profile_ids),
            col(EventRow.topic) == Topic.WATCHLIST,
            or_(col(EventRow.position) > behind, col(EventRow.position).is_(None)),
        )
        .order_by(col(EventRow.position).nulls_last(), col(EventRow.id))
    )
    found: defaultdict[object, list[Event]] = defaultdict(list)
    for row in rows:
        found[row.profile_id].append(replace(Event(*row), position=row.position or 0))
    return found


async def of_wishes(
    connection: AsyncConnection, profile_ids: Collection, title_ids: Collection[int], until: int
) -> Mapping[object, Sequence[Event]]:
    """What changed about these titles on watchlists of profiles up to a position, in its order."""
    rows = await connection.execute(
        select(*_COLUMNS)
        .where(
            one_of(col(EventRow.profile_id), profile_ids),
            one_of(col(EventRow.title_id), title_ids),
            col(EventRow.topic) == Topic.WATCHLIST,
            col(EventRow.position) <= until,
        )
        .order_by(col(EventRow.position))
    )
    found: defaultdict[object, list[Event]] = defaultdict(list)
    for row in rows:
        found[row.profile_id].append(Event(*row))
    return found


async def prune(session: AsyncSession, now: datetime) -> int:
    """Forget what is older than KEPT, from the beginning on and without a gap; how many went.

    Whoever resumes from a place that is still kept has missed nothing behind it, so an event with
    an old date among newer ones stays until they go. The newest always stays: it is the place of
    whoever has read everything. What waits for its place stays, too.
    """
    connection = await session.connection()
    await connection.execute(text("SET LOCAL statement_timeout = '50s'"))
    return (await connection.execute(_PRUNE, {"since": now - KEPT})).rowcount
