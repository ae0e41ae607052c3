"""What a run asks about and in which order, who may plan one, and when a night is due."""

import asyncio
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo, available_timezones

import pytest

from domain.jobs import ledger
from domain.services import Services
from domain.sync import runs, schedule
from domain.sync.errors import NightHasRun, NothingToAsk, RunUnderWay
from jobs.plan_sync import plan_sync
from tests.accounts import people
from tests.sync.sources import Shelf, seen
from tests.sync.stage import DAY, NOW, Stage, ask, change

pytestmark = pytest.mark.anyio


async def order(stage: Stage, run_id: int) -> list[tuple[int, str]]:
    return await ask(
        stage.database,
        f"SELECT title_id, why FROM sync_items WHERE run_id = {run_id} ORDER BY n",
    )


async def wish(stage: Stage, title_id: int, *, watched: bool = False) -> None:
    await change(
        stage.database,
        "INSERT INTO watchlist_items (profile_id, title_id, added_at, watched_at)"
        f" SELECT id, {title_id}, now(), {'now()' if watched else 'null'} FROM profiles LIMIT 1",
    )


async def leaves(stage: Stage, title_id: int, days: int) -> None:
    await change(
        stage.database,
        "INSERT INTO offers (title_id, platform_id, country, monetization, quality, source,"
        " confidence, first_seen_at, last_seen_at, expires_on)"
        f" SELECT {title_id}, id, 'US', 'subscription', 'hd', 'list', 0.5, now(), now(),"
        f" '{(NOW + days * DAY).date()}' FROM platforms WHERE slug = 'hulu'",
    )


async def test_wishes_come_first_then_what_leaves_then_what_is_popular_then_the_stalest(
    stage: Stage, services: Services
) -> None:
    titles = await stage.titles(12)
    await people.join(services.door, now=NOW)
    await wish(stage, titles[10])
    await wish(stage, titles[3], watched=True)  # nobody waits for it any more
    await leaves(stage, titles[9], 14)
    await leaves(stage, titles[8], 15)
    checked = ", ".join(
        f"('sync/justwatch', {title}, timestamptz '2026-11-01' + {age} * interval '1 hour')"
        for title, age in ((titles[4], 5), (titles[5], 1), (titles[6], 9), (titles[7], 3))
    )
    await change(
        stage.database, f"INSERT INTO sync_titles (source, title_id, checked_at) VALUES {checked}"
    )
    run_id = await stage.plan(Shelf(batch=1), budget=9)
    # Seven are left after a wish and a last day: three go to the popular, the rest to those that
    # were never looked at, and then to the one that was looked at longest ago.
    assert await order(stage, run_id) == [
        (titles[10], "watchlist"), (titles[9], "leaving"),
        (titles[0], "popular"), (titles[1], "popular"), (titles[2], "popular"),
        (titles[3], "stale"), (titles[8], "stale"), (titles[11], "stale"), (titles[5], "stale"),
    ]  # fmt: skip


async def test_the_budget_counts_requests_and_a_request_asks_about_many(stage: Stage) -> None:
    await stage.titles(12)
    run_id = await stage.plan(Shelf(batch=5), budget=2)
    assert (await stage.run(run_id)).titles == 10


async def test_what_rests_is_quarantined_or_has_no_id_is_left_out(stage: Stage) -> None:
    titles = await stage.titles(5)
    await change(
        stage.database,
        "INSERT INTO sync_titles (source, title_id, next_at, quarantined_at) VALUES"
        f" ('sync/justwatch', {titles[0]}, '{NOW + DAY}', null),"
        f" ('sync/justwatch', {titles[1]}, '{NOW - DAY}', null),"
        f" ('sync/justwatch', {titles[2]}, null, now()),"
        f" ('sync/tmdb', {titles[3]}, null, now())",
        f"UPDATE titles SET justwatch_id = null, tmdb_id = 7 WHERE id = {titles[4]}",
    )
    source = Shelf({each: [seen()] for each in titles})
    run_id = await stage.plan(source)
    assert [title for title, _ in await order(stage, run_id)] == [titles[1], titles[3]]
    await stage.finish(run_id, source)

    # Whoever names titles wants them asked about, whatever went wrong before.
    named = await stage.plan(source, titles=titles[:3])
    assert await order(stage, named) == [(each, "asked") for each in titles[:3]]
    await stage.finish(named, source)
    quarantined = "SELECT title_id FROM sync_titles WHERE quarantined_at IS NOT NULL"
    assert await ask(stage.database, quarantined) == [(titles[3],)]  # with another source
    with pytest.raises(NothingToAsk, match="an id that sync/justwatch knows"):
        await stage.plan(source, titles=[titles[4], 99_999])


