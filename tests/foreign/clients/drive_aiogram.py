"""aiogram: a bot that polls, takes updates by webhook, sends, and is refused things."""

import asyncio
import json
from collections.abc import Awaitable
from typing import Any

from aiogram import Bot, Dispatcher, F
from aiogram.client.default import DefaultBotProperties
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.filters import CommandObject, CommandStart
from aiogram.types import (
    BotCommand,
    BufferedInputFile,
    CallbackQuery,
    ChatMemberUpdated,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    LinkPreviewOptions,
    Message,
    Update,
)
from aiogram.utils.deep_linking import create_start_link
from receiver import listening
from standin import BASE, control, described, fault, pause, tell

TOKEN = "42:TEST"
SECRET = "a-secret-of-the-webhook"


def make(token: str = TOKEN) -> Bot:
    """A bot that talks to the stand-in."""
    session = AiohttpSession(api=TelegramAPIServer.from_base(f"{BASE}/telegram"))
    return Bot(token, session=session, default=DefaultBotProperties(parse_mode="HTML"))


async def refused(asked: Awaitable[Any]) -> dict[str, Any]:
    """How something is refused: the client's type of error, and what it tells."""
    try:
        await asked
    except Exception as error:
        return described(error, "message", "retry_after")
    return {"type": None}


async def say(path: str, body: dict[str, Any]) -> Any:
    """Say something to the stand-in's own side."""
    return await asyncio.to_thread(control, "POST", path, body)


async def inject(happening: dict[str, Any]) -> Any:
    """Let somebody do something in a chat."""
    return await say("/telegram/_sim/updates", happening)


def keyboard(*rows: tuple[str, str]) -> InlineKeyboardMarkup:
    """Buttons under a message: label and data."""
    return InlineKeyboardMarkup(
        inline_keyboard=[
            [InlineKeyboardButton(text=label, callback_data=data)] for label, data in rows
        ]
    )


async def polled(bot: Bot) -> dict[str, Any]:
    """Poll for what people do: /start with a link, a button, and blocking the bot."""
    told: dict[str, Any] = {}
    dispatcher = Dispatcher()
    finished = asyncio.Event()

    @dispatcher.message(CommandStart(deep_link=True))
    async def started(message: Message, command: CommandObject) -> None:
        told["linked"] = command.args
        answer = await message.answer(
            "Is it <b>you</b>, a&amp;b?", reply_markup=keyboard(("Yes", "link:yes"))
        )
        told["answer"] = answer.model_dump(mode="json", exclude_none=True)
        await inject({"from": 7, "data": "link:yes"})

    @dispatcher.callback_query(F.data == "link:yes")
    async def pressed(query: CallbackQuery) -> None:
        told["pressed"] = query.data
        told["answered"] = await query.answer("Linked.", show_alert=True)
        edited = await query.message.edit_text("Linked to a***@example.com")
        told["edited"] = edited.model_dump(mode="json", exclude_none=True)
        await inject({"from": 7, "blocked": True})

    @dispatcher.my_chat_member()
    async def came_or_left(change: ChatMemberUpdated) -> None:
        told.setdefault("statuses", []).append(change.new_chat_member.status)
        if change.new_chat_member.status == "kicked":
            await inject({"from": 7, "blocked": False})
        else:
            finished.set()

    polling = asyncio.create_task(
        dispatcher.start_polling(
            bot, polling_timeout=10, handle_signals=False, close_bot_session=False
        )
    )
    await asyncio.sleep(0.3)  # the bot waits, and nothing has happened yet
    await inject({"from": 7, "text": "/start link-k3Jx"})
    await asyncio.wait_for(finished.wait(), 20)
    await dispatcher.stop_polling()
    await polling
    return told


async def sent(bot: Bot) -> dict[str, Any]:
    """Everything a bot says by itself."""
    await asyncio.to_thread(pause, 5)
    message = await bot.send_message(
        7,
        "<b>Leaving</b>: Paper Garden",
        link_preview_options=LinkPreviewOptions(is_disabled=True),
        disable_notification=True,
        reply_markup=keyboard(("Seen", "seen:tm19698")),
    )
    await asyncio.to_thread(pause, 2)
    photo = await bot.send_photo(7, "https://images.example/poster.jpg", caption="A poster")
    own = await bot.send_photo(7, BufferedInputFile(b"not really a picture", "own.jpg"))
    return {
        "own": own.model_dump(mode="json", exclude_none=True),
        "me": (await bot.get_me()).model_dump(mode="json", exclude_none=True),
        "link": await create_start_link(bot, "abc_DEF-123"),
        "message": message.model_dump(mode="json", exclude_none=True),
        "photo": photo.model_dump(mode="json", exclude_none=True),
        "typing": await bot.send_chat_action(7, "typing"),
        "buttons": (
            await bot.edit_message_reply_markup(
                chat_id=7, message_id=message.message_id, reply_markup=keyboard(("Undo", "undo:1"))
            )
        ).model_dump(mode="json", exclude_none=True),
        "unchanged": await refused(
            bot.edit_message_reply_markup(
                chat_id=7, message_id=message.message_id, reply_markup=keyboard(("Undo", "undo:1"))
            )
        ),
        "deleted": await bot.delete_message(7, photo.message_id),
        "commands": await bot.set_my_commands([BotCommand(command="tonight", description="What")]),
    }


