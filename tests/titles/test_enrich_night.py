"""A night's asking for what is empty: who is asked about, what is written, and how it ends."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any

import pytest
from structlog.testing import capture_logs

from domain.jobs import ledger
from domain.jobs.errors import LeaseLost
from domain.jobs.values import Again, Claim, Done
from domain.services import Services
from domain.sync.ports import UpstreamAway
from domain.titles import enrich_night
from domain.titles.facts import TitleFacts
from jobs.handlers import HANDLERS
from jobs.plan_enrich import plan_enrich
from simulators.world import Title, World
from tests.accounts.people import run as change
from tests.trakt.people import StandIn
from tests.watchlists.homes import film, move_in, rows, series

pytestmark = pytest.mark.anyio
NIGHT = date(2026, 11, 21)


@pytest.fixture(autouse=True)
def _quiet() -> Iterator[None]:
    """Draw no tracebacks, which takes seconds."""
    with capture_logs():
        yield


def now() -> datetime:
    return datetime.now(UTC)


async def wish(services: Services, title_id: int, tmdb_id: int | None) -> None:
    """Put a title on somebody's watchlist, by its id at TMDB."""
    ada = await move_in(services.database)
    await change(
        services.database, "UPDATE titles SET tmdb_id = :tmdb WHERE id = :id",
        tmdb=tmdb_id, id=title_id,
    )  # fmt: skip
    await change(
        services.database,
        "INSERT INTO watchlist_items (profile_id, title_id, added_at) VALUES (:p, :t, now())",
        p=ada.profile_id, t=title_id,
    )  # fmt: skip


def of_kind(world: World, kind: str) -> Title:
    return next(each for each in world.titles.values() if each.kind == kind)


async def empty(services: Services, of: Title) -> int:
    """A title that we know by its name and id alone, and that somebody wants to watch."""
    title_id = await film(
        services.database, of.name, kind=of.kind, runtime_min=None, synopsis="", offers=()
    )
    await wish(services, title_id, of.tmdb_id)
    return title_id


async def claim_of(services: Services, night: date = NIGHT) -> Claim:
    async with services.database.transaction() as session:
        job_id = await enrich_night.plan(session, night, now(), after_sync=False)
    assert job_id
    claim = await ledger.claim(services.database, job_id, now())
    assert claim
    return claim


async def night(services: Services, night: date = NIGHT, most: int = 500) -> Any:
    """A whole night in one attempt; what it says in the end."""
    claim = await claim_of(services, night)
    found = await enrich_night.go_on(services.database, services.metadata, claim, now, most)
    assert isinstance(found, Done)
    return dict(found.result)


async def test_a_series_gets_its_seasons_and_episodes(services: Services, world: World):
    of = of_kind(world, "series")
    key = await empty(services, of)
    told = await night(services)
    assert told == {"titles": 1, "added": 1, "requests": 1 + len(of.seasons)}
    found = await rows(
        services.database,
        "SELECT season_number, number, number_abs, name, runtime_min, air_date, filler"
        " FROM episodes WHERE title_id = :id ORDER BY 1, 2", id=key,
    )  # fmt: skip
    assert found == [
        (season.number, each.number, each.number_abs, each.name, 45, each.air_date, "unknown")
        for season in of.seasons
        for each in season.episodes
    ]
    ((seasons, episodes, runtime, synopsis),) = await rows(
        services.database,
        "SELECT season_count, episode_count, runtime_min, synopsis FROM titles t"
        " JOIN title_texts x ON x.title_id = t.id WHERE t.id = :id", id=key,
    )  # fmt: skip
    assert (seasons, episodes) == (len(of.seasons), len(found))
    assert synopsis == of.synopsis
    assert runtime == of.runtime_min
    listed = await rows(services.database, "SELECT number, episode_count FROM seasons ORDER BY 1")
    assert listed == [(each.number, len(each.episodes)) for each in of.seasons]


