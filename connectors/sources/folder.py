"""Folders of articles on disk: pages, text dumps and JSON lines, with what a manifest says of them."""

from __future__ import annotations

import asyncio
import codecs
import hashlib
import json
import os
import stat
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote

from connectors.addresses import AddressRefusedError, check_address
from connectors.base import FetchError, Listing, SourceError, clean_line
from connectors.dates import read_published
from connectors.http import Http
from connectors.manifest import MANIFEST, Facts, read_manifest
from domain.model import Capture, Failure, FetchState, Item, Outcome

MAX_BYTES = 5_000_000  # of a file or a line that is one article
_PAGES = {".html": "text/html", ".htm": "text/html", ".txt": "text/plain"}
_LINES = ".jsonl"
_Problem = tuple[Outcome, str]
_SCANNING = threading.Lock()  # not one per folder, so that folders can be pickled


@dataclass(frozen=True, slots=True)
class _Place:
    """Where the bytes of an item lie; ``line`` is None for a whole file, otherwise counted from 1."""

    path: Path
    media_type: str
    offset: int = 0
    line: int | None = None
    facts: Facts = field(default_factory=Facts)


@dataclass(frozen=True, slots=True)
class _Found:
    """What listing one piece gave: an item with its place, or how it failed."""

    item: Item
    place: _Place | None
    failure: Failure | None = None


