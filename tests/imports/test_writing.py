"""Writing an import to the history, and taking it back: exactly, and never what others did."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from domain.accounts.viewer import Viewer
from domain.db import Database
from domain.history import marks, ratings
from domain.history import rules as history_rules
from domain.history import service as history
from domain.history.errors import HistoryFull
from domain.imports import rounds, writing
from domain.imports.batches import LineKey, Settlement, State
from domain.imports.commit import commit
from domain.imports.settling import settle
from domain.imports.undo import undo
from domain.imports.values import Line, What
from domain.watchlists import service as watchlists
from domain.watchlists import values as watchlist_values
from domain.watchlists.errors import WatchlistFull
from domain.watchlists.values import Whose
from tests.accounts.people import run
from tests.imports.exports import DAY, MOVED, bring, line, lines_of, numbered, past_of
from tests.watchlists.homes import NOW, events, film, move_in, only, rows, series

pytestmark = pytest.mark.anyio

LATER = NOW + timedelta(minutes=5)


async def watch(database: Database, viewer: Viewer, title_id: int, at: datetime, **more: Any):
    async with database.transaction() as session:
        await history.record(
            session, Whose.of(viewer, LATER), title_id=title_id, watched_at=at, now=LATER, **more
        )


async def wish(database: Database, viewer: Viewer, title_id: int, at: datetime = NOW, **said: Any):
    async with database.transaction() as session:
        await watchlists.add(session, Whose.of(viewer, at), title_id, said, at)  # type: ignore[arg-type]


async def rate(database: Database, viewer: Viewer, title_id: int, score: int, at: datetime = NOW):
    async with database.transaction() as session:
        await ratings.rate(session, viewer.require_profile()[1], title_id, score, at)


async def write(database: Database, viewer: Viewer, *lines: Line, source: str = "letterboxd"):
    batch = await bring(database, viewer, *numbered(*lines), source=source)
    return await commit(database, viewer, batch.id, NOW)


async def test_watches_ratings_and_wishes_are_written_once(database: Database):
    ada = await move_in(database)
    up, alien = await film(database, "Up"), await film(database, "Alien")
    lines = [
        line("Up"), line("Up"), line("Up", at=DAY + timedelta(days=9), dated=True),
        line("Up", what=What.RATING, score=9), line("Alien", what=What.WISH, note=" with Tom "),
    ]  # fmt: skip
    batch = await write(database, ada, *lines)
    assert (batch.state, batch.counts.committed, batch.counts.wrote) == (State.COMMITTED, 5, 4)
    assert await past_of(database, ada) == {
        "watches": [
            (up, None, MOVED, "import.letterboxd"),
            (up, None, DAY + timedelta(days=9), "import.letterboxd"),
        ],
        "ratings": [(up, 9, MOVED)],
        "watchlist_items": [(alien, MOVED, None, "with Tom", None)],
        "removed_watchlist_items": [],
    }
    assert (await lines_of(database, batch.id))[1].problem == writing.SAME_WATCH
    assert await events(database) == [("added", alien)]
    again = await write(database, ada, *lines)
    assert (again.id, again.counts.wrote) == (batch.id, 4)
    assert len((await past_of(database, ada))["watches"]) == 2


@pytest.mark.parametrize("zone", ["UTC", "America/Los_Angeles", "Pacific/Auckland"])
async def test_a_day_and_a_moment_of_it_are_the_same_watch_whichever_came_first(
    database: Database, zone: str
):
    ada, title = await move_in(database), await film(database, "Up")
    ada = ada.living_in("US", zone)
    at = datetime(2024, 3, 2, 4, 15, tzinfo=UTC)  # the evening before in California
    day = {"UTC": 2, "America/Los_Angeles": 1, "Pacific/Auckland": 2}[zone]
    bare = line("Up", at=datetime(2024, 3, day, 12, tzinfo=UTC), dated=True)
    exact = line("Up", at=at)
    await write(database, ada, exact, source="trakt")
    await write(database, ada, bare, source="letterboxd")
    assert [row[2] for row in (await past_of(database, ada))["watches"]] == [at]
    tom = (await move_in(database)).living_in("US", zone)
    await write(database, tom, bare, source="letterboxd")
    await write(database, tom, exact, source="trakt")
    assert [row[2] for row in (await past_of(database, tom))["watches"]] == [bare.at]
    await write(database, tom, line("Up", at=at + timedelta(days=1)), source="simkl")
    assert len((await past_of(database, tom))["watches"]) == 2
    assert title


async def test_what_nobody_dates_is_of_the_day_it_was_first_shown(database: Database):
    ada = await move_in(database)
    _, (first, second) = await series(database, [[], ["canon", "canon"]], "Dark", year=2017)
    await run(database, "UPDATE episodes SET air_date = '2017-12-01' WHERE number = 1")
    told: Any = {"kind": "series", "season_number": 1, "at": None}
    lines = [line("Dark", 2017, episode_number=number, **told) for number in (1, 2)]
    await write(database, ada, *lines)
    watched = {
        row[1]: row[2].date().isoformat() for row in (await past_of(database, ada))["watches"]
    }
    assert watched == {first: "2017-12-01", second: "2017-12-31"}
    await write(database, ada, *lines, source="simkl")
    assert len((await past_of(database, ada))["watches"]) == 2


async def test_own_ratings_stay_and_imported_ones_give_way_to_newer(database: Database):
    ada = await move_in(database)
    own, brought = await film(database, "Up"), await film(database, "Alien")
    await rate(database, ada, own, 3, MOVED - timedelta(days=900))
    rated: Any = {"what": What.RATING}
    batch = await write(
        database, ada, line("Up", score=9, **rated), line("Alien", score=5, **rated)
    )
    assert (await lines_of(database, batch.id))[0].problem == writing.OWN_RATING
    older, newer = MOVED - timedelta(days=1), MOVED + timedelta(days=1)
    await write(database, ada, line("Alien", score=1, at=older, **rated), source="imdb")
    await write(database, ada, line("Alien", score=8, at=newer, **rated), source="trakt")
    assert {row[0]: row[1] for row in (await past_of(database, ada))["ratings"]} == {
        own: 3, brought: 8
    }  # fmt: skip


async def test_undoing_two_imports_in_any_order_brings_no_rating_back(database: Database):
    ada, _ = await move_in(database), await film(database, "Up")
    for order in ((0, 1), (1, 0)):
        batches = [
            await write(
                database, ada,
                line("Up", what=What.RATING, score=score, at=MOVED + timedelta(days=score)),
                source=source,
            )
            for source, score in (("imdb", 5), ("trakt", 8))
        ]  # fmt: skip
        assert (await past_of(database, ada))["ratings"][0][1] == 8
        for place in order:
            await undo(database, ada, batches[place].id, NOW)
        assert (await past_of(database, ada))["ratings"] == [], order


async def test_ratings_of_episodes_are_kept_nowhere(database: Database):
    ada = await move_in(database)
    await series(database, [[], ["canon"]], "Dark", year=2017)
    rated = line("Dark", 2017, what=What.RATING, score=9, kind="series", season_number=1,
                 episode_number=1)  # fmt: skip
    batch = await write(database, ada, rated)
    assert (batch.counts.skipped, batch.counts.wrote) == (1, 0)


async def test_a_wish_is_watched_by_what_was_watched_after_it(database: Database):
    ada = await move_in(database)
    old, new = await film(database, "Up"), await film(database, "Alien")
    for title in (old, new):
        await wish(database, ada, title, MOVED)
    batch = await write(
        database, ada, line("Up", at=MOVED - timedelta(days=30)), line("Alien", at=MOVED)
    )
    listed = {row[0]: row[4] for row in (await past_of(database, ada))["watchlist_items"]}
    assert listed == {old: None, new: MOVED}
    assert (await events(database))[2:] == [("changed", old), ("watched", new)]
    await undo(database, ada, batch.id, NOW)
    listed = {row[0]: row[4] for row in (await past_of(database, ada))["watchlist_items"]}
    assert listed == {old: None, new: None}
    assert (await events(database))[4:] == [("changed", old), ("unwatched", new)]


async def test_the_last_episodes_make_a_wish_watched_and_tell_it_once(database: Database):
    ada = await move_in(database)
    title, _ = await series(database, [["canon"], ["canon"] * 3 + ["filler"]], "Dark", year=2017)
    await wish(database, ada, title, MOVED)
    told: Any = {"kind": "series", "season_number": 1}
    await write(database, ada, *(line("Dark", 2017, episode_number=n, **told) for n in (1, 2)))
    assert (await only(database, ada)).watched_at is None
    await write(database, ada, line("Dark", 2017, episode_number=3, **told))
    assert (await only(database, ada)).watched_at == MOVED
    assert await events(database) == [("added", title), ("changed", title), ("watched", title)]


async def test_undo_leaves_what_somebody_changed_since(database: Database):
    ada = await move_in(database)
    titles = [await film(database, f"Film number {n}") for n in range(6)]
    for title in titles[3:5]:
        await wish(database, ada, title, MOVED)
    names = [f"Film number {n}" for n in range(6)]
    batch = await write(
        database, ada,
        line(names[0], what=What.RATING, score=5), line(names[1], what=What.WISH),
        line(names[2], what=What.WISH), line(names[3]), line(names[4]), line(names[5]),
    )  # fmt: skip
    await rate(database, ada, titles[0], 7)
    await wish(database, ada, titles[1], note="mine")
    await watch(database, ada, titles[3], NOW)  # watched once more
    async with database.transaction() as session:
        await marks.mark(session, Whose.of(ada, NOW), titles[5], NOW, LATER)
    await undo(database, ada, batch.id, NOW)
    past = await past_of(database, ada)
    assert [row[:2] for row in past["ratings"]] == [(titles[0], 7)]
    listed = {row[0]: (row[3], row[4]) for row in past["watchlist_items"]}
    assert listed == {
        titles[1]: ("mine", None), titles[3]: (None, MOVED), titles[4]: (None, None)
    }  # fmt: skip
    assert [(row[0], row[3]) for row in past["watches"]] == [
        (titles[3], "manual"), (titles[5], "manual")
    ]  # fmt: skip


async def test_what_would_be_too_much_is_refused_before_anything_is_written(
    database: Database, monkeypatch: pytest.MonkeyPatch
):
    ada = await move_in(database)
    for name in ("Up", "Alien"):
        await film(database, name)
    watched = await bring(database, ada, *numbered(line("Up"), line("Alien")))
    wished = await bring(database, ada, *numbered(*(
        line(name, what=What.WISH) for name in ("Up", "Alien")
    )))  # fmt: skip
    before = await past_of(database, ada)
    monkeypatch.setattr(history_rules, "MOST_WATCHES", 1)
    monkeypatch.setattr("domain.imports.commit.MOST_ITEMS", 1)
    assert watchlist_values.MOST_ITEMS > 1
    for batch, refusal in ((watched, HistoryFull), (wished, WatchlistFull)):
        with pytest.raises(refusal):
            await commit(database, ada, batch.id, NOW)
    assert await past_of(database, ada) == before


async def test_a_commit_goes_on_where_it_was_interrupted(
    database: Database, monkeypatch: pytest.MonkeyPatch
):
    ada = await move_in(database)
    for n in range(5):
        await film(database, f"Film number {n}")
    monkeypatch.setattr(rounds, "TITLES", 2)
    lines = numbered(*(line(f"Film number {n}") for n in range(5)))
    batch = await bring(database, ada, *lines)
    half = await commit(database, ada, batch.id, NOW, seconds=0)
    assert (half.state, half.counts.committed, half.counts.open) == (State.MATCHED, 2, 3)
    told: list[int] = []
    whole = await commit(
        database, ada, batch.id, NOW, progress=lambda each: told.append(each.lines)
    )
    assert (whole.state, whole.counts.wrote, told) == (State.COMMITTED, 5, [2, 3])
    half = await undo(database, ada, batch.id, NOW, seconds=0)
    assert (half.state, half.counts.committed) == (State.COMMITTED, 3)
    assert (await undo(database, ada, batch.id, NOW)).state == State.UNDONE
    assert (await past_of(database, ada))["watches"] == []


async def test_what_ends_when_its_time_is_up_is_known_to_be_done(database: Database):
    ada = await move_in(database)
    await film(database, "Up")
    batch = await bring(database, ada, line("Up"))
    done = await commit(database, ada, batch.id, NOW, seconds=0)
    assert (done.state, done.committed_at, done.counts.open) == (State.COMMITTED, NOW, 0)
    undone = await undo(database, ada, batch.id, NOW, seconds=0)
    assert (undone.state, undone.undone_at, undone.counts.committed) == (State.UNDONE, NOW, 0)


async def test_a_title_that_went_or_was_hidden_meanwhile_is_left_open(database: Database):
    ada = await move_in(database)
    gone = await film(database, "Up")
    await film(database, "Alien")
    title, _ = await series(database, [[], ["canon"]], "Dark", year=2017)
    batch = await bring(
        database, ada,
        *numbered(
            line("Up"), line("Alien"),
            line("Dark", 2017, kind="series", season_number=1, episode_number=1),
        ),
    )  # fmt: skip
    assert batch.counts.matched == 3
    await run(database, f"DELETE FROM titles WHERE id = {gone}")
    await run(database, "UPDATE titles SET maturity = 18 WHERE name = 'Alien'")
    await run(database, "DELETE FROM episodes")
    await run(database, "UPDATE profiles SET maturity_ceiling = 13")
    done = await commit(database, ada, batch.id, NOW)
    assert (done.state, done.counts.wrote) == (State.COMMITTED, 0)
    assert (done.counts.unknown, done.counts.ambiguous) == (2, 1)
    assert (await past_of(database, ada))["watches"] == []
    assert title


NAMES = ["Up", "Alien", "Paddington 2"]
DAYS = st.integers(0, 4)
WHATS = st.tuples(st.sampled_from(NAMES), st.sampled_from(list(What)), DAYS, st.booleans(),
                  st.integers(1, 10))  # fmt: skip
BEFORE = st.lists(
    st.tuples(st.sampled_from(["watch", "wish", "rate"]), st.integers(0, 2), DAYS), max_size=6
)


@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(before=BEFORE, imported=st.lists(st.lists(WHATS, min_size=1, max_size=8), max_size=3))
async def test_imports_that_are_undone_leave_everything_as_it_was(
    database: Database, before: Any, imported: Any
) -> None:
    ada = await move_in(database)
    titles = [key for (key,) in await rows(database, "SELECT id FROM titles ORDER BY id")] or [
        await film(database, name) for name in NAMES
    ]
    for what, place, day in before:
        at = MOVED + timedelta(days=day)
        if what == "wish":
            await wish(database, ada, titles[place], at)
        elif what == "rate":
            await rate(database, ada, titles[place], day + 1, at)
        else:
            await watch(database, ada, titles[place], at)
    there = await past_of(database, ada)
    batches = []
    for number, whats in enumerate(imported):
        lines = [
            line(name, what=what, score=score if what is What.RATING else None, dated=dated,
                 at=(DAY if dated else MOVED) + timedelta(days=day))
            for name, what, day, dated, score in whats
        ]  # fmt: skip
        batch = await bring(database, ada, *numbered(*lines), source=f"source{number}")
        batches.append(await commit(database, ada, batch.id, NOW))
        assert batch.counts.unknown == 0
    for batch in reversed(batches):
        await undo(database, ada, batch.id, NOW)
    assert await past_of(database, ada) == there


async def test_settled_lines_are_written_too(database: Database):
    ada = await move_in(database)
    title = await film(database, "Prey", year=2021)
    batch = await bring(database, ada, *numbered(line("Prey", 2022), line("Prey", 2023)))
    async with database.transaction() as session:
        await settle(
            session, ada, batch.id, [Settlement(LineKey(1), title), Settlement(LineKey(2))]
        )
    done = await commit(database, ada, batch.id, NOW)
    assert (done.counts.wrote, len((await past_of(database, ada))["watches"])) == (1, 1)
