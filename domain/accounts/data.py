"""Everything we know of a household, for the household: found by the schema, not by a list.

A table is the household's when it refers to `accounts`, or to a table that does. A table added
next year is exported without anybody remembering it; a test holds the same for deleting.
"""

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Table, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlmodel import SQLModel, col

import domain.tables  # noqa: F401  (fills the metadata)
from domain.db import one_of
from domain.titles.models import Title

_SECRETS = ("hash", "digest", "secret", "token", "device_code", "user_code")


def owned_tables() -> Mapping[str, Table]:
    """The tables whose rows belong to an account, by name, those they refer to first."""
    owned = {"accounts": SQLModel.metadata.tables["accounts"]}
    for table in SQLModel.metadata.sorted_tables:
        if any(key.column.table.name in owned for key in table.foreign_keys):
            owned[table.name] = table
    return owned


def rows_of(table: Table, account_id: UUID) -> ColumnElement[bool]:
    """The condition that a row of an owned table belongs to an account."""
    owned = owned_tables()
    if table.name == "accounts":
        return table.c.id == account_id
    ways: list[ColumnElement[bool]] = []
    for key in table.foreign_keys:
        parent = key.column.table
        if parent.name == "accounts":
            ways.append(key.parent == account_id)
        elif parent.name in owned and parent is not table:
            ways.append(key.parent.in_(select(key.column).where(rows_of(parent, account_id))))
    return or_(*ways)


def is_secret(column: str) -> bool:
    """Whether a column lets somebody in, so that no export may hold it."""
    return any(column == word or column.endswith(f"_{word}") for word in _SECRETS)


async def export(connection: AsyncConnection, account_id: UUID, now: datetime) -> dict[str, Any]:
    """All rows of an account by table, and the names of the titles they speak of; JSON-able."""
    tables: dict[str, list[dict[str, Any]]] = {}
    title_ids: set[int] = set()
    for name, table in owned_tables().items():
        columns = [column for column in table.columns if not is_secret(column.name)]
        found = await connection.execute(
            select(*columns).where(rows_of(table, account_id)).order_by(*table.primary_key)
        )
        tables[name] = [
            {key: _plain(value) for key, value in row.items()} for row in found.mappings()
        ]
        title_ids.update(row["title_id"] for row in tables[name] if row.get("title_id"))
    titles = await connection.execute(
        select(col(Title.id), col(Title.name), col(Title.year))
        .where(one_of(col(Title.id), title_ids))
        .order_by(col(Title.id))
    )
    return {
        "exported_at": now.isoformat(),
        "tables": tables,
        "titles": {str(row.id): {"name": row.name, "year": row.year} for row in titles},
    }


def _plain(value: Any) -> Any:
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, UUID | Decimal):
        return str(value)
    if isinstance(value, bytes):
        return value.hex()
    return value