async def test_five_planners_at_once_plan_one_run(stage: Stage) -> None:
    (title,) = await stage.titles(1)
    source = Shelf({title: [seen()]})
    night = date(2026, 11, 21)
    tried = await asyncio.gather(
        *(stage.plan(source, reason="nightly", night=night) for _ in range(5)),
        return_exceptions=True,
    )
    planned = [each for each in tried if isinstance(each, int)]
    assert len(planned) == 1
    assert all(isinstance(each, RunUnderWay | NightHasRun | int) for each in tried)
    assert await ask(stage.database, "SELECT count(*) FROM jobs") == [(1,)]
    await stage.finish(planned[0], source)
    with pytest.raises(NightHasRun):
        await stage.plan(source, reason="nightly", night=night)


async def test_a_run_whose_job_was_given_up_ends_and_others_can_begin(stage: Stage) -> None:
    (title,) = await stage.titles(1)
    source = Shelf({title: [seen()]})
    run_id = await stage.plan(source)
    async with stage.database.transaction() as session:
        assert await runs.end_orphans(session, stage.clock()) == 0
    await change(stage.database, "UPDATE jobs SET state = 'quarantined', problem = 'It died.'")
    async with stage.database.transaction() as session:
        assert await runs.end_orphans(session, stage.clock()) == 1
    run = await stage.run(run_id)
    assert (run.state, run.problem) == ("failed", "It died.")
    await stage.plan(source)


async def test_a_night_is_planned_once_however_often_it_is_looked_at(
    services: Services, stage: Stage
) -> None:
    (title,) = await stage.titles(1)
    await people.join(services.door, now=NOW)
    await change(stage.database, "UPDATE accounts SET country = 'DE'")
    assert await plan_sync({"services": services}) == 0  # there is nobody to ask
    source = Shelf({title: [seen()]})
    ready = replace(services, source=source)
    planned = await asyncio.gather(*(plan_sync({"services": ready}) for _ in range(5)))
    assert sum(planned) == 1
    ((run_id, countries),) = await ask(stage.database, "SELECT id, countries FROM sync_runs")
    assert countries == ["DE", "US"]
    stage.clock.at = datetime.now(UTC)
    await stage.finish(run_id, source)
    assert await plan_sync({"services": ready}) == 0


async def test_old_runs_are_forgotten_and_their_items_before_them(stage: Stage) -> None:
    (title,) = await stage.titles(1)
    source = Shelf({title: [seen()]})
    await stage.sync(source)
    for after, left in ((13 * DAY, (1, 1)), (15 * DAY, (1, 0)), (181 * DAY, (0, 0))):
        async with stage.database.transaction() as session:
            await runs.prune(session, NOW + after)
        counts = "SELECT (SELECT count(*) FROM sync_runs), (SELECT count(*) FROM sync_items)"
        assert await ask(stage.database, counts) == [left]


async def test_a_run_and_its_job_are_one_transaction(stage: Stage) -> None:
    (title,) = await stage.titles(1)
    run_id = await stage.plan(Shelf({title: [seen()]}))
    async with stage.database.read() as connection:
        due = await ledger.due(connection, stage.clock())
    assert len(due) == 1
    assert await ask(stage.database, "SELECT kind, key FROM jobs") == [("sync", str(run_id))]


def test_a_night_begins_at_two_and_what_was_slept_through_is_the_last_one() -> None:
    berlin = ZoneInfo("Europe/Berlin")
    at = datetime(2026, 11, 21, 1, 59, 59, tzinfo=berlin)
    assert schedule.last_night(at, berlin) == date(2026, 11, 20)
    assert schedule.last_night(at + timedelta(seconds=1), berlin) == date(2026, 11, 21)
    assert schedule.last_night(at + 10 * DAY, berlin) == date(2026, 11, 30)


def test_where_clocks_jump_over_two_or_show_it_twice_a_night_begins_once() -> None:
    berlin = ZoneInfo("Europe/Berlin")
    spring, autumn = date(2026, 3, 29), date(2026, 10, 25)
    assert schedule.begins_at(spring, berlin) == datetime(2026, 3, 29, 1, tzinfo=UTC)  # 3:00 there
    assert schedule.begins_at(autumn, berlin) == datetime(2026, 10, 25, 0, tzinfo=UTC)
    first = datetime(2026, 10, 25, 0, tzinfo=UTC)
    for minutes in range(0, 24 * 60, 7):
        assert schedule.last_night(first + timedelta(minutes=minutes), berlin) == autumn


@pytest.mark.parametrize("year", [2011, 2026])
def test_in_every_zone_each_night_begins_once_and_in_order(year: int) -> None:
    for name in [*sorted(available_timezones())[::9], "Pacific/Apia", "Africa/Casablanca"]:
        zone = ZoneInfo(name)
        nights = [date(year, 1, 1) + each * DAY for each in range(365)]
        begins = [schedule.begins_at(each, zone) for each in nights]
        assert begins == sorted(begins), name
        for night, at, following in zip(nights, begins, begins[1:], strict=False):
            if at < following:  # Samoa left out a day
                assert schedule.last_night(at, zone) == night, name
                assert schedule.last_night(following - timedelta(seconds=1), zone) == night, name
