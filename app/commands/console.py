"""How commands speak: to people in lines and progress bars, to programs in JSON."""

import json
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, is_dataclass
from typing import Any

import typer
from rich.console import Console
from rich.markup import escape
from typer.core import TyperGroup

from app.embedded import StartupProblem
from domain.errors import DomainError

REFUSED, COULD_NOT_START = 1, 2

out = Console(highlight=False, soft_wrap=True)
err = Console(highlight=False, soft_wrap=True, stderr=True)

AsJson = typer.Option(False, "--json", help="Answer in JSON, for programs.")


class Commands(TyperGroup):
    """A group whose refusals are sentences and exit codes, not tracebacks."""

    def invoke(self, ctx: Any) -> Any:
        """Run the command; 1: it was refused; 2: it could not start."""
        try:
            return super().invoke(ctx)
        except StartupProblem as problem:
            say_problem(problem)
            raise SystemExit(COULD_NOT_START) from problem
        except DomainError as refusal:
            err.print(f"[red]{escape(refusal.message)}[/]")
            raise SystemExit(REFUSED) from refusal


def say_problem(problem: StartupProblem) -> None:
    """Say what keeps us from starting, and show the log lines that tell why."""
    err.print(f"[red]{escape(str(problem))}[/]")
    if problem.details:
        err.print(f"[dim]{escape(problem.details)}[/]")


def answer(value: Any, sentence: str, *, as_json: bool) -> None:
    """Give the answer to whoever asked: the value to programs, the sentence to people."""
    if as_json:
        content = asdict(value) if is_dataclass(value) and not isinstance(value, type) else value
        sys.stdout.write(json.dumps(content, indent=2, default=str) + "\n")
    else:
        out.print(escape(sentence))


@contextmanager
def step(doing: str) -> Iterator[Callable[[str], None]]:
    """One step of something longer: a spinner while it lasts, then a line with what was done.

    The block may say better than `doing` what came of it.
    """
    result = doing
    began = time.monotonic()

    def done(sentence: str) -> None:
        nonlocal result
        result = sentence

    with out.status(f"{escape(doing)} …"):
        yield done
    mark = "✓" if "utf" in out.encoding.lower() else "*"
    out.print(f"[green]{mark}[/] {escape(result)} [dim]({time.monotonic() - began:.1f} s)[/]")
