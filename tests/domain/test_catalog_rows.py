"""A record is a row or has a reason against it, whatever it says; files and their lines."""

import gzip
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.catalog.files import Torn, UnreadableFile, records
from domain.catalog.rows import CatalogRow, Refusal, read
from domain.copying import encode

GOOD = {
    "id": "ts22164",
    "title": "Monty Python's Flying Circus",
    "type": "SHOW",
    "description": "Sketches.",
    "release_year": "1969.0",
    "age_certification": "TV-14",
    "runtime": "30",
    "genres": "['comedy', 'european', 'TV Movie']",
    "production_countries": "['GB', 'Lebanon', 'gb']",
    "seasons": "4.0",
    "imdb_id": "tt0063929",
    "imdb_score": "8.8",
    "imdb_votes": "72895.0",
    "tmdb_popularity": "12.919",
    "tmdb_score": "8.3",
}
CELLS = st.one_of(
    st.text(max_size=60),
    st.sampled_from(
        ["", "nan", "inf", "-1", "1e999", "1_0", "9" * 400, "[]", "['", "['a',]", "\0"]
    ),
)


def row(**cells: str) -> CatalogRow:
    found = read(GOOD | cells)
    assert isinstance(found, CatalogRow)
    return found


def reason(**cells: str) -> str:
    found = read(GOOD | cells)
    assert isinstance(found, Refusal)
    return found.reason


@given(st.fixed_dictionaries({}, optional=dict.fromkeys(GOOD, CELLS)))
def test_any_record_is_a_row_or_has_a_reason(cells: dict[str, str]) -> None:
    for record in (cells, GOOD | cells):
        found = read(record)
        if isinstance(found, Refusal):
            assert found.reason
        else:
            assert found.name
            assert len(found.name_key.encode()) <= 1_200
            assert found.year is None or 1870 <= found.year <= 2100
            assert found.runtime_min is None or 0 < found.runtime_min <= 1_500
            assert found.audience_score is None or 0 <= found.audience_score <= 10
            assert "\0" not in found.name + found.synopsis + (found.rating or "")


@given(st.lists(st.text(st.characters(codec="utf-8", exclude_characters="\0")), min_size=1))
def test_a_line_for_copy_has_no_more_tabs_and_line_ends_than_it_should(cells: list[str]) -> None:
    line = encode([(*cells, tuple(cells))]).decode()
    assert line.count("\t") == len(cells)
    assert line.count("\n") == 1
    assert "\r" not in line


def test_a_good_record_is_read() -> None:
    assert row() == CatalogRow(
        justwatch_id="ts22164",
        kind="series",
        name="Monty Python's Flying Circus",
        name_key="monty pythons flying circus",
        year=1969,
        runtime_min=30,
        rating="TV-14",
        genres=("comedy", "european"),
        countries=("GB",),
        season_count=4,
        imdb_id="tt0063929",
        audience_score=8.8,
        audience_votes=72_895,
        popularity=12.919,
        synopsis="Sketches.",
    )


def test_without_imdbs_mean_tmdbs_is_shown_but_has_no_votes() -> None:
    found = row(imdb_score="", imdb_votes="")
    assert (found.audience_score, found.audience_votes) == (8.3, 0)
    found = row(imdb_score="", imdb_votes="", tmdb_score="")
    assert (found.audience_score, found.audience_votes) == (None, None)


def test_no_runtime_is_an_unknown_one() -> None:
    assert row(runtime="0").runtime_min is row(runtime="").runtime_min is None


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        ({"id": ""}, "the id is missing"),
        ({"id": "tt0063929"}, "is not JustWatch's"),
        ({"id": "tm9000000001"}, "is not JustWatch's"),
        ({"title": "\u202e "}, "the title is missing"),
        ({"type": "GAME"}, "neither MOVIE nor SHOW"),
        ({"runtime": "40000"}, "not between 0 and 1500"),
        ({"runtime": "1.5"}, "not a whole number"),
        ({"seasons": "four"}, "seasons 'four' is not a number"),
        ({"imdb_score": "11"}, "not between 0 and 10"),
        ({"genres": "__import__('os')"}, "is not a list"),
        ({"imdb_id": "0063929"}, "is not IMDb's"),
    ],
)
def test_what_cannot_be_used_says_why(cells: dict[str, str], expected: str) -> None:
    assert expected in reason(**cells)


def test_windows_1252_and_a_byte_order_mark_are_understood(tmp_path: Path) -> None:
    path = tmp_path / "old.csv"
    path.write_bytes(b"\xef\xbb\xbfid,title\r\n1,Am\xe9lie\r\n2,Am\xc3\xa9lie\r\n")
    assert [dict(cells) for _, cells in records(path, ["id"]) if not isinstance(cells, Torn)] == [
        {"id": "1", "title": "Amélie"},
        {"id": "2", "title": "Amélie"},
    ]


def test_lines_are_counted_as_an_editor_counts_them(tmp_path: Path) -> None:
    path = tmp_path / "list.csv.gz"
    path.write_bytes(gzip.compress(b'id,title\n1,"one\ntwo"\n\n2,x\n3\n4,"never ends'))
    found = [(place.line, cells) for place, cells in records(path, ["id"])]
    assert [line for line, _ in found] == [2, 5, 6, 7]
    assert isinstance(found[2][1], Torn)


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"", "it has: nothing"),
        (b"person_id,id\n1,2\n", "has no column title"),
        (b"\xff\xfei\0d\0", "is UTF-16"),
        (b"\x1f\x8b\x08 not really", "damaged"),
        (b"id,title\n" + b"x" * 1_000_001, "line 2 never ends"),
        (b"id,title\r1,x\r", "has no column"),
    ],
)
def test_a_file_of_another_kind_is_told_plainly(
    tmp_path: Path, content: bytes, expected: str
) -> None:
    path = tmp_path / "file.csv"
    path.write_bytes(content)
    with pytest.raises(UnreadableFile, match=expected):
        list(records(path, ["id", "title"]))


def test_a_missing_file_is_told_plainly(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFile, match=r"nowhere.csv cannot be read: No such file"):
        list(records(tmp_path / "nowhere.csv", ["id"]))


@given(st.binary(max_size=300))
def test_any_bytes_below_a_header_are_records(
    tmp_path_factory: pytest.TempPathFactory, content: bytes
) -> None:
    path = tmp_path_factory.getbasetemp() / "any.csv"
    path.write_bytes(b"id,title,type\n" + content)
    for _, record in records(path, ["id", "title", "type"]):
        assert isinstance(record, Torn) or isinstance(read(record), CatalogRow | Refusal)
