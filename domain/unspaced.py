"""Cuts text that is written without spaces into words: the longest that the data files know, from its end backwards.

Backwards, because of two ways to cut Chinese the one from the end is mostly right: 将会见 is 将 and 会见, not 将会 and
见. What is in no file stays cut into single characters, and so do names of people, which are looked up by their
characters.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator
from functools import cache
from importlib import resources
from typing import Any

from domain.fold import fold

HAN = "\u3005\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
_WORD = re.compile(rf"[{HAN}]{{2,}}")
_SHARED = ("places", "topics")  # data files for all languages whose words are looked up as words
# Wide marks, and what they are called in the patterns; each is one character as before.
MARKS = str.maketrans("，；：？！（）。「」『』﹁﹂《》〈〉～．", ',;:?!().""""""""""—.')


class Cutter:
    """Cuts runs of characters; ``names``: the names of people, of which nothing is taken for a word."""

    def __init__(self, words: Iterable[str], names: Iterable[str]) -> None:
        self._names = frozenset(names)
        self._by_end: dict[str, list[str]] = {}
        for word in sorted({*words, *self._names}, key=lambda word: (-len(word), word)):
            self._by_end.setdefault(word[-1], []).append(word)

    def cut(self, run: str) -> list[int]:
        """The widths of the words of a run, from left to right."""
        widths: list[int] = []
        end = len(run)
        while end:
            known = next((w for w in self._by_end.get(run[end - 1], ()) if run.endswith(w, 0, end)), "")
            if known in self._names:
                widths += [1] * len(known)
            else:
                widths.append(len(known) or 1)
            end -= len(known) or 1
        return widths[::-1]


def make_cutter(raw: Any) -> Cutter:
    """The cutter for a lexicon file: it knows every word of it, of the files for all languages, and all names."""
    words = {word for text in _texts([raw, _shared()]) for word in _WORD.findall(fold(text))}
    return Cutter(words, _names())


def count_words(text: str) -> int:
    """How many words a text has, about: characters of such a script make half a word each."""
    han = sum(1 for _ in re.finditer(rf"[{HAN}]", text))
    return len(re.sub(rf"[{HAN}]+", " ", text).split()) + han // 2


def is_han(word: str) -> bool:
    """Whether a word is written in such characters, so that it has no borders in the text."""
    return re.fullmatch(rf"[{HAN}]+", word) is not None


@cache
def _shared() -> list[Any]:
    files = (resources.files("domain.language").joinpath(f"{name}.toml") for name in _SHARED)
    return [tomllib.loads(file.read_text(encoding="utf-8")) for file in files]


@cache
def _names() -> frozenset[str]:
    file = resources.files("domain.language").joinpath("people.toml")
    raw = tomllib.loads(file.read_text(encoding="utf-8"))
    people = [entry for table in ("person", "other", "spokesperson") for entry in raw.get(table, ())]
    known = (name for entry in people for key in ("names", "given") for name in entry.get(key, ()))
    return frozenset(word for name in known for word in _WORD.findall(fold(name)))


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        yield from (key for key in value if isinstance(key, str))
        for one in value.values():
            yield from _texts(one)
    elif isinstance(value, list):
        for one in value:
            yield from _texts(one)
