"""Our own export: out and in again without loss, and nothing that a spreadsheet runs."""

import csv
import io
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from domain.imports.escaping import escape, restore
from domain.imports.export import to_csv, to_json
from domain.imports.values import Ids, Line, Reading, What
from tests.imports.formats import files

Writer = Callable[[Iterable[Line]], Iterator[str]]

texts = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1)
risky = st.builds(
    "{}{}".format, st.sampled_from(["=", "+", "-", "@", "\t", "\r", "'", "''="]), texts
)
words = (texts | risky).map(lambda each: each[:200])
names = words.filter(str.strip)
numbers = st.integers(1, 100_000)
moments = st.datetimes(datetime(1900, 1, 1), datetime(2026, 11, 20)).map(  # noqa: DTZ001
    lambda each: each.replace(tzinfo=UTC)
) | st.just(datetime(2020, 2, 3, 4, 5, 6, 789, timezone(timedelta(hours=5, minutes=30))))
readings = st.builds(
    Reading,
    names,
    st.sampled_from([None, "film", "series"]),
    st.none() | st.integers(1870, 2100),
    st.none() | st.integers(0, 10_000),
    st.none() | numbers,
    st.none() | words,
    st.none() | numbers,
)
ids = st.builds(
    Ids,
    st.none() | words.map(lambda each: each[:100]),
    st.none() | st.just("tt0000101"),
    st.none() | numbers,
    st.none() | numbers,
    st.none() | numbers,
    st.none() | st.just("tm77"),
    st.none() | st.just("tt0000102"),
)


@st.composite
def lines(draw: st.DrawFn) -> Line:
    """Any line that a history can hold."""
    what, at = draw(st.sampled_from(list(What))), draw(st.none() | moments)
    return Line(
        0,
        what,
        (draw(readings),),
        draw(ids),
        at,
        dated=at is not None and draw(st.booleans()),
        score=draw(st.integers(1, 10)) if what is What.RATING else None,
        times=draw(st.integers(1, 1_000)),
        note=draw(st.none() | words),
        platform=draw(st.none() | st.just("disney-plus")),
    )


@pytest.mark.parametrize("writer", [to_json, to_csv])
@settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40, deadline=None
)
@given(st.lists(lines(), max_size=5))
def test_what_goes_out_comes_back(tmp_path: Path, writer: Writer, told: list[Line]) -> None:
    path = files.write(tmp_path, "history", "".join(writer(told)))
    if not told:  # and a file of nothing is still known
        assert files.opened(path).source == "streaming_stack"
    back, passed = files.read(path)

    assert not passed
    assert [replace(line, n=0) for line in back] == told


def test_all_readings_go_out_as_json(tmp_path: Path) -> None:
    line = Line(2, What.WATCH, (Reading("A: B", "film"), Reading("A", "series")))
    path = files.write(tmp_path, "x", "".join(to_json([line])))

    assert files.read(path)[0] == [line]


@given(texts | risky)
def test_no_cell_starts_a_formula_and_each_comes_back(cell: str) -> None:
    assert escape(cell)[0] not in "=+-@\t\r\n"
    assert restore(escape(cell)) == cell


def test_a_cell_that_nobody_escaped_stays_as_it_is() -> None:
    assert restore("'Twas a Night") == "'Twas a Night"


def test_spreadsheets_see_titles_and_no_formulas() -> None:
    line = Line(1, What.WATCH, (Reading('=HYPERLINK("http://x")', "film"),), note="@SUM(1)")
    out = "".join(to_csv([line]))

    assert out.startswith("\ufeffwhat,name,")
    cells = [cell for row in csv.reader(io.StringIO(out)) for cell in row if cell]
    assert not [cell for cell in cells if cell[0] in "=+-@\t\r"]


@pytest.mark.parametrize(
    "line",
    [
        "{",
        "[]",
        '{"what":"watch"}',
        '{"what":["watch"],"readings":[{"name":"x"}]}',
        '{"what":"watch","readings":[{"name":"x","kind":{}}]}',
        '{"what":"watch","readings":[{"name":" "}]}',
        '{"what":"watch","readings":[{"name":"x"}],"at":"2020-01-01"}',
        '{"what":"watch","readings":[{"name":"x"}],"at":5}',
        '{"what":"watch","readings":[{"name":"x"}],"score":5}',
        '{"what":"rating","readings":[{"name":"x"}],"score":11}',
        '{"what":"rating","readings":[{"name":"x"}],"score":1e999}',
        '{"what":"watch","readings":{"name":"x"}}',
        '{"what":"watch","readings":[7],"ids":[]}',
    ],
)
def test_a_line_that_was_edited_to_nonsense_is_passed_over(tmp_path: Path, line: str) -> None:
    path = files.write(tmp_path, "x", "".join(to_json([])) + line + "\n")
    found, passed = files.read(path)

    assert not found
    assert [each.n for each in passed] == [2]
