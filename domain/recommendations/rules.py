"""Ranking: candidates and a moment in, ordered picks with their reasons out. Pure.

    score = sum(weight_i * value_i) / sum(weight_i)   over the terms that apply

A term without a question or without data to answer it (no mood asked for, no history yet) does
not apply, and its weight is shared by the others, so that scores stay comparable from 0 to 1.
"""

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date

from domain.recommendations.values import Candidate, Kinship, Pick, Question, Term

WEIGHTS: Mapping[str, float] = {
    "mood": 0.26,  # how strongly the title has the mood asked for
    "quality": 0.22,  # critics and audience, see titles.models.APPEAL
    "history": 0.16,  # likeness to what was liked (less what was disliked)
    "watchlist": 0.14,  # on the list, or like what is on it
    "leaving": 0.10,  # urgency: it can be seen tonight and soon no more
    "recency": 0.06,
    "time": 0.06,  # uses the evening without crowding it
    "broad": 0.16,  # company only: known and liked by many
}
COMPANY = 3  # from this many people on, an answer must please several tastes
CROWD = 4  # from this many on, the stricter filters of a crowd apply
CROWD_MATURITY = 16  # what can be shown to a room one does not know well
LEAVING_HORIZON_DAYS = 30
LONGEST_EVENING_MIN = 180  # what somebody watches a day who wants to finish in time
RECENCY_HALF_LIFE_YEARS = 8.0
MOST_OF_A_KIND = 3  # of five answers, however well films or series do
LIKENESS_PENALTY = 0.45  # how much of a score is lost by being just like a pick above


def urgency(leaves_on: date | None, today: date) -> float:
    """0 without an end in sight; from 30 days away it rises to 1 on the last day."""
    if leaves_on is None:
        return 0.0
    days = (leaves_on - today).days
    return max(0.0, 1 - days / LEAVING_HORIZON_DAYS) if days >= 0 else 0.0


def leaving(candidate: Candidate, question: Question, today: date) -> float:
    """How much its end speaks for a title tonight: not at all for one that can't be finished.

    A date makes a good choice pressing, and no choice good: where a mood is asked for, it counts
    as much as the title has of that mood.
    """
    pressing = urgency(candidate.leaves_on, today)
    if candidate.leaves_on is not None and candidate.kind == "series":
        minutes = candidate.episode_count * (candidate.runtime_min or 0)
        evenings = (candidate.leaves_on - today).days + 1
        if not minutes or minutes > evenings * LONGEST_EVENING_MIN:
            return 0.0
    return pressing if question.mood is None else pressing * (candidate.mood_weight or 0.0)


def freshness(year: int | None, today: date) -> float:
    """1 this year, halved every eight years; an unknown year counts as old."""
    if year is None:
        return 0.0
    return 0.5 ** (max(0, today.year - year) / RECENCY_HALF_LIFE_YEARS)


def time_fit(candidate: Candidate, time_min: int) -> float:
    """1 where the title fills 70 to 95 % of the evening, less where it leaves it empty or full.

    A series fills it with as many whole episodes as fit.
    """
    runtime = candidate.runtime_min or 0
    filled = runtime * (candidate.episodes_fit or 1) / time_min
    if filled > 1:
        return 0.0
    if filled > 0.95:
        return 0.8
    return min(1.0, filled / 0.7)


def breadth(candidate: Candidate) -> float:
    """Known and liked by many: audience votes on a log scale (1 million is 1) x audience score."""
    known = min(1.0, math.log10(1 + candidate.audience_votes) / 6)
    return known * (candidate.audience_score or 5.0) / 10


def score(
    candidate: Candidate,
    question: Question,
    kinship: Kinship | None,
    today: date,
    preferred: Sequence[str] = (),
) -> Pick:
    """The candidate's score with its terms, largest contribution first.

    kinship: None where the viewer has no past and no wishes yet; preferred: moods that the
    profile likes, which count where the question names none.
    """
    values: dict[str, float] = {
        "quality": candidate.appeal,
        "recency": freshness(candidate.year, today),
        "leaving": leaving(candidate, question, today),
    }
    if question.mood is not None:
        values["mood"] = candidate.mood_weight or 0.0
    elif preferred:
        values["mood"] = max((w for mood, w in candidate.moods if mood in preferred), default=0.0)
    if question.time_min is not None:
        values["time"] = time_fit(candidate, question.time_min)
    if kinship is not None:
        values["history"] = kinship.value
        values["watchlist"] = 1.0 if candidate.on_watchlist else 0.5 * kinship.wished
    if question.group_size >= COMPANY:
        values["broad"] = breadth(candidate)
    total = sum(WEIGHTS[name] for name in values)
    terms = [Term(name, value, WEIGHTS[name] / total) for name, value in values.items()]
    terms.sort(key=lambda term: (-term.points, term.name))
    return Pick(candidate, sum(term.points for term in terms), tuple(terms), kinship or Kinship())


def likeness(one: Candidate, other: Candidate) -> float:
    """0 to 1: how much two titles make the same kind of evening."""
    genres = _overlap(one.genres, other.genres)
    moods = _overlap([mood for mood, _ in one.moods], [mood for mood, _ in other.moods])
    leading = bool(one.genres and other.genres and one.genres[0] == other.genres[0])
    people = bool(set(one.people) & set(other.people))
    same_kind = one.kind == other.kind
    return 0.35 * genres + 0.25 * moods + 0.15 * leading + 0.15 * people + 0.10 * same_kind


def diversify(picks: Sequence[Pick], count: int) -> list[Pick]:
    """The best `count` picks, each as unlike the ones above it as its score allows.

    Maximal marginal relevance (Carbonell and Goldstein 1998): the best pick first, then always
    the one with the highest score less a penalty for its likeness to the nearest pick above; and
    of the first five at most three films or three series, as long as there are others.
    """
    left = sorted(picks, key=lambda pick: (-pick.score, pick.candidate.title_id))
    nearest = dict.fromkeys(range(len(left)), 0.0)
    chosen: list[Pick] = []
    while nearest and len(chosen) < count:
        kinds = Counter(pick.candidate.kind for pick in chosen)
        full = {kind for kind, many in kinds.items() if many >= MOST_OF_A_KIND and len(chosen) < 5}
        open_ = [i for i in nearest if left[i].candidate.kind not in full] or list(nearest)
        best = max(open_, key=lambda i: (left[i].score - LIKENESS_PENALTY * nearest[i], -i))
        del nearest[best]
        chosen.append(left[best])
        for i in nearest:
            nearest[i] = max(nearest[i], likeness(left[i].candidate, left[best].candidate))
    return chosen


def rank(
    candidates: Sequence[Candidate],
    question: Question,
    kinships: Mapping[int, Kinship] | None,
    today: date,
    count: int = 10,
    preferred: Sequence[str] = (),
) -> list[Pick]:
    """Score all and keep the best `count`, as different evenings as possible."""
    picks = [
        score(each, question, _of(kinships, each.title_id), today, preferred) for each in candidates
    ]
    return diversify(picks, count)


def _of(kinships: Mapping[int, Kinship] | None, title_id: int) -> Kinship | None:
    return None if kinships is None else kinships.get(title_id, Kinship())


def _overlap(one: Sequence[str], other: Sequence[str]) -> float:
    """Jaccard's index of two sets; two empty sets have nothing in common."""
    union = set(one) | set(other)
    return len(set(one) & set(other)) / len(union) if union else 0.0
