"""IMDb, Trakt, Simkl, Yamtrack: what people brought from elsewhere."""

import json
from collections import Counter
from pathlib import Path

import pytest

from domain.imports.values import Ids, Line, Reading, What
from tests.imports.formats import files

IMDB_NEW = """\
Const,Your Rating,Date Rated,Title,Original Title,URL,Title Type,IMDb Rating,Runtime (mins),Year,Genres
tt0000101,9,2024-03-15,Orchid,Orchid,u,Movie,8.7,136,1999,Drama
tt0000102,10,2023-11-02,Harbour Lights,Harbour Lights,u,TV Series,8.9,,2004,Drama
tt0000103,8,2023-11-03,Harbour Lights: The Bridge,The Bridge,u,TV Episode,8.9,44,2005,Drama
tt0000104,8,2023-11-03,Space Game,Space Game,u,Video Game,8.9,,2005,
tt0000105,,2023-11-03,Quiet Hill,Quiet Hill,u,Movie,8.9,,2005,
"""  # noqa: E501
IMDB_OLD = (
    '"position","const","created","modified","description","Title","Title type","Directors",'
    '"You rated","IMDb Rating","Runtime (mins)","Year","Genres","Num. Votes",'
    '"Release Date (month/day/year)","URL"\n'
    '"1","tt0000101","Sat Feb 12 00:00:00 2011","","","Café Orchid","Feature Film","X","9","8.7",'
    '"136","1999","drama","10","1999-03-31","u"\n'
    '"2","tt0000106","Sun Feb 13 00:00:00 2011","","","Far Shore","Mini-Series","X","","8.7",'
    '"136","1999","drama","10","1999-03-31","u"\n'
)
IMDB_WATCHLIST = """\
Position,Const,Created,Modified,Description,Title,URL,Title Type,IMDb Rating,Runtime (mins),Year,Your Rating,Date Rated
1,tt0000107,2024-07-01,2024-07-02,from Ben,Far Shore,u,Movie,7,100,2023,,
2,tt0000108,2024-07-01,2024-07-02,,Old Song,u,Movie,7,100,1970,7,2024-08-01
"""  # noqa: E501


def test_imdb_s_ratings_know_films_series_and_episodes(tmp_path: Path) -> None:
    path = files.write(tmp_path, "ratings.csv", IMDB_NEW)
    lines, passed = files.read(path)

    assert files.opened(path).source == "imdb"
    assert [(line.readings[0], line.ids, line.score) for line in lines] == [
        (Reading("Orchid", "film", 1999), Ids(imdb_id="tt0000101"), 9),
        (Reading("Harbour Lights", "series", 2004), Ids(imdb_id="tt0000102"), 10),
        (
            Reading("Harbour Lights", "series", episode_name="The Bridge"),
            Ids(episode_imdb_id="tt0000103"),
            8,
        ),
    ]
    assert all(line.dated and line.at and line.at.hour == 12 for line in lines)
    assert [each.n for each in passed] == [5, 6]


def test_imdb_s_old_columns_in_an_old_encoding_are_read_too(tmp_path: Path) -> None:
    path = files.write(tmp_path, "list.csv", IMDB_OLD.encode("cp1252"))

    assert files.told(path) == [
        (What.RATING, "Café Orchid", "2011-02-12"),
        (What.WISH, "Far Shore", "2011-02-13"),
    ]


def test_imdb_s_watchlist_is_wishes_and_tells_the_ratings_in_it(tmp_path: Path) -> None:
    path = files.write(tmp_path, "x.csv", IMDB_WATCHLIST)

    assert files.told(path) == [
        (What.WISH, "Far Shore", "2024-07-01"),
        (What.WISH, "Old Song", "2024-07-01"),
        (What.RATING, "Old Song", "2024-08-01"),
    ]
    assert files.read(path)[0][0].note == "from Ben"


SHOW = {"title": "Harbour Lights", "year": 2004, "ids": {"trakt": 7, "imdb": "tt0000102"}}
FILM = {"title": "Orchid", "year": 1999, "ids": {"trakt": 8, "imdb": "", "tmdb": "42"}}


