"""What Telegram means when it refuses, in words for people. Pure."""

from collections.abc import Mapping
from typing import Any

from domain.delivery.errors import ChatClosed, ChatMoved, DeliveryRefused
from domain.errors import DomainError
from domain.sync.ports import UpstreamAway
from domain.titles.names import clean
from integrations.upstreams.http import Reply

_LARGEST = 2**53


def is_theirs(status: int, said: Any) -> bool:
    """Whether a refusal is Telegram's own and definite: nothing has been sent."""
    return isinstance(said, dict) and said.get("ok") is False and 400 <= status < 500


def parameter(said: Mapping[str, Any], name: str) -> int | None:
    """A number among what it adds to a refusal; None where there is none."""
    found = said.get("parameters")
    told = found.get(name) if isinstance(found, dict) else None
    return told if type(told) is int and 0 < abs(told) < _LARGEST else None


def meaning(service: str, reply: Reply, token: str) -> DomainError:
    """The error that says what to do about a refusal. token: never to be quoted."""
    told = reply.value.get("description")
    said = clean(told.replace(token, "…"), 200) if isinstance(told, str) else ""
    if moved := parameter(reply.value, "migrate_to_chat_id"):
        return ChatMoved(moved)
    if reply.status == 403:
        return ChatClosed("blocked")
    if reply.status == 400 and "chat not found" in said.lower():
        return ChatClosed("gone")
    if reply.status in {400, 413}:
        return DeliveryRefused(service, said.rstrip("."))
    return setup(service, reply.status)


def setup(service: str, status: int) -> UpstreamAway:
    """For a token that counts for nothing, or an address at which somebody else answers."""
    return UpstreamAway(
        f"{service} does not know this instance's bot (status {status}). Look at the bot's token in"
        " the settings; @BotFather tells the one that counts.",
        permanent=True,
    )
