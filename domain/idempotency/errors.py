"""Refusals about keys."""

from domain.errors import DomainError


class KeyReused(DomainError):
    """The key stands for another request of the same kind."""

    code = "IDEMPOTENCY_KEY_REUSED"

    def __init__(self, field: str) -> None:
        super().__init__(
            "This key was used for another request; make a new one for each, and send it again"
            " only when you repeat that request.",
            field=field,
        )
