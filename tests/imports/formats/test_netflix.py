"""Netflix's viewing history: titles and days of every locale."""

from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.imports.formats.day_order import Ballot, Order, read
from domain.imports.formats.netflix_titles import readings
from domain.imports.reading import Export
from domain.imports.values import Line, Reading, What
from tests.imports.formats import files


def months(export: Export) -> list[int]:
    return [line.at.month for line in export.lines() if isinstance(line, Line) and line.at]


LATEST = date(2026, 11, 22)


def history(folder: Path, days: list[str], header: str = "Title,Date") -> Path:
    rows = [f'"Dusk Lane {number}","{day}"' for number, day in enumerate(days)]
    return files.write(folder, "NetflixViewingHistory.csv", "\n".join([header, *rows]) + "\n")


@pytest.mark.parametrize(
    ("days", "first"),
    [
        (["25/12/2023", "01/12/2023"], "2023-12-25"),
        (["12/25/23", "12/1/23"], "2023-12-25"),
        (["2023-12-25", "2023-12-01"], "2023-12-25"),
        (["25.12.23", "1.12.23"], "2023-12-25"),
        (["25. 12. 2023", "1. 12. 2023"], "2023-12-25"),
        (["2023. 12. 25.", "2023. 12. 1."], "2023-12-25"),
        (["23. 12. 25.", "23. 12. 1."], "2023-12-25"),  # Korean
        (["2023/12/25", "2023/12/01"], "2023-12-25"),
        (["25-12-2023", "01-12-2023"], "2023-12-25"),
        (["25/12/2566", "01/12/2566"], "2023-12-25"),  # Thai years
        (["25.12.2023 г.", "1.12.2023 г."], "2023-12-25"),
        (["\u200f25.12.2023", "\u200f1.12.2023"], "2023-12-25"),
        (["٢٥/١٢/٢٠٢٣", "٠١/١٢/٢٠٢٣"], "2023-12-25"),
    ],
)
def test_every_locale_s_days_are_read(tmp_path: Path, days: list[str], first: str) -> None:
    path = history(tmp_path, days)

    assert [day for _, _, day in files.told(path)] == [first, "2023-12-01"]


def test_one_day_beyond_the_twelfth_decides_the_order_of_the_whole_file(tmp_path: Path) -> None:
    path = history(tmp_path, ["03/04/2024", "02/03/2024", "13/01/2024"])

    assert [day for _, _, day in files.told(path)] == ["2024-04-03", "2024-03-02", "2024-01-13"]


def test_days_that_could_be_either_are_read_as_the_file_is_sorted_and_that_is_said(
    tmp_path: Path,
) -> None:
    export = files.opened(history(tmp_path, ["05/02/2024", "04/03/2024", "03/04/2024"]))

    assert months(export) == [5, 4, 3]  # newest first, as histories are
    (remark,) = export.remarks
    assert "'05/02/2024'" in remark

    export = files.opened(history(tmp_path, ["12/01/23", "11/12/23", "11/02/23", "10/10/23"]))
    assert months(export) == [12, 11, 11, 10]
    assert "read as month/day/year, since the file is sorted that way" in export.remarks[0]

    export = files.opened(history(tmp_path, ["01/12/23", "12/11/23", "02/11/23", "10/10/23"]))
    assert months(export) == [12, 11, 11, 10]
    assert "read as day/month/year" in export.remarks[0]


def test_what_nothing_decides_is_read_by_custom_and_that_is_said(tmp_path: Path) -> None:
    for day, month in (("5/4/23", 5), ("05/04/2023", 4), ("5.4.23", 4)):
        export = files.opened(history(tmp_path, [day]))

        assert months(export) == [month]
        assert "nothing in the file decides it" in export.remarks[0]


def test_no_day_is_read_into_the_future(tmp_path: Path) -> None:
    path = history(tmp_path, ["12/11/2026", "05/11/2026"])  # in December and May, or in November

    assert [day for _, _, day in files.told(path)] == ["2026-11-12", "2026-11-05"]


def test_a_row_without_a_title_or_a_day_is_passed_over_by_its_number(tmp_path: Path) -> None:
    path = files.write(
        tmp_path, "n.csv", "Title,Date\nDusk Lane,25/12/2023\n,25/12/2023\nOrchid,soon\n"
    )
    lines, passed = files.read(path)

    assert [line.n for line in lines] == [2]
    assert [(each.n, each.reason) for each in passed] == [
        (3, "the title is missing"),
        (4, "'soon' is not a day"),
    ]


