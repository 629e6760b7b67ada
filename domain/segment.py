"""Cut an article into blocks and sentences: the units within which words may be related to each other.

Blocks come first (paragraphs, headlines, list items, captions), because glued page furniture does more harm
than a wrong sentence border; a sentence never reaches over a block. Where a dot may or may not end a sentence
the two parts stay together: a border before a name would cut a person away from what he does.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib import resources
from itertools import pairwise
from typing import Any

# A longer "sentence" is a list or a page without punctuation; it is cut so that its readers stay fast.
MAX_SENTENCE = 2000
# A line this long may be hard-wrapped prose; a shorter one without a final mark is a headline or caption.
MIN_WRAPPED = 45
# No mail or typewriter wraps later than this; longer lines are paragraphs of their own.
MAX_WRAPPED = 130


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence with its place: ``getattr(article, field)[start:end] == text`` (offsets in characters).

    ``block`` counts the blocks of the text from 0 and is -1 for the title; ``position`` is the index of the
    sentence in its block.
    """

    field: str  # "title" or "text"
    start: int
    end: int
    text: str
    block: int
    position: int


def split(title: str, text: str, language: str) -> tuple[Sentence, ...]:
    """Return the sentences of the title, then those of the text, in order, without surrounding white space.

    Every character that is not white space lies in exactly one sentence. ``language`` (ISO 639-1) chooses the
    table of abbreviations; an unknown one gets the common table. Linear time.
    """
    rules = _rules(language)
    found = [
        Sentence("title", start, end, title[start:end], -1, position)
        for position, (start, end) in enumerate(_sentences(title, 0, len(title), rules))
    ]
    for block, (first, last) in enumerate(_blocks(text)):
        found.extend(
            Sentence("text", start, end, text[start:end], block, position)
            for position, (start, end) in enumerate(_sentences(text, first, last, rules))
        )
    return tuple(found)


# --- blocks -------------------------------------------------------------------------------------------------

_LINE_END = re.compile(r"\r\n|[\n\r\v\f\x1c-\x1e\x85\u2028\u2029]")
_BULLET = re.compile(r"[•‣▪●◦·*■►▶→]\s*\S|[-–—]\s+\S|\(?\d{1,2}[.)]\s+\S")
_SURE_BULLET = re.compile(r"[•‣▪●◦■►▶→]")
_FINAL = re.compile(r"[.!?…。！？؟۔।:][\"'”’»)\]›“]*$")


def _lines(text: str) -> Iterator[tuple[int, int]]:
    """Yield (start, end) of every line without surrounding white space; start == end for a blank one."""
    begin = 0
    for end, following in [(m.start(), m.end()) for m in _LINE_END.finditer(text)] + [(len(text), len(text))]:
        line = text[begin:end]
        core = line.strip()
        start = begin + (len(line) - len(line.lstrip())) if core else begin
        yield start, start + len(core)
        begin = following


def _blocks(text: str) -> Iterator[tuple[int, int]]:
    group: list[tuple[int, int]] = []
    for start, end in _lines(text):
        if start < end:
            group.append((start, end))
        elif group:
            yield from _blocks_of_group(text, group)
            group = []
    if group:
        yield from _blocks_of_group(text, group)


