"""The one schema, put together from the resolvers' parts."""

from strawberry.tools import merge_types

from app.graphql_http import Schema
from resolvers.accounts import AccountsMutation, AccountsQuery
from resolvers.platforms import PlatformsQuery
from resolvers.profiles import ProfilesMutation
from resolvers.recommendations import RecommendationsQuery
from resolvers.titles import TitlesQuery
from schema.errors import RefusalHandler

Query = merge_types("Query", (RecommendationsQuery, TitlesQuery, PlatformsQuery, AccountsQuery))
Mutation = merge_types("Mutation", (AccountsMutation, ProfilesMutation))


def make_schema() -> Schema:
    """The executable schema."""
    return Schema(
        Query,
        mutation=Mutation,
        exception_handlers=[RefusalHandler()],
    )
