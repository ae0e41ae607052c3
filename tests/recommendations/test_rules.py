"""Ranking is a pure function: what moves a title up, and what five answers look like."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.recommendations import rules, taste
from domain.recommendations.values import Candidate, Kinship
from domain.titles.genres import Genre
from tests.recommendations.examples import TODAY, candidate, liked, question

WEIGHT = st.floats(0, 1)
CANDIDATES = st.builds(
    candidate,
    title_id=st.integers(1, 10_000),
    kind=st.sampled_from(["film", "series"]),
    year=st.none() | st.integers(1900, 2030),
    runtime_min=st.none() | st.integers(1, 120),
    genres=st.lists(st.sampled_from(sorted(Genre)), max_size=4, unique=True).map(tuple),
    appeal=WEIGHT,
    audience_votes=st.integers(0, 3_000_000),
    audience_score=st.none() | st.floats(0, 10),
    mood_weight=st.none() | WEIGHT,
    leaves_on=st.none() | st.integers(0, 400).map(lambda days: TODAY + timedelta(days)),
    on_watchlist=st.booleans(),
)
POOLS = st.lists(CANDIDATES, max_size=50, unique_by=lambda each: each.title_id)


@given(POOLS, st.sampled_from([1, 2, 3, 6]))
def test_scores_stay_between_0_and_1_and_their_weights_add_up(pool: list[Candidate], people: int):
    for pick in rules.rank(pool, question(group_size=people), {}, TODAY):
        assert 0 <= pick.score <= 1 + 1e-9
        assert sum(term.weight for term in pick.terms) == pytest.approx(1)
        assert pick.score == pytest.approx(sum(term.points for term in pick.terms))


@given(POOLS, st.randoms())
def test_the_order_of_the_pool_changes_nothing(pool: list[Candidate], random):
    shuffled = random.sample(pool, len(pool))
    assert rules.rank(pool, question(), None, TODAY) == rules.rank(
        shuffled, question(), None, TODAY
    )


@given(POOLS)
def test_picks_are_different_titles_of_the_pool_and_the_best_is_first(pool: list[Candidate]):
    picks = rules.rank(pool, question(), None, TODAY, 10)
    assert len(picks) == min(10, len(pool))
    assert {pick.candidate for pick in picks} <= set(pool)
    assert len({pick.candidate.title_id for pick in picks}) == len(picks)
    if picks:
        every = rules.rank(pool, question(), None, TODAY, len(pool))
        assert picks[0].score == max(pick.score for pick in every)


@pytest.mark.parametrize(
    ("better", "asked"),
    [
        ({"mood_weight": 0.9}, {}),
        ({"appeal": 0.8}, {}),
        ({"year": 2026}, {}),
        ({"leaves_on": TODAY + timedelta(2)}, {}),
        ({"audience_votes": 2_000_000}, {"group_size": 6}),
        ({"runtime_min": 20, "kind": "series", "episodes_fit": 5}, {"time_min": 110}),
    ],
)
def test_what_speaks_for_a_title_moves_it_up(better: dict, asked: dict):
    plain = candidate(1)
    favoured = replace(plain, title_id=2, **better)
    asking = question(**asked)
    one, other = (rules.score(each, asking, None, TODAY) for each in (favoured, plain))
    assert one.score > other.score


def test_a_title_on_the_watchlist_goes_before_its_twin():
    plain, wished = candidate(1), candidate(2, on_watchlist=True)
    picks = rules.rank([plain, wished], question(), {}, TODAY)
    assert picks[0].candidate is wished


def test_a_series_that_cannot_be_finished_gains_nothing_by_leaving():
    last_day = {"kind": "series", "runtime_min": 45, "leaves_on": TODAY + timedelta(2)}
    long, short = (
        candidate(1, episode_count=74, **last_day),
        candidate(2, episode_count=8, **last_day),
    )
    assert rules.leaving(long, question(), TODAY) == 0
    assert rules.leaving(short, question(), TODAY) > 0


def test_a_date_makes_a_good_choice_pressing_and_no_other():
    soon = {"leaves_on": TODAY + timedelta(1)}
    hardly, very = candidate(1, mood_weight=0.3, **soon), candidate(2, mood_weight=0.9, **soon)
    assert rules.leaving(very, question(), TODAY) > 2 * rules.leaving(hardly, question(), TODAY)
    assert rules.leaving(hardly, question(mood=None), TODAY) > 0.9


def test_of_five_answers_at_most_three_are_series():
    series = [candidate(n, kind="series", appeal=0.9, genres=(g,)) for n, g in enumerate(Genre, 1)]
    films = [candidate(100 + n, appeal=0.3) for n in range(3)]
    picks = rules.rank([*series, *films], question(), None, TODAY, 10)
    assert sum(pick.candidate.kind == "series" for pick in picks[:5]) == 3
    assert len(rules.rank(series, question(), None, TODAY, 10)) == 10


def test_urgency_rises_as_the_last_day_comes_nearer_and_ends_with_it():
    days = [rules.urgency(TODAY + timedelta(day), TODAY) for day in (40, 30, 20, 7, 1, 0)]
    assert days[0] == days[1] == 0
    assert days == sorted(days)
    assert days[-1] == 1
    assert rules.urgency(TODAY - timedelta(1), TODAY) == 0
    assert rules.urgency(None, TODAY) == 0


def test_breadth_counts_for_company_only():
    names = {term.name for term in rules.score(candidate(), question(), None, TODAY).terms}
    crowd = rules.score(candidate(), question(group_size=5), None, TODAY)
    assert "broad" not in names
    assert "broad" in {term.name for term in crowd.terms}


def test_five_answers_are_five_kinds_of_evening():
    thrillers = [candidate(i, genres=("thriller", "crime"), appeal=0.9) for i in range(1, 11)]
    others = [
        candidate(20 + i, genres=(genre,), appeal=0.7, moods=((mood, 0.6),), kind=kind)
        for i, (genre, mood, kind) in enumerate(
            [("comedy", "funny", "film"), ("war", "epic", "series"), ("horror", "scary", "film")]
        )
    ]
    picks = rules.rank([*thrillers, *others], question(), None, TODAY, 5)
    assert picks[0].candidate in thrillers
    assert {pick.candidate.genres[0] for pick in picks} == {"thriller", "comedy", "war", "horror"}


def test_likeness_to_what_was_loved_counts_and_to_what_was_disliked_counts_against():
    thriller, comedy = (
        candidate(1, genres=("thriller",)),
        candidate(2, genres=("comedy",), moods=()),
    )
    loved = taste.kinship(thriller, [liked()])
    assert loved.value > taste.kinship(comedy, [liked()]).value
    hated = taste.kinship(thriller, [liked(), liked(101, weight=-0.7)])
    assert hated.value < loved.value


def test_kinship_names_the_nearest_title_and_who_made_both():
    near, far = liked(100, people=(7, 8)), liked(101, genres=("music",), moods=())
    found = taste.kinship(candidate(genres=("thriller",), people=(8, 9)), [far, near])
    assert found.nearest is near
    assert found.shared_people == (8,)


@given(CANDIDATES, st.lists(st.builds(liked, weight=st.floats(-1, 1), wished=st.booleans())))
def test_kinship_stays_between_0_and_1(title: Candidate, past: list):
    found = taste.kinship(title, past)
    assert 0 <= found.value <= 1
    assert 0 <= found.wished <= 1


def test_nobody_without_a_past_is_judged_by_it():
    terms = {term.name for term in rules.score(candidate(), question(), None, TODAY).terms}
    assert not terms & {"history", "watchlist"}
    known = rules.score(candidate(), question(), Kinship(), TODAY)
    assert {"history", "watchlist"} <= {term.name for term in known.terms}
