"""A run from its plan to its end, with a source in memory: what is asked, believed and told."""

from datetime import timedelta

import pytest

from domain.jobs.values import Again
from domain.sync.errors import RunUnderWay
from domain.sync.ports import UpstreamAway
from tests.sync.sources import HULU, SOON, Shelf, seen
from tests.sync.stage import DAY, Stage, ask, change, listed

pytestmark = pytest.mark.anyio

_KEPT = """
    SELECT (SELECT json_agg(s ORDER BY title_id)::text FROM sync_titles s),
           (SELECT json_agg(o ORDER BY id)::text FROM offers o),
           (SELECT count(*) FROM offer_claims), (SELECT count(*) FROM offer_beliefs),
           (SELECT json_agg(p)::text FROM availability_position p)
"""


async def test_what_a_source_lists_is_believed_and_told_once(stage: Stage) -> None:
    titles = await stage.titles(25)
    source = Shelf({each: [seen()] for each in titles})
    run = await stage.sync(source)
    assert (run.state, run.titles, run.changed, run.offers, run.added) == ("done", 25, 25, 25, 25)
    assert await stage.here() == listed(titles)
    assert await stage.told() == [], "how long they have been there nobody knows"

    for each in titles:
        source.shelves[each] = [seen(), seen(HULU)]
    stage.clock.move(DAY)
    more = await stage.sync(source)
    assert (more.changed, more.added, more.offers) == (25, 25, 50)
    assert sorted(await stage.told()) == [("added", each) for each in titles]

    stage.clock.move(DAY)
    again = await stage.sync(source)
    assert (again.unchanged, again.changed, again.added, again.offers) == (25, 0, 0, 50)
    assert len(await stage.told()) == 25


async def test_a_day_that_is_told_moved_and_taken_back_is_told(stage: Stage) -> None:
    (title,) = await stage.titles(1)
    source = Shelf({title: [seen()]})
    await stage.sync(source)
    for day in (SOON, SOON + DAY, None):
        source.shelves[title] = [seen(expires_on=day)]
        stage.clock.move(DAY)
        assert (await stage.sync(source)).updated == 1
    kinds = [kind for kind, _ in await stage.told()]
    assert kinds == ["leaving", "date_moved", "renewed"]


async def test_an_offer_that_is_listed_after_its_last_day_comes_back(stage: Stage) -> None:
    """Though the source says what it always said, and so is not read again otherwise."""
    (title,) = await stage.titles(1)
    source = Shelf({title: [seen()]}, dated=False)
    await stage.sync(source)
    await change(
        stage.database,
        "UPDATE offers SET gone_at = now()",
        "INSERT INTO offer_claims (offer_id, source, signed, there, confidence, observed_at)"
        f" SELECT id, 'list', false, false, 1, '{stage.clock() + DAY}' FROM offers",
    )
    stage.clock.move(3 * DAY)
    run = await stage.sync(source)
    assert (run.changed, run.added, run.updated) == (1, 1, 0)
    assert await stage.here() == listed([title])


async def test_what_changed_is_counted_beside_what_is_listed_for_the_first_time(
    stage: Stage,
) -> None:
    old, left, new = await stage.titles(3)
    source = Shelf({old: [seen()], left: [seen(), seen(HULU)]})
    await stage.sync(source)
    later = SOON + 60 * DAY
    source.shelves |= {old: [seen(expires_on=later)], left: [seen()]}
    stage.clock.move(DAY)
    await stage.sync(source)
    source.shelves |= {
        old: [seen(expires_on=later + DAY), seen(HULU)],
        left: [seen(), seen(HULU)],
        new: [seen(), seen(HULU)],
    }
    stage.clock.move(31 * DAY)  # when what it didn't have is asked about again
    dry = await stage.sync(source, dry_run=True)
    run = await stage.sync(source)
    assert (run.added, run.updated) == (dry.added, dry.updated) == (4, 1)


async def test_an_upstream_that_is_away_is_waited_for_and_nothing_asked_twice(
    stage: Stage,
) -> None:
    titles = await stage.titles(25)
    source = Shelf({each: [seen()] for each in titles})
    source.away = (12, UpstreamAway("JustWatch is down.", retry_after_s=90))
    run_id = await stage.plan(source)
    waits = await stage.turn(run_id, source)
    run = await stage.run(run_id)
    assert isinstance(waits, Again) and waits.at  # noqa: PT018
    assert waits.at - stage.clock.at == pytest.approx(timedelta(seconds=90), abs=DAY / 86_400)
    assert (run.state, run.changed, run.problem) == ("asking", 12, "JustWatch is down.")
    source.away, source.asked = None, []
    stage.clock.at = waits.at
    run = await stage.finish(run_id, source)
    assert (run.state, run.changed, run.problem) == ("done", 25, None)
    assert [len(each) for each in source.asked] == [13]


