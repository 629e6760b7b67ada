"""What detection costs, as a ratio to trafilatura's extraction of the same pages, and whether it grows linearly.

Pages: ../shared/pages/aeb (left out with a message where they are absent). An article that names at most one of the
two should cost next to nothing; one that names both pays for the engine.
"""

from __future__ import annotations

import gzip
import statistics
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path

import trafilatura

from domain.contacts import Document, find_contacts
from domain.dates import find_dates
from domain.model import Published
from domain.people import DEFAULT_PAIR

PAGES = Path(__file__).resolve().parents[2] / "shared" / "pages" / "aeb" / "html"
PUBLISHED = Published(datetime(2025, 7, 1, 20, 0, tzinfo=UTC), "instant", "input")
BOTH = (
    "Emmanuel Macron said on Monday that he had spoken with Vladimir Putin by telephone about the ceasefire. "
)
QUOTED = 'Macron, Putin "I" and "we met," he said '
SAMPLE = 60


def _seconds(call: Callable[[str], object], texts: Sequence[str]) -> float:
    """CPU seconds of a call over texts, the median of three rounds."""
    rounds = []
    for _ in range(3):
        find_dates.cache_clear()  # no article's sentences were seen before
        begun = time.process_time()
        for text in texts:
            call(text)
        rounds.append(time.process_time() - begun)
    return statistics.median(rounds)


def _detect(text: str) -> object:
    return find_contacts(Document("", text, PUBLISHED, "en"), DEFAULT_PAIR)


def _may_be_about_both(text: str) -> bool:
    detection = find_contacts(Document("", text, PUBLISHED, "xx"), DEFAULT_PAIR)
    return detection.language != "xx"  # the language is found out only behind the gate


def _with_both(text: str) -> str:
    """The text with the two in contact in every tenth sentence, at its own length."""
    sentences = text.split(". ")
    for at in range(0, len(sentences), 10):
        sentences[at] = BOTH.rstrip(". ")
    return ". ".join(sentences)[: len(text)]


def main() -> None:
    """Measure and print the ratios."""
    if not PAGES.is_dir():
        print(f"detection speed: left out, {PAGES.name} pages are not beside this checkout")
        return
    pages = [gzip.decompress(path.read_bytes()) for path in sorted(PAGES.glob("*.gz"))[:SAMPLE]]
    texts = [trafilatura.extract(page, include_comments=False) or "" for page in pages]
    both = [_with_both(text) for text in texts]
    for text in (BOTH, *texts):  # lexicons are read once
        _detect(text)
    one = [text for text in texts if not _may_be_about_both(text)]
    begun = time.process_time()
    for page in pages:
        trafilatura.extract(page, include_comments=False)
    extraction = time.process_time() - begun
    print(f"detection speed over {len(pages)} pages, ratio to extraction (goals: 0.03 and 0.40)")
    share = len(one) / len(texts)  # the rest speak of both countries, so that the engine has to look
    print(
        f"  naming at most one of the two: {_seconds(_detect, one) / extraction / share:.3f} ({len(one)} pages)"
    )
    print(f"  naming both:                   {_seconds(_detect, both) / extraction:.3f}")
    for what, text in (("the text", BOTH), ("the quotations", QUOTED)):
        short = (text * (4_000 // len(text) + 1))[:4_000]
        growth = _seconds(_detect, [short * 10]) / max(_seconds(_detect, [short]), 1e-9)
        print(f"  ten times {what} costs {growth:.1f} times as much (goal: at most 15)")


if __name__ == "__main__":
    main()
