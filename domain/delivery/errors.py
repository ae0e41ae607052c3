"""How a delivery can end otherwise than delivered, apart from nobody being there (UpstreamAway)."""

from datetime import datetime

from domain.errors import DomainError
from domain.sync.ports import UpstreamAway


class DeliveryRefused(DomainError):
    """This will never be taken as it is; sending it again is no use. reason: in their words."""

    code = "DELIVERY_REFUSED"

    def __init__(self, service: str, reason: str) -> None:
        super().__init__(
            f"{service} does not take this: {reason or 'it gives no reason'}. It was not sent."
        )
        self.reason = reason


class MaybeSent(UpstreamAway):
    """It may have been delivered, or not: no answer came back that says.

    parts: of a message that are certain to have arrived; the next one is the one in doubt.
    """

    code = "MAYBE_SENT"

    def __init__(self, message: str, *, parts: int = 0, retry_after_s: float | None = None) -> None:
        super().__init__(message, retry_after_s=retry_after_s)
        self.parts = parts


class PartlySent(UpstreamAway):
    """The first parts of a message have arrived, the others have not: go on behind them."""

    code = "PARTLY_SENT"

    def __init__(self, away: UpstreamAway, parts: int) -> None:
        super().__init__(away.message, retry_after_s=away.retry_after_s, permanent=away.permanent)
        self.parts = parts


class QuotaUsedUp(UpstreamAway):
    """No more letters go out before a moment. until: aware."""

    code = "QUOTA_USED_UP"

    def __init__(self, message: str, until: datetime, retry_after_s: float) -> None:
        super().__init__(message, retry_after_s=retry_after_s)
        self.until = until


class ChatClosed(DomainError):
    """Nobody can be reached in this chat any more. reason: 'blocked' | 'gone'."""

    code = "CHAT_CLOSED"

    def __init__(self, reason: str) -> None:
        why = (
            "whoever it belongs to has blocked our bot or has left"
            if reason == "blocked"
            else "there is no such chat any more"
        )
        super().__init__(
            f"The message was not sent: {why}. To get messages again, connect Telegram anew."
        )
        self.reason = reason


class ChatMoved(DomainError):
    """A group has another id now, to be used from here on. chat_id: that one."""

    code = "CHAT_MOVED"

    def __init__(self, chat_id: int) -> None:
        super().__init__("The message was not sent: the group has moved to another chat.")
        self.chat_id = chat_id
