"""RSS, Atom and JSON feeds."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import datetime

from connectors.base import Listing
from connectors.exchange import Response
from connectors.feeds import parse_feed
from connectors.http import Http, fetch_capture
from connectors.items import check_source_address, find_zone, make_items
from connectors.visit import Visit
from domain.model import Capture, Failure, FetchState, Item


@dataclass(frozen=True, slots=True)
class Feed:
    """An RSS, Atom or JSON feed.

    ``zone`` (IANA name) is where the times of the feed are meant if they come without an offset; without it
    only the day of such a time is believed. ``language`` (ISO 639-1) is what its articles are known to be
    written in. Raises SourceError for an address that cannot be fetched or an unknown zone.
    """

    slug: str
    address: str
    language: str | None = None
    zone: str | None = None
    delay_seconds: float = 0.0

    def __post_init__(self) -> None:
        """Refuse a configuration that cannot work."""
        check_source_address(self.slug, self.address)
        find_zone(self.slug, self.zone)

    async def list(self, http: Http, known_state: FetchState | None, now: datetime) -> Listing:
        """List the entries, newest first, at most MAX_ENTRIES; raises SourceError for what is no feed."""
        visit = Visit.begin(self.slug, http, known_state, delay_seconds=self.delay_seconds)
        answer = await visit.need(self.address)
        if answer is None:
            return visit.listing(())
        # In a thread, as a large feed takes seconds to parse and other sources should go on meanwhile.
        return visit.listing(*await asyncio.to_thread(self._read, answer, now))

    async def fetch(self, http: Http, item: Item, now: datetime) -> Capture:
        """Fetch the page of an entry; raises FetchError."""
        return await fetch_capture(http, item, now)

    def _read(self, answer: Response, now: datetime) -> tuple[tuple[Item, ...], tuple[Failure, ...]]:
        entries = parse_feed(self.slug, answer.body, answer.charset, answer.final_address)
        return make_items(
            self.slug, entries, answer.final_address, now, zone=self.zone, language=self.language
        )
