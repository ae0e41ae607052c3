"""By which clock a day ends in a country. Pure, from the time zone database that we ship."""

from datetime import date, datetime
from functools import cache
from importlib.resources import files
from zoneinfo import ZoneInfo

# The list is sorted from east to west or west to east first and by people second; where that puts
# a small island first, this is where most people live.
_MOST_PEOPLE = {
    "AU": "Australia/Sydney",
    "BR": "America/Sao_Paulo",
    "CA": "America/Toronto",
    "RU": "Europe/Moscow",
    "UA": "Europe/Kyiv",
}


@cache
def zone_of(country: str) -> ZoneInfo:
    """The zone in which most people of a country ("US") live; UTC for what is no country."""
    return ZoneInfo(_first_zones().get(country, "UTC"))


def day_in(country: str, now: datetime) -> date:
    """The day it is there."""
    return now.astimezone(zone_of(country)).date()


@cache
def _first_zones() -> dict[str, str]:
    found: dict[str, str] = {}
    for line in files("tzdata.zoneinfo").joinpath("zone.tab").read_text("utf-8").splitlines():
        if not line.startswith("#"):
            country, _, zone = line.split("\t")[:3]
            found.setdefault(country, zone)
    return found | _MOST_PEOPLE
