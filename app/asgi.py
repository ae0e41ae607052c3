"""The ASGI application: its routes, and what lives as long as the process."""

import gc
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import HTTPConnection, Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Mount, Route, WebSocketRoute
from starlette.staticfiles import StaticFiles

from app import __version__
from app.deps import open_services
from app.graphql import graphiql
from app.graphql.connections import Connections, watch
from app.graphql.examples import demo_accounts, tabs
from app.graphql.http import GraphQLEndpoint
from app.graphql.operations import Operations
from app.graphql.schema import make_schema
from app.graphql.sse import EventStreams
from app.graphql.websocket import WebSocketEndpoint
from app.live import Live, open_live
from app.logs import configure_logs
from app.middleware import Hardened
from app.revision import newest
from app.settings import Settings
from app.web import Dashboard
from domain.services import Services
from rest import cookies, origin
from rest.public import Public
from rest.routes import EXCEPTION_HANDLERS, api_routes
from rest.viewer import Doorman, parse_networks
from schema.context import Context, make_loaders

_STATIC = Path(__file__).parent / "static"


async def graphql_context(connection: HTTPConnection, response: Response) -> Context:
    """Who asks and what they can reach; what is set on `response` goes out with the answer."""
    now = datetime.now(UTC)
    services: Services = connection.app.state.services
    doorman: Doorman = connection.app.state.doorman
    if connection.scope["type"] == "websocket":
        # No browser asks us first whether another site's page may open one.
        origin.check(connection.headers, doorman.own_origins(connection), "WEBSOCKET")
    viewer = await doorman.viewer(connection, now)
    https = doorman.https(connection)
    cookies.renew(connection, response, https=https)

    def keep_session(token: str | None) -> None:
        if token is None:
            cookies.clear(response, https=https)
        else:
            cookies.put(response, token, https=https)

    return Context(
        services=services,
        viewer=viewer,
        now=now,
        loaders=make_loaders(services, viewer, now),
        browser=lambda: doorman.browser(connection),
        keep_session=keep_session,
        say=response.headers.__setitem__,
        hub=connection.app.state.hub,
    )


def create_app(
    settings: Settings | None = None, services: Services | None = None, live: Live | None = None
) -> Starlette:
    """The application, by the environment unless settings are given.

    services, live: given by tests, which also close them.
    """
    settings = settings or Settings()
    configure_logs(settings.log_level)
    page = graphiql.page(
        tabs=tabs(), demo_accounts=demo_accounts() if settings.offer_demo_accounts else ()
    )

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        async with (
            open_services(settings, "streaming-stack-api") as opened,
            open_live(opened) as live,
        ):
            _install(app, settings, opened, live)
            _spare_the_collector()
            yield

    routes = [
        *api_routes(metrics=settings.metrics),
        *_graphql_routes(settings, page),
        Mount("/static/graphiql", graphiql.Static()),
        Mount("/static", StaticFiles(directory=_STATIC)),
    ]
    app = Starlette(
        routes=[Dashboard(routes), *routes],
        middleware=[Middleware(Hardened)],
        exception_handlers=EXCEPTION_HANDLERS,
        lifespan=None if services else lifespan,
    )
    if services:
        _install(app, settings, services, live)
    return app


def _graphql_routes(settings: Settings, page: Callable[[Request], Response]) -> list[BaseRoute]:
    schema = make_schema()
    open_ones = {
        "get_context": graphql_context,
        "connections": Connections(
            per_account=settings.live_connections_account,
            per_address=settings.live_connections_address,
        ),
        "watch": watch,
    }
    operations = Operations(schema)
    endpoint = GraphQLEndpoint(
        schema,
        get_context=graphql_context,
        ide=page,
        websocket=WebSocketEndpoint(operations, **open_ones),
        uploader=lambda context: context.viewer.account_id,
    )
    return [
        Route("/graphql", endpoint),
        WebSocketRoute("/graphql", endpoint),
        Route("/graphql/stream", EventStreams(operations, **open_ones)),
    ]


def _spare_the_collector() -> None:
    """Leave what lives as long as the process out of every collection, and collect less often.

    An answer makes thousands of small objects and no cycles; looking for some cost a sixth of it.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 100)


def _install(app: Starlette, settings: Settings, services: Services, live: Live | None) -> None:
    """Put what requests need within their reach."""
    app.state.hub = live and live.hub
    app.state.credentials = live and live.credentials
    app.state.public = Public(__version__, newest())
    app.state.services = services
    app.state.doorman = Doorman(
        services.database,
        services.cache,
        country=settings.country,
        time_zone=settings.time_zone,
        public_url=settings.public_url,
        trusted_proxies=parse_networks(settings.trusted_proxies),
    )
