"""Nothing that isn't on the sheet gets through, and what is on it does."""

import json
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.why import vocabulary
from domain.why.check import Reason, Refusal, check, filled, line_of, shown, so_far
from domain.why.moods import MOODS
from domain.why.values import Sheet
from tests.why.lines import GOOD, LIES
from tests.why.sheets import COZY, SHEETS, TENSE, told

_ALL = [(key, line) for key, line in GOOD] + [(key, line) for key, line, _ in LIES]
WORDS = st.sampled_from(
    [
        *sorted({word for _, line in _ALL for word in line.split()}),
        *("nine", "104", "87", "120", "minutes", "hours", "and", "a", "half", "you", "rated"),
    ]
)


@pytest.mark.parametrize(("key", "line"), GOOD)
def test_a_line_that_a_model_would_write_from_its_facts_passes(key: str, line: str):
    assert check(line, SHEETS[key]) is None


@pytest.mark.parametrize(("key", "line", "reason"), LIES)
def test_a_lie_is_refused_for_what_it_is(key: str, line: str, reason: str):
    refused = check(line, SHEETS[key])
    assert refused is not None
    assert refused.reason == reason


@pytest.mark.parametrize(("key", "line"), GOOD)
def test_a_good_line_says_nothing_on_a_sheet_without_facts(key: str, line: str):
    bare = Sheet("pick", {})
    assert check(line, bare) is not None
    told_so_far = [shown(line[:end], bare) for end in range(len(line) + 1)]
    assert any(isinstance(told, Refusal) for told in told_so_far) or len(line.split()) < 8


@pytest.mark.parametrize(("key", "line"), GOOD)
def test_every_prefix_shows_a_beginning_of_the_line_as_it_will_be(key: str, line: str):
    sheet, before = SHEETS[key], ""
    for end in range(len(line) + 1):
        part = shown(line[:end], sheet)
        assert isinstance(part, str)
        assert filled(line, sheet).startswith(part)
        assert part.startswith(before)
        before = part
    assert before or len(line.split()) < 9


def test_a_number_waits_in_a_draft_for_what_it_counts():
    time = {"minutes": 104, "of": 240, "episodes": 2}
    sheet = told("genre", title_kind="series", time=time)
    line = "It takes an hour and 44 minutes for each episode of {TITLE} tonight."
    assert check(line, sheet) is None
    assert all(isinstance(shown(line[:end], sheet), str) for end in range(len(line)))


def assert_shows_no_lie(line: str, sheet: Sheet) -> None:
    """What is shown of a line while it is written ends before what it is refused for."""
    refused = check(line, sheet)
    parts = [shown(line[:end], sheet) for end in range(len(line) + 1)]
    certain = next((at for at, part in enumerate(parts) if isinstance(part, Refusal)), None)
    if refused is None:
        assert certain is None
        assert all(filled(line, sheet).startswith(str(part)) for part in parts)
    else:
        # Once it is certain it stays so: nobody is shown anything again.
        assert certain is None or all(isinstance(part, Refusal) for part in parts[certain:])
        texts = [part for part in parts if isinstance(part, str)]
        assert all(later.startswith(part) for part, later in pairwise(texts))


@pytest.mark.parametrize(("key", "line", "reason"), LIES)
def test_no_draft_shows_the_word_that_a_line_is_refused_for(key: str, line: str, reason: str):
    refused = check(line, SHEETS[key])
    assert refused is not None
    assert_shows_no_lie(line, SHEETS[key])
    at = line.find(refused.word)
    if refused.word.strip() and reason not in ("not_a_sentence", "language"):
        shows = [shown(line[:end], SHEETS[key]) for end in range(len(line) + 1)]
        longest = max((part for part in shows if isinstance(part, str)), key=len)
        assert (
            not refused.word[0].isalpha()
            or refused.word not in longest.split()
            or (line.count(refused.word) > 1)
        ), (at, longest)


@settings(max_examples=200, deadline=None)
@given(st.lists(WORDS, min_size=1, max_size=14), st.sampled_from(sorted(SHEETS)))
def test_drafts_of_random_lines_agree_with_the_whole_line(words: list[str], key: str):
    line = " ".join(words).strip().capitalize().replace("{title}", "{TITLE}") + "."
    assert_shows_no_lie(line, SHEETS[key])


