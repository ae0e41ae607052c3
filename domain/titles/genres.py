"""Our genres, and the words other catalogues use for them."""

from enum import StrEnum


class Genre(StrEnum):
    """What kind of story a title tells. The value is what we store, send and show in URLs."""

    ACTION = "action"
    ANIMATION = "animation"
    COMEDY = "comedy"
    CRIME = "crime"
    DOCUMENTARY = "documentary"
    DRAMA = "drama"
    EUROPEAN = "european"
    FAMILY = "family"
    FANTASY = "fantasy"
    HISTORY = "history"
    HORROR = "horror"
    MUSIC = "music"
    REALITY = "reality"
    ROMANCE = "romance"
    SCIENCE_FICTION = "science-fiction"
    SPORT = "sport"
    THRILLER = "thriller"
    WAR = "war"
    WESTERN = "western"

    @classmethod
    def from_source(cls, word: str) -> "Genre | None":
        """Our genre for another catalogue's word, in any case and with any spaces around it.

        None for a word that names no genre of ours: "TV Movie" is a format and "Foreign" a point
        of view, so an importer drops them rather than failing on them.
        """
        return _BY_WORD.get(word.strip().casefold())


_WORDS: dict[Genre, tuple[str, ...]] = {
    # First JustWatch's three letters, then its long words, TMDB's names, TVmaze's and IMDb's.
    Genre.ACTION: ("act", "action & adventure", "adventure"),
    Genre.ANIMATION: ("ani", "anime"),
    Genre.COMEDY: ("cmy",),
    Genre.CRIME: ("crm",),
    Genre.DOCUMENTARY: ("doc", "documentation", "talk", "news", "nature"),
    Genre.DRAMA: ("drm", "soap", "medical", "legal"),
    Genre.EUROPEAN: ("eur", "made in europe"),
    Genre.FAMILY: ("fml", "kids", "kids & family", "children"),
    Genre.FANTASY: ("fnt",),
    Genre.HISTORY: ("hst",),
    Genre.HORROR: ("hrr",),
    Genre.MUSIC: ("msc", "music & musical", "musical"),
    Genre.REALITY: ("rly", "reality tv", "reality-tv"),
    Genre.ROMANCE: ("rma",),
    Genre.SCIENCE_FICTION: ("scf", "scifi", "sci-fi", "science fiction", "sci-fi & fantasy"),
    Genre.SPORT: ("spt", "sports"),
    Genre.THRILLER: ("trl", "mystery", "mystery & thriller", "espionage"),
    Genre.WAR: ("war & politics", "war & military"),
    Genre.WESTERN: ("wsn",),
}

_BY_WORD = {word: genre for genre, words in _WORDS.items() for word in (genre.value, *words)}
