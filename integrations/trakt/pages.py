"""All of a list that Trakt gives out in pages, or an error: never a part that looks like all.

Lists move while they are read. What is added shifts items onto the next page, so they come twice
and are kept once. What is removed shifts them onto the page before, which was read already; so
where the total shrinks, or fewer items come than there are, the list is read again from its start.
"""

from collections.abc import AsyncIterator, Awaitable, Callable, Hashable
from typing import Any

from integrations.upstreams.errors import Garbled
from integrations.upstreams.http import Reply

LARGEST_PAGE = 250  # Trakt gives no more, whatever is asked
COUNTS = ("x-pagination-page-count", "x-pagination-item-count")
"""The headers that say how many there are."""
_ROUNDS = 3
_MOST_PAGES = 4_000


async def all_pages(
    name: str, fetch: Callable[[int], Awaitable[Reply]]
) -> AsyncIterator[list[dict[str, Any] | Any]]:
    """The items that are new on each page. fetch: has a page by its number, counted from 1.

    Raises Garbled where the list doesn't hold still or its pages are none.
    """
    known: set[Hashable] = set()
    for _ in range(_ROUNDS):
        page, received, before = 1, 0, None
        while True:
            reply = await fetch(page)
            if not isinstance(reply.value, list):
                raise Garbled(name, "it is no list")
            last, total = (_told(reply, name, each) for each in COUNTS)
            received += len(reply.value)
            if fresh := [each for each in reply.value if _is_new(each, known)]:
                yield fresh
            shrunk = before is not None and total < before
            if shrunk or page >= min(last, _MOST_PAGES):
                break
            page, before = page + 1, total
        if not shrunk and received >= total:
            return
    raise Garbled(name, "its pages hold fewer items than it says that there are")


def _told(reply: Reply, name: str, what: str) -> int:
    value = reply.headers.get(what, "")
    if not (value.isascii() and value.isdecimal() and len(value) < 10):
        raise Garbled(name, "it doesn't say how many pages there are")
    return int(value)


def _is_new(item: Any, known: set[Hashable]) -> bool:
    """Whether an item comes for the first time; what has no id is never known."""
    if (key := _key(item)) is None:
        return True
    if key in known:
        return False
    known.add(key)
    return True


def _key(item: Any) -> Hashable | None:
    if not isinstance(item, dict):
        return None
    kind, own = item.get("type"), item.get("id")
    if not isinstance(kind, str):
        return None
    if type(own) is int:
        return kind, own
    thing = item.get(kind)  # a rating has no id: one for each thing
    ids = thing.get("ids") if isinstance(thing, dict) else None
    trakt = ids.get("trakt") if isinstance(ids, dict) else None
    return (kind, "of", trakt) if type(trakt) is int else None
