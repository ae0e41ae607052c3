"""What time does to a world: offers end or are renewed, titles arrive, prices and last days move.

On the day it starts the world is exactly as it was given. From there it goes on day by day, each
decided by the seed and itself, so that the same day of the same world always looks the same.
No I/O, and no clock: who asks says which day it is.
"""

import zlib
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from random import Random

from simulators.world import Offer, World

_DAY = timedelta(days=1)
_RENEWED_SHARE = 30  # of a hundred that have a last day
_PRICED = ("rent", "buy")


@dataclass(frozen=True, slots=True)
class Change:
    """What became of one offer on a day. what: 'arrived' | 'left' | 'price' | 'day' | 'replaced'.

    before: None for what arrived; after: None for what left.
    """

    day: date
    title: int
    what: str
    before: Offer | None
    after: Offer | None


class Drift:
    """A world as it stands on a day: the day it starts, and any later one.

    Asked for an earlier day than before it starts again, which costs what the days between do.
    """

    def __init__(self, world: World, start: date, seed: int = 0) -> None:
        self.world, self.start, self.seed = world, start, seed
        self._put: list[tuple[date, int, list[Offer]]] = []
        self._begin()

    def offers(self, title: int, today: date) -> Sequence[Offer]:
        """The offers of a title on a day; nothing for a title that isn't there."""
        self._go_to(today)
        return self._offers.get(title, ())

    def changes(self, first: date, last: date, today: date) -> Iterator[Change]:
        """What changed on these days, both included, as far as today has come."""
        self._go_to(today)
        day = max(first, self.start)
        while day <= min(last, self._day):
            yield from self._changes.get(day, ())
            day += _DAY

    def gone(self, title: int, today: date) -> Sequence[Change]:
        """What left of a title until a day, oldest first."""
        self._go_to(today)
        return self._gone.get(title, ())

    def changed_on(self, title: int, today: date) -> date:
        """The day of a title's last change; the day of the start where there was none."""
        self._go_to(today)
        return self._changed_on.get(title, self.start)

    def replace(self, title: int, offers: list[Offer], today: date) -> None:
        """Let a title have these offers from a day on. Raises KeyError without such a title."""
        if title not in self.world.titles:
            raise KeyError(title)
        self._go_to(today)
        self._put.append((today, title, offers))
        self._replace(title, offers, self._day)

    def restore(self) -> None:
        """Let the world be as it would be if no offers had ever been put into it."""
        self._put.clear()
        self._begin()

    def _begin(self) -> None:
        self._day = self.start
        self._offers: dict[int, Sequence[Offer]] = dict(self.world.offers)
        self._changes: defaultdict[date, list[Change]] = defaultdict(list)
        self._gone: defaultdict[int, list[Change]] = defaultdict(list)
        self._changed_on: dict[int, date] = {}
        # Both by day. Looked through when the first day passes, since most worlds see none pass.
        self._ends: defaultdict[date, dict[int, None]] = defaultdict(dict)
        self._renewals: defaultdict[date, list[Offer]] = defaultdict(list)
        self._numbers: list[int] = []
        self._replay(self.start)

    def _go_to(self, today: date) -> None:
        if today < self._day and self._day > self.start:
            self._begin()
        while self._day < today:
            if not self._numbers:
                self._look_through()
            self._day += _DAY
            self._pass(self._day)

    def _look_through(self) -> None:
        self._numbers = sorted(self.world.titles)
        for offers in self._offers.values():
            for offer in offers:
                if offer.expires_on is not None:
                    self._note_end(offer)

    def _note_end(self, offer: Offer) -> None:
        assert offer.expires_on is not None
        self._ends[offer.expires_on][offer.title] = None
        draw = _draw(self.seed, offer)
        if draw % 100 < _RENEWED_SHARE:
            on = max(self._day + _DAY, offer.expires_on - timedelta(days=draw // 100 % 6))
            if on <= offer.expires_on:
                self._renewals[on].append(offer)

    def _pass(self, day: date) -> None:
        self._renew(day)
        self._expire(day)
        random = Random(f"{self.seed} {day.isoformat()}")
        if self._numbers:
            happenings = (self._arrive, self._price, self._announce, self._move)
            for _ in range(random.randint(2, 4 + min(40, len(self._numbers) // 500))):
                random.choice(happenings)(random, day)
        self._replay(day)

    def _renew(self, day: date) -> None:
        for offer in self._renewals.pop(day, ()):
            if offer in self._offers.get(offer.title, ()):
                assert offer.expires_on is not None
                draw = _draw(self.seed, offer) // 600
                more = timedelta(days=30 + draw % 150)
                until = None if draw % 3 == 0 else offer.expires_on + more
                self._change(offer, replace(offer, expires_on=until), "day", day)

    def _expire(self, day: date) -> None:
        for past in sorted(each for each in self._ends if each < day):
            for title in self._ends.pop(past):
                for offer in list(self._offers.get(title, ())):
                    if offer.expires_on is not None and offer.expires_on < day:
                        self._change(offer, None, "left", day)

    def _arrive(self, random: Random, day: date) -> None:
        pattern = self._some_offer(random, lambda _: True)
        if pattern is None:
            return
        title = random.choice(self._numbers)
        offer = replace(
            pattern, title=title, season=None, url="", available_from=day, expires_on=None
        )
        if not any(_place(each) == _place(offer) for each in self._offers.get(title, ())):
            self._change(None, offer, "arrived", day)

    def _price(self, random: Random, day: date) -> None:
        offer = self._some_offer(random, lambda each: each.price is not None)
        if offer is not None and offer.price is not None:
            steps = random.choice((-2, -1, 1, 2))
            price = max(Decimal("0.99"), offer.price + steps)
            self._change(offer, replace(offer, price=price), "price", day)

    def _announce(self, random: Random, day: date) -> None:
        offer = self._some_offer(
            random, lambda each: each.expires_on is None and each.monetization not in _PRICED
        )
        self._end_on(offer, day + timedelta(days=random.randint(1, 30)), day)

    def _move(self, random: Random, day: date) -> None:
        offer = self._some_offer(random, lambda each: each.expires_on is not None)
        if offer is not None and offer.expires_on is not None:
            moved = offer.expires_on + timedelta(days=random.randint(-7, 30))
            self._end_on(offer, max(moved, day), day)

    def _end_on(self, offer: Offer | None, until: date, day: date) -> None:
        if offer is not None and offer.expires_on != until:
            self._change(offer, replace(offer, expires_on=until), "day", day)

    def _some_offer(self, random: Random, fits: Callable[[Offer], bool]) -> Offer | None:
        """One that fits, from the first of a few titles that has any."""
        for _ in range(8):
            fitting = [
                each for each in self._offers.get(random.choice(self._numbers), ()) if fits(each)
            ]
            if fitting:
                return random.choice(fitting)
        return None

    def _change(self, before: Offer | None, after: Offer | None, what: str, day: date) -> None:
        told = before or after
        assert told is not None
        # A new list each time: the one the world was given with stays as it is.
        kept = list(self._offers.get(told.title, ()))
        if before is None:
            kept.append(told)
        elif after is None:
            kept.remove(before)
        else:
            kept[kept.index(before)] = after
        self._offers[told.title] = kept
        self._tell(Change(day, told.title, what, before, after))
        if after is not None and after.expires_on is not None:
            self._note_end(after)

    def _tell(self, change: Change) -> None:
        self._changes[change.day].append(change)
        self._changed_on[change.title] = change.day
        if change.before is not None and change.after is None:
            self._gone[change.title].append(change)

    def _replay(self, day: date) -> None:
        for on, title, offers in self._put:
            if on == day:
                self._replace(title, offers, day)

    def _replace(self, title: int, offers: list[Offer], day: date) -> None:
        before = self._offers.get(title, ())
        self._offers[title] = list(offers)
        for offer in offers:
            if offer.expires_on is not None and self._numbers:
                self._note_end(offer)
        for offer in before:
            if offer not in offers:
                self._tell(Change(day, title, "replaced", offer, None))
        for offer in offers:
            if offer not in before:
                self._tell(Change(day, title, "replaced", None, offer))


def _place(offer: Offer) -> tuple[int, str, str, str, int | None]:
    return (offer.package, offer.country, offer.monetization, offer.quality, offer.season)


def _draw(seed: int, offer: Offer) -> int:
    """A number that the seed and the offer decide; every quality of an offer draws the same."""
    told = (
        seed, offer.title, offer.package, offer.country, offer.monetization, offer.season,
        offer.expires_on,
    )  # fmt: skip
    return zlib.crc32(repr(told).encode())
