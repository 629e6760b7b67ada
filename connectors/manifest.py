"""``manifest.toml`` of a folder: what its files do not say of themselves.

    [[article]]
    file = "dumps/2017-05-29.txt"          # below the folder, with forward slashes
    source = "example.org"                 # the outlet
    published = 2017-05-29T15:24:00+02:00  # or a day: 2017-05-29; or either as text
    title = "..."
    url = "https://example.org/..."
    language = "en"

Only ``file`` is needed. Said of a ``.jsonl`` file, ``source``, ``published`` and ``language`` hold for the
lines that do not say it themselves.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from connectors.addresses import AddressRefusedError, check_address
from connectors.base import SourceError, clean_line
from connectors.dates import publish, read_published
from domain.model import Published

MANIFEST = "manifest.toml"
_KEYS = ("file", "source", "published", "title", "url", "language")
_NOT_OF_LINES = ("title", "url")
_MAX_BYTES = 10_000_000


@dataclass(frozen=True, slots=True)
class Facts:
    """What the manifest says of one file."""

    source: str | None = None
    published: Published | None = None
    title: str | None = None
    url: str | None = None
    language: str | None = None

    @property
    def summary(self) -> str:
        """All facts as one line, for fingerprints: an item whose facts changed is to be read again."""
        when = self.published
        day = "" if when is None else f"{when.at.isoformat()} {when.precision}"
        return "\x1f".join((self.source or "", day, self.title or "", self.url or "", self.language or ""))


def read_manifest(slug: str, folder: Path) -> dict[str, Facts]:
    """Facts by file (relative path with forward slashes); empty if the folder has no manifest.

    ``folder`` is a resolved path. Whether each named file is there is for the folder to say, which walks it.
    Raises SourceError naming the place for what is not TOML, not allowed or not there: it is the user's own
    file, and a fact that is silently passed over would only be missed much later.
    """
    path = folder / MANIFEST
    try:
        if not path.exists():
            return {}
        if not path.is_file() or not path.resolve().is_relative_to(folder):
            raise SourceError(
                slug, f"{path} is no regular file of this folder; put the manifest itself there"
            )
        if path.stat().st_size > _MAX_BYTES:
            raise SourceError(slug, f"{path} is larger than {_MAX_BYTES} bytes; that is no manifest")
        document = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as e:
        raise SourceError(slug, f"cannot read {path}: {e.strerror or e}") from e
    except (ValueError, RecursionError) as e:
        raise SourceError(slug, f"{path} is not valid TOML: {e}") from e
    unknown = sorted(set(document) - {"article"})
    articles = document.get("article", [])
    if unknown or not isinstance(articles, list) or not all(isinstance(entry, dict) for entry in articles):
        found = f"the key {unknown[0]!r}" if unknown else "an article that is no table"
        raise SourceError(slug, f"{path}: {found}; allowed is only a list of [[article]] tables")
    facts: dict[str, Facts] = {}
    for number, entry in enumerate(articles, start=1):
        file = _check_file(slug, folder, f"{path}, article {number}", entry)
        if file in facts:
            raise SourceError(slug, f"{path}, article {number}: {file!r} is there twice; keep one of them")
        facts[file] = _read_facts(slug, f"{path}, article {number} ({file})", entry)
    return facts


def _check_file(slug: str, folder: Path, where: str, entry: dict[str, Any]) -> str:
    unknown = sorted(set(entry) - set(_KEYS))
    if unknown:
        allowed = ", ".join(_KEYS)
        raise SourceError(slug, f"{where}: the key {unknown[0]!r} is unknown; allowed are {allowed}")
    file = entry.get("file")
    if not isinstance(file, str) or not file:
        raise SourceError(slug, f"{where}: the key 'file' must name a file below {folder}")
    lines = [key for key in _NOT_OF_LINES if key in entry and file.lower().endswith(".jsonl")]
    if lines:
        raise SourceError(
            slug, f"{where}: the key {lines[0]!r} cannot hold for all lines of {file!r}; remove it"
        )
    return file


def _read_facts(slug: str, where: str, entry: dict[str, Any]) -> Facts:
    texts: dict[str, str | None] = {}
    for key in ("source", "title", "url", "language"):
        value = entry.get(key)
        if value is not None and (not isinstance(value, str) or not clean_line(value)):
            raise SourceError(slug, f"{where}: the key {key!r} must be text, not {value!r}")
        texts[key] = None if value is None else clean_line(value, 8192 if key == "url" else 500)
    if texts["url"] is not None:
        try:
            check_address(texts["url"])
        except AddressRefusedError as e:
            raise SourceError(slug, f"{where}: the key 'url': {e}") from e
    published = _read_date(slug, where, entry["published"]) if "published" in entry else None
    return Facts(texts["source"], published, texts["title"], texts["url"], texts["language"])


def _read_date(slug: str, where: str, value: object) -> Published:
    found = None
    if isinstance(value, str):
        found = read_published(value)
    elif isinstance(value, date | datetime):
        found = publish(value)
    if found is None:
        hint = "write a day (2017-05-29) or a time with its offset (2017-05-29T15:24:00+02:00)"
        raise SourceError(slug, f"{where}: the key 'published' is not a date: {value!r}; {hint}")
    return found
