"""Writing an import to the history: what was matched and settled, once, and remembered exactly."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from domain.accounts.viewer import Viewer
from domain.binge import following
from domain.db import Database
from domain.history import rules
from domain.history.errors import HistoryFull
from domain.imports import matching, past, repo, rounds
from domain.imports.batches import Batch, LineKey, Listed, Match, Progress
from domain.imports.rounds import Round
from domain.imports.values import What
from domain.imports.writing import IMPORTED, Known, Plan, by_title, plan
from domain.titles.names import clean
from domain.watchlists.errors import WatchlistFull
from domain.watchlists.values import LONGEST_NOTE, MOST_ITEMS

_TO_DO = "NOT committed AND match IN ('matched', 'settled')"
_GONE = "The title is no longer here, or not for this profile."
_NEW = text(f"""
    SELECT count(*) FILTER (WHERE what = 'watch') AS watches,
           count(DISTINCT title_id) FILTER (
               WHERE what = 'wish' AND title_id NOT IN
                   (SELECT title_id FROM watchlist_items WHERE profile_id = :profile)
           ) AS wishes
    FROM import_lines WHERE batch_id = :batch AND title_id IS NOT NULL AND {_TO_DO}
""")
_WATCHES = text("""
    INSERT INTO watches (profile_id, title_id, episode_id, watched_at, source)
    SELECT CAST(:profile AS uuid), title_id, episode_id, watched_at, CAST(:source AS text)
    FROM unnest(
        CAST(:titles AS bigint[]), CAST(:episodes AS bigint[]), CAST(:moments AS timestamptz[])
    ) AS new (title_id, episode_id, watched_at)
    ON CONFLICT DO NOTHING RETURNING id, title_id, episode_id, watched_at
""")
_RATINGS = text("""
    INSERT INTO ratings (profile_id, title_id, score, rated_at)
    SELECT CAST(:profile AS uuid), title_id, score, rated_at
    FROM unnest(
        CAST(:titles AS bigint[]), CAST(:scores AS smallint[]), CAST(:moments AS timestamptz[])
    ) AS new (title_id, score, rated_at)
    ON CONFLICT (profile_id, title_id)
    DO UPDATE SET score = excluded.score, rated_at = excluded.rated_at
""")
_WISHES = text("""
    INSERT INTO watchlist_items (profile_id, title_id, added_at, note, platform_id)
    SELECT CAST(:profile AS uuid), new.title_id, new.added_at, new.note, p.id
    FROM unnest(
        CAST(:titles AS bigint[]), CAST(:moments AS timestamptz[]), CAST(:notes AS text[]),
        CAST(:platforms AS text[])
    ) AS new (title_id, added_at, note, platform)
    LEFT JOIN platforms p ON p.slug = new.platform
    RETURNING title_id, platform_id
""")
_TICKED = text("""
    UPDATE watchlist_items w SET watched_at = new.watched_at
    FROM unnest(CAST(:titles AS bigint[]), CAST(:moments AS timestamptz[]))
        AS new (title_id, watched_at)
    WHERE w.profile_id = :profile AND w.title_id = new.title_id
""")


async def commit(
    database: Database,
    viewer: Viewer,
    batch_id: UUID,
    now: datetime,
    *,
    seconds: float | None = None,
    progress: Callable[[Progress], None] | None = None,
) -> Batch:
    """Write what is matched and settled; it goes on where it was interrupted.

    seconds: begin no new round after so long; `counts.open` says what is left to be written.
    Raises NoSuchImport, ImportBusy, and HistoryFull or WatchlistFull before anything is written.
    """
    _, profile_id = viewer.require_profile()
    async with database.read() as connection:
        batch = await repo.batch(connection, profile_id, batch_id)
        await _check_room(connection, profile_id, batch_id)
    await rounds.run(
        database, viewer, batch_id, now, _round, of=batch.counts.open, seconds=seconds,
        progress=progress,
    )  # fmt: skip
    async with database.read() as connection:
        return await repo.batch(connection, profile_id, batch_id)


async def _check_room(connection: AsyncConnection, profile_id: UUID, batch_id: UUID) -> None:
    """Refuse what can't end well; lines that are there already are counted as if they were not."""
    asked = {"profile": profile_id, "batch": batch_id}
    new = (await connection.execute(_NEW, asked)).one()
    size = (
        await connection.execute(
            text(
                "SELECT (SELECT count(*) FROM watches WHERE profile_id = :profile) AS watches,"
                " (SELECT count(*) FROM watchlist_items WHERE profile_id = :profile) AS wishes"
            ),
            {"profile": profile_id},
        )
    ).one()
    if size.watches + new.watches > rules.MOST_WATCHES:
        raise HistoryFull(rules.MOST_WATCHES)
    if new.wishes and size.wishes + new.wishes > MOST_ITEMS:
        raise WatchlistFull(MOST_ITEMS)


