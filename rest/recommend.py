"""POST /api/recommend: the main job."""

from pydantic import Field
from starlette.datastructures import MutableHeaders

from domain import ids
from domain.errors import TooManyRequests
from domain.ports import Allowance
from domain.recommendations import quota
from domain.recommendations.questions import understand
from domain.recommendations.service import ANSWERS, Answer, Recommendation
from domain.recommendations.values import Filter
from domain.why.values import Source
from rest.metrics import RECOMMENDATIONS
from rest.operations import Call
from rest.question import RecommendPatience, RecommendRequest
from rest.settling import settled
from rest.shapes import MoodWord, TitleCard, Told
from rest.titles import watchable_on


class Recommended(TitleCard):
    """A title to watch tonight, and why."""

    score: float = Field(description="0 to 1.", examples=[0.7312])
    why: str = Field(
        description="One true sentence.", examples=["Cozy, and 104 minutes fit your evening."]
    )
    why_id: str = Field(
        description="What the sentence is known by, whoever writes it: the same for the same"
        " question on the same day.",
        examples=["why_5f0c6e1f7c2b4d6f8a9b0c1d"],
    )
    why_source: Source = Field(
        description="Who wrote the sentence: a model, where there is one and its line is there.",
        examples=["template"],
    )


class Relaxation(Told):
    """A constraint that could be loosened."""

    constraint: Filter = Field(description="Which.", examples=["time"])
    suggestion: str = Field(description="What to do.", examples=["Take 15 more minutes."])
    would_add: int = Field(description="How many titles it would bring.", examples=[12])
    time_min: int | None = Field(
        default=None,
        description="Of `time`: the minutes to ask with; null leaves the time open.",
        examples=[135],
    )
    mood: MoodWord | None = Field(
        default=None,
        description="Of `mood`: the mood to ask for; null leaves it open.",
        examples=["funny"],
    )
    group_size: int | None = Field(
        default=None, description="Of `company`: how many to ask for.", examples=[3]
    )
    platform: str | None = Field(
        default=None,
        description="Of `platform`: the slug to ask with, besides the ones that were.",
        examples=["mubi"],
    )


class Recommendations(Told):
    """The answer: five different evenings."""

    recommendation_id: str = Field(
        description="What GraphQL's `whyReady` is asked with for the sentences that are missing;"
        " for a few minutes.",
        examples=["Zk3vQy0J8wq2mB5nT7xR1A"],
    )
    whys_pending: int = Field(
        description="How many of the sentences a model is still writing; the same question has"
        " them soon.",
        examples=[5],
    )
    recommendations: list[Recommended] = Field(
        description="At most five; never filled up with what doesn't fit."
    )
    candidates: int = Field(description="How many titles passed every filter.", examples=[37])
    dropped: dict[Filter, int] = Field(
        description="How many titles each filter dropped, a title by the first one it failed.",
        examples=[{"platform": 512, "time": 40, "mood": 301}],
    )
    relax: list[Relaxation] = Field(
        description="With fewer than five: what to loosen, the most fruitful first."
    )


async def recommend(
    call: Call, sent: RecommendRequest, patience: RecommendPatience
) -> Recommendations:
    """Five titles that fit, each with its reason. A question we can't answer is not counted."""
    services = call.services
    async with services.database.read() as connection:
        question = await understand(connection, call.viewer, sent.asked())
    try:
        allowance = await quota.admit(services.limiter, services.limits, call.viewer)
    except TooManyRequests:
        RECOMMENDATIONS.labels("limited").inc()
        raise
    _say_limit(call.outgoing.headers, allowance)
    answer = await services.recommender.recommend(call.viewer, question, call.now)
    answer = await settled(call, answer, patience.wait)
    shown = min(len(answer.picks), ANSWERS)
    RECOMMENDATIONS.labels("full" if shown == ANSWERS else "short" if shown else "none").inc()
    return _told(answer)


def _say_limit(headers: MutableHeaders, allowance: Allowance | None) -> None:
    if allowance is not None:  # Pro has none
        headers["RateLimit-Limit"] = str(allowance.limit)
        headers["RateLimit-Remaining"] = str(allowance.remaining)
        headers["RateLimit-Reset"] = str(round(allowance.reset_s))


def _told(answer: Answer) -> Recommendations:
    return Recommendations(
        recommendation_id=answer.id,
        whys_pending=answer.pending,
        recommendations=[_recommended(each) for each in answer.picks[:ANSWERS]],
        candidates=answer.candidates,
        dropped=dict(answer.dropped),
        relax=[
            Relaxation(
                constraint=r.constraint,
                suggestion=r.sentence,
                would_add=r.would_add,
                time_min=r.time_min,
                mood=r.mood,
                group_size=r.group_size,
                platform=r.platform_slug,
            )
            for r in answer.relax
        ],
    )


def _recommended(each: Recommendation) -> Recommended:
    title = each.pick.candidate
    return Recommended(
        title_id=ids.encode("title", title.title_id),
        title=title.name,
        year=title.year,
        kind="film" if title.kind == "film" else "series",
        runtime_min=title.runtime_min,
        platforms=watchable_on(each.offers),
        mood_tags=[mood for mood, _ in title.moods],
        score=round(each.pick.score, 4),
        why=each.why,
        why_id=each.why_id,
        why_source=each.why_source,
    )
