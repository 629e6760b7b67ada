"""GDELT: its files of every quarter of an hour (kind ``gdelt``) and its search (kind ``gdelt_doc``).

Both say where an article lies and when GDELT saw it, not when it was published: that is left to the article's page.
"""

from __future__ import annotations

import asyncio
import hashlib
import io
import json
import re
import zipfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from urllib.parse import quote

from connectors.base import FetchError, Listing, SourceError, clean_line
from connectors.exchange import Response
from connectors.http import Http, fetch_capture
from connectors.items import Entry, check_source_address, make_items
from connectors.visit import Visit
from domain.model import Capture, Failure, FetchState, Item, Outcome

LAST_UPDATE = "http://data.gdeltproject.org/gdeltv2/lastupdate.txt"
SEARCH = (
    "https://api.gdeltproject.org/api/v2/doc/doc?query={query}"
    "&mode=artlist&format=json&maxrecords=250&timespan=1d&sort=datedesc"
)
SEARCH_DELAY = 6.0  # seconds; "please limit requests to one every 5 seconds"
STEP = timedelta(minutes=15)
MOST_FILES = 8  # that are caught up with in one pass: two hours
_FILE_BYTES = 40_000_000  # of one zip file; they have 3 to 12 MB
_UNPACKED = 400_000_000
_STAMP = "%Y%m%d%H%M%S"
_GKG = re.compile(r"^\d+ ([0-9a-f]{32}) (https?://\S+/(\d{14})\S*\.gkg\.csv\.zip)\s*$", re.MULTILINE)
_TITLE = re.compile(r"<PAGE_TITLE>(.{1,1000}?)</PAGE_TITLE>", re.DOTALL)
# Columns of the GKG 2.1 codebook, counted from 0.
_ADDRESS, _PERSONS, _EXTRAS = 4, 11, 26


@dataclass(frozen=True, slots=True)
class GdeltFiles:
    """The articles of GDELT's last files whose people or titles are ``wanted``.

    ``address`` is a ``lastupdate.txt``. What a pass missed is caught up with, ``MOST_FILES`` at a time; what is left
    out beyond that is reported. Raises SourceError for an address that cannot be fetched.
    """

    slug: str
    wanted: Callable[[str], bool]
    address: str = LAST_UPDATE
    language: str | None = None
    delay_seconds: float = 1.0

    def __post_init__(self) -> None:
        """Refuse a configuration that cannot work."""
        check_source_address(self.slug, self.address)

    async def list(self, http: Http, known_state: FetchState | None, now: datetime) -> Listing:
        """List what the files since the last visit name; raises SourceError where the newest cannot be had."""
        visit = Visit.begin(self.slug, http, known_state, delay_seconds=self.delay_seconds)
        answer = await visit.need(self.address, whole=True)
        match = _GKG.search(answer.body.decode("ascii", "replace")) if answer is not None else None
        if match is None:
            raise SourceError(
                self.slug, f"{self.address} names no .gkg.csv.zip file: is it a lastupdate.txt?"
            )
        stamps, left_out = _stamps_since(visit.known.cursor, match[3])
        entries: list[Entry] = []
        failures: list[Failure] = []
        if left_out:
            detail = (
                f"{left_out} files of a quarter of an hour each were left out: nobody looked for too long"
            )
            failures.append(
                Failure(Item(self.slug, f"{self.address}#{stamps[0]}", ""), Outcome.TOO_LARGE, detail)
            )
        for stamp in stamps:
            address = match[2].replace(match[3], stamp)
            try:
                entries.extend(await self._read(visit, address, match[1] if stamp == match[3] else None))
            except FetchError as e:
                if stamp == match[3]:
                    raise SourceError(self.slug, str(e), e.status) from e
                # A file that GDELT never made stays missing: its end is no failure that may pass.
                outcome = Outcome.REFUSED if e.status == 404 else e.outcome
                failures.append(Failure(Item(self.slug, address, ""), outcome, str(e)))
        items, refused = make_items(self.slug, entries, self.address, now, language=self.language)
        return visit.listing(items, (*failures, *refused), cursor=match[3])

    async def fetch(self, http: Http, item: Item, now: datetime) -> Capture:
        """Fetch the page of an article; raises FetchError."""
        return await fetch_capture(http, item, now)

    async def _read(self, visit: Visit, address: str, md5: str | None) -> tuple[Entry, ...]:
        answer = await visit.get(address, max_bytes=_FILE_BYTES, whole=True)
        if answer is None:
            return ()
        if md5 is not None and hashlib.md5(answer.body, usedforsecurity=False).hexdigest() != md5:
            raise FetchError(address, Outcome.FETCH_FAILED, "does not have the checksum that GDELT states")
        return await asyncio.to_thread(lambda: tuple(self._entries(address, answer)))

    def _entries(self, address: str, answer: Response) -> Iterator[Entry]:
        try:
            with zipfile.ZipFile(io.BytesIO(answer.body)) as packed:
                (name,) = packed.namelist()
                if packed.getinfo(name).file_size > _UNPACKED:
                    raise FetchError(address, Outcome.TOO_LARGE, f"unpacks to more than {_UNPACKED} bytes")
                with packed.open(name) as stream:
                    for line in stream:
                        entry = self._entry(line.decode("utf-8", "replace").rstrip("\n").split("\t"))
                        if entry is not None:
                            yield entry
        except (zipfile.BadZipFile, ValueError, EOFError, OSError, NotImplementedError) as e:
            raise FetchError(address, Outcome.EXTRACT_FAILED, f"no zip file of one table: {e}") from e

    def _entry(self, row: Sequence[str]) -> Entry | None:
        if len(row) <= _EXTRAS:
            return None
        title = _TITLE.search(row[_EXTRAS])
        words = title[1] if title else ""
        if not (self.wanted(row[_PERSONS].replace(";", " ; ")) or self.wanted(words)):
            return None
        return Entry(row[_ADDRESS], words)


