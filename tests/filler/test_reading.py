"""Files that say what is filler: what they are is seen in them, and a bad row refuses all."""

import itertools
import json
import re
from collections import Counter
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.binge.values import Verdict
from domain.catalog.platforms import DEMO_FILES
from domain.filler.reading import Unreadable, read
from domain.filler.values import Heard, Item, Show

FILLER, MIXED, CANON = Verdict.FILLER, Verdict.MIXED, Verdict.CANON

CSV = """\
name,year,mal_id,verdict,episodes,title,air_date,confidence,url
Naruto,2002,20,filler,26 97 101-103,,,,https://example.org/naruto
Naruto,2002,20,Mixed Canon/Filler,S02E05-E06,,,0.7,
Naruto,2002,20,canon,,The Broken Seal,2002-10-10,,
"""
JSON = {
    "source": "Our List",
    "confidence": 0.6,
    "shows": [
        {"name": "Naruto", "year": 2002, "filler": "26 S01E02", "mixed": [7, "8-9"]},
        {
            "tmdb_id": 46260,
            "url": "https://example.org/",
            "episodes": [
                {"verdict": "filler", "episode": "S02E05", "title": "A tale", "confidence": 1},
                {"verdict": "canon", "air_date": "2003-04-02"},
            ],
        },
    ],
}


def items(heard: Heard) -> list[Item]:
    return [item for each in heard.sayings for item in each.items]


def problem(content: str | bytes, name: str = "mine") -> str:
    with pytest.raises(Unreadable) as refused:
        read(content if isinstance(content, bytes) else content.encode(), name)
    assert refused.value.message.startswith("Nothing was taken from this file: ")
    return refused.value.message


def test_rows_name_episodes_by_numbers_ranges_seasons_names_and_days():
    heard = read(CSV.encode("utf-8-sig"), "My List")
    assert heard.sources == ("file:my-list",)
    assert [each.show for each in heard.sayings] == [Show("Naruto", 2002, mal_id=20)]
    url = "https://example.org/naruto"
    assert items(heard) == [
        *(Item(FILLER, 0.9, number_abs=n, url=url) for n in (26, 97, 101, 102, 103)),
        *(Item(MIXED, 0.7, season=2, number=n) for n in (5, 6)),
        Item(CANON, 0.9, name="The Broken Seal", air_date=date(2002, 10, 10)),
    ]


def test_a_json_file_says_the_same_and_what_is_usual_in_it():
    heard = read(json.dumps(JSON).encode(), "x")
    assert heard.sources == ("file:our-list",)
    assert items(heard) == [
        Item(FILLER, 0.6, number_abs=26),
        Item(FILLER, 0.6, season=1, number=2),
        *(Item(MIXED, 0.6, number_abs=n) for n in (7, 8, 9)),
        Item(FILLER, 1.0, season=2, number=5, name="A tale", url="https://example.org/"),
        Item(CANON, 0.6, air_date=date(2003, 4, 2), url="https://example.org/"),
    ]


def test_rows_may_have_sources_of_their_own_and_whoever_brings_the_file_goes_before_them():
    content = b"name,verdict,episodes,source\nA,filler,1,One\nB,filler,1,Two\nC,filler,1,\n"
    assert read(content, "File").sources == ("file:one", "file:two", "file:file")
    assert read(content, "File", "Three").sources == ("file:three",)


def test_the_demo_s_own_list_is_in_this_format():
    heard = read((DEMO_FILES / "filler.csv").read_bytes(), "filler")
    said = Counter(each.show.name for each in heard.sayings for _ in each.items)
    assert said["Naruto"] == 90


def test_a_list_of_numbers_says_what_is_filler_and_that_what_lies_between_is_not():
    heard = read(b'{"20": [2, 4]}', "filler")
    assert heard.sources == ("mal",)
    (saying,) = heard.sayings
    assert saying.show == Show(mal_id=20, whole=True)
    assert [(i.number_abs, i.verdict, i.confidence, i.implied) for i in saying.items] == [
        (1, CANON, 0.4, True), (2, FILLER, 0.8, False), (3, CANON, 0.4, True),
        (4, FILLER, 0.8, False),
    ]  # fmt: skip


def test_an_id_that_may_be_another_catalogue_s_skips_nothing_by_itself():
    (saying,) = read(b'{"21459": [2]}', "filler").sayings
    assert {each.confidence for each in saying.items} == {0.3, 0.2}


def test_the_real_list_is_recognised(data: Path):
    heard = read((data / "tv_filler_mal/filler.json").read_bytes(), "filler")
    assert heard.sources == ("mal",)
    assert len(heard.sayings) == 122
    naruto = next(each for each in heard.sayings if each.show.mal_id == 20)
    assert sum(each.verdict is FILLER for each in naruto.items) == 90
    assert len(naruto.items) == 219


