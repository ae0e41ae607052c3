"""Keyboards below messages: which ones can be taken."""

import json
from typing import Any

from simulators.telegram.parameters import Parameters
from simulators.telegram.refusals import bad

_LONGEST = 10_000
_OTHERS = ("keyboard", "remove_keyboard", "force_reply")
_SCHEMES = ("http://", "https://", "tg://")


def keyboard(given: Parameters) -> dict[str, Any] | None:
    """The reply markup that was sent; None for none. Raises Refused 400."""
    markup = given.parsed("reply_markup", "reply keyboard markup")
    if not markup:
        return None
    if not isinstance(markup, dict):
        raise bad("object expected as reply markup")
    if len(json.dumps(markup, ensure_ascii=False).encode()) > _LONGEST:
        raise bad("reply markup is too long")
    rows = markup.get("inline_keyboard")
    if rows is None:
        if not any(name in markup for name in _OTHERS):
            raise bad("can't parse reply keyboard markup JSON object")
        return markup
    if not isinstance(rows, list) or not all(isinstance(row, list) for row in rows):
        raise bad('can\'t parse inline keyboard: field "inline_keyboard" must be of type Array')
    for row in rows:
        for button in row:
            _check(button)
    return {"inline_keyboard": rows}


def _check(button: Any) -> None:
    if not isinstance(button, dict):
        raise bad("can't parse inline keyboard button: InlineKeyboardButton must be an Object")
    if not isinstance(button.get("text"), str) or not button["text"].strip():
        raise bad("inline keyboard button text must be non-empty")
    url, data = button.get("url"), button.get("callback_data")
    if url is not None:
        if not isinstance(url, str) or not url.startswith(_SCHEMES) or len(url) < 10:
            raise bad(f"inline keyboard button URL '{url}' is invalid: Wrong HTTP URL")
    elif data is not None:
        if not isinstance(data, str) or not 1 <= len(data.encode()) <= 64:
            raise bad("BUTTON_DATA_INVALID")
    elif len(button) == 1:
        raise bad(
            "can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard"
        )
