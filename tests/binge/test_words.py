"""A plan as a sentence: exact, friendly, and one."""

from dataclasses import replace
from datetime import timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from domain.binge.rules import plan
from domain.binge.sheet import facts_of, sheet_of
from domain.binge.values import Episode, Verdict, Wish
from domain.binge.words import advice, sentence
from domain.why.check import check
from tests.binge.episodes import MONDAY, day, episode, naruto, seasons, stories, wishes

HOUR = (60,) * 7


def said(episodes: list[Episode], wish: Wish, name: str | None = None) -> str:
    return sentence(plan(episodes, wish, 60), name, today=MONDAY)


def test_naruto_is_told_in_one_sentence():
    wish = Wish(MONDAY, minutes=HOUR)
    assert said(naruto(), wish, "Naruto") == (
        "130 episodes of Naruto without the 90 filler ones: 2 a day from tonight, "
        "done on 19 January."
    )
    ending = replace(wish, until=day(80))
    assert said(naruto(), ending) == (
        "130 episodes without the 90 filler ones: 2 a day from tonight, done on 19 January, "
        "or start by 2 December at the latest."
    )
    least = replace(wish, minutes=None, until=day(80))
    assert said(naruto(), least) == (
        "130 episodes without the 90 filler ones: 46 minutes a day from tonight, "
        "done on 19 January, or start by 2 December at the latest."
    )


def test_days_are_absolute_where_today_is_not_given_and_have_their_year_when_far():
    wish = Wish(MONDAY, minutes=(30,) * 7)
    near = sentence(plan(seasons(3), wish, 60))
    assert near == "3 episodes: 1 a day from 16 November, done on 18 November."
    assert said(seasons(3), wish) == "3 episodes: 1 a day from tonight, done on Wednesday."
    far = sentence(plan(seasons(400), wish, 60))
    assert far == "400 episodes: 1 a day from 16 November, done on 20 December 2027."


def test_one_evening_needs_no_portions():
    assert said(seasons(1, minutes=142), Wish(MONDAY)) == "142 minutes in a single sitting tonight."
    later = said(seasons(2), Wish(day(1), minutes=HOUR), "It")
    assert later == "2 episodes of It: 60 minutes in a single sitting tomorrow."


def test_a_film_is_not_told_as_an_episode():
    film = seasons(1, minutes=142, until=day(3))
    wish = Wish(MONDAY, minutes=HOUR)
    assert said(film, Wish(MONDAY), "Heat") == "Heat: 142 minutes in a single sitting tonight."
    assert said(film, wish, "Heat") == (
        "Heat is longer than the 60 minutes there are: 85 more minutes a day would do it."
    )
    assert said(seasons(1, available=False), wish) == "It is on none of your services."
    assert said(film, replace(wish, start=day(4), minutes=(200,) * 7), "iCarly") == (
        "iCarly leaves on Thursday before its turn."
    )


def test_uneven_evenings_are_a_range():
    week = (30, 0, 60, 0, 60, 0, 30)
    assert said(seasons(8), Wish(MONDAY, minutes=week)) == (
        "8 episodes: 1 or 2 at a sitting from tonight, done on 25 November."
    )


def test_what_does_not_fit_says_what_would():
    wish = Wish(MONDAY, until=day(14), minutes=HOUR)
    assert said(seasons(10, 10, 11), wish) == (
        "You will not finish by 30 November: 30 more minutes a day would do it, "
        "or leave out season 3."
    )
    mixed = [replace(each, verdict=Verdict.FILLER if each.number > 8 else Verdict.CANON)
             for each in seasons(10, 10, 11)]  # fmt: skip
    assert said(
        mixed, replace(wish, skip_filler=False, minutes=(60, 60, 60, 60, 60, 0, 90)), "X"
    ) == (
        "You will not finish X by 30 November: 30 more minutes each time would do it, "
        "or skip the filler."
    )
    assert said(seasons(31), wish) == (
        "You will not finish by 30 November: 30 more minutes a day would do it, or take 1 more day."
    )
    assert said(seasons(500), wish) == (
        "You will not finish by 30 November: time until 23 July would do it."
    )


def test_a_season_that_leaves_too_early_is_named_first():
    episodes = [*seasons(6), *(episode(2, at, 30, until=day(4)) for at in range(6))]
    assert said(episodes, Wish(MONDAY, minutes=HOUR), "Dark") == (
        "Season 2 of Dark leaves on Friday before its end: 30 more minutes a day would do it, "
        "or leave out season 2."
    )
    soon = [replace(each, until=day(1)) if each.season == 2 else each for each in episodes]
    assert said(soon, Wish(MONDAY, minutes=HOUR)).startswith(
        "Season 2 leaves tomorrow before its turn: "
    )