@dataclass(slots=True)
class Folder:
    """A folder whose ``.html``, ``.htm``, ``.txt`` and ``.jsonl`` files are articles, with its subfolders.

    In a ``.jsonl`` file every line is an article: an object with ``url`` or ``id``, ``source``,
    ``published``, ``title``, ``text``, ``lang``. Names that begin with a dot and all other files are passed
    over. ``manifest.toml`` beside them may state facts that the files do not (``connectors.manifest``).
    Links that lead out of the folder are refused, linked folders inside it are not entered, as they are
    listed where they lie.

    The address of an article is its URL if the manifest or the line says one, else ``folder://`` with the
    slug, the path and, for a line, its id (a hash of the line where it has none, so that it stays when
    lines are put before it).
    """

    slug: str
    path: Path
    max_bytes: int = MAX_BYTES
    _places: dict[tuple[str, str], _Place] | None = field(default=None, init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Take a path as text, too, as configuration files give it."""
        self.path = Path(self.path)

    async def list(self, http: Http, known_state: FetchState | None, now: datetime) -> Listing:
        """List all articles; raises SourceError for an unreadable folder or a wrong manifest."""
        found = await asyncio.to_thread(self._scan)
        items = tuple(piece.item for piece in found if piece.failure is None)
        failures = tuple(piece.failure for piece in found if piece.failure is not None)
        return Listing(items, failures, None)

    async def fetch(self, http: Http, item: Item, now: datetime) -> Capture:
        """Read the bytes of one item; raises FetchError (TOO_LARGE or FETCH_FAILED)."""
        return await asyncio.to_thread(self._load, item, now)

    def _scan(self) -> tuple[_Found, ...]:
        root = _open_root(self.slug, self.path)
        manifest = read_manifest(self.slug, root)
        found = tuple(_find_all(self, root, manifest))
        self._places = {(f.item.address, f.item.fingerprint): f.place for f in found if f.place is not None}
        return found

    def _load(self, item: Item, now: datetime) -> Capture:
        with _SCANNING:  # many are fetched at once, and one look at the folder is enough
            if self._places is None:  # listed by another object or process
                try:
                    self._scan()
                except SourceError as e:
                    raise FetchError(item.address, Outcome.FETCH_FAILED, str(e)) from e
        place = (self._places or {}).get((item.address, item.fingerprint))
        if place is None:
            raise FetchError(item.address, Outcome.FETCH_FAILED, f"is not in {self.path} as it was listed")
        try:
            body = _read_place(place, self.max_bytes)
        except OSError as e:
            detail = f"cannot read {place.path}: {e.strerror or e}"
            raise FetchError(item.address, Outcome.FETCH_FAILED, detail) from e
        if len(body) > self.max_bytes:
            detail = f"{place.path} holds more than {self.max_bytes} bytes for one article"
            raise FetchError(item.address, Outcome.TOO_LARGE, detail)
        if _fingerprint(body, len(body), place.facts) != item.fingerprint:
            detail = f"{place.path} was changed since it was listed; the next pass takes it up"
            raise FetchError(item.address, Outcome.FETCH_FAILED, detail)
        digest = hashlib.sha256(body).hexdigest()
        return Capture(item, item.address, digest, body, place.media_type, None, now)


def _open_root(slug: str, path: Path) -> Path:
    try:
        root = path.resolve(strict=True)
        if not root.is_dir():
            raise SourceError(slug, f"{path} is not a folder; name the folder that the files lie in")
        with os.scandir(root):
            return root
    except FileNotFoundError as e:
        raise SourceError(slug, f"the folder {path} does not exist; create it or correct the path") from e
    except PermissionError as e:
        raise SourceError(
            slug, f"the folder {path} may not be read; allow it (chmod u+rx) or correct it"
        ) from e
    except (OSError, RuntimeError) as e:
        raise SourceError(slug, f"the folder {path} cannot be read: {e}; check the path and the disk") from e


def _find_all(folder: Folder, root: Path, manifest: dict[str, Facts]) -> Iterator[_Found]:
    unused = dict(manifest)
    for path, problem in _walk(root, root):
        facts = unused.pop(path.relative_to(root).as_posix(), Facts())
        address = _address(folder.slug, root, path)
        if problem is not None:
            yield _fail(folder.slug, address, *problem)
            continue
        try:
            if path.suffix.lower() == _LINES:
                yield from _find_lines(folder, path, address, facts)
            else:
                yield _find_page(folder, path, address, facts)
        except OSError as e:
            yield _fail(folder.slug, address, Outcome.FETCH_FAILED, f"cannot read {path}: {e.strerror or e}")
    if unused:
        detail = f"{root / MANIFEST}: file {min(unused)!r} is none of the articles in {root}"
        suffixes = ", ".join((*_PAGES, _LINES))
        raise SourceError(
            folder.slug, f"{detail} ({suffixes}, names without a leading dot); correct or remove it"
        )


def _walk(root: Path, directory: Path) -> Iterator[tuple[Path, _Problem | None]]:
    """Article files below a directory by name, and what of them cannot be taken, with the reason."""
    try:
        with os.scandir(directory) as found:
            entries = sorted(found, key=lambda entry: entry.name)
    except OSError as e:
        yield directory, (Outcome.FETCH_FAILED, f"the folder {directory} cannot be read: {e.strerror or e}")
        return
    for entry in entries:
        if entry.name.startswith("."):
            continue
        path = Path(entry.path)
        try:
            if entry.is_symlink() and not path.resolve(strict=True).is_relative_to(root):
                yield path, (Outcome.REFUSED, f"{path} is a link that leads out of the folder")
                continue
            mode = path.stat().st_mode
        except (OSError, RuntimeError) as e:  # RuntimeError: links in a circle
            yield path, (Outcome.FETCH_FAILED, f"cannot read {path}: {getattr(e, 'strerror', None) or e}")
            continue
        if stat.S_ISDIR(mode) and not entry.is_symlink():
            yield from _walk(root, path)
        elif path.suffix.lower() in (*_PAGES, _LINES) and not stat.S_ISDIR(mode):
            # Opening a pipe or a device could wait for ever.
            problem = None if stat.S_ISREG(mode) else (Outcome.REFUSED, f"{path} is no regular file")
            yield path, problem


def _find_page(folder: Folder, path: Path, address: str, facts: Facts) -> _Found:
    size = path.stat().st_size
    if size == 0:
        return _fail(folder.slug, address, Outcome.EMPTY, f"{path} is empty")
    place = _Place(path, _PAGES[path.suffix.lower()], facts=facts)
    # A file above the limit is listed all the same (fetching it says so), so its end is not worth reading.
    fingerprint = _fingerprint(_read_place(place, folder.max_bytes), size, facts)
    address = facts.url or address
    item = Item(folder.slug, address, fingerprint, facts.title, facts.published, facts.source, facts.language)
    return _Found(item, place)


def _find_lines(folder: Folder, path: Path, address: str, facts: Facts) -> Iterator[_Found]:
    number = offset = 0
    with path.open("rb") as stream:
        while line := stream.readline(folder.max_bytes + 1):
            number += 1
            start, offset = offset, offset + len(line)
            if len(line) > folder.max_bytes:
                detail = f"{path}, line {number}: more than {folder.max_bytes} bytes"
                yield _fail(folder.slug, f"{address}#line-{number}", Outcome.TOO_LARGE, detail)
                while line and not line.endswith(b"\n"):  # the rest of this line
                    line = stream.readline(folder.max_bytes)
                    offset += len(line)
            elif _trim(line):
                place = _Place(path, "application/json", start, number, facts)
                yield _find_line(folder, _trim(line), place, address)
    if number == 0:
        yield _fail(folder.slug, address, Outcome.EMPTY, f"{path} is empty")


def _find_line(folder: Folder, line: bytes, place: _Place, address: str) -> _Found:
    where, failed = f"{place.path}, line {place.line}", f"{address}#line-{place.line}"
    try:
        record = json.loads(line.decode("utf-8"))
    except (ValueError, RecursionError) as e:
        detail = f"{where}: not a line of JSON ({e})"
        return _fail(folder.slug, failed, Outcome.EXTRACT_FAILED, detail)
    if not isinstance(record, dict):
        detail = f"{where}: {type(record).__name__} instead of an object with url, title and text"
        return _fail(folder.slug, failed, Outcome.EXTRACT_FAILED, detail)
    url = _line_text(record, "url", 8192)
    try:
        if url is not None:
            check_address(url)
    except AddressRefusedError as e:
        return _fail(folder.slug, failed, Outcome.REFUSED, f"{where}: url: {e}")
    name = record.get("id")
    if not isinstance(name, str | int) or isinstance(name, bool) or not str(name).strip():
        name = hashlib.sha256(line).hexdigest()[:16]
    item = Item(
        folder.slug,
        url or f"{address}/{quote(clean_line(str(name)), safe='')}",
        _fingerprint(line, len(line), place.facts),
        _line_text(record, "title"),
        read_published(_line_text(record, "published") or "") or place.facts.published,
        _line_text(record, "source") or place.facts.source,
        _line_text(record, "lang") or _line_text(record, "language") or place.facts.language,
    )
    return _Found(item, place)


def _line_text(record: dict[str, Any], key: str, limit: int = 500) -> str | None:
    value = record.get(key)
    return (clean_line(value, limit) or None) if isinstance(value, str) else None


def _read_place(place: _Place, limit: int) -> bytes:
    """The bytes of a file or line, at most one more than the limit."""
    with place.path.open("rb") as stream:
        stream.seek(place.offset)
        return stream.read(limit + 1) if place.line is None else _trim(stream.readline(limit + 1))


def _trim(line: bytes) -> bytes:
    # Without its end, so that the last line stays the same when another one is appended.
    return line.removeprefix(codecs.BOM_UTF8).strip()


def _fingerprint(body: bytes, size: int, facts: Facts) -> str:
    digest = hashlib.sha256(body)
    digest.update(f"\x1f{size}\x1f{facts.summary}".encode())
    return digest.hexdigest()


def _address(slug: str, root: Path, path: Path) -> str:
    # A name on disk need not be valid text; the bytes that are not are escaped, so that no two names fall together.
    name = os.fsencode(path.relative_to(root).as_posix()).decode("utf-8", "backslashreplace")
    return f"folder://{slug}/{quote(name, safe='/@!$()*+,;=~-._:')}"


def _fail(slug: str, address: str, outcome: Outcome, detail: str) -> _Found:
    item = Item(slug, address, "")
    return _Found(item, None, Failure(item, outcome, clean_line(detail)))
