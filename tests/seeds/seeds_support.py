"""What the tests of the newsroom share: its truth as data, its pages, and the tables of its README."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

SEEDS = Path(__file__).resolve().parents[2] / "seeds"
SITE = SEEDS / "site"
WITH_TEXT = ("stored", "stored_undated", "copy")

Table = dict[str, Any]


def load_truth() -> Table:
    """``truth.toml`` as tables."""
    return tomllib.loads((SEEDS / "truth.toml").read_text(encoding="utf-8"))


def page_of(address: str) -> Path:
    """The file of ``site`` that answers for an address."""
    parts = urlsplit(address)
    file = SITE / (parts.hostname or "") / unquote(parts.path).lstrip("/")
    return file / "index.html" if file.is_dir() else file


def text_of(file: Path) -> str:
    """A file of the newsroom as text; only the archive page is not UTF-8."""
    raw = file.read_bytes()
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return raw.decode("windows-1251")


def contact_cell(contact: Table) -> str:
    """One contact as the README shows it."""
    words = [contact["role"], contact["kind"], contact["status"], contact.get("date", "no date")]
    words += [contact["place"]] if "place" in contact else []
    words += ["with " + ", ".join(contact["with_others"])] if "with_others" in contact else []
    return f"{' '.join(words)} (`{contact['event']}`)"


def article_rows(truth: Table) -> list[str]:
    """The README's rows of articles."""
    return [
        f"| `{a['address']}` | {a['language']} | {a.get('published', 'nobody says')} | {a['outcome']} "
        f"| {'; '.join(contact_cell(c) for c in a.get('contact', [])) or 'none'} |"
        for a in truth["article"]
    ]


def event_rows(truth: Table) -> list[str]:
    """The README's rows of events."""
    return [
        f"| `{e['key']}` | {e['kind']} | {' → '.join(e['history'])} | {e.get('date', 'no date')} "
        f"| {e.get('place', '')} | {', '.join(e.get('with_others', []))} | {e['reported_as']} "
        f"| {len(e['articles'])} |"
        for e in truth["event"]
    ]


def alert_rows(truth: Table) -> list[str]:
    """The README's rows of alerts."""
    return [
        f"| {n} | `{a['event']}` | {a['reason']} | {a['status']} | `{a['article']}` |"
        for n, a in enumerate(truth["alert"], 1)
    ]
