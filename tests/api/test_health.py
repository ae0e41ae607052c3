"""/livez, /readyz and /metrics, with everything there and with something away."""

from types import SimpleNamespace
from typing import Any, cast

import httpx
import pytest
from redis.asyncio import Redis

from app.database import open_database
from domain.db import Database
from domain.services import Services
from integrations.limiter import ValkeyLimiter
from integrations.valkey import ValkeyCache
from integrations.valkey import connect as connect_valkey
from rest.public import Public
from tests.api.conftest import SITE, Client, make_app, make_services
from tests.support import servers

pytestmark = pytest.mark.anyio
NOWHERE = "postgresql://nobody:secret@127.0.0.1:1/none"
ALL_OK = {"postgres": "ok", "valkey": "ok", "migrations": "ok"}


def client_for(app: Any) -> Client:
    return Client(transport=httpx.ASGITransport(app), base_url=SITE)


async def test_with_everything_there_it_is_ready(http: Client) -> None:
    assert (await http.get("/livez")).json() == {"status": "ok"}
    answer = await http.get("/readyz")
    assert (answer.status_code, answer.json()) == (200, {"status": "ready", "checks": ALL_OK})


async def test_without_postgres_it_lives_but_is_not_ready(client: Redis) -> None:
    database = open_database(NOWHERE)
    app = make_app(make_services(database, ValkeyCache(client), ValkeyLimiter(client)))
    async with client_for(app) as http:
        assert (await http.get("/livez")).status_code == 200
        answer = await http.get("/readyz")
        assert answer.status_code == 503
        assert answer.json()["status"] == "unavailable"
        assert answer.json()["checks"]["postgres"] == "away"
        refused = await http.get("/api/platforms")
        assert refused.status_code == 503
        assert refused.json()["code"] == "UNAVAILABLE"
        assert refused.headers["retry-after"] == "5"
        assert "secret" not in refused.text
    await database.engine.dispose()


async def test_without_valkey_it_is_degraded_but_answers(database: Database) -> None:
    away = connect_valkey("redis://127.0.0.1:1/0")
    app = make_app(make_services(database, ValkeyCache(away), ValkeyLimiter(away)))
    async with client_for(app) as http:
        answer = await http.get("/readyz")
        assert answer.status_code == 200
        assert answer.json() == {"status": "degraded", "checks": ALL_OK | {"valkey": "away"}}
        question = {"subscribed_platforms": ["netflix"]}
        statuses = [
            (await http.post("/api/recommend", json=question)).status_code for _ in range(11)
        ]
        assert statuses == [200] * 10 + [429]
    await away.aclose()


async def test_a_schema_that_is_behind_is_not_ready(services: Services) -> None:
    app = make_app(services)
    app.state.public = Public(version="0.0.1", schema_head="9999_next_year")
    async with client_for(app) as http:
        answer = await http.get("/readyz")
    assert answer.status_code == 503
    assert answer.json()["checks"] == ALL_OK | {"migrations": "behind"}


async def test_a_database_that_nobody_has_migrated_is_not_ready(client: Redis) -> None:
    name = "nobody_migrated"
    await servers.administer(f"DROP DATABASE IF EXISTS {name}")
    await servers.administer(f"CREATE DATABASE {name}")
    database = open_database(servers.address_of(name))
    app = make_app(make_services(database, ValkeyCache(client), ValkeyLimiter(client)))
    async with client_for(app) as http:
        answer = await http.get("/readyz")
    await database.engine.dispose()
    await servers.drop(servers.address_of(name))
    assert answer.status_code == 503
    assert answer.json()["checks"]["migrations"] == "behind"


async def test_figures_are_kept_by_route_and_not_by_address(services: Services) -> None:
    app = make_app(services, metrics=True)
    async with client_for(app) as http:
        await http.post("/api/recommend", json={"subscribed_platforms": ["netflix"]})
        await http.get("/problems/some-invention")
        await http.request("BREW", "/api/who/knows/what")
        told = (await http.get("/metrics")).text
    assert 'streaming_stack_recommendations_total{outcome="full"}' in told
    assert 'method="POST",route="/api/recommend",status="200"' in told
    assert 'method="GET",route="/problems/{slug}",status="404"' in told
    assert 'method="other",route="none",status="404"' in told
    assert "streaming_stack_limiter_fallbacks_total 0.0" in told
    assert "invention" not in told


async def test_figures_are_nobody_s_business_unless_set(http: Client) -> None:
    assert (await http.get("/metrics")).status_code == 404


def test_the_limiter_s_fallbacks_are_told() -> None:
    from rest.metrics import _Fallbacks

    [figure] = _Fallbacks(cast(Any, SimpleNamespace(fallbacks=3))).collect()
    assert figure.samples[0].value == 3
