"""Taking an import back: exactly what it wrote, and nothing that changed since.

What somebody has changed meanwhile is theirs: a rating that was given again, a wish with a note, a
title that was watched once more stay as they are.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

import orjson
from sqlalchemy import text

from domain.accounts.viewer import Viewer
from domain.binge import following
from domain.db import Database
from domain.events.values import WatchlistKind
from domain.history import rules
from domain.imports import past, repo, rounds
from domain.imports.batches import Batch, Listed, Progress
from domain.imports.rounds import Round
from domain.imports.writing import Rated, by_title

_WRITTEN = "committed"
_ERASE = text("""
    DELETE FROM watches w
    USING unnest(CAST(:ids AS bigint[]), CAST(:titles AS bigint[])) AS old (id, title_id)
    WHERE w.id = old.id AND w.title_id = old.title_id AND w.profile_id = :profile
    RETURNING w.title_id
""")
_RATINGS = text("""
    SELECT title_id, score, rated_at FROM ratings
    WHERE profile_id = :profile AND title_id = ANY (CAST(:titles AS bigint[])) FOR UPDATE
""")
_UNRATE = text("""
    DELETE FROM ratings
    WHERE profile_id = :profile AND title_id = ANY (CAST(:titles AS bigint[]))
""")
_RATE = text("""
    UPDATE ratings r SET score = new.score, rated_at = new.rated_at
    FROM unnest(
        CAST(:titles AS bigint[]), CAST(:scores AS smallint[]), CAST(:moments AS timestamptz[])
    ) AS new (title_id, score, rated_at)
    WHERE r.profile_id = :profile AND r.title_id = new.title_id
""")
# A later import that replaced a rating of ours must not bring it back when it is undone in turn.
_FORGET = text("""
    UPDATE import_lines l
    SET wrote = jsonb_set(l.wrote, '{before}', CAST(old.before AS jsonb))
    FROM import_batches b, unnest(
        CAST(:titles AS bigint[]), CAST(:given AS text[]), CAST(:before AS text[])
    ) AS old (title_id, given, before)
    WHERE b.id = l.batch_id AND b.profile_id = :profile AND b.id <> :batch
      AND l.what = 'rating' AND l.title_id = old.title_id
      AND l.wrote -> 'before' = CAST(old.given AS jsonb)
""")
_WISHES = text("""
    SELECT title_id, added_at, watched_at, note, platform_id FROM watchlist_items
    WHERE profile_id = :profile AND title_id = ANY (CAST(:titles AS bigint[]))
""")
_UNWISH = text("""
    DELETE FROM watchlist_items
    WHERE profile_id = :profile AND title_id = ANY (CAST(:titles AS bigint[]))
""")
_UNTICK = text("""
    UPDATE watchlist_items SET watched_at = NULL
    WHERE profile_id = :profile AND title_id = ANY (CAST(:titles AS bigint[]))
""")
_LEFT = text("""
    SELECT id, title_id, episode_id, watched_at FROM watches
    WHERE profile_id = :profile AND title_id = ANY (CAST(:titles AS bigint[]))
