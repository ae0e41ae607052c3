"""What facts from elsewhere add to a title of ours. Pure: it only fills what is empty.

What we have comes from whoever knows better: a catalogue that was imported, a person who said which
episodes are filler. None of it is overwritten.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from domain.titles.facts import EpisodeFacts, SeasonFacts, TitleFacts

MOST_SEASONS, MOST_EPISODES = 60, 3_000
_LARGEST = 32_767  # of a smallint
_LONGEST_MIN = 1_440


@dataclass(frozen=True, slots=True)
class Lack:
    """What is empty of a title of ours. episodes: whether a series has none listed."""

    kind: str
    synopsis: bool
    runtime: bool
    episodes: bool

    @property
    def any(self) -> bool:
        """Whether asking could be of use."""
        return self.synopsis or self.runtime or self.episodes


@dataclass(frozen=True, slots=True)
class NewEpisode:
    """An episode to be listed. number_abs: None where it can't be counted safely."""

    facts: EpisodeFacts
    number_abs: int | None


@dataclass(frozen=True, slots=True)
class Additions:
    """What to write; None and nothing where there is nothing to add."""

    synopsis: str | None = None
    runtime_min: int | None = None
    seasons: tuple[SeasonFacts, ...] = ()
    episodes: tuple[NewEpisode, ...] = ()

    @property
    def any(self) -> bool:
        """Whether there is something to write."""
        return bool(self.synopsis or self.runtime_min or self.seasons or self.episodes)


def seasons_to_ask(lack: Lack, facts: TitleFacts) -> list[int]:
    """The numbers of the seasons whose episodes we lack, the specials last."""
    if not lack.episodes:
        return []
    numbers = sorted({each.number for each in facts.seasons if 0 <= each.number <= _LARGEST})
    return sorted(numbers, key=lambda number: (number == 0, number))[:MOST_SEASONS]


def additions(
    lack: Lack, facts: TitleFacts, seasons: Sequence[SeasonFacts | None] = ()
) -> Additions:
    """What the facts add. seasons: as they were asked for, None for one that isn't there."""
    if facts.kind != lack.kind:
        return Additions()
    listed = [each for each in seasons if each is not None] if lack.episodes else []
    return Additions(
        synopsis=facts.synopsis or None if lack.synopsis else None,
        runtime_min=_length(facts.runtime_min) if lack.runtime else None,
        seasons=tuple(listed),
        episodes=tuple(_counted(listed, whole=_is_whole(facts, seasons)))[:MOST_EPISODES],
    )


def _is_whole(facts: TitleFacts, seasons: Sequence[SeasonFacts | None]) -> bool:
    """Whether every season was listed, without a gap: else nobody can count through them."""
    if any(each is None or each.rejected for each in seasons):
        return False
    listed = sorted(each.number for each in seasons if each is not None and each.number)
    announced = sorted({each.number for each in facts.seasons if each.number})
    return listed == announced == list(range(1, len(listed) + 1))


def _counted(seasons: Sequence[SeasonFacts], *, whole: bool) -> list[NewEpisode]:
    count, found = 0, []
    for season in sorted(seasons, key=lambda each: each.number):
        numbers = [each.number for each in season.episodes]
        whole = whole and (season.number == 0 or numbers == list(range(1, len(numbers) + 1)))
        for episode in season.episodes:
            if not 0 < episode.number <= _LARGEST:
                continue
            count += season.number > 0
            number_abs = count if whole and season.number and count <= _LARGEST else None
            tidy = replace(episode, runtime_min=_length(episode.runtime_min))
            found.append(NewEpisode(tidy, number_abs))
    return found


def _length(minutes: int | None) -> int | None:
    """A length that can be meant."""
    return minutes if minutes and minutes <= _LONGEST_MIN else None
