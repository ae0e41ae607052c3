"""Titles that get no answer, that nobody has, and that kill whoever takes them in."""

from datetime import timedelta

import pytest

from domain.jobs import ledger
from domain.sync import repo, rules, runs
from domain.sync.ports import UpstreamAway
from domain.sync.round import Round
from tests.sync.sources import Shelf, seen
from tests.sync.stage import DAY, NOW, Stage, ask

pytestmark = pytest.mark.anyio


class Killed(BaseException):
    """What kill -9 is to a worker: nobody catches it, and nothing is written any more."""


class GivenUp(Exception):
    """The ledger lets nobody take the run up any more."""


class Deadly(Shelf):
    """Whoever asks it about one of these titles dies."""

    poison: frozenset[int] = frozenset()

    def _answer(self, title_id, countries):
        if title_id in self.poison:
            raise Killed
        return super()._answer(title_id, countries)


async def test_a_title_that_fails_rests_longer_each_time_and_is_quarantined_after_five(
    stage: Stage,
) -> None:
    titles = await stage.titles(2)
    source = Shelf({each: [seen()] for each in titles})
    source.failing[titles[0]] = "The page\x00 was cut."
    rests = []
    for night in (0, 1, 2, 3, 5, 6, 7, 14, 15, 16, 30, 31, 60):
        stage.clock.at = NOW + night * DAY
        source.asked.clear()
        run = await stage.sync(source)
        if titles[0] in source.asked[0]:
            rests.append(night)
            assert run.failed == 1
    assert rests == [0, 1, 3, 7, 15]  # and never again
    assert run.failed == run.quarantined == 0
    async with stage.database.read() as connection:
        (row,) = await repo.quarantined(connection)
    assert (row.title_id, row.problem) == (titles[0], "The page was cut.")

    async with stage.database.transaction() as session:
        assert await runs.release(session, *titles) == 1
    source.failing.clear()
    assert (await stage.sync(source)).changed == 1
    assert await ask(stage.database, "SELECT max(failures) FROM sync_titles") == [(0,)]


async def test_the_run_in_which_a_title_is_quarantined_says_so(stage: Stage) -> None:
    (title,) = await stage.titles(1)
    source = Shelf(failing={title: "It was cut short."})
    counts = [await stage.sync(source, titles=[title]) for _ in range(5)]
    assert [each.quarantined for each in counts] == [0, 0, 0, 0, 1]
    async with stage.database.read() as connection:
        (row,) = await repo.problems(connection, counts[-1].id)
    assert (row.title_id, row.problem, row.quarantined) == (title, "It was cut short.", True)


async def test_a_title_that_the_upstream_doesn_t_have_is_no_failure(stage: Stage) -> None:
    (title,) = await stage.titles(1)
    source = Shelf()
    run = await stage.sync(source)
    assert (run.state, run.unknown, run.failed) == ("done", 1, 0)
    stage.clock.move(29 * DAY)
    assert (await stage.sync(source)).titles == 0
    stage.clock.move(DAY)
    source.shelves[title] = [seen()]
    assert (await stage.sync(source)).added == 1


async def die(stage: Stage, run_id: int, source: Shelf) -> bool:
    """A turn of a worker that the source may kill; whether it did. False: it said to go on."""
    async with stage.database.transaction() as session:
        job_id = await runs.job_of(session, run_id, stage.clock())
    claim = await ledger.claim(stage.database, job_id, stage.clock())
    if claim is None:
        raise GivenUp
    try:
        await Round(stage.database, source, stage.limits, claim, stage.clock).go_on()
    except Killed:
        stage.clock.move(rules.HELD_APART)  # long after its lease
        return True
    return False


async def die_again_and_again(stage: Stage, run_id: int, source: Shelf) -> int:
    """Turns until one survives; how many didn't."""
    deaths = 0
    while await die(stage, run_id, source):
        deaths += 1
    return deaths


@pytest.mark.parametrize("poisoned", [(4,), (0, 1), (0, 11)])
async def test_a_title_that_kills_three_workers_is_quarantined_and_the_rest_get_on(
    stage: Stage, poisoned: tuple[int, ...]
) -> None:
    titles = await stage.titles(12)
    source = Deadly({each: [seen()] for each in titles}, batch=5)
    source.poison = frozenset(titles[each] for each in poisoned)
    run_id = await stage.plan(source)
    deaths = await die_again_and_again(stage, run_id, source)
    assert deaths <= 4 * len(poisoned)
    run = await stage.run(run_id)
    assert run.state == "done"
    assert (run.changed, run.quarantined) == (12 - len(poisoned), len(poisoned))
    async with stage.database.read() as connection:
        given_up = {row.title_id for row in await repo.quarantined(connection)}
    assert given_up == source.poison


async def test_the_only_title_of_a_run_is_given_up_before_the_run_is(stage: Stage) -> None:
    (title,) = await stage.titles(1)
    source = Deadly({title: [seen()]})
    source.poison = frozenset({title})
    run_id = await stage.plan(source, titles=[title])
    await die_again_and_again(stage, run_id, source)
    run = await stage.run(run_id)
    assert (run.state, run.quarantined) == ("done", 1)


async def test_a_run_in_which_workers_die_at_everything_is_given_up(stage: Stage) -> None:
    titles = await stage.titles(12)
    source = Deadly({each: [seen()] for each in titles})
    source.poison = frozenset(titles)
    run_id = await stage.plan(source)
    with pytest.raises(GivenUp):
        await die_again_and_again(stage, run_id, source)
    assert (await stage.run(run_id)).quarantined < 6


async def test_a_death_that_no_title_is_to_blame_for_costs_no_title(stage: Stage) -> None:
    titles = await stage.titles(12)
    source = Deadly({each: [seen()] for each in titles}, batch=5)
    run_id = await stage.plan(source)
    for _ in range(2):
        source.poison = frozenset(titles[:1])
        assert await die(stage, run_id, source)
    source.poison = frozenset()
    assert not await die(stage, run_id, source)
    run = await stage.run(run_id)
    assert (run.state, run.changed, run.quarantined) == ("done", 12, 0)


async def test_an_upstream_that_is_away_is_no_title_s_fault(stage: Stage) -> None:
    """Though somebody died before, so that each title is taken in alone and noted before."""
    (title,) = await stage.titles(1)
    source = Deadly({title: [seen()]})
    source.poison = frozenset({title})
    run_id = await stage.plan(source)
    assert await die(stage, run_id, source)
    source.poison = frozenset()
    source.away = (0, UpstreamAway("JustWatch is down.", retry_after_s=60))
    for _ in range(4):
        assert not await die(stage, run_id, source)
        assert (await stage.run(run_id)).state == "asking"
        stage.clock.move(timedelta(minutes=2))
    source.away = None
    assert not await die(stage, run_id, source)
    run = await stage.run(run_id)
    assert (run.state, run.changed, run.quarantined) == ("done", 1, 0)
