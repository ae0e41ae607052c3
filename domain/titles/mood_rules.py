"""What genres, ages and lengths say about moods: three tables of data, explained in docs/moods.md.

Moods and genres are written by their values; `moods.py` turns the tables into lookups when it is
imported and refuses a name it doesn't know. A weight above 0 speaks for a mood, one below against.
The words are in `mood_words.py`.
"""

from dataclasses import dataclass
from typing import Literal

Effects = dict[str, float]

GENRES: dict[str, Effects] = {
    "action": {"thrilling": 0.55, "tense": 0.15, "cozy": -0.4, "easy": -0.2, "thoughtful": -0.4},
    "animation": {"easy": 0.3, "cozy": 0.2, "dark": -0.4, "scary": -0.4, "thoughtful": -0.3,
                  "epic": -0.3},
    "comedy": {"funny": 0.62, "easy": 0.3, "thoughtful": -0.3, "dark": -0.4, "heartbreaking": -0.4,
               "tense": -0.4, "epic": -0.4, "scary": -0.3, "mind-bending": -0.2, "thrilling": -0.2},
    "crime": {"dark": 0.4, "tense": 0.24, "cozy": -0.6, "easy": -0.4, "uplifting": -0.4,
              "epic": -0.4, "nostalgic": -0.2},
    "documentary": {"thoughtful": 0.7, "funny": -0.6, "scary": -0.7, "thrilling": -0.5,
                    "romantic": -0.6, "epic": -0.5, "mind-bending": -0.5, "tense": -0.4,
                    "dark": -0.3, "cozy": -0.3, "easy": -0.3, "heartbreaking": -0.3},
    "drama": {"thoughtful": 0.27, "heartbreaking": 0.12, "easy": -0.4, "cozy": -0.2,
              "funny": -0.25},
    "european": {"thoughtful": 0.12},
    "family": {"cozy": 0.4, "easy": 0.3, "uplifting": 0.2, "dark": -0.7, "scary": -0.6,
               "tense": -0.5, "thoughtful": -0.3, "heartbreaking": -0.3},
    "fantasy": {"epic": 0.25, "mind-bending": 0.15, "thoughtful": -0.3},
    "history": {"thoughtful": 0.35, "epic": 0.25, "funny": -0.2, "easy": -0.4,
                "mind-bending": -0.5},
    "horror": {"scary": 0.7, "dark": 0.35, "tense": 0.3, "cozy": -0.9, "easy": -0.6,
               "uplifting": -0.7, "thoughtful": -0.5, "romantic": -0.4, "epic": -0.5,
               "nostalgic": -0.2},
    "music": {"uplifting": 0.4, "easy": 0.15, "dark": -0.3, "scary": -0.4, "tense": -0.4},
    "reality": {"easy": 0.6, "thoughtful": -0.4, "dark": -0.5, "epic": -0.6, "tense": -0.3},
    "romance": {"romantic": 0.6, "thoughtful": -0.2, "scary": -0.4, "dark": -0.3, "tense": -0.3},
    "science-fiction": {"mind-bending": 0.35, "thrilling": 0.15, "epic": 0.1, "nostalgic": -0.3},
    "sport": {"uplifting": 0.35, "thrilling": 0.25, "scary": -0.5, "dark": -0.2, "tense": -0.2},
    "thriller": {"tense": 0.6, "thrilling": 0.15, "dark": 0.2, "cozy": -0.7, "easy": -0.5,
                 "uplifting": -0.5, "thoughtful": -0.3, "funny": -0.2, "nostalgic": -0.4,
                 "epic": -0.3},
    "war": {"epic": 0.3, "tense": 0.3, "heartbreaking": 0.2, "dark": 0.2, "cozy": -0.7,
            "easy": -0.6, "funny": -0.2, "scary": -0.5, "nostalgic": -0.4},
    "western": {"thrilling": 0.35, "nostalgic": 0.3, "epic": 0.1, "mind-bending": -0.5},
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Rule:
    """Effects of facts that come together; `name` is the reason a viewer reads.

    All of `genres` are present and none of `without`; the numbers are within their bounds, both
    ends included (minutes, years since release, least age, 0 to 10). A bound asks for a number:
    a title whose runtime is unknown is neither short nor long.
    """

    name: str
    effects: Effects
    genres: str = ""
    without: str = ""
    kind: Literal["film", "series", ""] = ""
    runtime: tuple[int, int] | None = None
    age: tuple[int, int] | None = None
    maturity: tuple[int, int] | None = None
    score: tuple[float, float] | None = None

    def fits(
        self,
        kind: str,
        runtime: int | None,
        age: int | None,
        maturity: int | None,
        score: float | None,
    ) -> bool:
        """Whether a title with these numbers is meant; its genres have been looked at before."""
        return (
            self.kind in ("", kind)
            and (self.runtime is None or _within(runtime, self.runtime))
            and (self.age is None or _within(age, self.age))
            and (self.maturity is None or _within(maturity, self.maturity))
            and (self.score is None or _within(score, self.score))
        )


def _within(value: float | None, bounds: tuple[float, float]) -> bool:
    return value is not None and bounds[0] <= value <= bounds[1]


LONG, OLD = 10**6, 10**6

RULES: tuple[Rule, ...] = (
    Rule("comedy with horror", {"scary": -0.45, "funny": 0.2}, "comedy horror"),
    Rule("comedy with romance", {"easy": 0.25, "thoughtful": -0.3}, "comedy romance", "crime war"),
    Rule("comedy with drama", {"uplifting": 0.15}, "comedy drama", "crime horror thriller war"),
    Rule("comedy with crime", {"funny": 0.1, "thrilling": 0.2}, "comedy crime"),
    Rule("comedy with music", {"uplifting": 0.2, "easy": 0.2}, "comedy music"),
    Rule("comedy with documentary", {"thoughtful": -0.3, "funny": 0.4}, "comedy documentary"),
    Rule("comedy for the family", {"cozy": 0.2, "easy": 0.15}, "comedy family", "horror"),
    Rule("animation for the family", {"cozy": 0.35, "easy": 0.25}, "animation family",
         "horror war"),
    Rule("family adventure", {"epic": 0.15, "scary": -0.3}, "family fantasy"),
    Rule("family drama", {"cozy": -0.3, "thoughtful": 0.15, "uplifting": 0.1}, "drama family",
         "animation comedy fantasy"),
    Rule("drama with romance", {"heartbreaking": 0.2}, "drama romance", "comedy family"),
    Rule("drama with crime", {"dark": 0.15}, "drama crime", "comedy family"),
    Rule("drama with war", {"heartbreaking": 0.2}, "drama war", "comedy"),
    Rule("drama with sport", {"uplifting": 0.2}, "drama sport"),
    Rule("crime thriller", {"dark": 0.3, "tense": 0.15}, "crime thriller", "comedy family"),
    Rule("horror thriller", {"tense": 0.2, "dark": 0.15}, "horror thriller", "comedy"),
    Rule("action thriller", {"thrilling": 0.25}, "action thriller"),
    Rule("action with fantasy", {"epic": 0.3}, "action fantasy", "horror"),
    Rule("action with history", {"epic": 0.3}, "action history"),
    Rule("science-fiction action", {"thrilling": 0.2, "epic": 0.2}, "action science-fiction"),
    Rule("science-fiction thriller", {"mind-bending": 0.3}, "science-fiction thriller", "family"),
    Rule("science-fiction drama", {"mind-bending": 0.15, "thoughtful": 0.15},
         "drama science-fiction", "action family"),
    Rule("crime documentary", {"dark": 0.35, "tense": 0.2}, "crime documentary"),
    Rule("music documentary", {"nostalgic": 0.25}, "documentary music"),
    Rule("sports documentary", {"uplifting": 0.2}, "documentary sport"),
    Rule("reality for the family", {"cozy": 0.35}, "family reality"),
    Rule("short comedy", {"easy": 0.2}, "comedy", "horror war", kind="film", runtime=(1, 95)),
    Rule("short episodes", {"easy": 0.25}, "comedy", "horror war", kind="series", runtime=(1, 31)),
    Rule("long war film", {"epic": 0.4}, "war", "documentary", kind="film", runtime=(130, LONG)),
    Rule("long fantasy", {"epic": 0.4}, "fantasy", "comedy", kind="film", runtime=(130, LONG)),
    Rule("long history", {"epic": 0.3}, "history", "documentary", kind="film", runtime=(130, LONG)),
    Rule("long science fiction", {"epic": 0.3}, "science-fiction", kind="film",
         runtime=(135, LONG)),
    Rule("25 years or older", {"nostalgic": 0.2}, age=(25, OLD)),
    Rule("an old family film", {"nostalgic": 0.25}, "family", age=(25, OLD)),
    Rule("an old comedy", {"nostalgic": 0.15}, "comedy", age=(25, OLD)),
    Rule("half a century old", {"nostalgic": 0.15}, age=(50, OLD)),
    Rule("for every age", {"easy": 0.15, "cozy": 0.2, "dark": -0.7, "scary": -0.7, "tense": -0.4},
         without="documentary", maturity=(0, 6)),
    Rule("for older children", {"dark": -0.5, "scary": -0.5, "tense": -0.2}, maturity=(7, 12)),
    Rule("for adults", {"dark": 0.1, "cozy": -0.4}, without="documentary reality comedy",
         maturity=(18, 21)),
    Rule("a drama audiences love", {"thoughtful": 0.12}, "drama", "action comedy", score=(8.0, 10)),
)  # fmt: skip

# A mood that is clearly there weakens the moods it doesn't go with, in proportion to its weight.
CLASHES: dict[str, Effects] = {
    "cozy": {"dark": -0.5, "scary": -0.5, "tense": -0.4},
    "funny": {"dark": -0.35, "scary": -0.2, "heartbreaking": -0.4, "tense": -0.3},
    "tense": {"cozy": -0.6, "easy": -0.5, "funny": -0.2},
    "dark": {"cozy": -0.8, "easy": -0.6, "uplifting": -0.6, "nostalgic": -0.3},
    "uplifting": {"dark": -0.3},
    "scary": {"cozy": -0.8, "easy": -0.5, "uplifting": -0.5, "romantic": -0.3},
    "heartbreaking": {"easy": -0.6, "funny": -0.3, "cozy": -0.3},
    "thrilling": {"cozy": -0.3, "thoughtful": -0.3},
    "easy": {"dark": -0.3, "thoughtful": -0.2, "heartbreaking": -0.3},
}
