"""Somebody's account at Trakt: the code that connects it, and what is read there once."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

import strawberry

from domain.imports import repo as imports
from domain.imports.refusals import NoSuchImport
from domain.jobs.values import QUARANTINED
from domain.trakt import repo
from schema.context import Context, Info
from schema.imports import ImportBatch


@strawberry.type(description="A sign-in to Trakt that waits for its code to be typed in there.")
class TraktSignIn:
    user_code: str = strawberry.field(description="The code to type in.")
    verification_url: str = strawberry.field(description="Where to type it in.")
    expires_at: datetime = strawberry.field(description="Until when.")
    interval_s: int = strawberry.field(
        description="Seconds to wait between two calls of `finishTraktSignIn`."
    )
    stand_in: bool = strawberry.field(
        description="Whether a stand-in plays Trakt here: the code isn't known at the address, and"
        " is typed in at the stand-in instead, as docs/trakt.md says."
    )


@strawberry.type(description="Reading an account at Trakt once, because somebody asked.")
class TraktReading:
    asked_at: datetime = strawberry.field(description="When it was asked for.")
    finished_at: datetime | None = strawberry.field(description="When it ended.")
    done: bool = strawberry.field(description="Whether it has ended, well or not.")
    items: int = strawberry.field(description="Things that were read so far, while it goes on.")
    pages: int = strawberry.field(description="Pages that were read so far, while it goes on.")
    of_pages: int = strawberry.field(description="Of how many, in the lists it has come to.")
    problem: str | None = strawberry.field(description="What went wrong, in words.")
    batch_key: strawberry.Private[UUID | None]

    @strawberry.field(
        description="What was read, on the import desk: `commitImport` writes it. Null until then."
    )
    async def batch(self, info: Info) -> ImportBatch | None:
        context = info.context
        _, profile_id = context.viewer.require_profile()
        if self.batch_key is None:
            return None
        async with context.services.database.read() as connection:
            try:
                return ImportBatch.of(await imports.batch(connection, profile_id, self.batch_key))
            except NoSuchImport:
                return None


@strawberry.type(description="An account at Trakt that is connected to this profile.")
class TraktConnection:
    username: str | None = strawberry.field(description="Its name there, where it is known.")
    linked_at: datetime = strawberry.field(description="When it was connected.")
    read_at: datetime | None = strawberry.field(description="When it was last read whole.")
    problem: str | None = strawberry.field(
        description="Why it can't be used until it is connected again, in words."
    )
    sign_in: TraktSignIn | None = strawberry.field(
        description="A sign-in that was begun to connect it again, or another account."
    )
    reading: TraktReading | None = strawberry.field(
        description="The last one that was asked for; null once what was read is thrown away."
    )


TraktAccount = Annotated[
    TraktSignIn | TraktConnection,
    strawberry.union("TraktAccount", description="How far this profile is with Trakt."),
]


async def account_of(context: Context) -> TraktSignIn | TraktConnection | None:
    """How far the viewer's profile is with Trakt; raises NotSignedIn."""
    _, profile_id = context.viewer.require_profile()
    trakt = context.services.trakt
    async with context.services.database.read() as connection:
        waiting = await repo.sign_in(connection, profile_id)
        link = await repo.link(connection, profile_id)
        reading = link and await repo.reading(connection, profile_id)
    sign_in = None
    if waiting is not None and waiting.expires_at > context.now:
        sign_in = TraktSignIn(
            user_code=waiting.user_code,
            verification_url=waiting.verification_url,
            expires_at=waiting.expires_at,
            interval_s=waiting.interval_s,
            stand_in=trakt is not None and trakt.stand_in,
        )
    if link is None:
        return sign_in
    return TraktConnection(
        username=link.username,
        linked_at=link.linked_at,
        read_at=link.read_at,
        problem=link.problem,
        sign_in=sign_in,
        reading=_reading(reading) if reading else None,
    )


def _reading(row: Any) -> TraktReading:
    """From a row of repo.reading."""
    return TraktReading(
        asked_at=row.asked_at,
        finished_at=row.finished_at,
        done=row.finished_at is not None or row.state in (QUARANTINED, None),
        items=row.items,
        pages=row.pages,
        of_pages=row.of,
        problem=row.problem,
        batch_key=row.batch_id,
    )
