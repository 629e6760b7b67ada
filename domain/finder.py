"""Finding the places of a text that hold one of many phrases: the gate before detection, which every article passes.

One regular expression begins with the letters of all phrases, so that the engine jumps to these; that what stands
before is no letter is asked behind the first one. That is eight times as fast as asking at every place.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from itertools import product

from domain.fold import fold
from domain.patterns import word_source
from domain.unspaced import is_han

_ATOM = re.compile(r"\s*(\(|\)|\||[\^-]|\?|[^\s()|?^-]+)")
_GLUED = 3  # letters of words that Hebrew and Arabic write together with the word behind them

Phrase = tuple[str, ...]


def spelled_out(pattern: str) -> Iterator[Phrase]:
    """The phrases that a pattern of plain words and groups stands for; what is optional or only follows is left out."""
    phrases, _ = _alternatives(_ATOM.findall(pattern), 0)
    return (phrase for phrase in phrases if phrase)


def _alternatives(atoms: Sequence[str], at: int) -> tuple[list[Phrase], int]:
    found: list[Phrase] = []
    while True:
        parts, at = _sequence(atoms, at)
        found += [sum(choice, ()) for choice in product(*parts)]
        if at >= len(atoms) or atoms[at] == ")":
            return found, at
        at += 1  # the bar


def _sequence(atoms: Sequence[str], at: int) -> tuple[list[list[Phrase]], int]:
    parts: list[list[Phrase]] = []
    while at < len(atoms) and atoms[at] not in (")", "|"):
        follows = atoms[at] in ("^", "-")
        at += follows
        part: list[Phrase] = [(atoms[at],)]
        if atoms[at] == "(":
            part, at = _alternatives(atoms, at + 1)
        at += 1
        optional = at < len(atoms) and atoms[at] == "?"
        at += optional
        if not (follows or optional):
            parts.append(part)
    return parts, at


def finder(phrases: Iterable[Phrase], glued: AbstractSet[str]) -> re.Pattern[str]:
    """An expression over folded text that matches at each phrase, as whole words (``stem*``: a beginning).

    ``glued``: what Hebrew and Arabic may write before a word without a space. Chinese phrases of more than one
    character match anywhere, as the script has no spaces.
    """
    every = {tuple(fold(word) for word in phrase) for phrase in phrases}
    short = {phrase for phrase in every if not any(phrase[:n] in every for n in range(1, len(phrase)))}
    by_letter: dict[str, list[str]] = {}
    for phrase in sorted(short):
        source = r"\W+".join(map(word_source, phrase))
        by_letter.setdefault(phrase[0][0], []).append(source.removeprefix(re.escape(phrase[0][0])))
    letters = "".join(sorted({letter for word in glued for letter in word}))
    parts = []
    for letter, rests in by_letter.items():
        begins = rf"(?<!\w{letter})"
        if letters and "\u0590" <= letter <= "\u06ff":
            within = (rf"(?<=(?<!\w)[{letters}]{{{n}}}{letter})" for n in range(1, _GLUED + 1))
            begins = f"(?:{'|'.join((begins, *within))})"
        parts.append(rf"{letter}{begins}(?:{'|'.join(rests)})(?!\w)")
    parts += [re.escape(word) for (word,) in sorted(p for p in every if len(p) == 1 and _is_borderless(p[0]))]
    return re.compile("|".join(parts))


def _is_borderless(word: str) -> bool:
    """Whether a word is to be found within others; single characters mean too much."""
    return len(word) > 1 and is_han(word)
