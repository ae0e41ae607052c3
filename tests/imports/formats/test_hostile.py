"""Whatever the file: lines, rows passed over, or an error that people can read; nothing else."""

import subprocess
import sys
from pathlib import Path
from time import process_time

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from domain.errors import DomainError
from domain.imports.errors import DamagedExport, TooLarge, UnknownExport
from domain.imports.values import Line, Passed
from tests.imports.formats import files, hostile

CORPUS = dict(hostile.corpus())
NAMES = ("upload", "watchlist.csv", "ratings-live-votes.csv")


def outcome(path: Path, name: str | None = None) -> list[Line | Passed] | DomainError:
    try:
        return list(files.opened(path, name).lines())
    except DomainError as refusal:
        return refusal


@pytest.mark.parametrize("each", CORPUS)
def test_a_hostile_file_is_read_or_refused_in_words(tmp_path: Path, each: str) -> None:
    path = files.write(tmp_path, "upload", CORPUS[each])
    before = process_time()

    for name in NAMES if len(CORPUS[each]) < 20_000 else NAMES[:1]:
        found = outcome(path, name)
        if isinstance(found, DomainError):
            assert found.message.endswith((".", "?"))
            assert len(found.message) < 1_200
            assert "Traceback" not in found.message
            assert str(tmp_path) not in found.message
        else:
            for line in found:
                text = repr(line)
                assert "\\x00" not in text
                assert "\\ud800" not in text
                assert len(text) < 25_000
    assert process_time() - before < 5
    assert not [each for each in tmp_path.iterdir() if each != path]


def test_the_corpus_is_what_it_says() -> None:
    assert len(CORPUS) >= 100


@pytest.mark.parametrize(
    ("each", "refusal", "words"),
    [
        ("empty", UnknownExport, "Understood are: our own export"),
        ("page", UnknownExport, "no export"),
        ("7z", UnknownExport, "a 7-Zip archive"),
        ("zip in zip", UnknownExport, "Unpack it once"),
        ("gzip in gzip", UnknownExport, "a gzipped file in an archive"),
        ("spreadsheet", UnknownExport, "Save it as CSV"),
        ("missing columns", DamagedExport, "no column"),
        ("many quotes", TooLarge, "quotation marks"),
        ("long text", DamagedExport, "not JSON"),
        ("cut", DamagedExport, "is not whole"),
        ("cut gzip", DamagedExport, "Download it again"),
        ("cut zip", DamagedExport, "Download it again"),
        ("locked", DamagedExport, "password"),
        ("unknown method", DamagedExport, "unusual way"),
        ("bomb", TooLarge, "more than 200 times"),
        ("gzip bomb", TooLarge, "more than 200 times"),
        ("lying sizes", TooLarge, "more than 512 MB"),
        ("many members", TooLarge, "more than 2,000 files"),
        ("endless tag", DamagedExport, "never ends"),
    ],
)
def test_what_is_wrong_is_said(
    tmp_path: Path, each: str, refusal: type[DomainError], words: str
) -> None:
    found = outcome(files.write(tmp_path, "upload", CORPUS[each]))

    assert isinstance(found, refusal), found
    assert words in found.message


@pytest.mark.parametrize(
    ("each", "usable", "passed"),
    [
        ("utf-32", 2, []),
        ("quote", 50, [(2, "a quotation mark in it is never closed")]),
        ("old mac", 2, []),
        ("mixed newlines", 3, []),
        ("sep", 1, []),
        ("nul in cells", 2, []),
        ("short and long rows", 0, [(2, "it has 1 cells where the header has 2"),
                                    (3, "it has 4 cells where the header has 2")]),
        ("formulas", 3, []),
        ("quotes in pairs", 0, [(2, "a quotation mark in it is never closed"),
                                (3, "a quotation mark in it is never closed")]),
    ],
)  # fmt: skip
def test_what_can_be_read_of_a_bad_table_is_read(
    tmp_path: Path, each: str, usable: int, passed: list[tuple[int, str]]
) -> None:
    lines, others = files.read(files.write(tmp_path, "upload", CORPUS[each]))

    assert len(lines) == usable
    assert [(other.n, other.reason) for other in others] == passed


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be",
                                      "cp1252"])  # fmt: skip
@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_encodings_and_separators_are_found_out(
    tmp_path: Path, encoding: str, separator: str
) -> None:
    text = f'Title{separator}Date\r\n"Café – Ö"{separator}25.12.2023\r\n'
    path = files.write(tmp_path, "x", text.encode(encoding))

    assert files.told(path)[0][1:] == ("Café – Ö", "2023-12-25")


@settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=150, deadline=None
)
@given(st.binary(max_size=400), st.sampled_from([b"", b"Title,Date\n", b"[{", b"<myanimelist>"]))
def test_random_bytes_are_read_or_refused(tmp_path: Path, junk: bytes, start: bytes) -> None:
    outcome(files.write(tmp_path, "upload", start + junk))


MEASURED = """
import sys, time
from pathlib import Path
from domain.errors import DomainError
from domain.imports.reading import open_export
count = 0
try:
    for line in open_export(Path(sys.argv[1])).lines():
        count += 1
    end = ""
except DomainError as refusal:
    end = refusal.message
status = dict(line.split(":", 1) for line in open("/proc/self/status"))
peak = int(status["VmHWM"].split()[0])
print(count, time.process_time(), peak / 1024, end, sep="|")
"""


def measured(path: Path) -> tuple[int, float, float, str]:
    """How many lines, seconds of a processor, MB at the most, and how it ended, of a process."""
    done = subprocess.run(
        [sys.executable, "-c", MEASURED, str(path)], capture_output=True, text=True, check=True
    )
    count, seconds, peak, end = done.stdout.strip().split("|")
    return int(count), float(seconds), float(peak), end


def test_a_million_rows_cost_little_time_and_memory(tmp_path: Path) -> None:
    path = tmp_path / "million.csv"
    with path.open("w") as out:
        out.write("Title,Date\n")
        for number in range(1_000_000):
            day = 1 + number % 28
            out.write(f'"Harbour Lights: Season {number % 9}: No. {number}","{day:02}/05/2024"\n')
    count, seconds, megabytes, end = measured(path)

    assert count == 200_000
    assert "more than 200,000 things" in end
    assert seconds < 10
    assert megabytes < 150


def test_rows_of_nothing_are_passed_over_as_cheaply(tmp_path: Path) -> None:
    path = tmp_path / "nothing.json"
    with path.open("w") as out:
        out.write('[{"watched_at":"2020-01-01T00:00:00Z","movie":{}}')
        out.write(',\n{"movie":{}}' * 400_000 + "]")
    count, seconds, megabytes, end = measured(path)

    assert (count, end) == (400_001, "")
    assert seconds < 10
    assert megabytes < 150


def test_a_bomb_is_noticed_before_it_goes_off(tmp_path: Path) -> None:
    path = files.write(tmp_path, "bomb", hostile.zipped({"watched.csv": bytes(100_000_000)}))
    _, seconds, megabytes, end = measured(path)

    assert "more than 200 times" in end
    assert seconds < 2
    assert megabytes < 100
