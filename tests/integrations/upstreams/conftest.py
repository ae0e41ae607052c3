"""A server that says what it is told, the stand-ins, and upstreams that are closed in the end."""

from collections.abc import AsyncIterator, Iterator

import httpx
import pytest

from simulators.app import create_app
from simulators.samples import sample_world
from simulators.server import running
from simulators.world import World
from tests.integrations.upstreams import wire
from tests.integrations.upstreams.stand_ins import StandIns


@pytest.fixture
async def line() -> AsyncIterator[wire.Wire]:
    """A server that answers with the bytes it is told."""
    async with wire.wire() as running_wire:
        yield running_wire


@pytest.fixture
async def opened() -> AsyncIterator[wire.Opened]:
    """Opens upstreams."""
    async with wire.upstreams() as open_one:
        yield open_one


@pytest.fixture(scope="session")
def world() -> World:
    """What there is at the stand-ins."""
    return sample_world()


@pytest.fixture(scope="session")
def _base(world: World) -> Iterator[str]:
    with running(create_app(world)) as base:
        yield base


@pytest.fixture
def stand_ins(_base: str, world: World) -> Iterator[StandIns]:
    """The stand-ins without faults."""
    with httpx.Client(base_url=_base) as control:
        yield StandIns(_base, world, control)
        control.delete("/_sim/faults")
        control.post("/trakt/_sim/limits", json={"enabled": True})
