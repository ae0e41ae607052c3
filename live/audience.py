"""The two sides that a transport brings along: who reads the same, and who takes the bytes."""

from collections.abc import Hashable
from typing import Protocol

from live.updates import Update


class Audience(Protocol):
    """Those who asked the same and may see the same: an update is rendered once for all of them.

    Of equal audiences the hub keeps the first for as long as any of their listeners is there, so
    one holds nothing of its connection.
    """

    @property
    def key(self) -> Hashable:
        """Equal for audiences that render the same bytes."""
        ...

    async def render(self, update: Update) -> bytes | None:
        """What its listeners are sent; None where they are told nothing of this update.

        It may raise: then its listeners are ended, so that they come back with their cursors.
        """
        ...


class Listener(Protocol):
    """One connection's end of a subscription."""

    def deliver(self, payload: bytes) -> bool:
        """Take a payload, at once and without waiting; False if it can take no more."""
        ...

    async def room(self) -> None:
        """Wait until there is room again; asked only while it is told what it missed."""
        ...

    def end(self, reason: str) -> None:
        """Nothing more will come; `reason` is for people, and for the client's log."""
        ...
