"""Counts the statements that reach Postgres: the proof that nothing is asked once per row."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import event

from domain.db import Database


@contextmanager
def statements(database: Database) -> Iterator[list[str]]:
    """The statements that were sent while the block ran."""
    sent: list[str] = []

    def note(_connection, _cursor, statement: str, *_rest: object) -> None:
        sent.append(statement)

    engine = database.engine.sync_engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        event.remove(engine, "before_cursor_execute", note)
