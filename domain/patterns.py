"""The small pattern language of the lexicons, compiled to regular expressions over canonical sentences.

A canonical sentence is a string of tokens, each followed by one space, in which people are symbols (``A``, ``B``,
``PAIR``, ``OTHER`` ...) and words are folded. A pattern is a sequence of atoms separated by spaces:

    word        that word; ``word*`` any word with that beginning; ``*word`` with that end
    CLASS       a class of the lexicon or a symbol of the engine
    X Y         the two principals, in either order (one pattern becomes two); Y may also be "his guest" and the like
    ~3          at most three tokens of any kind, but no person outside the pair and no end of a sentence
    =3          the same, but no comma, dash, bracket or quotation mark either
    ( a | b c ) alternatives; ``?`` behind an atom or a group makes it optional
    ^           before an atom or a group: it must follow (or the sentence must end), and is not part of the match
    -           before an atom or a group: it must not follow
    @           before an atom or a group: the head, to which cues of status refer (at most one in a pattern)
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from domain.fold import fold
from domain.pattern_set import PatternSet, Source

SYMBOLS = frozenset(
    {"A", "B", "PAIR", "OTHER", "MA", "MB", "PARTNER", "THEY", "ALL", "DATE", "SPEAKER", "T", "AO", "BO"}
)
# One principal, alone or in the company of others.
_PRINCIPAL = {"A": "(?:A|AO) ", "B": "(?:B|BO) ", "PAIR": "(?:PAIR|THEY|ALL) "}
_GAP = re.compile(r"[~=]\d+")
_PERSONS = frozenset({"X", "Y", "A", "B", "PAIR", "MX", "MY", "THEY", "ALL", "PARTNER"})
_ORDERED = frozenset({"X", "Y", "MX", "MY"})
_METONYM = {"MX": {"A": "MA ", "B": "MB "}, "MY": {"A": "MB ", "B": "MA "}}
_GAPS = {"~": r"(?!OTHER |[;:.?!] )\S+ ", "=": r"(?!OTHER |[;:.?!,()\"—…] )\S+ "}
_ATOM = re.compile(r"\s*(\(|\)|\||[@^-]|[^\s()|?@^-]+|\?)")


class PatternError(ValueError):
    """A pattern that cannot be read; the message says which and why."""


def compile_orders(pattern: str, classes: Mapping[str, Sequence[str]]) -> tuple[Source, ...]:
    """The regular expressions of a pattern, one for each order of X and Y; the head is the group ``head``."""
    return sources_of(pattern if "@" in pattern else _mark_head(pattern), classes)


def _mark_head(pattern: str) -> str:
    """The pattern with its first atom that is no person, gap or option marked as head."""
    atoms = _ATOM.findall(pattern)
    depth, opened = 0, 0
    for n, atom in enumerate(atoms):
        if atom == "(":
            opened = n if depth == 0 else opened
            depth += 1
        elif atom == ")":
            depth -= 1
        if depth or atom in ("?", "|") or atom in _PERSONS or _GAP.fullmatch(atom):
            continue
        if n + 1 < len(atoms) and atoms[n + 1] == "?":
            continue
        at = opened if atom == ")" else n
        return " ".join([*atoms[:at], "@", *atoms[at:]])
    return pattern


def needs_of(pattern: str) -> tuple[frozenset[str], ...]:
    """For each order of X and Y the people (``A``, ``B``, ``PAIR``) without whom the pattern cannot match.

    Only what stands outside brackets counts, so that an alternative does not ask for too much.
    """
    plain = re.sub(r"\([^()]*\)\??", " ", pattern)
    while "(" in plain and plain != (plain := re.sub(r"\([^()]*\)\??", " ", plain)):
        pass
    words = {word.lstrip("@") for word in plain.split() if not word.endswith("?")}
    orders = ({"X": "A", "Y": "B"}, {"X": "B", "Y": "A"}) if classes_used(pattern) & _ORDERED else ({},)
    return tuple(
        frozenset({order.get(word, word) for word in words} & {"A", "B", "PAIR"}) for order in orders
    )


def compile_all(patterns: Sequence[str], classes: Mapping[str, Sequence[str]]) -> PatternSet:
    """The patterns as one; it never matches when there are none."""
    return PatternSet([source for pattern in patterns for source in sources_of(pattern, classes)])


def classes_used(pattern: str) -> set[str]:
    """The names in capital letters that a pattern mentions."""
    return {name for name in re.findall(r"[^\s()|?@^-]+", pattern) if _is_name(name)}


def sources_of(pattern: str, classes: Mapping[str, Sequence[str]]) -> tuple[Source, ...]:
    """The regular expressions of a pattern, one for each order of X and Y."""
    orders = (("A", "B"), ("B", "A")) if _ORDERED & classes_used(pattern) else (("A", "B"),)
    return tuple(_Reader(pattern, classes, *order).read() for order in orders)


def _is_name(word: str) -> bool:
    return bool(re.fullmatch(r"[A-Z][A-Z_]*", word))


class _Reader:
    """Reads one pattern, with X and Y standing for the given principals."""

    def __init__(self, pattern: str, classes: Mapping[str, Sequence[str]], x: str, y: str) -> None:
        self.pattern = pattern
        self.classes = classes
        self.x, self.y = x, y
        self.atoms: list[str] = _ATOM.findall(pattern)
        self.at = 0

    def read(self) -> Source:
        source = self._alternatives()
        if self.at != len(self.atoms):
            raise PatternError(f"pattern {self.pattern!r}: unexpected {self.atoms[self.at]!r}")
        return source

    def _alternatives(self) -> Source:
        parts = [self._sequence()]
        while self.at < len(self.atoms) and self.atoms[self.at] == "|":
            self.at += 1
            parts.append(self._sequence())
        return _any_of(parts)

    def _sequence(self) -> Source:
        out: list[Source] = []
        while self.at < len(self.atoms) and self.atoms[self.at] not in ("|", ")"):
            atom = self.atoms[self.at]
            self.at += 1
            if atom == "?":
                raise PatternError(f"pattern {self.pattern!r}: '?' behind nothing")
            mark = atom if atom in ("@", "^", "-") else ""
            atom = self._next() if mark else atom
            source = self._group() if atom == "(" else self._atom(atom)
            if mark == "@":
                source = Source(f"(?P<head>{source.text})", source.anchor)
            if mark == "^":
                source = Source(f"(?={source.text}|$)", None)
            if mark == "-":
                source = Source(f"(?!{source.text})", None)
            if self.at < len(self.atoms) and self.atoms[self.at] == "?":
                self.at += 1
                source = Source(f"(?:{source.text})?", None)
            out.append(source)
        if not out:
            raise PatternError(f"pattern {self.pattern!r}: an empty alternative")
        # Of equally rare words the last one: articles stand before what they go with.
        anchors = [source.anchor for source in reversed(out) if source.anchor is not None]
        rarest = min(anchors, key=_cost, default=None)
        return Source("".join(s.text for s in out), rarest)

    def _next(self) -> str:
        if self.at >= len(self.atoms):
            raise PatternError(f"pattern {self.pattern!r}: '@', '^' or '-' before nothing")
        self.at += 1
        return self.atoms[self.at - 1]

    def _group(self) -> Source:
        source = self._alternatives()
        if self.at >= len(self.atoms) or self.atoms[self.at] != ")":
            raise PatternError(f"pattern {self.pattern!r}: a bracket is not closed")
        self.at += 1
        return Source(f"(?:{source.text})", source.anchor)

    def _atom(self, atom: str) -> Source:
        if _GAP.fullmatch(atom):
            return Source(f"(?:{_GAPS[atom[0]]}){{0,{int(atom[1:])}}}?", None)
        # A person followed by 's is only the owner of what follows, unless the pattern says so itself.
        alone = "" if self.at < len(self.atoms) and self.atoms[self.at] == "'s" else "(?!'s )"
        if atom == "X":
            return _people(_PRINCIPAL[self.x] + alone)
        if atom == "Y":
            return _people(f"(?:{_PRINCIPAL[self.y]}|PARTNER ){alone}")
        if atom in _METONYM:
            return _people(_METONYM[atom][self.x])
        if atom in _PRINCIPAL:
            return _people(_PRINCIPAL[atom])
        if atom in self.classes:
            whole = _any_of([s for p in self.classes[atom] for s in sources_of(p, self.classes)])
            return Source(f"(?:{whole.text})", whole.anchor)
        if atom in SYMBOLS:
            return _people(f"{atom} ")
        if _is_name(atom):
            raise PatternError(f"pattern {self.pattern!r}: no class {atom!r}")
        return Source(word_source(atom) + " ", frozenset({atom}))


def _any_of(parts: Sequence[Source]) -> Source:
    if len(parts) == 1:
        return parts[0]
    anchors = [part.anchor for part in parts]
    known = [anchor for anchor in anchors if anchor is not None]
    anchor = frozenset().union(*known) if len(known) == len(anchors) else None
    return Source("(?:" + "|".join(part.text for part in parts) + ")", anchor)


def _people(text: str) -> Source:
    """A symbol; its anchor is what may stand for it, taken only where a pattern holds no word."""
    return Source(text, frozenset(re.findall(r"[A-Z]+", text)))


def _cost(anchor: frozenset[str]) -> float:
    """How often an anchor is to be expected in a line: as often as its commonest word, and those are short.

    Measured on sixty English articles: a third fewer patterns are tried than with the sum over all its words.
    """
    return max(1.0 if word.isupper() else 2.0 ** -len(word) for word in anchor)


def word_source(word: str) -> str:
    """The regular expression of one word of a pattern: literal, ``stem*`` or ``*ending``."""
    folded = fold(word)
    source = re.escape(folded.strip("*"))
    if folded.startswith("*"):
        source = r"\w+" + source
    return source + r"\w*" if folded.endswith("*") else source
