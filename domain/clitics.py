"""Words written together: Arabic "and", "to", "with", "will" and "his" are letters of the word beside them.

What may be glued to a word is data (table ``clitics`` of a lexicon). A word is taken apart only where that leaves a
word that Parley knows (of the lexicon, or of a name), and where it is none as a whole; so whoever is unknown stays
whole.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from domain.fold import fold
from domain.people import load_people

_DEEPEST = 3  # letters before a word ("and to the ...")
_REMEMBERED = 20_000  # words, beyond which the memory is emptied

Part = tuple[str, int]  # a form, and how many characters of the word it stands for


@dataclass(frozen=True)
class Clitics:
    """How a language glues words together; all words folded.

    ``before``, ``behind``: what stands before and behind a word. ``joined``: beginnings that hide a letter ("ll" for
    "l al"), as first form and beginning of the rest. ``endings``: how a word ends before a clitic, and by itself.
    """

    before: tuple[str, ...]
    behind: tuple[str, ...]
    joined: Mapping[str, tuple[str, str]]
    endings: Mapping[str, str]
    words: frozenset[str]
    memory: dict[str, tuple[Part, ...]] = field(default_factory=dict, compare=False, repr=False)

    def parts(self, word: str) -> tuple[Part, ...]:
        """The forms of a folded word, with their widths, which add up to its length."""
        known = self.memory.get(word)
        if known is None:
            if len(self.memory) >= _REMEMBERED:
                self.memory.clear()
            known = self.memory[word] = tuple(self._split(word, _DEEPEST) or [(word, len(word))])
        return known

    def _split(self, word: str, deep: int) -> list[Part] | None:
        if word in self.words or word.isdecimal():
            return [(word, len(word))]
        for last in self.behind:
            stem = self._stem(word.removesuffix(last)) if word.endswith(last) else None
            if stem is not None:
                return [(stem, len(word) - len(last)), (last, len(last))]
        if not deep:
            return None
        for opening, (first, rest) in self.joined.items():
            if word.startswith(opening):
                found = self._split(rest + word[len(opening) :], deep - 1)
                if found is not None:
                    form, width = found[0]
                    hidden = len(rest) + len(first) - len(opening)
                    return [(first, len(first)), (form, width - hidden), *found[1:]]
        for first in self.before:
            if word.startswith(first):
                found = self._split(word[len(first) :], deep - 1)
                if found is not None:
                    return [(first, len(first)), *found]
        return None

    def _stem(self, stem: str) -> str | None:
        """The word that a clitic stands behind, as it is written by itself."""
        if stem in self.words:
            return stem
        for ending, own in self.endings.items():
            if stem.endswith(ending) and stem[: -len(ending)] + own in self.words:
                return stem[: -len(ending)] + own
        return None


def clitics_of(
    before: Sequence[str],
    behind: Sequence[str],
    joined: Mapping[str, str],
    endings: Mapping[str, str],
    words: Sequence[str],
) -> Clitics:
    """The clitics of a language; ``words``: those of its lexicon. The longest are tried first."""
    pairs = {fold(k): fold(v).partition(" ") for k, v in joined.items()}
    return Clitics(
        tuple(sorted(map(fold, before), key=len, reverse=True)),
        tuple(sorted(map(fold, behind), key=len, reverse=True)),
        {k: (first, rest) for k, (first, _, rest) in pairs.items()},
        {fold(k): fold(v) for k, v in endings.items()},
        frozenset(word for word in map(fold, (*words, *_names())) if len(word) > 1),
    )


def _names() -> list[str]:
    people = load_people()
    listed = [n for p in people.leaders.values() for n in (*p.names, *p.given)]
    every = (*listed, *people.others, *people.spokespersons)
    return [word for name in every for word in name.split() if "~" not in word and len(word) > 2]
