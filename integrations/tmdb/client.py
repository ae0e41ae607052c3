"""TMDB: facts about titles, and where they can be watched (which it has from JustWatch).

domain.sync.ports.OfferSource and domain.titles.ports.Metadata on its version 3.
"""

import asyncio
import re
from collections.abc import AsyncIterator, Callable, Collection, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Any, TypeVar

from domain.sync.payloads import encode
from domain.sync.ports import UpstreamAway
from domain.sync.values import Answer, Asked, Unanswered
from domain.titles.facts import SeasonFacts, TitleFacts
from integrations.tmdb import offers, reading
from integrations.upstreams.errors import Garbled, Refused, Troubled
from integrations.upstreams.fields import LARGEST, Unfit, listing, mapping, number
from integrations.upstreams.http import Upstream

CONFIDENCE = 0.5  # second hand, and a day late
_AT_ONCE = 8
_WINDOW = timedelta(days=13)  # with both its ends, the fourteen days that one question may span
_LAST_PAGE = 500
_PATHS = {"film": "movie", "series": "tv"}
_APPENDED = {
    "film": "keywords,release_dates,credits",
    "series": "keywords,content_ratings,credits,external_ids",
}
_IMDB = re.compile(r"tt[0-9]{5,12}")

_Read = TypeVar("_Read")


