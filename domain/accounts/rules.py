"""What an account may be made of, and how long a session lasts. Pure: values in, values out.

The functions named after a thing take what a client sent and answer the form that is kept, or
raise InvalidInput with a sentence for the person who sent it.
"""

import re
import unicodedata
from datetime import datetime, timedelta
from functools import cache
from ipaddress import IPv6Address, ip_address, ip_network
from zoneinfo import available_timezones

from domain.accounts.common_passwords import COMMON_PASSWORDS
from domain.accounts.countries import COUNTRIES
from domain.errors import InvalidInput
from domain.titles.names import clean

LONGEST_EMAIL = 254
SHORTEST_PASSWORD, LONGEST_PASSWORD, MOST_PASSWORD_BYTES = 8, 256, 1024
LONGEST_TOKEN_NAME = 60
MOST_TOKENS = 20

SESSION_IDLE = timedelta(days=30)
SESSION_LIFE = timedelta(days=180)
EXTEND_EVERY = timedelta(days=1)
SEEN_EVERY = timedelta(hours=1)

# Whether a mailbox exists only a mail can tell; this keeps out typing slips and mail headers.
_ODD = r"\s@,;:<>()\[\]\\\""
_EMAIL = re.compile(rf"[^{_ODD}]{{1,64}}@[^{_ODD}]+\.[^{_ODD}.]{{2,}}")


def email(given: str) -> str:
    """An e-mail address as it was typed, but trimmed."""
    kept = given.strip()
    if len(kept) <= LONGEST_EMAIL:  # normalising a long run of accents would take its time
        kept = unicodedata.normalize("NFC", kept)
    fits = len(kept) <= LONGEST_EMAIL and kept.isprintable() and ".." not in kept
    if not fits or not _EMAIL.fullmatch(kept):
        raise InvalidInput(
            "That doesn't look like an e-mail address; it should be like ada@example.com.",
            field="email",
        )
    return kept


def email_key(given: str) -> str:
    """The form under which an e-mail is found. Any string has one; not all are an account's."""
    return clean(given, LONGEST_EMAIL).casefold()


def typed_password(given: str) -> str | None:
    """The form of a password that is hashed: NFKC, so that all keyboards spell it alike.

    None for what is no account's password, since `new_password` would have refused it.
    """
    if len(given) > LONGEST_PASSWORD:
        return None
    kept = unicodedata.normalize("NFKC", given)
    try:
        size = len(kept.encode())
    except UnicodeEncodeError:  # a lone surrogate
        return None
    return kept if len(kept) >= SHORTEST_PASSWORD and size <= MOST_PASSWORD_BYTES else None


def new_password(given: str, for_email: str, *, field: str = "password") -> str:
    """A password as it is hashed: long enough and not the first guess; of anything you like."""
    kept = typed_password(given)
    if kept is None:
        raise InvalidInput(
            f"A password has {SHORTEST_PASSWORD} to {LONGEST_PASSWORD} characters"
            f" ({MOST_PASSWORD_BYTES:,} bytes at most); a few words make a good one.",
            field=field,
        )
    if kept.casefold() in COMMON_PASSWORDS:
        raise InvalidInput(
            "This password is among the first that everybody tries; choose another.", field=field
        )
    if email_key(kept) == email_key(for_email):
        raise InvalidInput("The e-mail can't be the password too; choose another.", field=field)
    return kept


def country(given: str) -> str:
    """An ISO 3166-1 alpha-2 code in capitals."""
    code = clean(given, 8).upper()
    if code not in COUNTRIES:
        raise InvalidInput(
            f"{clean(given, 8)!r} is no country; use two letters like 'DE' or 'US'.",
            field="country",
        )
    return code


@cache
def _zones() -> frozenset[str]:
    # Asking for a name instead would open whatever file it spells ("America" is a directory).
    return frozenset(available_timezones())


def time_zone(given: str) -> str:
    """An IANA time zone by its exact name."""
    if given not in _zones():
        raise InvalidInput(
            f"{clean(given, 40)!r} is no time zone; use a name like 'Europe/Berlin'.",
            field="timeZone",
        )
    return given


def token_name(given: str) -> str:
    """What somebody calls an API token."""
    kept = clean(given, LONGEST_TOKEN_NAME + 1)
    if not 1 <= len(kept) <= LONGEST_TOKEN_NAME:
        raise InvalidInput(
            f"A token's name has 1 to {LONGEST_TOKEN_NAME} characters.", field="name"
        )
    return kept


def session_end(created_at: datetime, now: datetime) -> datetime:
    """When a session used now ends: 30 idle days on, 180 days after it began at the latest."""
    return min(now + SESSION_IDLE, created_at + SESSION_LIFE)


def network(address: str) -> str:
    """Whom to count a request for: an IPv4 address, or the /64 of an IPv6 one.

    A household or a rented server gets a whole /64, so counting single addresses counts nothing.
    """
    try:
        parsed = ip_address(address)
    except ValueError:
        return "unknown"
    if isinstance(parsed, IPv6Address):
        return str(ip_network((int(parsed) >> 64 << 64, 64)))
    return str(parsed)
