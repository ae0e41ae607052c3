"""Pages as TMDB has them: 1 to 500, of twenty items, with totals."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

from simulators.tmdb.errors import Refusal
from simulators.tmdb.views import Json

LAST_PAGE = 500
Item = TypeVar("Item")


def page_of(asked: Mapping[str, str]) -> int:
    """The page asked for. Raises Refusal for none that there can be."""
    told = asked.get("page", "1")
    if not told.isdecimal() or len(told) > 6 or not 1 <= int(told) <= LAST_PAGE:
        raise Refusal(22)
    return int(told)


def envelope(
    items: Sequence[Item], asked: Mapping[str, str], shown: Callable[[Item], Any], size: int = 20
) -> Json:
    """A page of a list. Totals are of all, though pages end at 500."""
    page = page_of(asked)
    return {
        "page": page,
        "results": [shown(each) for each in items[(page - 1) * size : page * size]],
        "total_pages": -(-len(items) // size),
        "total_results": len(items),
    }
