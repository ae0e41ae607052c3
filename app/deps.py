"""The wiring: from settings to the services that every edge calls."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import cast

from redis.asyncio import Redis

from app.database import open_database
from app.settings import Settings
from app.upstreams import NOBODY, Upstreams, open_upstreams
from domain.accounts.service import Door
from domain.db import Database
from domain.errors import DomainError
from domain.ports import Cache
from domain.profiles.pins import Pins
from domain.recommendations.service import Recommender
from domain.services import Limits, Services
from domain.sync.values import SyncLimits
from domain.why.service import Whys
from integrations.backlog import ValkeyBacklog
from integrations.chime import ValkeyChime
from integrations.leases import ValkeyLeases
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
            services = make_services(database, client, settings, upstreams)
            try:
                yield services
            finally:
                await close(services)
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
    whys = _whys(client, breaker, cache, settings)
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
        recommender=Recommender(database, cache, whys),
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
        lists=upstreams.lists,
        writer=upstreams.writer,
        whys=whys,
        offer_demo_accounts=settings.offer_demo_accounts,
        sync=SyncLimits(budget=settings.sync_requests, second_look_s=settings.sync_second_look_s),
    )


def _whys(client: Redis, breaker: Breaker, cache: Cache, settings: Settings) -> Whys | None:
    if settings.ollama_url is None:
        return None
    return Whys(
        cache,
        ValkeyBacklog(client, breaker),
        ValkeyLeases(client, breaker),
        ValkeyChime(client, breaker),
        settings.ollama_model,
        parallel=settings.ollama_parallel,
        line_s=settings.ollama_line_s,
    )


async def close(services: Services) -> None:
    """Stop what services have begun by themselves."""
    if services.whys is not None:
        await cast(ValkeyChime, services.whys.chime).stop()
