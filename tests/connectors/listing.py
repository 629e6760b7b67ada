"""Listing and fetching a source over a real client, for the tests of every kind."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import pytest

from connectors.base import FetchError, Listing, Source, SourceError
from connectors.http import Http, HttpSettings
from domain.model import Capture, FetchState, Item

NOW = datetime(2026, 6, 1, 12, 0, tzinfo=UTC)
QUICK: dict[str, Any] = {
    "allow_private": True,
    "obey_robots": False,
    "requests_per_second": 0,
    "backoff_seconds": 0.01,
    "timeout_seconds": 2,
}


def visit(
    source: Source,
    known: FetchState | None = None,
    *,
    fetch: Sequence[int] = (),
    now: datetime = NOW,
    **changes: Any,
) -> tuple[Listing, list[Capture]]:
    """What the source lists, and the captures of its items at these positions."""

    async def run() -> tuple[Listing, list[Capture]]:
        async with Http(HttpSettings(**(QUICK | changes))) as http:
            listing = await source.list(http, known, now)
            return listing, [await source.fetch(http, listing.items[n], now) for n in fetch]

    return asyncio.run(run())


def fetch(source: Source, item: Item, **changes: Any) -> Capture:
    """The capture of one item."""

    async def run() -> Capture:
        async with Http(HttpSettings(**(QUICK | changes))) as http:
            return await source.fetch(http, item, NOW)

    return asyncio.run(run())


def refuse(source: Source, known: FetchState | None = None, **changes: Any) -> SourceError:
    """The error of a listing that cannot be used."""
    with pytest.raises(SourceError) as caught:
        visit(source, known, **changes)
    assert str(caught.value)
    return caught.value


def miss(source: Source, item: Item) -> FetchError:
    """The error of an item that cannot be fetched."""
    with pytest.raises(FetchError) as caught:
        fetch(source, item)
    return caught.value
