"""The owner's five source documents, read in place: the contacts that their table of expectations lists."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path
from typing import Any

import pytest

from domain.contacts import Document, find_contacts
from domain.detect_json import contact_to_json, read_published
from domain.people import DEFAULT_PAIR

SEEDS = Path(__file__).resolve().parents[2].parent / "shared" / "seeds"
HEADLINES = {"000": 1, "001": 4, "002": 3, "003": 4, "004": 1}  # the line of each document's headline
MAIN = {
    "000": ("phone_call", "occurred", "2017-05-18", None),
    "001": ("meeting", "occurred", "2017-05-29", "Versailles"),
    "002": ("meeting", "occurred", "2017-05-29", "Versailles"),
    "003": ("phone_call", "occurred", "2025-07-01", None),
    "004": ("video_call", "occurred", "2020-06-26", None),
}
BACKGROUND = {
    "000": set(),
    "001": set(),
    "002": set(),
    "003": {("phone_call", "occurred", "2022"), ("unspecified", "proposed", None)},
    "004": {("meeting", "planned", None)},
}

pytestmark = pytest.mark.skipif(not SEEDS.is_dir(), reason="the owner's documents are not on this machine")


def contacts(number: str, *, whole: bool) -> list[dict[str, Any]]:
    spans = json.loads((SEEDS / "main_text_lines.json").read_text(encoding="utf-8"))
    manifest = tomllib.loads((SEEDS / "manifest.toml").read_text(encoding="utf-8"))["article"]
    (file,) = (name for name in spans if name.startswith(number))
    lines = (SEEDS / file).read_text(encoding="utf-8").split("\n")
    paragraphs = ["\n".join(line.strip() for line in lines[first - 1 : last]) for first, last in spans[file]]
    published = next(str(entry["published"].isoformat()) for entry in manifest if entry["file"] == file)
    text = "\n".join(lines) if whole else "\n\n".join(paragraphs)
    document = Document(lines[HEADLINES[number] - 1].strip(), text, read_published(published), None)
    return [contact_to_json(c) for c in find_contacts(document, DEFAULT_PAIR).contacts]


@pytest.mark.parametrize("number", sorted(MAIN))
@pytest.mark.parametrize("whole", [False, True], ids=["main text", "whole page"])
def test_the_news_is_found_with_kind_status_day_and_place(number: str, whole: bool) -> None:
    found = [c for c in contacts(number, whole=whole) if c["role"] == "main"]
    assert [(c["kind"], c["status"], c["date"], c["place"]) for c in found] == [MAIN[number]]


@pytest.mark.parametrize("number", sorted(BACKGROUND))
def test_what_is_told_in_the_background_is_recorded_as_such(number: str) -> None:
    found = [c for c in contacts(number, whole=False) if c["role"] == "background"]
    assert {(c["kind"], c["status"], c["date"]) for c in found} == BACKGROUND[number]