@given(
    st.sampled_from(list(Order)),
    st.sampled_from(["/", ".", "-", ". "]),
    st.booleans(),
    st.lists(st.dates(date(2012, 1, 1), date(2026, 11, 1)), min_size=1, max_size=40),
)
def test_a_sorted_file_with_a_late_day_is_always_read_as_it_was_written(
    order: Order, between: str, short: bool, days: list[date]
) -> None:
    days = sorted([*days, date(2026, 11, 21)], reverse=True)
    letters = {Order.DMY: "dmy", Order.MDY: "mdy", Order.YMD: "ymd"}[order]

    def written(day: date) -> str:
        year = f"{day.year % 100:02}" if short else f"{day.year}"
        parts = {"d": f"{day.day}", "m": f"{day.month}", "y": year}
        return between.join(parts[letter] for letter in letters)

    ballot = Ballot(date(2007, 1, 1), LATEST)
    for day in days:
        ballot.count(written(day))
    found, _ = ballot.decide()

    # A two-digit year that could be a day as well may leave several orders; none may be worse.
    assert found == order or (short and all(read(written(day), found) for day in days))


def test_an_hour_past_midnight_elsewhere_is_not_the_future(tmp_path: Path) -> None:
    tomorrow = (files.NOW + timedelta(days=1)).date()
    path = history(tmp_path, [f"{tomorrow:%d/%m/%Y}"])

    assert files.told(path)[0][0] == What.WATCH


@pytest.mark.parametrize(
    ("title", "season", "episode"),
    [
        ("Harbour Lights: Season 4: Chapter One", 4, "Chapter One"),
        ("Harbour Lights: Limited Series: The Bridge", 1, "The Bridge"),
        ("Harbour Lights: Staffel 2: Folge 3", 2, "Folge 3"),
        ("Harbour Lights: Saison 2: Le pont", 2, "Le pont"),
        ("Harbour Lights: Temporada 12: El puente", 12, "El puente"),
        ("Harbour Lights: Stagione 1: Il ponte: parte due", 1, "Il ponte: parte due"),
        ("Harbour Lights: Part 3: The Bridge", 3, "The Bridge"),
        ("Harbour Lights: Volume 1: The Bridge", 1, "The Bridge"),
        ("Harbour Lights: Book Two: The Bridge", None, None),
        ("Harbour Lights: Book 2: The Bridge", 2, "The Bridge"),
        ("Harbour Lights: 2. évad: A híd", 2, "A híd"),
        ("Harbour Lights: 1. Sezon: 3. Bölüm", 1, "3. Bölüm"),
        ("Harbour Lights: Сезон 2: Мост", 2, "Мост"),
        ("Harbour Lights: シーズン2: 橋", 2, "橋"),
        ("Harbour Lights: 第二季: 桥", 2, "桥"),
        ("Harbour Lights: 第 12 季: 桥", 12, "桥"),
        ("Harbour Lights: 시즌 1: 다리", 1, "다리"),
        ("Harbour Lights: Season IV: The Bridge", 4, "The Bridge"),
        ("Harbour Lights: Harbour Lights 4: The Bridge", 4, "The Bridge"),
    ],
)
def test_a_season_in_any_language_makes_an_episode_of_a_series(
    title: str, season: int | None, episode: str | None
) -> None:
    found = readings(title)

    assert Reading(title, "film") in found
    if season is None:
        return
    first = found[0]
    assert (first.name, first.kind) == ("Harbour Lights", "series")
    assert (first.season_number, first.episode_name) == (season, episode)


def test_an_episode_that_is_only_numbered_has_its_number() -> None:
    assert readings("Harbour Lights: Staffel 2: Folge 3")[0].episode_number == 3
    assert readings("Harbour Lights: Sezon 1: 12. Bölüm")[0].episode_number == 12
    assert readings("Harbour Lights: Season 1: Three")[0].episode_number is None

    first = readings("Harbour Lights: Season 1: The Bridge (Episode 3)")[0]
    assert (first.episode_name, first.episode_number) == ("The Bridge", 3)
    assert readings("Harbour Lights: Season 1: Him (Her)")[0].episode_name == "Him (Her)"


def test_a_name_with_colons_keeps_all_that_it_can_mean() -> None:
    assert readings("Mission: Orchid")[0] == Reading("Mission: Orchid", "film")
    assert Reading("Mission", "series", episode_name="Orchid") in readings("Mission: Orchid")

    found = readings("Tales: Coven: The Bridge")
    assert Reading("Tales", "series", episode_name="The Bridge") in found
    assert Reading("Tales: Coven", "series", episode_name="The Bridge") in found

    found = readings("The Games: Mockingbird: Part 1")
    assert found[0] == Reading("The Games: Mockingbird: Part 1", "film")
    assert Reading("The Games: Mockingbird", "series", season_number=1) in found

    found = readings("Star: Wars: Season 2: The Bridge")
    assert (found[0].name, found[0].season_number) == ("Star: Wars", 2)


@given(st.text(min_size=1).filter(str.strip))
def test_whatever_the_title_the_whole_of_it_as_a_film_is_among_its_readings(title: str) -> None:
    found = readings(title)

    assert Reading(title, "film") in found
    assert len(found) == len(set(found)) <= 6
    assert all(reading.name for reading in found)
