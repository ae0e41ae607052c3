"""What a field of a webhook may hold: types that read strangers' values, or say what they must be.

The sentences start with "Input", for which `rest.json` puts the field's name.
"""

import re
from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation
from typing import Annotated, Any
from urllib.parse import urlsplit

from pydantic import BeforeValidator, Field, WithJsonSchema
from pydantic_core import PydanticCustomError

_YEARS = range(2000, 2100)  # beyond them, days are somebody's word for "never", or a slip
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_CENT, _DEAREST = Decimal("0.01"), 100_000
_LONGEST_URL, _LONGEST_MOMENT = 2_000, 40
_LARGEST = 2**31 - 1


def _day(value: Any) -> Any:
    if value is None:
        return None
    try:
        if isinstance(value, str) and _DAY.fullmatch(value) and int(value[:4]) in _YEARS:
            return date.fromisoformat(value)
    except ValueError:  # the 31st of November
        pass
    raise PydanticCustomError("day", "Input must be a day from 2000 to 2099, like 2026-11-30")


def _moment(value: Any) -> Any:
    if value is None:
        return None
    try:
        if isinstance(value, str) and len(value) <= _LONGEST_MOMENT:
            moment = datetime.fromisoformat(value)
            if moment.tzinfo and moment.year in _YEARS:
                return moment.astimezone(UTC)
    except (ValueError, OverflowError):
        pass
    raise PydanticCustomError(
        "moment", "Input must be a moment with its zone, like 2026-11-21T08:58:10Z"
    )


def _amount(value: Any) -> Any:
    if value is None:
        return None
    try:
        if isinstance(value, int | float | str) and not isinstance(value, bool):
            amount = Decimal(str(value)[:40])
            if amount.is_finite() and 0 <= amount < _DEAREST:
                return amount.quantize(_CENT)
    except InvalidOperation:
        pass
    raise PydanticCustomError("amount", "Input must be an amount of money, like 3.99")


def _link(value: Any) -> Any:
    """The address of a page, or None for what a page must not link to: no reason to refuse more."""
    try:
        parts = urlsplit(value)
        web = parts.scheme in {"http", "https"} and bool(parts.hostname)
    except (ValueError, TypeError, AttributeError):
        return None
    plain = web and len(value) <= _LONGEST_URL and value.isprintable() and " " not in value
    return value if plain else None


Day = Annotated[date, BeforeValidator(_day)]
Moment = Annotated[datetime, BeforeValidator(_moment)]
Amount = Annotated[
    Decimal, BeforeValidator(_amount), WithJsonSchema({"type": ["number", "string"]})
]
Link = Annotated[str | None, BeforeValidator(_link)]
Count = Annotated[int, Field(ge=0, le=_LARGEST)]
NodeId = Annotated[str, Field(pattern="^t(m|s|ss)[0-9]{1,12}$")]
ImdbId = Annotated[str, Field(pattern="^tt[0-9]{5,12}$")]
TmdbId = Annotated[
    str,
    Field(pattern="^[0-9]{1,9}(:[0-9]{1,3})?$"),
    BeforeValidator(lambda value: str(value) if type(value) is int else value),
    WithJsonSchema({"type": ["integer", "string"]}),
]
Country = Annotated[str, Field(pattern="^[A-Za-z]{2}$")]
Currency = Annotated[str, Field(pattern="^[A-Z]{3}$")]
Source = Annotated[str, Field(pattern="^[a-z0-9][a-z0-9._-]{0,39}$")]
