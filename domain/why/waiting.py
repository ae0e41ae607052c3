"""Waiting for the lines of an order, from whichever process and from whoever writes them."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable
from time import monotonic

from domain.ports import Chime
from domain.why.pace import Pace
from domain.why.shelf import Shelf
from domain.why.values import Line, Order, Source, Wanted


async def ready(
    shelf: Shelf,
    chime: Chime,
    order: Order,
    pace: Pace,
    again: Callable[[Order], Awaitable[None]],
    *,
    drafts: bool,
    patience_s: float,
) -> AsyncGenerator[Line, None]:
    """Each line once as it is settled, and with drafts how far it is; see `Whys.ready`.

    As long as it is iterated, it says that somebody waits. again: orders once more, after a while
    without news.
    """
    until, heard_at = monotonic() + patience_s, -pace.heard_every
    again_at = monotonic() + pace.again_first
    left: dict[str, Wanted] = {each.id: each for each in order.wanted}
    said: dict[str, str] = {}
    while left:
        if monotonic() - heard_at >= pace.heard_every:
            heard_at = monotonic()
            await shelf.hear(order, pace.heard)
        if monotonic() >= again_at:
            again_at = monotonic() + pace.again
            await again(order)
        # Listening before looking: what is settled in between is heard.
        left_s = max(0.0, until - monotonic())
        bell = asyncio.create_task(chime.heard(min(pace.look, left_s)))
        try:
            look = shelf.progress if drafts else shelf.lines
            for line in await look(list(left.values())):
                if line is None:
                    continue
                again_at = monotonic() + pace.again
                if line.final:
                    del left[line.id]
                    yield line
                elif _goes_on(line.text, said.get(line.id, "")):
                    said[line.id] = line.text
                    yield line
            if not left or monotonic() >= until:
                break
            await asyncio.sleep(min(pace.least, left_s))  # one look for many rings
            await bell
        finally:
            bell.cancel()
    for each in left.values():
        yield Line(each.id, each.template, Source.TEMPLATE)


def _goes_on(text: str, before: str) -> bool:
    """Whether a draft says more; one that begins anew says nothing that is sure to stay."""
    return len(text) > len(before) and text.startswith(before)
