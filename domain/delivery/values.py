"""What is handed over to be delivered: letters, and the buttons below messages."""

from dataclasses import dataclass

MOST_EMAILS = 100
"""How many letters go out at once."""


@dataclass(frozen=True, slots=True)
class Email:
    """A letter to one address.

    sender: 'Name <digest@guide.example>'. headers: further ones, such as List-Unsubscribe, in their
    order. tags: names and values of letters, digits, _ and -, which come back with what is
    heard of it.
    """

    sender: str
    to: str
    subject: str
    html: str
    text: str
    headers: tuple[tuple[str, str], ...] = ()
    tags: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Button:
    """A button below a message. It opens a url, or sends data (1 to 64 bytes) back to us."""

    text: str
    url: str = ""
    data: str = ""

    def __post_init__(self) -> None:
        if bool(self.url) == bool(self.data) or len(self.data.encode()) > 64:
            raise ValueError("a button has a url, or data of up to 64 bytes")
