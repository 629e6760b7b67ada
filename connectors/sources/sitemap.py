"""News sitemaps, plain sitemaps, and indexes of them (sitemaps.org, Google's news extension)."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from lxml import etree

from connectors.base import FetchError, Listing, SourceError
from connectors.bodies import BodyBrokenError, BodyReader, BodyTooLargeError
from connectors.dates import read_published
from connectors.exchange import Response
from connectors.http import Http, fetch_capture
from connectors.items import Entry, check_source_address, find_zone, make_items
from connectors.visit import Visit
from domain.model import Capture, Failure, FetchState, Item, Outcome

MOST_CHILDREN = 20  # sitemaps that are read of each level of indexes in one pass, the newest first
DEEPEST = 3  # indexes within indexes
_INDEX = "index"
_GZIP = b"\x1f\x8b"
_LARGEST = 50_000_000  # bytes, unpacked; as the protocol allows


@dataclass(frozen=True, slots=True)
class Sitemap:
    """A sitemap whose addresses of the last ``hours`` are articles; those without any date are taken as new.

    Of each level of indexes the newest ``MOST_CHILDREN`` sitemaps are read; each that fails is reported and stops no
    other. ``zone`` is where dates without an offset are meant. Raises SourceError for an address that cannot work.
    """

    slug: str
    address: str
    language: str | None = None
    zone: str | None = None
    hours: float = 72.0
    delay_seconds: float = 0.0

    def __post_init__(self) -> None:
        """Refuse a configuration that cannot work."""
        check_source_address(self.slug, self.address)
        find_zone(self.slug, self.zone)

    async def list(self, http: Http, known_state: FetchState | None, now: datetime) -> Listing:
        """List the addresses that are young enough; raises SourceError where the first document is no sitemap."""
        visit = Visit.begin(self.slug, http, known_state, delay_seconds=self.delay_seconds)
        # An index may stay as it is while the sitemaps it names change: it is read whenever it is visited.
        answer = await visit.need(self.address, whole=visit.known.cursor == _INDEX)
        cursor = visit.known.cursor
        entries: Sequence[Entry] = ()
        failures: Sequence[Failure] = ()
        if answer is not None:
            document = await asyncio.to_thread(read_sitemap, self.slug, answer)
            cursor = _INDEX if document.children else None
            below, failures = await self._read_children(visit, document.children)
            entries = (*document.entries, *below)
        since = now - timedelta(hours=self.hours)
        young = [entry for entry in entries if self._is_young(entry, since)]
        items, refused = make_items(
            self.slug, young, self.address, now, zone=self.zone, language=self.language
        )
        return visit.listing(items, (*failures, *refused), cursor=cursor)

    async def fetch(self, http: Http, item: Item, now: datetime) -> Capture:
        """Fetch the page of an address; raises FetchError."""
        return await fetch_capture(http, item, now)

    async def _read_children(
        self, visit: Visit, first: Sequence[Entry]
    ) -> tuple[Sequence[Entry], Sequence[Failure]]:
        """Read the sitemaps of an index, level by level; every address once, however often it is named."""
        entries: list[Entry] = []
        failures: list[Failure] = []
        seen = {self.address}
        level = first
        for _ in range(DEEPEST):
            fresh = {child.address: child for child in level if child.address not in seen}
            chosen = _newest(tuple(fresh.values()))[:MOST_CHILDREN]
            seen.update(child.address for child in chosen)
            found = await asyncio.gather(*(self._read_child(visit, child.address) for child in chosen))
            failures.extend(one for one in found if isinstance(one, Failure))
            documents = [one for one in found if isinstance(one, Document)]
            entries.extend(entry for document in documents for entry in document.entries)
            level = [child for document in documents for child in document.children]
        return entries, failures

    async def _read_child(self, visit: Visit, address: str) -> Document | Failure:
        try:
            answer = await visit.get(address)
            return Document() if answer is None else await asyncio.to_thread(read_sitemap, self.slug, answer)
        except FetchError as e:
            return Failure(Item(self.slug, address, ""), e.outcome, str(e))
        except SourceError as e:
            return Failure(Item(self.slug, address, ""), Outcome.EXTRACT_FAILED, e.detail)

    def _is_young(self, entry: Entry, since: datetime) -> bool:
        zone = find_zone(self.slug, self.zone)
        for text in (*entry.dates, entry.revision):
            found = read_published(text, zone)
            if found is not None:
                return found.at >= since - (timedelta(days=1) if found.precision == "day" else timedelta(0))
        return True


@dataclass(frozen=True, slots=True)
class Document:
    """One sitemap as it was read: addresses of pages, and addresses of further sitemaps."""

    entries: tuple[Entry, ...] = ()
    children: tuple[Entry, ...] = ()


def read_sitemap(slug: str, answer: Response) -> Document:
    """Read a sitemap or an index; raises SourceError that names what came instead.

    Broken XML is read as far as it goes; entities are never resolved.
    """
    body = _unpack(slug, answer.body)
    if not body.strip():
        raise SourceError(slug, "an empty answer, not a sitemap")
    if b"<!ENTITY" in body[:100_000].upper():
        raise SourceError(slug, "an XML document that declares entities; refused, as no sitemap needs them")
    parser = etree.XMLParser(
        recover=True, resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False
    )
    try:
        root = etree.fromstring(body, parser)
    except (etree.XMLSyntaxError, ValueError) as e:
        raise SourceError(slug, f"broken XML, not a sitemap ({str(e)[:200]})") from e
    name = _local(root) if root is not None else ""
    if name not in ("urlset", "sitemapindex"):
        what = "an HTML page" if name == "html" else f"an XML document of the kind <{name[:60]}>"
        raise SourceError(slug, f"{what}, not a sitemap: look at the address in a browser and correct it")
    found = tuple(_read_entries(root, "url" if name == "urlset" else "sitemap"))
    return Document(found, ()) if name == "urlset" else Document((), found)


def _read_entries(root: etree._Element, wanted: str) -> Iterator[Entry]:
    for node in root:
        if _local(node) != wanted:
            continue
        texts: dict[str, str] = {}
        for inner in node.iter():
            if isinstance(inner.tag, str) and inner.text and inner.text.strip():
                texts.setdefault(_local(inner), inner.text.strip())
        if "loc" in texts:
            language = texts.get("language", "")[:2].lower()
            yield Entry(
                address=texts["loc"],
                title=texts.get("title", ""),
                dates=(texts.get("publication_date", ""),),
                revision=texts.get("lastmod", ""),
                language=language if language.isalpha() and language.isascii() else None,
            )


def _newest(children: Sequence[Entry]) -> Sequence[Entry]:
    """Newest first; those without a date after them, the last named first, as most indexes grow at their end."""

    def when(pair: tuple[int, Entry]) -> tuple[float, int]:
        found = read_published(pair[1].revision)
        return (found.at.timestamp() if found else 0.0), pair[0]

    return [child for _, child in sorted(enumerate(children), key=when, reverse=True)]


def _unpack(slug: str, body: bytes) -> bytes:
    """A sitemap that is a gzip file, unpacked within the limit."""
    if not body.startswith(_GZIP):
        return body
    reader = BodyReader("gzip", _LARGEST)
    try:
        reader.feed(body)
        return reader.finish()
    except (BodyTooLargeError, BodyBrokenError) as e:
        raise SourceError(slug, f"a gzip file that cannot be unpacked: {e}") from e


def _local(node: etree._Element) -> str:
    return str(node.tag).rpartition("}")[2].lower() if isinstance(node.tag, str) else ""
