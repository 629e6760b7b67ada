"""What the steps of one pass share, and what they hand to one another."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from connectors.base import Channel, Listing, Source
from connectors.http import Http
from domain.model import Article, Capture, Failure, Fetch, FetchState, Item
from flows.intake import Intake
from flows.settings import Watch
from warehouse.batch import ListingEnd
from warehouse.captures import Packed
from warehouse.store import Warehouse


@dataclass(frozen=True, slots=True)
class Listed:
    """One source as it was listed: either a listing or, in ``end.error``, why there is none."""

    slug: str
    listing: Listing | None
    end: ListingEnd


@dataclass(frozen=True, slots=True)
class Fetched:
    """What a batch of items became: captures (kept on disk already) and failures."""

    captures: tuple[Capture, ...] = ()
    failures: tuple[Failure, ...] = ()


@dataclass(frozen=True, slots=True)
class Extracted:
    """What a batch of captures became."""

    articles: tuple[tuple[Item, Article], ...]
    failures: tuple[Failure, ...]


@dataclass(slots=True)
class Context:
    """What every step of one pass works with.

    There is one client for the whole pass, and one event loop that it lives in: what a host has been asked lately
    counts over all batches.
    """

    watch: Watch
    home: Path
    warehouse: Warehouse
    run_id: int
    clock: Callable[[], datetime]
    http: Http
    runner: asyncio.Runner
    channels: Sequence[Channel]
    sources: dict[str, Source] = field(default_factory=dict)  # made when they are listed
    listed: list[Listed] = field(default_factory=list)
    fetches: list[Fetch] = field(default_factory=list)
    unkept: list[Packed] = field(default_factory=list)
    states: Mapping[str, FetchState] = field(default_factory=dict)  # what sources remember of earlier passes
    intake: Intake[Listed] = field(init=False)
