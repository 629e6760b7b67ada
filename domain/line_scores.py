"""Scores the lines of a text dump by what they look like: running text, heading, menu, caption, comment."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from domain import furniture
from domain.blocks import Block, Shape
from domain.copies import normalise
from domain.furniture import Mark

PARAGRAPH_WORDS = 12  # a sentence this long is a paragraph by itself
_OPEN_WORDS = 25  # a line this long is a paragraph even where it ends without a stop
_SCORE_CAP = 60  # words; beyond this length a paragraph is no more certain
_FOLLOW_WORDS = 20  # an invitation to follow a channel is not longer
_SHORT = 200  # characters; longer lines are no dates and no page headers
_PAGE_OF = re.compile(r"^\D{0,12}\d{1,3}\s*(?:of|/|sur|von|из|з|de|di)\s*\d{1,3}\b.{0,40}$", re.IGNORECASE)
_TIME = re.compile(r"\b\d{1,2}[:.h]\d{2}\b|\b(?:19|20)\d\d\b|\b\d{1,2}[./-]\d{1,2}[./-]\d{2,4}\b")
_AGO = re.compile(r"\b\d+\s+\w+\s+(?:ago|назад|тому)\b|\b(?:il y a|vor)\s+\d+\s+\w+", re.IGNORECASE)
_GLUED_CREDIT = re.compile(r"[a-zа-яё](?:GETTY|REUTERS|AFP|EPA|AP|PA|REX|ALAMY|TASS|ТАСС|DPA|ANSA)$")
BARE = ("", "repeated line")  # the reasons of short lines of which nothing more is known


@dataclass(frozen=True, slots=True)
class Line:
    """A block as it was judged: its score, whether it is running text, and why it would be removed."""

    block: Block
    score: float
    is_text: bool
    reason: str = ""
    is_noise: bool = False  # may stand between a heading and its paragraph


def judge_blocks(blocks: Sequence[Block], repeats: Counter[str]) -> list[Line]:
    """Judges the blocks of a page in their context; ``repeats`` counts their normalised texts."""
    lines: list[Line] = []
    for block in blocks:
        line = judge_block(block, repeats[normalise(block.text)])
        before = lines[-1] if lines else None
        if before and before.reason == "credit" and not line.is_text and line.reason in BARE:
            line = Line(block, -1, False, "caption", is_noise=True)  # what stands under a credit
        is_bare_before = before is not None and not before.is_text and before.reason in BARE
        if before and is_bare_before and line.reason == "caption" and block.gap == 0:
            lines[-1] = Line(before.block, -1, False, "caption", is_noise=True)  # and right above one
        lines.append(line)
    return lines


def judge_block(block: Block, repeats: int) -> Line:
    """Scores one block. Figures were set on saved pages; see benchmarks/extraction_quality.py for what they yield."""
    words = block.words
    marked = _judge_words(block)
    if marked:
        return marked
    if block.shape is Shape.THREAD:
        return Line(block, -10, False, "comment thread")
    if block.shape is Shape.TEASERS:
        return Line(block, -5, False, "teaser list")
    if words <= 10 and len(block.text) <= _SHORT and _PAGE_OF.match(block.text):
        return Line(block, -1, False, "page header", is_noise=True)
    if words <= 9 and len(block.text) <= _SHORT and not block.ends_sentence and _is_date_line(block.text):
        return Line(block, -4, False, "date line", is_noise=True)
    if block.ends_sentence and words >= PARAGRAPH_WORDS:
        return Line(block, min(words, _SCORE_CAP) if block.shape is Shape.PLAIN else 2, True)
    if block.shape is Shape.LIST:
        return Line(block, -6, False, "list")
    if block.ends_sentence and words >= 3 and (words >= 6 or not block.text.endswith(("?", "!"))):
        return Line(block, 0.6 * words, True)
    if words >= _OPEN_WORDS or (words >= 8 and block.text.endswith((":", ";", ","))):
        return Line(block, 0.7 * min(words, _SCORE_CAP), True)
    if repeats > 1:
        return Line(block, -2, False, "repeated line", is_noise=True)
    return Line(block, -5 if block.gap == 0 else -3, False)


def _judge_words(block: Block) -> Line | None:
    """What the words of a block say of it, or None."""
    if _GLUED_CREDIT.search(block.text[-20:]):
        return Line(block, -1, False, "credit", is_noise=True)
    match furniture.classify(block.text):
        case Mark.LEGAL:
            return Line(block, -8, False, "notice")
        case Mark.COMMENTS:
            return Line(block, -30, False, "comment header")
        case Mark.REPLY if block.has_marker or not block.text.endswith(":") or _TIME.search(block.text):
            return Line(block, -4, False, "reader's comment")
        case Mark.RELATED:
            return Line(block, -8, False, "related links")
        case Mark.TEASER:
            return Line(block, -2, False, "related links", is_noise=True)
        case Mark.AGENCY:
            return Line(block, -1, False, "credit", is_noise=True)
        case Mark.CAPTION:
            return Line(block, -1, False, "caption", is_noise=True)
        case Mark.BYLINE if not block.ends_sentence:
            return Line(block, -2, False, "byline", is_noise=True)
        case Mark.FOLLOW if block.words <= _FOLLOW_WORDS:
            return Line(block, -4, False, "menu", is_noise=True)
        case Mark.MENU if not block.text.endswith("."):
            return Line(block, -8, False, "menu")
    return None


def _is_date_line(text: str) -> bool:
    return bool(_AGO.search(text)) or (bool(_TIME.search(text)) and len(re.findall(r"\d+", text)) >= 2)
