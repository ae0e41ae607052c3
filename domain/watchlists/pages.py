"""Pages of a watchlist that stay put: each continues behind the sort key of its last wish."""

import base64
import binascii
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import orjson
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from domain.db import Record
from domain.errors import InvalidInput
from domain.watchlists import repo, rules
from domain.watchlists.values import Filters, WatchlistSort, Whose, Wish

# All ascend, with the title's id behind them. What is leaving comes first, then what stays, then
# what they can't see anywhere; and all of that over again for what was watched already.
_KEYS = {
    WatchlistSort.LEAVING_FIRST: """
        CASE WHEN watched_at IS NULL THEN 0 ELSE 10000000000 END
          + CASE WHEN NOT available THEN 4000000000
                 ELSE coalesce(expires_on - DATE '2000-01-01', 3000000000) END
    """,
    WatchlistSort.ADDED: "-CAST(extract(epoch FROM added_at) * 1000000 AS bigint)",
    WatchlistSort.TITLE: 'name_key COLLATE "C"',
}
_TYPES = {WatchlistSort.TITLE: "text"}
_LONGEST_KEY = 20_000


@dataclass(frozen=True, slots=True)
class Page:
    """Wishes with their cursors; more: whether others follow."""

    wishes: Sequence[tuple[str, Wish]]
    more: bool


async def page(
    connection: AsyncConnection,
    whose: Whose,
    filters: Filters,
    sort: WatchlistSort,
    *,
    first: int | None = None,
    after: str | None = None,
) -> Page:
    """At most `first` wishes, or all, behind the cursor `after`.

    Raises InvalidInput for a cursor that we did not give out for this order, and for the filters.
    """
    parameters: dict[str, Any] = repo.scope(whose)
    conditions = ["true"]
    days = rules.days(filters.leaving_within_days, "leavingWithinDays")
    if days is not None:
        conditions.append("expires_on - CAST(:today AS date) <= :days")
        parameters["days"] = days
    if filters.on_my_platforms is not None:
        conditions.append("available" if filters.on_my_platforms else "NOT available")
    if filters.watched is not None:
        conditions.append(f"watched_at IS {'NOT' if filters.watched else ''} NULL")
    key, kind = _KEYS[sort], _TYPES.get(sort, "bigint")
    if after is not None:
        parameters["last_key"], parameters["last_id"] = _read(after, sort)
        conditions.append(f"({key}, id) > (CAST(:last_key AS {kind}), :last_id)")
    most = ""
    if first is not None:
        most, parameters["most"] = "LIMIT :most", first + 1
    rows = (
        await connection.execute(
            text(
                repo.statement(
                    f"SELECT *, {key} AS sort_key FROM wishes"
                    f" WHERE {' AND '.join(conditions)} ORDER BY {key}, id {most}"
                )
            ),
            parameters,
        )
    ).all()
    shown = rows if first is None else rows[:first]
    told = [(_cursor(row, sort), repo.wish(row, whose)) for row in shown]
    return Page(told, len(rows) > len(shown))


def _cursor(row: Record, sort: WatchlistSort) -> str:
    told = orjson.dumps([sort.value, row.sort_key, row.id])
    return base64.urlsafe_b64encode(told).rstrip(b"=").decode()


def _read(given: str, sort: WatchlistSort) -> tuple[int | str, int]:
    """The sort key and title in a cursor of an order; raises InvalidInput."""
    try:
        padded = given.encode("ascii") + b"=" * (-len(given) % 4)
        word, key, title_id = orjson.loads(base64.urlsafe_b64decode(padded))
        textual = _TYPES.get(sort) == "text"
        if word != sort.value or type(key) is not (str if textual else int):
            raise ValueError(given)
        if isinstance(key, str):
            if "\0" in key or len(key) > _LONGEST_KEY:
                raise ValueError(given)
        elif not -(2**63) <= key < 2**63:
            raise ValueError(given)
        if type(title_id) is not int or not 0 <= title_id < 2**63:
            raise ValueError(given)
    except (ValueError, TypeError, binascii.Error) as problem:
        raise InvalidInput(
            "This cursor was not given out for this order; start again without it.", field="after"
        ) from problem
    return key, title_id
