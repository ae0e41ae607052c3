"""The desk: what is brought is matched, kept once, settled by people, and nobody else's."""

from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import text

from domain.db import Database
from domain.errors import InvalidInput, NotFound, NotSignedIn
from domain.history.errors import NoSuchEpisode
from domain.imports import desk, limits, matching, repo, rounds
from domain.imports.batches import MOST_BATCHES, LineKey, Match, Settled, Settlement, State
from domain.imports.bringing import from_lines
from domain.imports.commit import commit
from domain.imports.errors import TooLarge
from domain.imports.refusals import (
    AlreadyWritten,
    ImportBusy,
    NoSuchImport,
    NoSuchLine,
    NothingToImport,
    StillWritten,
)
from domain.imports.settling import settle
from domain.imports.undo import undo
from domain.imports.values import Ids, Passed, What
from tests.accounts.people import run
from tests.imports.exports import bring, line, lines_of, numbered
from tests.support.counting import statements
from tests.watchlists.homes import NOW, film, move_in, series

pytestmark = pytest.mark.anyio


async def said(database: Database, viewer, batch, *settlements: Settlement) -> Settled:
    async with database.transaction() as session:
        return await settle(session, viewer, batch.id, settlements)


async def test_lines_are_matched_doubted_or_unknown(database: Database):
    ada, title = await move_in(database), await film(database, "Paddington 2", year=2017)
    await film(database, "Prey", year=2021)
    batch = await bring(
        database, ada,
        *numbered(line("Paddington 2", 2017), line("Prey", 2022), line("Nothing Like It", 1999)),
        Passed(4, "it has no name"),
    )  # fmt: skip
    counts = batch.counts
    assert (counts.lines, counts.matched, counts.ambiguous, counts.unknown) == (3, 1, 1, 1)
    assert (batch.state, batch.passed, batch.reasons) == (
        State.MATCHED, 1, ["Row 4: it has no name."]
    )  # fmt: skip
    matched, doubted, unknown = await lines_of(database, batch.id)
    assert (matched.title_id, matched.match, matched.line.readings[0].name) == (
        title, Match.MATCHED, "Paddington 2"
    )  # fmt: skip
    assert doubted.title_id is None
    assert [each.why for each in doubted.choices] == ["the same name, one year apart"]
    assert unknown.choices == []


async def test_the_same_lines_again_are_the_same_import_matched_anew(database: Database):
    ada = await move_in(database)
    lines = numbered(line("Paddington 2", 2017), line("Prey", 2022))
    first = await bring(database, ada, *lines)
    assert first.counts.unknown == 2
    await film(database, "Paddington 2", year=2017)
    again = await bring(database, ada, *lines, now=NOW + timedelta(days=1))
    assert (again.id, again.created_at) == (first.id, first.created_at)
    assert (again.counts.matched, again.counts.unknown) == (1, 1)


async def test_what_a_person_said_outlives_another_matching(database: Database):
    ada, title = await move_in(database), await film(database, "Prey", year=2021)
    lines = numbered(line("Prey", 2022), line("Prey", 2022))
    batch = await bring(database, ada, *lines)
    told = await said(database, ada, batch, Settlement(LineKey(1), title), Settlement(LineKey(2)))
    assert told == Settled(2, 0)
    again = await bring(database, ada, *lines)
    assert (again.counts.settled, again.counts.skipped) == (1, 1)


async def test_one_word_settles_all_lines_of_that_name(database: Database):
    ada = await move_in(database)
    title, episodes = await series(database, [[], ["canon", "canon"]], "Dark", year=None)
    await series(database, [[], ["canon", "canon"]], "Dark", year=None)
    told = {"kind": "series", "year": None, "season_number": 1}
    batch = await bring(
        database, ada,
        *numbered(
            *(line("Dark", episode_number=number, **told) for number in (1, 2, 3)),
            line("Other", episode_number=1, **told),
        ),
    )  # fmt: skip
    assert batch.counts.ambiguous == 3
    settled = await said(database, ada, batch, Settlement(LineKey(1), title, everywhere=True))
    assert settled == Settled(2, 1)
    first, second, third, other = await lines_of(database, batch.id)
    assert [first.episode_id, second.episode_id] == episodes
    assert (third.match, third.problem) == (Match.AMBIGUOUS, matching.NO_EPISODE)
    assert third.choices[0].title_id == title
    assert other.match == Match.UNKNOWN


async def test_a_namesake_of_another_year_or_kind_is_settled_by_itself(database: Database):
    ada = await move_in(database)
    title = await film(database, "Prey", year=2021)
    batch = await bring(
        database, ada,
        *numbered(
            line("Prey", 2022), line("Prey", 2022), line("Prey", 2023), line("Prey", None),
            line("Prey", 2022, kind="series", season_number=1, episode_number=1),
        ),
    )  # fmt: skip
    told = await said(database, ada, batch, Settlement(LineKey(1), title, everywhere=True))
    assert told == Settled(2, 0)
    settled = await lines_of(database, batch.id, Match.SETTLED)
    assert [each.key.n for each in settled] == [1, 2]
    async with database.read() as connection:
        named = await repo.names(connection, batch.id, Match.SETTLED, 8)
    assert [(each.key.n, count) for each, count in named] == [(1, 2)]