@settings(max_examples=200, deadline=None)
@given(st.sampled_from(GOOD), st.data())
def test_drafts_of_a_good_line_with_one_word_changed_agree_with_it(good, data):
    key, line = good
    words = line.split(" ")
    words[data.draw(st.integers(0, len(words) - 1))] = data.draw(WORDS)
    assert_shows_no_lie(" ".join(words), SHEETS[key])


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=120), st.integers(0, 60))
def test_any_text_is_judged_and_what_passes_is_plain(text: str, place: int):
    line = "A tense thriller close to {LIKED}, which you rated 9."
    for tried in (text, line[:place] + text + line[place:]):
        refused = check(tried, TENSE)
        assert refused is None or refused.reason in Reason
        if refused is None:
            assert tried.strip().replace("’", "'").replace("—", "-").replace("–", "-").isascii()
        assert isinstance(shown(tried, TENSE), str | Refusal)
        assert isinstance(filled(tried, TENSE), str)


@given(st.text(alphabet="abcdefghijklmnopqrstuvwxyz", min_size=2, max_size=14))
def test_a_word_that_nobody_listed_is_refused(word: str):
    listed = word in vocabulary.FREE or word in vocabulary.NEEDS or word in TENSE.facts
    refused = check(f"A {word} thriller.", TENSE)
    assert listed or word == "heist" or refused is not None


@given(st.integers(0, 3_000))
def test_no_other_number_of_minutes_than_the_sheets_is_told(number: int):
    refused = check(f"A thriller that takes {number} minutes.", TENSE)
    assert (refused is None) == (number == 104)
    refused = check(f"It fits your {number} minutes.", TENSE)
    assert (refused is None) == (number == 120)


def test_a_mood_is_said_by_its_own_words_and_not_by_anothers():
    for mood, words in MOODS.items():
        sheet = told(mood={"mood": mood, "weight": 0.6, "themes": []})
        assert check(f"A {mood} film.", sheet) is None
        strange = {
            word
            for other, theirs in MOODS.items()
            if other != mood
            for word in theirs.split()
            if word not in words.split() and "mood+" not in vocabulary.NEEDS.get(word, ())
        }
        passed = {word for word in strange if check(f"A {word} film.", sheet) is None}
        assert not passed


def test_the_lists_of_words_are_large_enough_and_say_nothing_twice():
    assert len(vocabulary.FREE) >= 700
    refused = vocabulary.SPOILERS | vocabulary.CLAIMS_NEVER | vocabulary.OTHERS
    assert vocabulary.FREE.isdisjoint(refused | vocabulary.NEEDS.keys() | vocabulary.NEGATIONS)


def test_a_line_may_have_200_characters_with_its_names():
    line = "A tense thriller close to {LIKED}."
    rest = len(line) - len("{LIKED}")
    for length, passes in ((200 - rest, True), (201 - rest, False)):
        sheet = Sheet("pick", TENSE.facts, {"LIKED": "x" * length})
        refused = check(line, sheet)
        assert (refused is None) == passes
        assert passes or refused == Refusal(Reason.TOO_LONG)


