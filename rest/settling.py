"""Waiting for the lines that an answer lacks: as long as the client said, and as it is there."""

import asyncio
from dataclasses import replace

from starlette.requests import ClientDisconnect, Request

from domain.recommendations.service import Answer
from domain.why.values import Line
from rest.operations import Call

_LONGER_S = 5.0  # at the end of its patience the domain would call every line settled


async def settled(call: Call, answer: Answer, wait_ms: int) -> Answer:
    """The answer with what is settled within so many milliseconds, all of it or some.

    Raises ClientDisconnect where nobody is left to read it; nobody is waiting for the lines then.
    """
    whys, wait_s = call.services.whys, wait_ms / 1_000
    if whys is None or not wait_ms or not answer.pending:
        return answer
    lines: dict[str, Line] = {}

    async def hear() -> None:
        ready = whys.ready(answer.id, call.viewer, patience_s=wait_s + _LONGER_S)
        async for line in ready:
            lines[line.id] = line

    hearing = asyncio.create_task(hear(), name="why-hearing")
    leaving = asyncio.create_task(_left(call.request), name="why-leaving")
    both = {hearing, leaving}
    try:
        await asyncio.wait(both, timeout=wait_s, return_when=asyncio.FIRST_COMPLETED)
        if hearing.done():
            hearing.result()
        elif leaving.done():
            raise ClientDisconnect
    finally:
        for task in both:
            task.cancel()
        await asyncio.gather(*both, return_exceptions=True)
    return replace(answer.saying(lines), pending=answer.pending - len(lines))


async def _left(request: Request) -> None:
    """Ends when the client is gone; its whole request has been read before."""
    while (await request.receive())["type"] != "http.disconnect":
        pass
