"""Stand-ins for the outside world, and their clock."""

from typing import TYPE_CHECKING

import typer

from app.commands.console import AsJson, answer, err
from app.embedded import StartupProblem, ensure_port_free

if TYPE_CHECKING:
    from app.settings import Settings
    from simulators.world import World


def simulate(
    port: int = typer.Option(8090, min=1, max=65535, help="The port to listen on."),
    seed: int = typer.Option(0, help="What time brings, and which faults fall, is drawn with it."),
    limits: bool = typer.Option(False, help="Refuse callers who are too quick, as they would."),
) -> None:
    """Stand in for JustWatch and the other upstreams.

    That is JustWatch, TMDB, Trakt, Resend, Telegram and Ollama.

    What they know is the catalogue in the database, or the demo where none runs. Only this machine
    can ask them. `streaming-stack up` runs them itself where no real one is set.
    """
    from app.environment import read_settings
    from simulators.app import create_app
    from simulators.server import serve

    ensure_port_free("127.0.0.1", port, setting="--port")
    world = _world(read_settings())
    if err.is_terminal:  # `up` has nothing to say of it
        err.print(f"{len(world.titles):,} titles at http://127.0.0.1:{port}; Ctrl-C stops them.")
    serve(create_app(world, seed=seed, limits=limits), port=port)


def demo_clock(
    days: int = typer.Option(0, min=0, max=365, help="How many days to move it forward."),
    sync: bool = typer.Option(True, help="Ask the stand-ins what has changed meanwhile."),
    as_json: bool = AsJson,
) -> None:
    """Move the stand-ins' clock, and see things leave.

    Without --days it is read.
    """
    import asyncio

    from app.syncing import start
    from integrations.demo_clock import StandInClock

    clock = StandInClock(_address())
    now = asyncio.run(clock.move(days) if days else clock.now()).isoformat()
    if days and sync:
        start()
    answer({"now": now}, f"The stand-ins' clock says {now}.", as_json=as_json)


def _world(settings: "Settings") -> "World":
    import asyncio
    from datetime import UTC, datetime

    from app import world
    from app.embedded import running_instance
    from app.local import borrowed
    from app.prepare import opened
    from domain.catalog.snapshot import snapshot

    instance = running_instance(settings.data_dir)
    if settings.embedded and instance is None:
        return world.of_demo(datetime.now(UTC).date())

    async def read() -> "World":
        reachable = borrowed(settings, instance) if settings.embedded and instance else settings
        async with opened(reachable) as database:
            async with database.work() as connection:
                return world.of_catalogue(await snapshot(connection))

    return asyncio.run(read())


def _address() -> str:
    from app.embedded import running_instance
    from app.environment import read_settings, variable

    settings = read_settings()
    instance = running_instance(settings.data_dir)
    found = settings.simulators_url or (instance and instance.urls.get("simulators"))
    if not found:
        raise StartupProblem(
            "No stand-ins run here",
            "start `streaming-stack up` without keys, or `streaming-stack simulate` and set"
            f" {variable('simulators_url')}",
        )
    return found


def add_to(app: typer.Typer) -> None:
    """Hang these commands into the command line."""
    app.command()(simulate)
    app.command()(demo_clock)
