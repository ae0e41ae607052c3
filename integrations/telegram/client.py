"""Telegram's Bot API: domain.ports.Messenger. The token stands in every address, and nowhere else.

A message that may have arrived is never sent a second time by itself.
"""

from collections import OrderedDict
from collections.abc import Mapping, Sequence
from typing import Any

from domain.delivery.errors import MaybeSent, PartlySent
from domain.delivery.values import Button
from domain.sync.ports import UpstreamAway
from domain.titles.names import clean
from integrations.telegram import refusals
from integrations.telegram.parts import split
from integrations.upstreams.bucket import Bucket
from integrations.upstreams.errors import Refused, SlowDown, Unsure
from integrations.upstreams.fields import Unfit, mapping, number
from integrations.upstreams.http import Upstream
from integrations.upstreams.waiting import LONGEST_S

PER_SECOND = 25
"""Telegram lets a bot write 30 messages a second, all chats together."""

_MOST_CHATS = 1_000


class Telegram:
    """upstream: its address without the token, its name what people call it.

    per_chat: messages a second to one chat, of which the first two may come at once (they allow
    three, but by their own clock); None for no pace.
    """

    def __init__(self, upstream: Upstream, token: str, *, per_chat: float | None = 1.0) -> None:
        self._upstream = upstream
        self._token = token
        self._per_chat = per_chat
        self._chats: OrderedDict[int, Bucket] = OrderedDict()

    def __repr__(self) -> str:
        return f"Telegram({self._upstream!r})"

    async def send(
        self,
        chat_id: int,
        html: str,
        buttons: Sequence[Sequence[Button]] = (),
        *,
        skip: int = 0,
    ) -> int:
        """Send a message in as many parts as it takes; see the port."""
        parts = split(html)
        if skip >= len(parts):
            raise ValueError("there is nothing left of this message to send")
        message_id = 0
        for done, part in list(enumerate(parts))[skip:]:
            body: dict[str, Any] = {
                "chat_id": chat_id,
                "text": part,
                "parse_mode": "HTML",
                "link_preview_options": {"is_disabled": True},
            }
            if buttons and done == len(parts) - 1:
                rows = [[_said(each) for each in row] for row in buttons]
                body["reply_markup"] = {"inline_keyboard": rows}
            try:
                message_id = await self._send(chat_id, body)
            except Unsure:
                raise MaybeSent(
                    f"{self._upstream.name} has not said whether the message arrived. It is not"
                    " sent again, so that nobody gets it twice.",
                    parts=done,
                ) from None
            except UpstreamAway as away:
                if done:
                    raise PartlySent(away, done) from None
                raise
        return message_id

    async def _send(self, chat_id: int, body: Mapping[str, Any]) -> int:
        await self._chat(chat_id).take()
        patience = self._upstream.patience
        tries = 0
        while True:
            if (left_s := self._upstream.paused_s) > patience.deadline_s:
                raise self._slow_down(left_s)
            tries += 1
            try:
                reply = await self._upstream.ask(
                    "POST",
                    f"/bot{self._token}/sendMessage",
                    body=body,
                    repeatable=False,
                    deed=True,
                    answers=refusals.is_theirs,
                )
            except Refused as refused:  # what it says may quote the address
                raise refusals.setup(self._upstream.name, refused.status) from None
            if reply.status < 300:
                return self._id(reply.value)
            if reply.status != 429:
                raise refusals.meaning(self._upstream.name, reply, self._token)
            wait_s = refusals.parameter(reply.value, "retry_after") or 1
            self._upstream.pause(min(max(wait_s, 1), LONGEST_S))  # it means the whole bot
            if tries >= patience.attempts:
                raise self._slow_down(self._upstream.paused_s)

    def _chat(self, chat_id: int) -> Bucket:
        if (bucket := self._chats.pop(chat_id, None)) is None:
            bucket = Bucket(self._per_chat, burst=2)
        self._chats[chat_id] = bucket
        if len(self._chats) > _MOST_CHATS:
            self._chats.popitem(last=False)
        return bucket

    def _id(self, value: Any) -> int:
        try:
            message = mapping(mapping(value, "it").get("result"), "its message")
            return number(message.get("message_id"), "its id", 1)
        except Unfit:
            raise Unsure(self._upstream.name) from None

    def _slow_down(self, wait_s: float) -> SlowDown:
        name = self._upstream.name
        return SlowDown(f"{name} asks us to wait for {wait_s:.0f} seconds.", retry_after_s=wait_s)


def _said(button: Button) -> dict[str, str]:
    where = {"url": button.url} if button.url else {"callback_data": button.data}
    return {"text": clean(button.text, 60) or "…", **where}
