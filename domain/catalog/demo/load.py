"""Load the demo: a catalogue of real titles with invented places and dates, to try everything on.

It makes way for what is real. A title that an import has taken over is recognised and only gets
what the import left open, and where a platform has a real list for a country, the demo has no
offers. Loading again on the same day changes nothing; on a later day the dates that have passed
move on, which the beliefs keep as "it was leaving, it stayed".
"""

import asyncio
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from time import perf_counter

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from domain import copying
from domain.availability.repo import Cover, places_listed
from domain.availability.values import Observation, OfferKey
from domain.catalog import derived, identity, offers_sync, platforms, staging, titles_sync
from domain.catalog.demo import offers, people, rows, seasons
from domain.catalog.reports import DemoReport, Timings
from domain.db import Database
from domain.titles import maturity, names

CONFIDENCE = 0.3

_COVER = Cover("o.source = 'demo'")


async def load_demo(database: Database, today: date, *, observed_at: datetime) -> DemoReport:
    """Bring the demo to what it is on a day, in one transaction.

    today: the day that invented dates are counted from; observed_at: when it is believed, aware.
    """
    timings = Timings()
    start = perf_counter()
    titles = await asyncio.to_thread(rows.titles, platforms.DEMO_FILES)
    lines = await asyncio.to_thread(copying.encode, map(_title_line, range(len(titles)), titles))
    timings.parse_s = perf_counter() - start
    async with database.transaction() as session:
        connection = await staging.begin(session)
        start = perf_counter()
        platform_ids = await platforms.ensure(connection)
        await titles_sync.TITLES.create(connection)
        await titles_sync.TITLES.copy(connection, lines)
        recognised = await identity.resolve(connection, identity.TAKEN_OVER)
        changes = await titles_sync.sync(connection, titles_sync.DEMO)
        found = await connection.execute(text("SELECT title_id FROM staged_titles ORDER BY n"))
        known = list(zip(found.scalars().all(), titles, strict=True))
        episodes = await seasons.sync(session, known, observed_at)
        credits = await people.sync(connection, known)
        timings.upsert_s = perf_counter() - start
        start = perf_counter()
        moods = await derived.refresh(connection, observed_at.year)
        timings.moods_s = perf_counter() - start
        start = perf_counter()
        invented = list(_observations(known, platform_ids, today, observed_at))
        offer_changes = await offers_sync.sync(
            session, await _making_way(connection, invented), cover=_COVER,
            source=titles_sync.DEMO, confidence=CONFIDENCE, at=observed_at,
        )  # fmt: skip
        timings.upsert_s += perf_counter() - start
    start = perf_counter()
    await titles_sync.refresh_statistics(database, changes)
    timings.analyze_s = perf_counter() - start
    return DemoReport(
        titles_total=len(titles),
        episodes_total=sum(season.episodes for title in titles for season in title.seasons),
        titles=changes,
        recognised=recognised,
        episodes=episodes,
        credits=credits,
        offers=offer_changes,
        moods=moods,
        timings=timings,
    )


def _title_line(n: int, title: rows.DemoTitle) -> tuple[copying.Value, ...]:
    numbered = [season for season in title.seasons if season.number]
    said: Mapping[str, copying.Value] = {
        "n": n, "justwatch_id": title.stand_in, "kind": title.kind, "name": title.name,
        "name_key": names.fold(title.name), "year": title.year, "runtime_min": title.runtime_min,
        "maturity": int(maturity.of_title(title.ratings, derived.HOME)), "genres": title.genres,
        "countries": title.countries, "critics_score": title.critics_score,
        "audience_score": title.audience_score, "audience_votes": title.audience_votes,
        "popularity": title.popularity, "season_count": len(numbered) or None,
        "episode_count": sum(season.episodes for season in title.seasons) or None,
        "imdb_id": title.imdb_id, "tmdb_id": title.tmdb_id, "mal_id": title.mal_id,
        "synopsis": title.synopsis, "keywords": title.keywords,
        "ratings": json.dumps(dict(title.ratings)),
    }  # fmt: skip
    return tuple(said[column] for column in titles_sync.TITLES.columns)


def _observations(
    known: Iterable[tuple[int, rows.DemoTitle]],
    platform_ids: Mapping[str, int],
    today: date,
    observed_at: datetime,
) -> Iterator[Observation]:
    for title_id, title in known:
        for offer in offers.offers(title, today):
            yield Observation(
                OfferKey(
                    title_id, offer.season_number, platform_ids[offer.platform], offer.country,
                    offer.monetization, offer.quality,
                ),
                there=True,
                source=titles_sync.DEMO,
                confidence=CONFIDENCE,
                observed_at=observed_at,
                dated=True,
                priced=True,
                available_from=offer.available_from,
                expires_on=offer.expires_on,
                price=offer.price,
                currency=offer.currency,
                url=offer.url,
            )  # fmt: skip


async def _making_way(
    connection: AsyncConnection, invented: Sequence[Observation]
) -> list[Observation]:
    """What is left of it: nothing of a platform in a country that a real list was taken in of."""
    places = {(each.offer.platform_id, each.offer.country) for each in invented}
    real = await places_listed(connection, places, demo=False)
    return [each for each in invented if (each.offer.platform_id, each.offer.country) not in real]