def test_every_trouble_has_its_sentence():
    gone = [*seasons(2), *(episode(2, at, available=False) for at in range(3))]
    assert said(gone, Wish(MONDAY, minutes=HOUR)) == (
        "3 episodes of season 2 are on none of your services: leaving out season 2 would do it."
    )
    middle = [episode(1, 1), episode(1, 2, available=False)]
    assert said(middle, Wish(MONDAY, minutes=HOUR)) == (
        "1 episode of season 1 is on none of your services: the other 1 is done today."
    )
    long = seasons(2, minutes=62)
    assert said(long, Wish(MONDAY, minutes=HOUR)) == (
        "2 episodes of season 1 are longer than the 60 minutes there are: "
        "5 more minutes a day would do it."
    )
    later = [*seasons(1), episode(2, 1, airs_on=day(20))]
    assert said(later, Wish(MONDAY, until=day(9), minutes=HOUR)) == (
        "1 episode of season 2 airs only after 25 November: leaving out season 2 would do it, "
        "or take 11 more days."
    )
    forever = said(seasons(3_800), Wish(MONDAY, minutes=(30,) * 7))
    assert forever.startswith("You will not finish within ten years: 30 more minutes a day")
    assert said([], Wish(MONDAY), "It") == "Nothing of It is left to watch."
    only = [replace(each, verdict=Verdict.FILLER) for each in seasons(2)]
    assert said(only, Wish(MONDAY)) == "The 2 episodes that are left are filler."


def test_specials_that_leave_are_many():
    leaving = [episode(0, at, 30, until=MONDAY) for at in range(1, 4)]
    told = said(leaving + seasons(3), Wish(MONDAY, minutes=HOUR, specials=True))
    assert told.startswith("The specials leave today before their turn: ")


def test_losses_and_alternatives_are_told_one_by_one():
    episodes = [*seasons(8), *(episode(2, at, 30, until=day(1)) for at in range(3))]
    episodes += [episode(0, 1, 30), *(episode(3, at, 30) for at in range(4))]
    wish = Wish(MONDAY, until=day(6), minutes=HOUR, specials=True)
    schedule = plan(episodes, wish, 60)
    assert [advice(each) for each in schedule.losses] == [
        "3 episodes of season 2 leave before their turn, on 17 November 2026.",
    ]
    assert [advice(each, today=MONDAY) for each in schedule.alternatives] == [
        "With 180 minutes a day you are done on Wednesday.",
        "Season 1 alone is done on Thursday.",
    ]
    first = plan(seasons(8) + [each for each in episodes if each.season == 2], wish, 60)
    assert advice(first.alternatives[-1]) == (
        "With season 2 first, though out of order, you are done on 21 November 2026."
    )


def test_the_sheet_of_a_plan_holds_sums_and_no_name():
    schedule = plan(naruto(), Wish(MONDAY, until=day(80), minutes=HOUR), 60)
    assert facts_of(schedule, today=MONDAY) == {
        "fits": True, "episodes": 130, "filler": 90, "minutes": 2990, "days": 65,
        "episodes_a_day": 2, "minutes_a_day": 60, "finish": "19 January",
        "start_by": "2 December", "until": "4 February",
    }  # fmt: skip
    sheet = sheet_of(schedule, "Naruto", today=MONDAY)
    assert (sheet.about, sheet.names) == ("binge", {"TITLE": "Naruto"})
    assert "Naruto" not in str(sheet.facts)


def test_a_model_may_say_of_a_plan_what_we_say_ourselves():
    wish = Wish(MONDAY, minutes=HOUR)
    for episodes, asked in (
        (naruto(), wish),
        (naruto(), replace(wish, until=day(80))),
        (naruto(), replace(wish, until=day(80), minutes=None)),
        (naruto(), replace(wish, skip_filler=False)),
        (seasons(3, minutes=60), wish),
        (seasons(1, minutes=142), Wish(MONDAY)),
    ):
        schedule = plan(episodes, asked, 60)
        sheet = sheet_of(schedule, "Naruto", today=MONDAY)
        line = sentence(schedule, "{TITLE}", today=MONDAY)
        assert check(line, sheet) is None, line
        assert check("At 3 episodes a day, you finish {TITLE} on 20 January.", sheet) is not None


@given(stories(), wishes(), st.booleans(), st.none() | st.text(max_size=300), st.booleans())
@settings(max_examples=200, deadline=None)
def test_any_plan_has_one_sentence_of_at_most_200_characters(
    episodes: list[Episode], wish: Wish, least: bool, name: str | None, known: bool
):
    wish = replace(wish, minutes=None) if least else wish
    schedule = plan(episodes, wish, 60)
    today = MONDAY - timedelta(1) if known else None
    line = sentence(schedule, name, today)
    assert len(line) <= 200
    assert "\n" not in line
    assert line.endswith(".")
    told = [line, *(advice(each, today) for each in (*schedule.losses, *schedule.alternatives))]
    for each in told[name is not None :]:
        assert each.count(".") == 1
        assert each[0].isupper() or each[0].isdigit()
        assert "  " not in each
    facts_of(schedule, today)
