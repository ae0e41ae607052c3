"""Every way in which an upstream breaks: told in plain words, got over where it passes."""

import time
from dataclasses import replace
from typing import Any

import pytest

from domain.errors import DomainError
from integrations.tmdb.client import Tmdb
from integrations.upstreams.errors import SlowDown
from simulators.faults import KINDS
from tests.integrations.upstreams.clients import ASKED, complete
from tests.integrations.upstreams.stand_ins import StandIns
from tests.integrations.upstreams.wire import ONCE, QUICK, Opened

pytestmark = pytest.mark.anyio
PATIENCE = replace(ONCE, read_s=0.25, deadline_s=0.5, most_bytes=512 * 1024)
QUESTIONS = (
    "justwatch film", "justwatch series", "tmdb offers", "tmdb film", "trakt history",
    "trakt refresh",
)  # fmt: skip
OFFERS = {"justwatch film", "justwatch series", "tmdb offers"}
PASSING = sorted(KINDS - {"wrong_types", "short_page", "shrinking_total", "slow_body", "stall"})
# TMDB says nowhere how many services there are, so nobody can tell that some are missing.
UNNOTICED = {("tmdb offers", "short_page")}


def about(question: str) -> str:
    return question.partition(" ")[0]


@pytest.mark.parametrize("kind", sorted(KINDS))
async def test_a_fault_ends_in_a_clear_error_or_in_the_truth(
    kind: str, stand_ins: StandIns, opened: Opened
):
    subject = stand_ins.subject()
    for question in QUESTIONS:
        path, ask = ASKED[question]
        upstream = opened(stand_ins.base + path, patience=PATIENCE)
        seasons = subject.seasons if "series" in question else ()
        offers = question in OFFERS
        truth = complete(await ask(upstream, subject), seasons) if offers else None
        for seed in range(8 if kind == "wrong_types" else 1):
            stand_ins.fault(about(question), kind, seconds=3, seed=seed)
            started = time.monotonic()
            try:
                found: Any = await ask(upstream, subject)
            except DomainError:
                said = None
            else:
                said = complete(found, seasons) if offers else None
            assert said in (None, truth) or (question, kind) in UNNOTICED, (question, seed)
            assert time.monotonic() - started < 3, question
            stand_ins.control.delete("/_sim/faults")


@pytest.mark.parametrize("kind", PASSING)
async def test_what_passes_is_got_over(kind: str, stand_ins: StandIns, opened: Opened):
    subject = stand_ins.subject()
    path, ask = ASKED["justwatch film"]
    patience = replace(QUICK, deadline_s=5, most_bytes=512 * 1024)
    upstream = opened(stand_ins.base + path, patience=patience)
    truth = complete(await ask(upstream, subject))
    assert truth
    stand_ins.fault("justwatch", kind, times=2, retry_after=0)
    assert complete(await ask(upstream, subject)) == truth


async def test_retry_after_of_a_stand_in_is_obeyed(stand_ins: StandIns, opened: Opened):
    upstream = opened(stand_ins.base + "/tmdb/3", patience=replace(QUICK, deadline_s=4))
    stand_ins.fault("tmdb", "too_many", times=1, retry_after=1)
    started = time.monotonic()
    await Tmdb(upstream, "key").check()
    assert time.monotonic() - started > 0.95
    stand_ins.fault("tmdb", "too_many", retry_after=60)
    with pytest.raises(SlowDown) as away:
        await Tmdb(upstream, "key").check()
    assert away.value.retry_after_s == 60
