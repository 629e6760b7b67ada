"""JSON lines behind an address: every line is an article."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from connectors.addresses import AddressRefusedError, check_address
from connectors.base import Listing, SourceError, clean_line
from connectors.dates import read_published
from connectors.exchange import Response
from connectors.http import Http
from connectors.items import check_source_address
from connectors.records import Records
from connectors.visit import Visit
from domain.model import Capture, Failure, FetchState, Item, Outcome


@dataclass(frozen=True, slots=True)
class RemoteLines:
    """A document of JSON lines: ``{"url", "source", "published", "title", "text", "lang"}``; url and text are needed.

    Lines on disk are read by the kind ``folder``. A broken line is reported and stops no other. Raises SourceError
    for an address that cannot be fetched.
    """

    slug: str
    address: str
    language: str | None = None
    delay_seconds: float = 0.0
    _records: Records = field(default_factory=Records, init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Refuse a configuration that cannot work."""
        check_source_address(self.slug, self.address)

    async def list(self, http: Http, known_state: FetchState | None, now: datetime) -> Listing:
        """List the lines; raises SourceError where not one of them is an article."""
        visit = Visit.begin(self.slug, http, known_state, delay_seconds=self.delay_seconds)
        answer = await visit.need(self.address)
        if answer is None:
            return visit.listing(())
        items, failures = await asyncio.to_thread(self._read, answer)
        if failures and not items:
            raise SourceError(self.slug, f"not one line is an article; {failures[0].detail}")
        return visit.listing(items, failures)

    async def fetch(self, http: Http, item: Item, now: datetime) -> Capture:
        """The article of a line; raises FetchError."""
        return self._records.capture(item, now)

    def _read(self, answer: Response) -> tuple[Sequence[Item], Sequence[Failure]]:
        items: list[Item] = []
        failures: list[Failure] = []
        for number, line in enumerate(answer.body.decode("utf-8-sig", "replace").splitlines(), start=1):
            if not line.strip():
                continue
            try:
                items.append(self._item(line))
            except (ValueError, RecursionError) as e:
                item = Item(self.slug, f"{self.address}#line-{number}", "")
                refused = isinstance(e, AddressRefusedError)
                outcome = Outcome.REFUSED if refused else Outcome.EXTRACT_FAILED
                failures.append(Failure(item, outcome, clean_line(f"line {number}: {e}")))
        return items, failures

    def _item(self, line: str) -> Item:
        record = json.loads(line)
        if not isinstance(record, dict):
            raise ValueError(f"{type(record).__name__} instead of an object with url, title and text")
        fields = {name: value for name, value in record.items() if isinstance(value, str)}
        if not fields.get("url") or not fields.get("text"):
            raise ValueError("an object without url and text")
        check_address(fields["url"])
        return self._records.add(
            self.slug,
            fields["url"],
            title=clean_line(fields.get("title", "")),
            text=fields["text"],
            published=read_published(fields.get("published", "")),
            language=fields.get("lang") or self.language,
            outlet=clean_line(fields.get("source", ""), 200) or None,
        )