@dataclass(frozen=True, slots=True)
class GdeltSearch:
    """The articles that GDELT's search finds for ``query`` in the last day; ``address`` has a place for the query."""

    slug: str
    query: str
    address: str = SEARCH
    delay_seconds: float = SEARCH_DELAY

    async def list(self, http: Http, known_state: FetchState | None, now: datetime) -> Listing:
        """List what was found; raises SourceError, also where GDELT answers in words that it was asked too often."""
        visit = Visit.begin(self.slug, http, known_state, delay_seconds=self.delay_seconds)
        answer = await visit.need(self.address.replace("{query}", quote(self.query, safe="")), whole=True)
        body = answer.body if answer is not None else b""
        try:
            found = json.loads(body).get("articles", [])
            entries = [
                Entry(str(one["url"]), str(one.get("title", "")))
                for one in found
                if isinstance(one.get("url"), str)
            ]
        except (ValueError, AttributeError, TypeError, RecursionError) as e:
            said = clean_line(body[:300].decode("utf-8", "replace"))
            status = 429 if "limit requests" in said.lower() else None
            raise SourceError(self.slug, f"no JSON came back; GDELT said: {said!r}", status) from e
        return visit.listing(*make_items(self.slug, entries, self.address, now))

    async def fetch(self, http: Http, item: Item, now: datetime) -> Capture:
        """Fetch the page of an article; raises FetchError."""
        return await fetch_capture(http, item, now)


def _stamps_since(last: str | None, newest: str) -> tuple[list[str], int]:
    """The names of the files after the last one that was read, oldest first, and how many more there were."""
    end = datetime.strptime(newest, _STAMP).replace(tzinfo=UTC)
    try:
        start = datetime.strptime(last or "", _STAMP).replace(tzinfo=UTC)
    except ValueError:
        return [newest], 0
    missed = max(0, (end - start) // STEP)
    stamps = [(end - STEP * back).strftime(_STAMP) for back in range(min(missed, MOST_FILES))]
    return stamps[::-1], max(0, missed - MOST_FILES)
