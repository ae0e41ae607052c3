"""The wiring: from settings to the services that every edge calls."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace

from redis.asyncio import Redis

from app.database import open_database
from app.settings import Settings
from app.upstreams import NOBODY, Upstreams, open_upstreams
from domain.accounts.service import Door
from domain.db import Database
from domain.errors import DomainError
from domain.profiles.pins import Pins
from domain.recommendations.service import Recommender
from domain.services import Limits, Services
from domain.sync.values import SyncLimits
from integrations.limiter import ValkeyLimiter
from integrations.pubsub import ValkeyWakeups
from integrations.queue import ValkeyQueue
from integrations.valkey import Breaker, ValkeyCache, connect


class NotConfigured(DomainError):
    """A process was started that needs servers, without being told where they are."""

    code = "NOT_CONFIGURED"


def server_urls(settings: Settings) -> tuple[str, str]:
    """Where Postgres and Valkey are; raises NotConfigured."""
    if settings.database_url is None or settings.redis_url is None:
        raise NotConfigured(
            "DATABASE_URL and REDIS_URL must say where Postgres and Valkey are;"
            " `streaming-stack up` starts its own and needs neither."
        )
    return settings.database_url.get_secret_value(), settings.redis_url.get_secret_value()


@asynccontextmanager
async def open_services(settings: Settings, application: str) -> AsyncIterator[Services]:
    """The services for as long as the block runs. application: shown in pg_stat_activity."""
    database_url, redis_url = server_urls(settings)
    database = open_database(
        database_url,
        pooler=settings.database_pooler,
        pool_size=settings.database_pool_size,
        application=application,
    )
    client = connect(redis_url)
    try:
        async with open_upstreams(settings) as upstreams:
            yield make_services(database, client, settings, upstreams)
    finally:
        await client.aclose()
        await database.engine.dispose()


def make_services(
    database: Database, client: Redis, settings: Settings, upstreams: Upstreams = NOBODY
) -> Services:
    """The services on two servers, and whom they may ask."""
    breaker = Breaker()  # one for all: they talk to the same server
    cache, limiter = ValkeyCache(client, breaker), ValkeyLimiter(client, breaker)
    database = replace(database, bell=ValkeyWakeups(client, breaker))
    return Services(
        database=database,
        cache=cache,
        limiter=limiter,
        door=Door(
            database,
            cache,
            limiter,
            country=settings.country,
            time_zone=settings.time_zone,
            failures=settings.sign_in_failures_per_minute,
            failures_from=settings.sign_ins_per_minute_address,
            sign_ups_from=settings.sign_ups_per_hour_address,
        ),
        pins=Pins(database, cache, limiter),
        recommender=Recommender(database, cache),
        limits=Limits(
            recommend=settings.recommend_per_minute,
            recommend_browser=settings.recommend_per_minute_browser,
            webhook_failures=settings.webhook_failures_per_minute_address,
            webhooks=settings.webhooks_per_minute,
        ),
        country=settings.country,
        time_zone=settings.time_zone,
        webhook_keys=settings.webhook_keys,
        queue=ValkeyQueue(client, breaker),
        demo_clock=upstreams.clock,
        source=upstreams.offers,
        trakt=upstreams.trakt,
        metadata=upstreams.metadata,
        sync=SyncLimits(budget=settings.sync_requests, second_look_s=settings.sync_second_look_s),
    )
