"""Episodes and wishes for tests of binges, and an oracle that packs them the slow way."""

from collections.abc import Sequence
from datetime import date, timedelta

from hypothesis import strategies as st

from domain.binge.values import Episode, Verdict, Wish

MONDAY = date(2026, 11, 16)


def day(days: int) -> date:
    return MONDAY + timedelta(days)


def episode(season: int, number: int, minutes: int = 23, **facts: object) -> Episode:
    return Episode(id=season * 1_000 + number, season=season, number=number, minutes=minutes,
                   **facts)  # fmt: skip  # pyright: ignore[reportArgumentType]


def seasons(*counts: int, minutes: int = 30, **facts: object) -> list[Episode]:
    """Seasons of so many episodes each, from the first on."""
    return [
        episode(season, number, minutes, **facts)
        for season, count in enumerate(counts, 1)
        for number in range(1, count + 1)
    ]


def naruto() -> list[Episode]:
    """220 episodes of 23 minutes, 90 of them filler."""
    return [
        episode(at // 44 + 1, at % 44 + 1, number_abs=at + 1,
                verdict=Verdict.FILLER if at >= 130 else Verdict.CANON)
        for at in range(220)
    ]  # fmt: skip


def lengths(episodes: Sequence[Episode], wish: Wish) -> tuple[list[int], list[int]]:
    """Minutes of each as the first of a sitting, and behind another one."""
    whole = [max(1, each.minutes - wish.skip_credits) for each in episodes]
    recaps = [min(wish.skip_recap, before) for before in [0, *whole]]
    return whole, [max(1, each - recap) for each, recap in zip(whole, recaps, strict=False)]


def earliest(
    episodes: Sequence[Episode], wish: Wish, minutes: Sequence[int], start: date, end: date
) -> date | None:
    """The first day on which all could be seen in their order, of all the ways to watch them."""
    whole, short = lengths(episodes, wish)
    reached = {0}
    today = start
    while today <= end:
        for begun in list(reached):
            used = 0
            for at in range(begun, len(episodes)):
                each = episodes[at]
                used += short[at] if at > begun else whole[at]
                aired = each.airs_on is None or each.airs_on <= today
                there = each.available and (each.until is None or today <= each.until)
                if not (aired and there) or used > minutes[today.weekday()]:
                    break
                reached.add(at + 1)
        if len(episodes) in reached:
            return today
        today += timedelta(1)
    return None


DAYS = st.integers(0, 14).map(day)
WEEKS = st.lists(st.integers(0, 90), min_size=7, max_size=7).filter(any).map(tuple)


@st.composite
def stories(draw: st.DrawFn, most: int = 9, gates: bool = True) -> list[Episode]:
    """Some episodes of up to three seasons, some of which air later or leave."""
    found: list[Episode] = []
    for at in range(draw(st.integers(0, most))):
        season = draw(st.integers(1, 3))
        facts: dict[str, object] = {"verdict": draw(st.sampled_from(Verdict))}
        if gates:
            facts["until"] = draw(st.none() | DAYS)
            facts["airs_on"] = draw(st.none() | st.none() | DAYS)
            facts["available"] = draw(st.integers(0, 9)) > 0
        found.append(episode(season, at, draw(st.integers(1, 60)), **facts))
    return found


@st.composite
def wishes(draw: st.DrawFn) -> Wish:
    """What somebody could wish for, with minutes of their own."""
    return Wish(
        start=MONDAY,
        until=draw(st.none() | DAYS),
        minutes=draw(WEEKS),
        skip_filler=draw(st.booleans()),
        seasons=draw(st.none() | st.frozensets(st.integers(1, 3), min_size=1)),
        skip_credits=draw(st.integers(0, 5)),
        skip_recap=draw(st.integers(0, 15)),
    )
