"""Regret: liking x how soon it goes x whether it stays elsewhere."""

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from domain.recommendations import rules
from domain.recommendations.regret import KEPT, liking, pressing, regret
from domain.recommendations.values import Kinship
from tests.recommendations.examples import TODAY, candidate, question

ANYTHING = question(mood=None, time_min=None)
likings = st.floats(0, 1)
days = st.integers(0, 90)


def test_without_a_past_or_wishes_liking_is_quality_alone():
    for appeal in (0.0, 0.35, 1.0):
        pick = rules.score(candidate(appeal=appeal, year=TODAY.year), ANYTHING, None, TODAY)
        assert abs(liking(pick) - appeal) < 1e-9


def test_liking_rests_on_taste_and_not_on_the_evening():
    def liked(leaves_on: date | None, year: int, time_min: int | None) -> float:
        title = candidate(leaves_on=leaves_on, year=year)
        asked = question(mood=None, time_min=time_min)
        return liking(rules.score(title, asked, Kinship(0.4), TODAY))

    assert abs(liked(None, 1990, None) - liked(TODAY, 2026, 105)) < 1e-9


def test_kinship_wishes_and_preferred_moods_are_liking():
    plain = liking(rules.score(candidate(), ANYTHING, Kinship(), TODAY))
    assert liking(rules.score(candidate(), ANYTHING, Kinship(0.9), TODAY)) > plain
    wished = candidate(on_watchlist=True)
    assert liking(rules.score(wished, ANYTHING, Kinship(), TODAY)) > plain
    tense = candidate(moods=(("tense", 0.9),), appeal=0.1)
    fitting = liking(rules.score(tense, ANYTHING, None, TODAY, ["tense"]))
    assert fitting > liking(rules.score(tense, ANYTHING, None, TODAY, ["cozy"]))


def test_a_title_kept_elsewhere_without_end_is_worth_a_tenth():
    assert regret(0.8, 3, None) == KEPT * regret(0.8, 3, 3)


@given(likings, days, st.none() | days)
def test_regret_is_a_share_of_the_liking(liked: float, leaves_in: int, lost_in: int | None):
    assert 0 <= regret(liked, leaves_in, lost_in) <= liked


@given(likings, likings, days, st.none() | days)
def test_who_likes_it_more_regrets_it_more(
    one: float, other: float, leaves_in: int, lost_in: int | None
):
    less, more = sorted((one, other))
    assert regret(less, leaves_in, lost_in) <= regret(more, leaves_in, lost_in)


@given(likings, days, days, st.none() | days)
def test_what_goes_sooner_is_regretted_more(
    liked: float, one: int, other: int, lost_in: int | None
):
    sooner, later = sorted((one, other))
    assert regret(liked, sooner, lost_in) >= regret(liked, later, lost_in)


@given(likings, days, days, days)
def test_the_longer_it_is_kept_elsewhere_the_less_it_is_regretted(
    liked: float, leaves_in: int, one: int, other: int
):
    shorter, longer = sorted((one, other))
    for_ever = regret(liked, leaves_in, None)
    assert for_ever <= regret(liked, leaves_in, longer) <= regret(liked, leaves_in, shorter)


@given(days)
def test_nothing_that_leaves_presses_not_at_all(left: int):
    assert 0 < pressing(left) <= 1
    assert pressing(left) > pressing(left + 1)
