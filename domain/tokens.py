"""From text to tokens: words and marks as one script or another writes them, with where they stand."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from domain.fold import fold
from domain.lexicon import Lexicon
from domain.unspaced import HAN, MARKS, Cutter, is_han

_CJK = "\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff"
# Hebrew and Arabic vowel signs, written at the letters or, mostly, not at all.
_VOWELS = "\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u064b-\u065f\u0670"
_SHORTENED = r"(?:(?<=[א-ת])\"[א-ת](?!\w))?"  # Hebrew abbreviations have their mark before the last letter
_TOKEN = re.compile(
    rf"[{_CJK}]|(?:(?![{_CJK}])\w[{_VOWELS}]*)+(?:'(?:(?![{_CJK}])\w)+)*{_SHORTENED}|'s\b|[^\w\s]"
)
_SPACED = re.compile(r"\w+(?:'\w+)*|'s\b|[^\w\s]")  # the same where no letter of these scripts stands
_WORD = re.compile(r"\w+")
_SPECIAL = re.compile(f"[\u0590-\u06ff{_CJK}]")
_UNREAD = re.compile(rf"[{_VOWELS}\u0640]")  # and the stroke that only lengthens an Arabic word
_BREAK = re.compile(rf"(?<=[{HAN}])[ \u3000]+(?=[{HAN}])")
_RUN = 6  # characters between spaces, on average, where these are breaks of the sentence
_KEPT_MARKS = frozenset({*',;:.?!()"—…&', "'s"})
_CONTRACTED = {"ll": "will", "re": "are", "ve": "have", "d": "would"}


class Token(NamedTuple):
    """A token: what the patterns see, and the characters of the sentence it stands for."""

    form: str
    start: int
    end: int
    people: frozenset[str] = frozenset()  # slugs; "?" for somebody unknown
    date: int | None = None  # index into the dates of the sentence


def tokenize(text: str, lexicon: Lexicon) -> list[Token]:
    """Folded words and the marks that matter; hyphens fall away, elided articles and English 's stand alone."""
    tokens: list[Token] = []
    folded = fold(text)
    if lexicon.cutter is not None:
        folded = folded.translate(MARKS)
    kept = _KEPT_MARKS | lexicon.words["and"]
    special = _SPECIAL.search(folded) is not None
    for match in (_TOKEN if special else _SPACED).finditer(folded):
        word, start = match.group(), match.start()
        if word == "-" and _leads_to_source(folded, start, lexicon):
            word = "—"
        if not (word[0].isalnum() or word[0] == "_" or word in kept):
            continue
        if lexicon.cases is not None and word != "'s":
            hyphened = start > 1 and folded[start - 1] == "-" and folded[start - 2].isalnum()
            for form, width in lexicon.cases.parts(word, hyphened=hyphened):
                tokens.append(Token(form, start, start + width))
                start += width
            continue
        while "'" in word and word != "'s":
            parts = _split_apostrophe(word, lexicon.words["elided"])
            if parts is None:
                break
            first, width, word = parts
            tokens.append(Token(first, start, start + width))
            start += width
        if not word:
            continue
        if special and "\u0590" <= word[0] <= "\u06ff":
            tokens.extend(_parts(word, start, lexicon))
        else:
            tokens.append(Token(word, start, match.end()))
    if lexicon.words["long_with"]:
        tokens = _shorten(tokens, lexicon)
    return tokens if lexicon.cutter is None else list(_cut(_with_breaks(text, tokens), lexicon.cutter))


def _leads_to_source(folded: str, at: int, lexicon: Lexicon) -> bool:
    """Whether a hyphen is a dash before a verb of saying ("... - said the spokesman")."""
    if "dashed source" not in lexicon.words["grammar"] or folded[at - 1 : at + 2] != " - ":
        return False
    word = _WORD.match(folded, at + 2)
    return word is not None and word.group() in lexicon.words["reporting"]


def _shorten(tokens: list[Token], lexicon: Lexicon) -> list[Token]:
    """Read a preposition in its long form as the short one, where the word behind shows that it is no pronoun.

    Czech "se" is "with" before some words and "himself" before all others; the long form has one letter more.
    """
    line, starts = "", {}
    for n, token in enumerate(tokens):
        starts[len(line)] = n
        line += token.form + " "
    out = list(tokens)
    for match in lexicon.phrases["long_with"].finditer(line):
        n = starts[match.start()]
        out[n] = out[n]._replace(form=out[n].form[:-1])
    return out


def _parts(word: str, start: int, lexicon: Lexicon) -> Iterator[Token]:
    """The tokens of a word in Hebrew or Arabic letters: without vowel signs, and apart from the words glued to it."""
    bare = _UNREAD.sub("", word)
    places = [n for n, character in enumerate(word) if not _UNREAD.match(character)]
    parts = lexicon.clitics.parts(bare) if lexicon.clitics else ((bare, len(bare)),)
    places.append(len(word))
    at = 0
    for form, width in parts:
        if width:
            yield Token(form, start + places[at], start + places[at + width])
        at += width


def _with_breaks(text: str, tokens: list[Token]) -> list[Token]:
    """A rare space between characters is a break of the sentence, mostly of a headline; many are mere layout."""
    gaps = [m.span() for m in _BREAK.finditer(text)]
    if not gaps or len(gaps) * _RUN > sum(is_han(token.form) for token in tokens):
        return tokens
    breaks = [Token(",", *gap) for gap in gaps]
    return sorted([*tokens, *breaks], key=lambda token: token.start)


def _cut(tokens: list[Token], cutter: Cutter) -> Iterator[Token]:
    """Single characters that stand together become the words that they make."""
    n = 0
    while n < len(tokens):
        last = n
        while (
            last < len(tokens)
            and is_han(tokens[last].form)
            and tokens[last].start == tokens[n].start + last - n
        ):
            last += 1
        if last == n:
            yield tokens[n]
            n += 1
            continue
        for width in cutter.cut("".join(token.form for token in tokens[n:last])):
            word = "".join(token.form for token in tokens[n : n + width])
            yield Token(word, tokens[n].start, tokens[n + width - 1].end)
            n += width


def _split_apostrophe(word: str, elided: frozenset[str]) -> tuple[str, int, str] | None:
    """The first part of a word with an apostrophe, its width, and the rest as it is to be read; None: keep whole."""
    head, _, tail = word.partition("'")
    if head in elided:
        return head, len(head) + 1, tail
    if tail in ("s", ""):
        return head, len(head), "'s"
    if tail == "t" and head.endswith("n"):
        return head[:-1], len(head) - 1, "not"
    if tail in _CONTRACTED:
        return head, len(head), _CONTRACTED[tail]
    return None
