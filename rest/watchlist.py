"""/api/watchlist: what a profile wants to watch, where it is for them, and until when."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Annotated, Any, Literal, Self

from pydantic import AwareDatetime, BeforeValidator, Field
from pydantic_core import PydanticCustomError

from domain import ids
from domain.errors import InvalidInput, NotFound
from domain.history import changes as history
from domain.idempotency.service import ClientKey
from domain.watchlists import changes, pages
from domain.watchlists.changes import Answer
from domain.watchlists.rules import FARTHEST_DAYS
from domain.watchlists.service import Wished
from domain.watchlists.values import Filters, LeavingWarning, WatchlistSort, Whose, Wish
from rest.operations import Call, Header
from rest.shapes import KIND, NAME, TITLE_ID, YEAR, Sent, Text, Told, WatchableOn
from rest.titles import watchable_on

PREFERENCE = Field(
    default=None, description="Where they would rather watch it, a slug.", examples=["netflix"]
)
KEYED: Mapping[str, Header] = {
    "Idempotency-Key": Header(
        "A key of your own for this change, 1 to 256 visible ASCII characters. Send the same again"
        " when you repeat it: it is done once, and answered the same for 24 hours.",
        "0b6f7c8a-4d1e-4f2b-9a3c-5d7e8f901234",
        required=False,
    )
}


def _spelt_out(value: Any) -> Any:
    if isinstance(value, str | None):
        return value
    raise PydanticCustomError("moment", "Input should be a moment like 2026-11-22T21:00:00Z")


Moment = Annotated[AwareDatetime | None, BeforeValidator(_spelt_out)]
WATCHED_AT = Field(
    default=None,
    strict=False,
    description="When, with its time zone; default: now.",
    examples=["2026-11-22T21:00:00Z"],
)


class WatchlistQuery(Told):
    """Which titles; whatever is left out, all."""

    leaving_within_days: int | None = Field(
        default=None, ge=0, le=FARTHEST_DAYS, description="Leaving in so many days.", examples=[7]
    )
    on_my_platforms: bool | None = Field(
        default=None, description="On one of your platforms now, or on none.", examples=[True]
    )
    watched: bool | None = Field(default=None, description="Watched, or not yet.", examples=[False])
    sort: WatchlistSort = Field(
        default=WatchlistSort.LEAVING_FIRST,
        description="In which order.",
        examples=["leaving_first"],
    )


class WatchlistEntry(Told):
    """A title on the watchlist."""

    title_id: str = TITLE_ID
    title: str = NAME
    year: int | None = YEAR
    kind: Literal["film", "series"] = KIND
    platforms: list[WatchableOn] = Field(description="Where they can watch it now.")
    expires_on: date | None = Field(
        description="The last day on which all of it that their platforms have can be watched;"
        " null without an end.",
        examples=["2026-12-31"],
    )
    days_left: int | None = Field(description="Days until then; 0 is today.", examples=[6])
    warning: LeavingWarning = Field(
        description="How soon it is lost: in 30 days (leaving), 7 (soon), 1 (urgent), or none.",
        examples=["soon"],
    )
    platform_preference: str | None = Field(
        description="Where they would rather watch it, a slug.", examples=["netflix"]
    )
    added_at: datetime = Field(
        description="When it was put on the list.", examples=["2026-11-21T20:15:00Z"]
    )
    watched_at: datetime | None = Field(
        description="When it was watched; null where it was not.", examples=["2026-11-22T21:00:00Z"]
    )

    @classmethod
    def of(cls, wish: Wish, offers: Sequence[Any]) -> Self:
        """From the domain's."""
        return cls(
            title_id=ids.encode("title", wish.title_id),
            title=wish.card.name,
            year=wish.card.year,
            kind=wish.card.kind,
            platforms=watchable_on(offers),
            expires_on=wish.expires_on,
            days_left=wish.days_left,
            warning=wish.warning,
            platform_preference=wish.platform_slug,
            added_at=wish.added_at,
            watched_at=wish.watched_at,
        )


