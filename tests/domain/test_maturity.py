"""Maturity: every board's rating on one scale, and always on the careful side."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.titles.maturity import Maturity, level, of_title


@pytest.mark.parametrize(
    ("country", "ratings", "expected"),
    [
        ("US", "G TV-Y TV-G", Maturity.EVERYONE),
        ("US", "PG TV-PG TV-Y7 TV-Y7-FV", Maturity.OLDER_KIDS),
        ("US", "PG-13 pg-13", Maturity.TEENS),
        ("US", "TV-14", Maturity.MATURE),
        ("US", "R NC-17 TV-MA tv-ma", Maturity.ADULTS),
        ("GB", "U", Maturity.EVERYONE),
        ("GB", "PG", Maturity.OLDER_KIDS),
        ("GB", "12 12A", Maturity.TEENS),
        ("GB", "15", Maturity.MATURE),
        ("GB", "18 R18", Maturity.ADULTS),
        ("DE", "0 FSK0 o.Al.", Maturity.EVERYONE),
        ("DE", "6 FSK-6", Maturity.OLDER_KIDS),
        ("DE", "12 FSK12", Maturity.TEENS),
        ("DE", "16 FSK16", Maturity.MATURE),
        ("DE", "18 FSK18", Maturity.ADULTS),
        ("FR", "TV-MA -18 18+", Maturity.ADULTS),
        ("PT", "M/12", Maturity.TEENS),
        ("IT", "VM14 16+", Maturity.MATURE),
        ("SG", "R21", Maturity.ADULTS),
        (" us ", "R", Maturity.ADULTS),
    ],
)
def test_a_rating_has_its_step(country: str, ratings: str, expected: Maturity) -> None:
    assert {word: level(country, word) for word in ratings.split()} == dict.fromkeys(
        ratings.split(), expected
    )


@pytest.mark.parametrize("rating", ["FSK 12", "Ab 12", "fsk  12", "12 Jahre", "ab 12 Jahren"])
def test_spaces_and_words_around_an_age_do_not_matter(rating: str) -> None:
    assert level("DE", rating) is Maturity.TEENS


@pytest.mark.parametrize(
    "rating", ["", "NR", "Unrated", "7-12", "1999", "99", "٦", "\x00", "U", "5 of 5"]
)
def test_what_nobody_can_read_is_unknown(rating: str) -> None:
    assert level("FR", rating) is None


@given(st.integers(0, 18))
def test_nobody_sees_a_title_before_the_age_on_it(age: int) -> None:
    step = level("NL", str(age))
    assert step is not None
    assert step >= age


@given(st.text(), st.text(alphabet=st.characters()))
def test_no_rating_raises(country: str, rating: str) -> None:
    assert level(country, rating) in {None, *Maturity}


def test_the_viewers_country_decides_even_where_others_are_stricter() -> None:
    assert of_title({"US": "R", "DE": "12"}, "DE") is Maturity.TEENS


def test_elsewhere_the_strictest_known_rating_decides() -> None:
    assert of_title({"US": "PG", "DE": "12", "GB": "not yet rated"}, "FR") is Maturity.TEENS
    assert of_title({"US": "PG", "FR": "???"}, "FR") is Maturity.OLDER_KIDS


def test_an_unrated_title_is_for_adults() -> None:
    assert of_title({}, "US") is Maturity.ADULTS
    assert of_title({"US": "NR"}, "US") is Maturity.ADULTS


def test_a_title_for_everyone_in_the_viewers_country_is_for_everyone() -> None:
    assert of_title({"US": "G", "DE": "6"}, "US") is Maturity.EVERYONE
