"""When to watch what: exact, in order, and never more than a day holds."""

from dataclasses import replace
from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from domain.binge.rules import plan
from domain.binge.values import Episode, Loss, Schedule, Trouble, Verdict, Wish
from tests.binge.episodes import (
    MONDAY,
    WEEKS,
    day,
    earliest,
    episode,
    lengths,
    naruto,
    seasons,
    stories,
    wishes,
)

HOUR = (60,) * 7
FAR = day(60)


def watched(schedule: Schedule) -> list[Episode]:
    return [each for sitting in schedule.sittings for each in sitting.episodes]


def planned(episodes: list[Episode], wish: Wish) -> list[Episode]:
    """What has to be watched, in order; there are no specials among it."""
    kept = [
        each
        for each in episodes
        if (wish.seasons is None or each.season in wish.seasons)
        and not (wish.skip_filler and each.verdict is Verdict.FILLER)
    ]
    return sorted(kept, key=lambda each: (each.season, each.number))


def test_naruto_is_220_episodes_less_90_filler():
    schedule = plan(naruto(), Wish(MONDAY, minutes=HOUR), pace=60)
    assert (schedule.episodes, schedule.filler, schedule.planned) == (220, 90, 130)
    assert (schedule.minutes, schedule.minutes_with_filler) == (130 * 23, 220 * 23)
    assert schedule.finishes_on == day(64)  # two a day are 65 days
    kept = plan(naruto(), Wish(MONDAY, minutes=HOUR, skip_filler=False), pace=60)
    assert (kept.filler, kept.planned, kept.minutes) == (90, 220, 220 * 23)
    assert kept.finishes_on == day(109)


def test_a_recap_is_kept_at_the_beginning_of_a_sitting_only():
    wish = Wish(MONDAY, minutes=HOUR, skip_credits=2, skip_recap=3)
    schedule = plan(seasons(5, minutes=23), wish, pace=60)
    assert [each.minutes for each in schedule.sittings] == [21 + 18 + 18, 21 + 18]
    assert (schedule.minutes, schedule.finishes_on) == (96, day(1))


def test_nothing_carries_over_to_the_next_day():
    schedule = plan(seasons(3, minutes=40), Wish(MONDAY, minutes=HOUR), pace=60)
    assert [each.day for each in schedule.sittings] == [day(0), day(1), day(2)]


def test_a_weekday_without_minutes_has_no_sitting():
    week = (30, 0, 60, 0, 0, 0, 90)
    schedule = plan(seasons(6), Wish(MONDAY, minutes=week), pace=60)
    days = [(each.day, len(each.episodes), each.allowed) for each in schedule.sittings]
    assert days == [(day(0), 1, 30), (day(2), 2, 60), (day(6), 3, 90)]


def test_minutes_of_today_that_are_used_already_are_not_there_a_second_time():
    wish = Wish(MONDAY, minutes=HOUR, spent=31, spent_on=MONDAY)
    schedule = plan(seasons(3), wish, pace=60)
    assert [each.day for each in schedule.sittings] == [day(1), day(2)]
    some = plan(seasons(3), replace(wish, spent=30), pace=60)
    assert [(each.day, each.allowed) for each in some.sittings] == [(day(0), 30), (day(1), 60)]
    assert plan(seasons(3), replace(wish, spent=500), pace=60).fits


def test_only_filler_is_left_out():
    every = [episode(1, at, verdict=verdict) for at, verdict in enumerate(Verdict)]
    schedule = plan(every, Wish(MONDAY, minutes=(200,) * 7), pace=60)
    assert [each.verdict for each in watched(schedule)] == [
        Verdict.CANON, Verdict.MIXED, Verdict.UNKNOWN
    ]  # fmt: skip


def test_specials_come_where_they_aired_and_undated_ones_at_the_end():
    dated = [episode(1, at, airs_on=day(-100 + 10 * at)) for at in (1, 2, 3)]
    extra = [
        episode(0, 1),
        episode(0, 2, airs_on=day(-75)),
        episode(0, 3, airs_on=day(-5)),
        episode(0, 4, airs_on=day(-200)),
        episode(0, 5, airs_on=day(-80)),
    ]
    wish = Wish(MONDAY, minutes=(300,) * 7, specials=True)
    order = [(each.season, each.number) for each in watched(plan([*extra, *dated], wish, 60))]
    assert order == [(0, 4), (1, 1), (1, 2), (0, 5), (0, 2), (1, 3), (0, 3), (0, 1)]
    without = plan([*extra, *dated], replace(wish, specials=False), 60)
    assert (without.episodes, without.planned) == (3, 3)
    named = plan([*extra, *dated], replace(wish, seasons=frozenset({1})), 60)
    assert named.episodes == 3  # where seasons are named, the specials have to be too


