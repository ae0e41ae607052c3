"""Lists of episodes that people keep at Trakt: read whole, and believed like any other source."""

import json
from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from typing import Any

import httpx
import pytest

from domain.binge.values import Verdict
from domain.db import Database
from domain.errors import DomainError, InvalidInput
from domain.filler import service
from domain.filler.ports import CommunityList, NoSuchList
from domain.filler.values import Heard, Item, Report, Show
from domain.sync.ports import UpstreamAway
from integrations.trakt.filler import TraktLists, entries_of
from integrations.upstreams.errors import Garbled
from simulators.app import create_app
from simulators.samples import sample_world
from simulators.server import running
from simulators.world import Title, World
from tests.filler.homes import NOW, believed, show
from tests.integrations.upstreams import wire
from tests.integrations.upstreams.wire import Opened, Wire, response

pytestmark = pytest.mark.anyio
WORLD = sample_world()
AGREED, ALONE = 5, 10  # the two lists share the fifth episode; the tenth is on the first list only


@pytest.fixture(scope="module")
def base() -> Iterator[str]:
    """The stand-in's address."""
    with running(create_app(WORLD)) as url:
        yield url


@pytest.fixture
async def opened() -> AsyncIterator[Opened]:
    """Opens upstreams."""
    async with wire.upstreams() as open_one:
        yield open_one


@pytest.fixture
async def line() -> AsyncIterator[Wire]:
    """A server that answers with the bytes it is told."""
    async with wire.wire() as running_wire:
        yield running_wire


@pytest.fixture
def lists(base: str, opened: Opened) -> TraktLists:
    """Lists at the stand-in."""
    return TraktLists(opened(base + "/trakt", "Trakt"), "app")


def kept(base: str, user: str) -> list[dict[str, Any]]:
    with httpx.Client(
        base_url=base, headers={"trakt-api-key": "app", "trakt-api-version": "2"}
    ) as c:
        return c.get(f"/trakt/users/{user}/lists").json()


def titled(world: World, list_name: str) -> Title:
    """The show that a list of the stand-in is about."""
    name = list_name.removesuffix("_filler").replace("-", " ")
    return next(each for each in world.titles.values() if each.name.lower() in name)


async def hear(database: Database, heard: Heard) -> Report:
    async with database.transaction() as session:
        return await service.hear(session, heard, NOW)


async def test_a_public_list_is_read_whole_with_its_episodes_numbers_and_days(
    base: str, lists: TraktLists
):
    said = kept(base, "filler-fan")[0]
    found = await lists.read("filler-fan", said["ids"]["slug"])
    assert (found.name, found.likes, found.passed) == (said["name"], said["likes"], 0)
    assert len(found.entries) == said["item_count"] > 0
    first = found.entries[0]
    assert (first.show.name, first.item.season) == (titled(WORLD, found.name).name, 1)
    assert first.item.number_abs is not None
    assert first.item.air_date is not None


async def test_two_people_s_lists_agree_on_some_and_the_others_are_theirs(
    base: str, lists: TraktLists, database: Database
):
    name = kept(base, "filler-fan")[0]["ids"]["slug"]
    title = titled(WORLD, name)
    seasons = [len(each.episodes) for each in title.seasons if each.number]
    key, _ = await show(database, *seasons, name=title.name, tmdb_id=title.tmdb_id, counted=False)
    reports = [
        await hear(database, service.of_list(await lists.read(user, name)))
        for user in ("filler-fan", "canon-keeper")
    ]
    for report in reports:
        (told,) = report.shows
        assert told.title_id == key
        assert told.mapped == told.said > 0
    seen = await believed(database, key)
    sources = f"trakt:filler-fan/{name}, trakt:canon-keeper/{name}"
    both, alone = seen[AGREED - 1], seen[ALONE - 1]
    assert (both[0], both[1]) == ("filler", sources)
    assert (alone[0], alone[1]) == ("filler", f"trakt:filler-fan/{name}")
    assert (both[2] or 0) > (alone[2] or 0)


