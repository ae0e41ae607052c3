"""What a profile wants to watch: asked, and changed once for each client mutation id."""

from typing import Annotated, Self

import strawberry

from domain import ids
from domain.errors import NotFound
from domain.idempotency.service import ClientKey
from domain.watchlists import changes, pages
from domain.watchlists.changes import Answer
from domain.watchlists.service import Wished
from domain.watchlists.values import Filters, Whose
from schema.arguments import After, First, IsWatched, LeavingWithin, OnMyPlatforms, WishSort
from schema.context import Info
from schema.enums import WatchlistSort
from schema.errors import Refusal
from schema.nodes import DEFAULT_FIRST, Connection, Edge, PageInfo
from schema.watchlists import WatchlistItem

TITLE_ID = "The title."
CLIENT_MUTATION_ID = (
    "A key of your own for this change, 1 to 256 visible ASCII characters such as a UUID. Send the"
    " same again when you repeat it: it is done once, and answered the same for 24 hours."
)
GIVEN_BACK = "What you sent, given back."
PREFERENCE = "Where they would rather watch it, a slug such as `netflix`."
NOTE = "What to write beside it; 500 characters at most."


@strawberry.input(description="A title for the watchlist.")
class AddToWatchlistInput:
    title_id: strawberry.ID = strawberry.field(description=TITLE_ID)
    platform_preference: str | None = strawberry.field(default=None, description=PREFERENCE)
    note: str | None = strawberry.field(default=None, description=NOTE)
    client_mutation_id: str | None = strawberry.field(default=None, description=CLIENT_MUTATION_ID)

    def said(self) -> Wished:
        """What is said of the wish; null says nothing."""
        return Wished(platform=self.platform_preference, note=self.note)


@strawberry.input(description="A title on the watchlist.")
class WatchlistTitleInput:
    title_id: strawberry.ID = strawberry.field(description=TITLE_ID)
    client_mutation_id: str | None = strawberry.field(default=None, description=CLIENT_MUTATION_ID)


@strawberry.input(description="What is left out stays as it is.")
class UpdateWatchlistItemInput:
    title_id: strawberry.ID = strawberry.field(description=TITLE_ID)
    platform_preference: strawberry.Maybe[str | None] = strawberry.field(
        description=PREFERENCE + " Null takes it away."
    )
    note: strawberry.Maybe[str | None] = strawberry.field(description=NOTE + " Null takes it away.")
    client_mutation_id: str | None = strawberry.field(default=None, description=CLIENT_MUTATION_ID)

    def said(self) -> Wished:
        """What to change."""
        told = Wished()
        if self.platform_preference is not None:
            told["platform"] = self.platform_preference.value
        if self.note is not None:
            told["note"] = self.note.value
        return told


@strawberry.type(description="The title is on the watchlist.")
class WatchlistItemAdded:
    item: WatchlistItem = strawberry.field(description="The wish.")
    already_there: bool = strawberry.field(
        description="Whether it was there before: adding twice is the same wish."
    )
    client_mutation_id: str | None = strawberry.field(description=GIVEN_BACK)


@strawberry.type(
    description="The title is off the watchlist; undoRemoveFromWatchlist puts it back."
)
class WatchlistItemRemoved:
    item: WatchlistItem = strawberry.field(description="The wish as it was.")
    client_mutation_id: str | None = strawberry.field(description=GIVEN_BACK)


@strawberry.type(description="The wish as it is now.")
class WatchlistItemChanged:
    item: WatchlistItem = strawberry.field(description="The wish.")
    changed: bool = strawberry.field(description="Whether anything is different now.")
    client_mutation_id: str | None = strawberry.field(description=GIVEN_BACK)

    @classmethod
    def of(cls, answer: Answer, client_mutation_id: str | None, info: Info) -> Self:
        """From the domain's."""
        item = item_of(answer, info)
        assert item is not None
        return cls(item=item, changed=answer.changed, client_mutation_id=client_mutation_id)


Adding = Annotated[AddToWatchlistInput, strawberry.argument(description="What to add.")]
Removing = Annotated[WatchlistTitleInput, strawberry.argument(description="What to remove.")]
Restoring = Annotated[WatchlistTitleInput, strawberry.argument(description="What to put back.")]
Updating = Annotated[UpdateWatchlistItemInput, strawberry.argument(description="What to change.")]
AddPayload = Annotated[WatchlistItemAdded | Refusal, strawberry.union("AddToWatchlistPayload")]
RemovePayload = Annotated[
    WatchlistItemRemoved | Refusal, strawberry.union("RemoveFromWatchlistPayload")
]
UndoPayload = Annotated[
    WatchlistItemChanged | Refusal, strawberry.union("UndoRemoveFromWatchlistPayload")
]
UpdatePayload = Annotated[
    WatchlistItemChanged | Refusal, strawberry.union("UpdateWatchlistItemPayload")
]