@pytest.mark.parametrize(
    "piece", ["hundred ", "one hundred and ", "rated ", "a, ", "{TITLE} ", "9"]
)
def test_a_line_without_end_is_refused_before_it_costs_anything(piece: str):
    line = "A " + piece * (4_000 // len(piece)) + " "
    assert check(line, TENSE) == Refusal(Reason.TOO_LONG)
    assert shown(line, TENSE) == Refusal(Reason.TOO_LONG)


def test_a_placeholder_inside_a_name_stays_what_it_is():
    names = {"TITLE": "{LIKED} {PLATFORM}", "LIKED": "{TITLE}", "PLATFORM": "Netflix"}
    sheet = Sheet("pick", TENSE.facts, names)
    assert (
        filled("{TITLE} is close to {LIKED}.", sheet) == "{LIKED} {PLATFORM} is close to {TITLE}."
    )


def test_a_name_is_told_without_controls_and_marks_that_turn_the_reading():
    sheet = Sheet("pick", {}, {"TITLE": "He\x00at\u202e \u2066II\n\ud800"})
    assert filled("{TITLE} is good.", sheet) == "Heat II is good."
    assert filled("{TITLE} is like {LIKED}.", sheet) == "Heat II is like {LIKED}."


def test_names_of_a_sheet_may_have_their_braces():
    assert filled("{TITLE}.", Sheet("pick", {}, {"{TITLE}": "Heat"})) == "Heat."


def test_a_rating_that_is_low_makes_no_title_a_loved_one():
    sheet = told("genre", like={"rating": 6})
    assert check("You loved {LIKED}, and this thriller is close to it.", sheet) is not None
    assert check("You rated {LIKED} 6, and this thriller is close to it.", sheet) is None


def test_a_season_that_leaves_is_named_where_leaving_is():
    sheet = told("genre", title_kind="series", leaving={"seasons": [4]})
    assert check("Season 4 leaves {PLATFORM} on Tuesday.", sheet) is None
    assert check("It leaves {PLATFORM} on Tuesday.", sheet) is not None
    assert check("Season 5 leaves {PLATFORM} on Tuesday.", sheet) is not None


PLAN = Sheet(
    "binge",
    {
        "episodes": 130, "filler": 90, "episodes_a_day": 2, "minutes_a_day": 45,
        "finish": "24 January", "start_by": "3 December", "fits": True,
    },
    {"TITLE": "Naruto"},
)  # fmt: skip


@pytest.mark.parametrize(
    ("line", "passes"),
    [
        ("At 2 episodes a day, you finish all 130 episodes by 24 January.", True),
        ("130 episodes without the 90 filler ones, done on 24 January.", True),
        ("Start {TITLE} by 3 December and watch 45 minutes a day.", True),
        ("At 3 episodes a day, you finish by 24 January.", False),
        ("You finish by 3 December.", False),
        ("Start by 24 January.", False),
        ("You will not finish all 130 episodes.", False),
        ("220 episodes without the 90 filler ones.", False),
        ("90 episodes without the 130 filler ones.", False),
        ("Watch 130 minutes a day.", False),
    ],
)
def test_a_plan_is_told_by_its_own_numbers_and_days(line: str, passes: bool):
    assert (check(line, PLAN) is None) == passes


def test_a_plan_that_does_not_fit_may_say_so():
    short = Sheet("binge", {**PLAN.facts, "fits": False}, PLAN.names)
    assert check("You will not finish {TITLE} by 24 January.", short) is None


@given(st.text(max_size=60))
def test_a_line_is_read_out_of_json_while_it_is_written(line: str):
    for ascii_only in (True, False):
        whole = json.dumps({"line": line}, ensure_ascii=ascii_only)
        assert line_of(whole) == line.strip()
        before = ""
        for end in range(len(whole) + 1):
            part = so_far(whole[:end])
            assert (part is None) == (end < len('{"line": "'))
            assert line.startswith(part or "")
            assert (part or "").startswith(before)
            before = part or ""
        assert before == line


@pytest.mark.parametrize(
    "text",
    [
        "", "{", "[]", '"line"', '{"line": 1}', '{"line": "a", "more": 1}', '{"line": "a"',
        "[" * 9_999, '{"line": "a", "line": "b"}', 'Sure! {"line": "a"}', '{"line": null}',
        "NaN", "1" * 9_999, '{"line": {"line": "a"}}', '[["line", "a"]]',
    ],
)  # fmt: skip
def test_what_is_no_object_with_one_line_is_refused(text: str):
    assert line_of(text) == Refusal(Reason.NOT_JSON)
    assert so_far(text) in (None, "a")


def test_half_an_escape_waits_for_the_rest():
    assert so_far('{"line": "a\\') == "a"
    assert so_far('{"line": "a\\u00') == "a"
    assert so_far('{"line": "a\\ud83d') == "a"
    assert so_far('{"line": "a\\ud83d\\ude0') == "a"
    assert so_far('{"line": "a\\ud83d\\ude00') == "a😀"
    assert so_far('{"line": "a" more') == "a"
    assert so_far("Sure! Here") is None


def test_a_company_of_all_kinds_is_counted_right():
    assert check("A warm family film for all five of you.", COZY) is None
    assert check("A warm family film for all four of you.", COZY) is not None
