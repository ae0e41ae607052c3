"""What is set, and whether it makes sense."""

import typer

from app.commands.console import REFUSED, AsJson, answer


def check(as_json: bool = AsJson) -> None:
    """Say which settings can't be used.

    Variables that look like settings and are none are named too. The exit code is 1 where there
    are any.
    """
    from app.environment import complaints

    found = complaints()
    answer({"problems": found}, "\n".join(found) or "All settings can be used.", as_json=as_json)
    if found:
        raise typer.Exit(REFUSED)


def show(as_json: bool = AsJson) -> None:
    """Show every setting and its source.

    Of the servers' addresses the user and the password are left out.
    """
    from app.environment import listed

    rows = listed()
    width = max(len(row.variable) for row in rows)
    lines = [f"{row.variable:<{width}}  {row.value}  ({row.source})" for row in rows]
    answer(
        {row.variable: {"value": row.value, "source": row.source} for row in rows},
        "\n".join(lines),
        as_json=as_json,
    )


def webhook_secret(as_json: bool = AsJson) -> None:
    """Print the secret that webhooks are signed with.

    Where several are set, which are there to be exchanged, it is the first.
    """
    from app.environment import read_settings, variable
    from app.webhook_secret import secret_in_use

    secret = secret_in_use(read_settings(), variable("justwatch_webhook_secret"))
    answer({"secret": secret}, secret, as_json=as_json)


def add_to(app: typer.Typer) -> None:
    """Hang these commands into the command line."""
    config = typer.Typer(no_args_is_help=True, help="Check and show the settings.")
    config.command()(check)
    config.command()(show)
    config.command()(webhook_secret)
    app.add_typer(config, name="config")
