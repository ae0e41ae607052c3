"""What a profile's past says of the titles of a round, each table asked once."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime

from sqlalchemy import text

from domain.history import rules
from domain.history.rules import Place
from domain.imports import repo
from domain.imports.batches import Listed
from domain.imports.rounds import Round
from domain.imports.values import What
from domain.imports.writing import Known, Rated, Seen, Wished

_TITLES = text("""
    SELECT id, kind, year FROM titles
    WHERE id = ANY (CAST(:titles AS bigint[])) AND maturity <= :ceiling
    ORDER BY id FOR KEY SHARE
""")
_SEEN = text("""
    SELECT title_id, episode_id, watched_at, source FROM watches
    WHERE profile_id = :profile AND title_id = ANY (CAST(:titles AS bigint[]))
""")
_RATINGS = text("""
    SELECT title_id, score, rated_at FROM ratings
    WHERE profile_id = :profile AND title_id = ANY (CAST(:titles AS bigint[]))
""")
_WISHES = text("""
    SELECT title_id, added_at, watched_at, note FROM watchlist_items
    WHERE profile_id = :profile AND title_id = ANY (CAST(:titles AS bigint[]))
""")
_IMPORTED = text("""
    SELECT l.title_id, l.wrote -> 'rating' AS rating
    FROM import_batches b JOIN import_lines l ON l.batch_id = b.id
    WHERE b.profile_id = :profile AND l.what = 'rating' AND l.committed
      AND l.title_id = ANY (CAST(:titles AS bigint[])) AND l.wrote ? 'rating'
""")
_EPISODES = text("""
    SELECT id, title_id, season_number, filler, air_date FROM episodes
    WHERE title_id = ANY (CAST(:titles AS bigint[]))
""")


async def visible(round_: Round, title_ids: Sequence[int]) -> Mapping[int, tuple[str, int | None]]:
    """Kind and year of those that the profile may see, which are kept from going."""
    asked = {"titles": list(title_ids), "ceiling": round_.whose.ceiling}
    rows = await round_.connection.execute(_TITLES, asked)
    return {row.id: (row.kind, row.year) for row in rows}


async def known(
    round_: Round,
    lines: Mapping[int, Sequence[Listed]],
    titles: Mapping[int, tuple[str, int | None]],
) -> dict[int, Known]:
    """What is there of the titles that lines speak of."""
    asked = {"profile": round_.whose.profile_id, "titles": list(lines)}
    found = {title_id: Known() for title_id in lines}
    for row in await round_.connection.execute(_SEEN, asked):
        found[row.title_id].seen.append(Seen(row.episode_id, row.watched_at, row.source))
    for row in await round_.connection.execute(_WISHES, asked):
        found[row.title_id].wish = Wished(row.added_at, row.watched_at, row.note)
    if any(each.line.what is What.RATING for every in lines.values() for each in every):
        for row in await round_.connection.execute(_RATINGS, asked):
            found[row.title_id].rating = Rated(row.score, row.rated_at)
        rated = [key for key, each in found.items() if each.rating is not None]
        if rated:
            for row in await round_.connection.execute(_IMPORTED, {**asked, "titles": rated}):
                found[row.title_id].imported.add(rating(row.rating))
    watched = [
        key
        for key, every in lines.items()
        if titles[key][0] == "series" and any(each.line.what is What.WATCH for each in every)
    ]
    stories = await episodes(round_, watched)
    for key, (_, year) in titles.items():
        story, shown = stories.get(key, ([], {}))
        found[key].story = rules.needed(story)
        aired = {None: date(year, 12, 31)} if year is not None else {}
        found[key].first_shown = {**shown, **aired}
    return found


async def episodes(
    round_: Round, title_ids: Sequence[int]
) -> Mapping[int, tuple[list[Place], dict[int | None, date]]]:
    """The episodes of series, and when each was first shown, where that is known."""
    if not title_ids:
        return {}
    found: defaultdict[int, tuple[list[Place], dict[int | None, date]]]
    found = defaultdict(lambda: ([], {}))
    for row in await round_.connection.execute(_EPISODES, {"titles": list(title_ids)}):
        places, shown = found[row.title_id]
        places.append(Place(row.id, row.season_number, row.filler))
        if row.air_date is not None:
            shown[row.id] = row.air_date
    return found


def rating(told: Mapping[str, int | str]) -> Rated:
    """A rating out of what a line wrote."""
    at = repo.moment(str(told["rated_at"]))
    return Rated(int(told["score"]), at or datetime.fromtimestamp(0, UTC))