def test_trakt_s_history_makes_its_counts_superfluous(tmp_path: Path) -> None:
    episode = {"season": 2, "number": 1, "title": "Zoo", "ids": {"imdb": "tt0000109"}}
    history = [
        {"id": 1, "watched_at": "2014-03-31T09:28:53.000Z", "type": "movie", "movie": FILM},
        {"id": 2, "watched_at": "1970-01-01T00:00:00.000Z", "type": "episode",
         "episode": episode, "show": SHOW},
    ]  # fmt: skip
    watched = [{"plays": 2, "last_watched_at": "2014-04-27T13:43:59.000Z", "movie": FILM}]
    listed = [{"listed_at": "2014-09-01T09:10:11.000Z", "type": "show", "show": SHOW}]
    path = files.packed(
        tmp_path,
        {
            "watched/watched-history-1.json": json.dumps(history),
            "watched/watched-movies.json": json.dumps(watched),
            "lists/lists-watchlist.json": json.dumps(listed),
            "lists/lists-favorites.json": json.dumps(listed),
            "lists/lists-list-7-best.json": json.dumps(listed),
            "hidden/hidden-progress-watched.json": "[]",
            "lists/lists-watchlist-2.json": json.dumps(listed),
        },
    )
    first, second, third, fourth = files.read(path)[0]

    assert first.ids == Ids(tmdb_id=42, trakt_id=8)
    assert (first.at.isoformat() if first.at else None) == "2014-03-31T09:28:53+00:00"
    assert not first.dated
    assert second.at is None  # the first second of 1970 is nobody's evening
    assert second.readings == (Reading("Harbour Lights", "series", 2004, 2, 1, "Zoo"),)
    assert second.ids == Ids(imdb_id="tt0000102", trakt_id=7, episode_imdb_id="tt0000109")
    assert (third.what, third.file) == (What.WISH, "lists/lists-watchlist.json")
    assert (fourth.what, fourth.file) == (What.WISH, "lists/lists-watchlist-2.json")


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("sync__history.json", {What.WATCH: 3}),
        ("sync__ratings.json", {What.RATING: 4}),
        ("sync__ratings__seasons.json", {What.RATING: 2}),
        ("sync__watched__movies.json", {What.WATCH: 3}),
        ("sync__watched__shows.json", {What.WATCH: 41}),
        ("sync__watchlist.json", {What.WISH: 4}),
    ],
)
def test_real_answers_of_trakt_are_read_whole(
    data: Path, name: str, expected: dict[What, int]
) -> None:
    lines, passed = files.read(data / "import_trakt_api" / name)

    assert Counter(line.what for line in lines) == expected
    assert not passed
    assert all(line.ids.imdb_id and line.ids.tmdb_id and line.at for line in lines)


SIMKL = {
    "shows": [
        {"status": "watching", "last_watched_at": "2024-01-02T20:00:00Z", "user_rating": 8,
         "user_rated_at": "2024-02-01T00:00:00Z", "show": SHOW,
         "seasons": [{"number": 1, "episodes": [
             {"number": 1, "watched_at": "2024-01-01T20:00:00Z"}, {"number": 2}]}]},
        {"status": "completed", "last_watched_at": None, "show": {"title": "Quiet Hill"}},
    ],
    "anime": [
        {"status": "watching", "watched_episodes_count": 2, "anime_type": "tv",
         "show": {"title": "Star Kites", "ids": {"mal": "77"}}},
        {"status": "completed", "anime_type": "movie", "show": {"title": "Paper Moon"}},
    ],
    "movies": [{"status": "plantowatch", "added_to_watchlist_at": "2024-05-01T00:00:00Z",
                "movie": FILM}],
}  # fmt: skip


