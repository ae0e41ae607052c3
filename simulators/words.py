"""What upstreams call things: genres, countries, currencies and languages, for their clients."""

from typing import NamedTuple


class GenreWords(NamedTuple):
    """A genre at JustWatch (three letters, long name) and TMDB (ids of films and series, name)."""

    short: str
    technical: str
    movie_id: int | None
    tv_id: int | None
    name: str


GENRES = {
    "action": GenreWords("act", "action", 28, 10759, "Action"),
    "animation": GenreWords("ani", "animation", 16, 16, "Animation"),
    "comedy": GenreWords("cmy", "comedy", 35, 35, "Comedy"),
    "crime": GenreWords("crm", "crime", 80, 80, "Crime"),
    "documentary": GenreWords("doc", "documentation", 99, 99, "Documentary"),
    "drama": GenreWords("drm", "drama", 18, 18, "Drama"),
    "european": GenreWords("eur", "european", None, None, "Made in Europe"),
    "family": GenreWords("fml", "family", 10751, 10751, "Family"),
    "fantasy": GenreWords("fnt", "fantasy", 14, 10765, "Fantasy"),
    "history": GenreWords("hst", "history", 36, None, "History"),
    "horror": GenreWords("hrr", "horror", 27, None, "Horror"),
    "music": GenreWords("msc", "music", 10402, None, "Music"),
    "reality": GenreWords("rly", "reality", None, 10764, "Reality"),
    "romance": GenreWords("rma", "romance", 10749, None, "Romance"),
    "science-fiction": GenreWords("scf", "scifi", 878, 10765, "Science Fiction"),
    "sport": GenreWords("spt", "sport", None, None, "Sport"),
    "thriller": GenreWords("trl", "thriller", 53, 9648, "Thriller"),
    "war": GenreWords("war", "war", 10752, 10768, "War"),
    "western": GenreWords("wsn", "western", 37, 37, "Western"),
}
# Some of TMDB's genres of series join two.
TV_GENRE_NAMES = {
    10759: "Action & Adventure", 10765: "Sci-Fi & Fantasy", 9648: "Mystery",
    10768: "War & Politics",
}  # fmt: skip

# ISO 3166-1, all of it.
_CODES = """
AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS
BT BV BW BY BZ CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE
EG EH ER ES ET FI FJ FK FM FO FR GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM
HN HR HT HU ID IE IL IM IN IO IQ IR IS IT JE JM JO JP KE KG KH KI KM KN KP KR KW KY KZ LA LB LC
LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO MP MQ MR MS MT MU MV MW MX MY MZ NA
NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PN PR PS PT PW PY QA RE RO RS RU RW
SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF TG TH TJ TK TL TM TN TO
TR TT TV TW TZ UA UG UM US UY UZ VA VC VE VG VI VN VU WF WS XK YE YT ZA ZM ZW
"""
COUNTRIES = frozenset(_CODES.split())
COUNTRY_NAMES = {
    "AT": "Austria", "AU": "Australia", "BE": "Belgium", "BR": "Brazil", "CA": "Canada",
    "CH": "Switzerland", "CN": "China", "DE": "Germany", "DK": "Denmark", "ES": "Spain",
    "FI": "Finland", "FR": "France", "GB": "United Kingdom", "IE": "Ireland", "IN": "India",
    "IT": "Italy", "JP": "Japan", "KR": "South Korea", "MX": "Mexico", "NL": "Netherlands",
    "NO": "Norway", "NZ": "New Zealand", "PL": "Poland", "PT": "Portugal", "SE": "Sweden",
    "US": "United States of America",
}  # fmt: skip
LANGUAGES = {
    "da": "Danish", "de": "German", "en": "English", "es": "Spanish", "fi": "Finnish",
    "fr": "French", "hi": "Hindi", "it": "Italian", "ja": "Japanese", "ko": "Korean",
    "nl": "Dutch", "no": "Norwegian", "pl": "Polish", "pt": "Portuguese", "sv": "Swedish",
    "zh": "Mandarin",
}  # fmt: skip
_SPOKEN = {
    "AT": "de", "BR": "pt", "CH": "de", "CN": "zh", "DE": "de", "DK": "da", "ES": "es", "FI": "fi",
    "FR": "fr", "IN": "hi", "IT": "it", "JP": "ja", "KR": "ko", "MX": "es", "NL": "nl", "NO": "no",
    "PL": "pl", "PT": "pt", "SE": "sv",
}  # fmt: skip
CURRENCIES = {
    "AT": "EUR", "AU": "AUD", "BE": "EUR", "BR": "BRL", "CA": "CAD", "CH": "CHF", "DE": "EUR",
    "DK": "DKK", "ES": "EUR", "FI": "EUR", "FR": "EUR", "GB": "GBP", "IE": "EUR", "IN": "INR",
    "IT": "EUR", "JP": "JPY", "KR": "KRW", "MX": "MXN", "NL": "EUR", "NO": "NOK", "NZ": "NZD",
    "PL": "PLN", "PT": "EUR", "SE": "SEK",
}  # fmt: skip


def language_of(countries: tuple[str, ...]) -> str:
    """The language of what was made there, by the first country; English where it isn't known."""
    return _SPOKEN.get(countries[0], "en") if countries else "en"


def country_name(code: str) -> str:
    """A country's English name, where it is one of the commoner ones; its code otherwise."""
    return COUNTRY_NAMES.get(code, code)
