"""Feed documents of strangers -> entries: RSS, Atom and JSON Feed, broken ones as far as they can be read."""

from __future__ import annotations

import html
import io
import json
import re
from typing import Any

import feedparser

from connectors.base import SourceError, clean_line
from connectors.headers import known_charset
from connectors.items import Entry

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
_REFERENCE = re.compile(r"&#(?:[xX]([0-9a-fA-F]+)|([0-9]+));?")
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


def parse_feed(slug: str, body: bytes, charset: str | None, address: str) -> tuple[Entry, ...]:
    """The entries of a feed, in its order; ``charset`` is what the transport declared.

    Links are resolved against ``address``. Broken XML is read as far as it yields entries. Raises
    SourceError that names what came instead of a feed, and for documents that declare entities: a feed
    needs none, and a few hundred bytes of them can grow into gigabytes.
    """
    if not body.strip():
        raise SourceError(slug, "an empty answer, not a feed")
    text = _NOT_XML.sub("", _decode(body, charset))
    if text.lstrip("\ufeff \t\r\n").startswith(("{", "[")):
        return _read_json(slug, text)
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
        return tuple(_entry(entry) for entry in parsed.entries)
    if parsed.bozo:
        cause = clean_line(str(parsed.bozo_exception), 200)
        raise SourceError(slug, f"broken XML without one readable entry ({cause})") from parsed.bozo_exception
    if not parsed.version:
        raise SourceError(slug, "an XML document that is neither RSS nor Atom")
    return ()


def _entry(entry: Any) -> Entry:
    published = _text(entry, "published") or _text(entry, "created")
    return Entry(
        address=_text(entry, "link"),
        title=_plain_title(_text(entry, "title")),
        dates=(published, _text(entry, "updated")),
        name=_text(entry, "id"),
    )


def _read_json(slug: str, text: str) -> tuple[Entry, ...]:
    """The items of a JSON Feed (jsonfeed.org, versions 1 and 1.1); entries that are no objects are passed over."""
    try:
        document = json.loads(text.lstrip("\ufeff"))
    except (ValueError, RecursionError) as e:
        raise SourceError(slug, f"broken JSON, not a feed ({clean_line(str(e), 200)})") from e
    version = document.get("version") if isinstance(document, dict) else None
    if not isinstance(version, str) or "jsonfeed.org/version/" not in version:
        raise SourceError(slug, "JSON, but no JSON Feed: look at the address in a browser and correct it")
    items = document.get("items")
    if not isinstance(items, list):
        raise SourceError(slug, "a JSON Feed whose 'items' are no list")
    return tuple(_json_entry(item) for item in items if isinstance(item, dict))


def _json_entry(item: dict[str, Any]) -> Entry:
    language = _text(item, "language")[:2].lower()
    return Entry(
        address=_text(item, "url") or _text(item, "external_url"),
        title=_plain_title(_text(item, "title")),
        dates=(_text(item, "date_published"), _text(item, "date_modified")),
        name=str(item.get("id", ""))[:200],
        language=language if language.isalpha() and language.isascii() else None,
    )


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
    number = int(reference[1][:20], 16) if reference[1] else int(reference[2][:20])
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


def _plain_title(title: str) -> str:
    """The title without markup; many feeds escape it twice."""
    title = title[:10_000]
    for _ in range(2):
        title = html.unescape(_TAG.sub("", title))
    return clean_line(title)
