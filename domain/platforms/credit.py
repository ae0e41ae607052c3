"""Whom to name where somebody's data is shown. Pure; docs/sync.md says what they ask for.

TMDB's lists of providers come from JustWatch, which is named for them too.
"""

from dataclasses import dataclass
from types import MappingProxyType


@dataclass(frozen=True, slots=True)
class Credit:
    """Somebody to name. text: what has to stand there; url: where it leads."""

    name: str
    text: str
    url: str


JUSTWATCH = Credit("JustWatch", "Where to watch by JustWatch", "https://www.justwatch.com")
TMDB = Credit(
    "TMDB",
    "This product uses the TMDB API but is not endorsed or certified by TMDB.",
    "https://www.themoviedb.org",
)

_OWED = MappingProxyType(
    {
        "justwatch": (JUSTWATCH,),
        "sync/justwatch": (JUSTWATCH,),
        "sync/tmdb": (JUSTWATCH, TMDB),
    }
)


def owed(source: str) -> tuple[Credit, ...]:
    """Whom to name beside what a source says of an offer; nobody for the demo and stand-ins."""
    return _OWED.get(source, ())
