"""simple-justwatch-python-api, through every function it has."""

import simplejustwatchapi.justwatch as jw
from standin import BASE, WISHES, control, failure, fault, tell

jw._GRAPHQL_API_URL = f"{BASE}/justwatch/graphql"


def entry(found: jw.MediaEntry) -> dict[str, object]:
    """A title as plain values."""
    plain = found._asdict()
    plain["offers"] = [offer(each) for each in found.offers]
    for name in ("scoring", "interactions", "streaming_charts"):
        part = getattr(found, name)
        plain[name] = part and part._asdict()
    return plain


def offer(found: jw.Offer) -> dict[str, object]:
    """An offer as plain values."""
    return found._asdict() | {"package": found.package._asdict()}


def episode(found: jw.Episode) -> dict[str, object]:
    """An episode as plain values."""
    return found._asdict() | {"offers": [offer(each) for each in found.offers]}


def after(kind: str, **more: object) -> dict[str, object]:
    """How the client takes a fault."""
    fault("justwatch", kind, **more)
    return failure(lambda: jw.providers("US"), "response")


def in_every_quality() -> dict[str, object]:
    """The film when it is to be had from one service in three qualities, and for money, too."""
    place = {"package": WISHES["package"], "country": WISHES["country"], "url": "https://x.example"}
    control(
        "PUT",
        "/_sim/world/offers",
        {
            "title": film,
            "offers": [
                *(
                    {**place, "monetization": "subscription", "quality": q}
                    for q in ("sd", "4k", "hd")
                ),
                {**place, "monetization": "rent", "quality": "hd", "price": "3.99"},
            ],
        },
    )
    return {
        name: [offer(each) for each in jw.details(film, country, best_only=best).offers]
        for name, best in (("all", False), ("best", True))
    }


def later() -> dict[str, object]:
    """What is left of a title when two months have gone by."""
    clock = control("POST", "/_sim/clock", {"advance_days": 61})
    found = jw.details(WISHES["leaving"], WISHES["country"], best_only=False)
    return {"clock": clock, "offers": [offer(each) for each in found.offers]}


film, series, country = WISHES["film"], WISHES["series"], WISHES["country"]
seasons = jw.seasons(series, country, "en", best_only=False)
tell(
    {
        "search": [entry(each) for each in jw.search(WISHES["name"], country, "en", 5, False)],
        "popular": [
            [entry(each) for each in jw.popular(country, "en", 8, False, offset)]
            for offset in (0, 8)
        ],
        "films_on_a_service": [
            entry(each)
            for each in jw.popular(
                country,
                "en",
                50,
                False,
                providers=[WISHES["service"]],
                min_release_year=WISHES["from_year"],
                object_types="MOVIE",
            )
        ],
        "film": {
            each: entry(jw.details(film, each, "en", best_only=False))
            for each in WISHES["countries"]
        },
        "series": entry(jw.details(series, country, "en", best_only=False)),
        "seasons": [entry(each) for each in seasons],
        "episodes": [
            episode(each)
            for each in jw.episodes(seasons[0].entry_id, country, "en", best_only=False)
        ],
        "offers": {
            each: [offer(one) for one in found]
            for each, found in jw.offers_for_countries(
                film, {name.lower() for name in WISHES["countries"]}, best_only=False
            ).items()
        },
        "providers": {
            each: [found._asdict() for found in jw.providers(each)] for each in WISHES["countries"]
        },
        "in_every_quality": in_every_quality(),
        "later": later(),
        "errors": {
            "country": failure(lambda: jw.details(film, "XX"), "errors"),
            "language": failure(lambda: jw.details(film, "US", "english"), "errors"),
            "node": failure(lambda: jw.details("tm999999999"), "errors"),
            "too_much": failure(lambda: jw.popular(count=900, best_only=False), "errors"),
            "wrong_kind": failure(lambda: jw.popular(object_types=["FOO"]), "response"),
            "too_many": after("too_many", retry_after=2),
            "server_error": after("server_error", status=503),
            "drop": after("drop"),
            "cut": after("cut"),
            "html": after("html"),
        },
    }
)
