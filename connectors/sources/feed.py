"""RSS and Atom feeds."""

from __future__ import annotations

import asyncio
import hashlib
import html
import io
import re
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from urllib.parse import quote
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import feedparser

from connectors.addresses import AddressRefusedError, check_address, show_address
from connectors.base import FetchError, Listing, SourceError, clean_line
from connectors.dates import is_plausible, read_published
from connectors.headers import known_charset
from connectors.http import Http, NotModified, Response, fetch_capture
from domain.identity import hash64
from domain.model import Capture, Failure, Fetch, FetchState, Item, Outcome, Published

MAX_ENTRIES = 1_000  # of one listing; feeds list tens
# A feed of 1,000 entries has about 50,000 tags. feedparser takes about 0.05 ms for each (measured, nested
# or not), so that these limits keep the worst document to some seconds.
_MOST_TAGS = 150_000
_MOST_REFERENCES = 1_000_000
_MOST_NAMESPACES = 10_000  # it looks through all it has seen whenever one is declared

_DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>")
_DECLARED = re.compile(rb"""^[^<]{0,8}<\?xml[^>]{0,200}?encoding\s*=\s*["']([A-Za-z0-9._:-]{1,40})["']""")
_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
_BEFORE_ROOT = re.compile(r"\s*(?:<!--.*?-->|<\?.*?\?>|<!doctype[^>]*>)", re.DOTALL | re.IGNORECASE)
_ROOT = re.compile(r"\s*<([A-Za-z_][\w:.-]{0,60})")
_REFERENCE = re.compile(r"&#([xX]?)([0-9a-fA-F]+);?")
_TAG = re.compile(r"</?[A-Za-z][^<>]{0,500}>")
_BOMS = (
    (b"\xef\xbb\xbf", "utf-8-sig"),
    (b"\xff\xfe\x00\x00", "utf-32"),
    (b"\x00\x00\xfe\xff", "utf-32"),
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
    (b"<\x00?\x00", "utf-16-le"),
    (b"\x00<\x00?", "utf-16-be"),
)


@dataclass(frozen=True, slots=True)
class Feed:
    """An RSS or Atom feed.

    ``zone`` (IANA name) is where the times of the feed are meant if they come without an offset; without it
    only the day of such a time is believed. ``language`` (ISO 639-1) is what its articles are known to be
    written in. Raises SourceError for an address that cannot be fetched or an unknown zone.
    """

    slug: str
    address: str
    language: str | None = None
    zone: str | None = None

    def __post_init__(self) -> None:
        """Refuse a configuration that cannot work."""
        try:
            check_address(self.address)
        except AddressRefusedError as e:
            raise SourceError(self.slug, f"correct the address {show_address(self.address)!r}: {e}") from e
        try:
            _find_zone(self.zone)
        except (ZoneInfoNotFoundError, ValueError, OSError) as e:
            raise SourceError(
                self.slug, f"zone {self.zone!r} is unknown, write one like 'Europe/Paris'"
            ) from e

    async def list(self, http: Http, known_state: FetchState | None, now: datetime) -> Listing:
        """List the entries, newest first, at most MAX_ENTRIES; raises SourceError for what is no feed."""
        known = known_state or FetchState(None, None)
        try:
            answer = await http.get(self.address, etag=known.etag, last_modified=known.last_modified)
        except FetchError as e:
            fetch = Fetch(self.slug, self.address, now, e.status, None, None, e.detail)
            raise SourceError(self.slug, str(e), (fetch,)) from e
        if isinstance(answer, NotModified):
            fetch = Fetch(self.slug, self.address, now, 304, None, None, None)
            return Listing((), (), known_state, True, (fetch,))
        digest, size = hashlib.sha256(answer.body).hexdigest(), len(answer.body)
        try:
            # In a thread, as a large feed takes seconds to parse and other sources should go on meanwhile.
            items, failures = await asyncio.to_thread(_make_items, self, answer, now)
        except SourceError as e:
            e.fetches = (Fetch(self.slug, self.address, now, answer.status, digest, size, e.detail),)
            raise
        state = FetchState(answer.etag, answer.last_modified) if answer.etag or answer.last_modified else None
        fetch = Fetch(self.slug, self.address, now, answer.status, digest, size, None)
        return Listing(items, failures, state, False, (fetch,))

    async def fetch(self, http: Http, item: Item, now: datetime) -> Capture:
        """Fetch the page of an entry; raises FetchError."""
        return await fetch_capture(http, item, now)


def _make_items(feed: Feed, answer: Response, now: datetime) -> tuple[tuple[Item, ...], tuple[Failure, ...]]:
    items: list[Item] = []
    failures: list[Failure] = []
    for position, entry in enumerate(
        parse_feed(feed.slug, answer.body, answer.charset, answer.final_address), start=1
    ):
        item = _make_item(feed, entry, now)
        try:
            if not item.address:
                raise AddressRefusedError("an entry without a link")
            check_address(item.address)
            items.append(item)
        except AddressRefusedError as e:
            # A failure needs a name as well; a link that is refused is not repeated as it came.
            name = clean_line(_text(entry, "id"), 200) or item.title or f"entry {position}"
            shown = show_address(item.address) or f"{answer.final_address}#{quote(name, safe='')}"
            failures.append(Failure(replace(item, address=shown), Outcome.REFUSED, str(e)))
    # Python's sort keeps the feed's own order among equals; undated entries come after the dated ones.
    items.sort(key=lambda i: i.published.at.timestamp() if i.published else 0.0, reverse=True)
    if len(items) > MAX_ENTRIES:
        detail = f"lists {len(items)} entries; the oldest {len(items) - MAX_ENTRIES} were left out"
        failures.append(Failure(Item(feed.slug, feed.address, ""), Outcome.TOO_LARGE, detail))
    return tuple(items[:MAX_ENTRIES]), tuple(failures)


