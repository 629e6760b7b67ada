"""The lexicons: what each language's press calls the people, their contacts and the states of these.

A lexicon is one file ``language/<ISO 639-1>.toml``; nothing about a language stands in code. A file that says
``like = "no"`` takes every table that it does not hold itself from the file of a sister language.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from functools import cache
from importlib import resources
from typing import Any

from domain.finder import Phrase, finder, spelled_out
from domain.fold import fold
from domain.lexicon_file import parse_lexicon
from domain.lexicon_model import COUNTRY_KEYS, Lexicon, LexiconError, Trigger

__all__ = [
    "FALLBACK",
    "Lexicon",
    "LexiconError",
    "Trigger",
    "available",
    "country_words",
    "load_lexicon",
    "parse_lexicon",
]

FALLBACK = "any"


@cache
def available() -> frozenset[str]:
    """The languages that have a lexicon of their own (the fallback not counted)."""
    names = (entry.name for entry in resources.files("domain.language").iterdir())
    codes = {n.removesuffix(".toml") for n in names if re.fullmatch(r"[a-z]{2}\.toml", n)}
    return frozenset(codes)


@cache
def country_words() -> Mapping[str, re.Pattern[str]]:
    """For each country code the words of all lexicons for it, as one regular expression over folded text.

    For the home country of a language that includes its bare offices ("le président de la République").
    """
    phrases: dict[str, set[Phrase]] = {}
    glued: set[str] = set()  # what may be written together with a word behind it
    for language in available():
        raw = _raw(language)
        glued.update(fold(w) for w in raw.get("clitics", {}).get("before", ()))
        for code, entry in raw.get("countries", {}).items():
            for pattern in (w for key in COUNTRY_KEYS for w in entry.get(key, ())):
                phrases.setdefault(code, set()).update(spelled_out(pattern))
        if "home" in raw:
            for pattern in raw.get("actors", {}).get("home", ()):
                phrases.setdefault(raw["home"], set()).update(spelled_out(pattern))
    return {code: finder(found, glued) for code, found in phrases.items()}


@cache
def _raw(code: str) -> dict[str, Any]:
    file = resources.files("domain.language").joinpath(f"{code}.toml")
    try:
        raw = tomllib.loads(file.read_text(encoding="utf-8"))
    except tomllib.TOMLDecodeError as error:
        raise LexiconError(f"{code}.toml is not TOML: {error}") from error
    like = raw.pop("like", None)
    if like is None:
        return raw
    if like == code or like not in available():
        raise LexiconError(f"{code}.toml: like: there is no lexicon {like!r}")
    return {**_raw(like), **raw}


@cache
def load_lexicon(language: str) -> Lexicon:
    """The lexicon of a language, or the fallback ``any``; raises LexiconError for a file that is wrong."""
    code = language if language in available() else FALLBACK
    return parse_lexicon(_raw(code), f"{code}.toml")
