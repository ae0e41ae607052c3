"""Titles, seasons and offers as JustWatch tells them."""

from typing import Any

from integrations.justwatch import query


def wire(**changes: Any) -> dict[str, Any]:
    """An offer as JustWatch tells it."""
    plain = {
        "monetizationType": "FLATRATE", "presentationType": "HD", "retailPriceValue": None,
        "currency": "USD", "standardWebURL": "https://www.example.com/1", "availableTo": None,
        "availableToTime": None, "availableFromTime": None, "package": {"packageId": 8},
    }  # fmt: skip
    return plain | changes


def lists(*offers: Any, country: str = "US") -> dict[str, Any]:
    return {country: list(offers), query.count_of(country): len(offers)}


def film(*offers: Any, country: str = "US") -> dict[str, Any]:
    return {"id": "tm1", **lists(*offers, country=country)}


def show(whole: list[Any], seasons: dict[int, list[Any]]) -> dict[str, Any]:
    listed = [{"content": {"seasonNumber": n}, **lists(*each)} for n, each in seasons.items()]
    return {
        "id": "ts1", **lists(*whole), "seasons": listed, "totalSeasonCount": len(seasons),
    }  # fmt: skip
