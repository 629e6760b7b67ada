"""Alerts as an Atom feed in a file, for feed readers and for a web server to hand out."""

from __future__ import annotations

import contextlib
import os
import re
import threading
import xml.etree.ElementTree as ET
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import quote

from connectors.base import ChannelError
from domain.event_model import Message

_ATOM = "http://www.w3.org/2005/Atom"
# RFC 4151. "invalid" is reserved (RFC 2606), so these ids can never clash with those of somebody's domain.
_TAG = "tag:parley.invalid,2026:"
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_MAX_BYTES = 50_000_000  # of an existing file; our own stay far below

# Deliveries may run in several threads; each reads the file, adds an entry and replaces it.
_LOCK = threading.Lock()

ET.register_namespace("", _ATOM)


@dataclass(frozen=True, slots=True)
class AtomFile:
    """Keeps the last ``limit`` alerts, newest first, in an Atom feed (RFC 4287) at ``path``.

    An alert that is in the file already is not written again. The file is replaced as a whole, so readers
    never see half of it; a crash leaves the old one. One process may write it at a time (threads may share
    it).

    A file that is no Atom feed is moved aside (``.broken`` and a number), never overwritten, and this
    delivery fails as transient: the error is recorded where deliveries are, and the next try begins a new
    feed.
    """

    name: str
    path: Path
    title: str = "Parley alerts"
    limit: int = 200

    def __post_init__(self) -> None:
        """Take a path as text, too; refuse a limit that keeps nothing."""
        object.__setattr__(self, "path", Path(self.path))
        if self.limit < 1:
            raise ChannelError(self.name, "limit must be at least 1", transient=False)

    def send(self, message: Message) -> None:
        """Add the alert to the file; raises ChannelError (transient: disks are freed, rights are given)."""
        with _LOCK:
            try:
                self.path.parent.mkdir(parents=True, exist_ok=True)
                known = self._read_entries()
                entry = _make_entry(message)
                if any(_child(old, "id") == _child(entry, "id") for old in known):
                    return
                entries = sorted([entry, *known], key=lambda e: _child(e, "updated"), reverse=True)
                self._replace(self._render(entries[: self.limit]))
            except OSError as e:
                detail = f"cannot write {self.path}: {e.strerror or e}; check the disk and the rights"
                raise ChannelError(self.name, detail, transient=True) from e

    def _read_entries(self) -> list[ET.Element]:
        if not self.path.exists():
            return []
        problem: str | None = None
        cause: Exception | None = None
        if self.path.stat().st_size > _MAX_BYTES:
            problem = f"is larger than {_MAX_BYTES} bytes"
        else:
            try:
                root = ET.fromstring(self.path.read_bytes())
            except (ET.ParseError, ValueError, LookupError) as e:
                problem, cause = f"is not well-formed XML ({e})", e
            else:
                entries = root.findall(f"{{{_ATOM}}}entry")
                if root.tag == f"{{{_ATOM}}}feed" and all(
                    _child(e, "id") and _child(e, "updated") for e in entries
                ):
                    return entries
                problem = "is not an Atom feed"
        aside = self._move_aside()
        detail = f"{self.path} {problem}; it was moved to {aside}, the next try begins a new feed"
        raise ChannelError(self.name, detail, transient=True) from cause

    def _move_aside(self) -> Path:
        for number in range(1, 1000):
            aside = self.path.with_name(f"{self.path.name}.broken-{number}")
            if not aside.exists():
                self.path.rename(aside)
                return aside
        raise OSError(f"{self.path} is broken, and so were 999 before it; remove {self.path.name}.broken-*")

    def _render(self, entries: list[ET.Element]) -> bytes:
        feed = ET.Element(f"{{{_ATOM}}}feed")
        _add(feed, "id", f"{_TAG}feed:{quote(self.name, safe='')}")
        _add(feed, "title", self.title)
        _add(feed, "updated", max(_child(entry, "updated") for entry in entries))
        _add(_add(feed, "author"), "name", "Parley")
        feed.extend(entries)
        ET.indent(feed)
        return bytes(ET.tostring(feed, encoding="utf-8", xml_declaration=True))

    def _replace(self, content: bytes) -> None:
        draft = self.path.with_name(f".{self.path.name}.{os.getpid()}.tmp")
        try:
            with draft.open("wb") as stream:
                stream.write(content)
                stream.flush()
                os.fsync(stream.fileno())
            draft.replace(self.path)
            _sync_folder(self.path.parent)
        except OSError:
            with contextlib.suppress(OSError):  # the first error is the one that matters
                draft.unlink()
            raise


def _sync_folder(folder: Path) -> None:
    # The new name must outlive a power cut as well, since the ledger takes the alert for delivered from here on.
    if hasattr(os, "O_DIRECTORY"):
        handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _make_entry(message: Message) -> ET.Element:
    entry = ET.Element(f"{{{_ATOM}}}entry")
    _add(entry, "id", f"{_TAG}alert:{quote(message.alert_id, safe='')}")
    _add(entry, "title", " ".join(message.headline.split()))
    _add(entry, "published", _instant(message.created_at))
    _add(entry, "updated", _instant(message.created_at))
    # Only what no address may hold is quoted; "%" stays, as the address is quoted already.
    if message.address:
        href = quote(_NOT_XML.sub("", message.address), safe=":/?#[]@!$&'()*+,;=%~-._")
        _add(entry, "link", rel="alternate", href=href)
    _add(entry, "category", term=message.reason.value)
    _add(entry, "summary", message.body, type="text")
    return entry


def _add(parent: ET.Element, name: str, text: str | None = None, **attributes: str) -> ET.Element:
    child = ET.SubElement(
        parent, f"{{{_ATOM}}}{name}", {k: _NOT_XML.sub("", v) for k, v in attributes.items()}
    )
    if text is not None:
        child.text = _NOT_XML.sub("", text)
    return child


def _child(entry: ET.Element, name: str) -> str:
    return entry.findtext(f"{{{_ATOM}}}{name}") or ""


def _instant(at: datetime) -> str:
    # One fixed form, as entries are sorted by this text.
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