@strawberry.type
class WatchlistsQuery:
    @strawberry.field(
        description="What the profile that asks wants to watch; null for whoever is not signed in."
    )
    async def watchlist(
        self,
        info: Info,
        first: First = DEFAULT_FIRST,
        after: After = None,
        leaving_within_days: LeavingWithin = None,
        on_my_platforms: OnMyPlatforms = None,
        watched: IsWatched = None,
        sort: WishSort = WatchlistSort.LEAVING_FIRST,
    ) -> Connection[WatchlistItem] | None:
        context = info.context
        whose = Whose.of(context.viewer, context.now)
        filters = Filters(leaving_within_days, on_my_platforms, watched)
        async with context.services.database.read() as connection:
            page = await pages.page(connection, whose, filters, sort, first=first, after=after)
        edges = [
            Edge(cursor=cursor, node=WatchlistItem.of(wish, info)) for cursor, wish in page.wishes
        ]
        return Connection(edges=edges, page_info=PageInfo.of(edges, more=page.more, after=after))


@strawberry.type
class WatchlistsMutation:
    @strawberry.mutation(
        description="Put a title on the watchlist. One that is there already stays where it is; a"
        " note or a preference that is sent with it takes the place of the old one."
    )
    async def add_to_watchlist(self, info: Info, input: Adding) -> AddPayload | None:
        context, key = info.context, client_key(input.client_mutation_id)
        title_id = title_key(input.title_id)
        async with context.services.database.transaction() as session:
            answer = await changes.add(
                session, context.viewer, title_id, input.said(), key, context.now
            )
        item = item_of(answer, info)
        assert item is not None
        return WatchlistItemAdded(
            item=item,
            already_there=not answer.changed,
            client_mutation_id=input.client_mutation_id,
        )

    @strawberry.mutation(description="Take a title off the watchlist.")
    async def remove_from_watchlist(self, info: Info, input: Removing) -> RemovePayload | None:
        context, key = info.context, client_key(input.client_mutation_id)
        title_id = title_key(input.title_id)
        async with context.services.database.transaction() as session:
            answer = await changes.remove(session, context.viewer, title_id, key, context.now)
        item = item_of(answer, info)
        assert item is not None
        return WatchlistItemRemoved(item=item, client_mutation_id=input.client_mutation_id)

    @strawberry.mutation(
        description="Put a removed title back exactly as it was, within 30 days. One that is on the"
        " list again stays as it is."
    )
    async def undo_remove_from_watchlist(self, info: Info, input: Restoring) -> UndoPayload | None:
        context, key = info.context, client_key(input.client_mutation_id)
        title_id = title_key(input.title_id)
        async with context.services.database.transaction() as session:
            answer = await changes.undo_remove(session, context.viewer, title_id, key, context.now)
        return WatchlistItemChanged.of(answer, input.client_mutation_id, info)

    @strawberry.mutation(description="Change a wish's note or preference; what is left out stays.")
    async def update_watchlist_item(self, info: Info, input: Updating) -> UpdatePayload | None:
        context, key = info.context, client_key(input.client_mutation_id)
        title_id = title_key(input.title_id)
        async with context.services.database.transaction() as session:
            answer = await changes.update(
                session, context.viewer, title_id, input.said(), key, context.now
            )
        return WatchlistItemChanged.of(answer, input.client_mutation_id, info)


def item_of(answer: Answer, info: Info) -> WatchlistItem | None:
    """The wish that a change came to; what was read before the change is no longer true."""
    info.context.renew(info.context.now)
    return WatchlistItem.of(answer.wish, info) if answer.wish else None


def client_key(given: str | None) -> ClientKey | None:
    """The key of a change, where the client sent one."""
    return None if given is None else ClientKey(given, "clientMutationId")


def title_key(id: strawberry.ID) -> int:
    """A title's key; raises NotFound for what can't be one."""
    try:
        return ids.decode_int("title", id)
    except ids.MalformedId as problem:
        raise NotFound("No title has that id.", field="titleId") from problem
