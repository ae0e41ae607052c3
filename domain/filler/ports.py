"""What lists that people keep elsewhere need from outside."""

from dataclasses import dataclass
from typing import Protocol

from domain.errors import DomainError
from domain.filler.values import Item, Show


class NoSuchList(DomainError):
    """Nobody of that name has a public list of that name."""

    code = "NO_SUCH_LIST"


@dataclass(frozen=True, slots=True)
class Entry:
    """An episode on a list. item: without a verdict of its own worth; the list's name says it."""

    show: Show
    item: Item


@dataclass(frozen=True, slots=True)
class CommunityList:
    """A list of episodes. url: where people read it; passed: items that were no episodes, or that
    could not be read.
    """

    user: str
    slug: str
    name: str
    url: str
    likes: int
    entries: tuple[Entry, ...]
    passed: int


class CommunityLists(Protocol):
    """Reads lists that people have made public, one at a time, when somebody asks for it."""

    async def read(self, user: str, slug: str) -> CommunityList:
        """One list, whole. Raises NoSuchList, and domain.sync.ports.UpstreamAway."""
        ...
