"""How near a title is to what somebody liked. Pure.

Likeness of two titles: half by genres, a third by shared people, the rest by moods. A
candidate's kinship is the mean of its three strongest likenesses, each times how much that
title was liked, less what it has in common with the disliked ones.
"""

from collections.abc import Sequence

from domain.recommendations.values import Candidate, Kinship, Liked

_STRONGEST = 3
_GENRES, _PEOPLE, _MOODS = 0.5, 0.33, 0.17
LOVED, LIKED, DISLIKED = 1.0, 0.5, -0.7


def weight_of(rating: int | None) -> float:
    """How much a title was liked, from -1 to 1; watched and not rated counts as liked a bit."""
    if rating is None:
        return LIKED
    return max(-1.0, min(1.0, (rating - 5.5) / 3.5))


def alike(candidate: Candidate, liked: Liked) -> tuple[float, tuple[int, ...]]:
    """How alike two titles are, from 0 to 1, and the people they share."""
    one, other = set(candidate.genres), set(liked.genres)
    genres = len(one & other) / len(one | other) if one or other else 0.0
    theirs = set(liked.people)
    shared = tuple(person for person in candidate.people if person in theirs)
    people = min(1.0, len(shared) / 2)
    weights = dict(liked.moods)
    both = sum(min(weight, weights.get(mood, 0.0)) for mood, weight in candidate.moods)
    most = max(sum(weights.values()), sum(weight for _, weight in candidate.moods))
    moods = both / most if most else 0.0
    return _GENRES * genres + _PEOPLE * people + _MOODS * moods, shared


def kinship(candidate: Candidate, past: Sequence[Liked]) -> Kinship:
    """A candidate's kinship with a viewer's past and wishes."""
    liked: list[tuple[float, Liked, tuple[int, ...]]] = []
    disliked = wished = 0.0
    for title in past:
        likeness, shared = alike(candidate, title)
        if title.wished:
            wished = max(wished, likeness)
        elif title.weight < 0:
            disliked = max(disliked, likeness * -title.weight)
        if title.weight > 0:
            liked.append((likeness * title.weight, title, shared))
    liked.sort(key=lambda entry: (-entry[0], entry[1].title_id))
    strongest = liked[:_STRONGEST]
    mean = sum(value for value, _, _ in strongest) / len(strongest) if strongest else 0.0
    nearest = strongest[0] if strongest and strongest[0][0] > 0 else None
    return Kinship(
        value=max(0.0, mean - 0.5 * disliked),
        nearest=nearest[1] if nearest else None,
        shared_people=nearest[2] if nearest else (),
        wished=wished,
    )
