"""What others say about filler: files and lists that are taken in, and what came of each show."""

from collections.abc import Iterator
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from app.commands.console import AsJson, Commands, answer
from app.commands.services import with_services

if TYPE_CHECKING:
    from domain.filler.values import Heard, Report, ShowReport
    from domain.services import Services

_SHOWN = 40


class Says(StrEnum):
    """What a list says of its episodes."""

    FILLER = "filler"
    MIXED = "mixed"
    CANON = "canon"


filler = typer.Typer(cls=Commands, no_args_is_help=True, help="Who says which episodes are filler.")
DryRun = Annotated[
    bool, typer.Option("--dry-run", help="Write nothing, and say what would come of it.")
]


@filler.command("import")
def import_filler(
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="CSV or JSON.")],
    source: Annotated[
        str | None, typer.Option(help="What to call who says it; default: as the file says.")
    ] = None,
    dry_run: DryRun = False,
    as_json: bool = AsJson,
) -> None:
    """Take in a file that says which episodes are filler: ours, or a list of numbers by MAL ids.

    What the same source said before is replaced. docs/filler.md has the format.
    """
    from domain.errors import InvalidInput
    from domain.filler import reading

    try:
        with file.open("rb") as opened:
            content = opened.read(reading.MOST_BYTES + 1)
    except OSError as problem:
        raise InvalidInput(f"{file} can't be read: {problem.strerror}.") from problem
    heard = reading.read(content, file.stem, source)

    async def run(services: "Services") -> "Report":
        return await _hear(services, heard, dry_run=dry_run)

    _tell(with_services(run), dry_run=dry_run, as_json=as_json)


@filler.command("trakt")
def trakt_filler(
    user: Annotated[str, typer.Argument(help="Whose list, as in trakt.tv/users/USER/lists/LIST.")],
    list_name: Annotated[str, typer.Argument(metavar="LIST", help="Which list.")],
    verdict: Annotated[
        Says | None, typer.Option(help="What it says of its episodes; default: as its name says.")
    ] = None,
    dry_run: DryRun = False,
    as_json: bool = AsJson,
) -> None:
    """Take in a public list of episodes at Trakt, such as naruto_filler."""
    from domain.binge.values import Verdict
    from domain.filler import service
    from domain.trakt.errors import TraktNotConfigured

    async def run(services: "Services") -> tuple["Report", int]:
        if services.lists is None:
            raise TraktNotConfigured
        found = await services.lists.read(user, list_name)
        heard = service.of_list(found, Verdict(verdict.value) if verdict else None)
        return await _hear(services, heard, dry_run=dry_run), found.passed

    report, passed = with_services(run)
    _tell(report, dry_run=dry_run, as_json=as_json, passed=passed)


async def _hear(services: "Services", heard: "Heard", *, dry_run: bool) -> "Report":
    from domain.filler import service

    async with services.database.transaction() as session:
        report = await service.hear(session, heard, datetime.now(UTC))
        if dry_run:
            await session.rollback()
    return report


def _tell(report: "Report", *, dry_run: bool, as_json: bool, passed: int = 0) -> None:
    value: dict[str, Any] = {
        "sources": list(report.sources),
        "written": report.written,
        "removed": report.removed,
        "changed": report.changed,
        "passed": passed,
        "dry_run": dry_run,
        "shows": [_plain(each) for each in report.shows],
    }
    lines = _sentences(report, dry_run=dry_run, passed=passed)
    answer(value, "\n".join(lines), as_json=as_json)


def _plain(show: "ShowReport") -> dict[str, Any]:
    from dataclasses import asdict

    from domain import ids

    key = show.title_id
    return asdict(show) | {"title_id": None if key is None else ids.encode("title", key)}


def _sentences(report: "Report", *, dry_run: bool, passed: int) -> Iterator[str]:
    taken = [each for each in report.shows if each.problem is None]
    unknown = [each for each in report.shows if each.title_id is None]
    left = [each for each in report.shows if each.problem and each.title_id is not None]
    yield (
        f"{', '.join(report.sources)}: {len(report.shows):,} shows. {len(taken):,} taken in,"
        f" {len(unknown):,} unknown here, {len(left):,} left alone."
    )
    if passed:
        yield f"{passed:,} things on the list are no episodes or can't be read."
    for each in taken[:_SHOWN]:
        yield f"  {_show(each)}"
    if len(taken) > _SHOWN:
        yield f"  and {len(taken) - _SHOWN:,} more; --json has them all."
    yield from (f"  {each.show}: left alone, {each.problem}." for each in left[:_SHOWN])
    if unknown:
        names = ", ".join(each.show for each in unknown[:5])
        more = f" and {len(unknown) - 5:,} more" if len(unknown) > 5 else ""
        yield f"Unknown here: {names}{more}."
    are, is_ = ("would be", "would be") if dry_run else ("are", "is")
    yield (
        f"{report.written:,} claims {are} new or changed, {report.removed:,} withdrawn;"
        f" of {report.changed:,} episodes something else {is_} believed."
    )
    if dry_run:
        yield "Nothing was written."


def _show(show: "ShowReport") -> str:
    said = f"{show.show}: {show.mapped:,} of {show.said:,} episodes found, {show.filler:,} filler"
    if show.unplaced:
        said += f", {show.unplaced:,} that we don't have"
    if show.doubtful:
        said += f", {show.doubtful:,} left unknown as it isn't clear which are meant"
    if show.disputed:
        said += f", {show.disputed:,} unknown as sources disagree"
    return said + "."


def add_to(app: typer.Typer) -> None:
    """Hang these commands into the command line."""
    app.add_typer(filler, name="filler")
