"""What somebody has watched, line by line."""

from datetime import datetime
from typing import Any, Self

import strawberry

from domain import ids
from schema.nodes import Node
from schema.titles import Episode, Title


@strawberry.type(description="A title, or an episode of it, that was watched at some time.")
class Watch(Node):
    watched_at: datetime = strawberry.field(description="When.")
    source: str = strawberry.field(description="Who told us: `manual` is the viewer.")
    title: Title = strawberry.field(description="The title.")
    episode: Episode | None = strawberry.field(description="The episode; null for a whole title.")

    @classmethod
    def from_row(cls, row: Any) -> Self:
        """From a row of domain.history.repo.page."""
        return cls(
            id=strawberry.ID(ids.encode("watch", row.watch_id)),
            watched_at=row.watched_at,
            source=row.source,
            title=Title.from_row(row),
            episode=_episode(row) if row.episode_id is not None else None,
        )


def _episode(row: Any) -> Episode:
    return Episode(
        id=strawberry.ID(ids.encode("episode", row.episode_id)),
        season_number=row.season_number,
        number=row.number,
        absolute_number=row.number_abs,
        name=row.episode_name,
        runtime_min=row.episode_runtime_min,
        air_date=row.air_date,
        filler=row.filler,
        filler_source=row.filler_source,
        filler_confidence=getattr(row, "filler_confidence", None),  # an older kept answer has none
    )
