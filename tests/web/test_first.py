"""What pages begin with, written when they are built, before any script of theirs is there."""

from typing import Any

import pytest

from tests.web.conftest import Script

pytestmark = pytest.mark.timeout(300)


@pytest.fixture(scope="module")
def told(script: Script) -> dict[str, dict[str, Any]]:
    return {line["about"]: line for line in script("first.mjs")}


def test_a_page_begins_with_the_words_and_places_that_it_goes_on_with(
    told: dict[str, dict[str, Any]],
) -> None:
    looks = told["first"]["looks"]
    assert {each["language"] for each in looks} == {"en", "de", "es", "ar"}
    assert {each["before"]["direction"] for each in looks} == {"ltr", "rtl"}
    for look in looks:
        assert look["before"]["language"] == look["language"]
        assert look["before"]["heading"]
        assert look["before"]["ways"]
        assert look["before"] == look["after"], look


def test_a_page_begins_with_the_name_of_who_was_here(told: dict[str, dict[str, Any]]) -> None:
    member = told["member"]
    assert member["name"]
    assert member["name"] == member["after"]
    assert member["before"] == member["ways"]


def test_nothing_moves_when_the_page_takes_over(told: dict[str, dict[str, Any]]) -> None:
    assert max(told["first"]["shifts"]) < 0.01


def test_who_it_is_is_asked_once(told: dict[str, dict[str, Any]]) -> None:
    assert told["first"]["asked"] == ["Me"]


def test_a_title_is_named_before_its_page_has_any_script(told: dict[str, dict[str, Any]]) -> None:
    for look in told["titles"]["titles"]:
        (name, _), (synopsis, _) = look["before"]
        assert name
        assert len(synopsis) > 40
        assert look["before"] == look["after"], look["width"]


def test_a_browser_that_refuses_storage_shows_everything_all_the_same(
    told: dict[str, dict[str, Any]],
) -> None:
    refused = told["refused"]
    assert refused["heading"] == "Settings"
    assert refused["dark"]
    assert refused["theme"] == "dark"
    assert refused["complaints"] == []
    assert refused["kept"] == [True, False, None], "so that whoever comes after is told nothing"
