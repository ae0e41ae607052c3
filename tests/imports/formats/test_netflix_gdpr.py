"""What Netflix hands out on request: several people, trailers, short looks, thumbs."""

from pathlib import Path

import pytest

from domain.errors import InvalidInput
from domain.imports.values import Reading, What
from tests.imports.formats import files

VIEWING = """\
Profile Name,Start Time,Duration,Attributes,Title,Supplemental Video Type,Device Type,Bookmark,Latest Bookmark,Country
Ada,2024-03-02 20:15:07,00:42:10,,Harbour Lights: Season 1: The Bridge,,TV,00:42:10,00:42:10,DE (Germany)
Ada,2024-03-02 19:00:00,00:30:00,,Orchid,,TV,00:50:00,Not latest view,DE (Germany)
Ada,2024-03-02 18:00:00,00:20:00,,Orchid,,TV,00:20:00,Not latest view,DE (Germany)
Ada,2023-01-02 18:00:00,01:20:00,,Orchid,,TV,01:20:00,Not latest view,DE (Germany)
Ben,2024-03-01 10:00:00,00:01:05,,Dusk Lane,,TV,00:01:05,00:01:05,DE (Germany)
Ben,2024-03-01 09:00:00,00:04:00,,Dusk Lane (Trailer),TRAILER,TV,00:02:05,00:02:05,DE (Germany)
Ben,2024-03-01 08:00:00,00:05:00,Autoplayed: user action: None; ,Quiet Hill,,TV,,,DE (Germany)
"""  # noqa: E501
RATINGS = """\
Profile Name,Title Name,Rating Type,Star Value,Thumbs Value,Device Model,Event Utc Ts,Region View Date
Ada,Orchid,thumb,,2,TV,2024-03-02 20:00:00,2024-03-02
Ada,Quiet Hill,thumb,,1,TV,2024-03-02 20:00:00,2024-03-02
Ada,Dusk Lane,thumb,,3,TV,2024-03-02 20:00:00,2024-03-02
Ben,Old Song,star,4,,TV,2015-03-02 20:00:00,2015-03-02
Ben,Nothing,thumb,,0,TV,2015-03-02 20:00:00,2015-03-02
"""  # noqa: E501
LIST = """\
Title Name,Profile Name,Country,Utc Title Add Date
Far Shore,Ben,DE,2024-01-05
"""


@pytest.fixture
def export(tmp_path: Path) -> Path:
    return files.packed(
        tmp_path,
        {
            "Cover sheet.pdf": b"%PDF-1.7\x00\x01\x02",
            "CONTENT_INTERACTION/ViewingActivity.csv": VIEWING,
            "CONTENT_INTERACTION/Ratings.csv": RATINGS,
            "CONTENT_INTERACTION/MyList.csv": LIST,
            "CONTENT_INTERACTION/SearchHistory.csv": "Profile Name,Query Typed\nAda,orchid\n",
            "PAYMENT_AND_BILLING/BillingHistory.csv": "Transaction Date,Amount\n2024-01-01,9.99\n",
        },
    )


def test_its_people_are_listed_and_can_be_asked_for_one_by_one(export: Path) -> None:
    opened = files.opened(export)

    assert opened.source == "netflix_gdpr"
    assert opened.people() == ("Ada", "Ben")
    assert {files.title(line) for line in files.read(export, "Ben")[0]} == {"Old Song", "Far Shore"}
    with pytest.raises(InvalidInput, match="It speaks of Ada, Ben"):
        list(opened.lines("Zoe"))


def test_watches_are_moments_and_short_looks_trailers_and_continuations_are_none(
    export: Path,
) -> None:
    lines, passed = files.read(export)

    watches = [(files.title(line), line.at) for line in lines if line.what is What.WATCH]
    assert [(name, f"{at:%Y-%m-%d %H:%M}") for name, at in watches if at] == [
        ("Harbour Lights S1", "2024-03-02 20:15"),
        ("Orchid", "2024-03-02 19:00"),
        ("Orchid", "2023-01-02 18:00"),
    ]
    assert not any(line.dated for line in lines if line.what is What.WATCH)
    reasons = {each.n: each.reason for each in passed if each.file and "Viewing" in each.file}
    assert reasons == {
        4: "it goes on with what was watched the same day",
        6: "it was watched for 00:01:05 only",
        7: "it is no film and no episode but 'TRAILER'",
        8: "it played by itself, and nobody did anything",
    }


def test_thumbs_and_stars_become_scores_and_the_list_wishes(export: Path) -> None:
    lines, passed = files.read(export)

    assert {files.title(line): line.score for line in lines if line.what is What.RATING} == {
        "Orchid": 8, "Quiet Hill": 3, "Dusk Lane": 10, "Old Song": 8,
    }  # fmt: skip
    (wish,) = [line for line in lines if line.what is What.WISH]
    assert wish.readings == (Reading("Far Shore"),)
    assert "it has neither thumbs nor stars" in {each.reason for each in passed}


def test_its_table_of_views_is_understood_alone(tmp_path: Path) -> None:
    assert files.opened(files.write(tmp_path, "x", VIEWING)).source == "netflix_gdpr"
