"""Lists of episodes that people have made public at Trakt: domain.filler.ports.CommunityLists.

One list is read when somebody asks for that one: Trakt's policy forbids collecting them.
"""

import re
from collections.abc import Sequence
from typing import Any

from domain.binge.values import Verdict
from domain.errors import InvalidInput
from domain.filler.ports import CommunityList, Entry, NoSuchList
from domain.filler.values import MOST_ITEMS, Item, Show
from integrations.trakt import words
from integrations.trakt.pages import LARGEST_PAGE, all_pages
from integrations.upstreams.errors import Garbled, Refused
from integrations.upstreams.fields import (
    Unfit,
    mapping,
    moment_or_none,
    number,
    number_or_none,
    text,
    text_or_none,
)
from integrations.upstreams.http import Reply, Upstream

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,99}")
_IMDB = re.compile(r"tt[0-9]{5,12}")
_MOST_LIKES = 10**7


class TraktLists:
    """api: Trakt's host; client_id: of this instance's application there. Nobody signs in."""

    def __init__(self, api: Upstream, client_id: str) -> None:
        self._api = api
        self._headers = {
            "content-type": "application/json",
            "trakt-api-version": "2",
            "trakt-api-key": client_id,
        }

    def __repr__(self) -> str:
        return f"TraktLists({self._api!r})"

    async def read(self, user: str, slug: str) -> CommunityList:
        """One list, whole. Raises NoSuchList, UpstreamAway and InvalidInput."""
        for name, field in ((user, "user"), (slug, "list")):
            if not _NAME.fullmatch(name):
                raise InvalidInput(
                    f"{name[:60]!r} is not what Trakt calls anybody's {field}: take it from the"
                    " address of the list's page, trakt.tv/users/USER/lists/LIST.",
                    field=field,
                )
        path = f"/users/{user}/lists/{slug}"
        value = (await self._get(path, {}, user, slug)).value

        async def fetch(page: int) -> Reply:
            # Without "full" an episode has neither its number through all seasons nor its day.
            asked = {"page": page, "limit": LARGEST_PAGE, "extended": "full"}
            return await self._get(f"{path}/items/episode", asked, user, slug)

        entries: list[Entry] = []
        passed = 0
        async for items in all_pages(self._api.name, fetch):
            read = entries_of(items)
            entries += read
            passed += len(items) - len(read)
            if len(entries) > MOST_ITEMS:
                raise Garbled(self._api.name, f"the list has more than {MOST_ITEMS:,} episodes")
        try:
            told = mapping(value, "it")
            return CommunityList(
                user=user,
                slug=slug,
                name=text(told.get("name"), "its name", 200),
                url=f"https://trakt.tv/users/{user}/lists/{slug}",
                likes=number(told.get("likes"), "its likes", 0, _MOST_LIKES),
                entries=tuple(entries),
                passed=passed,
            )
        except Unfit as unfit:
            raise Garbled(self._api.name, str(unfit)) from None

    async def _get(self, path: str, params: dict[str, str | int], user: str, slug: str) -> Reply:
        try:
            return await self._api.ask("GET", path, params=params or None, headers=self._headers)
        except Refused as refused:
            if refused.status in {401, 404}:
                raise NoSuchList(
                    f"Trakt shows no list {slug!r} of {user!r}: there is none, or it is private."
                ) from refused
            raise words.meaning(refused) from refused


def entries_of(items: Sequence[Any]) -> list[Entry]:
    """The episodes among items of a list; what is none, or can't be read, is left out."""
    found: list[Entry] = []
    for item in items:
        try:
            found.append(_entry(mapping(item, "it")))
        except Unfit:
            continue
    return found


def _entry(item: dict[str, Any]) -> Entry:
    if item.get("type") != "episode":
        raise Unfit("it is no episode")
    show, episode = mapping(item.get("show"), "its show"), mapping(item.get("episode"), "it")
    ids = mapping(show.get("ids"), "its ids")
    aired = moment_or_none(episode.get("first_aired"), "its day")
    imdb = ids.get("imdb")
    return Entry(
        Show(
            name=text(show.get("title"), "its show's name"),
            year=number_or_none(show.get("year"), "its year", 0, 2199) or None,
            imdb_id=imdb if isinstance(imdb, str) and _IMDB.fullmatch(imdb) else None,
            tmdb_id=number_or_none(ids.get("tmdb"), "TMDB's id") or None,
            trakt_id=number_or_none(ids.get("trakt"), "Trakt's id") or None,
        ),
        Item(
            Verdict.UNKNOWN,  # the list says it, for all of them
            0.0,
            number_abs=number_or_none(episode.get("number_abs"), "its number", 0, 99_999) or None,
            season=number(episode.get("season"), "its season", 0, 9_999),
            number=number(episode.get("number"), "its number", 0, 99_999),
            name=text_or_none(episode.get("title"), "its name"),
            air_date=aired.date() if aired else None,
        ),
    )
