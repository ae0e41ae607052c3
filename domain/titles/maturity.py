"""From what age a title may be shown, on one scale for every country's ratings."""

import re
from collections.abc import Mapping
from enum import IntEnum


class Maturity(IntEnum):
    """A step of the scale; the number is the least age in years that the step is meant for."""

    EVERYONE = 0
    OLDER_KIDS = 7
    TEENS = 13
    MATURE = 16
    ADULTS = 18


# Every board has its own ages and we have five, so an age between two of ours goes up, never down:
# nobody sees a title earlier than the board that rated it says. That is why TV-14 is MATURE, and
# why R and TV-MA, both "17", are ADULTS. Ratings that name no age (PG) mean "not the youngest".
_US = {
    "G": Maturity.EVERYONE,
    "PG": Maturity.OLDER_KIDS,
    "PG-13": Maturity.TEENS,
    "R": Maturity.ADULTS,
    "NC-17": Maturity.ADULTS,
    "TV-Y": Maturity.EVERYONE,
    "TV-Y7": Maturity.OLDER_KIDS,
    "TV-Y7-FV": Maturity.OLDER_KIDS,
    "TV-G": Maturity.EVERYONE,
    "TV-PG": Maturity.OLDER_KIDS,
    "TV-14": Maturity.MATURE,
    "TV-MA": Maturity.ADULTS,
}
# Numbers ("12A", "FSK 16") need no row: they are read as ages below.
_GB = {
    "U": Maturity.EVERYONE,
    "UC": Maturity.EVERYONE,
    "PG": Maturity.OLDER_KIDS,
}
_DE = {
    "O.AL.": Maturity.EVERYONE,
    "KEINE JUGENDFREIGABE": Maturity.ADULTS,
}
# American names are known everywhere, since they travel with American programmes.
_BY_COUNTRY = {"US": _US, "GB": _US | _GB, "DE": _US | _DE}

# One number, after a few letters or before a word: "16+", "FSK 12", "M/12", "VM14", "ab 6 Jahren".
# Two numbers ("7-12", "1998/2") could mean anything, so they mean nothing.
_AGE = re.compile(r"[A-Z/]{0,4}[ /+-]?(\d{1,2})(\+?[A-Z]?| [A-Z]+)", re.ASCII)
_OLDEST_AGE = 21  # Singapore's R21 is the highest in use; a larger number is no age


def level(country: str, rating: str) -> Maturity | None:
    """What a rating means on our scale; None when nobody can say.

    `country` is an ISO 3166-1 code ("US"), `rating` the board's word ("PG-13", "FSK 16").
    The country's own words are asked first, then the American ones, and at last any age the rating
    spells out. Case and spaces don't matter.
    """
    word = " ".join(rating.upper().split())
    words = _BY_COUNTRY.get(country.strip().upper(), _US)
    return words[word] if word in words else _from_age(word)


def _from_age(word: str) -> Maturity | None:
    found = _AGE.fullmatch(word)
    if found is None or (age := int(found[1])) > _OLDEST_AGE:
        return None
    return next((step for step in Maturity if step >= age), Maturity.ADULTS)


def of_title(ratings: Mapping[str, str], country: str) -> Maturity:
    """The step that decides who may see a title in `country`; `ratings` maps country to rating.

    The viewer's own country decides where it has spoken. Where it has not, the strictest of the
    others does: boards disagree, and a guide that picks the mildest would pick against a child.
    """
    own = level(country, ratings.get(country, ""))
    if own is not None:
        return own
    known = [step for place, word in ratings.items() if (step := level(place, word)) is not None]
    # Nothing known is not "for everyone". Most unrated titles are harmless, but the ones that are
    # not would reach a child unseen, and a parent can raise one title by hand. So: adults only.
    return max(known, default=Maturity.ADULTS)
