"""The worker: runs what is due, on ARQ. `python -m jobs.worker`.

ARQ only carries messages. What must happen can be found in Postgres: in the ledger of jobs, or by
jobs that scan for it when the worker starts and at their times, so a Valkey that lost everything
costs nothing.
"""

import asyncio
import logging
from collections.abc import Mapping
from contextlib import suppress
from datetime import UTC
from signal import Signals

import orjson
from arq import Worker, cron, func
from arq.connections import ArqRedis
from arq.cron import CronJob
from arq.worker import Function
from redis.asyncio import ConnectionPool
from redis.asyncio.retry import Retry
from redis.backoff import ExponentialBackoff
from redis.exceptions import BusyLoadingError, WatchError
from redis.exceptions import ConnectionError as Disconnected
from redis.exceptions import TimeoutError as TooSlow

from app.deps import open_services, server_urls
from app.logs import configure_logs
from app.settings import Settings
from domain.services import Services
from jobs.apply_deliveries import apply_deliveries
from jobs.count_down import count_down
from jobs.expire_offers import expire_offers
from jobs.gate import Gate
from jobs.handlers import HANDLERS, Handler
from jobs.hear_parked import hear_parked
from jobs.plan_enrich import plan_enrich
from jobs.plan_lines import plan_lines
from jobs.plan_sync import plan_sync
from jobs.prune_answers import prune_answers
from jobs.prune_deliveries import prune_deliveries
from jobs.prune_events import prune_events
from jobs.prune_imports import prune_imports
from jobs.prune_jobs import prune_jobs
from jobs.prune_sessions import prune_sessions
from jobs.prune_tallies import prune_tallies
from jobs.prune_trakt import prune_trakt
from jobs.reconcile import reconcile
from jobs.refresh_demo import refresh_demo
from jobs.replan_binges import replan_binges
from jobs.run_job import Pace, Workbench, run_job
from jobs.warm_writer import warm_writer
from jobs.write_lines import look_after_lines, write_lines

_UNREACHABLE = [Disconnected, TooSlow, BusyLoadingError, OSError]
_QUARTERS = {0, 15, 30, 45}
_RETRIES = 60
_PACE = Pace()
_MOST_JOBS = 10  # at once, beside those that wait for a model
_LINES_GRACE_S = 20
_COMPLETION_S = 3  # at a stop, what runs may end; most take less than a second
_FAREWELL_S = 1.5  # for each of three; with the wait above, less than the 10 s that "up" allows


def connect(url: str) -> ArqRedis:
    """ARQ's client. It waits a minute for a Valkey that restarts; left alone, ARQ would die."""
    client = ArqRedis(
        ConnectionPool.from_url(
            url,
            retry=Retry(ExponentialBackoff(cap=1, base=0.05), _RETRIES),
            retry_on_timeout=True,
            retry_on_error=_UNREACHABLE,
            socket_connect_timeout=1,
        )
    )
    client.auto_close_connection_pool = True  # nobody else has the pool
    return client


class _Steady(Worker):
    """ARQ's worker. It outlives a Valkey that goes in the moment in which a job is started."""

    async def start_jobs(self, job_ids: list[bytes]) -> None:
        """Start jobs. One that was looked at in that moment is in the queue still, or done."""
        try:
            await super().start_jobs(job_ids)
        except WatchError:
            self.job_counter -= 1
            self.sem.release()

    def handle_sig_wait_for_completion(self, signum: Signals) -> None:
        """End, though Valkey is gone: what is cancelled first says good-bye to it, for a minute."""
        super().handle_sig_wait_for_completion(signum)
        self.loop.call_later(_COMPLETION_S + _FAREWELL_S, self._insist)

    def _insist(self) -> None:
        # Once may not be enough: a library that is waiting for Valkey may keep it to itself.
        if self.main_task and not self.main_task.done():
            self.main_task.cancel()
            self.loop.call_later(_FAREWELL_S, self._insist)


