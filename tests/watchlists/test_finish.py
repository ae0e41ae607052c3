"""Can I finish it? The plan and the sentence that says it."""

from dataclasses import replace
from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from domain.watchlists.finish import (
    Left,
    Pace,
    PaceSource,
    Plan,
    Stay,
    Watching,
    lost,
    pace_of,
    plan,
    until_of,
)
from domain.watchlists.finish_words import sentence

TODAY = date(2026, 11, 16)  # a Monday
HOUR = Pace(60, PaceSource.MEASURED)


def day(days: int) -> date:
    return TODAY + timedelta(days)


def series(*minutes: int, stays: list[Stay], begun: bool = False) -> Watching:
    """Seasons of so many minutes each, an hour an episode."""
    left = [Left(number, count=1, minutes=each) for number, each in enumerate(minutes, 1)]
    return Watching("series", 60, left, stays, begun)


def made(watching: Watching, pace: Pace = HOUR, today: date = TODAY) -> Plan:
    found = plan(watching, pace, today)
    assert found is not None
    return found


def test_a_season_stays_as_long_as_any_offer_has_it():
    stays = [Stay(4, day(3)), Stay(4, day(9)), Stay(5, day(3)), Stay(5)]
    at_four, at_five = until_of(stays, 4), until_of(stays, 5)
    assert at_four is not None
    assert at_five is not None
    assert (at_four.day, at_five.day) == (day(9), None)
    assert until_of(stays, 6) is None
    assert until_of([*stays, Stay(None, day(20))], 6) == until_of([Stay(None, day(20))], 1)


def test_the_first_day_counts_and_so_does_the_last():
    seven_evenings = series(420, stays=[Stay(until=day(6))])
    found = made(seven_evenings)
    assert (found.start_by, found.can_finish, found.finishes_on) == (TODAY, True, day(6))
    too_much = made(series(421, stays=[Stay(until=day(6))]))
    assert (too_much.start_by, too_much.loses) == (None, (1,))


def test_what_is_lost_takes_its_days_and_no_more():
    # Season 1 leaves after two of its five hours; season 2 then has the two days it needs.
    found = made(series(300, 120, stays=[Stay(1, day(1)), Stay(2, day(3))]))
    assert found.loses == (1,)
    assert made(series(300, 180, stays=[Stay(1, day(1)), Stay(2, day(3))])).loses == (1, 2)


def test_a_season_that_stays_is_watched_before_one_that_goes():
    stays = [Stay(1), Stay(2, day(4))]
    found = made(series(180, 120, stays=stays))
    assert (found.leaves_on, found.start_by) == (day(4), TODAY)
    assert made(series(181, 120, stays=stays)).loses == (2,)


def test_specials_filler_and_what_is_nowhere_do_not_count():
    left = [
        Left(0, 9, 60),
        Left(1, 2, 30, "canon"),
        Left(1, 5, 30, "filler"),
        Left(1, 1, 30, "mixed"),
        Left(1, 1, None, "unknown"),
        Left(2, 8, 30),
    ]
    found = made(Watching("series", 25, left, [Stay(0, day(9)), Stay(1, day(9))]))
    assert (found.minutes, found.episodes, found.filler_skipped) == (2 * 30 + 30 + 25, 4, 5)


def test_there_is_no_plan_where_nothing_unseen_leaves():
    assert plan(series(60, stays=[Stay()]), HOUR, TODAY) is None
    assert plan(series(60, stays=[]), HOUR, TODAY) is None
    assert plan(series(stays=[Stay(until=day(3))]), HOUR, TODAY) is None
    only_filler = Watching("series", 24, [Left(1, 3, 24, "filler")], [Stay(until=day(3))])
    assert plan(only_filler, HOUR, TODAY) is None
    assert plan(series(0, 60, stays=[Stay(1, day(3)), Stay(2)]), HOUR, TODAY) is not None


