"""What keeps a run of the sync from being planned, or from going on."""

from domain.errors import DomainError


class RunUnderWay(DomainError):
    """There is a run already. run_id: which."""

    code = "SYNC_UNDER_WAY"

    def __init__(self, run_id: int) -> None:
        super().__init__(
            f"Run {run_id} of the sync is under way, and there is one at a time;"
            " start another when it has ended."
        )
        self.run_id = run_id


class NightHasRun(DomainError):
    """That night has had its run."""

    code = "SYNC_NIGHT_HAS_RUN"

    def __init__(self) -> None:
        super().__init__("This night has had its run; start one by hand instead.")


class NothingToAsk(DomainError):
    """The titles that were named can't be asked about."""

    code = "SYNC_NOTHING_TO_ASK"

    def __init__(self, source: str) -> None:
        super().__init__(
            f"None of these titles is here with an id that {source} knows it by; name others,"
            " or import a catalogue that tells their ids."
        )


class NotHeld(DomainError):
    """A run was confirmed that waits for nobody's word."""

    code = "SYNC_NOT_HELD"

    def __init__(self, run_id: int, state: str | None) -> None:
        told = "doesn't exist" if state is None else f"is {state.replace('_', ' ')}"
        super().__init__(f"Run {run_id} {told}; only a held run waits for somebody's word.")
