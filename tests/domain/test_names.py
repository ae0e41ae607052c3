"""Names: one key for every spelling, one slug for every platform, no hostile text; and genres."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.titles.genres import Genre
from domain.titles.names import clean, fold, slug

ANY_TEXT = st.text(alphabet=st.characters())  # lone surrogates and NUL included


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("Amélie", "amelie"),
        ("  AMELIE! ", "amelie"),
        ("Straße", "strasse"),
        ("Æon Flux", "aeon flux"),
        ("Smørrebrød", "smorrebrod"),
        ("Kieślowski: Ładna", "kieslowski ladna"),
        ("Tom & Jerry", "tom and jerry"),
        ("Schitt’s Creek", "schitts creek"),
        ("Ocean's Eleven", "oceans eleven"),
        ("WALL·E", "wall e"),
        ("Spider-Man: No Way Home", "spider man no way home"),
        ("ＷＩＤＥ ﬁlm", "wide film"),
        ("ガンダム", "ガンダム"),
        ("कभी खुशी", "कभी खुशी"),
        ("기생충", "기생충"),
        ("!?…", ""),
    ],
)
def test_a_name_folds_to_what_people_type(text: str, key: str) -> None:
    assert fold(text) == key


@given(ANY_TEXT)
def test_folding_a_key_changes_nothing(text: str) -> None:
    key = fold(text)
    assert fold(key) == key
    assert key == " ".join(key.split())


@given(ANY_TEXT)
def test_case_and_composition_do_not_change_the_key(text: str) -> None:
    assert fold(unicodedata.normalize("NFD", text)) == fold(unicodedata.normalize("NFC", text))
    assert fold(text.casefold()) == fold(text)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Amazon Prime Video", "amazon-prime-video"),
        ("Disney+", "disney-plus"),
        ("Disney Plus", "disney-plus"),
        ("Paramount+", "paramount-plus"),
        ("Canal+", "canal-plus"),
        ("AMC＋ Amazon Channel", "amc-plus-amazon-channel"),
        ("Apple TV+", "apple-tv-plus"),
        ("Movistar Plus+", "movistar-plus-plus"),
        ("A&E Crime Central", "a-and-e-crime-central"),
        ("***", ""),
    ],
)
def test_a_platform_has_its_slug(name: str, expected: str) -> None:
    assert slug(name) == expected


@given(ANY_TEXT)
def test_a_slug_is_kebab_case(text: str) -> None:
    made = slug(text)
    assert slug(made) == made
    assert not made or all(made.split("-"))
    assert not any(char.isspace() or char in "/?#%+&" for char in made)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("  two\r\nlines\tand a tab  ", "two lines and a tab"),
        ("nul\x00 bell\x07 del\x7f", "nul bell del"),
        ("lone \ud83d surrogate", "lone  surrogate"),
        ("\u202egpj.exe\u202c", "gpj.exe"),
        ("\ufeffbom", "bom"),
        ("e\u0301", "é"),
        ("👩‍🚀 stays", "👩‍🚀 stays"),
        ("مرحبا\u200f stays", "مرحبا\u200f stays"),
    ],
)
def test_hostile_characters_are_dropped_and_honest_ones_stay(text: str, expected: str) -> None:
    assert clean(text) == expected


@given(ANY_TEXT, st.integers(0, 20))
def test_clean_text_is_short_storable_and_clean(text: str, limit: int) -> None:
    made = clean(text, limit)
    assert len(made) <= limit
    assert clean(made, limit) == made
    assert "\x00" not in made.encode().decode()  # encoding would fail on a lone surrogate
    assert unicodedata.is_normalized("NFC", made)


@pytest.mark.parametrize(
    ("word", "genre"),
    [
        ("documentation", Genre.DOCUMENTARY),
        ("scifi", Genre.SCIENCE_FICTION),
        ("scf", Genre.SCIENCE_FICTION),
        ("Sci-Fi & Fantasy", Genre.SCIENCE_FICTION),
        ("Science Fiction", Genre.SCIENCE_FICTION),
        ("Action & Adventure", Genre.ACTION),
        ("Adventure", Genre.ACTION),
        ("Kids", Genre.FAMILY),
        ("Mystery", Genre.THRILLER),
        ("Soap", Genre.DRAMA),
        ("War & Politics", Genre.WAR),
        ("Talk", Genre.DOCUMENTARY),
        (" DRAMA ", Genre.DRAMA),
        ("TV Movie", None),
        ("", None),
    ],
)
def test_other_catalogues_words_are_understood(word: str, genre: Genre | None) -> None:
    assert Genre.from_source(word) is genre


def test_justwatchs_short_names_are_our_genres_one_for_one() -> None:
    short = "act ani cmy crm doc drm eur fml fnt hrr hst msc rly rma scf spt trl war wsn"
    assert {Genre.from_source(word) for word in short.split()} == set(Genre)
