"""WARC files on disk (Common Crawl's news, one's own captures), read as a stream."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from warcio.archiveiterator import ArchiveIterator
from warcio.exceptions import ArchiveLoadFailed

from connectors.addresses import AddressRefusedError, check_address
from connectors.base import FetchError, Listing, SourceError, clean_line
from connectors.headers import read_content_type
from connectors.http import Http
from domain.identity import hash64
from domain.model import Capture, Failure, FetchState, Item, Outcome

MAX_BYTES = 5_000_000  # of one record, unpacked
_PAGES = ("text/html", "application/xhtml+xml", "text/plain", "")


@dataclass(frozen=True, slots=True)
class Warc:
    """The pages in a WARC file, or in all ``.warc`` and ``.warc.gz`` files of a folder and its subfolders.

    ``wanted`` looks at the text of a page: an archive holds tens of thousands, of which a handful concern a pair.
    Memory does not grow with the size of the files; a damaged one is read up to the damage, and reported.
    """

    slug: str
    path: Path
    wanted: Callable[[str], bool]
    language: str | None = None
    _places: dict[str, tuple[Path, int]] = field(default_factory=dict, init=False, repr=False, compare=False)

    async def list(self, http: Http, known_state: FetchState | None, now: datetime) -> Listing:
        """List the pages that are wanted; raises SourceError where there is no WARC file."""
        items, failures = await asyncio.to_thread(self._scan)
        return Listing(tuple(items), tuple(failures), None)

    async def fetch(self, http: Http, item: Item, now: datetime) -> Capture:
        """Read the record of a page again; raises FetchError."""
        return await asyncio.to_thread(self._read, item, now)

    def _scan(self) -> tuple[Sequence[Item], Sequence[Failure]]:
        self._places.clear()
        paths = [self.path] if self.path.is_file() else sorted(self.path.rglob("*.warc*"))
        paths = [path for path in paths if path.name.endswith((".warc", ".warc.gz"))]
        if not paths:
            raise SourceError(self.slug, f"{self.path}: no .warc or .warc.gz file is there")
        items: list[Item] = []
        failures: list[Failure] = []
        for path in paths:
            try:
                items.extend(self._items(path))
            except (OSError, ArchiveLoadFailed, ValueError, EOFError) as e:
                damaged = Item(self.slug, f"warc://{self.slug}/{path.name}", "")
                detail = clean_line(f"{path} can be read only in part: {e}")
                failures.append(Failure(damaged, Outcome.EXTRACT_FAILED, detail))
        return items, failures

    def _items(self, path: Path) -> Iterator[Item]:
        with path.open("rb") as stream:
            records = ArchiveIterator(stream)
            for record in records:
                if not _is_page(record):
                    continue
                address = record.rec_headers.get_header("WARC-Target-URI") or ""
                try:
                    check_address(address)
                except AddressRefusedError:
                    continue  # dns:, metadata:// and the like, which archives are full of
                body = record.content_stream().read(MAX_BYTES)
                if address in self._places or not self.wanted(body.decode("utf-8", "replace")):
                    continue
                self._places[address] = path, records.get_record_offset()
                digest = hashlib.sha256(body).hexdigest()
                yield Item(
                    self.slug, address, f"{hash64('warc', address, digest):016x}", language=self.language
                )

    def _read(self, item: Item, now: datetime) -> Capture:
        path, offset = self._places.get(item.address, (None, 0))
        if path is None:
            raise FetchError(item.address, Outcome.FETCH_FAILED, "is not part of the last listing")
        try:
            with path.open("rb") as stream:
                stream.seek(offset)
                record = next(iter(ArchiveIterator(stream)))
                kind = _media_type(record)
                body: bytes = record.content_stream().read(MAX_BYTES + 1)
        except (OSError, ArchiveLoadFailed, ValueError, StopIteration) as e:
            raise FetchError(item.address, Outcome.FETCH_FAILED, f"{path} at {offset}: {e}") from e
        if len(body) > MAX_BYTES:
            raise FetchError(item.address, Outcome.TOO_LARGE, f"more than {MAX_BYTES} bytes")
        media_type, charset = read_content_type(kind)
        digest = hashlib.sha256(body).hexdigest()
        return Capture(item, item.address, digest, body, media_type, charset, now)


def _is_page(record: Any) -> bool:
    if record.rec_type not in ("response", "resource"):
        return False
    if record.http_headers is not None and record.http_headers.get_statuscode() != "200":
        return False
    return read_content_type(_media_type(record))[0] in _PAGES


def _media_type(record: Any) -> str:
    headers = record.http_headers or record.rec_headers
    return str(headers.get_header("Content-Type") or "")
