"""Recognises the furniture of a news page by its words: menus, credits, notices, comment and related-links headers.

The words stand in ``language/furniture.toml``. Everything here judges one line or paragraph and knows no context.
"""

from __future__ import annotations

import re
import tomllib
from enum import StrEnum
from functools import cache
from importlib import resources

_SHORT_WORDS = 12  # a line with fewer words can be furniture by a single phrase
_MAX_LINE = 1_500  # characters; longer lines are not judged by their words
_SAYS = "(?:says|said|writes|wrote|a écrit|schreibt|schrieb|пишет|написал|пише|написав)"
_ONE_PHRASE_WORDS = 25
_NOTICE_WORDS = 120  # no notice is longer; a longer paragraph with such words is an article about them


class Mark(StrEnum):
    """What a line does in a page, by its words. In the order in which they are looked for."""

    LEGAL = "legal"
    COMMENTS = "comments"
    REPLY = "reply"
    RELATED = "related"
    TEASER = "teaser"
    FOLLOW = "follow"
    AGENCY = "agency"
    CAPTION = "caption"
    BYLINE = "byline"
    MENU = "menu"


def classify(line: str) -> Mark | None:
    """What a line is by its words, or None. From 12 words on only a notice, a caption or a teaser."""
    if len(line) > _MAX_LINE:
        return None
    folded = line.casefold()
    words = len(folded.split())
    if words > _NOTICE_WORDS:
        return None
    if is_notice(line):
        return Mark.LEGAL
    for mark, pattern in _patterns().items():
        if mark is not Mark.LEGAL and (words < _SHORT_WORDS or mark in _LONGER) and pattern.search(folded):
            return mark
    return None


def is_notice(paragraph: str) -> bool:
    """Whether a paragraph is a legal, cookie or subscription notice, by its words: one phrase, two in a long one."""
    words = len(paragraph.split())
    if len(paragraph) > _MAX_LINE or words > _NOTICE_WORDS:
        return False
    phrases = set(_patterns()[Mark.LEGAL].findall(paragraph.casefold()))
    return len(phrases) >= (2 if words > _ONE_PHRASE_WORDS else 1)


_LONGER = (Mark.CAPTION, Mark.TEASER, Mark.FOLLOW)  # may be longer than short lines


@cache
def _patterns() -> dict[Mark, re.Pattern[str]]:
    """One pattern per mark over all languages, for case-folded lines."""
    data = tomllib.loads(resources.files("domain.language").joinpath("furniture.toml").read_text("utf-8"))
    phrases = {
        name: {p.casefold() for group in groups.values() for p in group} for name, groups in data.items()
    }
    phrases[Mark.TEASER] = phrases[Mark.RELATED]
    return {mark: re.compile(_frame(mark, phrases[mark], phrases["channel"])) for mark in Mark}


def _frame(mark: Mark, phrases: set[str], channels: set[str]) -> str:
    """Where in a line the phrases of a mark must stand: an ordinary word must not condemn a sentence.

    All repetitions are bounded, so that no line makes the patterns slow.
    """
    many = {p for p in phrases if re.search(r"\W", p)}
    several = _any(many)
    every = _any(phrases)
    edge, count = r"\W{0,8}", r"\W{0,8}\d{0,6}\W{0,8}"
    match mark:
        case Mark.LEGAL:
            return rf"{_anywhere(many)}|©|\((?<!\w\()c\)(?!\w)|c(?<!\wc)opyright(?!\w)"
        case Mark.REPLY:
            return rf"^{edge}{every}{edge}$|\b{_SAYS}\s?:$"
        case Mark.COMMENTS:
            return rf"^{count}{every}{count}$|^{edge}\d{{1,6}}\s{every}\s(?:to|on|zu|sur|à|к|на|до)\b"
        case Mark.RELATED:
            return rf"^{count}{every}{count}$"
        case Mark.TEASER:
            return rf"^{edge}{every}\s?(?:[:|—–]|-\s)\s?\w"
        case Mark.FOLLOW:
            return rf"^{edge}{every}(?!\w).{{0,80}}(?<!\w){_any(channels)}(?!\w)"
        case Mark.AGENCY:
            return rf"^{edge}{every}{edge}$"
        case Mark.CAPTION:
            return rf"^{edge}(?:{every}\s?(?:[:/|©(]|$)|{several}(?!\w))"
        case Mark.BYLINE:
            return rf"^{edge}{every}(?!\w)"
        case Mark.MENU:
            return rf"(?<!\w){several}(?!\w)|^{edge}{every}(?:\W{{1,8}}\w+){{0,2}}{edge}$"


def _any(phrases: set[str]) -> str:
    return "(?:" + "|".join(re.escape(p) for p in sorted(phrases, key=len, reverse=True)) + ")"


def _anywhere(phrases: set[str]) -> str:
    """The phrases as whole words at any place; begins with their letters, to which the engine jumps."""
    by_letter: dict[str, set[str]] = {}
    for phrase in phrases:
        by_letter.setdefault(phrase[0], set()).add(phrase[1:])
    return "|".join(
        rf"{re.escape(first)}(?<!\w{re.escape(first)}){_any(rests)}(?!\w)"
        for first, rests in sorted(by_letter.items())
    )
