"""How well main text is found: token precision, recall and F1 against hand-labelled pages.

    python benchmarks/extraction_quality.py PAGES [--worst N]

PAGES is a folder of the article-extraction-benchmark (``ground-truth.json`` and ``html/*.html.gz``). Every page is read
twice: as HTML, and as the text dump made from it (visible text, a line per block, bullets), from which the markup is
gone. Tokens are counted as multisets. On its 181 pages the mean F1 is 0.959 for HTML and 0.908 for dumps; the rules on
readers' comments were written after a look at the worst of these pages, which flatters the second a little.
"""

from __future__ import annotations

import argparse
import gzip
import json
import re
import time
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from domain.decode import decode
from domain.dump import read_dump
from domain.page import read_page
from domain.render import render_dump

PAGES = Path(__file__).resolve().parents[2] / "shared" / "pages" / "aeb"
SEEN_AT = datetime(2020, 1, 1, tzinfo=UTC)  # after the pages were saved


def score(found: str, truth: str) -> tuple[float, float, float]:
    """Token precision, recall and F1; the truth is never empty."""
    got, want = (Counter(re.findall(r"\w+", text.casefold())) for text in (found, truth))
    common = (got & want).total()
    precision = common / got.total() if got else 0.0
    recall = common / want.total()
    return precision, recall, 2 * precision * recall / (precision + recall) if common else 0.0


def run(name: str, read: Callable[[str], str], pages: list[tuple[str, str, str]], worst: int) -> None:
    """Reads all pages one way and prints means, bad pages and time."""
    began = time.process_time()
    scores = [(key, score(read(markup), truth)) for key, markup, truth in pages]
    seconds = time.process_time() - began
    precision, recall, f1 = (sum(s[i] for _, s in scores) / len(scores) for i in range(3))
    bad = sum(1 for _, s in scores if s[2] < 0.5)
    print(
        f"{name:5} pages {len(scores)}  P {precision:.3f}  R {recall:.3f}  mean F1 {f1:.3f}  "
        f"below 0.5: {bad}  {1000 * seconds / len(scores):.1f} ms a page"
    )
    for key, (p, r, f) in sorted(scores, key=lambda entry: entry[1][2])[:worst]:
        print(f"      {f:.2f} (P {p:.2f} R {r:.2f}) {key}")


def main() -> None:
    """Reads the pages and prints one line per way of reading them."""
    parser = argparse.ArgumentParser(description="Main text against hand-labelled pages.")
    parser.add_argument(
        "pages", type=Path, nargs="?", default=PAGES, help="folder with ground-truth.json and html/*.html.gz"
    )
    parser.add_argument("--worst", type=int, default=0, help="list so many of the worst pages")
    options = parser.parse_args()
    if not options.pages.is_dir():
        print(f"extraction quality: left out, there is no folder {options.pages}; name one")
        return
    truths = json.loads((options.pages / "ground-truth.json").read_text("utf-8"))
    pages = []
    for key, entry in sorted(truths.items()):
        body = gzip.decompress((options.pages / "html" / f"{key}.html.gz").read_bytes())
        pages.append((key, decode(body, None), entry["articleBody"]))
    run("html", lambda markup: read_page(markup, SEEN_AT).text, pages, options.worst)
    run("dump", lambda markup: read_dump(render_dump(markup, main_only=False)).text, pages, options.worst)


if __name__ == "__main__":
    main()
