"""Bots, the people and groups they can write to, and what was written."""

import asyncio
import random
from collections import deque
from dataclasses import dataclass, field
from typing import Any

from simulators.buckets import Bucket
from simulators.clock import Clock
from simulators.telegram.refusals import Refused, bad, conflict, forbidden, too_many

Json = dict[str, Any]

KEPT_S = 86_400  # how long an update waits for somebody
ANSWERABLE_S = 900  # how long a button waits for an answer

# What a bot gets that has asked for nothing in particular.
USUAL = (
    "message", "edited_message", "channel_post", "edited_channel_post", "callback_query",
    "inline_query", "my_chat_member", "chat_join_request",
)  # fmt: skip


@dataclass(slots=True)
class Chat:
    """Somebody, or a group. started: has ever written to a bot, who may write since."""

    id: int
    first_name: str = ""
    username: str | None = None
    language_code: str = "en"
    type: str = "private"
    started: bool = True
    blocked: bool = False
    deactivated: bool = False
    migrated_to: int | None = None

    @property
    def said(self) -> Json:
        """As a chat."""
        name = "first_name" if self.type == "private" else "title"
        said: Json = {"id": self.id, "type": self.type, name: self.first_name}
        return {**said, "username": self.username} if self.username else said

    @property
    def user(self) -> Json:
        """As somebody who writes."""
        said: Json = {"id": self.id, "is_bot": False, "first_name": self.first_name}
        if self.username:
            said["username"] = self.username
        return {**said, "language_code": self.language_code}


@dataclass(slots=True)
class Webhook:
    """Where updates are sent instead of being asked for."""

    url: str = ""
    secret: str = field(default="", repr=False)
    max_connections: int = 40
    ip_address: str | None = None
    last_error_date: int | None = None
    last_error: str | None = None
    gone_since: float | None = None
    tries: int = 0


@dataclass(slots=True)
class Bot:
    """A bot, what waits for it and what it has done."""

    token: str = field(repr=False)
    username: str
    first_name: str
    updates: deque[tuple[float, Json]] = field(default_factory=deque)
    allowed: tuple[str, ...] = USUAL
    webhook: Webhook = field(default_factory=Webhook)
    held: asyncio.Future[Refused | None] | None = None
    asked: tuple[int, float, float] = (0, 0.0, 0.0)  # offset, begun and answered at
    messages: dict[tuple[int, int], Json] = field(default_factory=dict)
    queries: dict[str, float] = field(default_factory=dict)
    menu: list[Json] = field(default_factory=list)
    outbox: list[Json] = field(default_factory=list)
    next_update: int = 1001
    next_message: int = 5
    everybody: Bucket = field(default_factory=lambda: Bucket(30, 30))
    paid: Bucket = field(default_factory=lambda: Bucket(1000, 1000))
    each: dict[int, Bucket] = field(default_factory=dict)

    @property
    def id(self) -> int:
        """The number its token begins with."""
        return int(self.token.partition(":")[0])

    @property
    def said(self) -> Json:
        """As somebody who writes."""
        return {
            "id": self.id,
            "is_bot": True,
            "first_name": self.first_name,
            "username": self.username,
        }

    def wake(self, why: Refused | None = None) -> None:
        """End a call that is held: with what there is now, or with a refusal."""
        if self.held is not None and not self.held.done():
            self.held.set_result(why)


@dataclass(slots=True)
class Settings:
    """What can be changed while it runs. local_webhooks: any URL, as a server of one's own has."""

    limits: bool = True
    local_webhooks: bool = False
    burst: int = 3


@dataclass(slots=True)
class State:
    """All of it."""

    clock: Clock
    draw: random.Random
    settings: Settings = field(default_factory=Settings)
    bots: dict[str, Bot] = field(default_factory=dict)
    chats: dict[int, Chat] = field(default_factory=dict)

    def bot(self, token: str) -> Bot:
        """The bot of a token. Raises Refused 401."""
        number, _, secret = token.partition(":")
        if not number.isdecimal() or not secret:
            raise Refused(401, "Unauthorized: invalid token specified")
        if token not in self.bots:
            raise Refused(401, "Unauthorized")
        return self.bots[token]

    def chat(self, given: str) -> Chat:
        """A chat by its id or @name. Raises Refused 400."""
        if not given:
            raise bad("chat_id is empty")
        for chat in self.chats.values():
            if given == str(chat.id) or (chat.username and given == f"@{chat.username}"):
                return chat
        raise bad("chat not found")

    def reachable(self, given: str) -> Chat:
        """The same, if a bot may write to it. Raises Refused 400 or 403."""
        chat = self.chat(given)
        if chat.migrated_to is not None:
            told = "Bad Request: group chat was upgraded to a supergroup chat"
            raise Refused(400, told, {"migrate_to_chat_id": chat.migrated_to})
        if chat.deactivated:
            raise forbidden("user is deactivated")
        if chat.blocked:
            was = "bot was blocked by the user"
            raise forbidden(
                was if chat.type == "private" else f"bot was kicked from the {chat.type} chat"
            )
        if not chat.started:
            raise forbidden("bot can't initiate conversation with a user")
        return chat

    def count(self, bot: Bot, chat: Chat, *, paid: bool = False) -> None:
        """Count one message to a chat. Raises Refused 429."""
        if not self.settings.limits:
            return
        now = self.clock.seconds()
        group = chat.type != "private"
        bucket = bot.each.get(chat.id)
        if bucket is None:
            burst = self.settings.burst
            bucket = Bucket(20 / 60, 20) if group else Bucket(1, burst)
            bot.each[chat.id] = bucket
        everybody = bot.paid if paid else bot.everybody
        wait = max(bucket.wait_s(now), everybody.wait_s(now))
        if wait:
            raise too_many(max(1, int(wait + 0.999)))
        bucket.take(now)
        everybody.take(now)

    def tell(self, bot: Bot, kind: str, what: Json) -> Json | None:
        """Let something happen that a bot hears of, unless it asked not to."""
        update = {"update_id": bot.next_update, kind: what}
        if kind == "callback_query":
            bot.queries[what["id"]] = self.clock.seconds()
        if kind not in bot.allowed:
            return None
        bot.next_update += 1
        bot.updates.append((self.clock.seconds(), update))
        bot.wake()
        return update

    def forget(self, bot: Bot) -> None:
        """Drop what has waited too long."""
        oldest = self.clock.seconds() - KEPT_S
        while bot.updates and bot.updates[0][0] < oldest:
            bot.updates.popleft()

    def message(self, bot: Bot, chat: Chat, sender: Json, **what: Any) -> Json:
        """Write a message down, and number it."""
        said = {
            "message_id": bot.next_message,
            "from": sender,
            "chat": chat.said,
            "date": int(self.clock.seconds()),
            **what,
        }
        bot.next_message += 1
        bot.messages[chat.id, said["message_id"]] = said
        return said


TERMINATED = conflict(
    "terminated by other getUpdates request; make sure that only one bot instance is running"
)
