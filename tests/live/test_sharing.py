"""Who shares a rendering: what is one profile's own must say so, or strangers' nulls are told."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from graphql import (
    GraphQLObjectType,
    GraphQLSchema,
    get_named_type,
    is_leaf_type,
    is_required_argument,
)
from sqlalchemy import text

from app.graphql.operations import Operations
from app.graphql.protocol import Asked
from app.graphql.schema import make_schema
from app.graphql.sharing import rendered_as
from domain.accounts.demo import DEMOS, PASSWORD
from domain.accounts.values import Browser
from domain.accounts.viewer import Viewer
from domain.events.values import AvailabilityKind, Event, Topic
from domain.services import Services
from schema.context import Context, make_loaders
from tests.accounts import people

pytestmark = pytest.mark.anyio
NOW = datetime.now(UTC)
OPERATIONS = Operations(make_schema())


def selections(schema: GraphQLSchema) -> Iterator[str]:
    """Everything that can be asked of an AvailabilityEvent: each type's leaves, once."""
    waiting, seen = [("AvailabilityEvent", "%s")], {"AvailabilityEvent"}
    for name, around in waiting:
        kind = schema.type_map[name]
        assert isinstance(kind, GraphQLObjectType), f"{name}: let this test walk it, too"
        leaves = []
        for called, field in kind.fields.items():
            assert not any(is_required_argument(each) for each in field.args.values())
            inside = get_named_type(field.type)
            if is_leaf_type(inside):
                leaves.append(called)
                continue
            if inside.name not in seen:
                seen.add(inside.name)
                waiting.append((inside.name, around % f"{called} {{ %s }}"))
        yield around % " ".join(leaves)


async def test_what_a_profile_alone_is_shown_is_marked_as_its_own(
    demo_services: Services,
) -> None:
    door = demo_services.door
    started = await door.sign_in(DEMOS[0].email, PASSWORD, Browser("127.0.0.1"), NOW)
    viewer = await people.seen(door, started.token, NOW)
    # Titles that a profile could be told something special about.
    async with demo_services.database.read() as connection:
        rows = await connection.execute(
            text("SELECT title_id FROM watchlist_items WHERE profile_id = :p ORDER BY title_id"),
            {"p": viewer.profile_id},
        )
        titles = [row.title_id for row in rows]
    assert titles
    fragment = "fragment E on AvailabilityEvent { %s }"
    differ: set[str] = set()
    own: set[str] = set()
    for selection in selections(OPERATIONS.schema._schema):
        query = f"subscription {{ availabilityChanged {{ ...E }} }} {fragment % selection}"
        plan = OPERATIONS.plan(OPERATIONS.check(Asked(query, {}, None, None)))
        assert plan is not None
        if plan.personal:
            own.add(selection)
        for title_id in titles:
            event = Event(
                Topic.AVAILABILITY, AvailabilityKind.LEAVING, NOW, title_id, platform_id=1,
                country=viewer.country, expires_on=NOW.date(), position=1,
            )  # fmt: skip
            told = [
                await render(demo_services, query, rendered_as(viewer, personal=personal), event)
                for personal in (True, False)
            ]
            if told[0] != told[1]:
                differ.add(selection)
    assert differ, "nothing of the demo shows a difference, so this shows nothing"
    assert differ <= own


async def render(services: Services, query: str, viewer: Viewer, event: Event) -> object:
    """An event as a viewer of one's own would be told it."""
    plan = OPERATIONS.plan(OPERATIONS.check(Asked(query, {}, None, None)))
    assert plan is not None
    context = Context(
        services=services,
        viewer=viewer,
        now=NOW,
        loaders=make_loaders(services, viewer, NOW),
        browser=lambda: Browser("127.0.0.1"),
        keep_session=lambda _token: None,
        say=lambda _name, _value: None,
    )
    root = await plan.prepared.feed.say(context, event)
    result = await plan.prepared.execute(root, context)
    assert not result.errors
    return result.data
