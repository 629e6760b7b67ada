"""Many patterns searched at once: only those whose words stand in the line are tried, the rest cost a look-up.

Every pattern of a lexicon has an anchor: words of which at least one stands wherever it matches. An index from words
to patterns makes the cost of a line grow with the patterns that may match it, not with the size of the lexicon
(the idea of the "required literal" of text search engines; Cox, "Regular Expression Matching with a Trigram Index").
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from functools import cached_property, lru_cache

from domain.fold import fold

# Words remembered with the patterns they belong to; beyond that the memory is emptied, as texts are endless.
REMEMBERED = 20_000
_STEM_KEY = 2  # letters by which stems are looked up


@dataclass(frozen=True)
class Source:
    """A pattern as regular expression, not yet compiled, and its anchor (None: it may match anywhere)."""

    text: str
    anchor: frozenset[str] | None

    @cached_property
    def literal(self) -> bool:
        """Whether it is made of words side by side only, so that it matches before people and dates are marked, too."""
        return not re.search(r"\\S\+ |[A-Z] ", self.text)

    @cached_property
    def regex(self) -> re.Pattern[str]:
        """The compiled expression; most patterns of a lexicon are never needed."""
        first = self.text[:1]
        if (
            first.isalpha() and self.text[1:2] not in "?*+{"
        ):  # the engine jumps to a letter, but not to a look behind
            return re.compile(rf"{first}(?<!\S{first})(?:{self.text[1:]})")
        return re.compile(rf"(?<!\S)(?:{self.text})")


@lru_cache(maxsize=1024)
def _words_of(line: str) -> frozenset[str]:
    """The distinct words of a line, which dozens of sets are asked about one after the other."""
    return frozenset(line.split())


class Index:
    """Finds which of many anchors may be met by the words of a line."""

    def __init__(self, anchors: Sequence[frozenset[str] | None]) -> None:
        self.anywhere = tuple(n for n, anchor in enumerate(anchors) if anchor is None)
        self._words: dict[str, list[int]] = {}
        self._stems: dict[str, list[tuple[str, int]]] = {}
        self._ends: list[tuple[str, int]] = []
        for n, anchor in enumerate(anchors):
            for word in anchor or ():
                self._add(word, n)
        self._known: dict[str, tuple[int, ...]] = {}
        self._quiet: set[str] = set()  # words that were looked up and meet no anchor: most words of a text

    def _add(self, word: str, n: int) -> None:
        bare = fold(word.strip("*"))
        if word.startswith("*"):
            self._ends.append((bare, n))
        elif word.endswith("*"):
            self._stems.setdefault(bare[:_STEM_KEY], []).append((bare, n))
        else:
            symbol = re.fullmatch("[A-Z]+", word)
            self._words.setdefault(word if symbol else bare, []).append(n)

    def _look_up(self, word: str) -> tuple[int, ...]:
        found = list(self._words.get(word, ()))
        for width in range(1, _STEM_KEY + 1):
            stems = self._stems.get(word[:width], ()) if len(word) >= width else ()
            found += [n for stem, n in stems if word.startswith(stem)]
        found += [n for end, n in self._ends if end in word]
        if len(self._known) + len(self._quiet) >= REMEMBERED:
            self._known.clear()
            self._quiet.clear()
        if not found:
            self._quiet.add(word)
            return ()
        known = self._known[word] = tuple(dict.fromkeys(found))
        return known

    def candidates(self, words: AbstractSet[str]) -> Sequence[int]:
        """The numbers of the patterns that may match a line with these words, in their order."""
        known = self._known
        found: set[int] = set()
        for word in words - self._quiet:
            numbers = known.get(word)
            found.update(self._look_up(word) if numbers is None else numbers)
        return sorted(found.union(self.anywhere)) if found else self.anywhere


class PatternSet:
    """Patterns as one: it matches where one of them does, the leftmost first, then the one that stands first."""

    def __init__(self, sources: Sequence[Source]) -> None:
        self.sources = tuple(sources)
        self._index = Index([source.anchor for source in self.sources])

    def candidates(
        self, line: str, words: AbstractSet[str] | None = None
    ) -> Iterator[tuple[int, re.Pattern[str]]]:
        """The patterns that may match a line, with their numbers; ``words``: its distinct words, if at hand."""
        if self.sources:
            for n in self._index.candidates(_words_of(line) if words is None else words):
                yield n, self.sources[n].regex

    def search(self, line: str) -> re.Match[str] | None:
        """The leftmost match of any of the patterns."""
        best: re.Match[str] | None = None
        for _, regex in self.candidates(line):
            match = regex.search(line)
            if match is not None and (best is None or match.start() < best.start()):
                best = match
        return best

    def match(self, line: str) -> re.Match[str] | None:
        """A match at the head of the line."""
        return next((m for _, regex in self.candidates(line) if (m := regex.match(line))), None)

    def fullmatch(self, line: str) -> re.Match[str] | None:
        """A match of the whole line."""
        return next((m for _, regex in self.candidates(line) if (m := regex.fullmatch(line))), None)

    def finditer(self, line: str, words: AbstractSet[str] | None = None) -> Iterator[re.Match[str]]:
        """All matches from left to right, without overlaps; ``words``: the line's distinct words, if at hand."""
        end = 0
        for _, match in sorted(self.every(line, words), key=lambda found: (found[1].start(), found[0])):
            if match.start() >= end and match.end() > match.start():
                end = match.end()
                yield match

    def every(self, line: str, words: AbstractSet[str] | None = None) -> Iterator[tuple[int, re.Match[str]]]:
        """The matches of each pattern by itself, with its number."""
        return ((n, match) for n, regex in self.candidates(line, words) for match in regex.finditer(line))
