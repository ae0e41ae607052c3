"""Is everything as it should be?"""

import typer
from rich.markup import escape

from app.commands.console import REFUSED, AsJson, answer, out

_COLOURS = {"ok": "green", "warning": "yellow", "problem": "red"}


def doctor(as_json: bool = AsJson) -> None:
    """Check everything that is needed to run.

    Where something is missing it says what to type. The exit code is 1 then.
    """
    from dataclasses import asdict

    from app.checks import examine
    from app.environment import complaints, read_settings

    problems = complaints()
    findings = []
    for finding in examine(read_settings()):
        findings.append(finding)
        if not as_json:
            _show(finding.about, finding.state, finding.message, finding.hint)
    if as_json:
        content = {"findings": [asdict(each) for each in findings], "settings": problems}
        answer(content, "", as_json=True)
    else:
        for each in problems:
            _show("settings", "warning", each, "streaming-stack config check")
    if any(finding.state == "problem" for finding in findings):
        raise typer.Exit(REFUSED)


def _show(about: str, state: str, message: str, hint: str) -> None:
    colour = _COLOURS[state]
    out.print(f"[{colour}]{state:>7}[/]  {about}: {escape(message)}")
    if hint:
        out.print(f"         [dim]→ {escape(hint)}[/]")


def add_to(app: typer.Typer) -> None:
    """Hang this command into the command line."""
    app.command()(doctor)
