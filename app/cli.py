"""`streaming-stack`: the command line, put together from the groups in `app/commands/`."""

import typer

from app.commands import (
    accounts,
    catalog,
    code,
    configuration,
    doctor,
    filler,
    history,
    serving,
    simulate,
    sync,
    webhook,
)
from app.commands.console import Commands

app = typer.Typer(
    cls=Commands,
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    help="A personal guide across every streaming service a household pays for.",
)
for group in (
    serving,
    catalog,
    sync,
    accounts,
    history,
    filler,
    webhook,
    simulate,
    doctor,
    configuration,
    code,
):
    group.add_to(app)


def main() -> None:
    """Run the command line."""
    app()


if __name__ == "__main__":
    main()
