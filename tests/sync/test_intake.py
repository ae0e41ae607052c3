"""How many statements answers cost, and what a list of all offers makes of what the sync says."""

from collections.abc import Sequence
from datetime import timedelta

import pytest

from domain.availability import repo as offers
from domain.sync import intake
from domain.sync.payloads import encode
from domain.sync.values import Answer, SeenOffer, Taken, Word
from tests.support.counting import statements
from tests.sync.sources import HULU, SOON, Shelf, seen
from tests.sync.stage import DAY, Stage, ask

pytestmark = pytest.mark.anyio

WORD = Word("sync/justwatch", 0.8, dated=True, priced=True)


async def take_in(stage: Stage, titles: Sequence[int], *listed: SeenOffer) -> tuple[Taken, int]:
    """Answers that list the same of each title; what came of them, in how many statements."""
    answers = [Answer(each, encode(listed)) for each in titles]
    with statements(stage.database) as sent:
        async with stage.database.transaction() as session:
            taken = await intake.take_in(session, WORD, answers, ["US"], stage.clock())
    return taken, len(sent)


async def test_answers_that_say_the_same_cost_two_statements_however_many_they_are(
    stage: Stage,
) -> None:
    titles = await stage.titles(600)
    first, _ = await take_in(stage, titles, seen(), seen(HULU))
    assert (first.changed, first.offers, first.added) == (600, 1_200, 1_200)
    for count in (3, 600):
        taken, sent = await take_in(stage, titles[:count], seen(HULU), seen())
        assert taken == Taken(unchanged=count, offers=2 * count)
        assert sent == 2
    checked = await ask(stage.database, "SELECT count(DISTINCT checked_at) FROM sync_titles")
    assert checked == [(1,)]


async def test_answers_that_say_something_else_cost_as_many_statements_as_one_of_them(
    stage: Stage,
) -> None:
    titles = await stage.titles(60)
    await take_in(stage, titles, seen())
    one, few = await take_in(stage, titles[:1], seen(expires_on=SOON))
    all_others, many = await take_in(stage, titles[1:], seen(expires_on=SOON))
    assert (one.updated, all_others.updated) == (1, 59)
    assert few == many


async def test_a_second_answer_confirms_only_when_it_is_late_enough(stage: Stage) -> None:
    (title,) = await stage.titles(1)
    await take_in(stage, [title], seen(), seen(HULU))

    async def lack() -> Taken:
        async with stage.database.transaction() as session:
            return await intake.take_in(
                session, WORD, [Answer(title, encode([seen()]))], ["US"], stage.clock(),
                second_look_s=600,
            )  # fmt: skip

    assert await lack() == Taken(changed=1, offers=1, missing=frozenset({title}))
    stage.clock.move(timedelta(minutes=9))
    assert (await lack()).gone == 0
    stage.clock.move(timedelta(minutes=11))
    assert (await lack()).gone == 1


async def test_one_synced_title_is_no_list_of_all_that_a_platform_has(stage: Stage) -> None:
    """So the demo, and the first real list there, are taken as if nobody had listed it before."""
    titles = await stage.titles(2)
    await stage.sync(Shelf({titles[0]: [seen()]}))
    ((netflix,),) = await ask(stage.database, "SELECT id FROM platforms WHERE slug = 'netflix'")
    asked = [(netflix, "US")]
    async with stage.database.read() as connection:
        assert await offers.places_listed(connection, asked, demo=False) == set()
    async with stage.database.work() as connection:
        await connection.exec_driver_sql("UPDATE offer_claims SET source = 'list'")
    async with stage.database.read() as connection:
        assert await offers.places_listed(connection, asked, demo=False) == set(asked)


async def test_a_title_that_has_gone_meanwhile_is_left_out(stage: Stage) -> None:
    titles = await stage.titles(2)
    taken, _ = await take_in(stage, [*titles, 99_999], seen())
    assert (taken.changed, taken.added) == (2, 2)
    stage.clock.move(DAY)
    assert (await take_in(stage, [99_999], seen()))[0].changed == 0
