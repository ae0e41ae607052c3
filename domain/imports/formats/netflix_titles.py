"""What a title in Netflix's history can mean: 'Show: Season 4: Chapter One', in any language.

A film's name may hold colons too, so one string has several readings, the likeliest first, and the
whole string as a film is always among them. Pure.
"""

import re
from functools import lru_cache

from domain.imports.values import Reading

_COLON = re.compile(r"\s*：\s*|\s*:\s+")
_NUMBER = r"(?P<number>\d{1,4}|[ivx]{1,5}|[一二三四五六七八九十]{1,3})"
_SEASON = (
    "season|series|staffel|saison|temporada|stagione|seizoen|sezon|sezonul|sezona|sezóna|sezonas"
    "|sarja|kausi|série|serie|säsong|sæson|sesong|évad|sezona|řada|сезон|σεζόν|κύκλος|עונה|الموسم"
    "|mùa|musim|ซีซั่น|ซีซัน|シーズン|시즌|collection|kolekcja"
)
# These are parts of a series as well as of a film's name.
_PART = (
    "part|teil|partie|parte|deel|del|osa|część|část|časť|rész|parça|kısım|partea|часть|частина"
    "|μέρος|חלק|الجزء|phần|bagian|ตอนที่|パート|파트|volume|volumen|vol|band|tome|tom|volym|bind"
    "|томе|том|book|buch|livre|libro|livro|boek|księga|kniha|книга"
)
_EPISODE = (
    "episode|folge|épisode|episodio|episódio|aflevering|odcinek|avsnitt|afsnit|episod|episodul"
    "|jakso|epizód|epizoda|díl|bölüm|серия|серія|эпизод|επεισόδιο|פרק|الحلقة|tập|ตอน|エピソード"
    "|에피소드|ep|capítulo|chapitre|kapitel|chapter"
)
_LIMITED = re.compile(
    r"limited series|mini-?\s?series|mini-?\s?serie|mini-?\s?série|mini-?\s?seria|miniserija"
    r"|série limitée|serie limitada|série limitada|serie limitata|gelimiteerde serie"
    r"|begrenzte serie|мини-сериал|міні-серіал|περιορισμένη σειρά|מיני-סדרה|リミテッドシリーズ"
    r"|리미티드 시리즈|限定剧|迷你劇|迷你剧|минисериал|sınırlı dizi|minisarja"
)
_NUMBERED = re.compile(r"(.*\S)\s*\(([^()]+)\)")  # 'The Bridge (Episode 3)'
_ROMAN = {"i": 1, "v": 5, "x": 10}
_HAN = "一二三四五六七八九十"
_MOST_READINGS = 6


def _pattern(words: str, counters: str) -> re.Pattern[str]:
    return re.compile(
        rf"(?:{words})\.?\s*(?:nr\.?\s*|#\s*)?{_NUMBER}"
        rf"|{_NUMBER.replace('number', 'before')}\s*(?:\.|ª|º|-?a|e|ère)?\s*(?:{words})"
        rf"|第\s*{_NUMBER.replace('number', 'counted')}\s*[{counters}]"
    )


_SEASONS = _pattern(_SEASON, "季期")
_PARTS = _pattern(_PART, "部卷")
_EPISODES = _pattern(_EPISODE, "集话話回")


@lru_cache(16_384)
def readings(title: str) -> tuple[Reading, ...]:
    """What `title`, not empty, can mean."""
    pieces = [piece for piece in _COLON.split(title) if piece] or [title]
    film = Reading(title, "film")
    found: list[Reading] = []
    marks = [(at, *mark) for at in range(1, len(pieces)) if (mark := _mark(pieces, at))]
    for at, season, sure in sorted(marks, key=lambda mark: not mark[2]):
        # 'Dusk: Part 2' alone is rather a film.
        if not sure and at == len(pieces) - 1:
            found.append(film)
        found.append(_episode(pieces[:at], pieces[at + 1 :], season))
    if not marks and len(pieces) > 2:
        found += [
            _episode(pieces[:1], pieces[2:]),
            _episode(pieces[:2], pieces[2:]),
            film,
            _episode(pieces[:1], pieces[1:]),
        ]
    elif not marks and len(pieces) == 2:
        found += [film, _episode(pieces[:1], pieces[1:])]
    kept = list(dict.fromkeys(found))[: _MOST_READINGS - 1]
    return (*kept, film) if film not in kept else tuple(kept)


def _episode(show: list[str], episode: list[str], season: int | None = None) -> Reading:
    name, number = ": ".join(episode) or None, None
    if name is not None:
        number = _number(_EPISODES.fullmatch(name.casefold()))
    if name is not None and name.endswith(")") and (found := _NUMBERED.fullmatch(name)):
        inside = _number(_EPISODES.fullmatch(found[2].casefold()))
        if inside is not None:
            name, number = found[1], inside
    return Reading(
        ": ".join(show),
        "series",
        season_number=season,
        episode_number=number if season is not None else None,
        episode_name=name,
    )


def _mark(pieces: list[str], at: int) -> tuple[int, bool] | None:
    """Which season a piece names, and whether it can only be a season's name."""
    piece = pieces[at].casefold()
    if _LIMITED.fullmatch(piece):
        return 1, True
    if (season := _number(_SEASONS.fullmatch(piece))) is not None:
        return season, True
    if (season := _number(_PARTS.fullmatch(piece))) is not None:
        return season, False
    # 'Dusk Lane: Dusk Lane 4: The Bridge' names the season after the show.
    show = pieces[0].casefold()
    rest = piece.removeprefix(show).strip()
    if at == 1 and piece.startswith(show) and rest.isdecimal() and len(rest) <= 2:
        return int(rest), len(pieces) > 2
    return None


def _number(found: re.Match[str] | None) -> int | None:
    if found is None:
        return None
    digits = found["number"] or found["before"] or found["counted"]
    if digits.isdecimal():
        return int(digits)
    if digits[0] in _HAN:
        return _han(digits)
    values = [_ROMAN[each] for each in digits]
    following = [*values[1:], 0]
    return sum(-a if a < b else a for a, b in zip(values, following, strict=True))


def _han(digits: str) -> int | None:
    tens, ten, ones = digits.rpartition("十")
    if not ten:
        return _HAN.index(digits) + 1 if len(digits) == 1 else None
    if len(tens) > 1 or len(ones) > 1 or "十" in tens:
        return None
    return (_HAN.index(tens) + 1 if tens else 1) * 10 + (_HAN.index(ones) + 1 if ones else 0)
