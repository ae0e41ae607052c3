"""The nightly sync, for admins: its runs, asking for one, and what a run found too much to do."""

from typing import Annotated

import strawberry

from domain import ids
from domain.errors import DomainError, NotFound
from domain.sync import repo, requests
from schema.arguments import After, First
from schema.context import Context, Info
from schema.errors import Refusal
from schema.nodes import DEFAULT_FIRST, Connection, Edge, PageInfo
from schema.sync import DemoClock, SyncProblem, SyncRun, problems_of


class NoStandIns(DomainError):
    """There is no clock to move: whoever is asked here is real."""

    code = "NO_STAND_INS"

    def __init__(self) -> None:
        super().__init__(
            "No stand-ins run here, and nobody moves the real world's clock;"
            " `streaming-stack up` without keys has them."
        )


@strawberry.input(description="What a run shall ask about.")
class StartSyncInput:
    title_ids: list[strawberry.ID] | None = strawberry.field(
        default=None, description="These titles alone, 100 at most; default: what is most due."
    )
    dry_run: bool = strawberry.field(
        default=False, description="Count what would change, and change nothing."
    )


@strawberry.type(description="A run of the sync.")
class SyncRunResult:
    run: SyncRun = strawberry.field(description="The run as it is now.")


@strawberry.type(description="A title that is asked about again.")
class SyncTitleReleased:
    title_id: strawberry.ID = strawberry.field(description="The title.")


@strawberry.type(description="The stand-ins' clock was moved.")
class DemoClockMoved:
    clock: DemoClock = strawberry.field(description="What it says now.")
    run: SyncRun | None = strawberry.field(
        description="The run that asks what has changed meanwhile; null while another one does."
    )


Starting = Annotated[StartSyncInput, strawberry.argument(description="What to ask about.")]
RunId = Annotated[strawberry.ID, strawberry.argument(description="The run.")]
QuarantinedId = Annotated[strawberry.ID, strawberry.argument(description="The title.")]
Days = Annotated[int, strawberry.argument(description="How many days forward, 1 to 365.")]
StartSyncPayload = Annotated[SyncRunResult | Refusal, strawberry.union("StartSyncPayload")]
ConfirmSyncPayload = Annotated[SyncRunResult | Refusal, strawberry.union("ConfirmSyncPayload")]
ReleasePayload = Annotated[SyncTitleReleased | Refusal, strawberry.union("ReleaseSyncTitlePayload")]
MoveClockPayload = Annotated[DemoClockMoved | Refusal, strawberry.union("MoveDemoClockPayload")]


@strawberry.type
class SyncQuery:
    @strawberry.field(description="The runs of the nightly sync, the latest first; for admins.")
    async def sync_runs(
        self, info: Info, first: First = DEFAULT_FIRST, after: After = None
    ) -> Connection[SyncRun]:
        context = info.context
        context.viewer.require_admin()
        async with context.services.database.read() as connection:
            page = await repo.runs(connection, first=first, after=after)
        edges = [Edge(cursor=str(row.id), node=SyncRun.from_row(row)) for row in page.rows]
        return Connection(edges=edges, page_info=PageInfo.of(edges, more=page.more, after=after))

    @strawberry.field(description="A run of the nightly sync; for admins.")
    async def sync_run(self, info: Info, id: RunId) -> SyncRun | None:
        info.context.viewer.require_admin()
        return await _find(info.context, ids.decode_int("run", id))

    @strawberry.field(
        description="Titles that are not asked about any more because that failed too often; for"
        " admins, at most 100.",
        metadata={"assumed_size": 10},
    )
    async def quarantined_titles(self, info: Info) -> list[SyncProblem]:
        context = info.context
        context.viewer.require_admin()
        async with context.services.database.read() as connection:
            rows = await repo.quarantined(connection)
        return await problems_of(context, rows)

    @strawberry.field(
        description="The clock of the stand-ins for JustWatch and the others; null where none run."
    )
    async def demo_clock(self, info: Info) -> DemoClock | None:
        clock = info.context.services.demo_clock
        return _clock(info.context, await clock.now()) if clock else None


@strawberry.type
class SyncMutation:
    @strawberry.mutation(
        description="Ask upstream now where titles are, as every night; for admins. One run at a"
        " time. `syncRunChanged` tells how it gets on."
    )
    async def start_sync(self, info: Info, input: Starting) -> StartSyncPayload | None:
        context = info.context
        context.viewer.require_admin()
        title_ids = None
        if input.title_ids is not None:
            given = input.title_ids[: requests.MOST_TITLES + 1]
            title_ids = [ids.decode_int("title", each) for each in given]
        run_id = await requests.start(
            context.services, context.now, title_ids=title_ids, dry_run=input.dry_run,
        )  # fmt: skip
        return await _result(context, run_id)

    @strawberry.mutation(
        description="Say that what a held run found missing has really left; for admins."
    )
    async def confirm_sync(self, info: Info, id: RunId) -> ConfirmSyncPayload | None:
        context = info.context
        account_id = context.viewer.require_admin()
        run_id = ids.decode_int("run", id)
        await requests.confirm(context.services, run_id, account_id, context.now)
        return await _result(context, run_id)

    @strawberry.mutation(description="Have a quarantined title asked about again; for admins.")
    async def release_sync_title(self, info: Info, id: QuarantinedId) -> ReleasePayload | None:
        context = info.context
        context.viewer.require_admin()
        await requests.release(context.services, ids.decode_int("title", id))
        return SyncTitleReleased(title_id=id)

    @strawberry.mutation(
        description="Move the stand-ins' clock forward, and ask them what has left and come"
        " meanwhile. Only where `demoClock` is there."
    )
    async def move_demo_clock(self, info: Info, days: Days) -> MoveClockPayload | None:
        context = info.context
        context.viewer.require_profile()
        clock = context.services.demo_clock
        if clock is None:
            raise NoStandIns
        moved = _clock(context, await clock.move(days))
        run_id = await requests.start_unless_busy(context.services, context.now)
        return DemoClockMoved(
            clock=moved, run=await _find(context, run_id) if run_id is not None else None
        )


def _clock(context: Context, now) -> DemoClock:
    return DemoClock(now=now, ahead_days=round((now - context.now).total_seconds() / 86_400, 3))


async def _find(context: Context, run_id: int) -> SyncRun | None:
    async with context.services.database.read() as connection:
        row = await repo.run(connection, run_id)
    return SyncRun.from_row(row) if row else None


async def _result(context: Context, run_id: int) -> SyncRunResult:
    run = await _find(context, run_id)
    if run is None:
        raise NotFound("No run has that id.", field="id")
    return SyncRunResult(run=run)
