"""GET /metrics: figures for Prometheus. Each process counts for itself."""

from collections.abc import Iterable

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

from domain.ports import Limiter
from rest.operations import Call

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
_METHODS = {"GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE"}


def observe(method: str, route: str, status: int, seconds: float) -> None:
    """Count a request. Whoever asks may invent methods, but no figures of their own."""
    known = method if method in _METHODS else "other"
    REQUESTS.labels(known, route, str(status)).observe(seconds)


async def tell_metrics(call: Call) -> Response:
    """The figures, in the format that was agreed on."""
    own = CollectorRegistry()
    own.register(_Fallbacks(call.services.limiter))
    content = generate_latest(REGISTRY) + generate_latest(own)
    return Response(content, headers={"Content-Type": CONTENT_TYPE_LATEST})


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
