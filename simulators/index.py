"""Where to find a title in a world without looking through it: by ids, by words, by popularity."""

import re
import unicodedata
from bisect import bisect_left
from collections import defaultdict
from functools import cached_property

from simulators.world import Season, Title, World

_NO_WORD = re.compile(r"[^\w]+")


def folded(text: str) -> str:
    """Without case, accents and punctuation: what a search compares."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    kept = "".join(each for each in plain if not unicodedata.combining(each))
    return _NO_WORD.sub(" ", kept).strip()


def slug(text: str) -> str:
    """As an address writes a name; `title` for one without a letter."""
    return folded(text).replace(" ", "-").replace("_", "-") or "title"


class Index:
    """Each part is made when it is first asked for, of a world that keeps its titles."""

    def __init__(self, world: World) -> None:
        self._world = world

    @cached_property
    def popular(self) -> list[Title]:
        """All titles, the most popular first."""
        titles = self._world.titles.values()
        return sorted(titles, key=lambda each: (-each.popularity, each.number))

    @cached_property
    def rank(self) -> dict[int, int]:
        """The place of each title's number among the popular, from 1 on."""
        return {title.number: place for place, title in enumerate(self.popular, 1)}

    @cached_property
    def by_tmdb(self) -> dict[tuple[str, int], Title]:
        """Titles by kind and TMDB's id."""
        return {(title.kind, title.tmdb_id): title for title in self._world.titles.values()}

    @cached_property
    def by_imdb(self) -> dict[str, Title]:
        """Titles by IMDb's id, where they have one."""
        return {each.imdb_id: each for each in self._world.titles.values() if each.imdb_id}

    @cached_property
    def seasons(self) -> list[tuple[Title, Season]]:
        """All seasons; the id of one is its place here plus 1."""
        titles = [self._world.titles[number] for number in sorted(self._world.titles)]
        return [(title, season) for title in titles for season in title.seasons]

    @cached_property
    def season_ids(self) -> dict[tuple[int, int], int]:
        """The ids of seasons by the number of their title and their own."""
        return {
            (title.number, season.number): place
            for place, (title, season) in enumerate(self.seasons, 1)
        }

    @cached_property
    def first_episodes(self) -> list[int]:
        """For each season by its place, the id of its first episode."""
        firsts, following = [], 1
        for _, season in self.seasons:
            firsts.append(following)
            following += len(season.episodes)
        return firsts

    @cached_property
    def by_node(self) -> dict[str, Title]:
        """Titles by JustWatch's ids."""
        return {title.justwatch_id: title for title in self._world.titles.values()}

    @cached_property
    def slugs(self) -> dict[int, str]:
        """What a title is called in an address, by its number; no two of a kind share one."""
        taken: set[tuple[str, str]] = set()
        found: dict[int, str] = {}
        for number in sorted(self._world.titles):
            title = self._world.titles[number]
            plain = slug(title.name)
            names = (plain, f"{plain}-{title.year}", f"{plain}-{number}")
            name = next((each for each in names if (title.kind, each) not in taken), names[-1])
            taken.add((title.kind, name))
            found[number] = name
        return found

    @cached_property
    def by_slug(self) -> dict[tuple[str, str], Title]:
        """Titles by kind and what they are called in an address."""
        titles = self._world.titles
        return {(titles[number].kind, name): titles[number] for number, name in self.slugs.items()}

    @cached_property
    def _by_word(self) -> tuple[list[str], dict[str, set[int]]]:
        found: defaultdict[str, set[int]] = defaultdict(set)
        for title in self._world.titles.values():
            for word in folded(title.name).split():
                found[word].add(title.number)
        return sorted(found), dict(found)

    def search(self, text: str) -> list[Title]:
        """Titles in whose names each word of the text begins a word; the likeliest first.

        That is the very name, then names that begin so, then by popularity. No words, no titles.
        """
        wanted = folded(text)
        words, titles_of = self._by_word
        found: set[int] | None = None
        for word in wanted.split():
            here: set[int] = set()
            for place in range(bisect_left(words, word), len(words)):
                if not words[place].startswith(word):
                    break
                here |= titles_of[words[place]]
            found = here if found is None else found & here
        titles = [self._world.titles[number] for number in found or ()]

        def likelihood(title: Title) -> tuple[bool, bool, float, int]:
            name = folded(title.name)
            return (name != wanted, not name.startswith(wanted), -title.popularity, title.number)

        return sorted(titles, key=likelihood)
