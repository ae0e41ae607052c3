"""What titles need from outside: somebody who knows facts about them."""

from datetime import date
from typing import Protocol

from domain.titles.facts import SeasonFacts, TitleFacts


class Metadata(Protocol):
    """A catalogue by TMDB's ids. Each method may raise domain.sync.ports.UpstreamAway, or another
    DomainError where an answer can't be used.
    """

    async def metadata(self, kind: str, tmdb_id: int, language: str = "en-US") -> TitleFacts | None:
        """What there is to know of a title, its seasons in short; None where it isn't there."""
        ...

    async def season(
        self, tmdb_id: int, ordinal: int, language: str = "en-US"
    ) -> SeasonFacts | None:
        """A season of a series with its episodes."""
        ...

    async def changes(self, kind: str, since: date, until: date) -> set[int]:
        """The ids of what changed from one day to another, both included."""
        ...

    async def find(self, imdb_id: str) -> tuple[str, int] | None:
        """The kind and id of what IMDb calls so."""
        ...
