"""The five source documents of the owner, where they are at hand: the main text must be found in them."""

from __future__ import annotations

import json
import re
from collections import Counter
from pathlib import Path

import pytest

from domain.dump import read_dump

FOLDER = Path(__file__).resolve().parents[2].parent / "shared" / "seeds"
LABELS = FOLDER / "main_text_lines.json"


def token_f1(found: str, truth: str) -> float:
    got, want = (Counter(re.findall(r"\w+", text.casefold())) for text in (found, truth))
    return 2 * (got & want).total() / (got.total() + want.total())


def test_mean_token_f1_of_the_main_text() -> None:
    if not LABELS.exists():
        pytest.skip("the owner's source documents are not beside the project")
    scores = {}
    for name, ranges in json.loads(LABELS.read_text("utf-8")).items():
        text = (FOLDER / name).read_text("utf-8")
        lines = text.split("\n")
        truth = "\n".join(line for first, last in ranges for line in lines[first - 1 : last])
        scores[name] = token_f1(read_dump(text).text, truth)
    assert len(scores) == 5
    assert min(scores.values()) >= 0.9, scores
    assert sum(scores.values()) / len(scores) >= 0.95, scores
