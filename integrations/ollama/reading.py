"""What an Ollama says: in one piece, or a line of JSON for each token. It is a stranger's word."""

from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from typing import Any

from domain.ports import Hearing
from integrations.ollama.shapes import check
from integrations.upstreams import bodies
from integrations.upstreams.fields import Unfit, mapping

STOPPED, BLANK = "stopped", "blank"
_MOST_BLANK = 200  # in a row: a model that writes JSON may go on with nothing but spaces


@dataclass(frozen=True, slots=True)
class Said:
    """What was written. end: as the server names it, STOPPED by whoever heard it, or BLANK."""

    text: Any
    end: Any


def whole(value: Any) -> Said:
    """An answer in one piece. Raises Unfit."""
    body = mapping(value, "it")
    if body.get("done") is not True:
        raise Unfit("it did not come to its end")
    return Said(mapping(body.get("message"), "its message").get("content"), body.get("done_reason"))


async def heard(lines: AsyncIterator[bytes], hearing: Hearing) -> Said:
    """An answer line by line, told while it grows. Raises bodies.BadBody where it breaks off."""
    text = ""
    async for line in lines:
        try:
            body = mapping(bodies.parse(line), "a line of it")
            if body.get("error"):  # the status was said long before
                raise Unfit("it breaks off with trouble of its own")
            piece = mapping(body.get("message"), "its message").get("content")
        except Unfit as unfit:
            raise bodies.BadBody(str(unfit)) from None
        if not isinstance(piece, str):
            raise bodies.BadBody("a line of it says nothing")
        text += piece
        if piece and not await hearing(text):
            return Said(text, STOPPED)
        if body.get("done") is True:
            return Said(text, body.get("done_reason"))
        if len(text) - len(text.rstrip()) > _MOST_BLANK:
            return Said(text, BLANK)
    raise bodies.BadBody("it is cut off")


def finished(said: Said, schema: Mapping[str, Any] | None) -> str:
    """The text of an answer that can be used. Raises Unfit and bodies.BadBody."""
    if said.end == "length":
        raise Unfit("it was cut off, being longer than allowed")
    if said.end == BLANK:
        raise Unfit("it goes on without a word")
    if said.end != "stop":
        raise Unfit("it did not come to its end")
    if not isinstance(said.text, str) or not said.text.strip():
        raise Unfit("it says nothing")
    if schema is not None:
        check(bodies.parse(said.text.encode()), schema)
    return said.text.strip()
