"""How a bot hears: it asks and is held until there is something, or is told where it wants."""

import asyncio
import ipaddress
import json
import re
from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any
from urllib.parse import urlsplit

from simulators.courier import Answer, Courier
from simulators.telegram.parameters import Parameters
from simulators.telegram.refusals import bad, conflict
from simulators.telegram.state import TERMINATED, USUAL, Bot, Json, State, Webhook

_LONGEST_HOLD_S = 50
_PORTS = (80, 88, 443, 8443)
_SECRET = re.compile(r"[A-Za-z0-9_-]*")
_SLOWEST_S, _LONGEST_WAIT_S = 60, 3600
_GONE_S = 23 * 3600

Call = Callable[[Bot, str, Parameters], Awaitable[Any]]


class Updates:
    """Long polling and webhooks, of which a bot has one at a time."""

    def __init__(self, state: State) -> None:
        self._state = state
        self._courier = Courier(state.clock)
        self._sending: set[int] = set()  # bots whose updates are on their way
        self.call: Call | None = None  # carries out what a webhook answers with

    async def get(self, bot: Bot, given: Parameters) -> list[Json]:
        """What has happened since; held up to `timeout` seconds while nothing has."""
        if bot.webhook.url:
            raise conflict(
                "can't use getUpdates method while webhook is active; use deleteWebhook to delete "
                "the webhook first"
            )
        bot.wake(TERMINATED)
        self._allow(bot, given)
        offset, limit = given.number("offset"), given.number("limit", 100)
        limit = limit if 1 <= limit <= 100 else 100
        timeout = min(max(given.number("timeout"), 0), _LONGEST_HOLD_S)
        now = self._state.clock.seconds()
        before, begun, answered = bot.asked
        # Whoever asks for the same again and again is slowed down.
        if offset == before and now < answered + 0.5:
            limit = 1
        if offset == before and timeout < 3 and now < begun + 3:
            timeout = 3
        bot.asked = (offset, now, answered)
        self._state.forget(bot)
        _confirm(bot, offset)
        if not bot.updates and timeout:
            bot.held = held = asyncio.get_running_loop().create_future()
            try:
                why = await asyncio.wait_for(held, timeout)
            except TimeoutError:
                why = None
            if bot.held is held:
                bot.held = None
            if why is not None:
                raise why
        bot.asked = (offset, now, self._state.clock.seconds())
        return [update for _, update in list(bot.updates)[:limit]]

    def _allow(self, bot: Bot, given: Parameters) -> None:
        allowed = given.parsed("allowed_updates", "allowed updates")
        if allowed is not None:
            if not isinstance(allowed, list):
                raise bad("can't parse allowed_updates: must be of type Array")
            bot.allowed = tuple(allowed) or USUAL

    async def set_webhook(self, bot: Bot, given: Parameters) -> bool:
        """From now on, tell what happens at a URL; no URL: be asked again."""
        url, secret = given.text("url"), given.text("secret_token")
        if url:
            self._check(url)
        if len(secret) > 256:
            raise bad("secret token is too long")
        if not _SECRET.fullmatch(secret):
            raise bad("secret token contains unallowed characters")
        self._allow(bot, given)
        most = given.number("max_connections", 40)
        address = given.text("ip_address") or None
        bot.webhook = Webhook(url, secret, min(max(most, 1), 100), address)
        if given.flag("drop_pending_updates"):
            bot.updates.clear()
        if url:
            bot.wake(conflict("terminated by setWebhook request"))
            self.hurry(bot)
        return True

    def _check(self, url: str) -> None:
        try:
            parts = urlsplit(url if "://" in url else f"https://{url}")
            port, host = parts.port, parts.hostname
        except ValueError:
            port, host, parts = None, None, urlsplit("")
        if not host or " " in url:
            raise bad("invalid webhook URL specified")
        if self._state.settings.local_webhooks:
            return
        if parts.scheme != "https":
            raise bad("bad webhook: An HTTPS URL must be provided for webhook")
        if (port or 443) not in _PORTS:
            raise bad("bad webhook: Webhook can be set up only on ports 80, 88, 443 or 8443")
        try:
            private = not ipaddress.ip_address(host).is_global
        except ValueError:
            private = host == "localhost"
        if private:
            raise bad(f"bad webhook: IP address {host} is reserved")

    async def delete_webhook(self, bot: Bot, given: Parameters) -> bool:
        """Be asked again."""
        bot.webhook = Webhook()
        if given.flag("drop_pending_updates"):
            bot.updates.clear()
        return True

    async def webhook_info(self, bot: Bot, given: Parameters) -> Json:
        """Where it is, and how it goes."""
        self._state.forget(bot)
        hook = bot.webhook
        said: Json = {
            "url": hook.url,
            "has_custom_certificate": False,
            "pending_update_count": len(bot.updates),
        }
        if hook.url:
            said["max_connections"] = hook.max_connections
        if hook.ip_address:
            said["ip_address"] = hook.ip_address
        if hook.last_error is not None:
            said |= {"last_error_date": hook.last_error_date, "last_error_message": hook.last_error}
        if bot.allowed != USUAL:
            said["allowed_updates"] = list(bot.allowed)
        return said

    def hurry(self, bot: Bot) -> None:
        """Send what waits, if the bot has a webhook and nothing is on its way there."""
        if bot.webhook.url and bot.updates and bot.id not in self._sending:
            self._sending.add(bot.id)
            self._courier.at(self._state.clock.seconds(), partial(self._send, bot, bot.webhook))

    async def _send(self, bot: Bot, hook: Webhook) -> None:
        self._state.forget(bot)
        while bot.updates and bot.webhook is hook:
            update = bot.updates[0][1]
            headers = {"content-type": "application/json"}
            if hook.secret:
                headers["x-telegram-bot-api-secret-token"] = hook.secret
            body = json.dumps(update, ensure_ascii=False).encode()
            answer = await self._courier.post(hook.url, body, headers)
            if bot.webhook is not hook:
                break
            if not answer.taken:
                if self._give_up(bot, hook, answer):
                    break
                wait = _wait_s(hook, answer)
                again = partial(self._send, bot, hook)
                self._courier.at(self._state.clock.seconds() + wait, again)
                return
            hook.tries, hook.gone_since = 0, None
            _confirm(bot, update["update_id"] + 1)
            await self._reply(bot, answer.body)
        self._sending.discard(bot.id)
        self.hurry(bot)  # for a webhook that was set meanwhile

    def _give_up(self, bot: Bot, hook: Webhook, answer: Answer) -> bool:
        now = self._state.clock.seconds()
        hook.tries += 1
        hook.last_error_date = int(now)
        if answer.status is None:
            hook.last_error = f"Connection failed: {answer.problem}"
        else:
            hook.last_error = f"Wrong response from the webhook: {answer.status}"
        if answer.status != 410:
            hook.gone_since = None
            return False
        hook.gone_since = now if hook.gone_since is None else hook.gone_since
        if now - hook.gone_since < _GONE_S:
            return False
        bot.webhook = Webhook()
        return True

    async def _reply(self, bot: Bot, body: bytes) -> None:
        try:
            said = json.loads(body) if body else None
        except ValueError:
            return
        if isinstance(said, dict) and isinstance(said.get("method"), str) and self.call:
            await self.call(bot, said.pop("method"), Parameters(said))


def _wait_s(hook: Webhook, answer: Answer) -> float:
    if answer.retry_after and answer.retry_after.isdecimal():
        return min(int(answer.retry_after), _LONGEST_WAIT_S)
    return min(2 ** (hook.tries - 1), _SLOWEST_S)


def _confirm(bot: Bot, offset: int) -> None:
    if offset < 0:  # from the end: what is before it is forgotten
        while len(bot.updates) > -offset:
            bot.updates.popleft()
    while offset > 0 and bot.updates and bot.updates[0][1]["update_id"] < offset:
        bot.updates.popleft()
