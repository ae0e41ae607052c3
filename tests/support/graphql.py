"""Operations against the schema itself, without HTTP."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from app.graphql.schema import make_schema
from domain.accounts.values import Browser
from domain.accounts.viewer import Viewer
from domain.services import Services
from schema.context import Context, make_loaders

SCHEMA = make_schema()
ANYONE = Viewer("anonymous", "US", "UTC", "192.0.2.1")


def context_for(
    services: Services, viewer: Viewer = ANYONE, now: datetime | None = None
) -> Context:
    """What fields see. The cookie that would be set is dropped."""
    now = now or datetime.now(UTC)
    return Context(
        services=services,
        viewer=viewer,
        now=now,
        loaders=make_loaders(services, viewer, now),
        browser=lambda: Browser(viewer.address),
        keep_session=lambda _token: None,
        say=lambda _name, _value: None,
    )


async def run(
    services: Services, query: str, viewer: Viewer = ANYONE, **variables: Any
) -> dict[str, Any]:
    """The data of an operation that must not fail."""
    result = await SCHEMA.execute(
        query, variable_values=variables, context_value=context_for(services, viewer)
    )
    assert result.errors is None, result.errors
    assert result.data is not None
    return result.data


def child(viewer: Viewer = ANYONE, ceiling: int = 7) -> Viewer:
    """The same viewer with a maturity ceiling."""
    return replace(viewer, ceiling=ceiling)
