"""Bringing one's own history from elsewhere, and taking it along."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from app.commands.console import AsJson, answer, err
from app.commands.services import with_services

if TYPE_CHECKING:
    from domain.accounts.viewer import Viewer
    from domain.imports.batches import Batch, Listed, Progress, Settlement
    from domain.services import Services

_SHOWN = 8


class Form(StrEnum):
    """What a history is written down as."""

    JSON = "json"
    CSV = "csv"


File = Annotated[
    Path | None,
    typer.Argument(exists=True, dir_okay=False, help="The export as it was downloaded."),
]
Account = Annotated[
    str | None,
    typer.Option("--account", help="The account's e-mail address; default: the only one there is."),
]
ProfileName = Annotated[
    str | None, typer.Option("--profile", help="The profile's name; default: the first one.")
]
Person = Annotated[
    str | None, typer.Option(help="Whose history it is, where the export knows several people.")
]
Write = Annotated[
    bool, typer.Option("--commit", help="Write what is matched; without it nothing is written.")
]
Settle = Annotated[
    list[str] | None,
    typer.Option(
        metavar="LINE=TITLE",
        help="What a line speaks of, like 12=title_42, 12=episode_7 or 12=none. With 'all:' before"
        " it, all lines of that name and year.",
    ),
]
Undo = Annotated[
    str | None, typer.Option(metavar="IMPORT", help="Take back what this import wrote.")
]


def import_history(
    file: File = None,
    account: Account = None,
    profile: ProfileName = None,
    person: Person = None,
    commit: Write = False,
    settle: Settle = None,
    undo: Undo = None,
    as_json: bool = AsJson,
) -> None:
    """Bring what you have watched elsewhere.

    Netflix, Letterboxd, IMDb, Trakt, TV Time, Simkl, MyAnimeList, Yamtrack and ours are understood.

    Without --commit it says which titles the lines speak of, and writes nothing. The same file
    again is the same import: settle what is doubtful, and then commit.
    """
    from domain.errors import InvalidInput

    if (file is None) == (undo is None):
        raise InvalidInput("Name either a file to bring, or with --undo an import to take back.")

    async def run(services: "Services") -> tuple["Batch", dict[str, Any]]:
        viewer = await _viewer(services, account, profile)
        with _counting() as progress:
            if undo is not None:
                return await _take_back(services, viewer, undo, progress), {}
            assert file is not None
            return await _bring(services, viewer, file, person, settle or (), progress, commit)

    batch, doubts = with_services(run)
    answer(
        {"import": _plain(batch), **doubts},
        "\n".join(_sentences(batch, doubts)),
        as_json=as_json,
    )


def export_history(
    file: Annotated[Path, typer.Argument(dir_okay=False, help="Where to write it.")],
    account: Account = None,
    profile: ProfileName = None,
    form: Annotated[Form, typer.Option("--format", help="json keeps everything.")] = Form.JSON,
    as_json: bool = AsJson,
) -> None:
    """Write what a profile has watched to a file.

    Its ratings and its watchlist, too; import-history reads it.
    """

    async def run(services: "Services") -> int:
        from domain.errors import InvalidInput
        from domain.imports import taking
        from domain.imports.export import to_csv, to_json

        viewer = await _viewer(services, account, profile)
        lines = await taking.everything(services.database, viewer)
        written = (to_json if form is Form.JSON else to_csv)(lines)
        try:
            with file.open("w", encoding="utf-8", newline="") as out:
                out.writelines(written)
        except OSError as problem:
            raise InvalidInput(f"{file} can't be written: {problem.strerror}.") from problem
        return len(lines)

    count = with_services(run)
    answer({"file": str(file), "lines": count}, f"{count:,} lines are in {file}.", as_json=as_json)


async def _viewer(services: "Services", email: str | None, profile: str | None) -> "Viewer":
    """Whose history it is; raises a sentence that says what to name."""
    from app.owners import find_viewer

    return await find_viewer(services, email, profile)


async def _bring(
    services: "Services",
    viewer: "Viewer",
    file: Path,
    person: str | None,
    settle: Sequence[str],
    progress: Callable[["Progress"], None],
    commit: bool,
) -> tuple["Batch", dict[str, Any]]:
    import asyncio

    from domain.imports import commit as committing
    from domain.imports import desk, repo, settling
    from domain.imports.bringing import from_file

    settlements = [_settlement(each) for each in settle]
    now, database = datetime.now(UTC), services.database
    brought = await asyncio.to_thread(from_file, file, None, person, now=now)
    batch = await desk.bring(database, viewer, brought, now, progress)
    for start in range(0, len(settlements), 100):
        async with database.transaction() as session:
            await settling.settle(session, viewer, batch.id, settlements[start : start + 100])
    if commit:
        batch = await committing.commit(database, viewer, batch.id, now, progress=progress)
    async with database.read() as connection:
        _, profile_id = viewer.require_profile()
        batch = await repo.batch(connection, profile_id, batch.id)
        return batch, await _doubts(connection, batch, viewer.ceiling)


async def _take_back(
    services: "Services",
    viewer: "Viewer",
    given: str,
    progress: Callable[["Progress"], None],
) -> "Batch":
    from domain import ids
    from domain.imports import undo as undoing

    batch_id = ids.decode_uuid("import", given)
    return await undoing.undo(
        services.database, viewer, batch_id, datetime.now(UTC), progress=progress
    )


def _settlement(given: str) -> "Settlement":
    from domain import ids
    from domain.errors import InvalidInput
    from domain.imports.batches import LineKey, Settlement

    told, everywhere = given.removeprefix("all:"), given.startswith("all:")
    line, _, said = told.partition("=")
    key, word = LineKey.parse(line), ids.type_word(said)
    if said == "none":
        return Settlement(key, everywhere=everywhere)
    if word == "title":
        return Settlement(key, ids.decode_int("title", said), everywhere=everywhere)
    if word == "episode":
        return Settlement(key, None, ids.decode_int("episode", said), everywhere=everywhere)
    raise InvalidInput(
        f"{given[:60]!r} settles nothing; write it like 12=title_42, 12=episode_7 or 12=none.",
        field="settle",
    )


async def _doubts(connection: Any, batch: "Batch", ceiling: int) -> dict[str, Any]:
    """The names that are doubtful or unknown, those of most lines first."""
    from domain import ids
    from domain.imports import repo
    from domain.imports.batches import Match
    from domain.titles.repo import cards_by_id

    found: dict[str, Any] = {}
    for match in (Match.AMBIGUOUS, Match.UNKNOWN):
        named = await repo.names(connection, batch.id, match, _SHOWN)
        keys = sorted({choice.title_id for each, _ in named for choice in each.choices})
        cards = await cards_by_id(connection, keys, ceiling)
        found[match.value] = [
            {
                "line": str(each.key),
                "name": _name(each),
                "lines": lines,
                "problem": each.problem,
                "candidates": [
                    {
                        "id": ids.encode("title", choice.title_id),
                        "name": cards[choice.title_id].name,
                        "year": cards[choice.title_id].year,
                        "kind": cards[choice.title_id].kind,
                        "confidence": choice.confidence,
                        "why": choice.why,
                    }
                    for choice in each.choices
                    if choice.title_id in cards
                ],
            }
            for each, lines in named
        ]
    return found


def _name(listed: "Listed") -> str:
    reading = listed.line.readings[0]
    year = f" ({reading.year})" if reading.year else ""
    return reading.name + year


def _plain(batch: "Batch") -> dict[str, Any]:
    from domain import ids

    return asdict(batch) | {"id": ids.encode("import", batch.id), "open": batch.counts.open}


def _sentences(batch: "Batch", doubts: dict[str, Any]) -> Iterator[str]:
    from domain import ids

    counts, key = batch.counts, ids.encode("import", batch.id)
    yield (
        f"{batch.file_name} ({batch.source}): {counts.lines:,} lines. {counts.matched:,} matched,"
        f" {counts.settled:,} settled, {counts.ambiguous:,} doubtful, {counts.unknown:,} unknown,"
        f" {counts.skipped:,} skipped; {batch.passed:,} rows were passed over."
    )
    yield from (f"  {each}" for each in batch.reasons[:_SHOWN])
    if doubts.get("ambiguous"):
        yield "Doubtful, the most frequent first:"
        for each in doubts["ambiguous"]:
            yield f"  {each['line']}: {each['name']}, {each['lines']:,} lines{_why(each)}"
            for choice in each["candidates"]:
                year = choice["year"] or "year unknown"
                yield (
                    f"     {choice['id']}  {choice['name']} ({year}), {choice['kind']}:"
                    f" {choice['why']} ({choice['confidence']:.2f})"
                )
    if doubts.get("unknown"):
        yield "Unknown, the most frequent first:"
        yield from (
            f"  {each['line']}: {each['name']}, {each['lines']:,} lines"
            for each in doubts["unknown"]
        )
    if batch.state == "undone":
        yield "Taken back. The same file can be brought again."
    elif counts.open:
        yield f"Nothing of it is written yet: with --commit, {counts.open:,} lines are."
    if counts.wrote:
        yield (
            f"{counts.committed:,} lines are in the history, {counts.wrote:,} of them were new."
            f" To take them back: streaming-stack import-history --undo {key}"
        )


def _why(told: dict[str, Any]) -> str:
    return f". {told['problem']}" if told["problem"] else ""


@contextmanager
def _counting() -> Iterator[Callable[["Progress"], None]]:
    """A line on the error output that counts; nothing where that is no terminal."""
    from rich.progress import Progress as Bar
    from rich.progress import SpinnerColumn, TextColumn, TimeElapsedColumn

    columns = (SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn())
    with Bar(*columns, console=err, transient=True, disable=not err.is_terminal) as bar:
        task = bar.add_task("Reading")

        def told(progress: "Progress") -> None:
            of = f" of {progress.of:,}" if progress.of else ""
            bar.update(task, description=f"{progress.lines:,}{of} lines")

        yield told


def add_to(app: typer.Typer) -> None:
    """Hang these commands into the command line."""
    app.command()(import_history)
    app.command()(export_history)
