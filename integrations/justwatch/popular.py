"""What is popular at JustWatch in a country, page by page."""

import re
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

from integrations.justwatch import query
from integrations.upstreams.errors import Garbled
from integrations.upstreams.fields import (
    Unfit,
    listing,
    mapping,
    number_or_none,
    text,
)
from integrations.upstreams.http import Upstream

MOST = 1_999
"""Beyond it JustWatch says that there is nothing, which would be wrong."""
_PAGE = 100
_KINDS = {"MOVIE": ("film", "tm"), "SHOW": ("series", "ts")}
_IMDB, _TMDB = re.compile(r"tt[0-9]{5,12}"), re.compile(r"[0-9]{1,9}")


@dataclass(frozen=True, slots=True)
class Popular:
    """A title in a list of what is popular. kind: 'film' | 'series'."""

    justwatch_id: str
    kind: str
    name: str
    year: int | None
    imdb_id: str | None
    tmdb_id: int | None


async def popular(upstream: Upstream, country: str, most: int = MOST) -> AsyncIterator[Popular]:
    """The most popular titles of a country, the first first, each once; what can't be read is left
    out. Raises Garbled where a page is none.
    """
    seen: set[str] = set()
    offset, most = 0, min(most, MOST)
    while offset < most:
        first = min(_PAGE, most - offset)
        variables = {"country": country, "language": "en", "first": first, "offset": offset or None}
        body = {"operationName": "Popular", "query": query.POPULAR, "variables": variables}
        edges = _edges((await upstream.ask("POST", "", body=body)).value, upstream.name)
        for edge in edges:
            try:
                title = _title(edge)
            except Unfit:
                continue
            if title.justwatch_id not in seen:
                seen.add(title.justwatch_id)
                yield title
        if not edges:
            return
        offset += first


def _edges(value: Any, name: str) -> list[Any]:
    try:
        data = mapping(mapping(value, "it").get("data"), "its data")
        return listing(mapping(data.get("popularTitles"), "its list").get("edges"), "its list")
    except Unfit as unfit:
        raise Garbled(name, str(unfit)) from None


def _title(edge: Any) -> Popular:
    node = mapping(mapping(edge, "it").get("node"), "its title")
    kind, prefix = _KINDS.get(str(node.get("objectType")), ("", ""))
    node_id = text(node.get("id"), "its id", 20)
    if not kind or not re.fullmatch(prefix + "[0-9]{1,12}", node_id):
        raise Unfit("it is neither a film nor a show")
    content = mapping(node.get("content"), "its content")
    ids = content.get("externalIds")
    ids = ids if isinstance(ids, dict) else {}
    imdb, tmdb = str(ids.get("imdbId")), str(ids.get("tmdbId"))
    return Popular(
        node_id,
        kind,
        text(content.get("title"), "its name"),
        number_or_none(content.get("originalReleaseYear"), "its year", 1870, 2199),
        imdb if _IMDB.fullmatch(imdb) else None,
        int(tmdb) if _TMDB.fullmatch(tmdb) else None,
    )
