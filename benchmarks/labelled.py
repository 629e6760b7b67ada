"""The labelled articles that accuracy is measured on: the shared ones beside this checkout, and our own."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
GOLD = ROOT.parent / "shared" / "gold"

# Sets of our own that were read when rules were written, and those of them that were not (tests/corpus/README.md).
_READ = (
    "third",
    "fourth",
    "fifth",
    "sixth",
    "seventh",
    "ninth",
    "tenth",
    "eleventh",
    "twelfth",
    "thirteenth",
)
_UNREAD = frozenset({"ninth_rest", "thirteenth_en", "thirteenth_fr"})

Row = dict[str, Any]


def sets() -> Iterator[tuple[str, list[Row]]]:
    """Each set of labelled articles with its name."""
    gold = [row for path in sorted(GOLD.glob("dev_*.jsonl")) for row in _rows(path)]
    if gold:
        yield "shared, open part", [r for r in gold if not _is_aside(r)]
        yield "shared, aside", [r for r in gold if _is_aside(r)]
    corpus = ROOT / "tests" / "corpus"
    second = [row for path in sorted(corpus.glob("second_*.jsonl")) for row in _rows(path)]
    first = [row for path in sorted(corpus.glob("??.jsonl")) for row in _rows(path)]
    yield "own, first set (read)", first
    later = [
        path for name in _READ for path in sorted(corpus.glob(f"{name}_*.jsonl")) if path.stem not in _UNREAD
    ]
    yield "own, third to thirteenth sets (read)", [row for path in later for row in _rows(path)]
    eighth = [row for path in sorted(corpus.glob("eighth_*.jsonl")) for row in _rows(path)]
    yield "own, eighth set (nobody read it)", eighth
    yield "own, ninth set, fifteen languages (nobody read it)", _rows(corpus / "ninth_rest.jsonl")
    thirteenth = [row for name in sorted(_UNREAD - {"ninth_rest"}) for row in _rows(corpus / f"{name}.jsonl")]
    yield "own, thirteenth set, English and French (nobody read it)", thirteenth
    for half, name in (("read", "half that was read"), ("held", "half that nobody read")):
        passages = [row for path in sorted(corpus.glob(f"bank_*_{half}.jsonl")) for row in _rows(path)]
        yield f"own, bank of short passages, {name}", passages
    yield "own, second set, half that was read", [r for r in second if not _is_held(r)]
    yield "own, second set, half that nobody read", [r for r in second if _is_held(r)]


def _rows(path: Path) -> list[Row]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]


def _hash(text: str) -> int:
    return int(hashlib.sha256(text.encode()).hexdigest(), 16)


def _is_aside(row: Row) -> bool:
    """The part of the shared articles that is only measured: all articles of an event fall on one side."""
    key = next((c["event"].split("/")[0] for c in row["contacts"] if c.get("event")), row["id"])
    return _hash(key) % 3 == 0


def _is_held(row: Row) -> bool:
    """The half of a set of our own articles that nobody reads while rules are written (see tests/corpus/README.md)."""
    return _hash(row["id"]) % 2 == 1
