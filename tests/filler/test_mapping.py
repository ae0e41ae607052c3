"""Which episode a source means: every way it offers, and none where two ways part."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from domain.binge.values import Verdict
from domain.filler.mapping import Shelf, place, recognise
from domain.filler.values import Item, Known, Place, Show

FILLER, CANON = Verdict.FILLER, Verdict.CANON
FIRST = date(2002, 10, 3)


def show(*seasons: int, specials: int = 0, counted: bool = True) -> list[Place]:
    """The episodes of a show by the lengths of its seasons, a week apart; keys count from 1."""
    found: list[Place] = []
    for season, length in enumerate(seasons, 1):
        for number in range(1, length + 1):
            n = len(found) + 1
            aired = FIRST + timedelta(weeks=n)
            found.append(Place(n, season, number, n if counted else None, f"Tale {'i' * n}", aired))
    count = len(found)
    found += [Place(count + n, 0, n, None, f"Extra {'i' * n}") for n in range(1, specials + 1)]
    return found


def says(verdict: Verdict = FILLER, **by: object) -> Item:
    return Item(verdict, 0.8, **by)  # type: ignore[arg-type]


def meant(items: list[Item], places: list[Place]) -> list[int]:
    return sorted(place(items, places).found)


def test_a_number_through_all_seasons_finds_its_episode_and_no_special():
    assert meant([says(number_abs=5)], show(3, 3, specials=4)) == [5]


def test_a_special_has_no_number_through_all_seasons_even_if_it_was_given_one():
    places = [*show(3), Place(9, 0, 1, 2, "An extra")]
    assert meant([says(number_abs=2)], places) == [2]


def test_a_season_and_a_number_find_their_episode_and_specials_are_season_0():
    places = show(3, 3, specials=2)
    assert meant([says(season=2, number=1), says(season=0, number=2)], places) == [4, 8]


def test_a_name_finds_its_episode_however_it_is_spelt():
    assert meant([says(name="TALE  iii!")], show(3, 3)) == [3]


def test_a_day_finds_its_episode_also_from_another_time_zone():
    week = FIRST + timedelta(weeks=2)
    for day in (week, week + timedelta(1), week - timedelta(1)):
        assert meant([says(air_date=day)], show(3)) == [2]
    assert meant([says(air_date=week + timedelta(2))], show(3)) == []


def test_a_day_tells_two_of_one_name_apart():
    places = [replace(each, name="The Return") for each in show(3)]
    assert meant([says(name="The return")], places) == []
    assert meant([says(name="The return", air_date=FIRST + timedelta(weeks=3))], places) == [3]


def test_a_name_that_is_only_a_number_says_nothing():
    places = [replace(each, name=f"Episode {each.number}") for each in show(3, 3)]
    result = place([says(number_abs=4, name="Episode 4")], places)
    assert (sorted(result.found), result.doubtful) == ([4], ())
    assert (
        meant([says(name="Episode 3")], [replace(each, name="Episode 3") for each in show(1)]) == []
    )


def test_a_number_beyond_the_end_is_none_of_ours():
    result = place([says(number_abs=7), says(number_abs=2)], show(3, 3))
    assert (sorted(result.found), len(result.unplaced)) == ([2], 1)


def test_whose_count_goes_beyond_ours_has_other_seasons_than_we_have():
    assert meant([says(number_abs=70, season=2, number=1)], show(3, 3)) == []
    assert meant([says(number_abs=70, season=2, number=1, name="Tale iiii")], show(3, 3)) == [4]


def test_where_two_ways_part_the_episode_is_left_unknown():
    result = place([says(number_abs=2, name="Tale iii")], show(3, 3))
    assert (result.found, len(result.doubtful)) == ({}, 1)


def test_a_count_that_was_contradicted_once_is_not_enough_by_itself():
    items = [says(season=1, number=3, name="Tale iiii"), says(season=1, number=1),
             says(season=2, number=1, name="Tale iiii")]  # fmt: skip
    result = place(items, show(3, 3, counted=False))
    assert sorted(result.found) == [4], "named, and confirmed by its number"
    assert len(result.doubtful) == 2


def test_what_says_two_things_of_one_episode_says_nothing():
    result = place([says(number_abs=1), says(CANON, number_abs=1), says(number_abs=1)], show(3))
    assert (result.found, len(result.doubtful)) == ({}, 3)


def test_the_same_twice_is_once_and_the_surer():
    result = place([says(number_abs=1), replace(says(season=1, number=1), confidence=0.9)], show(3))
    assert result.found[1].confidence == 0.9


lengths = st.lists(st.integers(1, 12), min_size=1, max_size=4)


@given(lengths, lengths, st.integers(0, 3), st.data())
@settings(max_examples=150, deadline=None)
def test_seasons_that_are_cut_differently_lead_to_no_wrong_episode(
    ours: list[int], theirs: list[int], specials: int, data: st.DataObject
):
    """They number by their seasons and through all of them; the truth is the n-th episode."""
    places, others = show(*ours, specials=specials), show(*theirs)
    chosen = data.draw(st.lists(st.sampled_from(others), max_size=8, unique=True))
    items = [
        says(season=each.season, number=each.number, number_abs=each.number_abs) for each in chosen
    ]
    result = place(items, places)
    for key, item in result.found.items():
        assert item.number_abs == key
    assert len(result.found) + len(result.unplaced) + len(result.doubtful) == len(items)


@given(lengths, st.integers(1, 3), st.data())
@settings(max_examples=150, deadline=None)
def test_specials_that_they_count_in_between_lead_to_no_wrong_episode_where_names_tell(
    ours: list[int], specials: int, data: st.DataObject
):
    """Behind the special all their numbers are ahead of ours; each item has its name."""
    places = show(*ours)
    behind = data.draw(st.integers(0, len(places)))
    items = [
        says(number_abs=each.id + (specials if each.id > behind else 0), name=each.name)
        for each in places
    ]
    result = place(items, places)
    for key, item in result.found.items():
        assert item.name == places[key - 1].name


@given(lengths, st.data())
@settings(max_examples=100, deadline=None)
def test_all_ways_together_find_what_each_of_them_finds(ours: list[int], data: st.DataObject):
    places = show(*ours, specials=2)
    one = data.draw(st.sampled_from(places))
    ways = data.draw(st.sets(st.sampled_from(["abs", "place", "name", "day"]), min_size=1))
    assume(one.season or ways & {"place", "name"})
    item = says(
        number_abs=one.number_abs if "abs" in ways else None,
        season=one.season if "place" in ways else None,
        number=one.number if "place" in ways else None,
        name=one.name if "name" in ways else None,
        air_date=one.air_date if "day" in ways else None,
    )
    assert meant([item], places) == [one.id]


NARUTO = Known(1, "Naruto", "naruto", 2002, imdb_id="tt0409591", tmdb_id=46260, mal_id=20)
OTHER = Known(2, "Naruto", "naruto", 2023)


@pytest.mark.parametrize(
    "said",
    [
        Show(name="NARUTO", year=2002),
        Show(mal_id=20),
        Show(name="Something else", imdb_id="tt0409591"),
        Show(name="Naruto", year=2002, trakt_id=99),
        Show(name="Naruto", tmdb_id=46260, mal_id=9),
    ],
)
def test_a_show_is_recognised_by_its_ids_or_by_its_name_and_year(said: Show):
    assert recognise(said, [NARUTO, OTHER]) == NARUTO
    assert recognise(said, Shelf([NARUTO, OTHER]).like(said)) == NARUTO


def test_only_those_that_a_show_may_be_are_looked_at():
    others = [Known(n, f"Show {n}", f"show {n}", mal_id=n) for n in range(100, 200)]
    shelf = Shelf([NARUTO, OTHER, *others])
    assert {each.id for each in shelf.like(Show(name="Naruto", mal_id=150))} == {1, 2, 150}


@pytest.mark.parametrize(
    ("said", "why"),
    [
        (Show(name="Naruto"), "several"),
        (Show(name="Naruto", year=1999), "name and year"),
        (Show(name="Naruto", year=2002, mal_id=21), "name and year"),
        (Show(mal_id=21), "that id"),
        (Show(imdb_id="tt0409591", tmdb_id=7), "several titles"),
    ],
)
def test_a_show_that_may_be_another_is_none_of_ours(said: Show, why: str):
    seven = Known(3, "Seven", "seven", 2000, tmdb_id=7)
    found = recognise(said, [NARUTO, OTHER, seven])
    assert isinstance(found, str)
    assert why in found
    assert recognise(said, Shelf([NARUTO, OTHER, seven]).like(said)) == found