""")


@dataclass(slots=True)
class _Taken:
    """What is taken back in a round, by title."""

    unwished: list[int] = field(default_factory=list)
    unticked: list[int] = field(default_factory=list)


async def undo(
    database: Database,
    viewer: Viewer,
    batch_id: UUID,
    now: datetime,
    *,
    seconds: float | None = None,
    progress: Callable[[Progress], None] | None = None,
) -> Batch:
    """Take back what an import wrote; it goes on where it was interrupted.

    seconds: begin no new round after so long; `counts.committed` says what is left.
    Raises NoSuchImport and ImportBusy.
    """
    _, profile_id = viewer.require_profile()
    async with database.read() as connection:
        batch = await repo.batch(connection, profile_id, batch_id)
    if batch.counts.committed:
        await rounds.run(
            database, viewer, batch_id, now, _round, of=batch.counts.committed,
            seconds=seconds, progress=progress,
        )  # fmt: skip
    async with database.read() as connection:
        return await repo.batch(connection, profile_id, batch_id)


async def _round(round_: Round) -> int:
    lines = await rounds.next_lines(round_, _WRITTEN, "n DESC, part DESC")
    if not lines:
        await _finish(round_)
        return 0
    found = by_title(lines)
    erased = await _erase(round_, lines)
    await _unrate(round_, found)
    taken = await _unwish(round_, found)
    await rounds.set_lines(round_, [(each.key, False, None, None) for each in lines])
    kinds = dict.fromkeys(erased, WatchlistKind.CHANGED)
    kinds |= dict.fromkeys(taken.unticked, WatchlistKind.UNWATCHED)
    kinds |= dict.fromkeys(taken.unwished, WatchlistKind.REMOVED)
    await rounds.tell(round_, list(kinds.items()))
    return len(lines)


async def _erase(round_: Round, lines: Sequence[Listed]) -> list[int]:
    """Take the watches back; the titles on the watchlist of which some are gone."""
    old = [
        (each.wrote["watch"], each.title_id)
        for each in lines
        if each.wrote and "watch" in each.wrote
    ]
    if not old:
        return []
    asked = {"ids": [key for key, _ in old], "titles": [title_id for _, title_id in old]}
    titles = sorted({row.title_id for row in await _run(round_, _ERASE, asked)})
    await following.stale(
        round_.session, profile_id=round_.whose.profile_id, title_ids=titles, now=round_.now
    )
    listed = await _run(round_, _WISHES, {"titles": titles})
    return [row.title_id for row in listed]


async def _unrate(round_: Round, lines: Mapping[int, Sequence[Listed]]) -> None:
    """Put ratings back as they were before, line by line, the last one first."""
    rated = {
        title_id: [each.wrote for each in every if each.wrote and "rating" in each.wrote]
        for title_id, every in lines.items()
    }
    titles = [title_id for title_id, every in rated.items() if every]
    if not titles:
        return
    there: dict[int, Rated] = {
        row.title_id: Rated(row.score, row.rated_at)
        for row in await _run(round_, _RATINGS, {"titles": titles})
    }
    gone: list[int] = []
    back: dict[int, Rated] = {}
    forgotten: list[tuple[int, Any, Any]] = []
    for title_id in titles:
        before = now = there.get(title_id)
        for wrote in rated[title_id]:
            if now is not None and now == past.rating(wrote["rating"]):
                now = wrote["before"] and past.rating(wrote["before"])
            else:
                forgotten.append((title_id, wrote["rating"], wrote["before"]))
        if now is None and before is not None:
            gone.append(title_id)
        elif now is not None and now != before:
            back[title_id] = now
    if gone:
        await _run(round_, _UNRATE, {"titles": gone})
    if back:
        scores, moments = (
            [each.score for each in back.values()], [each.rated_at for each in back.values()]
        )  # fmt: skip
        values = {"titles": list(back), "scores": scores, "moments": moments}
        await _run(round_, _RATE, values)
    if forgotten:
        told = [(key, *map(_json, pair)) for key, *pair in forgotten]
        values = dict(zip(("titles", "given", "before"), map(list, zip(*told, strict=True)),
                          strict=True))  # fmt: skip
        await _run(round_, _FORGET, {**values, "batch": round_.batch_id})


async def _unwish(round_: Round, lines: Mapping[int, Sequence[Listed]]) -> _Taken:
    """Take off what was put on the list and is still as it was, and untick what only we ticked."""
    said: dict[int, dict[str, Any]] = {}
    for title_id, every in lines.items():
        for each in every:
            told = {
                key: (each.wrote or {}).get(key)
                for key in ("wish", "note", "platform", "ticked", "latest")
            }
            if told["wish"] or told["ticked"]:
                known = said.setdefault(title_id, {})
                known |= {key: value for key, value in told.items() if value is not None}
    taken = _Taken()
    if not said:
        return taken
    still = await _still_watched(round_, {key: each for key, each in said.items()
                                          if "ticked" in each})  # fmt: skip
    for row in await _run(round_, _WISHES, {"titles": list(said)}):
        told = said[row.title_id]
        ticked = repo.moment(told.get("ticked"))
        untouched = row.watched_at is None or row.watched_at == ticked
        as_added = (row.platform_id, row.note) == (told.get("platform"), told.get("note"))
        if "wish" in told and untouched and as_added and row.added_at == repo.moment(told["wish"]):
            taken.unwished.append(row.title_id)
        elif ticked is not None and row.watched_at == ticked and row.title_id not in still:
            taken.unticked.append(row.title_id)
    if taken.unwished:
        await _run(round_, _UNWISH, {"titles": taken.unwished})
    if taken.unticked:
        await _run(round_, _UNTICK, {"titles": taken.unticked})
    return taken


async def _still_watched(round_: Round, said: Mapping[int, Mapping[str, Any]]) -> set[int]:
    """The titles that count as watched without the import, by what was told after it."""
    if not said:
        return set()
    stories = await past.episodes(round_, list(said))
    left: dict[int, list[Any]] = {title_id: [] for title_id in said}
    for row in await _run(round_, _LEFT, {"titles": list(said)}):
        left[row.title_id].append(row)
    found: set[int] = set()
    for title_id, told in said.items():
        since = repo.moment(told["ticked"])
        assert since is not None
        rows = left[title_id]
        story = rules.needed(stories.get(title_id, ([], {}))[0])
        seen = [rules.Seen(row.episode_id, row.watched_at) for row in rows]
        newer = any(row.id > told["latest"] for row in rows)
        if newer and rules.still_watched(since, story, seen):
            found.add(title_id)
    return found


async def _finish(round_: Round) -> None:
    # A title that has gone took with it what was written of it.
    await round_.connection.execute(
        text(
            "UPDATE import_lines SET committed = false, wrote = NULL, match = 'unknown'"
            " WHERE batch_id = :batch AND committed"
        ),
        {"batch": round_.batch_id},
    )
    await round_.connection.execute(
        text("UPDATE import_batches SET state = 'undone', undone_at = :now WHERE id = :batch"),
        {"batch": round_.batch_id, "now": round_.now},
    )


async def _run(round_: Round, statement: Any, values: Mapping[str, Any]) -> Any:
    profile = {"profile": round_.whose.profile_id}
    return await round_.connection.execute(statement, {**profile, **values})


def _json(value: Any) -> str:
    return orjson.dumps(value).decode()
