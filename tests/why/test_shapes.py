"""No two of five lines sound alike, and none is too long."""

import re
from collections import defaultdict
from datetime import date
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.titles.moods import Mood
from domain.why import template
from domain.why.facts import Fact
from domain.why.phrases import OPTIONS, PHRASES
from domain.why.words import MONTHS, WEEKDAYS

TUESDAY = date(2026, 11, 24)
SCORES = st.integers(75, 100)
NAMES = st.sampled_from(["Heat", "Alien", "Your Name.", "{TITLE} {title} %s", "So What, Now?"])
TIES = st.fixed_dictionaries(
    {
        "title": NAMES,
        "wished": st.booleans(),
        "rating": st.none() | st.integers(6, 10),
        "people": st.lists(NAMES, max_size=2),
        "genres": st.just(["crime"]),
    }
)
ENDS = st.fixed_dictionaries(
    {
        "on": st.just(TUESDAY),
        "days": st.sampled_from([0, 1, 3, 20]),
        "platforms": st.lists(NAMES, max_size=2),
        "seasons": st.sampled_from([(), (4,), (1, 2, 3)]),
    }
)
EVENINGS = st.fixed_dictionaries(
    {"minutes": st.integers(1, 300), "of": st.integers(1, 600)},
    optional={"episodes": st.integers(1, 12)},
)
MOODS = st.fixed_dictionaries(
    {
        "mood": st.sampled_from([str(mood) for mood in Mood]),
        "weight": st.sampled_from([0.3, 0.6, 0.9]),
        "themes": st.lists(st.sampled_from(["heist", "fbi"]), max_size=2, unique=True),
    }
)
GENRES = st.lists(st.sampled_from(["crime", "drama", "european", "romance"]), max_size=2)
KINDS: dict[str, st.SearchStrategy[dict]] = {
    "mood": MOODS,
    "watchlist": st.just({}),
    "like": TIES,
    "leaving": ENDS,
    "critics": SCORES.map(lambda score: {"score": score}),
    "audience": SCORES.map(lambda score: {"score": score / 10}),
    "time": EVENINGS,
    "new": st.just({"year": 2026}),
    "company": SCORES.map(lambda votes: {"votes": votes * 10_000, "people": 6}),
    "genre": GENRES.map(lambda genres: {"genres": genres}),
}
FACTS = st.lists(st.sampled_from(sorted(KINDS)), min_size=1, unique=True).flatmap(
    lambda kinds: st.tuples(*(KINDS[kind].map(lambda d, k=kind: Fact(k, d, 0.1)) for kind in kinds))
)
TOLD = st.tuples(FACTS, st.sampled_from(["film", "series"]))

LONG = st.text(max_size=40).map(lambda text: text * 20) | st.sampled_from(["word " * 80, "x" * 400])

_VALUES = (
    r"Heat|Alien|Your Name\.|\{TITLE\} \{title\} %s|So What, Now\?"
    r"|\b(an?|animated|crime|drama|European|romance|romantic|film|series)\b"
    rf"|{'|'.join([*WEEKDAYS, *MONTHS, *(str(mood) for mood in Mood), 'easy-going'])}"
    r"|[\d,.]*\d|\b(one|two|three|four|five|six|seven|eight|nine|ten)\b|million|today|tomorrow"
)


def shape(line: str) -> str:
    """What is left of a line without the values of its facts."""
    return " ".join(re.sub(_VALUES, " ", line, flags=re.IGNORECASE).split())


@given(st.lists(TOLD, min_size=10, max_size=10))
@settings(max_examples=200, deadline=None)
def test_no_two_of_five_lines_have_the_same_shape(told):
    shapes = [shape(line) for line in template.lines(told)]
    assert len(set(shapes[:5])) == 5
    assert len(set(shapes[5:])) == 5


@given(TOLD)
@settings(deadline=None)
def test_ten_titles_with_the_same_facts_are_told_in_ten_shapes_of_five(told):
    lines = template.lines([told] * 10)
    assert len({shape(line) for line in lines[:5]}) == 5
    assert lines == template.lines([told] * 10)
    assert lines[3] == template.sentence(*told, place=3)


