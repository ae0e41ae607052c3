"""What moves the stand-ins, under `/_sim`: the clock, faults, limits, and what there is to see."""

import math
from collections.abc import Awaitable, Callable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import BaseRoute, Mount, Route

from simulators.faults import BadFault, Faults, read_fault
from simulators.reality import Reality
from simulators.traffic import Traffic
from simulators.world import Offer

_MONETIZATIONS = ("subscription", "free", "ads", "rent", "buy", "cinema")
_QUALITIES = ("sd", "hd", "4k")
_FARTHEST = timedelta(days=3660)


class Refused(ValueError):
    """Something that was asked for and can't be done, in words."""


class Control:
    """The routes, over what the upstreams share. limits: switches by upstream."""

    def __init__(
        self, reality: Reality, faults: Faults, traffic: Traffic, limits: dict[str, bool],
        upstreams: frozenset[str],
    ) -> None:  # fmt: skip
        self._reality, self._faults, self._traffic = reality, faults, traffic
        self._limits, self._upstreams = limits, upstreams

    def routes(self) -> list[BaseRoute]:
        """All of them."""
        return [Route("/_sim", _plainly(self._state)), Mount("/_sim", routes=self._parts())]

    def _parts(self) -> list[Route]:
        return [
            Route("/", _plainly(self._state)),
            Route("/clock", _plainly(self._clock), methods=["GET", "POST"]),
            Route("/faults", _plainly(self._change_faults), methods=["GET", "POST", "DELETE"]),
            Route("/limits", _plainly(self._change_limits), methods=["GET", "POST"]),
            Route("/requests", _plainly(self._requests), methods=["GET", "DELETE"]),
            Route("/world/offers", _plainly(self._put_offers), methods=["PUT", "DELETE"]),
            Route("/world/offers/{title}", _plainly(self._get_offers)),
        ]

    async def _state(self, _: Request) -> Any:
        world = self._reality.world
        return {
            "clock": self._told_clock(),
            "upstreams": sorted(self._upstreams),
            "requests": {
                name: {"count": counts.total(), "paths": dict(counts.most_common(200))}
                for name, counts in sorted(self._traffic.counts.items())
            },
            "faults": self._faults.told(),
            "limits": self._limits,
            "world": {"titles": len(world.titles), "packages": len(world.packages)},
        }

    def _told_clock(self) -> dict[str, Any]:
        clock = self._reality.clock
        return {
            "now": clock.now().isoformat(),
            "today": clock.today().isoformat(),
            "started_on": self._reality.drift.start.isoformat(),
            "ahead_s": clock.ahead.total_seconds(),
        }

    async def _clock(self, request: Request) -> Any:
        if request.method == "POST":
            told = await _object(request)
            if len(told) != 1 or not told.keys() <= {"advance_s", "advance_days", "stop_at"}:
                raise Refused("tell the clock one of advance_s, advance_days or stop_at")
            clock = self._reality.clock
            if "stop_at" in told:
                clock.stop(_moment(told["stop_at"]))
            else:
                unit = "days" if "advance_days" in told else "seconds"
                clock.move(_step(next(iter(told.values())), unit))
        return self._told_clock()

    async def _change_faults(self, request: Request) -> Any:
        if request.method == "GET":
            return self._faults.told()
        if request.method == "POST":
            try:
                fault = read_fault(await _json(request), self._upstreams)
            except BadFault as problem:
                raise Refused(str(problem)) from problem
            return self._faults.put_on(fault).told()
        id = request.query_params.get("id")
        if id is not None and not id.isdecimal():
            raise Refused("id has to be the number of a fault")
        upstream = request.query_params.get("upstream")
        return {"cleared": self._faults.clear(upstream, None if id is None else int(id))}

    async def _change_limits(self, request: Request) -> Any:
        if request.method == "POST":
            told = await _object(request)
            for name, on in told.items():
                if name not in self._limits or not isinstance(on, bool):
                    raise Refused(f"limits are true or false for {', '.join(self._limits)}")
            self._limits |= told
        return self._limits

    async def _requests(self, request: Request) -> Any:
        if request.method == "DELETE":
            self._traffic.clear()
        upstream = request.query_params.get("upstream")
        return [each.told() for each in self._traffic.last if upstream in (None, each.upstream)]

    async def _put_offers(self, request: Request) -> Any:
        if request.method == "DELETE":
            self._reality.restore()
            return {"restored": True}
        told = await _object(request)
        number = self._title(told.get("title"))
        offers = told.get("offers")
        if not isinstance(offers, list):
            raise Refused("offers has to be a list of offers; an empty one takes all away")
        self._reality.replace(number, [self._offer(number, each) for each in offers])
        return self._told_offers(number)

    async def _get_offers(self, request: Request) -> Any:
        return self._told_offers(self._title(request.path_params["title"]))

    def _told_offers(self, number: int) -> dict[str, Any]:
        offers = [tell_offer(each) for each in self._reality.offers(number)]
        return {"title": number, "today": self._told_clock()["today"], "offers": offers}

    def _title(self, told: Any) -> int:
        """Its number in the world, from that or from JustWatch's id."""
        name = str(told)
        title = self._reality.index.by_node.get(name)
        if title is None and name.isdecimal() and len(name) < 12:
            title = self._reality.world.titles.get(int(name))
        if title is None:
            raise Refused("title has to be the number or JustWatch's id of a title in this world")
        return title.number

    def _offer(self, title: int, told: Any) -> Offer:
        if not isinstance(told, dict):
            raise Refused("an offer is a JSON object")
        fields = set(Offer.__slots__) - {"title"}
        if not told.keys() - {"title"} <= fields:
            raise Refused(f"an offer has {', '.join(sorted(fields))}, and nothing else")
        country, season = told.get("country"), told.get("season")
        checks = {
            "package": type(told.get("package")) is int
            and told["package"] in self._reality.world.packages,
            "country": isinstance(country, str) and len(country) == 2 and country.isupper(),
            "monetization": told.get("monetization") in _MONETIZATIONS,
            "quality": told.get("quality", "hd") in _QUALITIES,
            "season": season is None or (type(season) is int and 0 <= season < 1000),
            "url": isinstance(told.get("url", ""), str),
            "currency": isinstance(told.get("currency"), str | None),
        }
        wrong = [name for name, right in checks.items() if not right]
        if wrong:
            raise Refused(
                f"this is no {wrong[0]} of an offer in this world: {told.get(wrong[0])!r}"
            )
        given = told | {
            "title": title,
            "quality": told.get("quality", "hd"),
            "price": _price(told.get("price")),
            "available_from": _day(told.get("available_from")),
            "expires_on": _day(told.get("expires_on")),
        }
        return Offer(**given)


