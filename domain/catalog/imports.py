"""Take in the list of what a platform shows in a country: titles, offers, and what has left.

All files of one call are together the complete list, in one transaction: whoever looks meanwhile
sees the old list, and a failure leaves it. For its platform and country the list replaces what the
demo invented there. It speaks of what a subscription includes, or of what a free service shows, so
offers to rent or buy that another source knows are not touched, nor are that source's finer offers
of a title that is listed.
"""

import asyncio
from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path
from time import perf_counter
from typing import Any

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from domain.availability.repo import Cover
from domain.availability.values import Observation, OfferKey
from domain.catalog import derived, identity, offers_sync, platforms, staging, titles_sync
from domain.catalog.lists import ListReader
from domain.catalog.reports import ImportReport, Progress
from domain.db import Database
from domain.errors import DomainError, InvalidInput

CONFIDENCE = 0.6  # a list is right when it is made, but nobody says when it will stop being so
MOST_REMOVED = 0.5

# NOT IN: Postgres hashes it, while it would run a NOT EXISTS under an OR once for each offer.
_COVERS = """
    o.platform_id = :platform_id AND o.country = :country
    AND (o.source = 'demo' OR o.monetization = :monetization
         AND o.title_id NOT IN (SELECT title_id FROM staged_titles))
"""
# A title whose JustWatch id changes is locked as if it went; whoever opens offers locks titles in
# this order, too.
_LOCK_TAKEN_OVER = text("""
    SELECT FROM titles t JOIN staged_titles s ON s.title_id = t.id
    WHERE t.justwatch_id IS DISTINCT FROM s.justwatch_id ORDER BY t.id FOR UPDATE OF t
""")
_LISTED = text("SELECT title_id FROM staged_titles ORDER BY n")
# Of those that lists told of, and not a webhook about a single title; and when this source's last
# list was made. What nobody claims is from before claims were written down.
_REMOVALS = text(f"""
    SELECT count(*), count(*) FILTER (WHERE {_COVERS}),
           max(coalesce(c.observed_at, CASE WHEN o.source = :source THEN o.last_seen_at END))
    FROM offers o LEFT JOIN offer_claims c ON c.offer_id = o.id AND c.source = :source
    WHERE o.platform_id = :platform_id AND o.country = :country AND o.source <> 'demo'
      AND o.monetization = :monetization AND o.gone_at IS NULL
      AND (o.id IN (SELECT offer_id FROM offer_claims WHERE NOT signed AND source <> 'demo')
           OR o.id NOT IN (SELECT offer_id FROM offer_claims))
""")


class ImplausibleList(DomainError):
    """A list that would take away so much that it is more likely cut short than right."""

    code = "IMPLAUSIBLE_LIST"


class OutdatedList(DomainError):
    """A list older than what is known already."""

    code = "OUTDATED_LIST"


async def import_catalog(
    database: Database,
    files: Sequence[Path],
    platform: str,
    country: str,
    *,
    observed_at: datetime,
    source: str = "justwatch-csv",
    progress: Callable[[Progress], None] | None = None,
    allow_mass_removal: bool = False,
) -> ImportReport:
    """Make the files the complete list of what `platform` (a slug) shows in `country` ("US").

    observed_at: when the list was made, aware. Records that cannot be used are passed over and
    reported. Raises UnreadableFile, UnknownPlatform, InvalidInput for a country that is no code,
    OutdatedList, and ImplausibleList for an empty list or one that would end more than half of the
    platform's offers, unless allow_mass_removal.
    """
    if len(country) != 2 or not country.isascii() or not country.isalpha():
        raise InvalidInput(f"{country[:20]!r} is not a country's code, like 'US'.", field="country")
    if source == titles_sync.DEMO:
        raise InvalidInput("'demo' is the demo's own name. Choose another one.", field="source")
    reader = ListReader(files, country.upper())
    timings = reader.timings
    async with database.transaction() as session:
        connection = await staging.begin(session)
        place = {
            "platform_id": platforms.id_of(platform, await platforms.ensure(connection)),
            "country": country.upper(),
            "monetization": platforms.included_as(platform),
        }
        await titles_sync.TITLES.create(connection)
        # asyncio.to_thread: parsing takes the processor for seconds, and others are being served.
        while (lines := await asyncio.to_thread(next, reader, None)) is not None:
            start = perf_counter()
            await titles_sync.TITLES.copy(connection, lines)
            timings.copy_s += perf_counter() - start
            if progress:
                progress(Progress(reader.file, reader.rows))
        start = perf_counter()
        taken_over = await identity.resolve(connection, identity.UNCLAIMED)
        await connection.execute(_LOCK_TAKEN_OVER)
        await _check(connection, reader, place, source, observed_at, allow_mass_removal)
        titles = await titles_sync.sync(connection, source)
        timings.upsert_s = perf_counter() - start
        # Before the offers: from then on others who change some wait for our commit.
        start = perf_counter()
        moods = await derived.refresh(connection, observed_at.year)
        timings.moods_s = perf_counter() - start
        start = perf_counter()
        listed = (await connection.execute(_LISTED)).scalars()
        offers = await offers_sync.sync(
            session,
            [_observation(title_id, place, source, observed_at) for title_id in listed],
            cover=Cover(_COVERS, place),
            source=source,
            confidence=CONFIDENCE,
            at=observed_at,
        )
        timings.upsert_s += perf_counter() - start
    start = perf_counter()
    await titles_sync.refresh_statistics(database, titles)
    timings.analyze_s = perf_counter() - start
    return ImportReport(
        platform, country.upper(), reader.rows, reader.bad, titles, taken_over, offers, moods,
        timings,
    )  # fmt: skip


def _observation(
    title_id: int, place: dict[str, Any], source: str, observed_at: datetime
) -> Observation:
    """What the list says of a title that it names: it is there, in a quality nobody tells."""
    return Observation(
        OfferKey(title_id, None, **place),
        there=True,
        source=source,
        confidence=CONFIDENCE,
        observed_at=observed_at,
    )


async def _check(
    connection: AsyncConnection,
    reader: ListReader,
    place: dict[str, Any],
    source: str,
    observed_at: datetime,
    allow_mass_removal: bool,
) -> None:
    """Refuse a list that is older than the last one, or that would take too much away."""
    there, leaving, seen = (await connection.execute(_REMOVALS, {**place, "source": source})).one()
    if seen is not None and observed_at < seen:
        raise OutdatedList(
            f"This list was made at {observed_at:%Y-%m-%d %H:%M}, but what is known of the platform"
            f" is from {seen:%Y-%m-%d %H:%M}. Import lists in the order in which they were made."
        )
    usable = reader.rows - reader.bad.count
    if allow_mass_removal or (usable and leaving <= there * MOST_REMOVED):
        return
    raise ImplausibleList(
        f"The list has {usable:,} usable titles and would end {leaving:,} of the {there:,} offers"
        " that are known. Nothing was changed. If it is complete, allow the removal."
    )