def make_worker(
    services: Services,
    redis: ArqRedis,
    *,
    demo: bool = False,
    handle_signals: bool = True,
    poll_delay: float = 0.5,
    handlers: Mapping[str, Handler] = HANDLERS,
    pace: Pace = _PACE,
    reconcile_every_s: int = 5,
) -> Worker:
    """A worker over open services; jobs find them in their context.

    demo: the catalogue is the demo's, whose dates have to move on every day. handlers, pace: for
    the jobs of the ledger, which is asked for due ones every so often (it divides a minute).
    """
    # ARQ's own choice is pickle, with which whoever reaches Valkey could run code here.
    redis.job_serializer, redis.job_deserializer = orjson.dumps, orjson.loads
    functions, lines, parallel = _lines(services)
    return _Steady(
        functions=[run_job, *functions],
        cron_jobs=[
            # Days end at every quarter of an hour, somewhere.
            cron(expire_offers, minute=_QUARTERS, second=5, run_at_startup=True),
            cron(count_down, minute=_QUARTERS, second=10, run_at_startup=True),
            cron(prune_events, hour=4, minute=53, run_at_startup=True),
            cron(prune_sessions, hour=4, minute=23, run_at_startup=True),
            cron(prune_answers, minute=29, run_at_startup=True),
            cron(apply_deliveries, second={0, 15, 30, 45}, run_at_startup=True),
            cron(hear_parked, minute=set(range(3, 60, 5)), run_at_startup=True),
            cron(prune_deliveries, hour=4, minute=41, run_at_startup=True),
            cron(reconcile, second=set(range(0, 60, reconcile_every_s)), run_at_startup=True),
            cron(plan_sync, second=20, run_at_startup=True),
            cron(plan_enrich, second=40, run_at_startup=True),
            cron(replan_binges, second={7, 37}, run_at_startup=True),
            cron(prune_jobs, hour=4, minute=35, run_at_startup=True),
            cron(prune_imports, hour=4, minute=29, run_at_startup=True),
            cron(prune_trakt, minute=47, run_at_startup=True),
            cron(prune_tallies, hour=4, minute=17, run_at_startup=True),
            *lines,
            *([cron(refresh_demo, minute=11)] if demo else []),  # midnight, wherever that is
        ],
        timezone=UTC,  # type: ignore[arg-type]
        redis_pool=redis,
        ctx={"services": services, "workbench": Workbench(handlers, pace, Gate())},
        job_serializer=orjson.dumps,
        job_deserializer=orjson.loads,
        max_jobs=_MOST_JOBS + parallel,
        job_timeout=60,  # a killed worker's job is free again 10 s later than this
        job_completion_wait=_COMPLETION_S,
        keep_result=0,
        health_check_interval=30,
        handle_signals=handle_signals,
        poll_delay=poll_delay,
    )


def _lines(services: Services) -> tuple[list[Function], list[CronJob], int]:
    """What is done where a model is set, and how much of it at once."""
    whys = services.whys
    if whys is None or services.writer is None:
        return [], [], 0
    longest_s = whys.pace.turn + whys.line_s + _LINES_GRACE_S
    crons = [
        cron(look_after_lines, second=set(range(4, 60, 5)), timeout=longest_s),
        cron(plan_lines, second={15, 45}),
        cron(warm_writer, minute={0, 20, 40}, second=30, run_at_startup=True),
    ]
    return [func(write_lines, timeout=longest_s)], crons, whys.parallel


async def work(worker: Worker) -> None:
    """Work until a signal, or until this is cancelled, and leave no connection open.

    Valkey may be gone by then, killed with whoever started us both; nobody waits for it to come
    back then. A job that is cut short, with its CancelledError, others do again.
    """
    redis = worker.pool
    try:
        with suppress(asyncio.CancelledError):  # how ARQ ends at a signal
            await worker.async_run()
    finally:
        for end in (worker.close, redis.aclose):
            with suppress(asyncio.CancelledError, TimeoutError, *_UNREACHABLE):
                async with asyncio.timeout(_FAREWELL_S):
                    await end()


async def run(settings: Settings) -> None:
    """Work as the settings say."""
    _, redis_url = server_urls(settings)
    async with open_services(settings, "streaming-stack-worker") as services:
        await work(make_worker(services, connect(redis_url), demo=settings.offer_demo_accounts))


def main() -> None:
    """Work as the environment says."""
    settings = Settings()
    configure_logs(settings.log_level)
    if settings.log_level != "debug":  # ARQ says when each job begins and ends
        logging.getLogger("arq").setLevel(logging.WARNING)
    asyncio.run(run(settings))


if __name__ == "__main__":
    main()
