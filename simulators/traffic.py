"""Who asked for what: counts for each upstream and path, and the last requests one by one."""

import re
from collections import Counter, deque
from dataclasses import dataclass
from typing import Any

from starlette.types import Scope

from simulators.clock import Clock

_LAST = 1000
_PATHS = 2000
OTHERS = "(others)"
# A bot's token stands in the path, a key in the query.
_TOKEN = re.compile(r"/bot[^/]+")
_KEY = re.compile(r"((?:^|&)[^=&]*(?:key|token|secret)[^=&]*=)[^&]*", re.IGNORECASE)


@dataclass(slots=True)
class Request:
    """One that came in; status: None as long as there is no answer, and where none was given."""

    at: str
    upstream: str
    method: str
    path: str
    query: str
    fault: str | None
    status: int | None = None

    def told(self) -> dict[str, Any]:
        """As the controls show it."""
        return {name: getattr(self, name) for name in self.__slots__}


class Traffic:
    """What came in since the start. Paths beyond the first 2,000 of an upstream count as one."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self.last: deque[Request] = deque(maxlen=_LAST)
        self.counts: dict[str, Counter[str]] = {}

    def note(self, upstream: str, scope: Scope, fault: str | None) -> Request:
        """Note a request, without the secrets in its address."""
        path = _TOKEN.sub("/bot…", scope["path"])
        query = _KEY.sub(r"\1…", scope["query_string"].decode("latin-1"))
        counts = self.counts.setdefault(upstream, Counter())
        counts[path if path in counts or len(counts) < _PATHS else OTHERS] += 1
        request = Request(
            self._clock.now().isoformat(), upstream, scope["method"], path, query, fault
        )
        self.last.append(request)
        return request

    def clear(self) -> None:
        """Forget all."""
        self.last.clear()
        self.counts.clear()
