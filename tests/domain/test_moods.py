"""Moods: what anyone would say of well-known titles, and what holds for every title."""

from dataclasses import replace
from pathlib import Path
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.titles.genres import Genre
from domain.titles.mood_rules import CLASHES, GENRES, RULES
from domain.titles.mood_signs import ALL, signs
from domain.titles.moods import LEAST_WEIGHT, MOST_MOODS, Mood, TitleFacts, derive

# One title a line; the columns are explained at the top of the file.
KNOWN = Path(__file__).with_name("known_titles.txt").read_text("utf-8")
ROWS = [row for row in KNOWN.splitlines() if row and not row.startswith("#")]


def facts(row: str) -> tuple[TitleFacts, set[str], set[str]]:
    _, numbers, genres, keywords, synopsis, moods, never = map(str.strip, row.split("|"))
    kind, year, minutes, maturity = numbers.split()
    title = TitleFacts(
        kind="film" if kind == "f" else "series",
        year=int(year),
        runtime_min=int(minutes),
        genres=tuple(map(Genre, genres.split())),
        keywords=tuple(keywords.split(", ")),
        synopsis=synopsis,
        maturity=int(maturity),
        audience_score=None,
    )
    return title, set(moods.split()), set(never.split())


@pytest.mark.parametrize("row", ROWS, ids=[row.split(" |")[0] for row in ROWS])
def test_a_well_known_title_has_the_moods_anyone_would_name(row: str) -> None:
    title, expected, never = facts(row)
    tags = derive(title)
    moods = {tag.mood.value for tag in tags}
    assert expected <= moods, tags
    assert not moods & never, tags


def test_a_reason_names_the_fact_and_the_strongest_comes_first() -> None:
    title, _, _ = facts(next(row for row in ROWS if row.startswith("Ocean's Eleven")))
    thrilling = derive(title)[0]
    assert thrilling.mood is Mood.THRILLING
    assert thrilling.reasons[:2] == ("keyword: heist", "comedy with crime")


def test_without_facts_there_are_no_moods() -> None:
    assert derive(TitleFacts("film", None, None, (), (), "", None, None)) == ()


@pytest.mark.parametrize(
    ("synopsis", "sign"),
    [
        ("A haunting tale", "haunt"),
        ("The spies are back", "spy"),
        ("HEISTS!", "heist"),
        ("Two serial killers", "serial killer"),
        ("a stand-up comedy special", "stand up comedy"),
    ],
)
def test_a_sign_is_found_in_its_other_forms(synopsis: str, sign: str) -> None:
    assert sign in signs(synopsis)


@pytest.mark.parametrize("synopsis", ["coping", "a warm welcome", "skilled", "therapist", "inner"])
def test_a_sign_is_not_found_inside_another_word(synopsis: str) -> None:
    assert not signs(synopsis)


def test_every_sign_of_the_tables_is_found_by_its_own_spelling() -> None:
    assert [sign for sign in ALL if sign not in signs(f"The {sign}, at last")] == []


def test_a_phrase_counts_once_and_not_again_for_the_words_inside_it() -> None:
    assert signs("world war ii") == {"world war ii"}


def test_a_phrase_does_not_span_two_keywords() -> None:
    title = TitleFacts("film", 2020, 100, (), ("black", "hole"), "", None, None)
    assert derive(title) == ()


def test_age_is_counted_from_the_year_given() -> None:
    title = TitleFacts("film", 2000, 100, (Genre.FAMILY,), (), "", None, None)
    young, old = derive(title, this_year=2001), derive(title, this_year=2040)
    assert Mood.NOSTALGIC not in {tag.mood for tag in young}
    assert Mood.NOSTALGIC in {tag.mood for tag in old}


# Any text at all, surrogates and NULs too, mixed with words that the rules react to.
WORDS = st.one_of(st.text(alphabet=st.characters(), max_size=30), st.sampled_from(ALL))
TITLES = st.builds(
    TitleFacts,
    kind=st.sampled_from(("film", "series")),
    year=st.none() | st.integers(1880, 2100),
    runtime_min=st.none() | st.integers(-1, 2000),
    genres=st.lists(st.sampled_from(Genre)).map(tuple),
    keywords=st.lists(WORDS, max_size=12).map(tuple),
    synopsis=st.lists(WORDS, max_size=25).map(" ".join),
    maturity=st.none() | st.integers(0, 18),
    audience_score=st.none() | st.floats(0, 10),
)


@given(TITLES)
def test_the_tags_of_any_title_are_few_sorted_weighted_and_explained(title: TitleFacts) -> None:
    tags = derive(title)
    assert len(tags) <= MOST_MOODS
    assert len({tag.mood for tag in tags}) == len(tags)
    assert all(LEAST_WEIGHT <= tag.weight <= 1 for tag in tags)
    order = list(Mood)
    assert list(tags) == sorted(tags, key=lambda tag: (-tag.weight, order.index(tag.mood)))
    assert all(tag.reasons and all(tag.reasons) for tag in tags)


@given(TITLES, st.randoms(use_true_random=False))
def test_the_order_of_genres_and_keywords_changes_nothing(
    title: TitleFacts, chance: Random
) -> None:
    genres, keywords = list(title.genres), list(title.keywords)
    chance.shuffle(genres)
    chance.shuffle(keywords)
    other = replace(title, genres=tuple(genres), keywords=tuple(keywords))
    assert derive(other) == derive(title)


@pytest.mark.parametrize(
    "text", ["\x00 murder \x00", "👻" * 99, "\ud800 love", "قصة حب", "\u202eevol", "|||", "İ" * 9]
)
def test_no_text_is_too_strange(text: str) -> None:
    title = TitleFacts("series", 2020, 40, (Genre.DRAMA,), (text, text), text, 18, 7.5)
    assert derive(title)


def test_the_docs_show_the_tables_as_they_are() -> None:
    page = (Path(__file__).parents[2] / "docs" / "moods.md").read_text("utf-8")
    tables = GENRES | {rule.name: rule.effects for rule in RULES} | CLASHES
    for name, effects in tables.items():
        row = ", ".join(f"{mood} {weight:+g}" for mood, weight in effects.items())
        assert any(line.startswith(f"| {name} |") and row in line for line in page.splitlines()), (
            name
        )
    assert all(f"| {mood.value} |" in page for mood in Mood)