def tell_offer(offer: Offer) -> dict[str, Any]:
    """An offer as JSON, in the words of the world."""
    return {
        "title": offer.title, "package": offer.package, "country": offer.country,
        "monetization": offer.monetization, "quality": offer.quality, "season": offer.season,
        "price": None if offer.price is None else str(offer.price), "currency": offer.currency,
        "url": offer.url,
        "available_from": offer.available_from and offer.available_from.isoformat(),
        "expires_on": offer.expires_on and offer.expires_on.isoformat(),
    }  # fmt: skip


def _plainly(
    handler: Callable[[Request], Awaitable[Any]],
) -> Callable[[Request], Awaitable[JSONResponse]]:
    async def answering(request: Request) -> JSONResponse:
        try:
            return JSONResponse(await handler(request))
        except Refused as problem:
            return JSONResponse({"error": str(problem)}, 400)

    return answering


async def _json(request: Request) -> Any:
    try:
        return await request.json()
    except (ValueError, RecursionError) as problem:
        raise Refused("the body has to be JSON") from problem


async def _object(request: Request) -> dict[str, Any]:
    told = await _json(request)
    if not isinstance(told, dict):
        raise Refused("the body has to be a JSON object")
    return told


def _step(told: Any, unit: str) -> timedelta:
    if isinstance(told, bool) or not isinstance(told, int | float) or not math.isfinite(told):
        raise Refused("the clock is moved by a number")
    try:
        step = timedelta(**{unit: told})
    except OverflowError:
        step = timedelta.max
    if abs(step) > _FARTHEST:
        raise Refused(f"the clock moves {_FARTHEST.days} days at a time at most")
    return step


def _moment(told: Any) -> datetime:
    try:
        at = datetime.fromisoformat(told)
        at = at if at.tzinfo else at.replace(tzinfo=UTC)
        at = at.astimezone(UTC)
    except (TypeError, ValueError, OverflowError) as problem:
        raise Refused("stop_at has to be a moment like 2026-11-21T09:00:00Z") from problem
    if abs(at - datetime.now(UTC)) > 4 * _FARTHEST:
        raise Refused("stop_at has to be within forty years of today")
    return at


def _day(told: Any) -> date | None:
    try:
        return None if told is None else date.fromisoformat(told)
    except (TypeError, ValueError) as problem:
        raise Refused(f"a day is written like 2026-11-30, not {told!r}") from problem


def _price(told: Any) -> Decimal | None:
    try:
        price = None if told is None else Decimal(str(told))
    except InvalidOperation as problem:
        raise Refused(f"this is no price: {told!r}") from problem
    if price is not None and not (price.is_finite() and 0 <= price < 100_000):
        raise Refused(f"this is no price: {told!r}")
    return price
