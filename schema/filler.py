"""Who says whether an episode belongs to the story."""

from typing import Self

import strawberry

from domain.filler.values import Claim
from schema.enums import Filler


@strawberry.type(description="What one source says of an episode.")
class FillerClaim:
    source: str = strawberry.field(
        description="Who says it: `demo`, `mal`, `file:…`, `trakt:USER/LIST`, or `votes`, those of"
        " everybody here."
    )
    verdict: Filler = strawberry.field(description="What they say.")
    confidence: float = strawberry.field(description="How sure that is, 0 to 1.")
    url: str | None = strawberry.field(description="Where it can be read.")

    @classmethod
    def of(cls, claim: Claim) -> Self:
        """From the domain's."""
        return cls(
            source=claim.source,
            verdict=Filler(claim.verdict.value),
            confidence=claim.confidence,
            url=claim.url,
        )