def _blocks_of_group(text: str, lines: list[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Join the lines between two blank ones where they are wrapped prose, and keep them apart elsewhere."""
    width = max(end - start for start, end in lines)
    first = lines[0][0]
    for (start, end), (next_start, next_end) in pairwise(lines):
        line, following = text[start:end], text[next_start:next_end]
        if not _is_wrapped(line, following, width):
            yield first, end
            first = next_start
    yield first, lines[-1][1]


def _is_wrapped(line: str, following: str, width: int) -> bool:
    """Tell whether a line break is only there because the line was full."""
    final = _FINAL.search(line[-12:]) is not None
    if _SURE_BULLET.match(following) or (_BULLET.match(following) and (final or len(line) < MIN_WRAPPED)):
        return False
    if width > MAX_WRAPPED:
        return False
    # The wrapping program broke here because the next word would not have fitted.
    first_word = following.split(None, 1)[0]
    full = len(line) + 1 + len(first_word) > width * 0.9
    if not final and len(line) >= 12 and following[0].islower():
        return True
    return full and len(line) >= MIN_WRAPPED


# --- sentences ----------------------------------------------------------------------------------------------

_CLOSING = "\"'”’»)\\]›“〉》」』）"
# Every alternative consumes all it can and never fails after it (possessive), so the scan is linear.
_MARK = re.compile(rf"(?P<mark>[.!?…‼⁇⁈⁉؟۔।॥。！？｡]++)(?P<close>(?:[{_CLOSING}]|[ \u00a0\u202f]»)*+)")
_WIDE = frozenset("。！？｡")
_OPENING = frozenset("\"'“”„«‹([{—–-¿¡‘’»›*•「『（《〈")
_INNER_DOTS = re.compile(r"(?:[^\W\d_]{1,3}\.)+[^\W\d_]{1,4}")
_WORD = re.compile(r"[^\W_]+(?:[-'’][^\W_]+)*")
_LOOK_BACK = 24  # no abbreviation is longer


@dataclass(frozen=True, slots=True)
class _Rules:
    """The words of one language that decide on dots, in lower case."""

    abbreviations: frozenset[str]
    starters: frozenset[str]
    ordinal_dot: bool


@cache
def _rules(language: str) -> _Rules:
    tables = _tables()
    abbreviations = tables["abbreviations"]["any"] + " " + tables["abbreviations"].get(language, "")
    starters = tables["starters"].get(language, "")
    ordinal_dot = language in tables["ordinal_dot"].split()
    return _Rules(frozenset(abbreviations.split()), frozenset(starters.split()), ordinal_dot)


@cache
def _tables() -> dict[str, Any]:
    file = resources.files("domain.language").joinpath("sentences.toml")
    return tomllib.loads(file.read_text(encoding="utf-8"))


def _sentences(text: str, first: int, last: int, rules: _Rules) -> Iterator[tuple[int, int]]:
    """Yield (start, end) of the sentences in ``text[first:last]``, trimmed, none longer than MAX_SENTENCE."""
    begin = first
    for match in _MARK.finditer(text, first, last):
        end = match.end()
        if _ends_sentence(text, match, begin, last, rules):
            yield from _pieces(text, begin, end)
            begin = end
    yield from _pieces(text, begin, last)


def _pieces(text: str, begin: int, end: int) -> Iterator[tuple[int, int]]:
    """Trim a span and cut it at white space where it is too long."""
    while True:
        while begin < end and text[begin].isspace():
            begin += 1
        while end > begin and text[end - 1].isspace():
            end -= 1
        if begin == end:
            return
        if end - begin <= MAX_SENTENCE:
            yield begin, end
            return
        cut = begin + MAX_SENTENCE
        while cut > begin + MAX_SENTENCE // 2 and not text[cut].isspace():
            cut -= 1
        if not text[cut].isspace():
            cut = begin + MAX_SENTENCE
        stop = cut
        while text[stop - 1].isspace():
            stop -= 1
        yield begin, stop
        begin = cut


def _ends_sentence(text: str, match: re.Match[str], begin: int, last: int, rules: _Rules) -> bool:
    """Decide whether the sentence that began at ``begin`` ends with this mark."""
    mark, end = match["mark"], match.end()
    if end >= last:
        return False  # the rest of the block is the sentence anyway
    if mark[-1] in _WIDE:
        return True
    following = text[end : min(last, end + 40)]
    if not following[0].isspace():
        return _is_glued(text, match, begin, following, rules)
    stripped = following.lstrip()
    at = 0
    while at < len(stripped) and (stripped[at] in _OPENING or stripped[at].isspace()):
        at += 1
    if at == len(stripped):
        return end + len(following) < last
    if stripped[at].islower():
        return False
    if mark != ".":
        return True
    word = _WORD.match(stripped, at)
    return _dot_ends_sentence(text, match, begin, stripped[at], word[0].lower() if word else "", rules)


def _dot_ends_sentence(
    text: str, match: re.Match[str], begin: int, initial: str, following: str, rules: _Rules
) -> bool:
    """Decide on a single dot by the word before it and the one after it (``following``, lower case)."""
    dot = match.start()
    before = text[max(begin, dot - _LOOK_BACK) : dot]
    token = before.split()[-1] if before and not before[-1].isspace() else ""
    token = token.lstrip("\"'“„«([{—–-¿¡‘’").lower()
    if not token:
        return bool(match["close"])
    if following in rules.starters:
        # "p.m. The", "2022 г. В"; but an initial may stand before anything ("M. Le Goff", "J.-P. Le Goff").
        return not before[-1].isupper() or (len(token) > 1 and "-" not in token)
    # "l'av." and "г-н." end in the abbreviation.
    tail = re.split(r"['’(«„]", token)[-1]
    if token in rules.abbreviations or tail in rules.abbreviations:
        return False
    if _INNER_DOTS.fullmatch(tail) or (len(tail) == 1 and tail.isalpha()):
        return False
    if token.isdigit():
        # "24. Februar", "1. First item": an ordinal or the number of a list item; four digits are a year.
        return len(token) > 2 or not (rules.ordinal_dot or initial.isdigit() or token == before.strip())
    return True


def _is_glued(text: str, match: re.Match[str], begin: int, following: str, rules: _Rules) -> bool:
    """Tell "said.The" (a lost space) from "kremlin.ru", "U.S.Army", "St.Gallen" and "1.5"."""
    before = text[max(0, match.start() - 2) : match.start()]
    if match["mark"] not in (".", "!", "?") or not (before.isalpha() and before.islower()):
        return False
    if not following[:2].istitle():
        return False
    return match["mark"] != "." or _dot_ends_sentence(text, match, begin, following[0], "", rules)
