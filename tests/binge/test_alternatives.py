"""What is offered where a plan doesn't fit does what it says."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from domain.binge.packing import attempt
from domain.binge.rules import plan
from domain.binge.values import Alternative, Change, Episode, Schedule, Verdict, Wish
from tests.binge.episodes import MONDAY, day, episode, seasons, stories, wishes

HOUR = (60,) * 7


def offered(schedule: Schedule) -> Mapping[Change, Alternative]:
    return {each.change: each for each in schedule.alternatives}


def test_a_plan_that_fits_offers_nothing():
    assert plan(seasons(4), Wish(MONDAY, until=day(1), minutes=HOUR), 60).alternatives == ()


def test_too_little_time_offers_what_is_nearest_first():
    episodes = seasons(10, 10, 10)
    episodes += [episode(1, 90 + at, 30, verdict=Verdict.FILLER) for at in range(6)]
    wish = Wish(MONDAY, until=day(14), minutes=HOUR, skip_filler=False)
    schedule = plan(episodes, wish, 60)
    assert schedule.alternatives == (
        Alternative(Change.MORE_MINUTES, day(11), minutes=(90,) * 7),
        Alternative(Change.SKIP_FILLER, day(14)),
        Alternative(Change.FEWER_SEASONS, day(12), seasons=(1, 2)),
        Alternative(Change.MORE_DAYS, day(17), until=day(17)),
    )


def test_more_minutes_are_rounded_up_to_five_and_come_only_on_days_that_have_some():
    wish = Wish(MONDAY, until=day(6), minutes=(60, 0, 60, 0, 60, 0, 60))
    found = offered(plan(seasons(12, minutes=24), wish, 60))[Change.MORE_MINUTES]
    assert found.minutes == (75, 0, 75, 0, 75, 0, 75)  # 72 would do


def test_nobody_is_advised_more_than_sixteen_hours_a_day():
    fitting = plan(seasons(4, minutes=479), Wish(MONDAY, until=day(1), minutes=(479,) * 7), 60)
    assert offered(fitting)[Change.MORE_MINUTES].minutes == (959,) * 7  # 958 would do
    too_long = plan(seasons(4, minutes=481), Wish(MONDAY, until=day(1), minutes=(481,) * 7), 60)
    assert Change.MORE_MINUTES not in offered(too_long)
    rounded = plan(seasons(2, minutes=479), Wish(MONDAY, until=day(0), minutes=(957,) * 7), 60)
    assert offered(rounded)[Change.MORE_MINUTES].minutes == (958,) * 7  # 962 are too many


def test_the_specials_are_the_first_to_be_left_out():
    episodes = [*seasons(4, 4), episode(0, 1, 30), episode(0, 2, 30)]
    wish = Wish(MONDAY, until=day(3), minutes=HOUR, specials=True)
    found = offered(plan(episodes, wish, 60))[Change.FEWER_SEASONS]
    assert (found.seasons, found.finishes_on) == ((1, 2), day(3))


def test_a_season_that_leaves_before_its_turn_can_go_first():
    episodes = [*seasons(6), *(episode(2, at, 30, until=day(1)) for at in range(3))]
    schedule = plan(episodes, Wish(MONDAY, minutes=HOUR), 60)
    assert schedule.alternatives == (
        Alternative(Change.MORE_MINUTES, day(1), minutes=(150,) * 7),
        Alternative(Change.FEWER_SEASONS, day(2), seasons=(1,)),
        Alternative(Change.LEAVING_FIRST, day(4), first=2),
    )  # a later end of theirs wouldn't help: there is none


def test_what_nobody_has_can_only_be_left_out():
    episodes = [*seasons(4), *(episode(2, at, available=False) for at in range(3))]
    schedule = plan(episodes, Wish(MONDAY, until=day(9), minutes=HOUR), 60)
    assert [each.change for each in schedule.alternatives] == [Change.FEWER_SEASONS]


def test_without_minutes_a_later_end_is_reckoned_at_the_pace():
    schedule = plan(seasons(100, minutes=60), Wish(MONDAY, until=day(1)), 120)
    found = offered(schedule)[Change.MORE_DAYS]
    assert (found.minutes, found.until) == ((120,) * 7, day(49))


@given(stories(most=7), wishes(), st.booleans())
@settings(max_examples=150, deadline=None)
def test_each_alternative_does_what_it_says(episodes: list[Episode], wish: Wish, least: bool):
    wish = replace(wish, minutes=None) if least else wish
    schedule = plan(episodes, wish, 60)
    found = offered(schedule)
    assert len(found) == len(schedule.alternatives)
    assert not (schedule.fits and found)
    order = [list(Change).index(each.change) for each in schedule.alternatives]
    assert order == sorted(order)
    for change, each in found.items():
        assert not schedule.fits
        after = changed(episodes, wish, each)
        assert after.fits
        if change is not Change.MORE_DAYS or not least:
            assert after.finishes_on == each.finishes_on
    if (more := found.get(Change.MORE_MINUTES)) is not None and more.minutes is not None:
        fewer = tuple(
            max(before, after - 5)
            for before, after in zip(schedule.minutes_by_weekday, more.minutes, strict=True)
        )
        assert not plan(episodes, replace(wish, minutes=fewer), 60).fits
    if (kept := found.get(Change.FEWER_SEASONS)) is not None and kept.seasons is not None:
        every = attempt(episodes, wish, 60).story.seasons
        assert every[: len(kept.seasons)] == kept.seasons
        one_more = frozenset(every[: len(kept.seasons) + 1])
        # Without minutes and an end, what is left out decides on the pace too.
        paced = least and wish.until is None
        assert paced or not plan(episodes, replace(wish, seasons=one_more), 60).fits
    if (days := found.get(Change.MORE_DAYS)) is not None and days.until is not None and not least:
        sooner = replace(wish, until=days.until - timedelta(1))
        assert not plan(episodes, sooner, 60).fits


def changed(episodes: list[Episode], wish: Wish, way: Alternative) -> Schedule:
    """The plan with a change; a season that goes first is one that comes before all others."""
    match way.change:
        case Change.MORE_MINUTES:
            return plan(episodes, replace(wish, minutes=way.minutes), 60)
        case Change.SKIP_FILLER:
            return plan(episodes, replace(wish, skip_filler=True), 60)
        case Change.FEWER_SEASONS:
            assert way.seasons is not None
            return plan(episodes, replace(wish, seasons=frozenset(way.seasons)), 60)
        case Change.MORE_DAYS:
            return plan(episodes, replace(wish, until=way.until), 60)
        case Change.LEAVING_FIRST:
            moved = [
                replace(each, season=1 if each.season == way.first else each.season + 1)
                for each in episodes
            ]
            seasons = wish.seasons and frozenset(
                1 if each == way.first else each + 1 for each in wish.seasons
            )
            return plan(moved, replace(wish, seasons=seasons), 60)
