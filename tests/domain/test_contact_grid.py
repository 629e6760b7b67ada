"""Thousands of sentences by combination: each frame with each complement, from ``contact_grid_<language>.toml``."""

from __future__ import annotations

import tomllib
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from domain.contacts import Document, find_contacts
from domain.model import Published, Role, Status
from domain.people import DEFAULT_PAIR

HERE = Path(__file__).parent
LANGUAGES = ("en", "fr", "ru")
THURSDAY = Published(datetime(2022, 3, 10, 17, tzinfo=UTC), "instant", "input")


def grids(language: str) -> list[dict[str, Any]]:
    text = (HERE / f"contact_grid_{language}.toml").read_text(encoding="utf-8")
    return list(tomllib.loads(text)["grid"])


def joined(frame: str, complement: str) -> str:
    if "{}" in frame:
        text = frame.replace("{}", complement)
    else:
        gap = " " if complement and complement[0] not in ",." else ""
        text = f"{frame}{gap}{complement}"
        text += "" if complement.startswith(". ") or frame.endswith(".") else "."
    return " ".join(text.split())


def is_read(want: str, text: str, language: str) -> bool:
    title, _, body = text.rpartition(" || ")
    detection = find_contacts(Document(title, body, THURSDAY, language), DEFAULT_PAIR)
    news = [contact for contact in detection.contacts if contact.role is Role.MAIN]
    status, _, kind = want.partition(" ")
    if status == "none":
        return not news
    if status == "occurred":
        return any(c.status is Status.OCCURRED and kind in ("", c.kind) for c in news)
    return any(c.status == status for c in news) and all(c.status is not Status.OCCURRED for c in news)


@pytest.mark.parametrize(("language", "number"), [(c, n) for c in LANGUAGES for n in range(len(grids(c)))])
def test_every_frame_is_read_with_every_complement(language: str, number: int) -> None:
    grid = grids(language)[number]
    missed = [
        text
        for frame in grid["frames"]
        for complement in grid["complements"]
        if not is_read(grid["want"], text := joined(frame, complement), language)
    ]
    assert missed == grid.get("not_yet", [])