async def test_names_are_read_once_however_often_they_are_settled(database: Database):
    ada = await move_in(database)
    lines = numbered(*(line("Nothing Like It", 1999) for _ in range(8)))
    batch = await bring(database, ada, *lines)
    counted: list[int] = []
    for number in (2, 8):
        named = [Settlement(LineKey(n + 1), everywhere=True) for n in range(number)]
        with statements(database) as sent:
            assert await said(database, ada, batch, *named) == Settled(8, 0)
        counted.append(len(sent) - number)  # each line itself is read
    assert counted[0] == counted[1], counted


async def test_an_episode_settles_its_line_and_another_series_episode_does_not(
    database: Database,
):
    ada = await move_in(database)
    title, (first, _) = await series(database, [[], ["canon", "canon"]], "Dark")
    batch = await bring(database, ada, line("Dork", kind="series", episode_name="Secrets"))
    with pytest.raises(NoSuchEpisode):
        await said(database, ada, batch, Settlement(LineKey(1), title + 1, first))
    with pytest.raises(InvalidInput):
        await said(database, ada, batch, Settlement(LineKey(1), None, first, everywhere=True))
    assert await said(database, ada, batch, Settlement(LineKey(1), None, first)) == Settled(1, 0)
    (listed,) = await lines_of(database, batch.id)
    assert (listed.title_id, listed.episode_id) == (title, first)


async def test_settling_names_lines_and_titles_that_are_there(database: Database):
    kid = await move_in(database, ceiling=7)
    hidden = await film(database, "Alien", maturity=18, year=1979)
    batch = await bring(database, kid, line("Alien", 1979))
    assert batch.counts.unknown == 1, "above the ceiling nothing matches"
    for settlement, refusal in (
        (Settlement(LineKey(1), hidden), NotFound),
        (Settlement(LineKey(1), 10**12), NotFound),
        (Settlement(LineKey(2)), NoSuchLine),
    ):
        with pytest.raises(refusal):
            await said(database, kid, batch, settlement)
    with pytest.raises(InvalidInput):
        await said(database, kid, batch, *[Settlement(LineKey(1))] * 101)


@pytest.mark.parametrize("told", ["", "x", "1.2.3", "-1", "9999999999", "1.99999", "١"])
def test_what_is_no_line_is_refused(told: str):
    with pytest.raises(NoSuchLine):
        LineKey.parse(told)


def test_a_line_is_named_by_its_row_and_part():
    assert [str(LineKey.parse(each)) for each in ("12", "12.1", "0.0")] == ["12", "12.1", "0"]


async def test_a_row_that_says_two_things_is_two_lines(database: Database):
    ada = await move_in(database)
    batch = await bring(
        database, ada, line("Prey"), line("Prey", what=What.RATING, score=8), line("Up", n=2)
    )
    assert [str(each.key) for each in await lines_of(database, batch.id)] == ["1", "1.1", "2"]
    assert (batch.counts.watches, batch.counts.ratings) == (2, 1)


async def test_another_profiles_import_is_not_found(database: Database):
    ada, tom = await move_in(database), await move_in(database)
    title = await film(database, "Up")
    batch = await bring(database, ada, line("Up"))
    sibling = await move_in(database, account_id=ada.account_id)
    for other in (tom, sibling):
        with pytest.raises(NoSuchImport):
            await said(database, other, batch, Settlement(LineKey(1), title))
        for work in (commit, undo):
            with pytest.raises(NoSuchImport):
                await work(database, other, batch.id, NOW)
        with pytest.raises(NoSuchImport):
            await desk.discard(database, other, batch.id)
        async with database.read() as connection:
            assert await repo.batches(connection, other.require_profile()[1]) == []
    with pytest.raises(NoSuchImport):
        await commit(database, ada, uuid4(), NOW)
    assert (await bring(database, tom, line("Up"))).id != batch.id


async def test_a_stranger_and_a_profile_that_has_gone_are_refused(database: Database):
    ada = await move_in(database)
    with pytest.raises(NotSignedIn):
        await bring(database, ada.anonymous(), line("Up"))
    await run(database, "DELETE FROM profiles")
    with pytest.raises(NotSignedIn):
        await bring(database, ada, line("Up"))


async def test_a_file_of_nothing_leaves_nothing(database: Database):
    ada = await move_in(database)
    with pytest.raises(NothingToImport) as refusal:
        await bring(database, ada, Passed(1, "it has no name"))
    assert refusal.value.message.endswith("Row 1: it has no name.")

    def broken():
        yield line("Up")
        raise InvalidInput("The rest of the file is missing.")

    brought = from_lines("imdb", "x.csv", [])
    brought = type(brought)(brought.source, brought.file_name, brought.digest, broken())
    with pytest.raises(InvalidInput):
        await desk.bring(database, ada, brought, NOW)
    async with database.read() as connection:
        assert await repo.batches(connection, ada.require_profile()[1]) == []


