"""One sentence out of facts. Pure: it only joins what is true, and says nothing else.

A sentence has a shape: what is left when its facts' values (names, numbers, days, genres, moods)
are taken out. Five voices say the facts, each in an order, with words and joints of its own, and
the lines of an answer take turns at them: so no two of its first five lines have the same shape,
nor of its next five, whatever their facts. Within its voice a line chooses between wordings by
its facts, so that the same facts in the same place give the same line.
"""

from collections.abc import Callable, Sequence

from domain.why.facts import Fact
from domain.why.wording import Said, said
from domain.why.words import genre_words

_PARTS = 3  # what a reader takes in at a glance
_PERSONAL = {"mood": 0, "like": 1, "watchlist": 1}
_ECHOES = {"romantic": "romance", "thrilling": "thriller"}  # no "romantic romance"
_LONGEST = 200  # characters; for it a line gives up its lightest facts


def lines(told: Sequence[tuple[Sequence[Fact], str]]) -> list[str]:
    """A sentence for each title of an answer, in order: the facts of each, and 'film' or 'series'.

    No two of the first five have the same shape, nor of the next five, and so on.
    """
    return [sentence(facts, kind, place) for place, (facts, kind) in enumerate(told)]


def sentence(told: Sequence[Fact], kind: str, place: int = 0) -> str:
    """One honest sentence out of the weightiest facts; leaving is always among them.

    place: where it stands in its list, from 0. At most 200 characters, and up to 300 where long
    names leave it no choice.
    """
    turn, seat = divmod(place, len(_VOICES))
    voice = _VOICES[(seat + 2 * turn) % len(_VOICES)]  # the alternates begin with another
    genre = next((fact for fact in told if fact.kind == "genre"), Fact("genre", {"genres": ()}, 0))
    asked = next((fact.data["mood"] for fact in told if fact.kind == "mood"), "")
    noun = genre_words([each for each in genre.data["genres"] if each != _ECHOES.get(asked)], kind)
    line = ""
    for most in range(_PARTS, 0, -1):
        line = voice([said(fact, noun) for fact in _chosen(told, genre, most)], said(genre, noun))
        line = f"{line[:1].upper()}{line[1:]}."
        if len(line) <= _LONGEST:
            break
    return line


def _chosen(told: Sequence[Fact], genre: Fact, most: int) -> list[Fact]:
    """What is about the viewer, then the weightiest; what leaves at the end. The genre is for
    where there is little else. The mood goes first, as the answer to what they asked for.
    """
    rest = [fact for fact in told if fact.kind not in ("leaving", "genre")]
    rest.sort(key=lambda fact: _PERSONAL.get(fact.kind, len(_PERSONAL)))
    leaving = [fact for fact in told if fact.kind == "leaving"][:1]
    chosen = rest[: most - len(leaving)] + leaving
    if not chosen or (len(chosen) < min(2, most) and genre.data["genres"]):
        chosen.insert(0, genre)
    return chosen


def _plain(facts: Sequence[Said], _: Said) -> str:
    """Thoroughly tense: critics give it 97 of 100, and it stays on Netflix only until Tuesday."""
    ordered = sorted(facts, key=lambda fact: _PLAIN_ORDER.index(fact.kind))
    parts = [fact.form("plain") for fact in ordered]
    # The comma keeps "for six, and two episodes" from being read as "six and two episodes".
    if len(parts) == 3 and ordered[0].kind == "mood":
        return f"{parts[0]}: {parts[1]}, and {parts[2]}"
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])}, and {parts[-1]}"


def _does(facts: Sequence[Said], _: Said) -> str:
    """It is as tense as they come, has 97 of 100 from the critics, and leaves Netflix after..."""
    return f"it {_together([fact.form('does') for fact in facts])}"


def _that(facts: Sequence[Said], genre: Said) -> str:
    """A properly tense crime drama that scores 97 of 100 with critics and is on Netflix until..."""
    mood = next((fact for fact in facts if fact.kind == "mood"), None)
    rest = [fact.form("that") for fact in facts if fact.kind not in ("mood", "genre")]
    if not rest:
        return (mood or genre).form("that")
    head = mood.form("that") if mood else genre.values["a_noun"]
    return f"{head} that {_together(rest)}"


def _notes(facts: Sequence[Said], _: Said) -> str:
    """Straight from your watchlist: truly tense and 97 of 100 from critics."""
    first = min(facts, key=lambda fact: _OPENS_ORDER.index(fact.kind))
    rest = [fact.form("notes") for fact in facts if fact is not first]
    return f"{first.form('opens')}: {_together(rest)}" if rest else first.form("opens")


def _main(facts: Sequence[Said], _: Said) -> str:
    """With a critics' score of 97 of 100, it is every bit as tense as you asked for."""
    last = min(facts, key=lambda fact: _MAIN_ORDER.index(fact.kind))
    rest = [fact.form("having") for fact in facts if fact is not last]
    return f"with {_together(rest)}, {last.form('main')}" if rest else last.form("main")


_PLAIN_ORDER = ("mood", "genre", "like", "critics", "audience", "watchlist", "new", "company",
                "time", "leaving")  # fmt: skip
# What a friend would begin with: what it has to do with you, and what can't wait.
_OPENS_ORDER = ("like", "leaving", "watchlist", "company", "mood", "new", "time", "critics",
                "audience", "genre")  # fmt: skip
_MAIN_ORDER = ("mood", "genre", "leaving", "company", "critics", "audience", "time", "watchlist",
               "like", "new")  # fmt: skip
_VOICES: tuple[Callable[[Sequence[Said], Said], str], ...] = (_plain, _does, _that, _notes, _main)


def _together(parts: Sequence[str]) -> str:
    """With commas where there are three, or where a part has one of its own."""
    if len(parts) < 2:
        return "".join(parts)
    comma = "," if len(parts) > 2 or any(", " in part for part in parts) else ""
    return f"{', '.join(parts[:-1])}{comma} and {parts[-1]}"
