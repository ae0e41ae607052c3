"""What a model is asked is short, ours, and holds the facts."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.why.check import check
from domain.why.notes import notes, plain_line
from domain.why.prompt import MOST_TOKENS, SCHEMA, prompt
from domain.why.refusals import Reason, Refusal
from domain.why.values import Sheet
from tests.why.sheets import FACTS, SHEETS, told

PLAN = Sheet(
    "binge",
    {"fits": True, "episodes": 130, "filler": 90, "episodes_a_day": 2, "finish": "24 January",
     "start_by": "24 November"},
    {"TITLE": "Naruto"},
)  # fmt: skip


@pytest.mark.parametrize("sheet", [*SHEETS.values(), PLAN])
def test_a_prompt_is_made_of_notes_each_of_which_may_be_told(sheet: Sheet):
    asked = prompt(sheet)
    for note in notes(sheet):
        assert f"\n- {note}\n" in asked
        assert check(f"{note[0].upper()}{note[1:]}.", sheet) is None
    assert "JSON" in asked


@pytest.mark.parametrize("sheet", [*SHEETS.values(), PLAN])
def test_the_plain_line_is_one_that_may_be_told(sheet: Sheet):
    assert f"\n{plain_line(sheet)}\n" in prompt(sheet)
    assert check(plain_line(sheet), sheet) is None


def test_every_name_but_the_titles_stands_in_the_notes_by_its_place():
    told_of = " ".join(notes(SHEETS["tense"]))
    assert all(f"{{{place}}}" in told_of for place in ("LIKED", "PERSON_1", "PLATFORM"))


def test_the_longest_prompt_has_1400_characters_at_the_most():
    longest = told(
        *(kind for kind in FACTS if kind not in ("mood", "like", "leaving", "time", "company")),
        mood={"mood": "heartbreaking", "weight": 0.99, "themes": ["coming of age", "world war ii"]},
        like={"rating": 10, "people": ["A B", "C D"], "genres": ["science-fiction", "documentary"]},
        leaving={"on": FACTS["leaving"]["on"], "seasons": [1, 3, 5, 7], "platforms": ["Netflix"]},
        time={"minutes": 145, "of": 600, "episodes": 4},
        company={"votes": 2_345_678, "people": 12},
        genre={"genres": ["science-fiction", "documentary"], "kind": "series"},
    )
    for refused in (None, Refusal(Reason.PLACEHOLDER), Refusal(Reason.WORD, "x" * 20)):
        assert len(prompt(longest, refused)) <= 1_400


@pytest.mark.parametrize("reason", list(Reason))
def test_a_second_try_says_what_was_wrong(reason: Reason):
    again = prompt(SHEETS["tense"], Refusal(reason, "zesty"))
    assert set(prompt(SHEETS["tense"]).split("\n\n")) < set(again.split("\n\n"))
    assert "refused" in again
    assert '"zesty"' in again


@given(st.text(max_size=40))
def test_a_second_try_repeats_no_word_but_a_plain_one(word: str):
    again = prompt(SHEETS["bare"], Refusal(Reason.WORD, word))
    plain = re.fullmatch("[a-z]{1,20}", word) is not None
    assert (f'"{word}"' in again) == plain


def test_the_schema_asks_for_one_line_that_fits_into_the_tokens():
    assert SCHEMA["required"] == ["line"]
    assert SCHEMA["additionalProperties"] is False
    assert SCHEMA["properties"]["line"]["maxLength"] == 200
    assert MOST_TOKENS >= 200 / 3
