"""Who hears what: from an event to those who listen, without asking each of them."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from uuid import UUID

from domain.events.values import Event
from live.interest import Interest, Key, keys_of, listed
from live.lane import Lane, Subscription


class Group:
    """All who have one interest, by how it is told to them."""

    __slots__ = ("interest", "members")

    def __init__(self, interest: Interest) -> None:
        self.interest = interest
        self.members: defaultdict[Lane, dict[Subscription, None]] = defaultdict(dict)


class Scope:
    """What a profile follows, its titles or its platforms, for all groups that follow it."""

    __slots__ = ("groups", "ids")

    def __init__(self, ids: Iterable[int]) -> None:
        self.ids = set(ids)
        self.groups: set[Group] = set()


class Index:
    """The groups under the keys that their events have."""

    def __init__(self) -> None:
        self._groups: dict[Interest, Group] = {}
        self._under: dict[Key, Group | set[Group]] = {}
        self._lists: dict[UUID, Scope] = {}
        self._platforms: dict[UUID, Scope] = {}

    def ids(self, interest: Interest) -> Iterable[int] | None:
        """What an interest follows as of the last event; None where nobody follows it yet."""
        scope = self._scope(interest)
        return scope.ids if scope else None

    def join(
        self, interest: Interest, ids: Iterable[int], lane: Lane, subscription: Subscription
    ) -> None:
        """Let somebody hear. ids: what the interest follows now, where nobody follows it yet."""
        group = self._groups.get(interest)
        if group is None:
            group = self._groups[interest] = Group(interest)
            self._follow(group, ids)
        group.members[lane][subscription] = None

    def leave(self, interest: Interest, lane: Lane, subscription: Subscription) -> None:
        """Let somebody go, and forget what nobody asks for any more."""
        group = self._groups[interest]
        del group.members[lane][subscription]
        if not group.members[lane]:
            del group.members[lane]
        if not group.members:
            del self._groups[interest]
            self._unfollow(group)

    def hearing(self, event: Event) -> Mapping[Lane, Sequence[Subscription]]:
        """Who hears an event, by lane."""
        found: defaultdict[Lane, list[Subscription]] = defaultdict(list)
        groups: set[Group] = set()
        for key in keys_of(event):
            known = self._under.get(key, ())
            groups.update((known,) if isinstance(known, Group) else known)
        for group in groups:
            for lane, members in group.members.items():
                found[lane] += members
        return found

    def follow(self, event: Event) -> None:
        """Let those who follow a list follow its change."""
        scope = self._lists.get(event.profile_id) if event.profile_id else None
        on_it = listed(event)
        if scope is None or on_it is None or event.title_id is None:
            return
        if on_it:
            scope.ids.add(event.title_id)
        else:
            scope.ids.discard(event.title_id)
        for group in scope.groups:
            self._list(group, [event.title_id], on_it)

    def lists(self) -> Sequence[UUID]:
        """The profiles whose lists are followed."""
        return list(self._lists)

    def platforms(self) -> Sequence[UUID]:
        """The profiles whose platforms are followed."""
        return list(self._platforms)

    def follows_platforms(self, profile_id: UUID | None) -> bool:
        """Whether anybody follows a profile's platforms."""
        return profile_id in self._platforms

    def set_list(self, profile_id: UUID, ids: Iterable[int]) -> None:
        """What is on a list now, from Postgres."""
        self._set(self._lists.get(profile_id), ids)

    def set_platforms(self, profile_id: UUID, ids: Iterable[int]) -> None:
        """What a profile's platforms are now, from Postgres."""
        self._set(self._platforms.get(profile_id), ids)

    def _set(self, scope: Scope | None, ids: Iterable[int]) -> None:
        if scope is None:
            return
        now = set(ids)
        for group in scope.groups:
            self._list(group, scope.ids - now, False)
            self._list(group, now - scope.ids, True)
        scope.ids = now

    def _scope(self, interest: Interest) -> Scope | None:
        if interest.watchlist_of:
            return self._lists.get(interest.watchlist_of)
        return self._platforms.get(interest.platforms_of) if interest.platforms_of else None

    def _follow(self, group: Group, ids: Iterable[int]) -> None:
        profile_id = group.interest.followed
        if profile_id is not None:
            scopes = self._lists if group.interest.watchlist_of else self._platforms
            if profile_id not in scopes:
                scopes[profile_id] = Scope(ids)
            scopes[profile_id].groups.add(group)
            ids = scopes[profile_id].ids
        self._list(group, ids, True)

    def _unfollow(self, group: Group) -> None:
        scope, profile_id = self._scope(group.interest), group.interest.followed
        self._list(group, scope.ids if scope else (), False)
        if scope is None or profile_id is None:
            return
        scope.groups.discard(group)
        if not scope.groups:
            del (self._lists if group.interest.watchlist_of else self._platforms)[profile_id]

    def _list(self, group: Group, ids: Iterable[int], there: bool) -> None:
        put = self._put if there else self._take
        for key in group.interest.keys(ids):
            put(key, group)

    # Nearly every key has one group; a set of one would cost four times what the rest does.

    def _put(self, key: Key, group: Group) -> None:
        known = self._under.get(key)
        if known is None:
            self._under[key] = group
        elif isinstance(known, set):
            known.add(group)
        elif known is not group:
            self._under[key] = {known, group}

    def _take(self, key: Key, group: Group) -> None:
        known = self._under.get(key)
        if isinstance(known, set):
            known.discard(group)
            if not known:
                del self._under[key]
        elif known is group:
            del self._under[key]