async def test_a_list_that_there_is_none_of_is_said_to_be_none(lists: TraktLists):
    for user, name in (("filler-fan", "nothing"), ("nobody", "naruto_filler")):
        with pytest.raises(NoSuchList, match="or it is private"):
            await lists.read(user, name)


@pytest.mark.parametrize("name", ["", "../settings", "a/b", "a b", "ä", "x?y", "\u0000", "a" * 101])
async def test_what_is_no_name_is_not_asked_for(line: Wire, opened: Opened, name: str):
    lists = TraktLists(opened(line.base, "Trakt"), "app")
    for user, slug in ((name, "x"), ("x", name)):
        with pytest.raises(InvalidInput, match="address of the list"):
            await lists.read(user, slug)


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        (response(b"", status="403 No"), UpstreamAway),
        (response(b"[]"), Garbled),
        (response(b"", status="404 None"), NoSuchList),
        (response(b"{"), Garbled),
    ],
)
async def test_what_cannot_be_used_is_refused_in_words(
    line: Wire, opened: Opened, answer: bytes, error: type[DomainError]
):
    pages = ("X-Pagination-Page-Count: 0", "X-Pagination-Item-Count: 0")
    line.says(answer, response(b"[]", *pages))
    with pytest.raises(error):
        await TraktLists(opened(line.base, "Trakt"), "app").read("u", "x")


EPISODE: dict[str, Any] = {
    "type": "episode",
    "episode": {"season": 1, "number": 26, "title": "Special Report", "number_abs": 26,
                "first_aired": "2003-04-02T10:30:00.000Z"},
    "show": {"title": "Naruto", "year": 2002,
             "ids": {"trakt": 1, "imdb": "tt0409591", "tmdb": 46260}},
}  # fmt: skip


def test_an_item_is_read_with_all_ways_to_its_episode():
    (entry,) = entries_of([EPISODE])
    assert entry.show == Show("Naruto", 2002, "tt0409591", 46260, trakt_id=1)
    said = entry.item
    assert (said.season, said.number, said.number_abs, said.name) == (1, 26, 26, "Special Report")
    assert said.air_date is not None
    assert said.air_date.isoformat() == "2003-04-02"


@pytest.mark.parametrize(
    "item",
    [
        None, 7, [], {}, EPISODE | {"type": "movie"}, EPISODE | {"show": None},
        EPISODE | {"episode": {"season": "1", "number": 1}}, EPISODE | {"show": {"title": "X"}},
        EPISODE | {"episode": {"season": 1, "number": -1}},
        json.loads('{"type": {"a": 1}, "episode": [], "show": {}}'),
    ],
)  # fmt: skip
def test_an_item_that_is_no_episode_is_left_out(item: Any):
    assert len(entries_of([item, EPISODE])) == 1


def a_list(name: str) -> CommunityList:
    return CommunityList("u", "l", name, "https://trakt.tv/users/u/lists/l", 0,
                         tuple(entries_of([EPISODE])), 0)  # fmt: skip


def test_a_list_says_what_its_name_says_unless_it_is_said_otherwise():
    (saying,) = service.of_list(a_list("naruto_filler")).sayings
    assert saying.source == "trakt:u/l"
    (item,) = saying.items
    assert (item.verdict, item.confidence, item.url) == (
        Verdict.FILLER, 0.5, "https://trakt.tv/users/u/lists/l",
    )  # fmt: skip
    assert (
        replace(item, verdict=Verdict.CANON)
        == (service.of_list(a_list("naruto_filler"), Verdict.CANON).sayings[0].items[0])
    )
    assert isinstance(item, Item)


def test_somebody_is_one_voice_however_the_name_is_spelt():
    spelt = replace(a_list("naruto_filler"), user="U", slug="L")
    assert service.of_list(spelt).sources == ("trakt:u/l",)


def test_a_list_whose_name_says_nothing_needs_a_verdict():
    with pytest.raises(InvalidInput, match="--verdict"):
        service.of_list(a_list("Naruto without filler"))