def test_simkl_s_backup_tells_episodes_counts_and_plans(tmp_path: Path) -> None:
    path = files.packed(tmp_path, {"SimklBackup.json": json.dumps(SIMKL)})

    assert files.opened(path).source == "simkl"
    assert files.told(path) == [
        (What.WATCH, "Harbour Lights S1 E1", "2024-01-01"),
        (What.WATCH, "Harbour Lights S1 E2", None),
        (What.RATING, "Harbour Lights", "2024-02-01"),
        (What.WATCH, "Quiet Hill", None),
        (What.WATCH, "Star Kites #1", None),
        (What.WATCH, "Star Kites #2", None),
        (What.WATCH, "Paper Moon", None),
        (What.WISH, "Orchid", "2024-05-01"),
    ]


def test_simkl_s_table_means_all_up_to_the_last_episode(tmp_path: Path) -> None:
    path = files.write(
        tmp_path,
        "SimklBackup.csv",
        "SIMKL_ID,Title,Type,Year,Watchlist,LastEpWatched,WatchedDate,Rating,Memo,TVDB,TMDB,IMDB\n"
        "1,Harbour Lights,tv,2004,watching,S02E02,18-12-2023 21:50:41,9,fine,7,42,tt0000102\n"
        "2,Orchid,movie,1999,completed,,2024-01-04,,,,,\n"
        "3,Star Kites,anime,2021,plantowatch,,,,,,,\n"
        "4,Paper Moon,movie,2021,dropped,,,,,,,\n",
    )
    lines, passed = files.read(path)

    assert files.told(path) == [
        (What.WATCH, "Harbour Lights S1", "2023-12-18"),
        (What.WATCH, "Harbour Lights S2 E1", "2023-12-18"),
        (What.WATCH, "Harbour Lights S2 E2", "2023-12-18"),
        (What.RATING, "Harbour Lights", "2023-12-18"),
        (What.WATCH, "Orchid", "2024-01-04"),
        (What.WISH, "Star Kites", None),
    ]
    assert lines[0].ids == Ids(imdb_id="tt0000102", tmdb_id=42)
    assert lines[3].note == "fine"
    assert [each.n for each in passed] == [5]


def test_yamtrack_s_series_counts_whole_only_without_rows_of_episodes(tmp_path: Path) -> None:
    path = files.write(
        tmp_path,
        "yamtrack.csv",
        "media_id,source,media_type,title,image,season_number,episode_number,score,status,notes,"
        "start_date,end_date,progress\n"
        "246,tmdb,tv,Harbour Lights,,,,8.4,Completed,,2026-04-01,2026-05-01,61\n"
        "246,tmdb,season,Harbour Lights,,1,,,Completed,,2026-04-01,,20\n"
        "246,tmdb,episode,Harbour Lights,,1,1,,,,,2026-04-01,\n"
        "247,tmdb,tv,Quiet Hill,,,,,Completed,,,2026-05-01,61\n"
        "248,tmdb,movie,Orchid,,,,,Planning,,,,\n"
        "249,tmdb,movie,Far Shore,,,,,Paused,,,,\n"
        "50,mal,anime,Star Kites,,,,9,In progress,good,2026-01-01,,2\n"
        "51,mal,anime,Paper Moon,,,,,Completed,,,2026-01-02,1\n"
        "9,igdb,game,Space Game,,,,7,Completed,,,,\n",
    )
    lines, passed = files.read(path)

    assert files.told(path) == [
        (What.RATING, "Harbour Lights", "2026-05-01"),
        (What.WATCH, "Harbour Lights S1 E1", "2026-04-01"),
        (What.WATCH, "Quiet Hill", "2026-05-01"),
        (What.WISH, "Orchid", None),
        (What.WATCH, "Star Kites #1", "2026-01-01"),
        (What.WATCH, "Star Kites #2", "2026-01-01"),
        (What.RATING, "Star Kites", "2026-01-01"),
        (What.WATCH, "Paper Moon", "2026-01-02"),
    ]
    assert (lines[0].score, lines[0].ids) == (8, Ids(tmdb_id=246))
    assert lines[4].ids == Ids(mal_id=50)
    assert [each.n for each in passed] == [7, 10]


def test_one_of_several_people_s_words_is_never_guessed(tmp_path: Path) -> None:
    export = files.opened(files.write(tmp_path, "ratings.csv", IMDB_NEW))

    assert export.people() == ()
    assert sum(isinstance(line, Line) for line in export.lines()) == 3