class Watchlist(Told):
    """A profile's watchlist."""

    items: list[WatchlistEntry] = Field(description="All of them, in the order asked for.")


class NewWish(Sent):
    """A title for the watchlist."""

    title_id: Text = TITLE_ID
    platform_preference: Text | None = PREFERENCE


class WatchedChange(Sent):
    """Whether a title was watched."""

    watched: bool = Field(default=True, description="False takes it back.", examples=[True])
    watched_at: Moment = WATCHED_AT


async def my_watchlist(call: Call, asked: WatchlistQuery) -> Watchlist:
    """The whole list. By `leaving_first` what was watched comes last."""
    whose = Whose.of(call.viewer, call.now)
    filters = Filters(asked.leaving_within_days, asked.on_my_platforms, asked.watched)
    async with call.services.database.read() as connection:
        page = await pages.page(connection, whose, filters, asked.sort)
        wishes = [wish for _, wish in page.wishes]
        offers = await changes.offers_of(connection, whose, [wish.title_id for wish in wishes])
    return Watchlist(
        items=[WatchlistEntry.of(wish, offers.get(wish.title_id, ())) for wish in wishes]
    )


async def add_wish(call: Call, sent: NewWish) -> WatchlistEntry:
    """Put a title on the list. One that is there already stays, and the status is 200."""
    said = Wished(platform=sent.platform_preference)
    title_id = title_key(sent.title_id)
    async with call.services.database.transaction() as session:
        answer = await changes.add(session, call.viewer, title_id, said, client_key(call), call.now)
    if not answer.changed:
        call.outgoing.status_code = 200
    return entry(answer)


async def remove_wish(call: Call) -> None:
    """Take a title off the list. One that isn't there is 404, unless this repeats a request."""
    title_id = title_in_path(call)
    async with call.services.database.transaction() as session:
        await changes.remove(session, call.viewer, title_id, client_key(call), call.now)


async def put_wish_back(call: Call) -> WatchlistEntry:
    """Put a title that was removed in the last 30 days back on the list, exactly as it was."""
    title_id = title_in_path(call)
    async with call.services.database.transaction() as session:
        answer = await changes.undo_remove(
            session, call.viewer, title_id, client_key(call), call.now
        )
    return entry(answer)


async def mark_wish(call: Call, sent: WatchedChange) -> WatchlistEntry:
    """Say that a title on the list was watched, or with false that it was not."""
    if sent.watched_at is not None and not sent.watched:
        raise InvalidInput("What was not watched has no moment.", field="watched_at")
    title_id, key = title_in_path(call), client_key(call)
    async with call.services.database.transaction() as session:
        if sent.watched:
            answer = await history.mark(
                session, call.viewer, title_id, key, call.now,
                watched_at=sent.watched_at, listed=True,
            )  # fmt: skip
        else:
            answer = await history.unmark(
                session, call.viewer, title_id, key, call.now, listed=True
            )
    return entry(answer)


def entry(answer: Answer) -> WatchlistEntry:
    """What is told of a wish that was changed."""
    assert answer.wish is not None
    return WatchlistEntry.of(answer.wish, answer.offers)


def client_key(call: Call) -> ClientKey | None:
    """The key that came with a change; raises InvalidInput for two."""
    name = "Idempotency-Key"
    sent = call.request.headers.getlist(name)
    if len(sent) > 1:
        raise InvalidInput("Send one Idempotency-Key, not several.", field=name)
    return ClientKey(sent[0], name) if sent else None


def title_in_path(call: Call) -> int:
    """The title that the address names; raises NotFound for what can't be one."""
    return title_key(call.request.path_params["titleId"])


def title_key(public_id: str) -> int:
    """A title's key; raises NotFound for what can't be one."""
    try:
        return ids.decode_int("title", public_id)
    except ids.MalformedId as problem:
        raise NotFound("No title has that id.", field="titleId") from problem
