"""Reads a news page: main text by trafilatura, and what the page declares of itself.

trafilatura runs in its standard mode, which led or tied on three public sets of labelled pages; never with its
``deduplicate`` (a cache over the whole process: the third extraction of one page comes out empty). Pages on which it
would run for long are read as text dumps instead.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

import trafilatura
from lxml import etree
from lxml import html as lxml_html
from trafilatura.settings import Document

from domain.blocks import clean, count_words
from domain.copies import normalise
from domain.dump import VERSION as DUMP_VERSION
from domain.dump import read_dump, trim_edges
from domain.jsonld import read_jsonld
from domain.model import Published
from domain.publication import AHEAD, EARLIEST, read_published
from domain.render import render_dump

VERSION = f"trafilatura-{trafilatura.__version__}"
MAX_ELEMENTS = 20_000  # trafilatura takes seconds from here on; a long live blog has some 10,000
_MAX_ATTRIBUTE = 2_000  # characters; longer ones (images, state of an application) make class patterns slow
_FEW_WORDS = 200  # a page with so many visible words has a text, even if trafilatura finds none

_PUBLISHED_META = (
    *("article:published_time", "og:published_time", "datepublished", "date", "pubdate", "publishdate"),
    *("publish-date", "dc.date.issued", "dc.date", "dcterms.created", "dcterms.date"),
    *("parsely-pub-date", "sailthru.date"),
)

_MAX_TITLE = 500  # characters
_CONTROL_REFERENCE = re.compile(
    r"&#(?:0*(?:[0-8]|1[124-9]|2[0-9]|3[01])|x0*(?:[0-8bcef]|1[0-9a-f]))(?:;|\b)", re.I
)


@dataclass(frozen=True, slots=True)
class Page:
    """What was read from a page. ``text`` may be empty; paragraphs are separated by blank lines."""

    title: str | None
    text: str
    language: str | None  # as declared, e.g. "en-GB"
    canonical: str | None  # the declared address, absolute or not
    site_name: str | None
    published: tuple[Published, ...]  # the most trusted first
    extractor: str


def read_page(markup: str, seen_at: datetime) -> Page:
    """Reads a page; ``seen_at`` bounds the dates that are believed.

    Raises what lxml and trafilatura raise on broken input (RecursionError, ValueError, lxml.etree.LxmlError).
    """
    markup = clean(_CONTROL_REFERENCE.sub("", markup))  # lxml refuses to write control characters
    tree, is_whole = _parse(markup)
    if tree is None:
        return Page(None, "", None, None, None, (), VERSION)
    meta = _read_meta(tree)
    declared = read_jsonld(_jsonld_blocks(tree))
    dates = [
        declared.published,
        *(read_published(meta[name], "meta") for name in _PUBLISHED_META if name in meta),
    ]
    titles = [meta.get("og:title"), declared.headline]
    titles_inside = [_text_of(heading) for heading in tree.iter("h1")]
    extracted = None
    if _tame(tree) <= MAX_ELEMENTS and is_whole:
        extracted = _run_trafilatura(tree, seen_at)
    if extracted is not None and extracted.text:
        text, extractor = extracted.text.replace("\n", "\n\n"), VERSION
        titles.append(extracted.title)
        dates.append(read_published(extracted.date or "", "page"))
    else:
        text, dump_title = _read_as_dump(markup)
        extractor = DUMP_VERSION
        titles += [_text_of(tree.find(".//title")), dump_title]
    return Page(
        title=next(
            (" ".join(title[:_MAX_TITLE].split()) for title in titles if title and title.strip()), None
        ),
        text=trim_edges(_drop_titles(tidy(text), [*titles, *titles_inside])),
        language=tree.get("lang")
        or tree.get("xml:lang")
        or meta.get("content-language")
        or declared.language,
        canonical=_find_canonical(tree),
        site_name=meta.get("og:site_name") or declared.publisher,
        published=tuple(date for date in dates if date),
        extractor=extractor,
    )


def tidy(text: str) -> str:
    """The text without control characters, with single spaces, and with one blank line between paragraphs."""
    paragraphs = (re.sub(r"[^\S\n]+", " ", p).strip() for p in re.split(r"\n\s*\n", clean(text)))
    return "\n\n".join(p for p in paragraphs if p)


def _parse(markup: str) -> tuple[lxml_html.HtmlElement | None, bool]:
    """The tree of a page (None where there is none), and whether it is whole.

    libxml2 drops what nests deeper than 256 elements. The parser is given bytes in a stated encoding, so that no
    ``meta`` of the page overrides it.
    """
    parser = lxml_html.HTMLParser(encoding="utf-8", remove_pis=True)
    try:
        tree = lxml_html.document_fromstring(markup.encode("utf-8", "replace"), parser=parser)
    except etree.ParserError:  # "Document is empty": nothing but a doctype or comments
        return None, True
    return tree, not any(error.type_name == "ERR_RESOURCE_LIMIT" for error in parser.error_log)


def _tame(tree: lxml_html.HtmlElement) -> int:
    """Drops overlong attributes and returns the number of elements and comments."""
    count = 0
    for node in tree.iter():
        count += 1
        for name, value in node.attrib.items():
            if len(value) > _MAX_ATTRIBUTE:
                del node.attrib[name]
    return count


def _run_trafilatura(tree: lxml_html.HtmlElement, seen_at: datetime) -> Document | None:
    """trafilatura's document, None where it finds no text."""
    dates = {
        "original_date": True,  # the day of publication, not of the last change
        # The extensive search takes any date of the text ("the first call since September 2022") for the day of
        # publication: a guess that would then date the contact.
        "extensive_search": False,
        "min_date": EARLIEST.isoformat(),
        "max_date": (seen_at + AHEAD).date().isoformat(),  # else it asks the clock
    }
    document = trafilatura.bare_extraction(
        tree, include_comments=False, with_metadata=True, date_extraction_params=dates
    )
    return document if isinstance(document, Document) else None


def _read_as_dump(markup: str) -> tuple[str, str | None]:
    """Text and title of a page that trafilatura cannot or must not read; no text where the page shows few words."""
    rendered = render_dump(markup)
    if count_words(rendered) < _FEW_WORDS:
        return "", None
    dump = read_dump(rendered)
    return dump.text, dump.title


def _drop_titles(text: str, titles: Iterable[str | None]) -> str:
    """The text without headlines at its beginning: they are no part of it, and would be told twice."""
    known = {normalise(title) for title in titles if title}
    paragraphs = text.split("\n\n")
    while len(paragraphs) > 1 and normalise(paragraphs[0]) in known:
        del paragraphs[0]
    return "\n\n".join(paragraphs)


def _read_meta(tree: lxml_html.HtmlElement) -> dict[str, str]:
    """The ``meta`` entries by lower-case name; the first of equals."""
    found: dict[str, str] = {}
    for element in tree.iter("meta"):
        content = element.get("content")
        for attribute in ("property", "name", "itemprop", "http-equiv"):
            name = element.get(attribute)
            if name and content and content.strip():
                found.setdefault(name.strip().lower(), content.strip())
    return found


def _jsonld_blocks(tree: lxml_html.HtmlElement) -> Iterator[str]:
    for script in tree.iter("script"):
        if "ld+json" in (script.get("type") or "").lower():
            yield script.text or ""


def _find_canonical(tree: lxml_html.HtmlElement) -> str | None:
    for link in tree.iter("link"):
        if "canonical" in (link.get("rel") or "").lower().split() and link.get("href"):
            return str(link.get("href")).strip()
    return None


def _text_of(element: lxml_html.HtmlElement | None) -> str | None:
    return None if element is None else str(element.text_content())