async def _round(round_: Round) -> int:
    lines = await rounds.next_lines(round_, _TO_DO, "n, part")
    if not lines:
        await _finish(round_)
        return 0
    found = by_title(lines)
    titles = await past.visible(round_, list(found))
    await _leave_open(round_, lines, titles)
    usable = {
        title_id: [each for each in every if _usable(each, titles)]
        for title_id, every in found.items()
        if title_id in titles
    }
    there = await past.known(round_, usable, titles)
    plans = {
        title_id: plan(
            every, there[title_id], zone=round_.zone, now=round_.now,
            source=IMPORTED + round_.source,
        )
        for title_id, every in usable.items()
    }  # fmt: skip
    wrote = await _write(round_, plans, there)
    problems = {key: why for each in plans.values() for key, why in each.problems.items()}
    done = [each.key for every in usable.values() for each in every]
    await rounds.set_lines(round_, [(key, True, wrote.get(key), problems.get(key)) for key in done])
    await rounds.tell(
        round_, [(title_id, each.kind) for title_id, each in plans.items() if each.kind]
    )
    return len(lines)


async def _write(
    round_: Round, plans: Mapping[int, Plan], there: Mapping[int, Known]
) -> dict[LineKey, dict[str, Any]]:
    """Write the plans, each table in one statement; what each line wrote."""
    wrote: dict[LineKey, dict[str, Any]] = {}
    watches = [
        (title_id, of, at, key)
        for title_id, each in plans.items()
        for (of, at), key in each.watches.items()
    ]
    latest = 0
    if watches:
        values = {
            "source": IMPORTED + round_.source,
            "titles": [title_id for title_id, *_ in watches],
            "episodes": [of for _, of, _, _ in watches],
            "moments": [at for _, _, at, _ in watches],
        }
        rows = (await _run(round_, _WATCHES, values)).all()
        told_by = {(title_id, of, at): key for title_id, of, at, key in watches}
        for row in rows:
            wrote[told_by[row.title_id, row.episode_id, row.watched_at]] = {"watch": row.id}
            latest = max(latest, row.id)
        new = {row.title_id for row in rows}
        await following.stale(
            round_.session, profile_id=round_.whose.profile_id, title_ids=new, now=round_.now
        )
    rated = {title_id: each.ratings[-1][1] for title_id, each in plans.items() if each.ratings}
    for each in plans.values():
        for key, given, before in each.ratings:
            wrote[key] = {"rating": _told(given), "before": before and _told(before)}
    if rated:
        await _run(
            round_, _RATINGS,
            {
                "titles": list(rated),
                "scores": [each.score for each in rated.values()],
                "moments": [each.rated_at for each in rated.values()],
            },
        )  # fmt: skip
    wishes = {title_id: each.wish for title_id, each in plans.items() if each.wish}
    for key, wish in wishes.values():
        wrote[key] = {"wish": wish.added_at.isoformat(), "note": _note(wish.note)}
    if wishes:
        values = {
            "titles": list(wishes),
            "moments": [wish.added_at for _, wish in wishes.values()],
            "notes": [_note(wish.note) for _, wish in wishes.values()],
            "platforms": [wish.platform for _, wish in wishes.values()],
        }
        for row in await _run(round_, _WISHES, values):
            wrote[wishes[row.title_id][0]]["platform"] = row.platform_id
    ticked = {title_id: each.ticked for title_id, each in plans.items() if each.ticked}
    for key, at in ticked.values():
        wrote[key] = wrote.get(key, {}) | {"ticked": at.isoformat(), "latest": latest}
    if ticked:
        values = {"titles": list(ticked), "moments": [at for _, at in ticked.values()]}
        await _run(round_, _TICKED, values)
    return wrote


async def _leave_open(
    round_: Round, lines: Sequence[Listed], titles: Mapping[int, tuple[str, int | None]]
) -> None:
    """Give back what can't be written: titles that have gone, episodes that nobody knows now."""
    rows = [
        (each.key, matching.Verdict(Match.UNKNOWN.value, problem=_GONE))
        if each.title_id not in titles
        else (each.key, matching.Verdict(Match.AMBIGUOUS.value, problem=matching.NO_EPISODE))
        for each in lines
        if not _usable(each, titles)
    ]
    if rows:
        await repo.judge(round_.connection, round_.batch_id, rows)


def _usable(each: Listed, titles: Mapping[int, tuple[str, int | None]]) -> bool:
    if each.title_id is None or each.title_id not in titles:
        return False
    return (
        each.line.what is not What.WATCH
        or each.episode_id is not None
        or titles[each.title_id][0] == "film"
        or not matching.names_part(each.line.readings[0])
    )


async def _finish(round_: Round) -> None:
    values = {"batch": round_.batch_id, "now": round_.now}
    # Lines whose title went while they waited here.
    await round_.connection.execute(
        text(
            "UPDATE import_lines SET match = 'unknown', confidence = NULL, candidates = '[]'"
            f" WHERE batch_id = :batch AND title_id IS NULL AND {_TO_DO}"
        ),
        {"batch": round_.batch_id},
    )
    await round_.connection.execute(
        text(
            "UPDATE import_batches SET state = 'committed', committed_at = :now, undone_at = NULL"
            " WHERE id = :batch"
        ),
        values,
    )


async def _run(round_: Round, statement: Any, values: Mapping[str, Any]) -> Any:
    profile = {"profile": round_.whose.profile_id}
    return await round_.connection.execute(statement, {**profile, **values})


def _told(rating: Any) -> dict[str, Any]:
    return {"score": rating.score, "rated_at": rating.rated_at.isoformat()}


def _note(given: str | None) -> str | None:
    return clean(given, LONGEST_NOTE) or None if given else None
