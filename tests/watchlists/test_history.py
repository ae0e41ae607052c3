"""What was watched, line by line, and what it makes of wishes."""

from datetime import timedelta

import pytest

from domain.db import Database
from domain.errors import InvalidInput, NotFound
from domain.history import marks, repo, service
from domain.history.errors import HistoryFull, NoSuchEpisode, NoSuchWatch
from domain.watchlists import service as watchlists
from domain.watchlists.errors import NotOnTheList
from domain.watchlists.service import Wished
from domain.watchlists.values import Whose
from tests.accounts.people import HOSTILE
from tests.support.counting import statements
from tests.watchlists.homes import NOW, events, film, move_in, only, rows, series, wishes

pytestmark = pytest.mark.anyio
EARLIER = NOW - timedelta(days=3)
LINES = "SELECT episode_id, watched_at, source FROM watches ORDER BY id"


async def wish_for(database: Database, viewer, title_id: int) -> None:
    async with database.transaction() as session:
        await watchlists.add(session, Whose.of(viewer, NOW), title_id, Wished(), NOW)


async def mark(database: Database, viewer, title_id: int, at=None, **more) -> bool:
    async with database.transaction() as session:
        return await marks.mark(session, Whose.of(viewer, NOW), title_id, at, NOW, **more)


async def mark_episodes(database: Database, viewer, title_id: int, episodes, at=None) -> bool:
    async with database.transaction() as session:
        return await marks.mark_episodes(
            session, Whose.of(viewer, NOW), title_id, episodes, at, NOW
        )


async def unmark(database: Database, viewer, title_id: int, **more) -> bool:
    async with database.transaction() as session:
        return await marks.unmark(session, Whose.of(viewer, NOW), title_id, NOW, **more)


async def record(database: Database, viewer, at=None, **what) -> service.Recorded:
    async with database.transaction() as session:
        return await service.record(session, Whose.of(viewer, NOW), watched_at=at, now=NOW, **what)


async def remove(database: Database, viewer, watch_id: int) -> int:
    async with database.transaction() as session:
        return await service.remove(session, Whose.of(viewer, NOW), watch_id, NOW)


async def test_marking_a_wish_writes_one_line_and_says_when(database: Database):
    ada, title = await move_in(database), await film(database)
    await wish_for(database, ada, title)
    assert await mark(database, ada, title, EARLIER)
    assert not await mark(database, ada, title)
    assert not await mark(database, ada, title, EARLIER)
    assert (await only(database, ada)).watched_at == EARLIER
    assert await rows(database, LINES) == [(None, EARLIER, "manual")]
    assert await events(database) == [("added", title), ("watched", title)]


async def test_another_moment_puts_the_mark_of_a_wish_right(database: Database):
    ada, title = await move_in(database), await film(database)
    await wish_for(database, ada, title)
    await mark(database, ada, title)
    assert await mark(database, ada, title, EARLIER)
    assert (await only(database, ada)).watched_at == EARLIER
    assert await rows(database, LINES) == [(None, EARLIER, "manual")]


async def test_unmarking_takes_the_mark_and_its_line_back_and_nothing_else(database: Database):
    ada, title = await move_in(database), await film(database)
    await record(database, ada, EARLIER, title_id=title)
    await record(database, ada, NOW, title_id=title, source="player")
    await wish_for(database, ada, title)
    await mark(database, ada, title, NOW - timedelta(days=1))
    assert await unmark(database, ada, title)
    assert not await unmark(database, ada, title)
    assert (await only(database, ada)).watched_at is None
    assert await rows(database, LINES) == [(None, EARLIER, "manual"), (None, NOW, "player")]
    kinds = [kind for kind, _ in await events(database)]
    assert kinds == ["added", "watched", "unwatched"]


async def test_a_title_off_the_list_is_marked_in_the_history_alone(database: Database):
    ada, title = await move_in(database), await film(database)
    assert await mark(database, ada, title)
    assert not await mark(database, ada, title)
    assert await rows(database, LINES) == [(None, NOW, "manual")]
    assert await unmark(database, ada, title)
    assert not await unmark(database, ada, title)
    assert await rows(database, LINES) == []
    assert await events(database) == []
    for change in (mark, unmark):
        with pytest.raises(NotOnTheList):
            await change(database, ada, title, listed=True)


async def test_the_last_missing_episode_finishes_a_series(database: Database):
    ada = await move_in(database)
    title, (special, first, filler, last) = await series(
        database, [["canon"], ["canon", "filler"], ["canon"]]
    )
    await wish_for(database, ada, title)
    for episode in (special, last):
        assert not (await record(database, ada, EARLIER, episode_id=episode)).finished
    assert (await only(database, ada)).watched_at is None
    assert (await record(database, ada, NOW, episode_id=first)).finished
    assert (await only(database, ada)).watched_at == NOW
    assert not (await record(database, ada, NOW, episode_id=filler)).finished
    kinds = [kind for kind, _ in await events(database)]
    assert kinds == ["added", "changed", "changed", "watched", "changed"]


async def test_a_film_or_a_whole_series_is_finished_by_one_line(database: Database):
    ada = await move_in(database)
    for title in (await film(database), (await series(database, [[], ["canon"]]))[0]):
        await wish_for(database, ada, title)
        assert (await record(database, ada, EARLIER, title_id=title)).finished
    assert {wish.watched_at for wish in await wishes(database, ada)} == {EARLIER}


async def test_seeing_an_old_series_again_finishes_nothing(database: Database):
    ada = await move_in(database)
    title, (one, two) = await series(database, [[], ["canon", "canon"]])
    for episode in (one, two):
        await record(database, ada, EARLIER, episode_id=episode)
    await wish_for(database, ada, title)
    assert not (await record(database, ada, NOW, episode_id=one)).finished
    assert (await only(database, ada)).watched_at is None


