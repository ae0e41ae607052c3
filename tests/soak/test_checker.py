"""The judge judged: a clean story passes, and each way to go wrong is called by its name."""

from collections.abc import Callable
from copy import deepcopy
from dataclasses import replace
from datetime import date
from uuid import UUID

import pytest

from tests.soak.checker import Verdict, check, percentile
from tests.soak.history import Heard, Log, Offer, Row, Table, Told, Wish, Write

ANN, BEN = UUID(int=1), UUID(int=2)
DAY = date(2027, 6, 1)
Story = tuple[list[Row], list[Write], dict[str, Log]]


def offer(position: int, title_id: int, kind: str, day: date | None = None) -> Row:
    told = Told(kind, day)
    return Row(position, position * 7, "availability", title_id, told, None, 8, "US")


def wish(position: int, title_id: int, kind: str) -> Row:
    return Row(position, position * 7, "watchlist", title_id, Told(kind), ANN)


def told(log: Log, rows: list[Row], *positions: int) -> None:
    for row in rows:
        if row.position in positions:
            assert row.title_id is not None
            log.heard.append(Heard(row.position, row.mark, row.told.kind, row.title_id, 1.0))


def story() -> Story:
    """Title 2 is on Ann's list all the time, title 1 from 3 to 5."""
    rows = [
        offer(1, 1, "leaving", DAY),
        offer(2, 2, "removed"),
        wish(3, 1, "added"),
        offer(4, 1, "renewed"),
        wish(5, 1, "watched"),
        offer(6, 1, "removed"),
        offer(7, 2, "added"),
        replace(offer(8, 2, "countdown"), country="DE"),
    ]
    subjects = {Offer(1, 8): (1, 4, 6), Offer(2, 8): (2, 7), Wish(ANN, 1): (3, 5)}
    writes = [
        Write(f"{n}", subject, rows[n - 1].told, 0.0, 0.5, 1)
        for subject, numbers in subjects.items()
        for n in numbers
    ]
    logs = {
        "title": Log("title", "TITLE", BEN, title_id=1, since=0),
        "list": Log("list", "MY_WATCHLIST", ANN, since=0),
        "platforms": Log("platforms", "MY_PLATFORMS", BEN, platforms=frozenset({8}), since=2),
        "wishes": Log("wishes", "LIST", ANN, since=0),
    }
    told(logs["title"], rows, 1, 4, 6)
    told(logs["list"], rows, 2, 4, 7)
    told(logs["platforms"], rows, 4, 6, 7)
    told(logs["wishes"], rows, 3, 5)
    return rows, writes, logs


def judge(told: Story) -> Verdict:
    rows, writes, logs = told
    return check(Table(rows, {ANN: frozenset({2})}), writes, list(logs.values()))


def test_what_went_well_is_clean() -> None:
    verdict = judge(story())
    assert verdict.clean, list(verdict.sentences())


def _forget_event(rows: list[Row], _writes: list[Write], logs: dict[str, Log]) -> None:
    del rows[3]
    for log in logs.values():
        log.heard = [heard for heard in log.heard if heard.position != 4]


def _apply_twice(rows: list[Row], _writes: list[Write], logs: dict[str, Log]) -> None:
    rows.append(offer(9, 1, "removed"))
    told(logs["title"], rows, 9)
    told(logs["platforms"], rows, 9)


def _invent_event(rows: list[Row], _writes: list[Write], logs: dict[str, Log]) -> None:
    rows.append(offer(9, 1, "date_moved", DAY))
    told(logs["title"], rows, 9)
    told(logs["platforms"], rows, 9)


def _skip_one(_rows: list[Row], _writes: list[Write], logs: dict[str, Log]) -> None:
    del logs["title"].heard[1]


def _fall_silent(_rows: list[Row], _writes: list[Write], logs: dict[str, Log]) -> None:
    del logs["platforms"].heard[1:]


def _say_twice(_rows: list[Row], _writes: list[Write], logs: dict[str, Log]) -> None:
    logs["list"].heard.insert(2, logs["list"].heard[1])


def _swap(_rows: list[Row], _writes: list[Write], logs: dict[str, Log]) -> None:
    logs["title"].heard[0:2] = reversed(logs["title"].heard[0:2])


def _tell_others(rows: list[Row], _writes: list[Write], logs: dict[str, Log]) -> None:
    told(logs["list"], rows, 6)


def _tell_otherwise(_rows: list[Row], _writes: list[Write], logs: dict[str, Log]) -> None:
    logs["list"].heard[0] = replace(logs["list"].heard[0], mark=0)


def _never_answer(_rows: list[Row], writes: list[Write], _logs: dict[str, Log]) -> None:
    writes[0].acknowledged = None


def _resync(_rows: list[Row], _writes: list[Write], logs: dict[str, Log]) -> None:
    logs["list"].resyncs.append("TOO_OLD")


@pytest.mark.parametrize(
    ("spoil", "names"),
    [
        (_forget_event, {"lost"}),
        (_apply_twice, {"doubled"}),
        (_invent_event, {"ghosts"}),
        (_skip_one, {"lost"}),
        (_fall_silent, {"deaf"}),
        (_say_twice, {"doubled"}),
        (_swap, {"disordered"}),
        (_tell_others, {"ghosts"}),
        (_tell_otherwise, {"ghosts"}),
        (_never_answer, {"stuck"}),
        (_resync, {"resyncs"}),
    ],
)
def test_each_way_to_go_wrong_has_its_name(spoil: Callable[..., None], names: set[str]) -> None:
    spoiled = deepcopy(story())
    spoil(*spoiled)
    verdict = judge(spoiled)
    found = {line.partition(":")[0] for line in verdict.sentences()}
    assert found == names, list(verdict.sentences())


def test_what_nobody_acknowledged_may_be_missing() -> None:
    rows, writes, logs = story()
    writes.append(Write("unknown", Offer(1, 8), Told("added"), 0.0, None, 9))
    verdict = judge((rows, writes, logs))
    assert not verdict.lost
    assert len(verdict.stuck) == 1


def test_percentiles_are_values_that_occurred() -> None:
    assert percentile([3.0, 1.0, 2.0], 0.5) == 2.0
    assert percentile(range(100), 0.95) == 95
    assert percentile([], 0.5) == 0
