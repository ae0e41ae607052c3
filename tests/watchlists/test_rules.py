"""Warnings, notes and "is it finished?": pure, so without a server."""

from datetime import UTC, datetime, timedelta

import pytest

from domain.errors import InvalidInput
from domain.history import rules as history
from domain.history.rules import Place, Seen
from domain.idempotency import rules as keys
from domain.watchlists import rules
from domain.watchlists.values import LeavingWarning
from tests.accounts.people import HOSTILE

NOW = datetime(2026, 11, 21, 20, 0, tzinfo=UTC)
THEN = NOW - timedelta(days=400)


@pytest.mark.parametrize(
    ("days", "level"),
    [
        (None, LeavingWarning.NONE), (31, LeavingWarning.NONE), (30, LeavingWarning.LEAVING),
        (8, LeavingWarning.LEAVING), (7, LeavingWarning.SOON), (2, LeavingWarning.SOON),
        (1, LeavingWarning.URGENT), (0, LeavingWarning.URGENT), (-1, LeavingWarning.URGENT),
    ],
)  # fmt: skip
def test_a_warning_grows_louder_at_30_7_and_1_days(days: int | None, level: LeavingWarning):
    assert rules.warning(days) is level


@pytest.mark.parametrize("given", HOSTILE)
def test_a_note_is_cleaned_or_refused(given: str):
    if len(given) > 500:
        with pytest.raises(InvalidInput, match="500"):
            rules.note(given)
    else:
        kept = rules.note(given)
        assert kept is None or ("\x00" not in kept and kept.isprintable() and len(kept) <= 500)


def test_a_note_may_have_500_characters_and_not_one_more():
    assert rules.note("x" * 500) == "x" * 500
    with pytest.raises(InvalidInput):
        rules.note("x" * 501)


@pytest.mark.parametrize("given", ["", " ", None])
def test_a_note_that_says_nothing_is_none(given: str | None):
    assert rules.note(given) is None


def test_specials_and_fillers_are_not_needed_to_finish():
    places = [Place(1, 0, "canon"), Place(2, 1, "canon"), Place(3, 1, "filler"),
              Place(4, 1, "mixed"), Place(5, 2, "unknown")]  # fmt: skip
    assert history.needed(places) == {2, 4, 5}


def test_only_the_last_missing_episode_finishes():
    story = {1, 2, 3}
    assert history.finishes(story, {1, 2}, {1, 2, 3})
    assert history.finishes(story, set(), {1, 2, 3, 9})
    assert not history.finishes(story, {1}, {1, 2})
    assert not history.finishes(story, {1, 2, 3}, {1, 2, 3})  # seen again: nothing was missing
    assert not history.finishes(set(), set(), {9})  # nobody knows its episodes


def test_a_title_stays_watched_as_long_as_what_is_left_says_so():
    story = {1, 2}
    episodes = [Seen(1, THEN), Seen(2, THEN)]
    assert history.still_watched(NOW, story, episodes)
    assert not history.still_watched(NOW, story, episodes[:1])
    assert history.still_watched(NOW, story, [Seen(None, NOW)])
    assert not history.still_watched(NOW, story, [Seen(None, THEN)])  # another time, years ago
    assert not history.still_watched(NOW, set(), [])


@pytest.mark.parametrize(
    "given",
    [
        NOW + timedelta(hours=1), NOW.replace(tzinfo=None), datetime(1899, 12, 31, tzinfo=UTC),
        datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC),
    ],
)  # fmt: skip
def test_nobody_watches_tomorrow_or_nowhere_or_before_there_were_films(given: datetime):
    with pytest.raises(InvalidInput) as refusal:
        history.moment(given, NOW)
    assert refusal.value.field == "watchedAt"


def test_a_clock_that_is_a_little_ahead_means_now():
    assert history.moment(NOW + timedelta(minutes=4), NOW) == NOW


@pytest.mark.parametrize("given", [each for each in HOSTILE if each] + ["Netflix", "a" * 41, "1"])
def test_a_source_is_a_short_word(given: str):
    with pytest.raises(InvalidInput):
        history.source(given)


@pytest.mark.parametrize("given", ["", " ", "a b", "é", "x" * 257, "\x00", "a\n", "\ud800"])
def test_a_key_is_visible_ascii(given: str):
    with pytest.raises(InvalidInput):
        keys.key(given, "clientMutationId")


def test_the_longest_key_is_kept_as_shortly_as_any():
    longest = keys.stored("add", keys.key("~" * 256, "x"))
    assert len(longest) == len(keys.stored("add", "1")) <= 256
    assert keys.stored("add", "1") != keys.stored("remove", "1")