def _make_item(feed: Feed, entry: Any, now: datetime) -> Item:
    title = _plain_title(entry)
    published, updated = _text(entry, "published") or _text(entry, "created"), _text(entry, "updated")
    link = _text(entry, "link")
    fingerprint = f"{hash64('feed', link, title, published, updated):016x}"
    when = _read_date(feed, published, now) or _read_date(feed, updated, now)
    return Item(feed.slug, link, fingerprint, title or None, when, None, feed.language)


def _read_date(feed: Feed, text: str, now: datetime) -> Published | None:
    found = read_published(text, _find_zone(feed.zone))
    return found if found is not None and is_plausible(found, now) else None


def _find_zone(name: str | None) -> ZoneInfo | None:
    return None if name is None else ZoneInfo(name)


def parse_feed(slug: str, body: bytes, charset: str | None, address: str) -> tuple[Any, ...]:
    """The entries of a feed as feedparser gives them; ``charset`` is what the transport declared.

    Links are resolved against ``address``. Broken XML is read as far as it yields entries. Raises
    SourceError that names what came instead of a feed, and for documents that declare entities: a feed
    needs none, and a few hundred bytes of them can grow into gigabytes.
    """
    if not body.strip():
        raise SourceError(slug, "an empty answer, not a feed")
    text = _NOT_XML.sub("", _decode(body, charset))
    if re.search(r"<!ENTITY", text, re.IGNORECASE):
        raise SourceError(slug, "an XML document that declares entities; refused, as no feed needs them")
    stranger = _name_stranger(text)
    if stranger is not None:
        raise SourceError(slug, f"{stranger}, not a feed: look at the address in a browser and correct it")
    limits = (("<", _MOST_TAGS), ("&", _MOST_REFERENCES), ("xmlns:", _MOST_NAMESPACES))
    for mark, most in limits:
        if text.count(mark) > most:
            raise SourceError(slug, f"a document with more than {most} times {mark!r}, too many for a feed")
    parsed = _run_parser(slug, _REFERENCE.sub(_check_reference, text), address)
    if parsed.entries and parsed.version:
        return tuple(parsed.entries)
    if parsed.bozo:
        cause = clean_line(str(parsed.bozo_exception), 200)
        raise SourceError(slug, f"broken XML without one readable entry ({cause})") from parsed.bozo_exception
    if not parsed.version:
        raise SourceError(slug, "an XML document that is neither RSS nor Atom")
    return ()


def _run_parser(slug: str, text: str, address: str) -> Any:
    plain = '<?xml version="1.0" encoding="utf-8"?>' + _DECLARATION.sub("", text, count=1).lstrip()
    try:
        return feedparser.parse(
            io.BytesIO(plain.encode("utf-8")),  # bare bytes would first be tried as the name of a file
            response_headers={"content-type": "application/xml; charset=utf-8", "content-location": address},
            resolve_relative_uris=False,  # concerns embedded HTML only, which is not used
            sanitize_html=False,
        )
    except Exception as e:  # feedparser has no error of its own for documents that it breaks on
        detail = f"a document on which the feed parser broke ({type(e).__name__}: {clean_line(str(e), 200)})"
        raise SourceError(slug, detail) from e


def _check_reference(reference: re.Match[str]) -> str:
    # feedparser breaks as a whole on a number that is no character (seen in 6.0.14).
    number = int(reference[2], 16 if reference[1] else 10)
    good = (
        number in (9, 10, 13)
        or 32 <= number < 0xD800
        or 0xE000 <= number < 0xFFFE
        or 0xFFFF < number < 0x110000
    )
    return reference[0] if good else "\ufffd"


def _decode(body: bytes, charset: str | None) -> str:
    """Decode by byte order mark, valid UTF-8, the transport's word, the document's word; never fails.

    Valid UTF-8 comes before what is declared, because servers often declare a charset of their own
    configuration, and text of another charset that is by chance valid UTF-8 practically does not occur.
    """
    declared = _DECLARED.match(body)
    names = [name for mark, name in _BOMS if body.startswith(mark)][:1]
    names += ["utf-8"] if not body.isascii() else []
    names += [
        name for name in (charset, known_charset(declared[1].decode("ascii")) if declared else None) if name
    ]
    for name in (*names, "utf-8"):
        try:
            return body.decode(name)
        except ValueError:
            continue
    return body.decode("windows-1252", "replace")


def _name_stranger(text: str) -> str | None:
    """What a document is if it is clearly not a feed."""
    start = 0
    while match := _BEFORE_ROOT.match(text, start):
        if "<!doctype html" in match[0].lower():
            return "an HTML page"
        start = match.end()
    if text[start : start + 50].lstrip()[:1] in ("{", "["):
        return "JSON"
    root = _ROOT.match(text, start)
    if root is None:
        return None if "<" in text else "plain text"
    name = root[1].lower().rpartition(":")[2]
    if name in ("html", "head", "body"):
        return "an HTML page"
    return f"an XML document of the kind <{root[1]}>" if name in ("urlset", "sitemapindex", "opml") else None


def _text(entry: Any, key: str) -> str:
    # dict.get, because feedparser's own get fills in other fields and warns about it.
    value = dict.get(entry, key)
    return value.strip() if isinstance(value, str) else ""


def _plain_title(entry: Any) -> str:
    """The title without markup; many feeds escape it twice."""
    title = _text(entry, "title")[:10_000]
    for _ in range(2):
        title = html.unescape(_TAG.sub("", title))
    return clean_line(title)
