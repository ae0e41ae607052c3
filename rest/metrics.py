"""GET /metrics: figures for Prometheus. Each process counts for itself."""

import asyncio
from collections.abc import Iterable, Sequence

import structlog
from prometheus_client import (
    CONTENT_TYPE_LATEST,
    CollectorRegistry,
    Counter,
    Histogram,
    ProcessCollector,
    generate_latest,
)
from prometheus_client.core import CounterMetricFamily, Metric
from prometheus_client.registry import Collector
from starlette.responses import Response

from domain.db import Database, is_away
from domain.ports import Limiter
from domain.recommendations.service import Recommender
from domain.why import tallies
from domain.why.tallies import Tally
from domain.why.values import Source
from rest.operations import Call

log = structlog.get_logger()

REGISTRY = CollectorRegistry()
ProcessCollector(registry=REGISTRY)

REQUESTS = Histogram(
    "streaming_stack_request_seconds",
    "How long requests took, by the route's template.",
    ("method", "route", "status"),
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10),
    registry=REGISTRY,
)
RECOMMENDATIONS = Counter(
    "streaming_stack_recommendations",
    "Answers to POST /api/recommend: full (five titles), short, none, or limited.",
    ("outcome",),
    registry=REGISTRY,
)
_PATIENCE_S = 2.0  # with Postgres: whoever asks for figures asks again
_METHODS = {"GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE"}


def observe(method: str, route: str, status: int, seconds: float) -> None:
    """Count a request. Whoever asks may invent methods, but no figures of their own."""
    known = method if method in _METHODS else "other"
    REQUESTS.labels(known, route, str(status)).observe(seconds)


async def tell_metrics(call: Call) -> Response:
    """The figures, in the format that was agreed on."""
    own = CollectorRegistry()
    own.register(_Fallbacks(call.services.limiter))
    own.register(_Told(call.services.recommender))
    own.register(_Lines(await _lines(call.services.database)))
    content = generate_latest(REGISTRY) + generate_latest(own)
    return Response(content, headers={"Content-Type": CONTENT_TYPE_LATEST})


async def _lines(database: Database) -> Sequence[Tally]:
    """What became of all lines; nothing where Postgres is away, which is no zero."""
    try:
        async with asyncio.timeout(_PATIENCE_S), database.read() as connection:
            return await tallies.counts(connection)
    except Exception as error:
        if not is_away(error):
            raise
        log.warning("metrics.no_lines", problem=type(error).__name__)
        return ()


class _Fallbacks(Collector):
    """How often the limiter had to count in this process, since Valkey was away."""

    def __init__(self, limiter: Limiter) -> None:
        self._limiter = limiter

    def collect(self) -> Iterable[Metric]:
        """One figure; 0 for a limiter that keeps none."""
        yield CounterMetricFamily(
            "streaming_stack_limiter_fallbacks",
            "Limits that were counted in this process alone, since Valkey was away.",
            value=getattr(self._limiter, "fallbacks", 0),
        )


class _Told(Collector):
    """Who had written the whys that this process told."""

    def __init__(self, recommender: Recommender) -> None:
        self._told = recommender.told

    def collect(self) -> Iterable[Metric]:
        """A figure for each who writes."""
        family = CounterMetricFamily(
            "streaming_stack_whys_told",
            "Sentences that recommendations were answered with, by who had written them.",
            labels=("source",),
        )
        for source in Source:
            family.add_metric((source,), self._told[source])
        yield family


class _Lines(Collector):
    """What became of the lines that a model was to write: in Postgres, so the same everywhere."""

    def __init__(self, counted: Sequence[Tally]) -> None:
        self._counted = counted

    def collect(self) -> Iterable[Metric]:
        """A figure for each way in which lines ended."""
        family = CounterMetricFamily(
            "streaming_stack_why_lines",
            "Lines of a model by how they ended (accepted, retried, replaced, away, cancelled) and"
            " why; counted in all processes, so don't add them up.",
            labels=("outcome", "reason"),
        )
        for each in self._counted:
            family.add_metric((each.outcome, each.reason), each.lines)
        yield family
