"""Pages that list articles, for sites without a feed: what to take is said by CSS selectors."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import cast
from urllib.parse import urljoin

from cssselect import SelectorError
from lxml import html as lxml_html
from lxml.cssselect import CSSSelector

from connectors.base import Listing, SourceError, clean_line
from connectors.exchange import Response
from connectors.http import Http, fetch_capture
from connectors.items import Entry, check_source_address, find_zone, make_items
from connectors.pages import parse_page
from connectors.visit import Visit
from domain.model import Capture, Failure, FetchState, Item


@dataclass(frozen=True, slots=True)
class HtmlList:
    """A page whose entries are found by ``entry``; within one, ``link`` and, where there are any, ``title``, ``date``.

    ``date`` is read from the attribute ``datetime`` or the text; what is no date there is left to the page of the
    article. Raises SourceError for an address that cannot be fetched and for selectors that are none.
    """

    slug: str
    address: str
    entry: str
    link: str = "a[href]"
    title: str | None = None
    date: str | None = None
    language: str | None = None
    zone: str | None = None
    delay_seconds: float = 0.0

    def __post_init__(self) -> None:
        """Refuse a configuration that cannot work."""
        check_source_address(self.slug, self.address)
        find_zone(self.slug, self.zone)
        for selector in (self.entry, self.link, self.title, self.date):
            if selector is not None:
                try:
                    check_selector(selector)
                except ValueError as e:
                    raise SourceError(self.slug, f"{selector!r} {e}") from e

    async def list(self, http: Http, known_state: FetchState | None, now: datetime) -> Listing:
        """List the entries; raises SourceError where the page has none, as it has then been changed."""
        visit = Visit.begin(self.slug, http, known_state, delay_seconds=self.delay_seconds)
        answer = await visit.need(self.address)
        if answer is None:
            return visit.listing(())
        return visit.listing(*await asyncio.to_thread(self._read, answer, now))

    async def fetch(self, http: Http, item: Item, now: datetime) -> Capture:
        """Fetch the page of an entry; raises FetchError."""
        return await fetch_capture(http, item, now)

    def _read(self, answer: Response, now: datetime) -> tuple[tuple[Item, ...], tuple[Failure, ...]]:
        root = parse_page(self.slug, answer)
        entries = tuple(self._entries(root, answer.final_address))
        if not entries:
            raise SourceError(
                self.slug, f"nothing on the page fits entry = {self.entry!r}: has its layout changed?"
            )
        return make_items(
            self.slug, entries, answer.final_address, now, zone=self.zone, language=self.language
        )

    def _entries(self, root: lxml_html.HtmlElement, base: str) -> Iterator[Entry]:
        base = urljoin(base, next((node.get("href", "") for node in root.iter("base")), ""))
        for block in _select(self.entry, root):
            links = [block] if block.tag == "a" else _select(self.link, block)
            link = next((node for node in links if node.get("href")), None)
            if link is None:
                continue
            date = self._find(block, self.date)
            when = "" if date is None else (date.get("datetime") or date.text_content())
            title = self._find(block, self.title)
            words = link.text_content() if title is None else title.text_content()
            try:
                address = urljoin(base, link.get("href", "").strip())
            except ValueError:
                address = link.get("href", "")  # no address at all: it is refused with its words
            yield Entry(address, clean_line(words), (clean_line(when, 80),))

    def _find(self, block: lxml_html.HtmlElement, selector: str | None) -> lxml_html.HtmlElement | None:
        return None if selector is None else next(iter(_select(selector, block)), None)


def _select(selector: str, node: lxml_html.HtmlElement) -> Sequence[lxml_html.HtmlElement]:
    return cast("Sequence[lxml_html.HtmlElement]", CSSSelector(selector, translator="html")(node))


def check_selector(selector: str) -> None:
    """Raises ValueError for what is no CSS selector."""
    try:
        CSSSelector(selector, translator="html")
    except SelectorError as e:
        raise ValueError(f"is no CSS selector: {e}") from e
