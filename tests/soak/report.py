"""What a run has to say for itself."""

from collections import Counter
from collections.abc import Iterator

from tests.soak.checker import percentile
from tests.soak.run import Outcome, Plan


def command(plan: Plan) -> str:
    """How to have the same run again."""
    return (
        f"make soak ARGS='--seed {plan.seed} --minutes {plan.seconds / 60:g}"
        f" --subscribers {plan.subscribers} --writers {plan.writers}'"
    )


def lines(outcome: Outcome) -> Iterator[str]:
    """The timeline, the figures and the verdict, for people."""
    yield f"seed {outcome.plan.seed}"
    for blow in outcome.timeline:
        at = blow.began - outcome.began
        yield f"  {at:7.1f} s  {blow.name}, healed after {blow.healed - blow.began:.1f} s"
    acknowledged = [write for write in outcome.writes if write.acknowledged is not None]
    heard = sum(len(log.heard) for log in outcome.logs)
    ended = [reason for log in outcome.logs for reason in log.closed]
    yield (
        f"{len(outcome.timeline)} faults; {len(outcome.writes)} writes, {len(acknowledged)}"
        f" acknowledged, {sum(write.tries > 1 for write in outcome.writes)} of them asked again;"
        f" {outcome.replays} replays, {outcome.stale} stale ones"
    )
    yield (
        f"{outcome.events} events, heard {heard} times by {len(outcome.logs)} followers,"
        f" who lost {len(ended)} connections"
    )
    yield _seconds("from a healed fault to the next event", list(recoveries(outcome)))
    back = [seconds for log in outcome.logs for seconds in log.returned]
    yield _seconds("from a lost connection to the next word", back)
    yield _counted("what writers were answered instead", Counter(outcome.refusals))
    yield _counted("why connections ended", Counter(reason[:60] for reason in ended))
    yield outcome.verdict.figures
    yield from (f"  {sentence}" for sentence in outcome.verdict.sentences())
    if not outcome.verdict.clean:
        yield f"FAILED; again: {command(outcome.plan)}"


def recoveries(outcome: Outcome) -> Iterator[float]:
    """Seconds from each healing to the next event, for all who follow platforms: they hear most.

    A fault that was followed by another one before that is left out.
    """
    next_blows = [blow.began for blow in outcome.timeline[1:]] + [float("inf")]
    for log in outcome.logs:
        if log.scope == "MY_PLATFORMS":
            for blow, end in zip(outcome.timeline, next_blows, strict=True):
                after = (heard.at for heard in log.heard if heard.at >= blow.healed)
                if (first := next(after, end)) < end:
                    yield first - blow.healed


def _seconds(what: str, values: list[float]) -> str:
    middle, most = percentile(values, 0.5), percentile(values, 0.95)
    return f"{what}: p50 {middle:.2f} s, p95 {most:.2f} s, of {len(values)}"


def _counted(what: str, counter: Counter[str]) -> str:
    told = ", ".join(f"{count} × {name}" for name, count in counter.most_common(8))
    return f"{what}: {told or 'nothing'}"
