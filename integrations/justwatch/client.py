"""JustWatch as a source of offers: domain.sync.ports.OfferSource on its GraphQL.

It is nobody's published API: so it is asked slowly, in few requests, and nothing that it says is
taken for complete unless all of it can be read.
"""

import re
from collections.abc import AsyncIterator, Collection, Sequence
from dataclasses import dataclass
from typing import Any

import structlog

from domain.errors import InvalidInput
from domain.sync.payloads import encode
from domain.sync.ports import UpstreamAway
from domain.sync.values import Answer, Asked, Unanswered
from domain.titles.names import clean
from integrations.justwatch import query
from integrations.justwatch.reading import Seen, read
from integrations.upstreams.errors import Garbled, Refused, TooLarge
from integrations.upstreams.fields import Unfit
from integrations.upstreams.http import Upstream

log = structlog.get_logger()

BATCH = 10
CONFIDENCE = 0.8  # it looks at the services themselves; a signed word of ours counts more
_LISTS = 60  # titles times countries in one request, so that it doesn't seem too complex
_NODE = {"film": re.compile(r"tm[0-9]{1,12}"), "series": re.compile(r"ts[0-9]{1,12}")}
_TOO_MUCH = re.compile(r"COMPLEX|TOO_BIG|TOO BIG|TOO_LARGE", re.I)
_TROUBLE = re.compile(r"INTERNAL|TIMEOUT|TIMED OUT|UNAVAILABLE|TEMPORAR|RATE|TOO_MANY", re.I)
_COUNTRY = re.compile(r"countr|territor|locale", re.I)
_LONGEST_SAID = 200

_Read = Seen | Unanswered


class _TooMuch(Exception):
    """The question was too large; half of it may not be. always: whatever it is about."""

    def __init__(self, *, always: bool) -> None:
        super().__init__()
        self.always = always


@dataclass(frozen=True, slots=True)
class _Problem:
    """An error of GraphQL. path: of what it is about, empty for the whole."""

    said: str
    code: str
    path: tuple[Any, ...]