class Tmdb:
    """Asks with one key. name: the source that its claims of offers are kept under."""

    confidence = CONFIDENCE
    dated = False
    priced = False
    batch = 1

    def __init__(self, upstream: Upstream, token: str, *, name: str = "sync/tmdb") -> None:
        self.name = name
        self._upstream = upstream
        self._headers = {"authorization": f"Bearer {token}"}

    def __repr__(self) -> str:
        return f"Tmdb({self.name!r})"

    async def check(self) -> None:
        """Find out whether the key is good. Raises UpstreamAway, permanent where it isn't."""
        await self._get("/authentication")

    async def answers(
        self, asked: Sequence[Asked], countries: Collection[str]
    ) -> AsyncIterator[Answer | Unanswered]:
        """Where each title can be watched; see the port."""
        places = sorted(set(countries))
        for start in range(0, len(asked), _AT_ONCE):
            group = asked[start : start + _AT_ONCE]
            answers = (self._answer(each, places) for each in group)
            found = await asyncio.gather(*answers, return_exceptions=True)
            # Where others were answered at the same time, the trouble is with the title: waiting
            # for it to pass would end the asking at this title for ever.
            only_some = not all(isinstance(each, BaseException) for each in found)
            away: BaseException | None = None
            for each, said in zip(group, found, strict=True):
                if isinstance(said, Troubled) and only_some:
                    yield Unanswered(each.title_id, said.message)
                elif isinstance(said, BaseException):
                    away = said
                else:
                    yield said
            if away is not None:
                raise away

    async def _answer(self, asked: Asked, countries: Sequence[str]) -> Answer | Unanswered:
        if not asked.tmdb_id:
            return Unanswered(asked.title_id, "TMDB's id of it is not known", unknown=True)
        number_ = asked.tmdb_id
        path = f"/{_PATHS[asked.kind]}/{number_}/watch/providers"
        try:
            seen, rejected = self._read(
                await self._get(path), lambda value: offers.offers(value, number_, countries)
            )
        except Refused as refused:
            return Unanswered(asked.title_id, refused.message, unknown=refused.status == 404)
        except Garbled as garbled:
            return Unanswered(asked.title_id, garbled.message)
        return Answer(asked.title_id, encode(seen), tuple(rejected))

    async def metadata(self, kind: str, tmdb_id: int, language: str = "en-US") -> TitleFacts | None:
        """What there is to know of a title; None where TMDB doesn't have it. Raises Garbled.

        Where it has no synopsis in a language, the English one stands in.
        """
        found = await self._title(kind, tmdb_id, language)
        if found and not found.synopsis and not language.startswith("en"):
            english = await self._title(kind, tmdb_id, "en-US")
            return replace(found, synopsis=english.synopsis) if english else found
        return found

    async def _title(self, kind: str, tmdb_id: int, language: str) -> TitleFacts | None:
        params = {"language": language, "append_to_response": _APPENDED[kind]}
        value = await self._get_or_none(f"/{_PATHS[kind]}/{tmdb_id}", params)
        if value is None:
            return None
        return self._read(value, lambda body: reading.title(body, kind, tmdb_id))

    async def season(
        self, tmdb_id: int, ordinal: int, language: str = "en-US"
    ) -> SeasonFacts | None:
        """A season of a series with its episodes; None where TMDB doesn't have it."""
        value = await self._get_or_none(f"/tv/{tmdb_id}/season/{ordinal}", {"language": language})
        if value is None:
            return None
        return self._read(value, lambda body: reading.season(body, ordinal))

    async def find(self, imdb_id: str) -> tuple[str, int] | None:
        """The kind and TMDB's id of what IMDb calls so; None for what is no film or series."""
        if not _IMDB.fullmatch(imdb_id):
            return None
        value = await self._get_or_none(f"/find/{imdb_id}", {"external_source": "imdb_id"})
        return None if value is None else self._read(value, _found)

    async def changes(self, kind: str, since: date, until: date) -> set[int]:
        """TMDB's ids of what changed from one day to another, both included. Raises Garbled."""
        changed: set[int] = set()
        start = since
        while start <= until:
            end = min(start + _WINDOW, until)
            changed |= await self._changes(kind, start, end)
            start = end + timedelta(days=1)
        return changed

    async def _changes(self, kind: str, start: date, end: date) -> set[int]:
        found: set[int] = set()
        page = pages = 1
        while page <= pages:
            params = {"start_date": f"{start}", "end_date": f"{end}", "page": page}
            value = await self._get(f"/{_PATHS[kind]}/changes", params)
            ids, pages = self._read(value, _page_of_ids)
            if pages > _LAST_PAGE and start < end:  # more than it shows: ask for fewer days
                middle = start + (end - start) // 2
                later = await self._changes(kind, middle + timedelta(days=1), end)
                return later | await self._changes(kind, start, middle)
            found |= ids
            pages, page = min(pages, _LAST_PAGE), page + 1
        return found

    async def _get_or_none(self, path: str, params: Mapping[str, str | int]) -> Any:
        try:
            return await self._get(path, params)
        except Refused as refused:
            if refused.status == 404:
                return None
            raise

    async def _get(self, path: str, params: Mapping[str, str | int] | None = None) -> Any:
        try:
            reply = await self._upstream.ask("GET", path, params=params, headers=self._headers)
        except Refused as refused:
            if refused.status not in {401, 403}:
                raise
            said = f' It says: "{refused.said}"' if refused.said else ""
            raise UpstreamAway(
                f"TMDB refuses our key.{said} Put the API read access token of a TMDB account into"
                " the settings, or go without TMDB.",
                permanent=True,
            ) from refused
        return reply.value

    def _read(self, value: Any, reader: Callable[[Any], _Read]) -> _Read:
        try:
            return reader(value)
        except Unfit as unfit:
            raise Garbled(self._upstream.name, str(unfit)) from None


def _page_of_ids(value: Any) -> tuple[set[int], int]:
    body = mapping(value, "it")
    rows = listing(body.get("results"), "its list")
    ids = {number(mapping(each, "an item").get("id"), "an id", 1) for each in rows}
    return ids, number(body.get("total_pages"), "its number of pages", 0, LARGEST)


def _found(value: Any) -> tuple[str, int] | None:
    body = mapping(value, "it")
    for kind, key in (("film", "movie_results"), ("series", "tv_results")):
        for each in listing(body.get(key), "its list"):
            return kind, number(mapping(each, "an item").get("id"), "an id", 1)
    return None
