"""What facts from elsewhere add to a title: only where something is empty."""

from dataclasses import replace
from datetime import date

import pytest

from domain.titles.enrich import (
    MOST_EPISODES,
    Additions,
    Lack,
    NewEpisode,
    additions,
    seasons_to_ask,
)
from domain.titles.facts import EpisodeFacts, SeasonFacts, TitleFacts

ALL = Lack("series", synopsis=True, runtime=True, episodes=True)
DARK = TitleFacts(
    "series", 70523, "Dark", runtime_min=50, synopsis="Two children vanish.",
    seasons=(SeasonFacts(0), SeasonFacts(2), SeasonFacts(1)),
)  # fmt: skip


def season(number: int, *episodes: int, rejected: tuple[str, ...] = ()) -> SeasonFacts:
    return SeasonFacts(
        number, f"Season {number}", date(2017 + number, 12, 1), len(episodes),
        tuple(EpisodeFacts(number, each, f"Part {each}", runtime_min=50) for each in episodes),
        rejected,
    )  # fmt: skip


def places(found: Additions) -> list[tuple[int, int, int | None]]:
    return [
        (each.facts.season_number, each.facts.number, each.number_abs) for each in found.episodes
    ]


def test_what_is_empty_is_filled():
    found = additions(ALL, DARK, [season(1, 1, 2), season(2, 1), season(0, 1)])
    assert (found.synopsis, found.runtime_min) == ("Two children vanish.", 50)
    assert places(found) == [(0, 1, None), (1, 1, 1), (1, 2, 2), (2, 1, 3)]


def test_what_is_there_stays():
    lack = Lack("series", synopsis=False, runtime=False, episodes=False)
    assert not lack.any
    found = additions(lack, DARK, [season(1, 1, 2)])
    assert found == Additions()
    assert not found.any
    assert seasons_to_ask(lack, DARK) == []


def test_the_specials_are_asked_for_last():
    assert seasons_to_ask(ALL, DARK) == [1, 2, 0]


@pytest.mark.parametrize(
    "seasons",
    [
        [season(1, 1, 2), None, season(0)],
        [season(1, 1, 2), season(2, 1, rejected=("an episode: it has no number",)), season(0)],
        [season(1, 1, 2)],
    ],
)
def test_nobody_counts_through_a_series_with_a_gap(seasons: list[SeasonFacts | None]):
    found = additions(ALL, DARK, seasons)
    assert {number_abs for *_, number_abs in places(found)} == {None}


def test_counting_ends_where_a_season_has_a_gap():
    found = additions(ALL, DARK, [season(1, 1, 2), season(2, 1, 3), season(0)])
    assert places(found) == [(1, 1, 1), (1, 2, 2), (2, 1, None), (2, 3, None)]


def test_what_can_not_be_meant_is_left_out():
    odd = EpisodeFacts(1, 1, runtime_min=6_000)
    zero = replace(odd, number=0)
    found = additions(ALL, replace(DARK, runtime_min=9_999), [SeasonFacts(1, episodes=(zero, odd))])
    assert found.runtime_min is None
    assert found.episodes == (NewEpisode(replace(odd, runtime_min=None), None),)
    assert additions(replace(ALL, kind="film"), DARK) == Additions()


def test_a_series_without_an_end_is_cut():
    found = additions(ALL, DARK, [season(1, *range(1, 9_000))])
    assert len(found.episodes) == MOST_EPISODES
