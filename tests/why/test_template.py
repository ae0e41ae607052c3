"""The sentence says nothing that the facts don't."""

import re
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.recommendations import rules, taste
from domain.recommendations.values import Candidate, Kinship
from domain.why import template
from domain.why.facts import facts_of
from tests.recommendations.examples import TODAY, candidate, liked, question
from tests.recommendations.test_rules import CANDIDATES


def tell(
    title: Candidate, kinship: Kinship | None = None, platforms=("Netflix",), place=0, **asked
) -> str:
    asking = question(**asked)
    pick = rules.score(title, asking, kinship, TODAY)
    people = {7: "Denis Villeneuve"}
    return template.sentence(facts_of(pick, asking, platforms, people, TODAY), title.kind, place)


@given(CANDIDATES, st.integers(0, 9))
@settings(max_examples=200)
def test_every_number_in_the_sentence_is_one_of_the_titles(title: Candidate, place: int):
    line = tell(title, place=place)
    known = {
        title.runtime_min, title.critics_score, title.year, 120, 100, 10, title.audience_votes,
        title.leaves_on and title.leaves_on.day, title.episodes_fit,
        round(title.audience_votes, -3),
    }  # fmt: skip
    numbers = {float(found.replace(",", "")) for found in re.findall(r"\d[\d,]*(?:\.\d)?", line)}
    known |= {title.audience_score and float(f"{title.audience_score:.1f}")}
    assert numbers <= {float(number) for number in known if number is not None}
    assert line.endswith(".")
    assert line[0] == line[0].upper()
    assert len(line) <= 300


@pytest.mark.parametrize(
    ("days", "day", "said"),
    [
        (0, "today", "today is its last day on Netflix"),
        (1, "tomorrow", "tomorrow is its last day on Netflix"),
        (3, "Tuesday", "only until Tuesday"),
        (12, "3 December", "only until 3 December"),
    ],
)
def test_a_title_that_leaves_always_says_when(days: int, day: str, said: str):
    title = candidate(leaves_on=TODAY + timedelta(days), on_watchlist=True, critics_score=90)
    assert said in tell(title)
    for place in range(10):
        line = tell(title, taste.kinship(title, [liked(genres=("drama",))]), place=place)
        assert day.casefold() in line.casefold()
        assert "Netflix" in line


def test_a_title_that_stays_says_nothing_of_leaving():
    assert "until" not in tell(candidate(leaves_on=TODAY + timedelta(200)))
    assert "last day" not in tell(candidate())


def test_a_shared_person_is_named_with_the_title_they_worked_on():
    title = candidate(genres=("thriller",), people=(7,))
    found = taste.kinship(title, [liked(name="Sicario", people=(7,))])
    for place in range(5):
        line = tell(title, found, place=place)
        assert "Denis Villeneuve" in line
        assert "Sicario, which you watched" in line


def test_a_theme_that_only_says_the_mood_again_is_left_out():
    title = candidate(mood_reasons=("keyword: suspense", "genre: thriller", "keyword: heist"))
    assert "ense (heist)" in tell(title)
    for place in range(5):
        assert "suspense" not in tell(title, place=place)
        assert "heist" in tell(title, place=place)


def test_a_rating_is_told_back():
    found = taste.kinship(candidate(genres=("thriller",)), [liked(name="Heat", rating=9)])
    for place in range(5):
        line = tell(candidate(genres=("thriller",)), found, place=place)
        assert "Heat, which you rated 9" in line or "you rated Heat 9" in line


def test_only_what_many_like_is_a_safe_choice():
    known = candidate(audience_votes=250_000, audience_score=8.0, critics_score=None)
    assert "safe choice for five" in tell(known, mood=None, time_min=None, group_size=5)
    obscure = candidate(audience_votes=6_000, audience_score=8.0)
    assert "safe choice" not in tell(obscure, mood=None, time_min=None, group_size=5)


def test_a_series_says_how_many_episodes_fit():
    title = candidate(kind="series", runtime_min=48, episodes_fit=2, critics_score=None)
    for place in range(5):
        line = tell(title, place=place)
        assert {"two", "48", "hours"} <= set(line.replace(",", "").replace(".", "").lower().split())


def test_without_any_fact_it_says_what_the_title_is():
    title = candidate(
        critics_score=None, audience_score=None, mood_weight=None, genres=("science-fiction",)
    )
    line = tell(title, mood=None, time_min=None)
    assert line in ("A science fiction film.", "A science fiction film to watch now.")
