"""The lines that say why, as a model writes them, and how it does, for admins."""

from datetime import datetime
from typing import Annotated, Self

import strawberry

from domain.why.tallies import Health
from domain.why.values import Line
from schema.enums import WhySource

_ID = "Which: a `whyId` of the answer."


@strawberry.type(description="A sentence that is settled: it stays so for this answer.")
class WhyLine:
    why_id: strawberry.ID = strawberry.field(description=_ID)
    why: str = strawberry.field(description="One true sentence.")
    why_source: WhySource = strawberry.field(
        description="Who wrote it: TEMPLATE, where no model gave one that is true."
    )


@strawberry.type(
    description="How far a sentence is. What comes next begins with it, but the line that is"
    " settled may be another one."
)
class WhyDraft:
    why_id: strawberry.ID = strawberry.field(description=_ID)
    why: str = strawberry.field(description="Its whole words so far, checked like a whole line.")


WhyUpdate = Annotated[
    WhyLine | WhyDraft, strawberry.union("WhyUpdate", description="What `whyReady` tells.")
]


def update_of(line: Line) -> WhyLine | WhyDraft:
    """From the domain's."""
    key = strawberry.ID(line.id)
    if not line.final:
        return WhyDraft(why_id=key, why=line.text)
    return WhyLine(why_id=key, why=line.text, why_source=WhySource(line.source))


@strawberry.type(description="How often lines were refused for the same reason.")
class WhyRefusals:
    reason: str = strawberry.field(description="What was wrong, a word like `number` or `name`.")
    lines: int = strawberry.field(description="How many lines.")


@strawberry.type(description="How the model that writes lines has done in the last seven days.")
class WriterHealth:
    model: str = strawberry.field(description="Its name, as the settings say it.")
    accepted: int = strawberry.field(description="Lines that were right the first time.")
    retried: int = strawberry.field(description="Lines that were right the second time.")
    replaced: int = strawberry.field(
        description="Lines that were wrong twice; the template is told instead."
    )
    away: int = strawberry.field(description="Lines that nobody was there to write.")
    share_accepted: float | None = strawberry.field(
        description="Of the lines it wrote, those that are told, 0 to 1; null where it wrote none."
    )
    reasons: list[WhyRefusals] = strawberry.field(
        description="Why lines were retried or replaced, the most frequent first.",
        metadata={"assumed_size": 10},
    )
    last_written_at: datetime | None = strawberry.field(description="When it last wrote one.")
    last_problem: str | None = strawberry.field(
        description="What was last wrong with it, and what to do, in words."
    )
    last_problem_at: datetime | None = strawberry.field(description="When that was.")

    @classmethod
    def of(cls, model: str, health: Health) -> Self:
        """From the domain's."""
        return cls(
            model=model,
            accepted=health.accepted,
            retried=health.retried,
            replaced=health.replaced,
            away=health.away,
            share_accepted=health.share,
            reasons=[WhyRefusals(reason=word, lines=lines) for word, lines in health.reasons],
            last_written_at=health.last_written_at,
            last_problem=health.last_problem,
            last_problem_at=health.last_problem_at,
        )
