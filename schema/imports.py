"""What somebody brought from elsewhere: an export on the desk, line by line."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Annotated, Any, Self

import strawberry
from strawberry import argument
from strawberry.file_uploads import Upload
from strawberry.types.scalar import ScalarDefinition

from domain import ids
from domain.errors import InvalidInput
from domain.imports import repo
from domain.imports.batches import Batch, Choice, LineKey, Listed
from domain.imports.refusals import NoSuchLine
from schema.arguments import After, First
from schema.context import Info
from schema.enums import ImportMatch, ImportState, ImportWhat, TitleKind
from schema.nodes import DEFAULT_FIRST, Connection, Edge, Node, PageInfo
from schema.titles import Episode, Title


def _no_file(given: object) -> Any:
    """A file is put into its place by the edge that read it; whatever else stands there is none."""
    if not hasattr(given, "file"):
        raise InvalidInput(
            "A file comes as multipart/form-data, by the multipart request specification for"
            " GraphQL; docs/import.md has an example.",
            field="file",
        )
    return given


SCALARS: dict[object, ScalarDefinition] = {
    Upload: strawberry.scalar(
        name="Upload",
        description="A file, sent with the request by the multipart request specification.",
        serialize=str,
        parse_value=_no_file,
    )
}
"""For the schema's configuration."""

Matches = Annotated[
    list[ImportMatch] | None, argument(description="Only lines that stand so; default: all.")
]


@strawberry.type(description="The lines of an import, by how they stand and what they say.")
class ImportCounts:
    lines: int = strawberry.field(description="All of them.")
    matched: int = strawberry.field(description="We know which title they speak of.")
    ambiguous: int = strawberry.field(description="It may be one of several, or isn't sure.")
    unknown: int = strawberry.field(description="No title is like it.")
    settled: int = strawberry.field(description="You said which title it is.")
    skipped: int = strawberry.field(description="You said that it is none of them, or ours can't.")
    watches: int = strawberry.field(description="They say that something was watched.")
    ratings: int = strawberry.field(description="They say how it was liked.")
    wishes: int = strawberry.field(description="They say that it is to be watched.")
    open: int = strawberry.field(description="What `commitImport` would still put in the history.")
    committed: int = strawberry.field(description="What it has put there.")
    wrote: int = strawberry.field(description="Those of them that were not there before.")
    passed: int = strawberry.field(description="Rows of the file that can't be used.")


@strawberry.type(description="A title that a line may speak of.")
class ImportCandidate:
    title: Title = strawberry.field(description="The title.")
    episode: Episode | None = strawberry.field(description="The episode, where one is meant.")
    confidence: float = strawberry.field(description="How much speaks for it, 0 to 1.")
    why: str = strawberry.field(description="What speaks for it, in words.")


@strawberry.type(description="One thing that a file says: a watch, a rating or a wish.")
class ImportLine:
    line: strawberry.ID = strawberry.field(
        description="Its row in the file; `12.1` is the second thing that row 12 says."
    )
    file: str | None = strawberry.field(description="Which of the export's files it stands in.")
    what: ImportWhat = strawberry.field(description="What it says.")
    name: str = strawberry.field(description="The title as the file names it.")
    kind: TitleKind | None = strawberry.field(description="Film or series, by the file.")
    year: int | None = strawberry.field(description="The year, by the file.")
    season_number: int | None = strawberry.field(description="The season, by the file.")
    episode_number: int | None = strawberry.field(description="The episode, by the file.")
    episode_name: str | None = strawberry.field(description="The episode's name, by the file.")
    at: datetime | None = strawberry.field(description="When; null where the file doesn't say.")
    day_only: bool = strawberry.field(description="Whether only the day is known.")
    score: int | None = strawberry.field(description="A rating's, 1 to 10.")
    match: ImportMatch = strawberry.field(description="How it stands.")
    confidence: float | None = strawberry.field(description="How sure a match is, 0 to 1.")
    problem: str | None = strawberry.field(description="What stands against it, in words.")
    committed: bool = strawberry.field(description="Whether it was put into the history.")
    wrote: bool = strawberry.field(description="Whether it was news there.")
    listed: strawberry.Private[Listed]
    episodes: strawberry.Private[Mapping[int, Episode]]

    @strawberry.field(description="The title, where it is matched or settled.")
    async def title(self, info: Info) -> Title | None:
        if self.listed.title_id is None:
            return None
        row = await info.context.loaders.title_by_id.load(self.listed.title_id)
        return Title.from_row(row) if row else None

    @strawberry.field(description="The episode, where one is meant.")
    def episode(self) -> Episode | None:
        key = self.listed.episode_id
        return None if key is None else self.episodes.get(key)

    @strawberry.field(
        description="What it may speak of, the likeliest first; five at most.",
        metadata={"assumed_size": 2},
    )
    async def candidates(self, info: Info) -> list[ImportCandidate]:
        choices = self.listed.choices
        rows = await info.context.loaders.title_by_id.load_many([each.title_id for each in choices])
        return [
            _candidate(choice, row, self.episodes)
            for choice, row in zip(choices, rows, strict=True)
            if row
        ]

    @classmethod
    def of(cls, listed: Listed, episodes: Mapping[int, Episode]) -> Self:
        """From the domain's, with the episodes of its page."""
        line, reading = listed.line, listed.line.readings[0]
        return cls(
            line=strawberry.ID(str(listed.key)),
            file=line.file,
            what=ImportWhat(line.what.value),
            name=reading.name,
            kind=TitleKind(reading.kind) if reading.kind else None,
            year=reading.year,
            season_number=reading.season_number,
            episode_number=reading.number_abs
            if reading.episode_number is None
            else reading.episode_number,
            episode_name=reading.episode_name,
            at=line.at,
            day_only=line.dated,
            score=line.score,
            match=ImportMatch(listed.match.value),
            confidence=listed.confidence,
            problem=listed.problem,
            committed=listed.committed,
            wrote=listed.wrote is not None,
            listed=listed,
            episodes=episodes,
        )


