"""What a method was called with, in any of the four ways: query, form, multipart or JSON."""

import json
from email import message_from_bytes
from email.policy import HTTP
from typing import Any
from urllib.parse import parse_qsl

from starlette.requests import Request

from simulators.telegram.refusals import bad

_TRUE = ("true", "1", "yes")


class Parameters:
    """Values by name. What came as text and what came as JSON are read alike."""

    def __init__(self, values: dict[str, Any]) -> None:
        self.values = values

    def text(self, name: str, default: str = "") -> str:
        """Text; numbers and the like as they are written."""
        value = self.values.get(name)
        if value is None:
            return default
        return value if isinstance(value, str) else json.dumps(value)

    def number(self, name: str, default: int = 0) -> int:
        """A whole number."""
        value = self.values.get(name)
        if value in (None, ""):
            return default
        try:
            return int(value)
        except (TypeError, ValueError):
            raise bad(
                f'can\'t parse field "{name}": Field "{name}" must be of type Number'
            ) from None

    def flag(self, name: str) -> bool:
        """Yes or no; what isn't there is no."""
        return str(self.values.get(name, "")).lower() in _TRUE

    def parsed(self, name: str, what: str) -> Any:
        """What is JSON within a form, and itself within JSON; None where it isn't there."""
        value = self.values.get(name)
        if not isinstance(value, str):
            return value
        try:
            return json.loads(value) if value else None
        except ValueError:
            raise bad(f"can't parse {what} JSON object") from None


async def parameters_of(request: Request) -> Parameters:
    """Read the query and the body together; the body wins. Raises Refused 400."""
    values: dict[str, Any] = dict(request.query_params)
    body = await request.body()
    sent_as = request.headers.get("content-type", "")
    kind = sent_as.partition(";")[0].strip().lower()
    if not body:
        return Parameters(values)
    if kind == "application/json":
        try:
            read = json.loads(body)
        except ValueError:
            raise bad("can't parse request: failed to parse JSON object") from None
        if not isinstance(read, dict):
            raise bad("can't parse request: JSON object expected")
        values |= read
    elif kind == "application/x-www-form-urlencoded":
        values |= parse_qsl(body.decode(errors="replace"), keep_blank_values=True)
    elif kind == "multipart/form-data":
        values |= _multipart(sent_as, body)
    return Parameters(values)


def _multipart(sent_as: str, body: bytes) -> dict[str, Any]:
    head = f"Content-Type: {sent_as}\r\n\r\n".encode()
    read = message_from_bytes(head + body, policy=HTTP)
    values: dict[str, Any] = {}
    for part in read.iter_parts() if read.is_multipart() else ():
        name = part.get_param("name", header="content-disposition")
        content = part.get_payload(decode=True)
        if not isinstance(name, str) or not isinstance(content, bytes):
            continue
        file = part.get_filename()
        if file is None:
            values[name] = content.decode(errors="replace")
        else:
            values[name] = {"file_name": file, "file_size": len(content)}
    return values
