"""The one schema, put together from the resolvers' parts."""

import strawberry

from app.graphql.http import Schema
from resolvers.accounts import AccountsMutation, AccountsQuery
from resolvers.platforms import PlatformsQuery
from resolvers.profiles import ProfilesMutation
from resolvers.recommendations import RecommendationsQuery
from resolvers.titles import TitlesQuery
from schema.errors import RefusalHandler


@strawberry.type(description="What can be asked.")
class Query(RecommendationsQuery, TitlesQuery, PlatformsQuery, AccountsQuery):
    pass


@strawberry.type(description="What can be changed; each field ends in its success or says why not.")
class Mutation(AccountsMutation, ProfilesMutation):
    pass


def make_schema() -> Schema:
    """The executable schema."""
    return Schema(
        Query,
        mutation=Mutation,
        exception_handlers=[RefusalHandler()],
    )