def test_without_minutes_it_takes_the_least_that_do_by_the_end():
    schedule = plan(seasons(10, minutes=25), Wish(MONDAY, until=day(4)), pace=200)
    assert (schedule.minutes_by_weekday, schedule.fits) == ((50,) * 7, True)
    assert schedule.episodes_per_day == 2.0
    one = plan(seasons(1, minutes=50) + seasons(0, 3), Wish(MONDAY, until=day(90)), pace=10)
    assert one.minutes_by_weekday == (50,) * 7  # the longest has to fit


def test_without_minutes_what_cannot_be_seen_asks_for_none():
    found = [*seasons(4), *(episode(2, at, 90, available=False) for at in range(3))]
    schedule = plan(found, Wish(MONDAY, until=day(1)), pace=200)
    assert (schedule.minutes_by_weekday, schedule.finishes_on) == ((60,) * 7, None)
    nobody = plan(found[4:], Wish(MONDAY, until=day(1)), pace=200)
    assert (nobody.minutes_by_weekday, nobody.sittings) == ((200,) * 7, ())


def test_without_minutes_and_without_an_end_the_pace_is_every_days():
    schedule = plan(seasons(4), Wish(MONDAY), pace=65)
    assert (schedule.minutes_by_weekday, schedule.finishes_on) == ((65,) * 7, day(1))
    film = plan(seasons(1, minutes=142), Wish(MONDAY), pace=60)
    assert (film.minutes_by_weekday, film.finishes_on) == ((142,) * 7, MONDAY)


def test_what_cannot_be_seen_is_lost_and_says_why():
    found = [
        episode(1, 1),
        episode(2, 1, available=False),
        episode(3, 1, minutes=200),
        episode(4, 1, until=day(0)),
        episode(5, 1, airs_on=day(9)),
        episode(6, 1),
        episode(6, 2),
        episode(6, 3, airs_on=day(6)),
        episode(6, 4),
    ]
    schedule = plan(found, Wish(MONDAY, until=day(2), minutes=(23,) * 7), pace=60)
    assert [(each.season, each.number) for each in watched(schedule)] == [(1, 1), (6, 1), (6, 2)]
    assert schedule.losses == (
        Loss(2, 1, Trouble.NOT_AVAILABLE),
        Loss(3, 1, Trouble.TOO_LONG_AN_EPISODE),
        Loss(4, 1, Trouble.LEAVES_EARLIER, until=day(0)),
        Loss(5, 1, Trouble.AIRS_LATER),
        Loss(6, 1, Trouble.AIRS_LATER),
        Loss(6, 1, Trouble.TOO_LITTLE_TIME),
    )
    assert (schedule.fits, schedule.finishes_on, schedule.latest_start) == (False, None, None)


def test_an_episode_that_airs_later_is_waited_for():
    found = [*seasons(1), episode(1, 2, airs_on=day(5)), episode(1, 3)]
    schedule = plan(found, Wish(MONDAY, minutes=HOUR), pace=60)
    assert [each.day for each in schedule.sittings] == [day(0), day(5)]
    assert schedule.latest_start is None  # nothing ends


def test_nothing_left_is_a_plan_without_evenings():
    for found in ([], [episode(1, 1, verdict=Verdict.FILLER)]):
        schedule = plan(found, Wish(MONDAY, until=day(3)), pace=60)
        assert (schedule.fits, schedule.sittings, schedule.planned) == (True, (), 0)
        assert (schedule.finishes_on, schedule.latest_start, schedule.alternatives) == (
            None, None, ()
        )  # fmt: skip


def test_a_wish_that_ends_before_it_starts_or_has_no_minutes_holds_nothing():
    for wish in (Wish(MONDAY, until=day(-1), minutes=HOUR), Wish(MONDAY, minutes=(0,) * 7),
                 Wish(MONDAY, until=day(-1))):  # fmt: skip
        schedule = plan(seasons(3), wish, pace=60)
        assert (schedule.fits, schedule.sittings, schedule.episodes_per_day) == (False, (), 0.0)
        assert sum(each.episodes for each in schedule.losses) == 3


def test_at_the_end_of_the_calendar_it_only_stops():
    last = date.max - timedelta(1)
    schedule = plan(seasons(5, minutes=60, until=date.max), Wish(last, minutes=HOUR), pace=60)
    assert (len(schedule.sittings), schedule.fits) == (2, False)
    for forever in (date.max, date(2999, 12, 31)):  # some write "no end" like that
        assert plan(seasons(2, until=forever), Wish(MONDAY), pace=60).latest_start is None


