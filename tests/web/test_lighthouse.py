"""Lighthouse on a phone: the medians of five runs of the four pages that people begin with.

It runs where `make test-web` has installed it and asks for it: it needs a machine of its own for
some minutes, or it measures what else is running.
"""

import os
from statistics import median
from typing import Any

import pytest

from tests.web.conftest import HERE, Script

RUNS = 5
MEMBER = "pro@example.com"
PAGES: list[dict[str, Any]] = [
    {"path": "/"},
    {"path": "/", "as": MEMBER},
    {"path": "/leaving", "as": MEMBER},
    {"path": "/search?q=dark"},
    {"path": "/title/title_2"},
]
LEAST = {"performance": 95, "accessibility": 100, "best-practices": 100}

pytestmark = [
    pytest.mark.timeout(600),
    pytest.mark.skipif(
        not os.environ.get("STREAMING_STACK_TEST_LIGHTHOUSE"),
        reason="Lighthouse needs a machine of its own: type `make test-web`",
    ),
]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: f"{page['path']} {page.get('as', '')}")
def test_a_page_is_quick_on_a_phone(page: dict[str, Any], script: Script) -> None:
    if not (HERE / "lighthouse" / "node_modules" / "lighthouse").is_dir():
        pytest.skip("Lighthouse is not installed: type `make test-web`")
    runs = script("lighthouse/measure.mjs", page=page, runs=RUNS, seconds=560)
    assert len(runs) == RUNS
    for name in ("fcp", "lcp", "tbt", "cls", "speed", "bytes", "benchmark"):
        print(f"{page['path']} {name}: {median(run[name] for run in runs):,.3g}")
    scores = {name: median(run["scores"][name] for run in runs) for name in LEAST}
    print(f"{page['path']}: {scores}")
    missed = {line for run in runs for line in run["missed"]}
    assert all(scores[name] >= least for name, least in LEAST.items()), (scores, missed, runs)
