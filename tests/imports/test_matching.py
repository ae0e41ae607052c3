"""What speaks for a title, and how much: one table of cases, and what must hold for all."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.imports import matching
from domain.imports.matching import Card, Place, Pool, Verdict
from domain.imports.spelling import loose, main_part, variants
from domain.imports.telling import hear, tell
from domain.imports.values import Ids, Line, Reading, What
from domain.titles.names import fold
from tests.imports.exports import line


def card(name: str, year: int | None = 2020, kind: str = "film", key: int = 1, **ids) -> Card:
    """A title that there is."""
    return Card(key, f"title_{key}", kind, name, fold(name), year, **ids)


def judge(told: Line, *cards: Card, episodes=()) -> Verdict:
    """What a line speaks of among these titles, found as candidates finds them."""
    pool = Pool()
    keys = {key for reading in told.readings for key in matching.lookups(reading)}
    for each in cards:
        if each.name_key in keys:
            pool.names.setdefault(each.name_key, []).append(each)
        for name, value in matching.ids_of(told.ids):
            if value == (each.key if name == "ours" else getattr(each, name)):
                pool.ids.setdefault((name, value), []).append(each)
    places = {each.id: episodes for each in cards if each.kind == "series"}
    return matching.verdict(told, matching.guesses(told, pool), places)


@pytest.mark.parametrize(
    ("told", "there", "match"),
    [
        (("Amélie", 2001), ("AMELIE", 2001), "matched"),
        (("Tom & Jerry", 2021), ("Tom and Jerry", 2021), "matched"),
        (("The Matrix Reloaded", 2003), ("Matrix Reloaded", 2003), "matched"),
        (("Matrix Reloaded", 2003), ("The Matrix Reloaded", 2003), "matched"),
        (("Rocky II Returns", 1979), ("Rocky 2 Returns", 1979), "matched"),
        (("Paddington Goes West", 2017), ("Paddington Goes West", 2018), "matched"),
        (("Paddington Goes West", None), ("Paddington Goes West", 2018), "matched"),
        (("Paddington Goes West", 2017), ("Paddington Goes West", None), "matched"),
        (("Prey", 2022), ("Prey", 2021), "ambiguous"),
        (("Host", 2020), ("The Host", 2020), "ambiguous"),
        (("Birdman: Or So", 2014), ("Birdman", 2014), "ambiguous"),
        (("Halloween", 2018), ("Halloween", 2016), "ambiguous"),
        (("Halloween", 2018), ("Halloween", 1978), "unknown"),
        (("Up", 2009), ("Down", 2009), "unknown"),
        (("!!!", 2009), ("???", 2009), "unknown"),
    ],
)
def test_how_names_and_years_agree(told, there, match: str):
    assert judge(line(*told), card(*there)).match == match


def test_the_exact_year_beats_the_one_beside_it():
    verdict = judge(line("Target", 2018), card("Target", 2017), card("Target", 2018, key=2))
    assert verdict.best is not None
    assert verdict.best.card.id == 2


def test_twins_are_for_a_person_to_tell_apart():
    verdict = judge(line("Target", 2018), card("Target", 2018), card("Target", 2018, key=2))
    assert (verdict.match, len(verdict.guesses)) == ("ambiguous", 2)


def test_a_series_is_not_the_film_of_its_name():
    series = card("Fargo", 1996, "series")
    assert judge(line("Fargo", 1996), series).match == "ambiguous"
    assert judge(line("Fargo", 1996), series, card("Fargo", 1996, key=2)).match == "matched"


@pytest.mark.parametrize(
    ("ids", "there", "match", "best"),
    [
        (Ids(imdb_id="tt1"), card("Up", 2009, imdb_id="tt1"), "matched", 1.0),
        (Ids(imdb_id="tt1"), card("Oben", 2009, imdb_id="tt1"), "matched", 0.96),
        (Ids(imdb_id="tt1"), card("Oben", None, imdb_id="tt1"), "ambiguous", 0.85),
        (Ids(mal_id=1), card("Oben", None, mal_id=1), "matched", 0.92),
        (Ids(imdb_id="tt1"), card("Alien", 1979, imdb_id="tt1"), "ambiguous", 0.6),
        (Ids(ours="title_1"), card("Alien", 1979), "ambiguous", 0.6),
        (Ids(ours="title_1"), card("Up", 2009), "matched", 1.0),
        (Ids(ours="title_1"), card("Alien", 2009), "ambiguous", 0.85),
        (Ids(tmdb_id=1), card("Alien", 1979, "series", tmdb_id=1), "unknown", None),
        (Ids(imdb_id="tt1"), card("Up", 2009, imdb_id="tt2"), "ambiguous", 0.87),
    ],
)
def test_an_id_is_believed_where_name_or_year_agree(ids, there, match, best):
    verdict = judge(line("Up", 2009, ids=ids), there)
    assert verdict.match == match
    assert [round(each.confidence, 2) for each in verdict.guesses] == ([best] if best else [])


def test_a_wrong_id_does_not_hide_the_right_name():
    wrong = card("Alien", 1979, imdb_id="tt1")
    verdict = judge(line("Up", 2009, ids=Ids(imdb_id="tt1")), wrong, card("Up", 2009, key=2))
    assert verdict.best is not None
    assert verdict.best.card.id == 2


def test_an_id_and_its_name_decide_between_twins():
    cards = card("Up", 2009, imdb_id="tt1"), card("Up", 2009, key=2)
    verdict = judge(line("Up", 2009, ids=Ids(imdb_id="tt1")), *cards)
    assert verdict.best is not None
    assert verdict.best.card.id == 1


EPISODES = [
    Place(11, 1, 1, 1, "secrets"), Place(12, 1, 2, 2, "lies"), Place(21, 2, 1, 3, "beginnings"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("part", "episode"),
    [
        ({"season_number": 1, "episode_number": 2}, 12),
        ({"number_abs": 3}, 21),
        ({"season_number": 1, "episode_name": "Lies!"}, 12),
        ({"episode_name": "The Beginnings"}, 21),
        ({"season_number": 9, "episode_number": 9, "number_abs": 1}, 11),
        ({"season_number": 1, "episode_number": 9}, None),
        ({"season_number": 2, "episode_name": "Lies"}, None),
        ({"season_number": 1}, None),
        ({"episode_number": 1}, None),
    ],
)
def test_episodes_are_found_by_number_or_name(part, episode: int | None):
    told = line("Dark", 2017, kind="series", **part)
    verdict = judge(told, card("Dark", 2017, "series"), episodes=EPISODES)
    if episode is None:
        assert verdict.match == "ambiguous"
        assert verdict.problem in (matching.NO_EPISODE, matching.WHOLE_SEASON)
    else:
        assert verdict.best is not None
        assert verdict.best.episode_id == episode


def test_of_several_readings_the_one_that_finds_its_episode_wins():
    readings = (
        Reading("Mission", "series", episode_name="Secrets"),
        Reading("Mission: Secrets", "film"),
    )
    told = Line(1, What.WATCH, readings)
    series, film = card("Mission", 2017, "series"), card("Mission: Secrets", 2017, key=2)
    found = judge(told, series, film, episodes=EPISODES)
    missing = judge(told, series, film, episodes=EPISODES[1:])
    assert found.best is not None
    assert missing.best is not None
    assert (found.best.card.id, missing.best.card.id) == (1, 2)


@given(st.text(max_size=40))
def test_every_spelling_of_a_name_is_loosely_the_same(name: str):
    key = fold(name)
    assert key not in set(variants(key))
    for each in variants(key):
        assert fold(each) == each
    assert loose(key) == loose(key)
    assert main_part(name) != ""


@given(st.text(max_size=60), st.integers(1, 9999) | st.none(), st.text(max_size=20))
def test_any_text_is_judged_and_told(name: str, year: int | None, note: str):
    told = line(name, year, note=note)
    assert judge(told, card("Up")).match in {"matched", "ambiguous", "unknown"}
    heard = hear(told.n, told.what, tell(told))
    assert (heard.readings[0].year, heard.at, heard.n) == (year, told.at, told.n)


def test_a_line_comes_back_as_it_was_told():
    told = Line(
        7, What.RATING,
        (Reading("Dark", "series", 2017, 1, 2, "Lies", 2), Reading("Dark: Lies", "film")),
        Ids(ours="title_1", tmdb_id=3), line("x").at, True, 9, 2, "good", "ratings.csv",
        "netflix",
    )  # fmt: skip
    assert hear(told.n, told.what, tell(told)) == told
