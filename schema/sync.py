"""The nightly sync, for admins: its runs, what went wrong in them, and the stand-ins' clock."""

from datetime import date, datetime
from typing import Annotated, Any, Self

import strawberry

from domain import ids
from domain.events.values import Cursor, Event
from domain.sync import repo
from schema.context import Context, Info
from schema.enums import SyncKind, SyncReason, SyncState
from schema.live import CURSOR, Heartbeat, Resync
from schema.nodes import Node
from schema.titles import Title


@strawberry.type(description="What went wrong with a title.")
class SyncProblem:
    title: Title = strawberry.field(description="The title.")
    problem: str | None = strawberry.field(description="What went wrong, in words.")
    quarantined: bool = strawberry.field(
        description="Whether it isn't asked about any more until an admin says so."
    )


@strawberry.type(description="One round of asking an upstream where titles are.")
class SyncRun(Node):
    source: str = strawberry.field(description="Who is asked.")
    reason: SyncReason = strawberry.field(description="Why there is this run.")
    night: date | None = strawberry.field(description="Whose night it is; null for a manual one.")
    countries: list[str] = strawberry.field(description="For which countries, ISO 3166-1.")
    dry_run: bool = strawberry.field(description="Whether it only counts and changes nothing.")
    state: SyncState = strawberry.field(description="How far it is.")
    planned_at: datetime = strawberry.field(description="When it was planned.")
    started_at: datetime | None = strawberry.field(description="When it began.")
    checkpoint_at: datetime | None = strawberry.field(
        description="Its last checkpoint, from which it goes on whatever happens to it."
    )
    finished_at: datetime | None = strawberry.field(description="When it ended.")
    budget: int = strawberry.field(description="The most requests it may send.")
    requests: int = strawberry.field(description="Requests sent.")
    titles: int = strawberry.field(description="How many titles it asks about.")
    unchanged: int = strawberry.field(description="Titles of which the same was said as last time.")
    changed: int = strawberry.field(description="Titles of which something else was said.")
    unknown: int = strawberry.field(description="Titles that the upstream doesn't have.")
    failed: int = strawberry.field(description="Titles that got no answer; they are asked again.")
    quarantined: int = strawberry.field(
        description="Of those, the ones that failed too often to be asked again."
    )
    rejected: int = strawberry.field(description="Offers that could not be read.")
    unplaced: int = strawberry.field(description="Offers on platforms that we don't know.")
    offers: int = strawberry.field(description="Offers that were listed.")
    added: int = strawberry.field(description="Offers that are new, or back.")
    updated: int = strawberry.field(description="Offers with another day or price.")
    removals: int = strawberry.field(description="Offers that were missing twice.")
    removed: int = strawberry.field(description="Of those, the ones that count as gone.")
    problem: str | None = strawberry.field(description="What is wrong with the run, in words.")
    key: strawberry.Private[int]

    @strawberry.field(description="Titles that have had their turn.")
    def done(self) -> int:
        return self.unchanged + self.changed + self.unknown + self.failed

    @strawberry.field(description="Seconds from its beginning to its end, or to its checkpoint.")
    def duration_s(self) -> float | None:
        until = self.finished_at or self.checkpoint_at
        return (until - self.started_at).total_seconds() if self.started_at and until else None

    @strawberry.field(
        description="What went wrong with single titles, at most 100.",
        metadata={"assumed_size": 10},
    )
    async def problems(self, info: Info) -> list[SyncProblem]:
        context = info.context
        async with context.services.database.read() as connection:
            rows = await repo.problems(connection, self.key)
        return await problems_of(context, rows)

    @classmethod
    def from_row(cls, row: Any) -> Self:
        """From a row of repo.runs."""
        named = {name: getattr(row, name) for name in _SAME}
        return cls(
            id=strawberry.ID(ids.encode("run", row.id)),
            key=row.id,
            reason=SyncReason(row.reason),
            state=SyncState(row.state),
            **named,
        )


_SAME = (
    "source", "night", "countries", "dry_run", "planned_at", "started_at", "checkpoint_at",
    "finished_at", "budget", "requests", "titles", "unchanged", "changed", "unknown", "failed",
    "quarantined", "rejected", "unplaced", "offers", "added", "updated", "removals", "removed",
    "problem",
)  # fmt: skip


async def problems_of(context: Context, rows: Any) -> list[SyncProblem]:
    """Problems with their titles, from rows with title_id, problem and quarantined."""
    titles = await context.loaders.title_by_id.load_many([row.title_id for row in rows])
    return [
        SyncProblem(title=Title.from_row(title), problem=row.problem, quarantined=row.quarantined)
        for row, title in zip(rows, titles, strict=True)
        if title is not None
    ]


@strawberry.type(description="A run of the nightly sync moved on.")
class SyncRunEvent:
    cursor: Cursor = strawberry.field(description=CURSOR)
    kind: SyncKind = strawberry.field(description="What happened.")
    run: SyncRun = strawberry.field(description="The run, as it is now.")
    at: datetime = strawberry.field(description="When it happened.")

    @classmethod
    async def of(cls, event: Event, context: Context) -> Self | None:
        """From the domain's; None for a run that is not kept any more."""
        if event.run_id is None:
            return None
        async with context.services.database.read() as connection:
            row = await repo.run(connection, event.run_id)
        if row is None:
            return None
        return cls(
            cursor=event.cursor,
            kind=SyncKind(event.kind),
            run=SyncRun.from_row(row),
            at=event.at,
        )


SyncRunUpdate = Annotated[
    SyncRunEvent | Resync | Heartbeat,
    strawberry.union("SyncRunUpdate", description="What `syncRunChanged` tells."),
]


@strawberry.type(description="The clock of the stand-ins that play JustWatch and the others.")
class DemoClock:
    now: datetime = strawberry.field(description="What it says.")
    ahead_days: float = strawberry.field(description="How many days it is ahead of the real one.")
