"""Telling Postgres how large the tables of offers have become.

Autovacuum tells it within a minute. Until then it takes a table that a first night is filling for
an empty one, and walks through all of it where an index would do.
"""

from dataclasses import dataclass

from sqlalchemy import text

from domain.db import Database

_LEAST = 2_000  # offers
_ANALYZE = text("ANALYZE offers, offer_claims, offer_beliefs, sync_titles")


@dataclass(slots=True)
class Growth:
    """How many offers a worker has added in its turn, and of how many Postgres has been told."""

    added: int = 0
    told: int = 0

    async def note(self, database: Database, added: int) -> None:
        """So many more; where that doubles what it was told of, Postgres looks at the tables."""
        self.added += added
        if self.added >= max(_LEAST, 2 * self.told):
            async with database.work() as connection:
                await connection.execute(text("SET LOCAL statement_timeout = '30s'"))
                await connection.execute(_ANALYZE)
            self.told = self.added
