"""Days, numbers, genres and seasons, as people say them. Pure."""

from collections.abc import Sequence
from datetime import date

_MOST_SEASONS = 4  # before counting them says more than naming them
_LONGEST_NAME = 60  # characters of a stranger's name in one sentence
_NUMBERS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
MONTHS = ("January", "February", "March", "April", "May", "June", "July", "August",
          "September", "October", "November", "December")  # fmt: skip


def season_words(numbers: Sequence[int]) -> str:
    """Seasons in order, as people say them: "season 4", "seasons 1 to 3"; nothing for none."""
    if len(numbers) < 2:
        return f"season {numbers[0]}" if numbers else ""
    if len(numbers) > 2 and numbers[-1] - numbers[0] == len(numbers) - 1:
        return f"seasons {numbers[0]} to {numbers[-1]}"
    if len(numbers) > _MOST_SEASONS:
        return f"{len(numbers)} seasons"
    return f"seasons {', '.join(map(str, numbers[:-1]))} and {numbers[-1]}"


def day_words(day: date, days: int) -> str:
    """A day so many days ahead: "today", "tomorrow", "Tuesday" within the week, "3 December"."""
    if days < 2:
        return "tomorrow" if days == 1 else "today"
    return WEEKDAYS[day.weekday()] if days < 7 else f"{day.day} {MONTHS[day.month - 1]}"


def number_words(number: int) -> str:
    """Up to ten in letters, else in digits with commas: "six", "11", "220,000"."""
    return _NUMBERS[number] if 0 <= number < len(_NUMBERS) else f"{number:,}"


def many_words(number: int) -> str:
    """A count rounded to what people keep in mind: "850", "220,000", "1.4 million"."""
    if number >= 999_500:  # what would round to 1,000,000
        return f"{number / 1_000_000:.1f}".removesuffix(".0") + " million"
    return f"{round(number, -3):,}" if number >= 1_000 else str(number)


def minute_words(minutes: int) -> str:
    """A length in minutes: "104 minutes"."""
    return "a minute" if minutes == 1 else f"{minutes:,} minutes"


def evening_words(minutes: int) -> str:
    """The time somebody has, behind "your": "hour and a half", "two hours", "100 minutes"."""
    hours, rest = divmod(minutes, 60)
    if hours == 0 or rest not in (0, 30):
        return minute_words(minutes).removeprefix("a ")
    if hours == 1:
        return "hour and a half" if rest else "hour"
    return f"{number_words(hours)}{' and a half' if rest else ''} hours"


def short(name: str) -> str:
    """A stranger's name on one line, cut at a word where it would fill the sentence."""
    line = " ".join(name.split())
    if len(line) <= _LONGEST_NAME:
        return line
    cut = line[: _LONGEST_NAME - 1]
    return (cut.rpartition(" ")[0] or cut).rstrip(" ,;:-") + "…"


def a(words: str) -> str:
    """The words with their article: "a European film", "an epic"."""
    sounds_as_vowel = words[:1].lower() in "aeiou" and not words.lower().startswith(("eu", "uni"))
    return f"{'an' if sounds_as_vowel else 'a'} {words}"


def genre_words(genres: Sequence[str], kind: str) -> str:
    """What a title is, from its first two genres: "crime drama", "animated family film"."""
    nouns = [genre for genre in _NOUNS if genre in genres[:2]]
    noun = nouns[0] if nouns else None
    before = [_BEFORE[genre] for genre in _BEFORE if genre in genres[:2] and genre != noun]
    if noun is None:
        return " ".join([*before, kind])
    # "Comedy series" for a series: the noun alone would sound like a film.
    return " ".join([*before, noun, "series"] if kind == "series" else [*before, noun])


# The first of them that a title has: a romance that is also a comedy is a romantic comedy.
_NOUNS = ("documentary", "western", "thriller", "comedy", "drama", "romance")
# In the order in which they stand before a noun: "animated science fiction film".
_BEFORE = {
    "european": "European", "history": "historical", "animation": "animated",
    "romance": "romantic", "science-fiction": "science fiction", "fantasy": "fantasy",
    "crime": "crime", "war": "war", "sport": "sports", "family": "family", "music": "music",
    "horror": "horror", "action": "action", "reality": "reality",
}  # fmt: skip


def theme_words(theme: str) -> str:
    """A word of our keyword tables as it is spelled: "FBI", "star-crossed", "baking"."""
    return _SPELLED.get(theme, theme)


_SPELLED = {
    "bake": "baking", "haunt": "haunting", "drug": "drugs", "moral": "morals", "race": "racing",
    "stalk": "stalking", "terrorize": "terror", "explore": "exploring", "marry": "marrying",
    "fbi": "FBI", "cia": "CIA", "nazi": "Nazis", "elvis": "Elvis", "vhs": "VHS", "santa": "Santa",
    "christmas": "Christmas", "halloween": "Halloween", "valentine": "Valentine's",
    "star crossed": "star-crossed", "post apocalyptic": "post-apocalyptic",
    "stand up comedy": "stand-up comedy", "kind hearted": "kind-hearted",
    "high stakes": "high-stakes", "high octane": "high-octane", "fast paced": "fast-paced",
    "rock n roll": "rock 'n' roll", "marvel comic": "Marvel comics", "dc comics": "DC comics",
}  # fmt: skip
