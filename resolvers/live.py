"""Subscriptions: who is told what, as it happens.

A live field is a `Feed`. Strawberry runs it as the generator below; a transport that serves many
takes the feed itself and renders each update once for all who may see the same (`app.graphql`).
"""

from collections.abc import AsyncGenerator, Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import strawberry

from domain import ids
from domain.errors import DomainError, InvalidInput, NotFound
from domain.events.values import AvailabilityKind, BingeKind, Event, SyncKind, WatchlistKind
from live.hub import Hub
from live.interest import Interest
from live.updates import Resync as ResyncUpdate
from live.updates import Update
from schema.arguments import AnyTitleId, LiveAfter, LiveScope, OfTitle
from schema.binge_plans import BingeEvent, BingeUpdate
from schema.context import Context, Info
from schema.enums import AvailabilityScope, ResyncReason
from schema.live import (
    AvailabilityEvent,
    AvailabilityUpdate,
    Heartbeat,
    Resync,
    WatchlistEvent,
    WatchlistUpdate,
)
from schema.sync import SyncRunEvent, SyncRunUpdate
from schema.titles import Title


class NothingLive(DomainError):
    """This process has no hub: a command, or a test."""

    code = "UNAVAILABLE"


@dataclass(frozen=True, slots=True)
class Feed:
    """What feeds a live field.

    interest: from the context and the field's arguments, but `after`, to what the hub is asked
    for; it raises a DomainError for what this viewer can't have. tell: from an event to the type of
    the schema, None where this viewer is not told; kinds: of the events that are told; personal:
    whether it shows what belongs to one profile.
    """

    interest: Callable[..., Awaitable[Interest]]
    tell: Callable[[Event, Context], Awaitable[Any | None]]
    kinds: frozenset[str]
    personal: bool = False

    async def say(self, context: Context, update: Update) -> Any | None:
        """An update as the schema tells it; None where it is not for this viewer."""
        if isinstance(update, ResyncUpdate):
            return Resync(cursor=update.cursor, reason=ResyncReason(update.reason))
        if not isinstance(update, Event):
            return Heartbeat(cursor=update.cursor)
        if update.kind not in self.kinds:
            return None  # a kind that a later version wrote: whoever comes back would meet it again
        return await self.tell(update, context)


async def _availability(
    context: Context, scope: AvailabilityScope, title_id: str | None = None
) -> Interest:
    country = context.viewer.country
    if scope is not AvailabilityScope.TITLE:
        if title_id is not None:
            raise InvalidInput("`titleId` belongs to the scope TITLE.", field="titleId")
        _, profile_id = context.viewer.require_profile()
        if scope is AvailabilityScope.MY_WATCHLIST:
            return Interest(watchlist_of=profile_id, country=country)
        return Interest(platforms_of=profile_id, country=country)
    if title_id is None:
        raise InvalidInput("The scope TITLE needs a `titleId`.", field="titleId")
    key = ids.decode_int("title", title_id)
    if not await hub_of(context).shows(key, context.viewer.ceiling):
        raise NotFound("No title has that id.", field="titleId")
    return Interest(title_id=key, country=country)


async def _watchlist(context: Context) -> Interest:
    _, profile_id = context.viewer.require_profile()
    return Interest(profile_id=profile_id)


async def _binges(context: Context, title_id: str | None = None) -> Interest:
    _, profile_id = context.viewer.require_profile()
    key = None if title_id is None else ids.decode_int("title", title_id)
    return Interest(binges_of=profile_id, binge_title=key)


async def _runs(context: Context) -> Interest:
    context.viewer.require_admin()
    return Interest(runs=True)


def _of_title(told: type[AvailabilityEvent] | type[WatchlistEvent]):
    async def tell(event: Event, context: Context) -> Any | None:
        if event.title_id is None:
            return None
        row = await context.loaders.title_by_id.load(event.title_id)
        return told.of(event, Title.from_row(row), context) if row else None

    return tell


AVAILABILITY = Feed(_availability, _of_title(AvailabilityEvent), frozenset(AvailabilityKind))
WATCHLIST = Feed(_watchlist, _of_title(WatchlistEvent), frozenset(WatchlistKind), personal=True)
BINGES = Feed(_binges, BingeEvent.of, frozenset(BingeKind), personal=True)
RUNS = Feed(_runs, SyncRunEvent.of, frozenset(SyncKind))


def hub_of(context: Context) -> Hub:
    """The process's hub; raises NothingLive."""
    if context.hub is None:
        raise NothingLive("Nothing is told live here; ask the API's own address.")
    return context.hub


async def _updates(
    info: Info, feed: Feed, interest: Interest, after: LiveAfter
) -> AsyncGenerator[Any, None]:
    async for update in hub_of(info.context).updates(interest, after):
        info.context.renew(datetime.now(UTC))
        said = await feed.say(info.context, update)
        if said is not None:
            yield said


@strawberry.type
class LiveSubscription:
    @strawberry.subscription(
        description="What changes about where titles are: those on my watchlist, all on my"
        " platforms, or one; in the viewer's country.",
        metadata={"feed": AVAILABILITY},
    )
    async def availability_changed(
        self,
        info: Info,
        scope: LiveScope = AvailabilityScope.MY_WATCHLIST,
        title_id: AnyTitleId = None,
        after: LiveAfter = None,
    ) -> AsyncGenerator[AvailabilityUpdate, None]:
        interest = await _availability(info.context, scope, title_id)
        async for said in _updates(info, AVAILABILITY, interest, after):
            yield said

    @strawberry.subscription(
        description="What changes on the profile's watchlist, whoever of the household does it.",
        metadata={"feed": WATCHLIST},
    )
    async def watchlist_changed(
        self, info: Info, after: LiveAfter = None
    ) -> AsyncGenerator[WatchlistUpdate, None]:
        interest = await _watchlist(info.context)
        async for said in _updates(info, WATCHLIST, interest, after):
            yield said

    @strawberry.subscription(
        description="What becomes of the binge plans that the profile follows: planned anew,"
        " broken, finished.",
        metadata={"feed": BINGES},
    )
    async def binge_changed(
        self, info: Info, title_id: OfTitle = None, after: LiveAfter = None
    ) -> AsyncGenerator[BingeUpdate, None]:
        interest = await _binges(info.context, title_id)
        async for said in _updates(info, BINGES, interest, after):
            yield said

    @strawberry.subscription(
        description="How the runs of the nightly sync get on; for admins.",
        metadata={"feed": RUNS},
    )
    async def sync_run_changed(
        self, info: Info, after: LiveAfter = None
    ) -> AsyncGenerator[SyncRunUpdate, None]:
        interest = await _runs(info.context)
        async for said in _updates(info, RUNS, interest, after):
            yield said
