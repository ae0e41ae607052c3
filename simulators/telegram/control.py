"""What tests ask of Telegram behind its back: people who write, press, block, and the outbox."""

from dataclasses import asdict, fields
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from simulators.telegram.refusals import Refused
from simulators.telegram.state import Bot, Chat, Json, Settings, State
from simulators.telegram.text import commands
from simulators.telegram.updates import Updates


def routes(state: State, updates: Updates) -> list[Route]:
    """Everything under /_sim."""

    def bot_of(sent: Json) -> Bot:
        return state.bot(sent["token"]) if "token" in sent else next(iter(state.bots.values()))

    async def bots(request: Request) -> Response:
        """Register a bot. {"token","username","first_name"}; with "revoked": true, forget it."""
        sent = await request.json()
        token = str(sent.get("token", ""))
        if sent.get("revoked"):
            state.bots.pop(token, None)
            return Response(status_code=204)
        number, _, secret = token.partition(":")
        if not number.isdecimal() or not secret:
            return _problem("A token is digits, a colon, and something.")
        bot = Bot(token, sent.get("username", f"bot{number}_bot"), sent.get("first_name", "Bot"))
        state.bots[token] = bot
        return JSONResponse(bot.said)

    async def users(request: Request) -> Response:
        """Make or change somebody, or a group: {"id", ...}, keys as of `state.Chat`."""
        if request.method == "GET":
            return JSONResponse([asdict(chat) for chat in state.chats.values()])
        sent = await request.json()
        known = {each.name for each in fields(Chat)}
        if not isinstance(sent.get("id"), int) or not set(sent) <= known:
            return _problem(f"Say the id, and of {', '.join(sorted(known))} what is to change.")
        chat = state.chats.setdefault(sent["id"], Chat(sent["id"], f"User {sent['id']}"))
        for name, value in sent.items():
            setattr(chat, name, value)
        return JSONResponse(asdict(chat))

    async def inject(request: Request) -> Response:
        """Let something happen.

        {"from":7,"text":"/start x"} writes, {"from":7,"data":"...","message_id":6} presses,
        {"from":7,"blocked":true} blocks or, with false, comes back; anything else is an update
        as it is, but for its number.
        """
        sent = await request.json()
        bot = bot_of(sent)
        kind, what = _happening(state, bot, sent)
        update = state.tell(bot, kind, what)
        updates.hurry(bot)
        return JSONResponse({"update": update})

    async def outbox(request: Request) -> Response:
        """Every call of a bot that sends or changes something, with what came of it."""
        bot = bot_of(dict(request.query_params))
        if request.method == "DELETE":
            bot.outbox.clear()
            return Response(status_code=204)
        return JSONResponse(bot.outbox)

    async def settings(request: Request) -> Response:
        """Read them, or change some; keys as of `state.Settings`."""
        if request.method == "POST":
            for name, value in (await request.json()).items():
                if name not in {each.name for each in fields(Settings)}:
                    return _problem(f"There is no setting {name!r}.")
                setattr(state.settings, name, value)
            for bot in state.bots.values():
                bot.each.clear()
        return JSONResponse(asdict(state.settings))

    return [
        Route("/_sim/bots", _told(bots), methods=["POST"]),
        Route("/_sim/users", _told(users), methods=["GET", "POST"]),
        Route("/_sim/updates", _told(inject), methods=["POST"]),
        Route("/_sim/outbox", _told(outbox), methods=["GET", "DELETE"]),
        Route("/_sim/settings", _told(settings), methods=["GET", "POST"]),
    ]


def _happening(state: State, bot: Bot, sent: Json) -> tuple[str, Json]:
    if "from" not in sent:
        kinds = [name for name in sent if name not in ("token", "update_id")]
        if len(kinds) != 1:
            raise Refused(400, "Say `from`, or one update.")
        return kinds[0], sent[kinds[0]]
    chat = state.chats.setdefault(sent["from"], Chat(sent["from"], f"User {sent['from']}"))
    if "blocked" in sent:
        chat.blocked = bool(sent["blocked"])
        # Whoever was banned was so until some time; 0 is for ever.
        here = {"user": bot.said, "status": "member"}
        gone = {"user": bot.said, "status": "kicked", "until_date": 0}
        before, after = (here, gone) if chat.blocked else (gone, here)
        return "my_chat_member", {
            "chat": chat.said,
            "from": chat.user,
            "date": int(state.clock.seconds()),
            "old_chat_member": before,
            "new_chat_member": after,
        }
    if "data" in sent:
        message = bot.messages.get((chat.id, sent.get("message_id", bot.next_message - 1)))
        if message is None:
            raise Refused(400, "There is no such message.")
        return "callback_query", {
            "id": str(state.draw.getrandbits(60)),
            "from": chat.user,
            "chat_instance": str(-chat.id),
            "data": sent["data"],
            "message": message,
        }
    chat.started, chat.blocked = True, False
    text = sent.get("text", "")
    entities = {"entities": found} if (found := commands(text)) else {}
    return "message", state.message(bot, chat, chat.user, text=text, **entities)


def _told(answer: Any) -> Any:
    async def endpoint(request: Request) -> Response:
        try:
            return await answer(request)
        except Refused as refused:
            return _problem(refused.description)
        except (ValueError, AttributeError):
            return _problem("The body must be a JSON object.")

    return endpoint


def _problem(text: str) -> JSONResponse:
    return JSONResponse({"error": text}, 400)
