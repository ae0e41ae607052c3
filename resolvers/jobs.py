"""The job ledger, for admins: how it stands, and another try for what was given up."""

from typing import Annotated

import strawberry

from domain import ids
from domain.errors import NotFound
from domain.jobs import overview, requests
from schema.context import Info
from schema.errors import Refusal
from schema.jobs import Job, JobId, JobLedger


@strawberry.type(description="A job is tried again, as if for the first time.")
class JobReleased:
    job: Job = strawberry.field(description="The job as it is now.")


ReleaseJobPayload = Annotated[JobReleased | Refusal, strawberry.union("ReleaseJobPayload")]


@strawberry.type
class JobsQuery:
    @strawberry.field(
        description="What must be done later and how it stands, and webhooks that could not be"
        " applied; for admins."
    )
    async def jobs(self, info: Info) -> JobLedger:
        context = info.context
        context.viewer.require_admin()
        async with context.services.database.read() as connection:
            return JobLedger.of(await overview.standing(connection, context.now))


@strawberry.type
class JobsMutation:
    @strawberry.mutation(
        description="Take a job out of quarantine, to be tried again; for admins. Twice is once: a"
        " job that is in none is left alone, which is said."
    )
    async def release_job(self, info: Info, id: JobId) -> ReleaseJobPayload | None:
        context = info.context
        context.viewer.require_admin()
        job_id = ids.decode_int("job", id)
        await requests.release(context.services, job_id, context.now)
        async with context.services.database.read() as connection:
            row = await overview.job(connection, job_id)
        if row is None:
            raise NotFound("No job has that id.", field="id")
        return JobReleased(job=Job.from_row(row))
