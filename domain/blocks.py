"""Reads a text without markup as blocks: paragraphs, headings and list items, with the lines they stand on.

Knows the conventions of text dumps (bullets and numbers as list markers, deeper indents for what belongs to an item,
hard-wrapped paragraphs) and nothing of what the words mean.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import islice

from domain.copies import UNSPACED

MAX_LINES = 20_000  # the longest news page has some thousands; what comes later is not read
_MARKER = re.compile(r"^(?:[•◦▪▫‣●○·*-]|\d{1,3}[.)])\s+")
_WORD = re.compile(f"[^\\W{UNSPACED}]+")
_UNSPACED_LETTER = re.compile(f"[{UNSPACED}]")
_CLOSERS = "\"'”’»“)]*_"
_FINAL_STOPS = ".!?…。！？؟।"
_HOST = re.compile(r"(?:^|\s)(?:www\.)?[\w-]+(?:\.[\w-]+)*\.[a-z]{2,12}$")
_MAX_HOST_LINE = 200  # characters
_TEASER_SHARE = 0.3  # of the lines of a list that end cut off or in the name of a host
_WRAP_MIN, _WRAP_MAX = 50, 110  # characters; the usual widths of hard-wrapped text
_CONTROL = dict.fromkeys((*range(9), 11, *range(14, 32), 127, 0xFEFF, 0x200B))


class Shape(StrEnum):
    """What kind of list a block belongs to."""

    PLAIN = "plain"  # none
    LIST = "list"
    TEASERS = "teasers"
    THREAD = "thread"


@dataclass(frozen=True, slots=True)
class Block:
    """One paragraph, heading or list item. Lines are counted from 1, both ends included."""

    first: int
    last: int
    text: str
    words: float  # in scripts without spaces a character counts half a word
    indent: int  # columns, of the text behind a list marker too
    has_marker: bool
    gap: int  # blank lines before it
    shape: Shape = Shape.PLAIN

    @property
    def ends_sentence(self) -> bool:
        """Whether it ends with a final stop, an ellipsis included."""
        return self.text.rstrip(_CLOSERS).endswith(tuple(_FINAL_STOPS))

    @property
    def is_cut(self) -> bool:
        """Whether it ends with an ellipsis, as teasers do."""
        return self.text.rstrip(_CLOSERS).endswith(("…", "..."))


def read_blocks(text: str) -> list[Block]:
    """The blocks of a text in their order, of its first ``MAX_LINES`` lines with words.

    Line ends may be of any system; control characters are dropped.
    """
    lines = list(islice(_read_lines(text), MAX_LINES))
    return [b for run in _split_runs(lines) for b in _shape(run)]


def make_block(paragraph: str) -> Block:
    """A block of its own out of a paragraph."""
    return Block(1, 1, paragraph, count_words(paragraph), 0, False, 1)


def clean(text: str) -> str:
    """The text in NFC, with line feeds as line ends and without control characters and no-break spaces."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\f", "\n").replace("\u2028", "\n")
    text = text.replace("\u2029", "\n\n").replace("\u0085", "\n").translate(_CONTROL)
    return unicodedata.normalize("NFC", text.replace("\u00a0", " ").replace("\u202f", " "))


def count_words(text: str) -> float:
    """The number of words; in scripts without spaces a character counts half a word."""
    return len(_WORD.findall(text)) + len(_UNSPACED_LETTER.findall(text)) / 2


def _read_lines(text: str) -> Iterator[Block]:
    """One block per line that is not blank."""
    gap = 0
    for number, raw in enumerate(clean(text).split("\n"), 1):
        line = raw.expandtabs(4).rstrip()
        body = line.lstrip()
        if not body or body in "*•-":
            gap += 1
            continue
        indent = len(line) - len(body)
        marker = _MARKER.match(body)
        if marker:
            body = body[marker.end() :]
        yield Block(number, number, body, count_words(body), indent, bool(marker), gap)
        gap = 0


def _split_runs(lines: list[Block]) -> Iterator[list[Block]]:
    """Splits into runs: a list with all that belongs to its items, or a stretch between lists."""
    run: list[Block] = []
    base: int | None = None  # the indent of the list being read
    for line in lines:
        if base is not None and not line.has_marker and line.indent <= base:
            yield run
            run, base = [], None
        elif base is None and line.has_marker:
            yield run
            run, base = [], line.indent
        run.append(line)
    yield run


def _shape(run: list[Block]) -> list[Block]:
    """Says what kind of list a run is; joins the hard-wrapped paragraphs of a run that is none."""
    markers = [line for line in run if line.has_marker]
    levels = {line.indent for line in markers}
    if len(markers) < 3 and len(levels) < 2:
        return _unwrap(run)
    cut = sum(
        1 for line in run if line.is_cut or (len(line.text) <= _MAX_HOST_LINE and _HOST.search(line.text))
    )
    shape = Shape.TEASERS if cut >= _TEASER_SHARE * len(run) else Shape.LIST
    if len(levels) >= 3:
        shape = Shape.THREAD
    return [replace(line, shape=shape) for line in run]


def _unwrap(run: list[Block]) -> list[Block]:
    """Joins lines that stand under each other without a blank line and are all about as long as a line can be.

    A paragraph was wrapped if of three or more lines all but the last are between 70 and 100 % of the longest, and
    most of them do not end a sentence. (Paragraphs written one to a line differ more in length and end in stops.)
    """
    joined: list[Block] = []
    for group in _glued(run):
        head = group[:-1]
        width = max(len(line.text) for line in group)
        full = all(len(line.text) >= 0.7 * width for line in head)
        open_ends = sum(1 for line in head if not line.ends_sentence)
        if len(group) >= 3 and _WRAP_MIN <= width <= _WRAP_MAX and full and open_ends * 2 > len(head):
            text = " ".join(line.text for line in group)
            words = sum(line.words for line in group)
            joined.append(replace(group[0], last=group[-1].last, text=text, words=words))
        else:
            joined.extend(group)
    return joined


def _glued(run: list[Block]) -> Iterator[list[Block]]:
    """Groups of lines without a blank line or a change of indent between them."""
    group: list[Block] = []
    for line in run:
        if group and (line.gap or line.has_marker or line.indent != group[-1].indent):
            yield group
            group = []
        group.append(line)
    if group:
        yield group
