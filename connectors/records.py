"""Articles that a listing brings whole: kept until they are asked for, as JSON objects that the extractor reads."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field
from datetime import datetime

from connectors.base import FetchError
from domain.identity import hash64
from domain.model import Capture, Item, Outcome, Published


@dataclass(slots=True)
class Records:
    """The bodies of the items of the last listing, by address."""

    _bodies: dict[str, bytes] = field(default_factory=dict, repr=False)

    def add(
        self,
        slug: str,
        address: str,
        *,
        title: str,
        text: str,
        published: Published | None = None,
        language: str | None = None,
        outlet: str | None = None,
    ) -> Item:
        """Keep an article; its item changes when its words do."""
        record = {"url": address, "title": title, "text": text}
        self._bodies[address] = json.dumps(record, ensure_ascii=False).encode("utf-8", "replace")
        fingerprint = f"{hash64('record', address, title, text):016x}"
        return Item(slug, address, fingerprint, title or None, published, outlet, language)

    def capture(self, item: Item, now: datetime) -> Capture:
        """The bytes of an item of the last listing; raises FetchError for any other."""
        body = self._bodies.pop(item.address, None)
        if body is None:
            raise FetchError(item.address, Outcome.FETCH_FAILED, "is not part of the last listing")
        digest = hashlib.sha256(body).hexdigest()
        return Capture(item, item.address, digest, body, "application/json", "utf-8", now)
