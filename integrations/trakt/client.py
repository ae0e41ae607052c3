"""Trakt's version 2 with one client id: domain.trakt.ports.Trakt.

Their policy of September 2026 wants that people ask themselves for what is theirs, and that it is
not kept in step behind their backs: so nothing here runs by itself.
"""

import math
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any, Never

from domain.imports.values import Line, Passed, What
from domain.trakt.ports import LinkBroken, Pages, SignInEnded
from domain.trakt.values import Activities, DeviceCode, KeptPage, Tokens, Waiting
from integrations.trakt import words
from integrations.trakt.lines import lines_of
from integrations.trakt.pages import COUNTS, LARGEST_PAGE, all_pages
from integrations.upstreams.errors import Garbled, Refused, SlowDown
from integrations.upstreams.fields import (
    Unfit,
    link_or_none,
    mapping,
    moment_or_none,
    number,
    text,
    text_or_none,
)
from integrations.upstreams.http import Reply, Upstream

_OUT_OF_BAND = "urn:ietf:wg:oauth:2.0:oob"
_LONGEST_LIFE_S = 10 * 365 * 24 * 3600
_SLOWER_S, _SLOWEST_S = 5, 3_600
_WATCHED = ("movies", "episodes")
_RATED = ("movies", "shows", "seasons", "episodes")


