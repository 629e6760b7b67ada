"""The raw bytes of every fetch, kept as WARC files (ISO 28500): everything after can be redone offline.

One file a day below ``captures/``; every record is a gzip member of its own, so that standard tools read the file and
one record can be read by its place. The same bytes are stored once; where they lie is told by ``ops.capture``. A file
is trimmed to what the warehouse knows of it before it is written to, so that a killed run leaves no torn record.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from http import HTTPStatus
from io import BytesIO
from pathlib import Path
from typing import BinaryIO

from isal import isal_zlib
from warcio.archiveiterator import ArchiveIterator
from warcio.exceptions import ArchiveLoadFailed
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from warehouse.errors import WarehouseError

LEVEL = 1  # of isal's gzip: a quarter of the time of zlib's level 1, and fewer bytes (0.24 of a page)
_NOT_KEPT = frozenset({"content-encoding", "transfer-encoding", "content-length", "set-cookie", "connection"})


@dataclass(frozen=True, slots=True)
class RawFetch:
    """One fetch that is to be kept. ``status`` is None for what was not fetched by HTTP."""

    address: str
    at: datetime
    status: int | None
    headers: tuple[tuple[str, str], ...]
    body: bytes
    sha256: str
    media_type: str = ""


@dataclass(frozen=True, slots=True)
class Packed:
    """One fetch as a WARC record, packed, with what is remembered of it."""

    address: str
    at: datetime
    sha256: str
    size: int
    record: bytes


@dataclass(frozen=True, slots=True)
class CaptureRow:
    """Where the bytes with this hash lie: ``length`` bytes from ``start`` on in a file below ``captures/``."""

    sha256: str
    file: str
    start: int
    length: int
    size: int
    address: str
    captured_at: datetime


class Captures:
    """The WARC files of a home; written by one process at a time."""

    def __init__(self, home: Path) -> None:
        self._root = home / "captures"

    def append(self, fetched: Sequence[Packed], known_end: int, day: datetime) -> list[CaptureRow]:
        """Write records to the file of a day and flush them to the disk.

        ``known_end`` is where the last record ends that the warehouse knows of in that file; what lies behind it was
        left by a run that was killed, and goes. Raises WarehouseError when the disk refuses.
        """
        path = self._root / self.file_of(day)
        rows: list[CaptureRow] = []
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            with path.open("ab") as stream:
                if stream.tell() > known_end:
                    stream.truncate(known_end)
                    stream.seek(known_end)
                start = stream.tell()
                for packed in fetched:
                    stream.write(packed.record)
                    length = len(packed.record)
                    rows.append(
                        CaptureRow(
                            packed.sha256,
                            self.file_of(day),
                            start,
                            length,
                            packed.size,
                            packed.address,
                            packed.at,
                        )
                    )
                    start += length
                _sync(stream)
        except OSError as error:
            raise WarehouseError(f"{path}: captures cannot be kept: {error}. Is the disk full?") from error
        return rows

    def file_of(self, day: datetime) -> str:
        """The file that takes the captures of a day (UTC), relative to ``captures/``."""
        return day.astimezone(UTC).strftime("%Y/%m/parley-%Y%m%d.warc.gz")

    def get(self, row: CaptureRow) -> bytes:
        """The bytes of a capture. Raises ``WarehouseError`` when they are not there or were altered."""
        path = self._root / row.file
        try:
            with path.open("rb") as stream:
                stream.seek(row.start)
                record = next(iter(ArchiveIterator(BytesIO(stream.read(row.length)))))
                body: bytes = record.content_stream().read()
        except (OSError, StopIteration, ValueError, ArchiveLoadFailed) as error:
            raise WarehouseError(f"{path} at {row.start}: the capture cannot be read: {error}") from error
        if hashlib.sha256(body).hexdigest() != row.sha256:
            raise WarehouseError(
                f"{path} at {row.start}: the capture does not match its hash; it was altered"
            )
        return body

    def sizes(self) -> list[tuple[str, int]]:
        """The files with their sizes (bytes), oldest first."""
        paths = sorted(self._root.glob("*/*/parley-*.warc.gz"))
        return [(str(path.relative_to(self._root)), path.stat().st_size) for path in paths]

    def drop(self, files: Sequence[str]) -> None:
        """Delete files; one that is gone already is no error."""
        for file in files:
            (self._root / file).unlink(missing_ok=True)


def _sync(stream: BinaryIO) -> None:
    stream.flush()
    os.fsync(stream.fileno())


def pack(raw: RawFetch) -> Packed:
    """A fetch as a record; apart from writing it, as this takes time that another thread can take."""
    plain = BytesIO()
    writer = WARCWriter(plain, gzip=False, warc_version="1.1")
    headers = {"WARC-Date": raw.at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")}
    headers["WARC-Payload-Digest"] = f"sha256:{raw.sha256}"
    answer = None
    if raw.status is not None:
        lines = [(name, value) for name, value in raw.headers if name.lower() not in _NOT_KEPT]
        lines.append(("Content-Length", str(len(raw.body))))
        answer = StatusAndHeaders(_status_line(raw.status), lines, protocol="HTTP/1.1")
    made = writer.create_warc_record(
        raw.address,
        "response" if answer is not None else "resource",
        payload=BytesIO(raw.body),
        length=len(raw.body),
        http_headers=answer,
        warc_content_type="" if answer is not None else raw.media_type or "application/octet-stream",
        warc_headers_dict=headers,
    )
    writer.write_record(made)
    packer = isal_zlib.compressobj(LEVEL, isal_zlib.DEFLATED, isal_zlib.MAX_WBITS + 16)
    record = packer.compress(plain.getvalue()) + packer.flush()
    return Packed(raw.address, raw.at, raw.sha256, len(raw.body), record)


def _status_line(status: int) -> str:
    try:
        return f"{status} {HTTPStatus(status).phrase}"
    except ValueError:
        return f"{status} Unknown"
