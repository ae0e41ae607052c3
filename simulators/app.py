"""All stand-ins in one application, each under its own path, and what moves them under `/_sim`."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager

from starlette.applications import Starlette
from starlette.routing import Mount

from simulators.clock import Clock
from simulators.control import Control
from simulators.door import Door
from simulators.faults import Faults
from simulators.justwatch.app import make as make_justwatch
from simulators.ollama.app import make as make_ollama
from simulators.reality import Reality
from simulators.resend.app import make as make_resend
from simulators.telegram.app import make as make_telegram
from simulators.tmdb.app import make as make_tmdb
from simulators.traffic import Traffic
from simulators.trakt.app import make as make_trakt
from simulators.world import World


def create_app(
    world: World, *, clock: Clock | None = None, seed: int = 0, limits: bool = False
) -> Starlette:
    """The application. What time does to the world begins on the clock's day of this moment.

    limits: whether upstreams whose pace can be switched begin with it on.
    """
    clock = clock or Clock()
    reality = Reality(world, clock, seed)
    switches = {"tmdb": limits}
    upstreams = {
        "justwatch": make_justwatch(world, clock, seed, reality),
        "tmdb": make_tmdb(world, clock, seed, reality, switches),
        "trakt": make_trakt(world, clock, seed),
        "resend": make_resend(world, clock, seed),
        "telegram": make_telegram(world, clock, seed),
        "ollama": make_ollama(world, clock, seed),
    }
    faults, traffic = Faults(), Traffic(clock)
    control = Control(reality, faults, traffic, switches, frozenset(upstreams))

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        # A mount doesn't start what is mounted, and some have work to do in the background.
        async with AsyncExitStack() as stack:
            for upstream in upstreams.values():
                await stack.enter_async_context(upstream.router.lifespan_context(upstream))
            yield

    return Starlette(
        routes=[
            *control.routes(),
            *(
                Mount(f"/{name}", app=Door(upstream, name, faults, traffic))
                for name, upstream in upstreams.items()
            ),
        ],
        lifespan=lifespan,
    )
