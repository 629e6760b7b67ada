"""Case endings that languages with postpositions write to a word: Turkish "Putin'le" is "with Putin".

An ending becomes a token of its own behind its word, in the form that the lexicon gives it (table ``cases``). Behind
an apostrophe or a hyphen every word may have one, without it only those nouns and names of which the lexicon or the
table of people knows that they are inflected; so whoever is unknown stays whole. Where owners bear no ending
(Hungarian "Putyin háborúja"), what is owned shows them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from domain.fold import fold
from domain.pattern_set import PatternSet
from domain.people import load_people

_LONGEST = 6  # letters behind an apostrophe that may be an ending

Part = tuple[str, int]  # a form, and how many characters of the word it stands for


@dataclass(frozen=True)
class Cases:
    """The endings of a language with the forms that stand for them, and the nouns that take them; all folded.

    ``whole``: words that look like a noun with an ending and are none. ``owned``: nouns of which the person right
    before them is the owner.
    """

    endings: Mapping[str, str]
    nouns: frozenset[str]
    whole: frozenset[str]
    owned: PatternSet

    def parts(self, word: str, *, hyphened: bool = False) -> tuple[Part, ...]:
        """The forms of a folded word, with their widths, which add up to its length; ``hyphened``: behind a hyphen."""
        if hyphened and word in self.endings:
            return ((self.endings[word], len(word)),)
        if word in self.nouns or word in self.whole:
            return ((word, len(word)),)
        head, mark, tail = word.partition("'")
        if mark and tail in self.endings:
            return (head, len(head)), (self.endings[tail], len(word) - len(head))
        if mark:
            return ((head if len(head) > 1 and len(tail) <= _LONGEST else word, len(word)),)
        for width in range(1, min(_LONGEST, len(word) - 1) + 1):
            stem, ending = word[:-width], word[-width:]
            if ending in self.endings and stem in self.nouns:
                return (stem, len(stem)), (self.endings[ending], width)
        return ((word, len(word)),)


def cases_of(
    endings: Mapping[str, str],
    nouns: Iterable[str],
    whole: Iterable[str] = (),
    owned: PatternSet | None = None,
) -> Cases:
    """The cases of a language; the surnames of all known leaders are inflected as its nouns are."""
    leaders = load_people().leaders.values()
    names = (name.removesuffix("~") for person in leaders for name in person.names if name.endswith("~"))
    single = (name for name in names if " " not in name and name.isascii())
    return Cases(
        {fold(ending): form for ending, form in endings.items()},
        frozenset(fold(word) for word in (*nouns, *single)),
        frozenset(map(fold, whole)),
        owned or PatternSet([]),
    )
