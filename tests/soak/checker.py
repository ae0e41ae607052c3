"""The judge: writes, events and what was heard must tell the same story. Pure.

Every write has one event, and every event of a subject that we write to has its write: `lost`,
`doubled`, `ghosts`. Every follower heard every event that it follows, once and in order: `lost`,
`doubled`, `disordered`, `ghosts`; who did not even hear the last one is `deaf`.
"""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields
from typing import TypeAlias

from tests.soak.history import COUNTRY, Log, Row, Subject, Table, Told, Wish, Write

Lists: TypeAlias = Mapping[Wish, list[tuple[int, bool]]]
"""What `on_lists` says."""

LISTED, UNLISTED = {"added", "unwatched"}, {"removed", "watched"}


@dataclass(slots=True)
class Verdict:
    """Sentences about what went wrong; all empty when nothing did."""

    lost: list[str] = field(default_factory=list)
    doubled: list[str] = field(default_factory=list)
    disordered: list[str] = field(default_factory=list)
    deaf: list[str] = field(default_factory=list)
    ghosts: list[str] = field(default_factory=list)
    resyncs: list[str] = field(default_factory=list)
    stuck: list[str] = field(default_factory=list)  # writes that nobody ever acknowledged
    crashes: list[str] = field(default_factory=list)  # answers that no fault excuses

    @property
    def clean(self) -> bool:
        """Whether everything held."""
        return not any(getattr(self, each.name) for each in fields(self))

    @property
    def figures(self) -> str:
        """One line."""
        return ", ".join(f"{each.name} {len(getattr(self, each.name))}" for each in fields(self))

    def sentences(self, most: int = 5) -> Iterator[str]:
        """The first few of each kind."""
        for each in fields(self):
            found = getattr(self, each.name)
            yield from (f"{each.name}: {sentence}" for sentence in found[:most])
            if len(found) > most:
                yield f"{each.name}: and {len(found) - most} more"


def check(table: Table, writes: Sequence[Write], logs: Sequence[Log]) -> Verdict:
    """Compare the three."""
    verdict = Verdict()
    _check_effects(verdict, table.rows, writes)
    lists = on_lists(table)
    for log in logs:
        _check_log(verdict, log, table.rows, lists)
    return verdict


def _check_effects(verdict: Verdict, rows: Sequence[Row], writes: Sequence[Write]) -> None:
    """One event for each write, in the order in which one writer made them."""
    sent: dict[Subject, list[Write]] = defaultdict(list)
    for write in writes:
        sent[write.subject].append(write)
        if write.acknowledged is None:
            verdict.stuck.append(f"{write.key} after {write.tries} tries: {write}")
    events: dict[Subject, list[Row]] = defaultdict(list)
    for row in rows:
        if row.subject in sent and row.told.kind != "countdown":
            events[row.subject].append(row)
    for subject, wanted in sent.items():
        _align(verdict, wanted, events[subject])


def _align(verdict: Verdict, writes: Sequence[Write], rows: Sequence[Row]) -> None:
    """Walk along both; each row is the next write's, or says what is wrong."""
    done: list[Told] = []
    waiting = list(writes)
    for row in rows:
        place = next((n for n, write in enumerate(waiting) if write.told == row.told), None)
        if place is None:
            wrong = verdict.doubled if row.told in done else verdict.ghosts
            wrong.append(f"event {row.position} has no write of its own: {row}")
            continue
        _miss(verdict, waiting[:place])
        done.append(row.told)
        waiting = waiting[place + 1 :]
    _miss(verdict, waiting)


def _miss(verdict: Verdict, writes: Iterable[Write]) -> None:
    verdict.lost += [f"no event tells of {w}" for w in writes if w.acknowledged is not None]


def _check_log(verdict: Verdict, log: Log, rows: Sequence[Row], lists: Lists) -> None:
    verdict.resyncs += [f"{log.name}: {reason}" for reason in log.resyncs]
    _check_sequence(verdict, log)
    got, real = {heard.position for heard in log.heard}, {row.position: row for row in rows}
    for heard in log.heard:
        row = real.get(heard.position)
        same = row is not None and (row.mark, row.told.kind, row.title_id) == (
            heard.mark, heard.kind, heard.title_id
        )  # fmt: skip
        if not same or row is None or not follows(log, row, lists):
            verdict.ghosts.append(f"{log.name} heard {heard} of {row}")
    due = expected(log, rows, lists)
    missed = [position for position in due if position not in got]
    if missed and missed[-1] == due[-1]:
        verdict.deaf.append(f"{log.name} missed the last of its events, {missed[-1]}")
        missed = [position for position in missed if position < max(got, default=0)]
    verdict.lost += [f"{log.name} never heard event {position}" for position in missed]


def _check_sequence(verdict: Verdict, log: Log) -> None:
    """Each position once, and those of a title in their order."""
    seen: set[int] = set()
    newest: dict[int, int] = {}
    for heard in log.heard:
        if heard.position in seen:
            verdict.doubled.append(f"{log.name} heard {heard} twice")
        elif heard.position < newest.get(heard.title_id, 0):
            verdict.disordered.append(f"{log.name} heard {heard} after {newest[heard.title_id]}")
        seen.add(heard.position)
        newest[heard.title_id] = max(heard.position, newest.get(heard.title_id, 0))


def expected(log: Log, rows: Sequence[Row], lists: Lists) -> list[int]:
    """The positions that a follower must have heard, in order."""
    since = log.since if log.since is not None else rows[-1].position if rows else 0
    return [row.position for row in rows if row.position > since and follows(log, row, lists)]


def on_lists(table: Table) -> Lists:
    """From which position on a title was on a list and unwatched, or no longer, for each wish."""
    found: dict[Wish, list[tuple[int, bool]]] = defaultdict(list)
    for profile_id, titles in table.listed.items():
        for title_id in titles:
            found[Wish(profile_id, title_id)].append((0, True))
    for row in table.rows:
        if isinstance(subject := row.subject, Wish) and row.told.kind in LISTED | UNLISTED:
            found[subject].append((row.position, row.told.kind in LISTED))
    return found


def follows(log: Log, row: Row, lists: Lists) -> bool:
    """Whether an event is a follower's, by what was on its list when the event got its place."""
    if log.scope == "LIST":
        return row.topic == "watchlist" and row.profile_id == log.profile_id
    if row.topic != "availability" or row.title_id is None or row.country != COUNTRY:
        return False
    if log.scope == "TITLE":
        return row.title_id == log.title_id
    if log.scope == "MY_PLATFORMS":
        return row.platform_id in log.platforms
    changes = lists.get(Wish(log.profile_id, row.title_id), [])
    before = bisect_left(changes, (row.position, False))
    return before > 0 and changes[before - 1][1]


def percentile(values: Iterable[float], share: float) -> float:
    """The value that a share of all is not above; 0 where there is none."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))] if ordered else 0.0
