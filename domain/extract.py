"""Turns a capture into an article, or says in a closed set of failures why there is none."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urljoin, urlsplit

from domain import copies, dump, page
from domain.decode import NotTextError, decode
from domain.identity import article_id, canonical_address
from domain.model import Article, Capture, Failure, Outcome, Published
from domain.publication import choose_published, read_published

JSON_VERSION = "json-1"
# Extraction takes time in proportion to the page; the hostile pages tried stayed under 6 s at this size.
MAX_BYTES = 5_000_000
MAX_TEXT = 500_000  # characters; a book has as many, and what follows takes time in proportion
MIN_LETTERS = 30  # fewer cannot name two people and say what they did, in any language (see ``_has_text``)
_MAX_TITLE = 500  # characters

_MARKUP = re.compile(
    r"<(?:html|head|body|title|meta|div|p|article|section|table|span|h[1-6]|br|ul|a)\b[^<]{0,500}>", re.I
)
_DOCUMENT = re.compile(
    r"^\s*(?:<\?xml[^>]*>\s*)?(?:<!--(?:(?!-->).)*-->\s*)*<(?:!doctype\s+html|html|head|body)\b", re.I | re.S
)
_HEAD = 4_096  # characters in which a page without a media type must begin as one
_WEB = ("http", "https")
_HTML_TYPES = frozenset({"text/html", "application/xhtml+xml"})
_BINARY_TYPES = (
    "image/",
    "audio/",
    "video/",
    "font/",
    "application/pdf",
    "application/zip",
    "application/gzip",
)
_LANGUAGE = re.compile(r"^([a-z]{2})(?:[-_].*)?$")
_WRONG_CODES = {"ua": "uk", "iw": "he", "in": "id", "ji": "yi"}  # a country's code, and withdrawn ones
_SECOND_LEVEL = frozenset({"ac", "co", "com", "edu", "gouv", "gov", "mil", "ne", "net", "or", "org"})
_UNSPACED_LETTER = re.compile(f"[{copies.UNSPACED}]")


def extract(capture: Capture) -> Article | Failure:
    """The article of a capture.

    Failures: EMPTY (no bytes but white space), TOO_LARGE, NOT_TEXT (binary data), NO_TEXT (no main text found) and
    EXTRACT_FAILED (an extractor broke on it; the detail names the error). Deterministic; asks no clock.
    """
    problem = _refuse(capture)
    if problem is not None:
        return problem
    try:
        text = decode(capture.body, capture.charset)
        read = _read(capture, text)
        if len(read.text) > MAX_TEXT:
            detail = f"main text of {len(read.text)} characters, more than {MAX_TEXT}"
            return Failure(capture.item, Outcome.TOO_LARGE, detail)
        if _has_text(read.text):
            return _make_article(capture, read)
    except NotTextError as e:
        return Failure(capture.item, Outcome.NOT_TEXT, str(e))
    except Exception as e:  # noqa: BLE001 extractors break on hostile pages in every way, and one page must not end a run
        return Failure(capture.item, Outcome.EXTRACT_FAILED, f"{type(e).__name__}: {e}"[:500])
    detail = f"{read.extractor} found no main text of {MIN_LETTERS} letters in {len(capture.body)} bytes"
    return Failure(capture.item, Outcome.NO_TEXT, detail)


@dataclass(frozen=True, slots=True)
class _Read:
    """What the readers have in common. ``declared`` is the address that the document gives itself."""

    title: str | None
    text: str
    language: str | None
    declared: str | None
    site_name: str | None
    published: Sequence[Published | None]
    extractor: str


def _refuse(capture: Capture) -> Failure | None:
    """The failure that shows before anything is read, or None."""
    body = capture.body
    if not body.strip():
        return Failure(capture.item, Outcome.EMPTY, f"{len(body)} bytes, nothing but white space")
    if len(body) > MAX_BYTES:
        return Failure(capture.item, Outcome.TOO_LARGE, f"{len(body)} bytes, more than {MAX_BYTES}")
    if capture.media_type.startswith(_BINARY_TYPES):
        return Failure(capture.item, Outcome.NOT_TEXT, f"the media type is {capture.media_type}")
    return None


def _read(capture: Capture, text: str) -> _Read:
    """Reads by what the bytes are; the media type only decides where they leave it open."""
    if capture.media_type == "application/json":
        return _read_json(text)
    declared_html = capture.media_type in _HTML_TYPES and _MARKUP.search(text)
    if declared_html or _DOCUMENT.match(text[:_HEAD]):
        read = page.read_page(text, capture.fetched_at)
        return _Read(
            read.title,
            read.text,
            read.language,
            read.canonical,
            read.site_name,
            read.published,
            read.extractor,
        )
    found = dump.read_dump(text)
    return _Read(found.title, page.tidy(found.text), None, None, None, (), dump.VERSION)


def _read_json(text: str) -> _Read:
    """One article as a JSON object with title, text, published, lang and url, all but the text optional."""
    loaded = json.loads(text, strict=False)
    if not isinstance(loaded, dict):
        raise ValueError(f"the JSON is no object with title and text but {type(loaded).__name__}")
    fields = {name: value for name, value in loaded.items() if isinstance(value, str)}
    return _Read(
        title=fields.get("title"),
        text=page.tidy(fields.get("text", "")),
        language=fields.get("lang"),
        declared=fields.get("url"),
        site_name=None,
        published=(read_published(fields.get("published", ""), "input"),),
        extractor=JSON_VERSION,
    )


def _has_text(text: str) -> bool:
    """Whether there are letters enough; a character of a script without spaces counts for two."""
    letters = sum(1 for c in text if c.isalpha()) + len(_UNSPACED_LETTER.findall(text))
    return letters >= MIN_LETTERS


def _make_article(capture: Capture, read: _Read) -> Article:
    item = capture.item
    address = _choose_address(capture.final_address, read.declared, read.extractor == JSON_VERSION)
    host = (urlsplit(address).hostname or "").removeprefix("www.")
    title = " ".join(page.tidy(read.title or "").split()) or " ".join((item.title or "").split())
    return Article(
        article_id=article_id(address),
        address=address,
        source=item.source,
        outlet=item.outlet or host or item.source,
        title=_trim_title(title[:_MAX_TITLE], read.site_name, host),
        text=read.text,
        language=_two_letters(item.language) or _two_letters(read.language),
        published=choose_published((item.published, *read.published), capture.fetched_at),
        seen_at=capture.fetched_at,
        capture_sha256=capture.sha256,
        text_sha256=copies.text_sha256(read.text),
        extractor=read.extractor,
        fingerprint=item.fingerprint,
    )


def _choose_address(final: str, declared: str | None, is_listing: bool) -> str:
    """The canonical address: the declared one if it lies on the same site, else the one that was fetched.

    A page may speak for its own site only: else any page could replace the articles of another. A site's front page
    is not believed as the address of an article (some templates declare it on every page, and all would become one).
    A saved page keeps the address its folder gives it; only an entry of a folder's list names its own.
    """
    here = urlsplit(final)
    try:
        there = urlsplit(urljoin(final, declared or ""))
    except ValueError:  # such as "https://[broken/"
        return canonical_address(final)
    if there.scheme not in _WEB or not there.hostname:
        return canonical_address(final)
    if here.scheme not in _WEB:
        return canonical_address(there.geturl() if is_listing else final)
    is_front = there.path in ("", "/") and not there.query and here.path not in ("", "/")
    is_believed = _same_site(there.hostname, here.hostname) and not is_front
    return canonical_address(there.geturl() if is_believed else final)


def _same_site(one: str | None, other: str | None) -> bool:
    return one is not None and other is not None and (one == other or _site(one) == _site(other))


def _site(host: str) -> str:
    """The registered domain by its form: the last two labels, three under suffixes such as ``co.uk``.

    Without a list of public suffixes; wrong for rare ones only, where two sites would have to lie about each other.
    """
    labels = host.lower().rstrip(".").split(".")
    if all(label.isdigit() for label in labels):
        return host  # an IP address has no parent domain
    size = 3 if len(labels) > 2 and len(labels[-1]) == 2 and labels[-2] in _SECOND_LEVEL else 2
    return ".".join(labels[-size:])


def _two_letters(language: str | None) -> str | None:
    """ISO 639-1 of a language tag, None if it has none."""
    match = _LANGUAGE.match((language or "").strip().lower())
    return _WRONG_CODES.get(match.group(1), match.group(1)) if match else None


def _trim_title(title: str, site_name: str | None, host: str) -> str:
    """The title without " - Outlet" at its end, if what stands there is the name of the site."""
    match = re.match(r"^(.{10,}\S)\s+[-–—|·»:]\s+(\S.*)$", title)  # greedy: the last separator
    if match is None:
        return title
    suffix = _letters(match.group(2))
    names = {_letters(site_name or ""), _letters(host), _letters(_site(host).split(".")[0])} - {""}
    return match.group(1) if suffix in names else title


def _letters(text: str) -> str:
    return "".join(c for c in text.casefold() if c.isalnum())
