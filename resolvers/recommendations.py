"""What shall we watch tonight?"""

from typing import Annotated

import strawberry

from domain.recommendations import quota
from domain.recommendations.questions import understand
from domain.recommendations.service import ANSWERS, fingerprint
from schema.context import Info
from schema.recommendations import Recommendations, RecommendInput

Question = Annotated[RecommendInput, strawberry.argument(description="What is asked for.")]


@strawberry.type
class RecommendationsQuery:
    @strawberry.field(
        description="Five titles for tonight, each with its reason. Free accounts and callers"
        " without one may ask ten times a minute, each field of a document counting; a signed-in"
        " browser sixty times, and the same question again within a minute counts nothing.",
        metadata={"cost": 10},
    )
    async def recommend(self, info: Info, input: Question) -> Recommendations | None:
        context = info.context
        services, viewer = context.services, context.viewer
        async with services.database.read() as connection:
            question = await understand(connection, viewer, input.asked())
        asked = fingerprint(viewer, question)
        browser = viewer.via == "session"
        if not (browser and await quota.is_repeated(services.cache, viewer, asked)):
            await quota.admit(services.limiter, services.limits, viewer, graphql=True)
            if browser:
                await quota.remember(services.cache, viewer, asked)
        answer = await services.recommender.recommend(viewer, question, context.now)
        return Recommendations.of(answer, ANSWERS, info)