async def hooked(bot: Bot) -> dict[str, Any]:
    """Take updates by webhook, and see that polling is refused meanwhile."""
    heard: list[str | None] = []
    dispatcher = Dispatcher()

    @dispatcher.message()
    async def said(message: Message) -> None:
        heard.append(message.text)

    # Telegram itself brings updates by HTTPS alone, a server of one's own wherever it is told to.
    await say("/telegram/_sim/settings", {"local_webhooks": True})
    with listening() as inbox:
        set_up = await bot.set_webhook(inbox.url, secret_token=SECRET)
        info = await bot.get_webhook_info()
        conflict = await refused(bot.get_updates())
        await inject({"from": 7, "text": "by webhook"})
        came = await asyncio.to_thread(inbox.wait_for, 1)
        body, headers = came[0]
        await dispatcher.feed_update(
            bot, Update.model_validate(json.loads(body), context={"bot": bot})
        )
        return {
            "set_up": set_up,
            "info": info.model_dump(mode="json", exclude_none=True),
            "conflict": conflict,
            "heard": heard,
            "secret": headers.get("x-telegram-bot-api-secret-token"),
            "removed": await bot.delete_webhook(drop_pending_updates=True),
            "by_http": await refused_by_http(bot, inbox.url),
            "after": (await bot.get_webhook_info()).url,
        }


async def refused_by_http(bot: Bot, url: str) -> dict[str, Any]:
    """What Telegram itself says to a webhook without HTTPS."""
    await say("/telegram/_sim/settings", {"local_webhooks": False})
    return await refused(bot.set_webhook(url))


async def refusals(bot: Bot) -> dict[str, Any]:
    """What is refused, and what the client calls it."""
    told = {
        "chat": await refused(bot.send_message(99_999, "Hello?")),
        "html": await refused(bot.send_message(7, "<b>not closed")),
        "empty": await refused(bot.send_message(7, "   ")),
        "long": await refused(bot.send_message(7, "x" * 4097)),
        "button": await refused(
            bot.send_message(7, "Press", reply_markup=keyboard(("-", "x" * 65)))
        ),
        "old_query": await refused(bot.answer_callback_query("no-such-query")),
    }
    await asyncio.to_thread(pause, 5)
    burst = [bot.send_message(7, f"Message {number}") for number in range(40)]
    told["too_many"] = next(
        (it for it in await asyncio.gather(*map(refused, burst)) if it["type"]), {"type": None}
    )
    await asyncio.to_thread(pause, 120)
    await asyncio.to_thread(fault, "telegram", "server_error", status=502)
    told["server_error"] = await refused(bot.send_message(7, "Hello?"))
    await asyncio.to_thread(fault, "telegram", "too_many", retry_after=7)
    told["flood"] = await refused(bot.send_message(7, "Hello?"))
    await asyncio.to_thread(fault, "telegram", "html")
    told["not_json"] = await refused(bot.send_message(7, "Hello?"))
    await asyncio.to_thread(fault, "telegram", "drop")
    told["drop"] = await refused(bot.send_message(7, "Hello?"))
    await inject({"from": 7, "blocked": True})
    told["blocked"] = await refused(bot.send_message(7, "Hello?"))
    stranger = make("43:NOBODY")
    told["token"] = await refused(stranger.get_me())
    await stranger.session.close()
    return told


async def main() -> dict[str, Any]:
    """Hold the whole conversation with one bot."""
    bot = make()
    try:
        return {
            "polled": await polled(bot),
            "sent": await sent(bot),
            "hooked": await hooked(bot),
            "refusals": await refusals(bot),
            "outbox": await asyncio.to_thread(control, "GET", "/telegram/_sim/outbox"),
        }
    finally:
        await bot.session.close()


tell(asyncio.run(main()))
