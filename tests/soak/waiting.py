"""Waiting for what other processes do, of which nobody tells us."""

import asyncio
import time
from collections.abc import Callable


async def until(check: Callable[[], bool], seconds: float, every_s: float = 0.01) -> bool:
    """Look again and again whether something is so, for so long; whether it is."""
    deadline = time.monotonic() + seconds
    while True:
        if check():
            return True
        if time.monotonic() > deadline:
            return False
        await asyncio.sleep(every_s)
