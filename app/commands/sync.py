"""Asking upstream where titles are: now, or just for a look."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import typer

from app.commands.console import REFUSED, AsJson, answer, err

if TYPE_CHECKING:
    from domain.db import Record

_SHOWN = 5
_FIGURES = (
    "titles", "requests", "unchanged", "changed", "unknown", "failed", "quarantined", "rejected",
    "unplaced", "offers", "added", "updated", "removals", "removed",
)  # fmt: skip
_MOMENTS = ("planned_at", "started_at", "finished_at")


def sync(
    now: bool = typer.Option(False, "--now", help="Ask now, and wait until it is done."),
    dry_run: bool = typer.Option(False, help="The same, but change nothing and say what would."),
    title: list[str] = typer.Option([], help="Ask about this title alone, such as title_42."),  # noqa: B008
    confirm: str = typer.Option("", help="What this held run, such as run_7, misses has left."),
    as_json: bool = AsJson,
) -> None:
    """Ask upstream where titles are, and until when.

    Without an option it says how the last runs went. A running instance does the asking; where none
    runs, this starts what it needs. The exit code is 1 where a run fails.
    """
    from app import syncing
    from domain import ids

    if not (now or dry_run or title or confirm):
        _report(syncing.latest(_SHOWN), as_json=as_json)
        return
    if confirm and (now or dry_run or title):
        raise typer.BadParameter("--confirm takes out what a run misses, and goes with no other.")
    title_ids = [ids.decode_int("title", each) for each in title] or None
    held = ids.decode_int("run", confirm) if confirm else None
    with _watching() as told:
        run = syncing.done(told, title_ids=title_ids, dry_run=dry_run, confirm=held)
    answer(_plain(run), sentence(run), as_json=as_json)
    if run.state in ("failed", "held"):
        raise typer.Exit(REFUSED)


@contextmanager
def _watching() -> Iterator[Callable[["Record"], None]]:
    """A bar on the error output; nothing where that is no terminal."""
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(),
               TimeElapsedColumn())  # fmt: skip
    with Progress(*columns, console=err, transient=True, disable=not err.is_terminal) as bar:
        task = bar.add_task("planned", total=None)

        def told(run: "Record") -> None:
            done = run.unchanged + run.changed + run.unknown + run.failed
            words = run.state.replace("_", " ")
            bar.update(task, description=words, completed=done, total=run.titles or None)

        yield told


def sentence(run: "Record") -> str:
    """How a run went, in words."""
    name, source = f"run_{run.id}", run.source
    if run.state == "failed":
        return f"{name} of {source} could not go on: {run.problem}"
    took = (
        f" in {(run.finished_at - run.started_at).total_seconds():.1f} s"
        if (run.finished_at and run.started_at)
        else ""
    )
    said = (
        f"{name}: asked {source} about {run.titles:,} titles{took}, {run.requests:,} requests."
        f" {run.unchanged:,} as before, {run.changed:,} changed, {run.unknown:,} unknown there,"
        f" {run.failed:,} without an answer. Offers: {run.added:,} new,"
        f" {run.updated:,} changed, {run.removed:,} gone."
    )
    if run.dry_run:
        said += f" Nothing was written; {run.removals:,} offers were missing."
    if run.state == "held":
        said += f"\nHeld: {run.problem}"
    return said


def _report(runs: "Sequence[Record]", *, as_json: bool) -> None:
    lines = [f"{run.planned_at:%Y-%m-%d %H:%M} {run.state}: {sentence(run)}" for run in runs]
    nothing = "No sync has run yet. `streaming-stack sync --now` starts one."
    answer({"runs": [_plain(run) for run in runs]}, "\n".join(lines) or nothing, as_json=as_json)


def _plain(run: "Record") -> dict[str, Any]:
    from domain import ids

    moments = {name: value and value.isoformat() for name in _MOMENTS
               for value in [getattr(run, name)]}  # fmt: skip
    return {
        "id": ids.encode("run", run.id),
        "source": run.source,
        "reason": run.reason,
        "night": run.night and run.night.isoformat(),
        "countries": list(run.countries),
        "state": run.state,
        "dry_run": run.dry_run,
        **moments,
        **{name: getattr(run, name) for name in _FIGURES},
        "problem": run.problem,
    }


def add_to(app: typer.Typer) -> None:
    """Hang this command into the command line."""
    app.command()(sync)
