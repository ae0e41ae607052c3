"""Bringing one's own history: a file is matched, settled, written and taken back."""

import asyncio
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated, Any
from uuid import UUID

import strawberry
from strawberry.file_uploads import Upload

from domain import ids
from domain.errors import InvalidInput
from domain.history.errors import NoSuchEpisode
from domain.imports import desk, repo
from domain.imports.batches import Batch, LineKey, Settlement
from domain.imports.bringing import from_file
from domain.imports.commit import commit
from domain.imports.refusals import NoSuchImport
from domain.imports.settling import settle
from domain.imports.undo import undo
from domain.titles.names import clean
from resolvers.watchlists import GIVEN_BACK, title_key
from schema.context import Info
from schema.errors import Refusal
from schema.imports import ImportBatch

_SECONDS = 6.0
"""How long one call writes: what is left is told, and the next call goes on with it."""
_KEY = "A word of your own, given back with the answer. Doing any of this twice does it once."
_BATCH_ID = "The import."
_BATCH = "The import as it is now."


@strawberry.input(description="An export.")
class ImportHistoryInput:
    file: Upload = strawberry.field(
        description="The file as it was downloaded, 64 MB at most: ZIP, CSV, JSON or XML."
    )
    person: str | None = strawberry.field(
        default=None, description="Whose history it is, where the export speaks of several people."
    )
    client_mutation_id: str | None = strawberry.field(default=None, description=_KEY)


@strawberry.input(description="What a line speaks of; neither of the two ids: none of the titles.")
class LineSettlement:
    line: strawberry.ID = strawberry.field(description="The line.")
    title_id: strawberry.ID | None = strawberry.field(
        default=None, description="The title; a line of an episode finds its episode there."
    )
    episode_id: strawberry.ID | None = strawberry.field(
        default=None, description="The episode, where the line doesn't tell it rightly."
    )
    everywhere: bool = strawberry.field(
        default=False, description="The same for all open lines of that name and year."
    )

    def read(self) -> Settlement:
        """The domain's; raises NotFound for what can't be an id."""
        return Settlement(
            LineKey.parse(self.line),
            None if self.title_id is None else title_key(self.title_id),
            None if self.episode_id is None else _episode_key(self.episode_id),
            self.everywhere,
        )


@strawberry.input(description="What lines speak of that we are not sure of.")
class SettleImportLinesInput:
    batch_id: strawberry.ID = strawberry.field(description=_BATCH_ID)
    settlements: list[LineSettlement] = strawberry.field(description="100 at most.")
    client_mutation_id: str | None = strawberry.field(default=None, description=_KEY)


@strawberry.input(description="An import.")
class ImportBatchInput:
    batch_id: strawberry.ID = strawberry.field(description=_BATCH_ID)
    client_mutation_id: str | None = strawberry.field(default=None, description=_KEY)


@strawberry.type(description="The file is on the desk; nothing of the history has changed.")
class HistoryImported:
    batch: ImportBatch = strawberry.field(description=_BATCH)
    client_mutation_id: str | None = strawberry.field(description=GIVEN_BACK)


@strawberry.type(description="What was said of the lines is noted.")
class ImportLinesSettled:
    batch: ImportBatch = strawberry.field(description=_BATCH)
    settled: int = strawberry.field(description="So many lines.")
    left: int = strawberry.field(
        description="Of so many we have the series that was said, but not the episode: still open."
    )
    client_mutation_id: str | None = strawberry.field(description=GIVEN_BACK)


@strawberry.type(description="The import was written, or taken back.")
class ImportChanged:
    batch: ImportBatch = strawberry.field(description=_BATCH)
    done: bool = strawberry.field(
        description="Whether all of it is; false where it takes longer: call again to go on."
    )
    client_mutation_id: str | None = strawberry.field(description=GIVEN_BACK)


Bringing = Annotated[ImportHistoryInput, strawberry.argument(description="What to bring.")]
Settling = Annotated[SettleImportLinesInput, strawberry.argument(description="What to note.")]
Naming = Annotated[ImportBatchInput, strawberry.argument(description="Which import.")]
BatchId = Annotated[strawberry.ID, strawberry.argument(description=_BATCH_ID)]
ImportPayload = Annotated[HistoryImported | Refusal, strawberry.union("ImportHistoryPayload")]
SettlePayload = Annotated[
    ImportLinesSettled | Refusal, strawberry.union("SettleImportLinesPayload")
]
CommitPayload = Annotated[ImportChanged | Refusal, strawberry.union("CommitImportPayload")]
UndoPayload = Annotated[ImportChanged | Refusal, strawberry.union("UndoImportPayload")]
DiscardPayload = Annotated[ImportChanged | Refusal, strawberry.union("DiscardImportPayload")]


