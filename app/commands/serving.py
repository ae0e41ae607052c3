"""Starting it all, and bringing a database to the newest schema."""

import asyncio
import time

import typer

from app.commands.console import AsJson, answer


def up(
    local_llm: bool = typer.Option(
        False,
        "--local-llm",
        help="Have a toy model phrase why a title is recommended, where there is no Ollama:"
        " SmolLM2-135M, which `make local-llm` builds.",
    ),
) -> None:
    """Run everything until Ctrl-C.

    That is Postgres, Valkey, the API and the worker. The servers are our own where DATABASE_URL or
    REDIS_URL is not set.
    """
    began = time.monotonic()
    from app.environment import read_settings
    from app.up import up as run

    run(read_settings(), began, toy=local_llm)


def migrate(as_json: bool = AsJson) -> None:
    """Bring the database to the newest schema."""
    from app.environment import read_settings
    from app.local import servers
    from app.prepare import upgraded

    settings = read_settings()
    with servers(settings) as reachable:
        schema = asyncio.run(upgraded(reachable, own=settings.database_url is None))
    sentence = (
        f"Migrated from {schema.before or 'an empty database'} to {schema.now}."
        if schema.migrated
        else f"Nothing to do: the schema is {schema.now}, the newest."
    )
    answer(
        {"before": schema.before, "now": schema.now, "postgres": schema.version},
        sentence,
        as_json=as_json,
    )


def add_to(app: typer.Typer) -> None:
    """Hang these commands into the command line."""
    app.command()(up)
    app.command()(migrate)
