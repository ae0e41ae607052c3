"""One line by a model: asked for, heard while it is written, checked, asked for once more."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from time import monotonic
from typing import TypeAlias

from domain.errors import DomainError
from domain.ports import Stopped, Writer
from domain.sync.ports import UpstreamAway
from domain.why import keys
from domain.why.check import Reason, Refusal, check, filled, line_of, shown, so_far
from domain.why.prompt import MOST_TOKENS, SCHEMA, prompt
from domain.why.shelf import is_sane
from domain.why.tallies import ACCEPTED, AWAY, REPLACED, RETRIED, Outcome
from domain.why.values import Wanted

Drafting: TypeAlias = Callable[[str], Awaitable[None]]
"""Is told how far a line is, names in, whenever there is more of it that may be shown."""

_ATTEMPTS = 2
_LEAST_S = 1.0  # with less time than this, a second attempt is not begun
_UNUSABLE = "UPSTREAM_GARBLED"  # cut off, no JSON: as bad as a lie, and as likely to pass


@dataclass(frozen=True, slots=True)
class Written:
    """How it went. text: the line, names in; None where there is none that may be shown."""

    outcome: Outcome
    text: str | None = None


@dataclass(slots=True)
class _Ear:
    """Hears one attempt. refused: why it was stopped."""

    wanted: Wanted
    drafting: Drafting | None
    refused: Refusal | None = None
    _shown: str = field(default="")

    async def hearing(self, told: str) -> bool:
        """Whether it may still become a line; see ports.Hearing."""
        line = so_far(told)
        if line is None:
            return True
        seen = shown(line, self.wanted.sheet)
        if isinstance(seen, Refusal):
            self.refused = seen
            return False
        if self.drafting is not None and len(seen) > len(self._shown) and is_sane(seen):
            self._shown = seen
            await self.drafting(seen)
        return True


async def written(writer: Writer, wanted: Wanted, line_s: float, drafting: Drafting) -> Written:
    """A line in at most so many seconds, a second attempt included; it raises nothing expected.

    A line that can't be right any more is stopped in its midst. Only the first attempt is shown
    while it is being written: the second one begins anew.
    """
    ends_at = monotonic() + line_s
    refused: Refusal | None = None
    for attempt in range(_ATTEMPTS):
        left_s = ends_at - monotonic()
        if refused is not None and left_s < _LEAST_S:
            break
        ear = _Ear(wanted, None if attempt else drafting)
        try:
            told = await writer.write(
                prompt(wanted.sheet, refused),
                schema=SCHEMA,
                seed=keys.seed(wanted.key, attempt),
                most_tokens=MOST_TOKENS,
                deadline_s=left_s,
                hearing=ear.hearing,
            )
        except Stopped:
            assert ear.refused is not None, "nobody else stops it"
            refused = ear.refused
            continue
        except DomainError as problem:
            if problem.code != _UNUSABLE:
                return Written(_away(problem))
            refused = Refusal(Reason.NOT_JSON)
            continue
        judged = _judged(told, wanted)
        if isinstance(judged, str):
            word, reason = (RETRIED, refused.reason) if refused else (ACCEPTED, "")
            return Written(Outcome(word, reason), judged)
        refused = judged
    assert refused is not None, "one attempt is always made"
    return Written(Outcome(REPLACED, refused.reason))


def _judged(told: str, wanted: Wanted) -> str | Refusal:
    line = line_of(told)
    if isinstance(line, Refusal):
        return line
    refused = check(line, wanted.sheet)
    if refused is not None:
        return refused
    text = filled(line, wanted.sheet)
    # What the shelf would not give back, is not put there: it would be written again and again.
    return text if is_sane(text) else Refusal(Reason.MARKUP)


def _away(problem: DomainError) -> Outcome:
    lasting = not isinstance(problem, UpstreamAway) or problem.permanent
    return Outcome(AWAY, "set_up" if lasting else "", problem.message)
