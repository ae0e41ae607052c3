"""What a bot can do: one function per method, found by its name in lower case."""

import re
from collections.abc import Awaitable, Callable
from typing import Any

from simulators.telegram.keyboards import keyboard
from simulators.telegram.parameters import Parameters
from simulators.telegram.refusals import bad
from simulators.telegram.state import ANSWERABLE_S, Bot, Json, State
from simulators.telegram.text import formatted, units
from simulators.telegram.updates import Updates

Method = Callable[[Bot, Parameters], Awaitable[Any]]

LONGEST, LONGEST_CAPTION = 4096, 1024
_ACTIONS = (
    "typing", "upload_photo", "record_video", "upload_video", "record_voice", "upload_voice",
    "upload_document", "choose_sticker", "find_location",
)  # fmt: skip
_COMMAND = re.compile(r"[a-z0-9_]{1,32}")
_NOT_MODIFIED = (
    "message is not modified: specified new message content and reply markup are exactly the same "
    "as a current content and reply markup of the message"
)


class Methods:
    """All methods of all bots."""

    def __init__(self, state: State, updates: Updates) -> None:
        self._state = state
        self._by_name: dict[str, Method] = {
            "getme": self.get_me,
            "getupdates": updates.get,
            "setwebhook": updates.set_webhook,
            "deletewebhook": updates.delete_webhook,
            "getwebhookinfo": updates.webhook_info,
            "sendmessage": self.send_message,
            "sendphoto": self.send_photo,
            "editmessagetext": self.edit_text,
            "editmessagereplymarkup": self.edit_markup,
            "deletemessage": self.delete_message,
            "answercallbackquery": self.answer_query,
            "sendchataction": self.send_action,
            "setmycommands": self.set_commands,
            "getmycommands": self.get_commands,
            "deletemycommands": self.delete_commands,
            "getchat": self.get_chat,
        }

    def named(self, name: str) -> Method | None:
        """A method by its name, in whatever case."""
        return self._by_name.get(name.lower())

    async def get_me(self, bot: Bot, given: Parameters) -> Json:
        """Who the bot is."""
        return {
            **bot.said,
            "can_join_groups": True,
            "can_read_all_group_messages": False,
            "supports_inline_queries": False,
        }

    def _text(self, given: Parameters, name: str, longest: int) -> Json:
        shown, entities = formatted(given.text(name), given.text("parse_mode"))
        if not given.text("parse_mode"):
            entities = given.parsed("entities", "message entities") or []
        # Whitespace around a text is not kept; entities before it keep their places.
        lead = units(shown) - units(shown.lstrip())
        entities = [{**each, "offset": max(0, each["offset"] - lead)} for each in entities]
        shown = shown.strip()
        if name == "text" and not shown:
            raise bad("message text is empty")
        if units(shown) > longest:
            raise bad("message is too long" if name == "text" else "message caption is too long")
        said: Json = {name: shown} if shown else {}
        if entities and shown:
            said["entities" if name == "text" else "caption_entities"] = entities
        return said

    def _send(self, bot: Bot, given: Parameters, said: Json) -> Json:
        chat = self._state.reachable(given.text("chat_id"))
        markup = keyboard(given)
        if markup is not None and "inline_keyboard" in markup:
            said["reply_markup"] = markup
        reply = given.parsed("reply_parameters", "reply parameters")
        if isinstance(reply, dict) and "message_id" in reply:
            answered = bot.messages.get((chat.id, reply["message_id"]))
            if answered is not None:
                said["reply_to_message"] = answered
            elif not reply.get("allow_sending_without_reply"):
                raise bad("message to be replied not found")
        if given.flag("protect_content"):
            said["has_protected_content"] = True
        self._state.count(bot, chat, paid=given.flag("allow_paid_broadcast"))
        return self._state.message(bot, chat, bot.said, **said)

    async def send_message(self, bot: Bot, given: Parameters) -> Json:
        """Write to somebody."""
        return self._send(bot, given, self._text(given, "text", LONGEST))

    async def send_photo(self, bot: Bot, given: Parameters) -> Json:
        """Send a picture, by its address, its id or itself."""
        photo = given.values.get("photo")
        if not photo:
            raise bad("there is no photo in the request")
        if isinstance(photo, str) and "://" in photo and not photo.startswith(("http", "attach")):
            raise bad("invalid file HTTP URL specified: Unsupported URL protocol")
        id = f"{self._state.draw.getrandbits(160):040x}"
        sizes = [
            {"file_id": f"{id}{width}", "file_unique_id": f"{id[:8]}{width}", "width": width,
             "height": width * 3 // 2, "file_size": width * 90}
            for width in (90, 320, 800)
        ]  # fmt: skip
        return self._send(
            bot, given, {"photo": sizes, **self._text(given, "caption", LONGEST_CAPTION)}
        )

    def _mine(self, bot: Bot, given: Parameters, what: str) -> Json:
        if given.text("inline_message_id"):
            raise bad("MESSAGE_ID_INVALID")
        chat = self._state.reachable(given.text("chat_id"))
        message = bot.messages.get((chat.id, given.number("message_id")))
        if message is None:
            raise bad(f"message to {what} not found")
        if what == "edit" and message["from"]["id"] != bot.id:
            raise bad("message can't be edited")
        return message

    async def edit_text(self, bot: Bot, given: Parameters) -> Json:
        """Put other text, and another keyboard or none, in the place of what was written."""
        message = self._mine(bot, given, "edit")
        said, markup = self._text(given, "text", LONGEST), keyboard(given)
        kept = ("text", "entities", "reply_markup")
        if markup is not None:
            said["reply_markup"] = markup
        if said == {name: message[name] for name in kept if name in message}:
            raise bad(_NOT_MODIFIED)
        return self._edited(message, kept, said)

    async def edit_markup(self, bot: Bot, given: Parameters) -> Json:
        """Put another keyboard, or none, below what was written."""
        message, markup = self._mine(bot, given, "edit"), keyboard(given)
        if message.get("reply_markup") == markup:
            raise bad(_NOT_MODIFIED)
        said = {} if markup is None else {"reply_markup": markup}
        return self._edited(message, ("reply_markup",), said)

    def _edited(self, message: Json, replaced: tuple[str, ...], said: Json) -> Json:
        for name in replaced:
            message.pop(name, None)
        message |= {**said, "edit_date": int(self._state.clock.seconds())}
        return message

    async def delete_message(self, bot: Bot, given: Parameters) -> bool:
        """Take a message away."""
        message = self._mine(bot, given, "delete")
        del bot.messages[message["chat"]["id"], message["message_id"]]
        return True

    async def answer_query(self, bot: Bot, given: Parameters) -> bool:
        """Let a button stop spinning."""
        if units(given.text("text")) > 200:
            raise bad("MESSAGE_TOO_LONG")
        asked_at = bot.queries.pop(given.text("callback_query_id"), None)
        if asked_at is None or self._state.clock.seconds() - asked_at > ANSWERABLE_S:
            raise bad("query is too old and response timeout expired or query ID is invalid")
        return True

    async def send_action(self, bot: Bot, given: Parameters) -> bool:
        """Say that something is being written."""
        self._state.reachable(given.text("chat_id"))
        if given.text("action") not in _ACTIONS:
            raise bad("wrong parameter action in request")
        return True

    async def set_commands(self, bot: Bot, given: Parameters) -> bool:
        """The menu."""
        sent = given.parsed("commands", "list of commands")
        if not isinstance(sent, list):
            raise bad('can\'t parse commands: Field "commands" must be of type Array')
        if len(sent) > 100:
            raise bad("BOT_COMMANDS_TOO_MUCH")
        for each in sent:
            name = each.get("command", "") if isinstance(each, dict) else ""
            if not _COMMAND.fullmatch(name.removeprefix("/")):
                raise bad("BOT_COMMAND_INVALID")
            if not 1 <= len(each.get("description", "")) <= 256:
                raise bad("BOT_COMMAND_DESCRIPTION_INVALID")
        bot.menu = sent
        return True

    async def get_commands(self, bot: Bot, given: Parameters) -> list[Json]:
        """The menu, as it is."""
        return bot.menu

    async def delete_commands(self, bot: Bot, given: Parameters) -> bool:
        """No menu."""
        bot.menu = []
        return True

    async def get_chat(self, bot: Bot, given: Parameters) -> Json:
        """Who somebody is."""
        return self._state.chat(given.text("chat_id")).said
