"""The shell in a real browser: what it weighs, what it keeps, and how it opens offline."""

from typing import Any

import pytest

from tests.web.conftest import Script

pytestmark = pytest.mark.timeout(300)
MOST_SCRIPT = 120_000  # bytes over the wire before the first page is there


@pytest.fixture(scope="module")
def told(script: Script) -> dict[str, dict[str, Any]]:
    return {line["about"]: line for line in script("shell.mjs")}


def test_the_first_page_needs_little_script(told: dict[str, dict[str, Any]]) -> None:
    fetched = told["weight"]["fetched"]
    scripts = {each["path"]: each["bytes"] for each in fetched if each["path"].endswith(".js")}
    print(f"first page: {sum(scripts.values()):,} bytes of script in {len(scripts)} files")
    assert 10_000 < sum(scripts.values()) <= MOST_SCRIPT
    packed = [each for each in fetched if each["path"].endswith(".js") and each["unpacked"] > 2_000]
    assert all(each["bytes"] < each["unpacked"] for each in packed)


def test_the_first_page_loads_two_fonts_once(told: dict[str, dict[str, Any]]) -> None:
    fonts = [each["path"] for each in told["weight"]["fetched"] if each["path"].endswith(".woff2")]
    assert len(fonts) == len(set(fonts)) == 2, fonts


def test_the_service_worker_keeps_the_shell_and_nothing_that_the_api_says(
    told: dict[str, dict[str, Any]],
) -> None:
    ((name, kept),) = told["kept"]["caches"].items()
    assert name.startswith("shell-")
    assert "/shell.html" in kept
    assert [path for path in kept if path.startswith(("/graphql", "/api"))] == []
    assert all(path.startswith("/_app/immutable/") or "." in path for path in kept)
    assert told["kept"]["complaints"] == []


def test_what_an_earlier_version_kept_is_deleted(told: dict[str, dict[str, Any]]) -> None:
    assert told["replaced"]["caches"] == list(told["kept"]["caches"])


def test_without_a_network_the_shell_opens_under_its_policy(
    told: dict[str, dict[str, Any]],
) -> None:
    offline = told["offline"]
    assert offline["fromWorker"]
    assert offline["title"].endswith("Streaming Stack")
    assert "script-src 'self' 'sha256-" in offline["policy"]
    assert "ERR_INTERNET_DISCONNECTED" in told["api offline"]["answer"]  # no shell in its place


def test_what_is_opened_on_top_gives_the_focus_back(told: dict[str, dict[str, Any]]) -> None:
    assert told["focus"]["focused"] == ["/watchlist"] * 4


def test_a_part_that_the_server_has_no_more_is_not_missed_in_silence(
    told: dict[str, dict[str, Any]],
) -> None:
    assert told["gone"]["said"] == 1
