"""The one schema, put together from the resolvers' parts."""

import strawberry
from strawberry.schema.config import StrawberryConfig

from app.graphql.http import Schema
from resolvers.accounts import AccountsMutation, AccountsQuery
from resolvers.binge import BingeMutation, BingeQuery
from resolvers.filler import FillerMutation
from resolvers.history import HistoryMutation, HistoryQuery
from resolvers.imports import ImportsMutation, ImportsQuery
from resolvers.instance import InstanceQuery
from resolvers.jobs import JobsMutation, JobsQuery
from resolvers.leaving import LeavingQuery
from resolvers.live import LiveSubscription
from resolvers.platforms import PlatformsQuery
from resolvers.profiles import ProfilesMutation
from resolvers.quality import QualityQuery
from resolvers.recommendations import RecommendationsQuery
from resolvers.sync import SyncMutation, SyncQuery
from resolvers.titles import TitlesQuery
from resolvers.trakt import TraktMutation, TraktQuery
from resolvers.watchlists import WatchlistsMutation, WatchlistsQuery
from resolvers.webhooks import WebhooksMutation
from resolvers.whys import WhysQuery, WhysSubscription
from schema.errors import RefusalHandler
from schema.imports import SCALARS as UPLOADS
from schema.live import SCALARS


@strawberry.type(description="What can be asked.")
class Query(
    RecommendationsQuery,
    LeavingQuery,
    TitlesQuery,
    PlatformsQuery,
    AccountsQuery,
    WatchlistsQuery,
    HistoryQuery,
    ImportsQuery,
    SyncQuery,
    JobsQuery,
    QualityQuery,
    TraktQuery,
    BingeQuery,
    WhysQuery,
    InstanceQuery,
):
    pass


@strawberry.type(description="What can be changed; each field ends in its success or says why not.")
class Mutation(
    AccountsMutation,
    ProfilesMutation,
    WatchlistsMutation,
    HistoryMutation,
    FillerMutation,
    ImportsMutation,
    SyncMutation,
    JobsMutation,
    TraktMutation,
    BingeMutation,
    WebhooksMutation,
):
    pass


@strawberry.type(description="What is told as it happens.")
class Subscription(LiveSubscription, WhysSubscription):
    pass


def make_schema() -> Schema:
    """The executable schema."""
    return Schema(
        Query,
        mutation=Mutation,
        subscription=Subscription,
        config=StrawberryConfig(scalar_map={**SCALARS, **UPLOADS}),
        exception_handlers=[RefusalHandler()],
    )
