"""The way to a worker: a job's id, in ARQ's queue on Valkey.

A ticket in the queue is named after the attempt that it is for. So the same is queued once, and
one that a killed worker took along (ARQ waits for it for more than a minute) is not in the way of
the next attempt.
"""

import asyncio
from typing import Any

import orjson
from arq.constants import (
    default_queue_name,
    expires_extra_ms,
    in_progress_key_prefix,
    job_key_prefix,
)
from arq.jobs import serialize_job
from arq.utils import timestamp_ms
from redis.asyncio import Redis
from redis.asyncio.client import Pipeline

from integrations.valkey import FAILURES, Breaker

_FUNCTION = "run_job"
_LONGEST_S = 0.5
_GRACE_MS = 5_000  # from when a worker takes a ticket to when it has claimed the job


def add_ticket(pipe: Pipeline, ticket: str, function: str, *arguments: Any) -> None:
    """Add to a pipeline what queues a call of a function, unless its ticket is queued already.

    It is what ARQ's enqueue_job does, in one round trip: that watches a key, which takes five, and
    loses a connection for good when it is cut short. arguments: as JSON can say them.
    """
    now = timestamp_ms()
    job = serialize_job(function, arguments, {}, None, now, serializer=orjson.dumps)
    pipe.set(job_key_prefix + ticket, job, nx=True, px=expires_extra_ms)
    pipe.zadd(default_queue_name, {ticket: now}, nx=True)


class ValkeyQueue:
    """domain.ports.Queue on ARQ; where Valkey is away, whoever reconciles queues it later."""

    def __init__(self, client: Redis, breaker: Breaker | None = None) -> None:
        self._client = client
        self._breaker = breaker or Breaker()

    async def nudge(self, job_id: int, attempt: int = 0) -> None:
        """Queue a job that is due; never raises, never takes long."""
        if self._breaker.open:
            return
        try:
            async with asyncio.timeout(_LONGEST_S):
                await self._queue(job_id, f"{job_id}:{attempt}")
        except FAILURES as problem:
            self._breaker.failed(problem)

    async def _queue(self, job_id: int, ticket: str) -> None:
        taken = in_progress_key_prefix + ticket
        async with self._client.pipeline(transaction=True) as pipe:
            add_ticket(pipe, ticket, _FUNCTION, job_id)
            pipe.pttl(taken)
            *_, left_ms = await pipe.execute()
        # Had whoever took the ticket lived, they would have claimed the job, and it wasn't due.
        if left_ms > _GRACE_MS:
            await self._client.pexpire(taken, _GRACE_MS)
