"""Taking in catalogues: what a platform shows in a country, and who plays in what."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from app.commands.console import AsJson, answer, err
from app.commands.services import with_services

if TYPE_CHECKING:
    from domain.catalog.reports import BadRows, CreditsReport, ImportReport, Progress
    from domain.services import Services

_SHOWN = 10  # bad records shown to people; --json has more

Files = Annotated[
    list[Path],
    typer.Argument(
        exists=True, dir_okay=False, help="CSV files (.gz too), together the complete list."
    ),
]
Platform = Annotated[str, typer.Option(help="The platform, like 'netflix'.")]
Country = Annotated[str, typer.Option(help="The country, like 'US'.")]
Credits = Annotated[
    list[Path] | None,
    typer.Option(exists=True, dir_okay=False, help="CSV files of who plays in what."),
]
MassRemoval = Annotated[
    bool,
    typer.Option("--allow-mass-removal", help="Believe a list that ends most of what is known."),
]


def import_catalog(
    files: Files,
    platform: Platform,
    country: Country,
    credits: Credits = None,
    allow_mass_removal: MassRemoval = False,
    as_json: bool = AsJson,
) -> None:
    """Take in what a platform shows in a country.

    The CSV files are its complete list there: what is not in them is no longer believed to be
    there, and what the demo said of it neither. They carry no expiry dates.
    """

    async def run(services: "Services") -> tuple["ImportReport", "CreditsReport | None"]:
        from domain.catalog.credits import import_credits
        from domain.catalog.imports import import_catalog as take_in
        from domain.webhooks.parked import hear_parked

        with _counting() as progress:
            report = await take_in(
                services.database,
                files,
                platform,
                country,
                observed_at=datetime.now(UTC),
                progress=progress,
                allow_mass_removal=allow_mass_removal,
            )
            # What a webhook said of a title before it was here.
            await hear_parked(services.database, datetime.now(UTC))
            if not credits:
                return report, None
            return report, await import_credits(services.database, credits, progress=progress)

    report, people = with_services(run)
    sentences = [_import_sentence(report), *_bad(report.bad)]
    if people:
        sentences += [_credits_sentence(people), *_bad(people.bad)]
    answer(
        {"catalog": _plain(report), "credits": people and _plain(people)},
        "\n".join(sentences),
        as_json=as_json,
    )


@contextmanager
def _counting() -> Iterator[Callable[["Progress"], None]]:
    """A line on the error output that counts the rows; nothing where that is no terminal."""
    from rich.progress import Progress as Bar
    from rich.progress import SpinnerColumn, TextColumn, TimeElapsedColumn

    columns = (SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn())
    with Bar(*columns, console=err, transient=True, disable=not err.is_terminal) as bar:
        task = bar.add_task("Reading")

        def told(progress: "Progress") -> None:
            name = Path(progress.file).name
            bar.update(task, description=f"{name}: {progress.rows:,} rows")

        yield told


def _import_sentence(report: "ImportReport") -> str:
    titles, offers = report.titles, report.offers
    return (
        f"{report.rows:,} rows for {report.platform} in {report.country}"
        f" in {report.timings.total_s:.1f} s."
        f" Titles: {titles.new:,} new, {titles.changed:,} changed."
        f" Offers: {offers.new:,} new, {offers.returned:,} back, {offers.changed:,} changed,"
        f" {offers.gone:,} gone, {offers.kept:,} as they were."
    )


def _credits_sentence(report: "CreditsReport") -> str:
    return (
        f"{report.rows:,} credits in {report.timings.total_s:.1f} s: {report.credits:,} new or"
        f" changed, {report.people_new:,} new people, {report.unknown:,} of titles we don't have."
    )


def _bad(bad: "BadRows") -> list[str]:
    if not bad.count:
        return []
    lines = [f"{bad.count:,} rows were passed over:", *(f"  {row}" for row in bad.kept[:_SHOWN])]
    return [*lines, "  …"] if bad.count > _SHOWN else lines


def _plain(report: "ImportReport | CreditsReport") -> dict[str, Any]:
    """A report for programs; the bad records as sentences."""
    plain = asdict(report)
    plain["bad"] = {"count": report.bad.count, "rows": [str(row) for row in report.bad.kept]}
    return plain


def add_to(app: typer.Typer) -> None:
    """Hang this command into the command line."""
    app.command()(import_catalog)