async def test_an_upstream_that_stays_away_ends_the_run_after_hours(stage: Stage) -> None:
    titles = await stage.titles(2)
    source = Shelf({each: [seen()] for each in titles})
    source.away = (0, UpstreamAway("JustWatch is down."))
    began = stage.clock.at
    run = await stage.sync(source)
    assert (run.state, run.problem) == ("failed", "JustWatch is down.")
    assert timedelta(hours=6) <= stage.clock.at - began < timedelta(hours=7)
    assert len(source.asked) < 40


async def test_a_run_that_slept_for_hours_waits_for_an_upstream_as_any_other(stage: Stage) -> None:
    """A machine that wakes has no network in its first second."""
    titles = await stage.titles(2)
    source = Shelf({each: [seen()] for each in titles})
    source.away = (0, UpstreamAway("No network."))
    run_id = await stage.plan(source)
    stage.clock.move(DAY)
    await stage.turn(run_id, source)
    assert (await stage.run(run_id)).state == "asking"
    source.away = None
    stage.clock.move(timedelta(minutes=1))
    run = await stage.finish(run_id, source)
    assert (run.state, run.changed) == ("done", 2)


async def test_a_key_that_is_refused_ends_the_run_at_once(stage: Stage) -> None:
    (title,) = await stage.titles(1)
    source = Shelf({title: [seen()]})
    source.away = (0, UpstreamAway("The key is wrong.", permanent=True))
    run = await stage.sync(source)
    assert (run.state, run.problem) == ("failed", "The key is wrong.")


async def test_a_run_whose_source_is_gone_says_so(stage: Stage) -> None:
    (title,) = await stage.titles(1)
    run_id = await stage.plan(Shelf({title: [seen()]}))
    run = await stage.finish(run_id, None)
    assert run.state == "failed"
    assert "sync/justwatch, which isn't configured" in run.problem


async def test_a_dry_run_counts_and_writes_nothing(stage: Stage) -> None:
    titles = await stage.titles(3)
    source = Shelf({each: [seen()] for each in titles})
    await stage.sync(source)
    before = await ask(stage.database, _KEPT)
    source.shelves[titles[0]] = [seen(expires_on=SOON)]
    source.shelves[titles[1]] = [seen(HULU)]
    source.failing[titles[2]] = "It was cut short."
    stage.clock.move(DAY)
    run = await stage.sync(source, dry_run=True)
    assert (run.state, run.added, run.updated, run.removals, run.removed, run.failed) == (
        "done", 1, 1, 1, 0, 1,
    )  # fmt: skip
    assert await ask(stage.database, _KEPT) == before
    assert await stage.told() == []

    del source.failing[titles[2]]
    real = await stage.sync(source)
    assert (real.added, real.updated, real.removed) == (1, 1, 1)


async def test_one_run_at_a_time(stage: Stage) -> None:
    (title,) = await stage.titles(1)
    source = Shelf({title: [seen()]})
    run_id = await stage.plan(source)
    with pytest.raises(RunUnderWay) as refused:
        await stage.plan(source)
    assert refused.value.run_id == run_id
    await stage.finish(run_id, source)
    assert await stage.plan(source) != run_id


async def test_what_can_t_be_stored_is_one_title_s_failure(stage: Stage) -> None:
    titles = await stage.titles(9)
    source = Shelf({each: [seen()] for each in titles})
    source.shelves[titles[4]] = [seen(currency="DOLLARS")]
    run = await stage.sync(source)
    assert (run.state, run.failed, run.changed, run.requests) == ("done", 1, 8, 1)
    assert {title for title, *_ in await stage.here()} == {*titles} - {titles[4]}
    ((problem,),) = await ask(
        stage.database, "SELECT problem FROM sync_items WHERE state = 'failed'"
    )
    assert "can't be stored" in problem


async def test_platforms_that_nobody_here_knows_are_counted_and_heard_of_once_they_come(
    stage: Stage,
) -> None:
    (title,) = await stage.titles(1)
    source = Shelf({title: [seen(), seen(99)]})
    run = await stage.sync(source)
    assert (run.unplaced, run.offers, run.added) == (1, 2, 1)
    await change(
        stage.database, "INSERT INTO platforms (slug, name, package_id) VALUES ('new', 'New', 99)"
    )
    stage.clock.move(DAY)
    assert (await stage.sync(source)).added == 1
    assert (title, 99, None, None) in await stage.here()


async def test_seasons_are_offers_of_their_own(stage: Stage) -> None:
    (title,) = await stage.titles(1)
    await stage.sync(Shelf({title: [seen(season=1, expires_on=SOON), seen(season=2)]}))
    assert await stage.here() == {(title, 8, 1, SOON), (title, 8, 2, None)}
