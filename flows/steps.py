"""The steps of a pass as plain functions, each on a batch. Prefect tasks and plain runs call the same ones."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import TypeVar

from connectors.base import Channel, FetchError, Listing, Source, SourceError
from connectors.http import Http
from domain.extract import extract as extract_capture
from domain.model import Article, Capture, Failure, Fetch, Item, Outcome
from domain.people import Pair
from flows.connect import http_settings, paces_of, policy_of, source_of
from flows.delivery import Delivered, deliver_owed
from flows.judge import Known, Task, judge, sketches
from flows.pairs import names_of, pair_named
from flows.settings import Watch
from flows.tables import FeedTable, FolderTable
from warehouse.batch import Batch, ItemEnd, ListingEnd
from warehouse.captures import Captures
from warehouse.store import Warehouse

T = TypeVar("T")

COPY_WINDOW = timedelta(days=30)  # wire copy appears within days; the same text is looked up over all history

PROBLEMS = frozenset(
    {
        Outcome.EMPTY,
        Outcome.NOT_TEXT,
        Outcome.NO_TEXT,
        Outcome.TOO_LARGE,
        Outcome.REFUSED,
        Outcome.FETCH_FAILED,
        Outcome.EXTRACT_FAILED,
    }
)


@dataclass(frozen=True, slots=True)
class Listed:
    """One source as it was listed: either a listing or, in ``end.error``, why there is none."""

    slug: str
    listing: Listing | None
    end: ListingEnd


@dataclass(frozen=True, slots=True)
class Fetched:
    """What a batch of items became: captures (kept on disk already) and failures."""

    captures: tuple[Capture, ...]
    failures: tuple[Failure, ...]


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
    listed: tuple[Listed, ...] = ()
    fetches: list[Fetch] = field(default_factory=list)


def run_through(runner: asyncio.Runner, work: Coroutine[object, object, T]) -> T:
    """Run a coroutine to its end. Ctrl-C that struck within a task group comes out as Ctrl-C, not as a group."""
    try:
        return runner.run(work)
    except BaseExceptionGroup as group:
        if group.subgroup(KeyboardInterrupt) is not None:
            raise KeyboardInterrupt from group
        raise


@contextmanager
def open_http(watch: Watch) -> Iterator[tuple[Http, asyncio.Runner]]:
    """The client of a pass and the event loop it lives in."""
    http = Http(http_settings(watch))
    with asyncio.Runner() as runner:
        runner.run(http.__aenter__())
        try:
            yield http, runner
        finally:
            runner.run(http.__aexit__(None, None, None))


def list_sources(ctx: Context) -> tuple[Listed, ...]:
    """Ask every source what it has, all at once; one that fails is reported and stops no other."""
    return run_through(ctx.runner, _list_all(ctx))


async def _list_all(ctx: Context) -> tuple[Listed, ...]:
    return tuple(await asyncio.gather(*(_list_one(ctx, table) for table in ctx.watch.sources)))


async def _list_one(ctx: Context, table: FeedTable | FolderTable) -> Listed:
    now, slug = ctx.clock(), table.slug
    try:
        source = ctx.sources[slug] = source_of(table, ctx.watch.base)
        listing = await source.list(ctx.http, ctx.warehouse.fetch_state(slug), now)
    except SourceError as error:
        ctx.fetches.extend(_without_secrets(ctx, table, error.fetches))
        detail = error.detail.replace(_address(table), ctx.watch.shown[slug])
        return Listed(slug, None, ListingEnd(slug, now, error=detail))
    ctx.fetches.extend(_without_secrets(ctx, table, listing.fetches))
    end = ListingEnd(slug, now, items=len(listing.items), not_modified=listing.not_modified)
    return Listed(slug, listing, end)


def _address(table: FeedTable | FolderTable) -> str:
    return table.address if isinstance(table, FeedTable) else table.path


def _without_secrets(
    ctx: Context, table: FeedTable | FolderTable, fetches: tuple[Fetch, ...]
) -> Iterator[Fetch]:
    """The requests for a listing under the address as it stands in the watch file."""
    real, shown = _address(table), ctx.watch.shown[table.slug]
    for one in fetches:
        error = one.error.replace(real, shown) if one.error else None
        yield replace(one, address=one.address.replace(real, shown), error=error)


def fetch(ctx: Context, items: Sequence[Item]) -> Fetched:
    """Fetch a batch of items, politely and at once, and keep their bytes."""
    return run_through(ctx.runner, _fetch_all(ctx, items))


async def _fetch_all(ctx: Context, items: Sequence[Item]) -> Fetched:
    results = await asyncio.gather(*(_fetch_one(ctx, item) for item in items))
    captures = tuple(result for result in results if isinstance(result, Capture))
    failures = tuple(result for result in results if isinstance(result, Failure))
    return Fetched(captures, failures)


async def _fetch_one(ctx: Context, item: Item) -> Capture | Failure:
    now = ctx.clock()
    try:
        capture = await ctx.sources[item.source].fetch(ctx.http, item, now)
    except FetchError as error:
        ctx.fetches.append(Fetch(item.source, item.address, now, error.status, None, None, str(error)))
        return Failure(item, error.outcome, str(error))
    Captures(ctx.home).put(capture.body)
    size = len(capture.body)
    ctx.fetches.append(Fetch(item.source, item.address, now, capture.status, capture.sha256, size, None))
    return capture


def extract(ctx: Context, fetched: Fetched) -> Extracted:
    """Take the main text out of a batch of captures."""
    results = [(capture.item, extract_capture(capture)) for capture in fetched.captures]
    articles = tuple((item, result) for item, result in results if isinstance(result, Article))
    failures = tuple(result for _, result in results if isinstance(result, Failure))
    return Extracted(articles, fetched.failures + failures)


def load(ctx: Context, articles: Sequence[tuple[Item, Article]], failed: Sequence[ItemEnd]) -> Batch:
    """Judge a batch of articles and load everything that follows from it in one transaction."""
    warehouse, watch = ctx.warehouse, ctx.watch
    now = ctx.clock()
    pair = pair_named(watch.watch.pair)
    keys = sketches(articles)
    known = look_up(warehouse, articles, keys, pair, now)
    task = Task(
        pair=pair,
        names=names_of(pair),
        policy=policy_of(watch),
        run_id=ctx.run_id,
        now=now,
        watched_since=_watched_since(ctx, now),
    )
    batch = judge(articles, keys, known, task, failed)
    warehouse.load(batch)
    return batch


def look_up(
    warehouse: Warehouse,
    articles: Sequence[tuple[Item, Article]],
    keys: Mapping[int, tuple[int, ...]],
    pair: Pair,
    now: datetime,
) -> Known:
    """What the warehouse knows that bears on these articles."""
    stored = warehouse.stored(list(keys))
    texts = {article.article_id: article.text_sha256 for _, article in articles}
    votes = warehouse.votes(pair.slug, [i for i, held in stored.items() if held.text_sha256 != texts[i]])
    told = {vote.event_id for those in votes.values() for vote in those}
    tellers = {
        event_id: [vote.report for vote in those]
        for event_id, those in warehouse.votes_for(pair.slug, told).items()
    }
    pins, rejected = warehouse.pins()
    return Known(
        stored=stored,
        same_text=warehouse.same_text([article.text_sha256 for _, article in articles]),
        candidates=warehouse.copy_candidates(keys, since=now - COPY_WINDOW),
        events=warehouse.events(pair.slug),
        votes=votes,
        tellers=tellers,
        pins=pins,
        rejected=rejected,
    )


def _watched_since(ctx: Context, now: datetime) -> dict[str, datetime]:
    """When each feed was first listed; folders know no clock, and 0 hours lift the rule."""
    if ctx.watch.watch.first_pass_hours == 0:
        return {}
    return {
        source.slug: ctx.warehouse.first_listed(source.slug) or now
        for source in ctx.watch.sources
        if isinstance(source, FeedTable)
    }


def publish(ctx: Context) -> Path:
    """Put the snapshot for readers in place."""
    return ctx.warehouse.publish()


def deliver(ctx: Context) -> Delivered:
    """Send what the ledger still owes to each channel."""
    return deliver_owed(ctx.warehouse, ctx.channels, ctx.clock, paces_of(ctx.watch))