class Trakt:
    """api, auth: its two hosts, which may be one; stand_in: whether they only play Trakt."""

    def __init__(
        self,
        api: Upstream,
        auth: Upstream,
        client_id: str,
        client_secret: str,
        *,
        stand_in: bool = False,
    ) -> None:
        self.stand_in = stand_in
        self._api = api
        self._auth = auth
        self._client_id = client_id
        self._client_secret = client_secret
        self._headers = {
            "content-type": "application/json",
            "trakt-api-version": "2",
            "trakt-api-key": client_id,
        }

    def __repr__(self) -> str:
        return f"Trakt({self._api!r})"

    async def start(self) -> DeviceCode:
        """Begin a sign-in."""
        try:
            value = (await self._post("/oauth/device/code", {}, repeatable=True)).value
        except Refused as refused:
            self._refuse_client(refused)
        try:
            body = mapping(value, "it")
            address = link_or_none(body.get("verification_url"))
            if address is None:
                raise Unfit("its address is none")
            return DeviceCode(
                user_code=text(body.get("user_code"), "its code", 40),
                verification_url=address,
                expires_in_s=number(body.get("expires_in"), "its end", 1, 86_400),
                interval_s=number(body.get("interval"), "its interval", 1, 3_600),
                device_code=text(body.get("device_code"), "its code", 500),
            )
        except Unfit as unfit:
            raise Garbled(self._auth.name, str(unfit)) from None

    async def poll(self, code: DeviceCode) -> Tokens | Waiting:
        """Whether the code has been typed in. Raises SignInEnded."""
        try:
            body = {"code": code.device_code, "client_secret": self._client_secret}
            return self._tokens(await self._post("/oauth/device/token", body))
        except SlowDown as asked:
            slower = max(code.interval_s + _SLOWER_S, math.ceil(asked.retry_after_s or 0))
            return Waiting(min(slower, _SLOWEST_S))
        except Refused as refused:
            if refused.status == 400:
                return Waiting(code.interval_s)
            if refused.status in words.SIGN_IN:
                raise SignInEnded(words.SIGN_IN[refused.status]) from refused
            self._refuse_client(refused)

    async def refresh(self, tokens: Tokens) -> Tokens:
        """New tokens for old ones, which are worth nothing from then on: store them before use."""
        body = {
            "refresh_token": tokens.refresh,
            "client_secret": self._client_secret,
            "redirect_uri": _OUT_OF_BAND,
            "grant_type": "refresh_token",
        }
        try:
            return self._tokens(await self._post("/oauth/token", body))
        except Refused as refused:
            if refused.error == "invalid_client":
                raise words.dead_client() from refused
            if refused.status in {400, 401}:
                raise LinkBroken from refused
            raise words.meaning(refused) from refused

    async def revoke(self, tokens: Tokens) -> None:
        """Give them back; those that are worth nothing already count as given back."""
        body = {"token": tokens.access, "client_secret": self._client_secret}
        try:
            await self._post("/oauth/revoke", body, repeatable=True)
        except Refused as refused:
            if refused.status == 403:
                raise words.dead_client() from refused

    async def whose(self, tokens: Tokens) -> str | None:
        """The name that somebody has there; None where it can't be one."""
        value = (await self._get("/users/settings", tokens)).value
        try:
            user = mapping(mapping(value, "it").get("user"), "its user")
            return text_or_none(user.get("username"), "their name", 100)
        except Unfit:
            return None

    async def last_activities(self, tokens: Tokens) -> Activities:
        """When something of theirs last changed."""
        value = (await self._get("/sync/last_activities", tokens)).value
        try:
            body = mapping(value, "it")
            return Activities(
                watched_at=_latest(body, _WATCHED, "watched_at"),
                rated_at=_latest(body, _RATED, "rated_at"),
                listed_at=_latest(body, _RATED, "watchlisted_at"),
            )
        except Unfit as unfit:
            raise Garbled(self._api.name, str(unfit)) from None

    def history(
        self, tokens: Tokens, since: datetime | None = None, *, pages: Pages | None = None
    ) -> AsyncIterator[list[Line | Passed]]:
        """What was watched (since a moment), the latest first, page by page."""
        start = {"start_at": since.astimezone(UTC).isoformat()} if since else {}
        return self._lines("/sync/history", tokens, What.WATCH, start, pages)

    def ratings(
        self, tokens: Tokens, *, pages: Pages | None = None
    ) -> AsyncIterator[list[Line | Passed]]:
        """What was rated, page by page."""
        return self._lines("/sync/ratings", tokens, What.RATING, {}, pages)

    def watchlist(
        self, tokens: Tokens, *, pages: Pages | None = None
    ) -> AsyncIterator[list[Line | Passed]]:
        """What they want to watch, page by page."""
        return self._lines("/sync/watchlist", tokens, What.WISH, {}, pages)

    async def _lines(
        self, path: str, tokens: Tokens, what: What, params: dict[str, str], pages: Pages | None
    ) -> AsyncIterator[list[Line | Passed]]:
        async def fetch(page: int) -> Reply:
            kept = await pages.find(what, page) if pages else None
            if kept is not None:
                return Reply(200, kept.told, kept.items)
            asked = {"page": page, "limit": LARGEST_PAGE, **params}
            reply = await self._get(path, tokens, asked)
            if pages:
                told = {name: reply.headers.get(name, "") for name in COUNTS}
                await pages.keep(what, page, KeptPage(reply.value, told))
            return reply

        first = 1
        async for items in all_pages(self._api.name, fetch):
            yield list(lines_of(items, what, first))
            first += len(items)

    async def _get(
        self, path: str, tokens: Tokens, params: dict[str, str | int] | None = None
    ) -> Reply:
        headers = self._headers | {"authorization": f"Bearer {tokens.access}"}
        try:
            return await self._api.ask("GET", path, params=params, headers=headers)
        except Refused as refused:
            raise words.meaning(refused) from refused

    async def _post(self, path: str, body: dict[str, str], *, repeatable: bool = False) -> Reply:
        body = {"client_id": self._client_id, **body}
        return await self._auth.ask(
            "POST",
            path,
            body=body,
            headers=self._headers,
            repeatable=repeatable,
            attempts=None if repeatable else 1,
            may_be_empty=path == "/oauth/revoke",
        )

    def _refuse_client(self, refused: Refused) -> Never:
        """While somebody signs in there is no token yet: 401 and 403 are about our own id."""
        if refused.status in {401, 403}:
            raise words.dead_client() from refused
        raise words.meaning(refused) from refused

    def _tokens(self, reply: Reply) -> Tokens:
        try:
            body = mapping(reply.value, "it")
            created = number(body.get("created_at"), "its beginning", 0, 2**33)
            life = number(body.get("expires_in"), "its life", 1, _LONGEST_LIFE_S)
            issued = datetime.fromtimestamp(created, UTC)
            return Tokens(
                access=_token(body, "access_token"),
                refresh=_token(body, "refresh_token"),
                issued_at=issued,
                expires_at=issued + timedelta(seconds=life),
            )
        except Unfit as unfit:
            raise Garbled(self._auth.name, str(unfit)) from None


def _token(body: dict[str, Any], key: str) -> str:
    value = body.get(key)
    if (
        isinstance(value, str)
        and value.isascii()
        and value.isprintable()
        and 8 <= len(value) < 5000
    ):
        return value
    raise Unfit("its token is none")


def _latest(body: dict[str, Any], sections: tuple[str, ...], key: str) -> datetime | None:
    moments = (
        moment_or_none(mapping(body.get(section), section).get(key), key) for section in sections
    )
    return max((each for each in moments if each), default=None)
