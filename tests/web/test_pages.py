"""Every page in `pages.json`, at three widths and in both themes, before a real browser."""

import json
import os
import re
from pathlib import Path
from typing import Any

import pytest

from tests.web.conftest import EVERY_LOOK, HERE, WEB, Script

PAGES: list[dict[str, Any]] = json.loads((HERE / "pages.json").read_text())
DEVICES = ["phone", "tablet", "desktop"]
THEMES = ["light", "dark"]
LOOKS = (
    [(device, theme) for device in DEVICES for theme in THEMES]
    if EVERY_LOOK
    else [("phone", "dark"), ("desktop", "light")]
)
SHOTS = os.environ.get("STREAMING_STACK_TEST_SHOTS")  # a folder, to look at what was seen


def name_of(page: dict[str, Any]) -> str:
    who = page.get("as", "anybody").partition("@")[0]
    return f"{page['path']} as {who}"


@pytest.mark.timeout(300)
@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_a_page_is_accessible_and_quiet(page: dict[str, Any], script: Script) -> None:
    shots = Path(SHOTS, re.sub(r"\W+", "-", name_of(page))).as_posix() if SHOTS else None
    looks = script("visit.mjs", page=page, looks=LOOKS, shots=shots)
    assert [(look["device"], look["wanted"]) for look in looks] == LOOKS
    for look in looks:
        where = f"{look['device']}, {look['wanted']}"
        assert look["violations"] == [], where
        assert look["complaints"] == [], where  # what breaks the policy is among them
        assert look["foreign"] == [], where
        assert len(look["headings"]) == 1, where
        assert look["tooWide"] <= 0, where
        assert look["theme"] == look["wanted"], where
        assert look["title"].endswith("Streaming Stack"), where


def test_every_page_is_listed() -> None:
    routes = WEB / "src" / "routes"
    there = {
        re.sub(r"/\([^)]*\)", "", f"/{file.parent.relative_to(routes).as_posix()}").rstrip(".")
        or "/"
        for file in routes.rglob("+page.svelte")
    }
    listed = {page["route"] for page in PAGES}
    assert there - listed == set(), "add them to tests/web/pages.json"
    assert listed - there == set(), "they are gone from web/src/routes"
