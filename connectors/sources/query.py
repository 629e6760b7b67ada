"""Feeds that are the answer to a search: one query for each language, built from the names of the pair."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from urllib.parse import quote

from connectors.base import FetchError, Listing, SourceError
from connectors.exchange import NotModified
from connectors.feeds import parse_feed
from connectors.http import Http, capture_of, fetch_capture
from connectors.items import check_source_address, make_items
from connectors.proxies import find_target, is_hidden
from connectors.visit import Visit
from domain.model import Capture, Failure, FetchState, Item, Outcome

# The country whose edition of a search engine is asked for a language; for all others both are the same letters.
EDITIONS = {
    "en": "US",
    "uk": "UA",
    "ar": "EG",
    "cs": "CZ",
    "el": "GR",
    "he": "IL",
    "ja": "JP",
    "ko": "KR",
    "pt": "PT",
    "sr": "RS",
    "zh": "CN",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class QueryFeed:
    """A feed address with ``{query}``, ``{language}`` and ``{country}`` in it, asked once for each of ``queries``.

    ``queries`` are the words by language (ISO 639-1); ``per_pass`` of them are asked in one pass, in turn (0: all). One
    that fails is reported and stops no other. Raises SourceError for an address that cannot be fetched or has no place
    for the query.
    """

    slug: str
    address: str
    queries: Mapping[str, str]
    per_pass: int = 0
    delay_seconds: float = 0.0

    def __post_init__(self) -> None:
        """Refuse a configuration that cannot work."""
        if "{query}" not in self.address:
            raise SourceError(
                self.slug, f"the address {self.address!r} needs a place for the query: {{query}}"
            )
        for language in self.queries:
            check_source_address(self.slug, self.address_for(language))

    def address_for(self, language: str) -> str:
        """The address that asks in a language."""
        country = EDITIONS.get(language, language.upper())
        query = quote(self.queries[language], safe="")
        filled = self.address.replace("{query}", query).replace("{language}", language)
        return filled.replace("{country}", country)

    async def list(self, http: Http, known_state: FetchState | None, now: datetime) -> Listing:
        """List what all queries found; raises SourceError where none of them gave a feed."""
        visit = Visit.begin(self.slug, http, known_state, delay_seconds=self.delay_seconds)
        items: dict[str, Item] = {}
        failures: list[Failure] = []
        broken: list[SourceError] = []
        turn, following = self._turn(visit.known.cursor)
        for language in turn:
            address = self.address_for(language)
            try:
                found, refused = await self._ask(visit, language, address, now)
            except SourceError as e:
                broken.append(e)
                failures.append(Failure(Item(self.slug, address, ""), Outcome.FETCH_FAILED, e.detail))
                continue
            for item in found:
                items.setdefault(item.address, item)
            failures.extend(refused)
        if broken and len(broken) == len(turn):
            raise broken[0]
        return visit.listing(tuple(items.values()), failures, cursor=following)

    async def _ask(
        self, visit: Visit, language: str, address: str, now: datetime
    ) -> tuple[tuple[Item, ...], tuple[Failure, ...]]:
        answer = await visit.need(address)
        if answer is None:
            return (), ()
        entries = await asyncio.to_thread(
            parse_feed, self.slug, answer.body, answer.charset, answer.final_address
        )
        return make_items(self.slug, entries, address, now, language=language)

    def _turn(self, cursor: str | None) -> tuple[Sequence[str], str | None]:
        """The languages whose turn it is, and the one that comes next."""
        languages = tuple(self.queries)
        if not self.per_pass or self.per_pass >= len(languages):
            return languages, None
        start = languages.index(cursor) if cursor in languages else 0
        ordered = languages[start:] + languages[:start]
        return ordered[: self.per_pass], ordered[self.per_pass]

    async def fetch(self, http: Http, item: Item, now: datetime) -> Capture:
        """Fetch the article behind an entry, through the page of Google News if its link hides it."""
        if not is_hidden(item.address):
            return await fetch_capture(http, item, now)
        answer = await http.get(item.address, source=self.slug)
        if isinstance(answer, NotModified):
            raise FetchError(
                item.address, Outcome.FETCH_FAILED, "answered 304 to an unconditional request", 304
            )
        if not is_hidden(answer.final_address):
            return capture_of(item, answer, now)
        target = find_target(answer.body.decode("utf-8", "replace"))
        if target is None:
            raise FetchError(item.address, Outcome.NO_TEXT, "Google News does not say where the article lies")
        capture = await fetch_capture(http, replace(item, address=target), now)
        return replace(capture, item=item)
