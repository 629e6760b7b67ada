"""Folding text for comparison without moving a character: ``len(fold(text)) == len(text)`` always."""

from __future__ import annotations

import re
import unicodedata

# Accented letters that tell words apart and stay: French à (appeler à / a appelé) and où, Cyrillic й and ї.
KEPT = frozenset("àйїў")
_SINGLE = {
    "’": "'",
    "‘": "'",
    "ʼ": "'",
    "`": "'",
    "´": "'",
    "“": '"',
    "”": '"',
    "„": '"',
    "«": '"',
    "»": '"',
    "–": "—",
    "―": "—",
    "−": "—",
    "‑": "-",
    "‐": "-",
    "\u00a0": " ",
    "\u202f": " ",
    "ё": "е",
    "ß": "s",
    "ø": "o",
    "ł": "l",
    "đ": "d",
    "ı": "i",
    "œ": "e",
    "æ": "e",
    "،": ",",
    "؛": ";",
    "؟": "?",
    # Hebrew: the marks of abbreviations and of foreign sounds, and its hyphen.
    "״": '"',
    "׳": "'",
    "־": "-",
    # Arabic: the alef with and without hamza, and the final ya with and without dots, are written as one likes.
    "أ": "ا",
    "إ": "ا",
    "آ": "ا",
    "ٱ": "ا",
    "ى": "ي",
}


class _Table(dict[int, int]):
    """The translation table, filled as characters are met."""

    def __missing__(self, code: int) -> int:
        value = ord(_fold_character(chr(code)))
        self[code] = value
        return value


def _fold_character(character: str) -> str:
    lowered = character.lower()
    if len(lowered) != 1:
        lowered = unicodedata.normalize("NFD", lowered)[0]
    if lowered in _SINGLE:
        return _SINGLE[lowered]
    if lowered in KEPT:
        return lowered
    base = unicodedata.normalize("NFD", lowered)
    if len(base) > 1 and (base[0] < "\u0250" or "α" <= base[0] <= "ω"):
        return base[0]
    return lowered


_TABLE = _Table()
_OTHERS = re.compile(r"[^\x00-\x7f]+")
_FEW = 1.1  # bytes a character below which most letters are ASCII, whose lower case is had much faster


def fold(text: str) -> str:
    """Lower case, without the accents of Latin and Greek letters, quotes, dashes and ё unified; same length."""
    few = text.isascii() or len(text.encode("utf-8", "replace")) < _FEW * len(text)
    if not few:
        return text.translate(_TABLE)
    return _OTHERS.sub(lambda match: match[0].translate(_TABLE), text).lower().replace("`", "'")
