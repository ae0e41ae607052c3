"""MyAnimeList's XML."""

from pathlib import Path

import pytest

from domain.imports.values import Ids, What
from tests.imports.formats import files

LIST = """\
<?xml version="1.0" encoding="UTF-8" ?>
<!-- made by hand -->
<myanimelist>
  <myinfo><user_name>ada</user_name><user_export_type>1</user_export_type></myinfo>
  <anime>
    <series_animedb_id>77</series_animedb_id>
    <series_title><![CDATA[Star Kites & Sons]]></series_title>
    <series_type>TV</series_type><series_episodes>12</series_episodes>
    <my_watched_episodes>3</my_watched_episodes>
    <my_start_date>2020-01-01</my_start_date><my_finish_date>2020-02-01</my_finish_date>
    <my_score>9</my_score><my_status>Completed</my_status>
    <my_times_watched>1</my_times_watched>
  </anime>
  <anime>
    <series_animedb_id>78</series_animedb_id><series_title>Paper Moon</series_title>
    <series_type>Movie</series_type><my_watched_episodes>1</my_watched_episodes>
    <my_finish_date>0000-00-00</my_finish_date><my_score>0</my_score><my_status>2</my_status>
  </anime>
  <anime>
    <series_animedb_id>79</series_animedb_id><series_title>Far Shore</series_title>
    <series_type>TV</series_type><my_watched_episodes>0</my_watched_episodes>
    <my_score>0</my_score><my_status>Plan to Watch</my_status>
  </anime>
  <anime>
    <series_animedb_id>80</series_animedb_id><series_title>Endless</series_title>
    <series_type>TV</series_type><my_watched_episodes>999999</my_watched_episodes>
    <my_score>0</my_score><my_status>Watching</my_status>
  </anime>
  <manga><manga_title>A Book</manga_title></manga>
</myanimelist>
"""


@pytest.mark.parametrize("name", ["animelist.xml", "animelist.xml.gz"])
def test_episodes_count_through_all_seasons_and_plans_are_wishes(tmp_path: Path, name: str) -> None:
    path = files.write(tmp_path, name, LIST)
    lines, passed = files.read(path)

    assert files.opened(path).source == "myanimelist"
    assert files.told(path) == [
        (What.WATCH, "Star Kites & Sons #1", "2020-02-01"),
        (What.WATCH, "Star Kites & Sons #2", "2020-02-01"),
        (What.WATCH, "Star Kites & Sons #3", "2020-02-01"),
        (What.RATING, "Star Kites & Sons", "2020-02-01"),
        (What.WATCH, "Paper Moon", None),
        (What.WISH, "Far Shore", None),
    ]
    assert (lines[0].ids, lines[0].times, lines[3].score) == (Ids(mal_id=77), 2, 9)
    assert [line.readings[0].kind for line in lines[3:]] == ["series", "film", "series"]
    assert [each.n for each in passed] == [4, 5]