def test_every_bad_row_is_named_with_its_line():
    message = problem(
        "name,verdict,episodes,confidence,air_date,imdb_id,url\n"
        "A,filler,1,,,,\n"
        "A,perhaps,1,,,,\n"
        "A,filler,9-1,,,,\n"
        "A,filler,x,,,,\n"
        "A,filler,,,,,\n"
        "A,filler,1,2,,,\n"
        "A,filler,,,2003-02-31,,\n"
        ",filler,1,,,,\n"
        "A,filler,1,,,77,\n"
        "A,filler,1,,,,javascript:alert(1)\n"
        "A,filler,1\n"
        "A,filler,S01E05-S02E01,,,,\n"
        "A,filler,1-3,,2003-02-01,,\n"
    )
    assert [f"line {n}:" in message for n in range(2, 15)] == [False] + [True] * 12
    for words in ("verdict", "'9-1'", "'x'", "names no episode", "confidence", "2003-04-02",
                  "which show", "tt0409591", "https://", "cells", "by itself",
                  "several episodes"):  # fmt: skip
        assert words in message


def test_a_file_of_something_else_is_not_read_to_its_end():
    rows = itertools.chain(["name,verdict,episodes"], itertools.repeat("A,good,1", 300_000))
    assert problem("\n".join(rows)).endswith("and at least 980 more.")


def test_a_json_file_s_bad_entries_are_named_by_their_place():
    shows = [{"name": "A", "filler": "1"}, {"name": "A", "episodes": [{"verdict": "filler"}, 7]},
             {"name": "B", "filler": {"a": 1}}, 5, {"name": "C", "fillers": [1]},
             {"name": "D", "episodes": [{"verdict": "mixed", "name": "Fly", "episode": 1}]},
             ]  # fmt: skip
    message = problem(json.dumps({"shows": shows}))
    for place in ("show 2, episode 1:", "show 2, episode 2:", "show 3, filler:", "show 4:",
                  "show 5:", "show 6, episode 1:"):  # fmt: skip
        assert place in message
    assert "show 1" not in message


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "first line"),
        (b"\xff\xfe\x00", "UTF-8"),
        (b"{", "JSON"),
        (b"[1", "JSON"),
        (b"[" * 100_000, "JSON"),
        (b"{}", "no list of shows"),
        (b"[]", "names no show"),
        (b'{"shows": 7}', "no list of shows"),
        (b'{"20": [0]}', "show 20"),
        (b'{"20": ["1"]}', "show 20"),
        (b'{"20": {"1": 2}}', "show 20"),
        (b"name,verdict,episodes\n", "names no show"),
        (b"name,verdict,episodes\nA,filler,0\n", "counted from 1"),
        (b"name,verdict,episode\nA,filler,1\n", "no column 'episode'"),
        (b'name,verdict,episodes\nA,filler,"1\n', "line"),
        (b"name,verdict,episodes\nA,filler," + b"1-9999 " * 5_000 + b"\n", "more than 100,000"),
        (b"name,verdict\nA,filler\n" + b" " * 9_000_000, "larger"),
    ],
)
def test_what_is_no_such_file_is_refused_in_a_sentence(content: bytes, why: str):
    assert why in problem(content)


def test_hostile_names_are_cleaned():
    shows = [{"name": "A\u0000\ud800\u202eB", "filler": 1, "source": "\u0000../\ud800x"}]
    heard = read(json.dumps(shows).encode(), "x")
    assert heard.sayings[0].show.name == "AB"
    assert heard.sources == ("file:x",)


def test_the_examples_in_the_documentation_are_such_files():
    text = (Path(__file__).parents[2] / "docs/filler.md").read_text()
    table, tree = (re.search(rf"```{kind}\n(.*?)```", text, re.S) for kind in ("csv", "json"))
    assert table
    assert tree
    naruto, shippuden, conan = read(table[1].encode(), "mine").sayings
    assert [len(each.items) for each in (naruto, shippuden, conan)] == [90, 4, 1]
    assert [len(each.items) for each in read(tree[1].encode(), "mine").sayings] == [12, 1]


cell = st.text(max_size=12) | st.sampled_from(["1-3", "S01E02", "filler", "0.5", "tt0409591", "20"])
value = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | cell,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                ["shows", "name", "filler", "episodes", "episode", "verdict", "20", "url"]
            )
            | cell,
            inner,
            max_size=4,
        )
    ),
    max_leaves=12,
)


@given(value)
@settings(max_examples=200, deadline=None)
def test_no_json_is_anything_but_taken_or_refused(said: object):
    try:
        read(json.dumps(said).encode(), "x")
    except Unreadable:
        return


@given(st.lists(st.lists(cell, max_size=5), max_size=4), st.binary(max_size=30))
@settings(max_examples=200, deadline=None)
def test_no_table_is_anything_but_taken_or_refused(rows: list[list[str]], more: bytes):
    head = b"name,verdict,episodes,air_date,confidence\n"
    lines = "\n".join(",".join(row) for row in rows).encode("utf-8", "surrogatepass")
    try:
        read(head + lines + more, "x")
    except Unreadable:
        return
