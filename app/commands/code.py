"""What this code is: its GraphQL schema and its version."""

from collections.abc import Iterator
from contextlib import contextmanager
from difflib import unified_diff
from importlib.metadata import PackageNotFoundError
from importlib.metadata import version as installed_version
from pathlib import Path
from typing import Annotated

import typer

from app.commands.console import REFUSED, AsJson, answer, err, out
from app.embedded import StartupProblem

SCHEMA_FILE = Path(__file__).parents[2] / "schema.graphql"

Check = Annotated[bool, typer.Option("--check", help="Only say whether the file is up to date.")]
Output = Annotated[Path, typer.Option("--output", "-o", help="The file; '-' is the terminal.")]


def schema(check: Check = False, output: Output = SCHEMA_FILE) -> None:
    """Write the GraphQL schema to a file.

    It is sorted. --check only says whether the file has it already.
    """
    from app.graphql.schema import make_schema
    from app.sdl import sorted_sdl

    sdl = sorted_sdl(make_schema())
    if str(output) == "-":
        out.out(sdl, end="", highlight=False)
    elif check:
        with _naming(output):
            written = output.read_text() if output.exists() else ""
        if written != sdl:
            drift = unified_diff(written.splitlines(), sdl.splitlines(), "the file", "the code")
            err.out("\n".join(drift), highlight=False)
            err.print(f"{output.name} is not what the code says; run `make schema`.")
            raise typer.Exit(REFUSED)
        out.print(f"{output.name} is what the code says.")
    else:
        with _naming(output):
            output.write_text(sdl)
        out.print(f"Wrote {output}.")


@contextmanager
def _naming(file: Path) -> Iterator[None]:
    """Say which file can't be read or written, and why."""
    try:
        yield
    except OSError as problem:
        raise StartupProblem(
            f"{file} cannot be used ({problem.strerror})", "name a file in a folder that is there"
        ) from problem


def version(as_json: bool = AsJson) -> None:
    """Say which version this is."""
    try:
        number = installed_version("streaming-stack")
    except PackageNotFoundError:  # run from the source, not installed
        number = "unknown"
    answer({"version": number}, f"streaming-stack {number}", as_json=as_json)


def _say_version(asked: bool) -> None:
    if asked:
        version(as_json=False)
        raise typer.Exit


def options(
    _version: Annotated[
        bool,
        typer.Option("--version", callback=_say_version, is_eager=True, help="Say the version."),
    ] = False,
) -> None:
    """Take what stands before a command."""


def add_to(app: typer.Typer) -> None:
    """Hang these commands into the command line."""
    app.callback()(options)
    app.command()(schema)
    app.command()(version)