def test_a_film_is_one_evening_at_any_pace():
    film = Watching("film", 190, [Left(1, 1)], [Stay(until=day(0))])
    found = made(film, Pace(15))
    assert (found.minutes, found.start_by, found.can_finish) == (190, TODAY, True)
    assert sentence(found) == "Watch it today, its last day."
    later = made(replace(film, runtime_min=None, stays=[Stay(until=day(3))]))
    assert later.minutes == 110
    assert sentence(later) == "Watch it by Thursday, its last day."


def test_a_pace_needs_some_days_to_go_by():
    assert pace_of([], 0) == Pace(60, PaceSource.ASSUMED)
    assert pace_of([120, 120], 28).source is PaceSource.ASSUMED
    assert pace_of([120, 120, 120], 6).source is PaceSource.ASSUMED
    assert pace_of([140, 140, 140], 7) == Pace(60, PaceSource.MEASURED)
    assert pace_of([140] * 10, 400) == Pace(50, PaceSource.MEASURED)


def test_a_pace_stays_within_what_people_do():
    assert pace_of([1, 1, 1], 28).minutes == 15
    assert pace_of([100_000] * 28, 28).minutes == 300
    assert pace_of([100_000, 1, 1], 28).minutes == 15  # one day says little of the others


def test_it_says_by_when_to_start_and_what_is_lost_else():
    stays = [Stay(season, day(13)) for season in (4, 5)] + [Stay(season) for season in (1, 2, 3)]
    found = made(series(60, 60, 60, 240, 240, stays=stays))
    assert sentence(found) == "Start by Thursday or you lose season 5."
    both = [Stay(season, day(4)) for season in (4, 5)] + stays[2:]
    assert sentence(made(series(60, 60, 60, 120, 120, stays=both), Pace(240))) == (
        "Start by Thursday or you lose seasons 4 and 5."
    )
    assert sentence(made(series(600, stays=[Stay(until=day(9))]))) == (
        "Start today or it leaves before its end."
    )
    assert sentence(made(series(600, stays=[Stay(until=day(39))]))) == (
        "Start by 16 December or it leaves before its end."
    )
    assert sentence(made(series(600, stays=[Stay(until=day(400))]))) == (
        "Start by 12 December 2027 or it leaves before its end."
    )


def test_it_says_when_who_has_begun_is_done():
    def told(minutes: int, until: date, pace: Pace = HOUR) -> str:
        return sentence(made(series(minutes, stays=[Stay(until=until)], begun=True), pace))

    assert told(780, day(14)) == (
        "At your pace you finish on 28 November, two days before it leaves."
    )
    assert told(120, day(2)) == "At your pace you finish tomorrow, the day before it leaves."
    assert told(180, day(2), Pace()) == (
        "At an hour a day you finish on Wednesday, the day it leaves."
    )
    assert told(60, day(30)) == "At your pace you finish today, 30 days before it leaves."
    some = made(series(180, 60, stays=[Stay(1, day(4)), Stay(2)], begun=True))
    assert sentence(some) == (
        "At your pace you finish season 1 on Wednesday, two days before it leaves."
    )


def test_it_says_what_is_lost_and_what_is_left():
    last = [Stay(season, day(14)) for season in (1, 2, 3, 4, 5)]
    assert sentence(made(series(300, 300, 300, 300, 300, stays=last))) == (
        "You can't finish it all: seasons 4 and 5 leave on 30 November,"
        " but there is time for seasons 1 to 3."
    )
    stay = [Stay(1, day(0)), Stay(2)]
    assert sentence(made(series(300, 300, stays=stay))) == (
        "You can't finish it all: season 1 leaves today, but season 2 stays."
    )
    assert sentence(made(series(600, stays=[Stay(until=day(3))]))) == (
        "You can't finish it: it leaves on Thursday, with 10 hours left."
    )
    none = [Stay(1, day(0)), Stay(2, day(1))]
    assert sentence(made(series(300, 300, stays=none))) == (
        "You can't finish it: season 1 leaves today and season 2 leaves tomorrow."
    )
    many = [Stay(season, day(season)) for season in (1, 2, 3)]
    assert sentence(made(series(300, 300, 300, stays=many))) == (
        "You can't finish it: seasons 1 to 3 leave from tomorrow on."
    )