async def test_only_one_import_of_a_profile_is_at_work(database: Database):
    ada, tom = await move_in(database), await move_in(database)
    async with database.transaction() as session:
        await repo.begin(session, ada.require_profile()[1])
        with pytest.raises(ImportBusy):
            await bring(database, ada, line("Up"))
        await bring(database, tom, line("Up"))


async def test_twenty_imports_are_kept_and_written_ones_longest(database: Database):
    ada = await move_in(database)
    await film(database, "Up")
    first = await bring(database, ada, line("Up"))
    await commit(database, ada, first.id, NOW)
    for number in range(MOST_BATCHES):
        at = NOW + timedelta(minutes=number + 1)
        await bring(database, ada, line(f"Film {number}"), now=at)
    async with database.read() as connection:
        kept = await repo.batches(connection, ada.require_profile()[1])
    assert len(kept) == MOST_BATCHES
    assert kept[-1].id == first.id
    async with database.transaction() as session:
        assert await desk.prune(await session.connection(), NOW + timedelta(days=91)) == 20


async def test_an_import_that_was_written_by_half_is_kept_like_a_whole_one(
    database: Database, monkeypatch: pytest.MonkeyPatch
):
    ada = await move_in(database)
    for name in ("Up", "Alien"):
        await film(database, name)
    monkeypatch.setattr(rounds, "TITLES", 1)
    first = await bring(database, ada, *numbered(line("Up"), line("Alien")))
    half = await commit(database, ada, first.id, NOW, seconds=0)
    assert (half.state, half.counts.wrote) == (State.MATCHED, 1)
    for number in range(MOST_BATCHES):
        at = NOW + timedelta(minutes=number + 1)
        await bring(database, ada, line(f"Film {number}"), now=at)
    assert (await undo(database, ada, first.id, NOW)).state == State.UNDONE


async def test_an_import_is_kept_for_ninety_days_after_it_was_written(database: Database):
    ada = await move_in(database)
    await film(database, "Up")
    batch = await bring(database, ada, line("Up"))
    await commit(database, ada, batch.id, NOW + timedelta(days=89))
    for days, gone in ((91, 0), (180, 1)):
        async with database.transaction() as session:
            pruned = await desk.prune(await session.connection(), NOW + timedelta(days=days))
        assert pruned == gone


async def test_a_row_that_says_more_than_can_be_numbered_is_refused(
    database: Database, monkeypatch: pytest.MonkeyPatch
):
    assert limits.THINGS_OF_A_ROW == 2**15, "a smallint numbers them, from 0"
    monkeypatch.setattr(limits, "THINGS_OF_A_ROW", 2)
    ada = await move_in(database)
    await bring(database, ada, line("Up"), line("Up"))
    with pytest.raises(TooLarge):
        await bring(database, ada, line("Up"), line("Up"), line("Up"))


async def test_names_are_looked_for_in_an_index_that_is_in_order(database: Database):
    ada = await move_in(database)
    await film(database, "Paddington Goes West", year=2017)
    batch = await bring(database, ada, line("Padington Goes West", 2017))
    assert batch.counts.ambiguous == 1
    async with database.read() as connection:
        waiting = await connection.execute(
            text("SELECT gin_clean_pending_list('titles_name_trgm')")
        )
    assert waiting.scalar_one() == 0, "each look-up would read them all"


async def test_what_has_written_is_undone_before_it_is_thrown_away(database: Database):
    ada = await move_in(database)
    title = await film(database, "Up")
    batch = await bring(database, ada, line("Up"))
    await commit(database, ada, batch.id, NOW)
    with pytest.raises(StillWritten):
        await desk.discard(database, ada, batch.id)
    with pytest.raises(AlreadyWritten):
        await said(database, ada, batch, Settlement(LineKey(1), title))
    await undo(database, ada, batch.id, NOW)
    assert (await desk.discard(database, ada, batch.id)).id == batch.id
    with pytest.raises(NoSuchImport):
        await desk.discard(database, ada, batch.id)


async def test_a_thousand_lines_take_as_many_statements_as_ten(database: Database):
    ada = await move_in(database)
    title, _ = await series(database, [[], ["canon"] * 9], "Dark")
    await film(database, "Paddington 2", year=2017)
    counted: list[int] = []
    for number in (10, 1_000):
        lines = [
            each
            for n in range(number // 5)
            for each in (
                line("Paddington 2", 2017, n=n),
                line(f"Padington {n}", None, n=n),
                line(f"Any {n}", n=n, ids=Ids(imdb_id=f"tt{n:07}")),
                line("Dark", n=n, kind="series", season_number=1, episode_number=n % 9 + 1),
                line(f"Unheard of {n}", 1990, n=n),
            )
        ]
        with statements(database) as sent:
            batch = await bring(database, ada, *lines)
        counted.append(len(sent))
        assert batch.counts.lines == number
    assert counted[0] == counted[1] <= 20, counted
    assert title