@given(stories(), wishes())
@settings(max_examples=150, deadline=None)
def test_no_plan_breaks_a_promise(episodes: list[Episode], wish: Wish):
    schedule = plan(episodes, wish, pace=60)
    wanted, seen = planned(episodes, wish), watched(schedule)
    assert schedule.planned == len(wanted)
    assert seen == [each for each in wanted if each in seen]  # in order, and none twice
    assert schedule.fits == (seen == wanted)
    assert len(seen) + sum(each.episodes for each in schedule.losses) == len(wanted)
    assert all(
        a.day < b.day for a, b in zip(schedule.sittings, schedule.sittings[1:], strict=False)
    )
    assert wish.minutes is not None
    whole, short = lengths(wanted, wish)
    for sitting in schedule.sittings:
        places = [wanted.index(each) for each in sitting.episodes]
        took = whole[places[0]] + sum(short[place] for place in places[1:])
        assert sitting.minutes == took <= sitting.allowed == wish.minutes[sitting.day.weekday()]
        assert MONDAY <= sitting.day <= (wish.until or date.max)
        for each in sitting.episodes:
            assert each.available
            assert (each.airs_on or date.min) <= sitting.day <= (each.until or date.max)
    if schedule.fits:
        assert schedule.minutes == sum(each.minutes for each in schedule.sittings)
        assert schedule.finishes_on == (schedule.sittings[-1].day if seen else None)
        assert not schedule.losses


@given(stories(), wishes())
@settings(max_examples=150, deadline=None)
def test_no_way_to_watch_in_order_is_done_earlier(episodes: list[Episode], wish: Wish):
    wish = replace(wish, until=wish.until or FAR)
    schedule, wanted = plan(episodes, wish, pace=60), planned(episodes, wish)
    if not wanted:
        return
    assert wish.minutes is not None
    assert wish.until is not None
    oracle = earliest(wanted, wish, wish.minutes, MONDAY, wish.until)
    assert (schedule.finishes_on, schedule.fits) == (oracle, oracle is not None)


@given(stories(most=7), wishes(), st.booleans())
@settings(max_examples=100, deadline=None)
def test_latest_start_is_the_last_day_that_fits(episodes: list[Episode], wish: Wish, least: bool):
    wish = replace(wish, until=wish.until or day(20), minutes=None if least else wish.minutes)
    schedule, wanted = plan(episodes, wish, pace=60), planned(episodes, wish)
    week = schedule.minutes_by_weekday
    assert wish.until is not None
    fitting = [
        day(start)
        for start in range((wish.until - MONDAY).days + 1)
        if wanted and earliest(wanted, wish, week, day(start), wish.until)
    ]
    assert schedule.latest_start == max(fitting, default=None)
    assert len(fitting) == ((max(fitting) - MONDAY).days + 1 if fitting else 0)


@given(stories(most=6), wishes())
@settings(max_examples=60, deadline=None)
def test_without_minutes_a_minute_less_a_day_does_not_fit(episodes: list[Episode], wish: Wish):
    wish = replace(wish, minutes=None, until=wish.until or day(7))
    schedule, wanted = plan(episodes, wish, pace=60), planned(episodes, wish)
    assert wish.until is not None
    assert len(set(schedule.minutes_by_weekday)) == 1
    minutes = schedule.minutes_by_weekday[0]
    if schedule.fits and wanted:
        assert earliest(wanted, wish, (minutes,) * 7, MONDAY, wish.until)
        assert not earliest(wanted, wish, (minutes - 1,) * 7, MONDAY, wish.until)
    elif wanted:
        assert not earliest(wanted, wish, (960,) * 7, MONDAY, wish.until)


@given(stories(), wishes(), WEEKS)
@settings(max_examples=100, deadline=None)
def test_more_minutes_are_never_done_later(
    episodes: list[Episode], wish: Wish, more: tuple[int, ...]
):
    assert wish.minutes is not None
    longer = tuple(map(sum, zip(wish.minutes, more, strict=True)))
    before = plan(episodes, wish, pace=60)
    after = plan(episodes, replace(wish, minutes=longer), pace=60)
    if before.finishes_on is not None:
        assert after.finishes_on is not None
        assert after.finishes_on <= before.finishes_on


@given(stories(), wishes())
@settings(max_examples=100, deadline=None)
def test_skipping_filler_is_never_done_later(episodes: list[Episode], wish: Wish):
    kept = plan(episodes, replace(wish, skip_filler=False), pace=60)
    skipped = plan(episodes, replace(wish, skip_filler=True), pace=60)
    assert (kept.episodes, kept.filler) == (skipped.episodes, skipped.filler)
    assert skipped.planned == skipped.episodes - skipped.filler
    assert skipped.minutes <= skipped.minutes_with_filler
    assert kept.minutes == kept.minutes_with_filler
    if kept.finishes_on is not None and skipped.planned:
        assert skipped.finishes_on is not None
        assert skipped.finishes_on <= kept.finishes_on
