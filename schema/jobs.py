"""What must be done later and how it stands, and webhooks that could not be applied; for admins."""

from datetime import datetime
from typing import Annotated, Any, Self

import strawberry
from strawberry import argument

from domain import ids
from domain.jobs import overview
from domain.jobs.overview import Ledger
from domain.webhooks import overview as deliveries
from schema.arguments import After, First
from schema.context import Info
from schema.enums import JobState
from schema.nodes import DEFAULT_FIRST, Connection, Edge, Node, PageInfo
from schema.quality import MOST_COUNTED

JobId = Annotated[strawberry.ID, argument(description="The job.")]


@strawberry.type(description="Something that must be done once, whoever does it.")
class Job(Node):
    kind: str = strawberry.field(description="What is done: `sync`, `enrich`, `lines` and so on.")
    key: str = strawberry.field(description="What it is about; the same twice is the same job.")
    state: JobState = strawberry.field(description="How it stands.")
    problem: str | None = strawberry.field(description="What went wrong last, in words.")
    attempt: int = strawberry.field(description="How often it was taken up.")
    failures: int = strawberry.field(description="Attempts in a row that ended with a problem.")
    deaths: int = strawberry.field(description="Attempts in a row that ended without a word.")
    due_at: datetime = strawberry.field(description="When its turn is, or was.")
    created_at: datetime = strawberry.field(description="When it was planned.")
    started_at: datetime | None = strawberry.field(description="When it was first taken up.")
    finished_at: datetime | None = strawberry.field(description="When it was done or given up.")

    @classmethod
    def from_row(cls, row: Any) -> Self:
        """From a row of domain.jobs.overview."""
        return cls(
            id=strawberry.ID(ids.encode("job", row.id)),
            kind=row.kind,
            key=row.key,
            state=JobState(row.state),
            problem=row.problem,
            attempt=row.attempt,
            failures=row.failures,
            deaths=row.deaths,
            due_at=row.due_at,
            created_at=row.created_at,
            started_at=row.started_at,
            finished_at=row.finished_at,
        )


@strawberry.type(description="How many jobs of a kind there are; what was done is kept a week.")
class JobTally:
    kind: str = strawberry.field(description="What is done.")
    waiting: int = strawberry.field(description="Jobs that wait for their turn.")
    running: int = strawberry.field(description="Jobs that somebody has taken up.")
    done: int = strawberry.field(description="Jobs that were done.")
    quarantined: int = strawberry.field(description="Jobs that were given up.")


@strawberry.type(description="A webhook that was signed and stored, and is not applied yet.")
class StoredWebhook(Node):
    webhook_id: str = strawberry.field(description="The id that its sender gave it.")
    problem: str | None = strawberry.field(
        description="Why it could not be applied; null where nobody has failed at it."
    )
    attempts: int = strawberry.field(description="How often it was tried.")
    received_at: datetime = strawberry.field(description="When it came.")
    next_try_at: datetime = strawberry.field(description="When it is tried again.")


@strawberry.type(description="Webhooks that wait to be applied, the oldest first.")
class StoredWebhooks:
    count: int = strawberry.field(description="How many, 1,000 at most.")
    more: bool = strawberry.field(description="Whether there are more than were counted.")
    items: list[StoredWebhook] = strawberry.field(description="The first of them.")


@strawberry.type(description="The job ledger: what must be done later, and how it stands.")
class JobLedger:
    tallies: list[JobTally] = strawberry.field(
        description="How many jobs there are of each kind.", metadata={"assumed_size": 10}
    )
    due: int = strawberry.field(
        description="Jobs that could be begun now and wait for a worker, 1,000 at most."
    )
    oldest_due_at: datetime | None = strawberry.field(
        description="Since when the one that waits longest could have been begun; null where none"
        " has to wait. More than half a minute ago means that no worker runs, or too few do."
    )

    @strawberry.field(description="Jobs that were given up, the latest first.")
    async def quarantined(
        self, info: Info, first: First = DEFAULT_FIRST, after: After = None
    ) -> Connection[Job]:
        async with info.context.services.database.read() as connection:
            page = await overview.quarantined(connection, first=first, after=after)
        edges = [Edge(cursor=str(row.id), node=Job.from_row(row)) for row in page.rows]
        return Connection(edges=edges, page_info=PageInfo.of(edges, more=page.more, after=after))

    @strawberry.field(description="Webhooks that were stored and could not be applied yet.")
    async def webhooks(self, info: Info, first: First = DEFAULT_FIRST) -> StoredWebhooks:
        async with info.context.services.database.read() as connection:
            found = await deliveries.waiting(connection, first)
        return StoredWebhooks(
            count=min(found.count, MOST_COUNTED),
            more=found.count > MOST_COUNTED,
            items=[
                StoredWebhook(
                    id=strawberry.ID(ids.encode("delivery", row.id)),
                    webhook_id=row.webhook_id,
                    problem=row.problem,
                    attempts=row.attempts,
                    received_at=row.received_at,
                    next_try_at=row.next_at,
                )
                for row in found.rows
            ],
        )

    @classmethod
    def of(cls, ledger: Ledger) -> Self:
        """From the domain's."""
        return cls(
            tallies=[
                JobTally(
                    kind=each.kind,
                    waiting=each.waiting,
                    running=each.running,
                    done=each.done,
                    quarantined=each.quarantined,
                )
                for each in ledger.tallies
            ],
            due=min(ledger.due, overview.MOST_DUE),
            oldest_due_at=ledger.oldest_due_at,
        )
