"""Public channels of Telegram, read from their web preview: every post is an article."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from lxml import html as lxml_html

from connectors.base import Listing, SourceError, clean_block, clean_line
from connectors.dates import is_plausible, read_published
from connectors.exchange import Response
from connectors.http import Http
from connectors.pages import parse_page
from connectors.records import Records
from connectors.visit import Visit
from domain.model import Capture, FetchState, Item

BASE = "https://t.me"
_CHANNEL = re.compile(r"[A-Za-z][A-Za-z0-9_]{3,31}")
_POST = re.compile(r"[A-Za-z][A-Za-z0-9_]{3,31}/\d{1,10}")
_TITLE = 120  # characters of a post that stand for its title


@dataclass(frozen=True, slots=True)
class Telegram:
    """The posts on the preview page of a channel (about the last twenty), with their own instants.

    A post that was edited is a new version of the article. Raises SourceError for what is no name of a channel.
    """

    slug: str
    channel: str
    language: str | None = None
    base: str = BASE
    delay_seconds: float = 2.0
    _records: Records = field(default_factory=Records, init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Refuse a name that no channel can have."""
        if not _CHANNEL.fullmatch(self.channel):
            raise SourceError(
                self.slug, f"{self.channel!r} is no name of a public channel, write one like 'Elysee'"
            )

    async def list(self, http: Http, known_state: FetchState | None, now: datetime) -> Listing:
        """List the posts; raises SourceError where the page is no preview of a channel."""
        visit = Visit.begin(self.slug, http, known_state, delay_seconds=self.delay_seconds)
        answer = await visit.need(f"{self.base}/s/{self.channel}")
        if answer is None:
            return visit.listing(())
        return visit.listing(await asyncio.to_thread(self._read, answer, now))

    async def fetch(self, http: Http, item: Item, now: datetime) -> Capture:
        """The words of a post; raises FetchError."""
        return self._records.capture(item, now)

    def _read(self, answer: Response, now: datetime) -> Sequence[Item]:
        root = parse_page(self.slug, answer)
        if not root.find_class("tgme_channel_info") and not root.find_class("tgme_widget_message"):
            raise SourceError(
                self.slug,
                f"no preview of a channel: is {self.channel!r} public, and is its preview switched on?",
            )
        items = []
        for post in root.find_class("tgme_widget_message"):
            name = post.get("data-post", "")
            texts = post.find_class("tgme_widget_message_text")
            if not _POST.fullmatch(name) or not texts:
                continue  # a picture or a notice of the service, without words
            lines = [line for line in clean_block("".join(_words(texts[-1]))).splitlines() if line.strip()]
            if lines:
                items.append(self._item(name, lines, post, now))
        return items[::-1]

    def _item(self, name: str, lines: Sequence[str], post: lxml_html.HtmlElement, now: datetime) -> Item:
        times = [node.get("datetime", "") for node in post.iter("time")]
        published = next((found for text in times if (found := read_published(text))), None)
        return self._records.add(
            self.slug,
            f"https://t.me/{name}",
            title=clean_line(lines[0], _TITLE),
            text="\n\n".join(lines),
            published=published if published is not None and is_plausible(published, now) else None,
            language=self.language,
            outlet=f"t.me/{self.channel}",
        )


def _words(node: lxml_html.HtmlElement) -> Iterator[str]:
    """The words of a post with its line breaks; libxml2 bounds how deep a page can be nested."""
    yield node.text or ""
    for child in node:
        if child.tag == "br":
            yield "\n"
        elif isinstance(child.tag, str) and child.tag not in ("script", "style"):
            yield from _words(child)
        yield child.tail or ""
