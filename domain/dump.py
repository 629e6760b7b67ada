"""Takes the main text out of a text dump: a page saved as text, with the menus, teasers and comments of the page.

The lines are scored by what they look like, and the main text is the run of lines with the greatest sum (Kadane's
algorithm): captions and headings inside it cost little, menus, teaser lists and comment threads end it. Then what is
not text is taken out of the run, and of paragraphs that stand in it more than once (doubled print pages) the fullest
copy is kept. Nothing is lost: what was removed is told with its lines and the reason.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from domain.blocks import Block, make_block, read_blocks
from domain.copies import normalise
from domain.line_scores import BARE, PARAGRAPH_WORDS, Line, judge_block, judge_blocks

VERSION = "dump-1"

_HEADING_WORDS = 11
_TITLE_WORDS = (3, 30)
_COMMENT_SIGNS = 3
_TEXT_BEFORE_COMMENTS = 40  # of score: words in paragraphs
_DUPLICATE = 0.85  # share of the 3-word-shingles of a paragraph that another has too
_HOLDERS = 20  # paragraphs looked at per shingle, so that a page of one repeated line stays cheap

_LETTERS = re.compile(r"[^\W\d_]")
_EDGES = frozenset(("date line", "byline", "menu", "notice", "related links", "comment header", "credit"))


@dataclass(frozen=True, slots=True)
class Removed:
    """Lines of a dump (from 1, both ends included) that are not main text, with the reason."""

    first_line: int
    last_line: int
    reason: str


@dataclass(frozen=True, slots=True)
class Dump:
    """The main text of a dump. ``kept`` are its lines in the order of ``text``, ``removed`` all others with words.

    (Of the first ``blocks.MAX_LINES`` lines; later ones are not read.)

    ``text`` is empty where nothing looks like main text; ``title`` is None where no line looks like a headline.
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
    lines = judge_blocks(blocks, repeats)
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


def trim_edges(text: str) -> str:
    """The text without dates, bylines, menus and notices at its beginning and end.

    For text found by the markup of a page. A text of nothing else stays as it is.
    """
    paragraphs = text.split("\n\n")
    is_edge = [judge_block(block, 1).reason in _EDGES for block in map(make_block, paragraphs)]
    if all(is_edge):
        return text
    first = is_edge.index(False)
    last = len(is_edge) - is_edge[::-1].index(False)
    return "\n\n".join(paragraphs[first:last])


def _find_comments(lines: Sequence[Line]) -> int:
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


def _is_heading(lines: Sequence[Line], i: int, end: int, title: int | None) -> bool:
    """Whether a short line inside the run is a heading: a full paragraph follows and it is not the title again."""
    line = lines[i]
    if line.reason not in BARE or not 1 < line.block.words <= _HEADING_WORDS:
        return False
    if title is not None and normalise(line.block.text) == normalise(lines[title].block.text):
        return False
    after = _follower(lines, i, end)
    return after is not None and lines[after].block.words >= PARAGRAPH_WORDS


def _follower(lines: Sequence[Line], i: int, end: int) -> int | None:
    """The paragraph under a heading, over captions and page headers."""
    for j in range(i + 1, end):
        if lines[j].is_text:
            return j
        if not lines[j].is_noise:
            return None
    return None


def _drop_duplicates(
    kept: Sequence[int], blocks: Sequence[Block], lines: Sequence[Line], reasons: dict[int, str]
) -> list[int]:
    """The kept blocks in reading order without repetitions; adds the reasons of those dropped.

    A block goes if most of it stands in another that is longer, or as long and earlier. The fuller one then takes the
    earliest place of both. A heading stands where the paragraph under it stands.
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
    blocks: Sequence[Block], lines: Sequence[Line], start: int, end: int, repeats: Counter[str]
) -> int | None:
    """The headline: among the lines before the first paragraph that look like one, the one that tells of the text.

    That is measured by the share of its long words that the text uses; a line that stands in the page more than once,
    as headlines do, has the advantage, and of equals the first.
    """
    first = next((i for i in range(start, end) if lines[i].is_text), None)
    if first is None:
        return None
    used = {word for i in range(start, end) if lines[i].is_text for word in _long_words(blocks[i].text)}
    best, best_score = None, 0.0
    paragraphs = [normalise(blocks[i].text) for i in range(start, end) if lines[i].is_text]
    for i in _headline_like(lines[:first]):
        text = normalise(blocks[i].text)
        if any(paragraph.startswith(text) for paragraph in paragraphs):
            continue  # a paragraph cut off, as at the end of a printed page
        words = _long_words(blocks[i].text)
        score = len(words & used) / len(words) if words else 0.0
        if score > 0 and repeats[text] > 1:
            score += 0.5
        if score > best_score:
            best, best_score = i, score
    return best


def _headline_like(lines: Sequence[Line]) -> Iterator[int]:
    low, high = _TITLE_WORDS
    for i, line in enumerate(lines):
        text = line.block.text
        ok = line.reason in BARE and not text.endswith((".", "…", ":"))
        if ok and low <= line.block.words <= high and len(_LETTERS.findall(text)) >= 8:
            yield i


def _long_words(text: str) -> set[str]:
    """Words of four letters and more, cut to five: a cheap stem that makes endings equal."""
    return {word[:5] for word in re.findall(r"\w{4,}", normalise(text))}
