"""Who changes things: signed webhooks about offers, and lists over REST and GraphQL.

A writer has its offers and its people to itself, so the order of its writes is the order of their
events. It writes to a subject again only after the last write there was acknowledged, and to an
offer after that was applied, too: an older observation that comes later is rightly ignored.
"""

import asyncio
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from random import Random

import httpx
from sqlalchemy import text

from domain.db import Database, is_away
from tests.soak import hooks, lists
from tests.soak.client import Ask, Client
from tests.soak.history import Subject, Told, Wish, Write
from tests.soak.people import Person, Stake

_FAR = timedelta(days=200)  # no countdown is due that early
_LONG_AGO = timedelta(hours=9)
_SETTLING_S = 30.0
_ORDINARY = (0.45, 0.9, 0.95)  # lists, offers, replays; what is left are contradictions
_APPLIED = text(
    "SELECT webhook_id FROM webhook_deliveries"
    " WHERE applied_at IS NOT NULL AND webhook_id = ANY(:ids)"
)
_OTHERWISE = {"added": "watched", "watched": "unwatched", "unwatched": "watched"}


@dataclass(slots=True)
class Writer:
    """One of them. writes: what must have happened; replays, stale: sent, and nothing comes of it.

    pause_s: between two writes, on average.
    """

    name: str
    client: Client
    database: Database
    stakes: Sequence[Stake]
    people: Sequence[Person]
    rng: Random
    pause_s: float = 0.2
    writes: list[Write] = field(default_factory=list)
    replays: int = 0
    stale: int = 0
    _number: int = 0
    _told: dict[Subject, Told] = field(default_factory=dict)
    _waiting: dict[str, set[Subject]] = field(default_factory=dict)
    _sent: list[tuple[str, bytes]] = field(default_factory=list)

    async def run(self, stop: asyncio.Event) -> None:
        """Write until told to stop, and end what was begun."""
        while not stop.is_set():
            draw = self.rng.random()
            if draw < _ORDINARY[0]:
                person = self.rng.choice(self.people)
                await self._change_list(person, self.rng.choice(person.churned))
            elif draw < _ORDINARY[1]:
                free = await self._free()
                await self._deliver(self.rng.sample(free, min(self.rng.randint(1, 3), len(free))))
            elif draw < _ORDINARY[2]:
                await self._replay()
            else:
                await self._contradict()
            await asyncio.sleep(self.rng.uniform(0, 2 * self.pause_s))

    async def touch_all(self) -> None:
        """Change each of its subjects once, so that every follower has something to hear."""
        await self.settled()
        await self._deliver(self.stakes)
        for person in self.people:
            for title_id in person.churned:
                await self._change_list(person, title_id)
        await self.settled()

    async def settled(self) -> None:
        """Return when all that it sent has been applied, or after half a minute."""
        deadline = time.monotonic() + _SETTLING_S
        while self._waiting and time.monotonic() < deadline:
            await self._free()
            await asyncio.sleep(0.05)

    async def _free(self) -> Sequence[Stake]:
        """The offers of which all that was said has been applied."""
        if self._waiting:
            try:
                async with self.database.read() as connection:
                    found = await connection.execute(_APPLIED, {"ids": list(self._waiting)})
                    for key in found.scalars().all():
                        del self._waiting[key]
            except Exception as problem:
                if not is_away(problem):
                    raise
        busy = set[Subject]().union(*self._waiting.values())
        return [stake for stake in self.stakes if stake.subject not in busy]

    async def _deliver(self, stakes: Sequence[Stake]) -> None:
        if not stakes:
            return
        key, changes = self._key("msg"), [(stake, self._next_of(stake)) for stake in stakes]
        body = hooks.delivery(changes, datetime.now(UTC))
        writes = [self._note(key, stake.subject, told) for stake, told in changes]
        self._waiting[key] = {stake.subject for stake in stakes}
        self._sent.append((key, body))
        await self._send(writes, _post(key, body), _is_accepted)

    async def _replay(self) -> None:
        """Send what was acknowledged before once more."""
        if self._sent:
            self.replays += 1
            key, body = self.rng.choice(self._sent[-50:])
            await self._send([], _post(key, body), _is_accepted)

    async def _contradict(self) -> None:
        """Say something of an offer that was seen long before what is known of it by now."""
        known = [stake for stake in await self._free() if stake.subject in self._told]
        if known:
            self.stale += 1
            told = Told("leaving", datetime.now(UTC).date() + _FAR / 2)
            body = hooks.delivery([(self.rng.choice(known), told)], datetime.now(UTC) - _LONG_AGO)
            await self._send([], _post(self._key("old"), body), _is_accepted)

    async def _change_list(self, person: Person, title_id: int) -> None:
        wish, key = Wish(person.profile_id, title_id), self._key("key")
        before = self._told.get(wish, Told("removed")).kind
        kind = "added" if before == "removed" else _OTHERWISE[before]
        if before != "removed" and self.rng.random() < 0.4:
            kind = "removed"
        request = lists.change(person, title_id, kind, key, self.rng)
        await self._send([self._note(key, wish, Told(kind))], request.ask, request.done)

    async def _send(
        self, writes: Sequence[Write], ask: Ask, done: Callable[[httpx.Response], bool]
    ) -> None:
        answer, tries = await self.client.until_answered(ask, done)
        for write in writes:
            write.tries = tries
            write.acknowledged = time.monotonic() if answer is not None else None

    def _note(self, key: str, subject: Subject, told: Told) -> Write:
        self._told[subject] = told
        self.writes.append(Write(key, subject, told, time.monotonic()))
        return self.writes[-1]

    def _key(self, word: str) -> str:
        self._number += 1
        return f"{word}-{self.name}-{self._number}"

    def _next_of(self, stake: Stake) -> Told:
        """What can happen next to an offer; at first it is there and nobody has named an end."""
        before, day = self._told.get(stake.subject, Told("added")), self._day()
        if before.kind == "removed":
            return self.rng.choice([Told("added"), Told("added", day)])
        if before.expires_on is None:
            return self.rng.choice([Told("leaving", day), Told("removed")])
        return self.rng.choice([Told("date_moved", day), Told("renewed"), Told("removed")])

    def _day(self) -> date:
        """A last day that this writer has not named before: there are enough for hours."""
        return datetime.now(UTC).date() + _FAR + timedelta(days=self._number % 20_000)


def _post(key: str, body: bytes) -> Ask:
    return lambda http, base: http.post(
        f"{base}/webhooks/justwatch", content=body, headers=hooks.signed(key, body)
    )


def _is_accepted(answer: httpx.Response) -> bool:
    return answer.status_code == 202
