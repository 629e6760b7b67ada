"""Takes the main text out of a text dump: a page saved as text, with the menus, teasers and comments of the
page.

The lines are scored by what they look like, and the main text is the run of lines with the greatest sum
(Kadane's algorithm): captions and headings inside it cost little, menus, teaser lists and comment threads end
it. Then what is not text is taken out of the run, and of paragraphs that stand in it more than once (doubled
print pages) the fullest copy is kept. Nothing is lost: what was removed is told with its lines and the
reason.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from domain import furniture
from domain.blocks import Block, Shape, read_blocks
from domain.copies import normalise
from domain.furniture import Mark

VERSION = "dump-1"

_PARAGRAPH_WORDS = 12  # a sentence this long is a paragraph by itself
_OPEN_WORDS = 25  # a line this long is a paragraph even where it ends without a stop
_SCORE_CAP = 60  # words; beyond this length a paragraph is no more certain
_HEADING_WORDS = 11
_TITLE_WORDS = (3, 30)
_SHORT = 200  # characters; longer lines are no dates and no page headers
_COMMENT_SIGNS = 3
_TEXT_BEFORE_COMMENTS = 40  # of score: words in paragraphs
_DUPLICATE = 0.85  # share of the 3-word-shingles of a paragraph that another has too
_HOLDERS = 20  # paragraphs looked at per shingle, so that a page of one repeated line stays cheap

_PAGE_OF = re.compile(r"^\D{0,12}\d{1,3}\s*(?:of|/|sur|von|из|з|de|di)\s*\d{1,3}\b.{0,40}$", re.IGNORECASE)
_TIME = re.compile(r"\b\d{1,2}[:.h]\d{2}\b|\b(?:19|20)\d\d\b|\b\d{1,2}[./-]\d{1,2}[./-]\d{2,4}\b")
_AGO = re.compile(r"\b\d+\s+\w+\s+(?:ago|назад|тому)\b|\b(?:il y a|vor)\s+\d+\s+\w+", re.IGNORECASE)
_GLUED_CREDIT = re.compile(r"[a-zа-яё](?:GETTY|REUTERS|AFP|EPA|AP|PA|REX|ALAMY|TASS|ТАСС|DPA|ANSA)$")
_LETTERS = re.compile(r"[^\W\d_]")


_BARE = ("", "repeated line")  # the reasons of short lines of which nothing more is known


@dataclass(frozen=True, slots=True)
class Removed:
    """Lines of a dump (from 1, both ends included) that are not main text, with the reason."""

    first_line: int
    last_line: int
    reason: str


@dataclass(frozen=True, slots=True)
class Dump:
    """The main text of a dump. ``kept`` are its lines in the order of ``text``, ``removed`` all others with
    words.

    ``text`` is empty where nothing looks like main text; ``title`` is None where no line looks like a
    headline.
    """

    title: str | None
    text: str
    kept: tuple[tuple[int, int], ...]
    removed: tuple[Removed, ...]


def read_dump(text: str) -> Dump:
    """Finds title and main text of a text dump; never raises for any text."""
    return choose_text(read_blocks(text))


def choose_text(blocks: Sequence[Block]) -> Dump:
    """Finds title and main text among the blocks of a page, see ``read_dump``."""
    repeats = Counter(normalise(b.text) for b in blocks)
    lines = _judge(blocks, repeats)
    limit = _find_comments(lines)
    start, end = _best_run([line.score for line in lines[:limit]])
    reasons: dict[int, str] = {}
    for i in range(len(lines)):
        if not start <= i < end:
            reasons[i] = lines[i].reason or ("comments" if i > limit else "outside the main text")
    title = _find_title(blocks, lines, start, end, repeats)
    inside = range(start, end)
    for i in inside:
        if not lines[i].is_text and not _is_heading(lines, i, end, title):
            reasons[i] = lines[i].reason or "short line"
    order = _drop_duplicates([i for i in inside if i not in reasons], blocks, lines, reasons)
    return Dump(
        title=None if title is None else blocks[title].text,
        text="\n\n".join(blocks[i].text for i in order),
        kept=tuple((blocks[i].first, blocks[i].last) for i in order),
        removed=tuple(
            Removed(blocks[i].first, blocks[i].last, "title" if i == title else reason)
            for i, reason in sorted(reasons.items())
        ),
    )


@dataclass(frozen=True, slots=True)
class _Line:
    """A block as it was judged: its score, whether it is running text, and why it would be removed."""

    block: Block
    score: float
    is_text: bool
    reason: str = ""
    is_noise: bool = False  # may stand between a heading and its paragraph


def _judge(blocks: Sequence[Block], repeats: Counter[str]) -> list[_Line]:
    lines: list[_Line] = []
    for block in blocks:
        line = _judge_block(block, repeats[normalise(block.text)])
        before = lines[-1] if lines else None
        if before and before.reason == "credit" and not line.is_text and line.reason in _BARE:
            line = _Line(block, -1, False, "caption", is_noise=True)  # what stands under a credit
        if (
            before
            and line.reason == "caption"
            and block.gap == 0
            and before.reason in _BARE
            and not before.is_text
        ):
            lines[-1] = _Line(before.block, -1, False, "caption", is_noise=True)  # and right above one
        lines.append(line)
    return lines


def _judge_block(block: Block, repeats: int) -> _Line:
    """Scores one block. Figures were set on saved pages; see benchmarks/extraction_quality.py for what they
    yield.
    """
    words = block.words
    marked = _judge_words(block)
    if marked:
        return marked
    if block.shape is Shape.THREAD:
        return _Line(block, -10, False, "comment thread")
    if block.shape is Shape.TEASERS:
        return _Line(block, -5, False, "teaser list")
    if words <= 10 and len(block.text) <= _SHORT and _PAGE_OF.match(block.text):
        return _Line(block, -1, False, "page header", is_noise=True)
    if words <= 9 and len(block.text) <= _SHORT and not block.ends_sentence and _is_date_line(block.text):
        return _Line(block, -4, False, "date line", is_noise=True)
    if block.ends_sentence and words >= _PARAGRAPH_WORDS:
        return _Line(block, min(words, _SCORE_CAP) if block.shape is Shape.PLAIN else 2, True)
    if block.shape is Shape.LIST:
        return _Line(block, -6, False, "list")
    if block.ends_sentence and words >= 3 and (words >= 6 or not block.text.endswith(("?", "!"))):
        return _Line(block, 0.6 * words, True)
    if words >= _OPEN_WORDS or (words >= 8 and block.text.endswith((":", ";", ","))):
        return _Line(block, 0.7 * min(words, _SCORE_CAP), True)
    if repeats > 1:
        return _Line(block, -2, False, "repeated line", is_noise=True)
    return _Line(block, -5 if block.gap == 0 else -3, False)


def _judge_words(block: Block) -> _Line | None:
    """What the words of a block say of it, or None."""
    if _GLUED_CREDIT.search(block.text[-20:]):
        return _Line(block, -1, False, "credit", is_noise=True)
    match furniture.classify(block.text):
        case Mark.LEGAL:
            return _Line(block, -8, False, "notice")
        case Mark.COMMENTS:
            return _Line(block, -30, False, "comment header")
        case Mark.REPLY if block.has_marker or not block.text.endswith(":") or _TIME.search(block.text):
            return _Line(block, -4, False, "reader's comment")
        case Mark.RELATED:
            return _Line(block, -8, False, "related links")
        case Mark.TEASER:
            return _Line(block, -2, False, "related links", is_noise=True)
        case Mark.AGENCY:
            return _Line(block, -1, False, "credit", is_noise=True)
        case Mark.CAPTION:
            return _Line(block, -1, False, "caption", is_noise=True)
        case Mark.BYLINE if not block.ends_sentence:
            return _Line(block, -2, False, "byline", is_noise=True)
        case Mark.MENU if not block.text.endswith("."):
            return _Line(block, -8, False, "menu")
    return None


def _find_comments(lines: Sequence[_Line]) -> int:
    """Where readers' comments begin, the number of lines if nowhere.

    That is at a comment header, or at the first of several lines that come with every comment ("reply", "X says:"),
    but only if a text stands before it: pages link to their comments above the text too.
    """
    signs = [i for i, line in enumerate(lines) if line.reason == "reader's comment"]
    starts = [i for i, line in enumerate(lines) if line.reason == "comment header"]
    starts += signs[:1] if len(signs) >= _COMMENT_SIGNS else []
    total = lowest = 0.0
    rises: list[float] = []  # of the best run that ends here
    for line in lines:
        total += line.score
        lowest = min(lowest, total)
        rises.append(total - lowest)
    for start in sorted(starts):
        if max(rises[:start], default=0.0) >= _TEXT_BEFORE_COMMENTS:
            return start
    return len(lines)


def _is_date_line(text: str) -> bool:
    return bool(_AGO.search(text)) or (bool(_TIME.search(text)) and len(re.findall(r"\d+", text)) >= 2)


def _best_run(scores: Sequence[float]) -> tuple[int, int]:
    """The run with the greatest sum as (start, end), (0, 0) if no score is positive; the first of equals."""
    best, best_sum, start, current = (0, 0), 0.0, 0, 0.0
    for i, score in enumerate(scores):
        if current <= 0:
            start, current = i, 0.0
        current += score
        if current > best_sum:
            best, best_sum = (start, i + 1), current
    return best


def _is_heading(lines: Sequence[_Line], i: int, end: int, title: int | None) -> bool:
    """Whether a short line inside the run is a heading: a full paragraph follows and it is not the title
    again.
    """
    line = lines[i]
    if line.reason not in _BARE or not 1 < line.block.words <= _HEADING_WORDS:
        return False
    if title is not None and normalise(line.block.text) == normalise(lines[title].block.text):
        return False
    after = _follower(lines, i, end)
    return after is not None and lines[after].block.words >= _PARAGRAPH_WORDS


def _follower(lines: Sequence[_Line], i: int, end: int) -> int | None:
    """The paragraph under a heading, over captions and page headers."""
    for j in range(i + 1, end):
        if lines[j].is_text:
            return j
        if not lines[j].is_noise:
            return None
    return None


def _drop_duplicates(
    kept: Sequence[int], blocks: Sequence[Block], lines: Sequence[_Line], reasons: dict[int, str]
) -> list[int]:
    """The kept blocks in reading order without repetitions; adds the reasons of those dropped.

    A block goes if most of it stands in another that is longer, or as long and earlier. The fuller one then
    takes the earliest place of both. A heading stands where the paragraph under it stands.
    """
    shingles = {i: _shingles(blocks[i].text) for i in kept}
    holders: dict[tuple[str, ...], list[int]] = {}
    for i in kept:
        for shingle in shingles[i]:
            found = holders.setdefault(shingle, [])
            if len(found) < _HOLDERS:
                found.append(i)
    place: dict[int, float] = {i: float(i) for i in kept}
    fuller: dict[int, int] = {}
    for i in sorted(kept, key=lambda k: (len(shingles[k]), -k)):
        shared = Counter(j for s in shingles[i] for j in holders[s] if j != i and j not in fuller)
        owners = [j for j, n in shared.items() if n >= _DUPLICATE * len(shingles[i])]
        longer = [j for j in owners if (len(shingles[j]), -j) > (len(shingles[i]), -i)]
        if longer:
            owner = max(longer, key=lambda j: (shared[j], -j))
            fuller[i] = owner
            place[owner] = min(place[owner], place[i])
            reasons[i] = f"repeated in line {blocks[owner].first}"
    for i in kept:
        if i not in fuller and not lines[i].is_text:
            after = _follower(lines, i, len(lines))
            while after is not None and after in fuller:
                after = fuller[after]
            if after is not None and after in place:
                place[i] = place[after] - 0.5
    return sorted((i for i in kept if i not in fuller), key=lambda i: place[i])


def _shingles(text: str) -> set[tuple[str, ...]]:
    """The 3-word-shingles; of a shorter text the whole of it."""
    words = re.findall(r"\w+", normalise(text)) or [text]
    return {tuple(words[i : i + 3]) for i in range(max(1, len(words) - 2))}


def _find_title(
    blocks: Sequence[Block], lines: Sequence[_Line], start: int, end: int, repeats: Counter[str]
) -> int | None:
    """The headline: among the lines before the first paragraph that look like one, the one that tells of the
    text.

    That is measured by the share of its long words that the text uses; a line that stands in the page more
    than once, as headlines do, has the advantage, and of equals the first.
    """
    first = next((i for i in range(start, end) if lines[i].is_text), None)
    if first is None:
        return None
    used = {word for i in range(start, end) if lines[i].is_text for word in _long_words(blocks[i].text)}
    best, best_score = None, 0.0
    for i in _headline_like(lines[:first]):
        words = _long_words(blocks[i].text)
        score = len(words & used) / len(words) if words else 0.0
        if score > 0 and repeats[normalise(blocks[i].text)] > 1:
            score += 0.5
        if score > best_score:
            best, best_score = i, score
    return best


def _headline_like(lines: Sequence[_Line]) -> Iterator[int]:
    low, high = _TITLE_WORDS
    for i, line in enumerate(lines):
        text = line.block.text
        ok = line.reason in _BARE and not text.endswith((".", "…", ":"))
        if ok and low <= line.block.words <= high and len(_LETTERS.findall(text)) >= 8:
            yield i


def _long_words(text: str) -> set[str]:
    """Words of four letters and more, cut to five: a cheap stem that makes endings equal."""
    return {word[:5] for word in re.findall(r"\w{4,}", normalise(text))}