@strawberry.type
class ImportsQuery:
    @strawberry.field(
        description="What the profile that asks has brought from elsewhere, the newest first; 20"
        " are kept, for 90 days.",
        metadata={"assumed_size": 20},
    )
    async def import_batches(self, info: Info) -> list[ImportBatch]:
        _, profile_id = info.context.viewer.require_profile()
        async with info.context.services.database.read() as connection:
            found = await repo.batches(connection, profile_id)
        return [ImportBatch.of(each) for each in found]

    @strawberry.field(description="One of them; null where this profile has none of that id.")
    async def import_batch(self, info: Info, id: BatchId) -> ImportBatch | None:
        _, profile_id = info.context.viewer.require_profile()
        async with info.context.services.database.read() as connection:
            try:
                return ImportBatch.of(await repo.batch(connection, profile_id, _batch_key(id)))
            except NoSuchImport:
                return None


@strawberry.type
class ImportsMutation:
    @strawberry.mutation(
        description="Bring an export of Netflix, Letterboxd, IMDb, Trakt, TV Time, Simkl,"
        " MyAnimeList, Yamtrack or of ours: its lines are matched with our titles, and nothing is"
        " written. The same file again is the same import, and what is open of it is matched anew."
    )
    async def import_history(self, info: Info, input: Bringing) -> ImportPayload | None:
        context = info.context
        context.viewer.require_profile()
        async with _on_disk(input.file) as (path, name):
            brought = await asyncio.to_thread(from_file, path, name, input.person, now=context.now)
            batch = await desk.bring(
                context.services.database, context.viewer, brought, context.now
            )
        return HistoryImported(
            batch=ImportBatch.of(batch), client_mutation_id=input.client_mutation_id
        )

    @strawberry.mutation(description="Say which titles the lines speak of that we are unsure of.")
    async def settle_import_lines(self, info: Info, input: Settling) -> SettlePayload | None:
        context, batch_id = info.context, _batch_key(input.batch_id)
        _, profile_id = context.viewer.require_profile()
        settlements = [each.read() for each in input.settlements]
        if not settlements:
            raise InvalidInput("Name at least one line.", field="settlements")
        async with context.services.database.transaction() as session:
            told = await settle(session, context.viewer, batch_id, settlements)
            batch = await repo.batch(await session.connection(), profile_id, batch_id)
        return ImportLinesSettled(
            batch=ImportBatch.of(batch),
            settled=told.settled,
            left=told.left,
            client_mutation_id=input.client_mutation_id,
        )

    @strawberry.mutation(
        description="Write what is matched and settled to the history, the ratings and the"
        " watchlist. What is there already stays as it is; undoImport takes back the rest."
    )
    async def commit_import(self, info: Info, input: Naming) -> CommitPayload | None:
        context = info.context
        batch = await commit(
            context.services.database,
            context.viewer,
            _batch_key(input.batch_id),
            context.now,
            seconds=_SECONDS,
        )
        return _changed(batch, input, info, done=not batch.counts.open)

    @strawberry.mutation(
        description="Take back exactly what an import wrote. What was changed since stays."
    )
    async def undo_import(self, info: Info, input: Naming) -> UndoPayload | None:
        context = info.context
        batch = await undo(
            context.services.database,
            context.viewer,
            _batch_key(input.batch_id),
            context.now,
            seconds=_SECONDS,
        )
        return _changed(batch, input, info, done=not batch.counts.committed)

    @strawberry.mutation(
        description="Throw an import away; one that has written something is undone before."
    )
    async def discard_import(self, info: Info, input: Naming) -> DiscardPayload | None:
        context = info.context
        batch = await desk.discard(
            context.services.database, context.viewer, _batch_key(input.batch_id)
        )
        return _changed(batch, input, info, done=True)


def _changed(batch: Batch, input: ImportBatchInput, info: Info, *, done: bool) -> ImportChanged:
    info.context.renew(info.context.now)
    return ImportChanged(
        batch=ImportBatch.of(batch), done=done, client_mutation_id=input.client_mutation_id
    )


@asynccontextmanager
async def _on_disk(upload: Any) -> AsyncIterator[tuple[Path, str]]:
    """A file that was sent, where readers can open it, and what it was called."""

    def keep() -> None:
        upload.file.seek(0)
        with path.open("wb") as kept:
            shutil.copyfileobj(upload.file, kept)

    with TemporaryDirectory(prefix="stack-import-") as folder:
        path = Path(folder) / "export"
        await asyncio.to_thread(keep)
        yield path, clean(upload.filename or "export", 120)


def _batch_key(id: strawberry.ID) -> UUID:
    try:
        return ids.decode_uuid("import", id)
    except ids.MalformedId as problem:
        raise NoSuchImport from problem


def _episode_key(id: strawberry.ID) -> int:
    try:
        return ids.decode_int("episode", id)
    except ids.MalformedId as problem:
        raise NoSuchEpisode from problem
