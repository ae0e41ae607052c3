"""What is believed of an episode: agreement raises it, and nobody skips on a doubt."""

from itertools import permutations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.binge.values import Verdict
from domain.filler.rules import CLEAR, believed, confidence_of_list, of_votes, verdict_of
from domain.filler.values import Belief, Claim

CANON, MIXED, FILLER, UNKNOWN = Verdict.CANON, Verdict.MIXED, Verdict.FILLER, Verdict.UNKNOWN

claims = st.builds(
    Claim,
    st.sampled_from(["demo", "mal", "file:ours", "trakt:a/x", "trakt:a/y", "trakt:b/x", "votes"]),
    st.sampled_from([CANON, MIXED, FILLER]),
    st.floats(0, 1),
)
said = st.lists(claims, max_size=6, unique_by=lambda each: each.source)


def test_of_what_nobody_speaks_nothing_is_believed():
    assert believed([]) == Belief(UNKNOWN, None, None)


@pytest.mark.parametrize("verdict", [CANON, MIXED, FILLER])
def test_a_single_source_is_believed_as_far_as_it_is_sure(verdict: Verdict):
    assert believed([Claim("demo", verdict, 0.9)]) == Belief(verdict, "demo", 0.9)


def test_sources_that_agree_are_surer_together():
    belief = believed([Claim("mal", FILLER, 0.8), Claim("demo", FILLER, 0.9)])
    assert belief == Belief(FILLER, "demo, mal", 0.98)


def test_sources_that_disagree_are_named_and_none_is_believed():
    belief = believed([Claim("mal", FILLER, 0.8), Claim("trakt:x/y", CANON, 0.6)])
    assert (belief.verdict, belief.confidence) == (UNKNOWN, None)
    assert (belief.source, belief.disputed) == ("mal, trakt:x/y disagree", True)


def test_a_source_that_clearly_outweighs_another_is_believed_for_what_is_left_of_it():
    belief = believed([Claim("demo", FILLER, 0.9), Claim("mal", CANON, 0.4)])
    assert belief == Belief(FILLER, "demo", 0.5)


def test_mixed_and_filler_disagree():
    assert believed([Claim("demo", MIXED, 0.9), Claim("mal", FILLER, 0.8)]).verdict is UNKNOWN


def test_mixed_and_canon_agree_that_it_belongs():
    belief = believed([Claim("a", CANON, 0.5), Claim("b", MIXED, 0.6), Claim("c", FILLER, 0.4)])
    assert (belief.verdict, belief.source) == (MIXED, "b, a")


def test_a_source_that_is_not_sure_skips_nothing():
    assert believed([Claim("mal", FILLER, 0.39)]).verdict is UNKNOWN


def test_the_lists_of_one_person_are_one_voice():
    lists = [Claim(f"trakt:fan/{n}", FILLER, 0.5) for n in range(9)]
    assert believed(lists).confidence == 0.5
    assert believed([*lists, Claim("trakt:keeper/1", FILLER, 0.5)]).confidence == 0.75


def test_many_names_are_counted():
    belief = believed([Claim(f"file:{n}", FILLER, 0.5) for n in range(7)])
    assert belief.source == "file:0, file:1, file:2, file:3 and 3 more"


@given(said)
@settings(max_examples=100, deadline=None)
def test_the_order_of_hearing_does_not_matter(heard: list[Claim]):
    assert {believed(each) for each in list(permutations(heard))[:30]} == {believed(heard)}


@given(said)
@settings(max_examples=200, deadline=None)
def test_filler_is_only_what_nobody_nearly_as_sure_denies(heard: list[Claim]):
    belief = believed(heard)
    if belief.verdict is FILLER:
        denied = max((c.confidence for c in heard if c.verdict is not FILLER), default=0.0)
        assert belief.confidence is not None
        assert belief.confidence >= CLEAR
        assert denied <= 1 - CLEAR + 1e-4
    assert belief.confidence is None or 0 <= belief.confidence <= 1
    assert (belief.confidence is None) == (belief.verdict is UNKNOWN)
    assert belief.disputed == (belief.source or "").endswith("disagree")


@given(said, st.floats(0, 1))
@settings(max_examples=200, deadline=None)
def test_one_more_who_agrees_never_makes_it_less_sure(heard: list[Claim], confidence: float):
    before = believed(heard)
    if before.verdict in (FILLER, CANON):
        after = believed([*heard, Claim("new", before.verdict, confidence)])
        assert after.verdict is before.verdict
        assert (after.confidence or 0) >= (before.confidence or 0)


@given(said, st.floats(0, 1))
@settings(max_examples=200, deadline=None)
def test_one_more_who_denies_it_never_makes_an_episode_filler(heard: list[Claim], sure: float):
    if believed(heard).verdict is not FILLER:
        assert believed([*heard, Claim("new", CANON, sure)]).verdict is not FILLER


def test_one_vote_is_nobody_else_s():
    assert of_votes({FILLER: 1}) is None
    assert of_votes({}) is None


def test_as_many_votes_either_way_say_nothing():
    assert of_votes({FILLER: 3, CANON: 2, MIXED: 1}) is None


def test_the_larger_side_wins_and_more_votes_are_surer():
    two, twenty = of_votes({FILLER: 2}), of_votes({FILLER: 20})
    assert two is not None
    assert twenty is not None
    assert (two.source, two.verdict) == ("votes", FILLER)
    assert CLEAR < two.confidence < 0.6 < 0.9 < twenty.confidence <= 0.95
    torn = of_votes({FILLER: 2, CANON: 1})
    assert torn is not None
    assert torn.confidence < CLEAR, "two against one is not enough to skip it by itself"


def test_votes_for_mixed_and_canon_are_one_side():
    won = of_votes({FILLER: 3, CANON: 1, MIXED: 3})
    assert won is not None
    assert won.verdict is MIXED


@pytest.mark.parametrize(
    ("name", "verdict"),
    [
        ("naruto-shippuden_filler", FILLER),
        ("One Piece: all FILLERS", FILLER),
        ("episodes to skip", FILLER),
        ("bleach_manga canon", CANON),
        ("bleach_anime canon", CANON),
        ("bleach_mixed canon/filler", MIXED),
        ("Naruto without filler", None),
        ("non-filler episodes", None),
        ("No Filler!", None),
        ("filler-free watch order", None),
        ("Naruto: canon and filler", None),
        ("mixed canon", MIXED),
        ("my favourites", None),
        ("", None),
        ("canonical skipper", None),
    ],
)
def test_the_name_of_a_list_says_what_it_lists_or_nothing(name: str, verdict: Verdict | None):
    assert verdict_of(name) is verdict


def test_a_list_that_others_like_is_worth_more():
    values = [confidence_of_list(likes) for likes in (0, 1, 10, 10**7)]
    assert values == sorted(set(values))
    assert CLEAR < values[0] < values[-1] <= 0.8
