"""The newsroom's README says what its truth table says, and its prose is its own."""

from __future__ import annotations

import json
import re
from collections import Counter
from pathlib import Path

import pytest

from tests.seeds.seeds_support import (
    SEEDS,
    WITH_TEXT,
    alert_rows,
    article_rows,
    event_rows,
    load_truth,
    text_of,
)

SHARED = Path(__file__).resolve().parents[2].parent / "shared"
RUN = 9  # words in a row that count as copied


def _section_rows(heading: str) -> list[str]:
    readme = (SEEDS / "README.md").read_text(encoding="utf-8")
    assert readme.count(f"\n### {heading}\n") == 1
    section = readme.split(f"\n### {heading}\n")[1].split("\n#")[0]
    rows = [line for line in section.splitlines() if line.startswith("|")]
    return rows[2:]  # without the heading and the rule below it


@pytest.mark.parametrize(
    ("heading", "render"), [("Articles", article_rows), ("Events", event_rows), ("Alerts", alert_rows)]
)
def test_tables_agree_with_the_truth(heading, render):
    rows = render(load_truth())
    assert rows
    assert _section_rows(heading) == rows


def test_counts_per_language():
    counts = Counter(a["language"] for a in load_truth()["article"] if a["outcome"] in WITH_TEXT)
    assert set(counts) == {"en", "fr", "ru"}
    assert min(counts.values()) >= 8
    assert counts.total() >= 28
    readme = (SEEDS / "README.md").read_text(encoding="utf-8")
    told = re.search(r"(\d+) articles: (\d+) English, (\d+) French, (\d+) Russian", readme)
    assert told is not None
    assert [int(n) for n in told.groups()] == [counts.total(), counts["en"], counts["fr"], counts["ru"]]


def _runs(text: str) -> set[str]:
    words = re.findall(r"\w+", text.lower())
    return {" ".join(words[i : i + RUN]) for i in range(len(words) - RUN + 1)}


def _runs_of_others() -> set[str]:
    runs: set[str] = set()
    for file in sorted((SHARED / "seeds").glob("*.txt")):
        runs |= _runs(file.read_text(encoding="utf-8", errors="replace"))
    for file in sorted((SHARED / "gold").glob("*.jsonl")):
        for line in file.read_text(encoding="utf-8").splitlines():
            row = json.loads(line)
            runs |= _runs(row["title"] or "") | _runs(row["text"])
    return runs


def test_no_run_of_nine_words_is_shared_with_texts_of_others():
    if not (SHARED / "seeds").is_dir() or not (SHARED / "gold").is_dir():
        pytest.skip("the texts to compare with (../shared/seeds, ../shared/gold) are not here")
    others = _runs_of_others()
    assert len(others) > 1_000
    own = [f for f in sorted(SEEDS.rglob("*")) if f.is_file() and "__pycache__" not in f.parts]
    shared = {str(f.relative_to(SEEDS)): len(_runs(text_of(f)) & others) for f in own}
    assert {name: count for name, count in shared.items() if count} == {}
