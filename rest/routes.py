"""The table of operations: the REST API at a glance."""

from starlette.routing import BaseRoute

from rest.docs import documentation
from rest.health import Alive, Readiness, alive, ready
from rest.metrics import tell_metrics
from rest.operations import Operation, routes_of
from rest.platforms import Platforms, PlatformsQuery, list_platforms
from rest.profile import (
    Preferences,
    PreferencesChange,
    SubscribedPlatforms,
    change_preferences,
    platforms_of_mine,
    preferences_of_mine,
    replace_platforms,
)
from rest.question import RecommendRequest
from rest.recommend import Recommendations, recommend
from rest.refusals import EXCEPTION_HANDLERS
from rest.session import Session, SignIn, sign_in, sign_out, who_am_i
from rest.titles import Found, SearchQuery, find

__all__ = ["EXCEPTION_HANDLERS", "OPERATIONS", "api_routes"]

OPERATIONS = (
    Operation(
        "POST", "/api/recommend", recommend, "What shall we watch tonight?", "Tonight",
        takes=RecommendRequest, gives=Recommendations, limited=True,
    ),
    Operation(
        "GET", "/api/search", find, "Search titles", "Catalogue",
        takes=SearchQuery, gives=Found,
    ),
    Operation(
        "GET", "/api/platforms", list_platforms, "List the services", "Catalogue",
        takes=PlatformsQuery, gives=Platforms,
    ),
    Operation(
        "GET", "/api/me/platforms", platforms_of_mine, "My platforms", "Me",
        gives=SubscribedPlatforms, account=True,
    ),
    Operation(
        "PUT", "/api/me/platforms", replace_platforms, "Replace my platforms", "Me",
        takes=SubscribedPlatforms, gives=SubscribedPlatforms, account=True,
    ),
    Operation(
        "GET", "/api/me/preferences", preferences_of_mine, "My preferences", "Me",
        gives=Preferences, account=True,
    ),
    Operation(
        "PATCH", "/api/me/preferences", change_preferences, "Change my preferences", "Me",
        takes=PreferencesChange, gives=Preferences, account=True, refusals=(403,),
    ),
    Operation("GET", "/api/session", who_am_i, "Who am I?", "Session", gives=Session),
    Operation(
        "POST", "/api/session", sign_in, "Sign in", "Session",
        takes=SignIn, gives=Session, status=201, refusals=(401, 429),
    ),
    Operation(
        "DELETE", "/api/session", sign_out, "Sign out", "Session", status=204, refusals=(403,)
    ),
    Operation("GET", "/livez", alive, "Is it alive?", "Instance", gives=Alive, account=False),
    Operation(
        "GET", "/readyz", ready, "Is it ready?", "Instance",
        gives=Readiness, also={503: Readiness}, account=False,
    ),
)  # fmt: skip
METRICS = Operation(
    "GET", "/metrics", tell_metrics, "Figures for Prometheus", "Instance",
    account=False, media_type="text/plain",
)  # fmt: skip


def api_routes(*, metrics: bool = False) -> list[BaseRoute]:
    """The routes of the API and of its documentation, for Starlette."""
    operations = (*OPERATIONS, METRICS) if metrics else OPERATIONS
    return [*routes_of(operations), *documentation(operations)]