async def test_binges_are_planned_anew_with_what_is_listed(services: Services, world: World):
    key = await empty(services, of_kind(world, "series"))
    await change(
        services.database,
        "INSERT INTO binge_plans (profile_id, title_id, skip_filler, specials, created_at,"
        " planned_at, planned_on, fits) SELECT profile_id, title_id, true, false, now(), now(),"
        " '2026-01-01', true FROM watchlist_items",
    )
    await night(services)
    assert await rows(
        services.database, "SELECT title_id FROM binge_plans WHERE stale_at IS NOT NULL"
    ) == [(key,)]  # fmt: skip


async def test_what_is_there_already_is_not_touched(services: Services, world: World):
    of = of_kind(world, "series")
    key, _ = await series(
        services.database, [[], ["filler", "canon"]], of.name, runtime_min=None, synopsis="Ours."
    )
    await wish(services, key, of.tmdb_id)
    before = await rows(services.database, "SELECT * FROM episodes ORDER BY id")
    await night(services)
    assert await rows(services.database, "SELECT * FROM episodes ORDER BY id") == before
    assert await rows(
        services.database,
        "SELECT synopsis, runtime_min FROM titles t JOIN title_texts x ON x.title_id = t.id",
    ) == [("Ours.", of.runtime_min)]


async def test_what_was_listed_while_tmdb_was_asked_keeps_what_is_said_of_it(
    services: Services, world: World
):
    of = of_kind(world, "series")
    key = await empty(services, of)
    metadata: Any = services.metadata
    season = metadata.season

    async def meanwhile(*given: Any) -> Any:
        await change(
            services.database,
            "INSERT INTO episodes (title_id, season_number, number, name, filler, filler_source)"
            " VALUES (:id, 1, 1, 'Ours', 'filler', 'a person') ON CONFLICT DO NOTHING",
            id=key,
        )
        return await season(*given)

    metadata.season = meanwhile
    await night(services)
    first = await rows(
        services.database,
        "SELECT name, filler, filler_source, runtime_min FROM episodes"
        " WHERE season_number = 1 AND number = 1",
    )
    assert first == [("Ours", "filler", "a person", 45)]


async def test_only_what_somebody_wants_to_watch_and_lacks_something_is_asked_about(
    services: Services, stand_in: StandIn, world: World
):
    of = of_kind(world, "film")
    nobodys = await film(services.database, of.name, runtime_min=None)
    await change(services.database, "UPDATE titles SET tmdb_id = :id", id=of.tmdb_id)
    whole = await film(services.database, "All there", synopsis="Something happens.")
    await wish(services, whole, 50_004)
    unknown = await film(services.database, "By no id", runtime_min=None)
    await wish(services, unknown, None)
    before = stand_in.asked("/tmdb/")
    assert (await night(services))["titles"] == 0
    assert stand_in.asked("/tmdb/") == before
    await wish(services, nobodys, of.tmdb_id)
    assert (await night(services, date(2026, 11, 22)))["titles"] == 1


async def test_the_next_night_asks_nothing_again(
    services: Services, stand_in: StandIn, world: World
):
    await empty(services, of_kind(world, "film"))
    gone = await film(services.database, "Not at TMDB", runtime_min=None)
    await wish(services, gone, 999_999_999)
    assert (await night(services))["titles"] == 2
    problems = await rows(services.database, "SELECT problem FROM enrichments ORDER BY title_id")
    assert problems == [(None,), ("It isn't there.",)]
    before = stand_in.asked("/tmdb/")
    assert (await night(services, date(2026, 11, 22)))["titles"] == 0
    assert stand_in.asked("/tmdb/") == before
    await change(services.database, "UPDATE enrichments SET asked_at = now() - interval '31 days'")
    assert (await night(services, date(2026, 11, 23)))["titles"] == 1