async def test_the_same_line_twice_is_one_and_no_news(database: Database):
    ada, title = await move_in(database), await film(database)
    await wish_for(database, ada, title)
    one = await record(database, ada, EARLIER, title_id=title)
    two = await record(database, ada, EARLIER, title_id=title, source="player")
    assert (one.watch_id, one.new, two.new) == (two.watch_id, True, False)
    assert await rows(database, LINES) == [(None, EARLIER, "manual")]
    assert len(await events(database)) == 2


async def test_taking_a_line_out_opens_what_it_finished(database: Database):
    ada = await move_in(database)
    title, episodes = await series(database, [[], ["canon", "canon"]])
    await wish_for(database, ada, title)
    first, last = [await record(database, ada, EARLIER, episode_id=each) for each in episodes]
    again = await record(database, ada, NOW, episode_id=episodes[0])
    assert await remove(database, ada, first.watch_id) == title
    assert (await only(database, ada)).watched_at == EARLIER  # it was seen twice
    await remove(database, ada, again.watch_id)
    assert (await only(database, ada)).watched_at is None
    assert (await events(database))[-2:] == [("changed", title), ("unwatched", title)]
    await remove(database, ada, last.watch_id)
    assert await rows(database, LINES) == []


async def test_episodes_are_marked_at_once_and_those_seen_before_stay(database: Database):
    ada = await move_in(database)
    title, (one, two, three) = await series(database, [[], ["canon"] * 3])
    await wish_for(database, ada, title)
    await record(database, ada, EARLIER, episode_id=one)
    assert await mark_episodes(database, ada, title, [one, two])
    assert not await mark_episodes(database, ada, title, [two, one, two])
    assert await rows(database, LINES) == [(one, EARLIER, "manual"), (two, NOW, "manual")]
    assert await mark_episodes(database, ada, title, [three])
    assert (await only(database, ada)).watched_at == NOW
    assert not await mark_episodes(database, ada, title, [])


async def test_episodes_of_another_series_are_not_found(database: Database):
    ada = await move_in(database)
    title, _ = await series(database, [[], ["canon"]])
    _, others = await series(database, [[], ["canon"]], "Light")
    for episodes in (others, [2**63 - 1], [0]):
        with pytest.raises(NoSuchEpisode):
            await mark_episodes(database, ada, title, episodes)
    with pytest.raises(InvalidInput):
        await mark_episodes(database, ada, title, range(251))


async def test_a_child_cannot_record_what_is_not_for_it(database: Database):
    kid = await move_in(database, ceiling=7)
    title, (episode,) = await series(database, [[], ["canon"]], maturity=16)
    with pytest.raises(NotFound):
        await mark(database, kid, title)
    for what in ({"title_id": title}, {"episode_id": episode}):
        with pytest.raises(NotFound):
            await record(database, kid, **what)
    assert await rows(database, LINES) == []


async def test_nobody_reads_or_removes_another_profiles_lines(database: Database):
    ada, title = await move_in(database), await film(database)
    sibling = await move_in(database, account_id=ada.account_id)
    made = await record(database, ada, title_id=title)
    with pytest.raises(NoSuchWatch):
        await remove(database, sibling, made.watch_id)
    async with database.read() as connection:
        page = await repo.page(connection, Whose.of(sibling, NOW), first=10)
    assert page.rows == []


@pytest.mark.parametrize("what", [{}, {"title_id": 1, "episode_id": 1}])
async def test_a_line_is_of_a_title_or_an_episode(database: Database, what):
    with pytest.raises(InvalidInput):
        await record(database, await move_in(database), **what)


async def test_a_history_has_an_end(database: Database, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("domain.history.rules.MOST_WATCHES", 2)
    ada = await move_in(database)
    for name in "ab":
        await record(database, ada, title_id=await film(database, name))
    with pytest.raises(HistoryFull):
        await mark(database, ada, await film(database, "c"))


async def test_pages_of_a_history_add_up_the_latest_first_one_statement_each(database: Database):
    ada = await move_in(database)
    title, episodes = await series(database, [[], ["canon"] * 7])
    for place, episode in enumerate(episodes):
        await record(database, ada, NOW - timedelta(hours=place // 3), episode_id=episode)
    found, after, more = [], None, True
    with statements(database) as sent:
        while more:
            async with database.read() as connection:
                page = await repo.page(connection, Whose.of(ada, NOW), first=2, after=after)
            found += [row.episode_id for row in page.rows]
            after, more = repo.cursor(page.rows[-1]), page.more
    by_place = [episodes[each] for each in (2, 1, 0, 5, 4, 3, 6)]
    assert (found, len(sent)) == (by_place, 4)
    assert title


@pytest.mark.parametrize("cursor", [*HOSTILE, "W10", "WzEsMl0x", "WzkyMjMzNzIwMzY4NTQ3NzU4MDcsMV0"])
async def test_a_cursor_that_is_not_ours_is_refused(database: Database, cursor: str):
    ada = await move_in(database)
    async with database.read() as connection:
        with pytest.raises(InvalidInput):
            await repo.page(connection, Whose.of(ada, NOW), first=1, after=cursor)


async def test_what_was_finished_is_no_wish_for_the_recommender(database: Database):
    ada, title = await move_in(database), await film(database)
    await wish_for(database, ada, title)
    await record(database, ada, title_id=title)
    open_wishes = "SELECT count(*) FROM watchlist_items WHERE watched_at IS NULL"
    assert await rows(database, open_wishes) == [(0,)]
