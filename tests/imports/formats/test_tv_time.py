"""TV Time's export: two generations of records, follows, stars."""

from pathlib import Path

import pytest

from domain.imports.values import Reading, What
from tests.imports.formats import files

NEWER = """\
key,s_id,series_name,season_number,episode_number,created_at,is_for_later,gsi
watch-episode-1,42,Harbour Lights (2004),1,1,2021-02-14 20:30:00,,
rewatch-episode-2,42,Harbour Lights (2004),1,1,2022-02-14 20:30:00,,
user-series-3,43,Quiet Hill,,,2020-01-01 10:00:00,true,
user-series-4,42,Harbour Lights (2004),,,2020-01-01 10:00:00,true,
watch-episode-5,44,Lost Numbers,,,2020-01-01 10:00:00,,
tracking-stats,,,,,,,
"""
OLDER = """\
type-uuid-n,type,entity_type,movie_name,series_name,season_number,episode_number,release_date,watch_date,watch_date_range_key,created_at
watch-1,watch,movie,Orchid,,,,1999-01-01 00:00:00,,watch-date-1740862800,2025-03-02 21:00:00
watch-2,watch,episode,,Harbour Lights (2004),1,1,,1613334600,,2021-02-14 20:30:00
watch-3,watch,episode,,Old Serial,3,7,,1626009250,,2021-07-11 13:14:10
follow-4,follow,movie,Far Shore,,,,2026-05-01 00:00:00,,,2025-03-02 21:00:00
follow-5,follow,movie,Orchid,,,,1999-01-01 00:00:00,,,2025-03-02 21:00:00
count-6,count-watch-movie,,,,,,,,,
"""
SEEN = """\
tv_show_name,episode_season_number,episode_number,created_at
Old Serial,3,7,2021-07-11 13:14:10
Old Serial,3,8,2021-07-12 13:14:10
"""
FOLLOWED = """\
tv_show_id,tv_show_name,created_at,notification_offset,archived
42,Harbour Lights (2004),2018-05-12 11:42:22,0,0
43,Quiet Hill,2018-05-12 11:42:22,0,0
45,Far Away,2018-05-12 11:42:22,0,0
46,Given Up,2018-05-12 11:42:22,0,1
"""
VOTES = """\
uuid,episode_id,movie_name,vote_key
u-1,0,Orchid,9f-22-29
u-2,0,Far Shore,9f-22-77
"""


@pytest.fixture
def export(tmp_path: Path) -> Path:
    return files.packed(
        tmp_path,
        {
            "gdpr/tracking-prod-records-v2.csv": NEWER,
            "gdpr/tracking-prod-records.csv": OLDER,
            "gdpr/seen_episode_source.csv": SEEN,
            "gdpr/followed_tv_show.csv": FOLLOWED,
            "gdpr/ratings-live-votes.csv": VOTES,
            "gdpr/emotions-live-votes.csv": VOTES,
            "gdpr/tv_show_rate.csv": "tv_show_id,tv_show_name,rating\n42,Harbour Lights (2004),4\n",
            "gdpr/user_tv_show_data.csv": "tv_show_id,is_followed,tv_show_name\n42,1,X\n",
            "gdpr/device_data.csv": "device,os\na,b\n",
        },
    )


def test_each_watch_is_told_once_though_two_tables_have_it(export: Path) -> None:
    watches = [told[1:] for told in files.told(export) if told[0] is What.WATCH]

    assert watches == [
        ("Harbour Lights S1 E1", "2021-02-14"),
        ("Harbour Lights S1 E1", "2022-02-14"),
        ("Orchid", "2025-03-01"),  # when it was watched, and not when that was written down
        ("Old Serial S3 E7", "2021-07-11"),
        ("Old Serial S3 E8", "2021-07-12"),
    ]


def test_a_year_behind_a_name_is_a_year_and_the_name_is_kept_as_well(export: Path) -> None:
    line = files.read(export)[0][0]

    assert line.readings == (
        Reading("Harbour Lights", "series", 2004, 1, 1),
        Reading("Harbour Lights (2004)", "series", None, 1, 1),
    )
    assert not line.dated


def test_what_is_followed_and_was_never_watched_is_a_wish_and_only_once(export: Path) -> None:
    wishes = [told[1] for told in files.told(export) if told[0] is What.WISH]

    assert wishes == ["Quiet Hill", "Far Shore", "Far Away"]


def test_stars_double_and_an_unknown_vote_is_not_guessed(export: Path) -> None:
    lines, passed = files.read(export)

    assert [(files.title(each), each.score) for each in lines if each.what is What.RATING] == [
        ("Harbour Lights", 8), ("Orchid", 8),
    ]  # fmt: skip
    assert [(each.n, each.file) for each in passed] == [
        (6, "gdpr/tracking-prod-records-v2.csv"),
        (3, "gdpr/ratings-live-votes.csv"),
    ]


def test_columns_may_be_missing_where_nothing_was_watched(tmp_path: Path) -> None:
    path = files.write(
        tmp_path,
        "tracking-prod-records-v2.csv",
        "user_id,key,s_id,series_name,is_for_later\n1,user-series-1,43,Quiet Hill,true\n",
    )

    assert files.told(path) == [(What.WISH, "Quiet Hill", None)]