async def test_a_night_has_its_limit_over_all_its_attempts(
    services: Services, world: World, monkeypatch: pytest.MonkeyPatch
):
    films = [each for each in world.titles.values() if each.kind == "film"]
    for each in films[:5]:
        await empty(services, each)
    monkeypatch.setattr(enrich_night, "_TURN_S", 0)
    claim = await claim_of(services)
    asked = (services.database, services.metadata, claim, now, 3)
    assert await enrich_night.go_on(*asked) == Again()
    monkeypatch.undo()
    found = await enrich_night.go_on(*asked)
    assert isinstance(found, Done)
    assert found.result["requests"] == found.result["titles"] == 3


async def test_an_answer_of_no_use_holds_nobody_up(
    services: Services, stand_in: StandIn, world: World
):
    films = [each for each in world.titles.values() if each.kind == "film"]
    bad, good = [await empty(services, each) for each in films[:2]]
    metadata: Any = services.metadata
    metadata._upstream.patience = type(metadata._upstream.patience)(attempts=1)
    stand_in.post("/_sim/faults", upstream="tmdb", kind="html", path=f"movie/{films[0].tmdb_id}$")
    told = await night(services)
    assert (told["titles"], told["added"]) == (2, 1)
    ((problem,),) = await rows(
        services.database, "SELECT problem FROM enrichments WHERE title_id = :id", id=bad
    )
    assert "can't be used" in problem
    assert await rows(
        services.database, "SELECT 1 FROM titles WHERE id = :id AND runtime_min > 0", id=good
    )


async def test_an_outage_is_the_jobs_failure_and_costs_no_title_its_turn(
    services: Services, stand_in: StandIn, world: World
):
    await empty(services, of_kind(world, "film"))
    metadata: Any = services.metadata
    metadata._upstream.patience = type(metadata._upstream.patience)(attempts=1)
    stand_in.post("/_sim/faults", upstream="tmdb", kind="server_error")
    with pytest.raises(UpstreamAway):
        await night(services)
    assert await rows(services.database, "SELECT 1 FROM enrichments") == []


async def test_whoever_lost_the_job_writes_nothing(services: Services, world: World):
    key = await empty(services, of_kind(world, "film"))
    claim = await claim_of(services)
    await change(services.database, "UPDATE jobs SET attempt = attempt + 1")
    with pytest.raises(LeaseLost):
        await enrich_night.go_on(services.database, services.metadata, claim, now)
    assert await rows(services.database, "SELECT runtime_min FROM titles") == [(None,)]
    assert key


async def test_hostile_words_are_kept_as_words(services: Services, world: World):
    class Hostile:
        async def metadata(self, kind: str, tmdb_id: int) -> TitleFacts:
            return TitleFacts(kind, tmdb_id, "x", synopsis="'; DROP TABLE titles; -- 🎬")

    await empty(services, of_kind(world, "film"))
    claim = await claim_of(services)
    hostile: Any = Hostile()
    await enrich_night.go_on(services.database, hostile, claim, now)
    assert await rows(services.database, "SELECT synopsis FROM title_texts") == [
        ("'; DROP TABLE titles; -- 🎬",)
    ]


async def test_it_is_planned_once_a_night_and_after_the_sync(services: Services):
    assert "enrich" in HANDLERS
    assert services.source is not None
    assert await plan_enrich({"services": services}) == 0
    async with services.database.transaction() as session:
        assert await enrich_night.plan(session, NIGHT, now(), after_sync=True) is None
    await change(
        services.database,
        "INSERT INTO sync_runs (source, reason, night, countries, state, planned_at, finished_at,"
        " budget) VALUES ('tests', 'nightly', :night, '{US}', 'done', now(), now(), 1)",
        night=NIGHT,
    )
    async with services.database.transaction() as session:
        assert await enrich_night.plan(session, NIGHT, now(), after_sync=True)
        assert await enrich_night.plan(session, NIGHT, now(), after_sync=True) is None
