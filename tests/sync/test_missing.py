"""What an answer lacks: a suspicion at first, gone after a second look, held where it is much."""

from datetime import timedelta
from random import Random

import pytest

from domain.jobs.values import Again
from domain.sync import runs
from domain.sync.errors import NotHeld
from tests.sync.sources import HULU, Liar, Shelf, seen
from tests.sync.stage import DAY, Stage, ask, change, listed

pytestmark = pytest.mark.anyio


async def test_an_offer_is_gone_when_two_looks_have_missed_it(stage: Stage) -> None:
    (title,) = await stage.titles(1)
    source = Shelf({title: [seen(), seen(HULU)]})
    await stage.sync(source)
    source.shelves[title] = [seen()]
    stage.clock.move(DAY)
    run_id = await stage.plan(source)
    waits = await stage.turn(run_id, source)
    assert isinstance(waits, Again) and waits.at  # noqa: PT018
    run = await stage.run(run_id)
    assert run.state == "looking_again"
    assert waits.at == run.look_again_at
    assert waits.at - stage.clock.at == pytest.approx(timedelta(seconds=1_800), abs=DAY / 86_400)
    assert await stage.here() == listed([title], 2)  # one look is no proof
    stage.clock.at = waits.at
    run = await stage.finish(run_id, source)
    assert (run.state, run.removals, run.removed, run.changed) == ("done", 1, 1, 1)
    assert await stage.here() == listed([title])
    assert (await stage.told())[-1] == ("removed", title)


async def test_what_was_missing_once_and_is_back_stays(stage: Stage) -> None:
    (title,) = await stage.titles(1)
    source = Shelf({title: [seen(), seen(HULU)]})
    await stage.sync(source)
    source.shelves[title] = []
    stage.clock.move(DAY)
    run_id = await stage.plan(source)
    await stage.turn(run_id, source)
    source.shelves[title] = [seen(), seen(HULU)]
    stage.clock.move(DAY)
    run = await stage.finish(run_id, source)
    assert (run.state, run.removals, run.removed) == ("done", 0, 0)
    assert await stage.here() == listed([title], 2)
    assert await stage.told() == []
    assert await ask(stage.database, "SELECT suspects FROM sync_titles") == [([],)]


async def test_no_answer_is_never_a_removal_and_the_next_run_takes_it_up(stage: Stage) -> None:
    (title,) = await stage.titles(1)
    source = Shelf({title: [seen(), seen(HULU)]})
    await stage.sync(source)
    source.shelves[title] = [seen()]
    stage.clock.move(DAY)
    run_id = await stage.plan(source)
    await stage.turn(run_id, source)
    source.failing[title] = "It was cut short."
    stage.clock.move(DAY)
    run = await stage.finish(run_id, source)
    assert (run.state, run.removed, run.failed) == ("done", 0, 0)
    assert await stage.here() == listed([title], 2)
    source.failing.clear()
    run = await stage.sync(source)  # the second answer that lacks it
    assert (run.removals, run.removed) == (1, 1)
    assert await stage.here() == listed([title])


async def test_an_answer_that_was_rejected_in_part_removes_nothing(stage: Stage) -> None:
    (title,) = await stage.titles(1)
    source = Shelf({title: [seen(), seen(HULU)]})
    await stage.sync(source)
    source.shelves[title], source.rejected[title] = [seen()], "hulu: no such money"
    for _ in range(3):
        stage.clock.move(DAY)
        run = await stage.sync(source)
        assert (run.state, run.rejected, run.removals) == ("done", 1, 0)
    assert await stage.here() == listed([title], 2)
    source.rejected.clear()
    stage.clock.move(DAY)
    assert (await stage.sync(source)).removed == 1  # though it lists what it listed yesterday


async def test_what_only_the_demo_claims_makes_way_for_what_a_source_lists(stage: Stage) -> None:
    (title,) = await stage.titles(1)
    await change(
        stage.database,
        "INSERT INTO offers (title_id, platform_id, country, monetization, quality, source,"
        " confidence, first_seen_at, last_seen_at)"
        f" SELECT {title}, id, country, 'subscription', 'hd', source, 0.5, now(), now()"
        " FROM platforms, (VALUES ('US', 'demo'), ('DE', 'demo')) AS one (country, source)"
        " WHERE slug = 'hulu'",
    )
    run = await stage.sync(Shelf({title: [seen()]}))
    assert (run.state, run.removed) == ("done", 1)
    assert await ask(
        stage.database,
        "SELECT slug, country FROM offers o JOIN platforms p ON p.id = platform_id"
        " WHERE gone_at IS NULL ORDER BY 2",
    ) == [("hulu", "DE"), ("netflix", "US")]  # of Germany nothing was asked


async def test_what_others_claim_is_not_removed_because_one_source_lists_nothing(
    stage: Stage,
) -> None:
    (title,) = await stage.titles(1)
    await change(stage.database, "UPDATE titles SET tmdb_id = 1")
    await stage.sync(Shelf({title: [seen(HULU)]}, name="sync/tmdb"))
    run = await stage.sync(Shelf({title: [seen()]}))
    assert run.removals == 0


