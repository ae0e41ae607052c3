"""What a profile may be made of. Pure: what clients send in, the kept form out, or InvalidInput."""

from collections.abc import Iterable, Sequence
from enum import StrEnum

from domain.accounts.viewer import ADULT
from domain.errors import InvalidInput
from domain.titles.genres import Genre
from domain.titles.maturity import Maturity
from domain.titles.moods import Mood
from domain.titles.names import clean, fold

MOST_PROFILES = 10
LONGEST_NAME = 40
MOST_PLATFORMS = 50
SHORTEST_PIN, LONGEST_PIN = 4, 8


def name(given: str) -> str:
    """A profile's name, cleaned."""
    kept = clean(given, LONGEST_NAME + 1)
    if not 1 <= len(kept) <= LONGEST_NAME:
        raise InvalidInput(f"A profile's name has 1 to {LONGEST_NAME} characters.", field="name")
    return kept


def name_key(kept: str) -> str:
    """The key under which two names of a household would be confused."""
    return fold(kept) or kept  # a name may be an emoji alone, of which folding leaves nothing


def ceiling(given: int) -> int:
    """A maturity ceiling: one of the scale's ages in years."""
    if given not in {step.value for step in Maturity}:
        ages = ", ".join(str(step.value) for step in Maturity)
        raise InvalidInput(f"A maturity ceiling is one of {ages}.", field="maturityCeiling")
    return given


def pin(given: str) -> str:
    """A PIN to be hashed."""
    if not (SHORTEST_PIN <= len(given) <= LONGEST_PIN and given.isascii() and given.isdigit()):
        raise InvalidInput(f"A PIN has {SHORTEST_PIN} to {LONGEST_PIN} digits.", field="pin")
    return given


def moods(given: Iterable[str]) -> list[str]:
    """Moods by their values, each once."""
    return _members(Mood, given, "moodPreferences")


def genres(given: Iterable[str]) -> list[str]:
    """Genres by their values, each once."""
    return _members(Genre, given, "avoidedGenres")


def slugs(given: Sequence[str]) -> list[str]:
    """Slugs of platforms as they may be looked for, each once."""
    if len(given) > MOST_PLATFORMS:
        raise InvalidInput(f"Name at most {MOST_PLATFORMS} platforms.", field="platforms")
    return list(dict.fromkeys(clean(slug, 60) for slug in given))


def someone_unrestricted(ceilings: Iterable[int]) -> bool:
    """Whether a profile is left that may manage the household."""
    return any(each >= ADULT for each in ceilings)


def _members(kind: type[StrEnum], given: Iterable[str], field: str) -> list[str]:
    known = [member.value for member in kind]
    kept = dict.fromkeys(given)
    unknown = [clean(value, 40) for value in kept if value not in known]
    if unknown:
        raise InvalidInput(
            f"Unknown: {', '.join(map(repr, unknown[:5]))}. Choose from: {', '.join(known)}.",
            field=field,
        )
    return [str(value) for value in kept]
