"""Days and seasons, as people say them. Pure."""

from collections.abc import Sequence

_MOST_SEASONS = 4  # before counting them says more than naming them

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