def example(phrases: str, number: int) -> Fact:
    """A fact that these phrases say, with a number that moves the choice of wording."""
    kind, _, rest = phrases.partition(" ")
    data = {
        "mood": {
            "mood": "tense",
            "weight": {"high": 0.9, "some": 0.5, "low": 0.3}.get(rest),
            "themes": ["heist", "fbi"][: number % 3],
        },
        "like": {"title": f"Heat {number}", "wished": False, "rating": 9, "people": []},
        "leaving": {"on": TUESDAY, "days": 0 if rest == "last" else 3, "platforms": ["Alien"]},
        "critics": {"score": number},
        "audience": {"score": number / 10},
        "time": {
            "minutes": number,
            "of": 200 + number,
            "episodes": {"film": 0, "episode": 1, "episodes": 2}.get(rest),
        },
        "new": {"year": 2000 + number},
        "company": {"votes": number, "people": 6},
        "genre": {"genres": ["crime"]},
    }
    if phrases == "shared":
        return Fact("like", data["like"] | {"people": ["Alien"]}, 0)
    if kind == "seasons":
        return Fact("leaving", data["leaving"] | {"seasons": (4,)}, 0)
    if kind == "bare":
        return Fact("genre", {"genres": []}, 0)
    return Fact(kind, data.get(kind, {}), 0)


def test_no_shape_belongs_to_two_of_the_five_whatever_the_facts():
    places: dict[str, set[int]] = defaultdict(set)
    sets = [(*few,) for many in (1, 2, 3) for few in combinations(PHRASES, many)]
    for phrases in sets:
        for number in range(11, 17):
            facts = [example(each, number) for each in phrases]
            if len({fact.kind for fact in facts}) < len(facts):
                continue
            for place in range(5):
                places[shape(template.sentence(facts, "film", place))].add(place)
    assert len(places) > 5_000
    assert {told: found for told, found in places.items() if len(found) > 1} == {}


def test_no_wording_belongs_to_two_voices():
    voices = {"plain": 0, "does": 1, "that": 2, "opens": 3, "notes": 3, "main": 4, "having": 4}
    for phrases in PHRASES:
        found: dict[str, set[int]] = defaultdict(set)
        for form, voice in voices.items():
            for wording in OPTIONS[phrases, form]:
                found[wording].add(voice)
        # A form of nothing but values is told apart by what stands around it.
        shared = {wording for wording, used in found.items() if len(used) > 1}
        assert {wording for wording in shared if re.sub(r"\{\w+\}", "", wording)} == set()


@given(st.lists(LONG, min_size=4, max_size=4), st.integers(0, 9))
@settings(max_examples=200, deadline=None)
def test_names_of_any_length_leave_a_line_that_can_be_read(names: list[str], place: int):
    like = {"title": names[0], "wished": False, "rating": None, "people": names[1:3], "genres": []}
    leaving = {"on": TUESDAY, "days": 3, "platforms": names[3:], "seasons": (1, 2)}
    facts = [Fact("like", like, 0.2), Fact("leaving", leaving, 0.1), Fact("watchlist", {}, 0.1)]
    line = template.sentence(facts, "series", place)
    assert len(line) <= 200
    assert "Tuesday" in line
    assert not re.search(r"[\r\n\t]", line)
    alone = template.sentence(facts[:1], "series", place)
    assert len(alone) <= 300


@pytest.mark.parametrize("place", range(10))
def test_the_weightiest_facts_give_way_to_nothing_but_what_leaves(place: int):
    told = [Fact("critics", {"score": 91}, 0.3), Fact("audience", {"score": 8.2}, 0.2)]
    told += [Fact("time", {"minutes": 104, "of": 111}, 0.1), Fact("new", {"year": 2026}, 0.05)]
    numbers = set(re.findall(r"[\d.]*\d", template.sentence(told, "film", place)))
    assert {"91", "8.2", "104"} <= numbers
    assert "2026" not in numbers
    ending = Fact("leaving", {"on": TUESDAY, "days": 3, "platforms": ["Netflix"]}, 0)
    line = template.sentence([*told, ending], "film", place)
    assert "Tuesday" in line
    assert "104" not in line
