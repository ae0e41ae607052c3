"""The table of operations: the REST API at a glance."""

from starlette.routing import BaseRoute

from rest.binge import Binge, BingeQuery, binge
from rest.docs import documentation
from rest.export import JSON_LINES, ExportQuery, export_history
from rest.health import Alive, Readiness, alive, ready
from rest.history import (
    History,
    HistoryQuery,
    NewWatch,
    Watch,
    my_history,
    record_watch,
    remove_watch,
)
from rest.leaving import LeavingQuery, LeavingTitles, NewQuery, NewTitles, leaving, new
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
from rest.question import RecommendPatience, RecommendRequest
from rest.recommend import Recommendations, recommend
from rest.refusals import EXCEPTION_HANDLERS
from rest.session import Session, SignIn, sign_in, sign_out, who_am_i
from rest.titles import Found, SearchQuery, find
from rest.watchlist import (
    KEYED,
    NewWish,
    WatchedChange,
    Watchlist,
    WatchlistEntry,
    WatchlistQuery,
    add_wish,
    mark_wish,
    my_watchlist,
    put_wish_back,
    remove_wish,
)
from rest.webhooks import HEADERS, MOST_BYTES, Accepted, Webhook, receive_justwatch

__all__ = ["EXCEPTION_HANDLERS", "OPERATIONS", "api_routes"]

OPERATIONS = (
    Operation(
        "POST", "/api/recommend", recommend, "What shall we watch tonight?", "Tonight",
        takes=RecommendRequest, also_takes=RecommendPatience, gives=Recommendations, limited=True,
    ),
    Operation(
        "GET", "/api/recommend/leaving-soon", leaving, "What is leaving?", "Tonight",
        takes=LeavingQuery, gives=LeavingTitles,
    ),
    Operation(
        "GET", "/api/recommend/new", new, "What is new?", "Tonight",
        takes=NewQuery, gives=NewTitles,
    ),
    Operation(
        "GET", "/api/search", find, "Search titles", "Catalogue",
        takes=SearchQuery, gives=Found,
    ),
    Operation(
        "GET", "/api/titles/{titleId}/binge", binge, "A binge that ends in time", "Catalogue",
        takes=BingeQuery, gives=Binge, refusals=(404,),
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
    Operation(
        "GET", "/api/watchlist", my_watchlist, "My watchlist", "Watchlist",
        takes=WatchlistQuery, gives=Watchlist, account=True,
    ),
    Operation(
        "POST", "/api/watchlist", add_wish, "Add a title", "Watchlist",
        takes=NewWish, gives=WatchlistEntry, status=201, also={200: WatchlistEntry},
        account=True, refusals=(404,), headers=KEYED,
    ),
    Operation(
        "DELETE", "/api/watchlist/{titleId}", remove_wish, "Remove a title", "Watchlist",
        status=204, account=True, refusals=(404,), headers=KEYED,
    ),
    Operation(
        "POST", "/api/watchlist/{titleId}/undo", put_wish_back, "Put a title back", "Watchlist",
        gives=WatchlistEntry, account=True, refusals=(404,), headers=KEYED,
    ),
    Operation(
        "PATCH", "/api/watchlist/{titleId}/watched", mark_wish, "Watched it, or not", "Watchlist",
        takes=WatchedChange, gives=WatchlistEntry, bodiless=True,
        account=True, refusals=(404,), headers=KEYED,
    ),
    Operation(
        "GET", "/api/history", my_history, "My history", "Watchlist",
        takes=HistoryQuery, gives=History, account=True, refusals=(404,),
    ),
    Operation(
        "POST", "/api/history", record_watch, "Record what was watched", "Watchlist",
        takes=NewWatch, gives=Watch, status=201, also={200: Watch},
        account=True, refusals=(404,), headers=KEYED,
    ),
    Operation(
        "GET", "/api/history/export", export_history, "Take my history along", "Watchlist",
        takes=ExportQuery, account=True, media_type=JSON_LINES,
    ),
    Operation(
        "DELETE", "/api/history/{watchId}", remove_watch, "Take a line out", "Watchlist",
        status=204, account=True, refusals=(404,), headers=KEYED,
    ),
    Operation("GET", "/api/session", who_am_i, "Who am I?", "Session", gives=Session),
    Operation(
        "POST", "/api/session", sign_in, "Sign in", "Session",
        takes=SignIn, gives=Session, status=201, refusals=(401, 429),
    ),
    Operation(
        "DELETE", "/api/session", sign_out, "Sign out", "Session", status=204, refusals=(403,)
    ),
    Operation(
        "POST", "/webhooks/justwatch", receive_justwatch, "Tell what changed", "Webhooks",
        takes=Webhook, gives=Accepted, status=202, account=False, refusals=(401, 429),
        raw=MOST_BYTES, headers=HEADERS,
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