def test_a_life_of_watching_has_no_date_and_no_error():
    endless = Watching("series", 32_767, [Left(1, 32_767, 32_767)], [Stay(until=day(3))])
    found = made(endless)
    assert found.minutes == 32_767**2
    assert found.start_by is None
    assert sentence(found)


def test_the_year_9999_is_no_end():
    assert plan(series(60, stays=[Stay(until=date.max)]), HOUR, TODAY) is None


ends = st.none() | st.integers(0, 60).map(day)
stays_of = st.builds(Stay, st.none() | st.integers(0, 5), ends)
lefts = st.builds(
    Left,
    st.integers(0, 5),
    st.integers(0, 30),
    st.none() | st.integers(1, 90),
    st.sampled_from(["canon", "mixed", "filler", "unknown"]),
)
watchings = st.builds(
    Watching,
    st.sampled_from(["film", "series"]),
    st.none() | st.integers(1, 200),
    st.lists(lefts, max_size=8),
    st.lists(stays_of, max_size=8),
    st.booleans(),
)
paces = st.integers(15, 300).map(Pace)


@given(watchings, paces)
def test_starting_by_the_day_it_says_is_in_time_and_a_day_later_is_not(
    watching: Watching, pace: Pace
):
    found = plan(watching, pace, TODAY)
    if found is None:
        return
    assert (found.start_by is None) == bool(found.loses)
    if found.start_by is not None:
        assert found.start_by >= TODAY
        assert not lost(found.parts, found.minutes_a_day, found.start_by)
        assert lost(found.parts, found.minutes_a_day, found.start_by + timedelta(1))


@given(watchings, paces, paces)
def test_more_pace_never_makes_it_worse(watching: Watching, one: Pace, other: Pace):
    slow, fast = sorted((one, other), key=lambda pace: pace.minutes)
    slowly, quickly = plan(watching, slow, TODAY), plan(watching, fast, TODAY)
    assert (slowly is None) == (quickly is None)
    if slowly and quickly:
        assert_no_worse(slowly, quickly)


@given(watchings, paces, st.data())
def test_watching_an_episode_never_makes_it_worse(
    watching: Watching, pace: Pace, data: st.DataObject
):
    there = [place for place, left in enumerate(watching.left) if left.count]
    if not there:
        return
    seen = data.draw(st.sampled_from(there))
    left = [
        replace(each, count=each.count - (place == seen))
        for place, each in enumerate(watching.left)
    ]
    before = plan(watching, pace, TODAY)
    after = plan(replace(watching, left=left), pace, TODAY)
    if before is None:
        assert after is None
    elif after is not None and watching.kind == "series":
        assert after.minutes <= before.minutes
        assert_no_worse(before, after)


def assert_no_worse(before: Plan, after: Plan) -> None:
    assert set(after.loses) <= set(before.loses)
    if before.start_by is not None:
        assert after.start_by is not None
        assert after.start_by >= before.start_by


@given(watchings, paces, st.lists(lefts, max_size=4))
def test_filler_never_counts(watching: Watching, pace: Pace, more: list[Left]):
    filler = [replace(each, filler="filler") for each in more]
    with_filler = plan(replace(watching, left=[*watching.left, *filler]), pace, TODAY)
    without = plan(watching, pace, TODAY)
    if without is None:
        assert with_filler is None
    else:
        assert with_filler is not None
        assert replace(with_filler, filler_skipped=without.filler_skipped) == without
        assert with_filler.filler_skipped >= without.filler_skipped


@given(watchings, paces)
def test_every_plan_has_a_sentence(watching: Watching, pace: Pace):
    found = plan(watching, pace, TODAY)
    if found is not None:
        said = sentence(found)
        assert said.endswith(".")
        assert "None" not in said
        assert "  " not in said