async def test_a_run_that_misses_too_much_is_held_until_an_admin_says_so(stage: Stage) -> None:
    titles = await stage.titles(30)
    source = Shelf({each: [seen()] for each in titles})
    await stage.sync(source)
    source.shelves |= {each: [] for each in titles[:11]}
    stage.clock.move(DAY)
    run = await stage.sync(source)
    assert (run.state, run.removals, run.removed) == ("held", 11, 0)
    assert "11 offers were missing twice, and 19 were listed" in run.problem
    assert await stage.here() == listed(titles)
    assert (await stage.told("sync"))[-1] == ("ended", None)

    async with stage.database.transaction() as session:
        await runs.confirm(session, run.id, None, stage.clock())
    run = await stage.finish(run.id, source)
    assert (run.state, run.removed, run.problem) == ("done", 11, None)
    assert await stage.here() == listed(titles[11:])
    removed = [each for each in await stage.told() if each[0] == "removed"]
    assert removed == [("removed", each) for each in titles[:11]]
    with pytest.raises(NotHeld, match="is done"):
        async with stage.database.transaction() as session:
            await runs.confirm(session, run.id, None, stage.clock())


async def test_few_removals_are_believed_however_large_their_share(stage: Stage) -> None:
    titles = await stage.titles(12)
    source = Shelf({each: [seen()] for each in titles})
    await stage.sync(source)
    source.shelves |= {each: [] for each in titles[:10]}
    stage.clock.move(DAY)
    run = await stage.sync(source)
    assert (run.state, run.removed) == ("done", 10)


@pytest.mark.parametrize(("hours", "state"), [(5, "held"), (7, "done")])
async def test_a_second_run_hours_later_that_misses_the_same_is_believed(
    stage: Stage, hours: int, state: str
) -> None:
    titles = await stage.titles(30)
    source = Shelf({each: [seen()] for each in titles})
    await stage.sync(source)
    source.shelves |= {each: [] for each in titles[:20]}
    stage.clock.move(DAY)
    held = await stage.sync(source)
    assert held.state == "held"
    stage.clock.move(timedelta(hours=hours))
    later = await stage.sync(source)
    assert later.state == state
    if state == "done":
        assert later.removed == 20
        assert (await stage.run(held.id)).state == "done"  # nothing is left of it to decide
        assert await stage.here() == listed(titles[20:])


async def test_hours_later_is_when_the_second_run_begins_and_not_when_it_ends(
    stage: Stage,
) -> None:
    titles = await stage.titles(31)
    source = Shelf({each: [seen()] for each in titles})
    await stage.sync(source)
    source.shelves |= {each: [] for each in titles[:20]}
    stage.clock.move(DAY)
    assert (await stage.sync(source)).state == "held"
    stage.clock.move(timedelta(hours=5, minutes=45))
    source.shelves[titles[30]] = []  # is looked at twice, half an hour apart
    later = await stage.sync(source)
    assert (later.state, later.removals) == ("held", 21)


async def test_a_held_run_is_settled_by_one_that_lists_everything_again(stage: Stage) -> None:
    titles = await stage.titles(30)
    source = Shelf({each: [seen()] for each in titles})
    await stage.sync(source)
    broken = Shelf({each: [] for each in titles})
    stage.clock.move(DAY)
    held = await stage.sync(broken)
    stage.clock.move(DAY)
    assert (await stage.sync(source)).state == "done"
    assert (await stage.run(held.id)).state == "done"
    assert await stage.here() == listed(titles)
    assert all(kind == "added" for kind, _ in await stage.told())


@pytest.mark.parametrize("seed", range(3))
async def test_a_source_that_lies_now_and_then_costs_no_offer(stage: Stage, seed: int) -> None:
    rng = Random(seed)
    titles = await stage.titles(40)
    shelves = {
        each: [seen(), *[seen(HULU)] * (rng.random() < 0.5)] for each in titles
    }  # fmt: skip
    source = Liar(shelves, seed=seed, share=0)
    await stage.sync(source)
    truth = await stage.here()
    source.share = 0.3
    for _ in range(4):
        stage.clock.move(DAY)
        run = await stage.sync(source)
        source.lied.clear()
        assert run.removed == 0
        assert await stage.here() == truth
    assert source.lies > 20
    source.share = 0
    left = titles[rng.randrange(40)]
    source.shelves[left] = []
    stage.clock.move(DAY)
    await stage.sync(source)
    assert await stage.here() == {each for each in truth if each[0] != left}


async def test_another_quality_is_not_missing_from_an_answer_that_tells_none(stage: Stage) -> None:
    (title,) = await stage.titles(1)
    source = Shelf({title: [seen(quality="hd"), seen(quality="4k")]})
    await stage.sync(source)
    source.shelves[title] = [seen(quality="unknown")]
    stage.clock.move(DAY)
    assert (await stage.sync(source)).removals == 0
