"""What counts as a disagreement about a last day."""

from datetime import UTC, date, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from domain.availability.values import Claim
from domain.quality import rules

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
TODAY = NOW.date()

claims = st.builds(
    Claim,
    source=st.sampled_from(["demo", "justwatch", "list", "sync/tmdb", "simulator/justwatch"]),
    signed=st.booleans(),
    there=st.booleans(),
    confidence=st.floats(0, 1),
    observed_at=st.just(NOW),
    dated_at=st.none() | st.just(NOW),
    expires_on=st.none() | st.dates(TODAY - timedelta(days=3), TODAY + timedelta(days=3)),
)
days = st.none() | st.dates(TODAY - timedelta(days=3), TODAY + timedelta(days=3))


@given(st.lists(claims, max_size=6, unique_by=lambda each: each.source), days)
@settings(max_examples=200)
def test_only_those_count_who_speak_of_days_that_can_be_true(
    said: list[Claim], believed: date | None
) -> None:
    told = rules.last_days(said, believed, TODAY)
    assert {each.source for each in told} == {
        each.source
        for each in said
        if each.source != "demo" and each.there and each.dated_at
        and (each.expires_on is None or each.expires_on >= TODAY)
    }  # fmt: skip
    assert all(each.believed == (each.expires_on == believed) for each in told)
    assert [each.believed for each in told] == sorted(
        (each.believed for each in told), reverse=True
    )


@given(st.lists(claims, max_size=6, unique_by=lambda each: each.source), days)
@settings(max_examples=200)
def test_who_disagrees_says_at_least_one_thing_that_is_not_believed(
    said: list[Claim], believed: date | None
) -> None:
    told = rules.last_days(said, believed, TODAY)
    if rules.disagree(told):
        assert len(told) > 1
        assert not all(each.believed for each in told)
    else:
        assert len({each.expires_on for each in told}) <= 1
