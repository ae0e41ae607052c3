"""Lines, drafts and orders in Valkey: they may be gone at any moment, or be rubbish.

A line is settled once it stands here: with its text, or with the word that the template stays.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import orjson

from domain.ports import Cache
from domain.why import keys
from domain.why.values import Line, Order, Sheet, Source, Wanted

LONGEST = 200  # characters of a line
_ODD = re.compile("[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff\ufeff]")
_TEMPLATE = orjson.dumps({"source": Source.TEMPLATE})


def is_sane(text: str) -> bool:
    """Whether a line may be shown, whoever has put it where it was found."""
    return 0 < len(text) <= LONGEST and _ODD.search(text) is None


def settled(stored: bytes | None, wanted: Wanted) -> Line | None:
    """A line as it was put; None for nothing, and for what can't be a line of ours."""
    match _loaded(stored):
        case {"source": Source.TEMPLATE.value}:
            return Line(wanted.id, wanted.template, Source.TEMPLATE)
        case {"source": Source.OLLAMA.value, "text": str(text)} if is_sane(text):
            return Line(wanted.id, text, Source.OLLAMA)
    return None


@dataclass(frozen=True, slots=True)
class Shelf:
    """All of them. Nothing here raises where Valkey is away: what is read is missing then."""

    cache: Cache

    async def lines(self, wanted: Sequence[Wanted]) -> list[Line | None]:
        """Those that are settled, in their order; None for the others."""
        stored = await self.cache.get_many([keys.line(each.key) for each in wanted])
        return [settled(it, each) for it, each in zip(stored, wanted, strict=True)]

    async def progress(self, wanted: Sequence[Wanted]) -> list[Line | None]:
        """The same, with drafts for those that are being written."""
        names = [keys.line(each.key) for each in wanted]
        drafts = [keys.draft(each.key) for each in wanted]
        stored = await self.cache.get_many(names + drafts)
        lines = [settled(it, each) for it, each in zip(stored, wanted, strict=False)]
        texts = map(_draft, stored[len(wanted) :])
        return [
            line or (Line(each.id, text, Source.OLLAMA, final=False) if text else None)
            for line, text, each in zip(lines, texts, wanted, strict=True)
        ]

    async def put(self, wanted: Wanted, text: str | None, kept_s: float) -> None:
        """Settle a line for some seconds; without a text, by its template."""
        told = orjson.dumps({"source": Source.OLLAMA, "text": text}) if text else _TEMPLATE
        await self.cache.put(keys.line(wanted.key), told, kept_s)

    async def put_draft(self, wanted: Wanted, text: str, kept_s: float) -> None:
        """Keep how far a line is."""
        await self.cache.put(keys.draft(wanted.key), text.encode(errors="replace"), kept_s)

    async def drop_draft(self, wanted: Wanted) -> None:
        """Nobody writes it any more, or it is there."""
        await self.cache.drop(keys.draft(wanted.key))

    async def put_order(self, order: Order, kept_s: float, *, latest: bool = True) -> bool:
        """Keep an order, and that it is its profile's latest; whether it is there now."""
        name = keys.order(order.id)
        if latest and order.profile_id is not None:
            await self.cache.put(keys.latest(order.profile_id), order.id.encode(), kept_s)
        await self.cache.put(name, _written(order), kept_s)
        return await self.cache.get(name) is not None

    async def order(self, order_id: str) -> Order | None:
        """The order with an id, which may be anything; None where there is none."""
        if not keys.is_order_id(order_id):
            return None
        return _order(order_id, await self.cache.get(keys.order(order_id)))

    async def hear(self, order: Order, kept_s: float) -> None:
        """Say for some seconds that somebody waits for an order."""
        await self.cache.put(keys.heard(order.id), b"1", kept_s)

    async def is_heard(self, order: Order) -> bool | None:
        """Whether somebody waits; None: not so far, but it is its profile's latest."""
        names = [keys.heard(order.id)]
        if order.profile_id is not None:
            names.append(keys.latest(order.profile_id))
        heard, *latest = await self.cache.get_many(names)
        if heard is not None:
            return True
        return None if all(it in {None, order.id.encode()} for it in latest) else False


def _draft(stored: bytes | None) -> str | None:
    text = stored.decode(errors="replace") if stored else ""
    return text if is_sane(text) else None


def _loaded(stored: bytes | None) -> Any:
    try:
        return orjson.loads(stored) if stored else None
    except ValueError:
        return None


def _written(order: Order) -> bytes:
    wanted = [
        (each.id, each.key, each.template, each.title_id, each.sheet.about, each.sheet.facts,
         each.sheet.names, each.sheet.language)
        for each in order.wanted
    ]  # fmt: skip
    profile = order.profile_id and str(order.profile_id)  # asyncpg's own type is no UUID to orjson
    return orjson.dumps({"profile": profile, "at": order.at, "wanted": wanted})


def _order(order_id: str, stored: bytes | None) -> Order | None:
    told = _loaded(stored)
    try:
        profile, at = told["profile"], datetime.fromisoformat(told["at"])
        wanted = tuple(_wanted(*each) for each in told["wanted"])
        return Order(order_id, profile and UUID(profile), wanted, at) if at.tzinfo else None
    except (ValueError, TypeError, KeyError, AttributeError):
        return None  # another version of ours, or nobody's


def _wanted(
    id: str,
    key: str,
    template: str,
    title_id: int | None,
    about: str,
    facts: Mapping[str, Any],
    names: Mapping[str, str],
    language: str,
) -> Wanted:
    if not (isinstance(facts, dict) and isinstance(names, dict)):
        raise TypeError("facts and names are objects")
    if not all(isinstance(each, str) for each in (id, key, template, about, language)):
        raise TypeError("words are text")
    if not all(isinstance(each, str) for each in names.values()):
        raise TypeError("names are text")
    return Wanted(id, key, Sheet(about, facts, names, language), template, title_id)
