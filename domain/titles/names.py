"""Names as people type them: keys for matching, slugs for URLs, and cleaning of hostile text."""

import re
import unicodedata

MAX_LENGTH = 10_000
"""Characters `clean` keeps unless told otherwise: four times the longest synopsis we have met."""


class _Spelling(dict[int, str]):
    """A table for `str.translate` that learns each character the first time it meets it."""

    def __missing__(self, code: int) -> str:
        char = chr(code)
        # Marks (M) stay with letters and numbers: Devanagari and Arabic write vowels with them.
        self[code] = kept = char if unicodedata.category(char)[0] in "LNM" else " "
        return kept


# What Unicode calls letters of their own, but a viewer without that keyboard types as ours.
_LETTERS = {"æ": "ae", "œ": "oe", "ø": "o", "đ": "d", "ð": "d", "ł": "l", "þ": "th", "ı": "i"}
# Apostrophes vanish instead of splitting: people type "schitts creek" and "oceans eleven".
_SIGNS = {"&": " and ", "'": "", "\u2019": "", "\u02bc": "", "`": ""}
# U+0300 to U+036F are the accents of Latin, Greek and Cyrillic; other scripts' marks are letters.
_ACCENTS = dict.fromkeys(map(chr, range(0x300, 0x370)), "")
_FOLD = _Spelling(str.maketrans(_LETTERS | _SIGNS | _ACCENTS))


def fold(text: str) -> str:
    """The key under which two spellings of a name are the same, and which typo search reads.

    "Amélie", "AMELIE" and " amelie! " share one key; "Æon Flux" gives "aeon flux", "Tom & Jerry"
    gives "tom and jerry". Words are separated by single spaces; folding a key changes nothing;
    text without a letter or digit gives "". Any string is accepted, none raises.
    """
    # Casefolding can bring back what decomposing took apart (and the other way), hence both twice.
    plain = unicodedata.normalize("NFKD", text).casefold()
    plain = unicodedata.normalize("NFKD", plain).casefold().translate(_FOLD)
    return " ".join(unicodedata.normalize("NFC", plain).split())


def slug(text: str) -> str:
    """The name in kebab case: "Amazon Prime Video" gives "amazon-prime-video".

    A plus sign is read out, because it is part of the brand: "Disney+" and "Disney Plus" are both
    "disney-plus". Letters of other scripts stay as they are; a name without any letter or digit
    gives "", which the caller must not store.
    """
    return fold(unicodedata.normalize("NFKC", text).replace("+", " plus ")).replace(" ", "-")


_BREAKS = re.compile(r"[\t\n\v\f\r\x85\u2028\u2029]+")
# Controls and DEL, lone surrogates (neither UTF-8 nor Postgres can hold them), the marks that turn
# the reading direction of everything behind them (a classic disguise), and the byte order mark.
_HOSTILE = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff\u202a-\u202e\u2066-\u2069\ufeff]+")


def clean(text: str, limit: int = MAX_LENGTH) -> str:
    """Text from outside, safe to store and to show: at most `limit` characters, in NFC, trimmed.

    Line breaks and tabs become spaces, so that words don't grow together; NUL, other controls, lone
    surrogates and bidi overrides are dropped. What honest text needs stays: emoji joiners,
    right-to-left letters and their plain direction marks. This is not HTML escaping.
    """
    kept = _HOSTILE.sub("", _BREAKS.sub(" ", text)).strip()
    # Cut before normalising too: its cost grows with the square of a long run of accents.
    return unicodedata.normalize("NFC", kept[: 2 * limit])[:limit].strip()
