"""What clients that others wrote and our stand-ins say to each other, once for all tests."""

import fcntl
import json
from collections.abc import Callable
from typing import Any

import pytest

from simulators.samples import sample_world
from simulators.world import Title, World
from tests.foreign import support

Held = Callable[[str, dict[str, Any]], dict[str, Any]]


def told(title: Title) -> dict[str, Any]:
    """What a script has to know of a title."""
    return {
        "tmdb_id": title.tmdb_id, "imdb_id": title.imdb_id, "name": title.name, "year": title.year,
    }  # fmt: skip


@pytest.fixture(scope="session")
def world() -> World:
    """What the stand-ins tell of, which is the same in every process."""
    return sample_world()


@pytest.fixture(scope="session")
def film(world: World) -> Title:
    """Of the films that have keywords, the one with most offers."""
    films = [each for each in world.titles.values() if each.kind == "film" and each.keywords]
    return max(films, key=lambda each: len(world.offers[each.number]))


@pytest.fixture(scope="session")
def series(world: World) -> Title:
    """A series with seasons of its own on a service in the United States."""
    return next(
        title
        for title in world.titles.values()
        if len(title.seasons) > 1
        and any(each.season and each.country == "US" for each in world.offers[title.number])
    )


@pytest.fixture(scope="session")
def conversation(world: World, tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Held:
    """Hold the conversation of a client: its name, and what it is to ask for; → what it got.

    The processes that share the tests share what was said, too.
    """
    folder = tmp_path_factory.getbasetemp()
    if worker_id != "master":
        folder = folder.parent

    def hold(client: str, wishes: dict[str, Any]) -> dict[str, Any]:
        python = support.foreign_python()
        kept = folder / f"foreign-{client}.json"
        with kept.with_suffix(".lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not kept.exists():
                home = tmp_path_factory.mktemp(client)
                kept.write_text(json.dumps(support.hold(python, client, wishes, world, home)))
        said = json.loads(kept.read_text())
        if "problem" in said:
            pytest.fail(said["problem"], pytrace=False)
        return said

    return hold