class JustWatch:
    """domain.sync.ports.OfferSource. batch: how many titles one request asks about at most."""

    confidence = CONFIDENCE
    dated = True
    priced = True

    def __init__(
        self, upstream: Upstream, *, name: str = "sync/justwatch", batch: int = BATCH
    ) -> None:
        self.name = name
        self.batch = max(1, batch)
        self._upstream = upstream
        self._most = self.batch * 1_000  # lists in one request, as far as we have found out
        self._served: dict[str, bool] = {}  # of countries about which there was doubt

    async def answers(
        self, asked: Sequence[Asked], countries: Collection[str]
    ) -> AsyncIterator[Answer | Unanswered]:
        """What it lists of each title; see the port."""
        if not countries:
            raise InvalidInput("Say at least one country to ask JustWatch about.")
        for each in countries:
            if not query.is_country(each):
                raise InvalidInput(
                    f"{each!r} is no country: it takes two capital letters, like US."
                )
        known: list[Asked] = []
        for each in asked:
            if _NODE[each.kind].fullmatch(each.justwatch_id or ""):
                known.append(each)
            else:
                reason = "JustWatch's id of it is not known"
                yield Unanswered(each.title_id, reason, unknown=True)
        while known:
            places = self._places(countries)
            size = self._size(len(places))
            now, known = known[:size], known[size:]
            answered = await self._ask(now, places)
            self._places(countries)
            for title_id, found in answered.items():
                if isinstance(found, Unanswered):
                    yield found
                else:
                    yield Answer(title_id, encode(found.offers), tuple(found.rejected))

    def _places(self, countries: Collection[str]) -> tuple[str, ...]:
        """Those that there is any use in asking about."""
        places = tuple(sorted(each for each in set(countries) if self._served.get(each, True)))
        if not places:
            told = ", ".join(sorted(set(countries)))
            raise UpstreamAway(
                f"JustWatch has no offers in {told}: it is not there. Go without it, or with TMDB.",
                permanent=True,
            )
        return places

    def _size(self, countries: int) -> int:
        return max(1, min(self.batch, min(self._most, _LISTS) // max(1, countries)))

    async def _ask(self, asked: Sequence[Asked], countries: tuple[str, ...]) -> dict[int, _Read]:
        """What is said of each, asking in halves what is too much at once."""
        if not countries:
            return {each.title_id: Seen() for each in asked}
        try:
            return await self._ask_at_once(asked, countries)
        except _TooMuch as too_much:
            if too_much.always:
                self._most = max(1, min(self._most, len(asked) * len(countries) // 2))
        if len(asked) > 1:
            half = len(asked) // 2
            first = await self._ask(asked[:half], countries)
            return first | await self._ask(asked[half:], countries)
        if len(countries) > 1:
            half = len(countries) // 2
            some = await self._ask(asked, countries[:half])
            return _joined(some, await self._ask(asked, countries[half:]))
        return _all(asked, "JustWatch finds even one title in one country too much to list")

    async def _ask_at_once(
        self, asked: Sequence[Asked], countries: tuple[str, ...]
    ) -> dict[int, _Read]:
        variables = {f"n{index}": each.justwatch_id for index, each in enumerate(asked)}
        variables |= {"country": countries[0], "language": "en"}
        try:
            value = await self._post(
                "Offers",
                query.offers(len(asked), countries),
                variables | {"filter": {"bestOnly": False}},
            )
        except TooLarge:  # long shows in many countries; others are as small as ever
            raise _TooMuch(always=False) from None
        except Garbled as garbled:
            return _all(asked, str(garbled))
        try:
            data, problems = _parts(value)
        except Unfit as unfit:
            return _all(asked, f"JustWatch's answer can't be used: {unfit}")
        if any(_TOO_MUCH.search(f"{each.code} {each.said}") for each in problems):
            raise _TooMuch(always=True)
        for problem in problems:
            if data is None and not problem.path and _TROUBLE.search(problem.code + problem.said):
                raise UpstreamAway(f"JustWatch can't answer now. It says: {problem.said}")
        if strange := await self._strange(problems, countries):
            rest = tuple(each for each in countries if each not in strange)
            return await self._ask(asked, rest)
        return await self._sorted_out(asked, countries, data, problems)

    async def _strange(
        self, problems: Sequence[_Problem], countries: tuple[str, ...]
    ) -> frozenset[str]:
        """The countries that problems are about because JustWatch isn't there, or nothing."""
        doubted = {
            each
            for problem in problems
            if _COUNTRY.search(problem.said) and not _TROUBLE.search(problem.code + problem.said)
            for each in countries
            if not {each, query.count_of(each)}.isdisjoint(problem.path)
        }
        for each in sorted(doubted - self._served.keys()):
            # A title's error may only look like it; nobody is without a single service by mistake.
            try:
                told = _parts(await self._post("Services", query.SERVICES, {"country": each}))
            except (Garbled, Unfit):
                continue
            refused = [problem.said for problem in told[1] if _COUNTRY.search(problem.said)]
            self._served[each] = not refused
            if refused:
                log.warning("justwatch.country_not_served", country=each, said=refused[0])
        return frozenset(each for each in doubted if not self._served.get(each, True))

    async def _sorted_out(
        self,
        asked: Sequence[Asked],
        countries: tuple[str, ...],
        data: dict[str, Any] | None,
        problems: Sequence[_Problem],
    ) -> dict[int, _Read]:
        aliases = {f"n{index}": each for index, each in enumerate(asked)}
        ours = frozenset(aliases)
        found: dict[int, _Read] = {}
        for problem in problems:
            each = aliases.pop(problem.path[0], None) if problem.path else None
            if each is not None:
                found[each.title_id] = _unanswered(each, problem)
            elif not problem.path or problem.path[0] not in ours:
                return _all(asked, f"JustWatch says: {problem.said}")
        rest = list(aliases.values())
        if data is None:
            if not found:
                return _all(asked, "JustWatch's answer says nothing")
            return found | (await self._ask(rest, countries) if rest else {})
        for alias, each in aliases.items():
            try:
                found[each.title_id] = read(data.get(alias), each.justwatch_id or "", countries)
            except Unfit as unfit:
                reason = f"JustWatch's answer can't be used: {unfit}"
                found[each.title_id] = Unanswered(each.title_id, reason)
        return found

    async def _post(self, operation: str, document: str, variables: dict[str, Any]) -> Any:
        body = {"operationName": operation, "query": document, "variables": variables}
        try:
            return (await self._upstream.ask("POST", "", body=body)).value
        except Refused as refused:
            if refused.status in {400, 404, 422}:
                problem = "doesn't understand our question any more; a newer version of ours may"
            else:
                problem = "refuses to answer us; it may think that we ask too much"
            raise UpstreamAway(
                f"JustWatch {problem} (status {refused.status}).",
                permanent=refused.status in {400, 404, 422},
            ) from refused


def _parts(value: Any) -> tuple[dict[str, Any] | None, list[_Problem]]:
    """The data and the errors of a GraphQL answer."""
    if not isinstance(value, dict):
        raise Unfit("it is no object")
    data = value.get("data")
    if data is not None and not isinstance(data, dict):
        raise Unfit("its data are no object")
    errors = value.get("errors")
    if errors is not None and not isinstance(errors, list):
        raise Unfit("its errors are no list")
    return data, [_problem(each) for each in errors or ()]


def _problem(error: Any) -> _Problem:
    if not isinstance(error, dict):
        return _Problem("something went wrong", "", ())
    said, path, extensions = (error.get(key) for key in ("message", "path", "extensions"))
    code = extensions.get("code") if isinstance(extensions, dict) else None
    steps = path if isinstance(path, list) else []
    return _Problem(
        (clean(said, _LONGEST_SAID) if isinstance(said, str) else "") or "something went wrong",
        code if isinstance(code, str) else "",
        tuple(each for each in steps if isinstance(each, str | int)),
    )


def _unanswered(asked: Asked, problem: _Problem) -> Unanswered:
    """An error about a title as a whole says that it isn't there, unless it says otherwise."""
    whole = len(problem.path) == 1
    unknown = whole and not _TROUBLE.search(f"{problem.code} {problem.said}")
    return Unanswered(asked.title_id, f"JustWatch says: {problem.said}", unknown=unknown)


def _all(asked: Sequence[Asked], reason: str) -> dict[int, _Read]:
    return {each.title_id: Unanswered(each.title_id, reason) for each in asked}


def _joined(some: dict[int, _Read], others: dict[int, _Read]) -> dict[int, _Read]:
    """What was said of one title in two parts of its countries: both, or why there is no answer."""
    joined: dict[int, _Read] = {}
    for title_id, one in some.items():
        other = others[title_id]
        if isinstance(one, Unanswered) or isinstance(other, Unanswered):
            joined[title_id] = one if isinstance(one, Unanswered) else other
        else:
            offers = one.offers + other.offers
            joined[title_id] = Seen(offers, one.rejected + other.rejected)
    return joined
