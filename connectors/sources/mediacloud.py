"""Media Cloud's search over some hundred thousand feeds; it needs a key of one's own."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from connectors.base import Listing, SourceError, clean_line
from connectors.http import Http, fetch_capture
from connectors.items import Entry, check_source_address, make_items
from connectors.visit import Visit
from domain.model import Capture, FetchState, Item

SEARCH = "https://search.mediacloud.org/api/search/story-list"
MOST_PAGES = 5
_PAGE = 200  # stories


@dataclass(frozen=True, slots=True)
class MediaCloud:
    """The stories of the last ``days`` that fit ``query``. The key is sent as a header and stands in no record."""

    slug: str
    query: str
    key: str = field(repr=False)
    address: str = SEARCH
    collections: tuple[int, ...] = ()
    days: int = 2
    delay_seconds: float = 5.0

    def __post_init__(self) -> None:
        """Refuse a configuration that cannot work."""
        check_source_address(self.slug, self.address)
        if not (self.key.isascii() and self.key.isprintable()):
            raise SourceError(self.slug, "the key holds characters that cannot be sent")

    async def list(self, http: Http, known_state: FetchState | None, now: datetime) -> Listing:
        """List the stories, page by page, ``MOST_PAGES`` at most; raises SourceError for any other answer."""
        visit = Visit.begin(self.slug, http, known_state, delay_seconds=self.delay_seconds)
        entries: list[Entry] = []
        token: str | None = None
        for _ in range(MOST_PAGES):
            answer = await visit.need(
                self._page(now, token), headers={"authorization": f"Token {self.key}"}, whole=True
            )
            document = self._read(answer.body if answer is not None else b"")
            entries.extend(_entry(story) for story in document["stories"] if isinstance(story, dict))
            token = document.get("pagination_token")
            if not isinstance(token, str) or not token:
                break
        return visit.listing(*make_items(self.slug, entries, self.address, now))

    async def fetch(self, http: Http, item: Item, now: datetime) -> Capture:
        """Fetch the page of a story; raises FetchError."""
        return await fetch_capture(http, item, now)

    def _page(self, now: datetime, token: str | None) -> str:
        asked = {
            "q": self.query,
            "start": (now - timedelta(days=self.days)).date().isoformat(),
            "end": now.date().isoformat(),
            "platform": "onlinenews-mediacloud",
            "page_size": str(_PAGE),
        }
        if self.collections:
            asked["cs"] = ",".join(str(number) for number in self.collections)
        if token is not None:
            asked["pagination_token"] = token
        return f"{self.address}?{urlencode(asked)}"

    def _read(self, body: bytes) -> dict[str, Any]:
        try:
            document = json.loads(body)
        except (ValueError, RecursionError) as e:
            raise SourceError(self.slug, f"no JSON came back ({clean_line(str(e), 200)})") from e
        if not isinstance(document, dict) or not isinstance(document.get("stories"), list):
            raise SourceError(self.slug, "an answer without 'stories': has the service changed?")
        return document


def _entry(story: dict[str, Any]) -> Entry:
    fields = {name: value for name, value in story.items() if isinstance(value, str)}
    return Entry(
        fields.get("url", ""),
        fields.get("title", ""),
        (fields.get("publish_date", ""),),
        language=fields.get("language", "")[:2] or None,
    )
