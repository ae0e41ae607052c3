"""The pictures of the main pages in `docs/screens`, which `make pictures` takes anew."""

import os
from pathlib import Path

import pytest

from tests.web.conftest import WEB, Script

SCREENS = WEB.parent / "docs" / "screens"
MEMBER = "pro@example.com"
PICTURES = [
    {"name": "tonight", "path": "/?mood=TENSE&minutes=120", "as": MEMBER},
    {"name": "leaving", "path": "/leaving", "as": MEMBER},
    {"name": "watchlist", "path": "/watchlist", "as": MEMBER},
    {"name": "search", "path": "/search?q=dark", "as": MEMBER},
    {"name": "title", "path": "/title/title_564", "as": MEMBER},
    {"name": "import", "path": "/import", "as": MEMBER},
    {"name": "settings", "path": "/settings", "as": MEMBER},
    {"name": "welcome", "path": "/welcome"},
]
NAMES = [picture["name"] for picture in PICTURES]
MOST_BYTES = 150_000


@pytest.fixture(scope="module")
def folder(request: pytest.FixtureRequest) -> Path:
    """Where they are: taken anew where that is asked for, else those that are there."""
    if not os.environ.get("STREAMING_STACK_TEST_PICTURES"):
        return SCREENS
    script: Script = request.getfixturevalue("script")
    script("pictures.mjs", folder=str(SCREENS), pages=PICTURES)
    return SCREENS


@pytest.mark.timeout(300)
@pytest.mark.parametrize("name", NAMES)
def test_there_is_a_small_picture_of_each_main_page(name: str, folder: Path) -> None:
    picture = (folder / f"{name}.webp").read_bytes()
    assert picture[:4] == b"RIFF"
    assert picture[8:12] == b"WEBP"
    assert 5_000 < len(picture) <= MOST_BYTES


def test_no_picture_is_left_over() -> None:
    assert {file.stem for file in SCREENS.iterdir()} == set(NAMES)
