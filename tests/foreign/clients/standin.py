"""What every script here needs: where the stand-ins are, a word with them, and a way to answer.

A script drives a client as its documentation says, with nothing changed but where it looks.
"""

import json
import sys
from collections.abc import Callable
from typing import Any

import requests

BASE = sys.argv[1]
WISHES: dict[str, Any] = json.loads(sys.argv[2])


def control(method: str, path: str, body: object = None) -> Any:
    """Say something to the stand-ins' own side, which no client knows of. → their answer."""
    answer = requests.request(method, BASE + path, json=body, timeout=10)
    if not answer.ok:
        raise RuntimeError(f"{method} {path}: {answer.status_code} {answer.text}")
    return answer.json() if answer.content else None


def stop_the_clock() -> None:
    """Let the stand-ins' time go on only where a script says so, however slow the machine is."""
    control("POST", "/_sim/clock", {"stop_at": control("GET", "/_sim/clock")["now"]})


def pause(seconds: float = 1) -> None:
    """Let the stand-ins' time go on, by which they count requests and waits."""
    control("POST", "/_sim/clock", {"advance_s": seconds})


def fault(upstream: str, kind: str, **more: object) -> None:
    """Let the next request to an upstream fail."""
    control("POST", "/_sim/faults", {"upstream": upstream, "kind": kind, "times": 1, **more})


def failure(call: Callable[[], object], *attributes: str) -> dict[str, Any]:
    """How a call fails: the client's type of error, and what it says of it."""
    try:
        call()
    except Exception as error:
        return described(error, *attributes)
    return {"type": None}


def described(error: Exception, *attributes: str) -> dict[str, Any]:
    """The same for an error that has been caught."""
    said = {name: getattr(error, name, None) for name in attributes}
    return {"type": type(error).__name__, "text": str(error), **said}


def tell(result: dict[str, Any]) -> None:
    """Answer the test: the last line of what is printed."""
    print(json.dumps(result, default=str))