@strawberry.type(description="An export that somebody brought. Nothing is written before a commit.")
class ImportBatch(Node):
    source: str = strawberry.field(description="Whose export it is, such as `letterboxd`.")
    file_name: str = strawberry.field(description="What the file was called.")
    state: ImportState = strawberry.field(description="How it stands.")
    counts: ImportCounts = strawberry.field(description="Its lines in numbers.")
    remarks: list[str] = strawberry.field(
        description="What had to be assumed to read it, and why rows were passed over; 20 of them."
    )
    created_at: datetime = strawberry.field(description="When it was brought first.")
    committed_at: datetime | None = strawberry.field(description="When all of it was written.")
    undone_at: datetime | None = strawberry.field(description="When it was taken back.")
    batch: strawberry.Private[Batch]

    @strawberry.field(description="Its lines in the order of the file.")
    async def lines(
        self,
        info: Info,
        match: Matches = None,
        first: First = DEFAULT_FIRST,
        after: After = None,
    ) -> Connection[ImportLine]:
        behind = None if after is None else _read_cursor(after)
        async with info.context.services.database.read() as connection:
            page = await repo.lines(
                connection,
                self.batch.id,
                first=first,
                after=behind,
                matches=match or (),
            )
            rows = await repo.episodes(connection, _episode_keys(page.lines))
        episodes = {row.id: _episode(row) for row in rows}
        edges = [
            Edge(cursor=str(each.key), node=ImportLine.of(each, episodes)) for each in page.lines
        ]
        return Connection(edges=edges, page_info=PageInfo.of(edges, more=page.more, after=after))

    @classmethod
    def of(cls, batch: Batch) -> Self:
        """From the domain's."""
        counts = batch.counts
        return cls(
            id=strawberry.ID(ids.encode("import", batch.id)),
            source=batch.source,
            file_name=batch.file_name,
            state=ImportState(batch.state.value),
            counts=ImportCounts(
                lines=counts.lines,
                matched=counts.matched,
                ambiguous=counts.ambiguous,
                unknown=counts.unknown,
                settled=counts.settled,
                skipped=counts.skipped,
                watches=counts.watches,
                ratings=counts.ratings,
                wishes=counts.wishes,
                open=counts.open,
                committed=counts.committed,
                wrote=counts.wrote,
                passed=batch.passed,
            ),
            remarks=list(batch.reasons),
            created_at=batch.created_at,
            committed_at=batch.committed_at,
            undone_at=batch.undone_at,
            batch=batch,
        )


def _candidate(choice: Choice, row: Any, episodes: Mapping[int, Episode]) -> ImportCandidate:
    key = choice.episode_id
    return ImportCandidate(
        title=Title.from_row(row),
        episode=None if key is None else episodes.get(key),
        confidence=choice.confidence,
        why=choice.why,
    )


def _episode_keys(lines: Sequence[Listed]) -> list[int]:
    named = {each.episode_id for each in lines}
    named |= {choice.episode_id for each in lines for choice in each.choices}
    return sorted(key for key in named if key is not None)


def _episode(row: Any) -> Episode:
    return Episode.from_row(row)


def _read_cursor(after: str) -> LineKey:
    try:
        return LineKey.parse(after)
    except NoSuchLine as problem:
        raise InvalidInput(
            "This cursor was not given out by us; start again without it.", field="after"
        ) from problem
