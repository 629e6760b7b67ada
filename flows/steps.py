"""The steps of a pass as plain functions, each on a batch. Prefect tasks and plain runs call the same ones."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import TypeVar

from connectors.base import FetchError, SourceError, clean_line
from connectors.http import Http
from domain.extract import extract as extract_capture
from domain.health import Finding
from domain.health import judge as judge_health
from domain.model import Article, Capture, Failure, Fetch, Item, Outcome, SiteRules
from domain.notices import notice
from domain.people import Pair
from flows.connect import http_settings, paces_of, policy_of
from flows.context import Context, Extracted, Fetched, Listed
from flows.delivery import Delivered, deliver_owed
from flows.intake import Intake
from flows.judge import Known, Task, judge, sketches
from flows.pairs import names_of, pair_named
from flows.recording import keep, keep_captures
from flows.settings import Watch
from flows.source_kinds import source_of
from flows.source_tables import AnySource, FolderTable
from warehouse.batch import Batch, ItemEnd, ListingEnd
from warehouse.captures import RawFetch
from warehouse.errors import WarehouseError
from warehouse.store import Warehouse

T = TypeVar("T")
Entrance = tuple[Http, asyncio.Runner]

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


def run_through(runner: asyncio.Runner, work: Coroutine[object, object, T]) -> T:
    """Run a coroutine to its end. Ctrl-C that struck within a task group comes out as Ctrl-C, not as a group."""
    try:
        return runner.run(work)
    except BaseExceptionGroup as group:
        if group.subgroup(KeyboardInterrupt) is not None:
            raise KeyboardInterrupt from group
        raise


@contextmanager
def open_http(
    watch: Watch, clock: Callable[[], datetime], rules: Mapping[str, SiteRules]
) -> Iterator[Entrance]:
    """The client of a pass and the event loop it lives in; ``rules`` are the robots.txt that are known."""
    http = Http(http_settings(watch), clock=clock, known_rules=rules)
    with asyncio.Runner() as runner:
        runner.run(http.__aenter__())
        try:
            yield http, runner
        finally:
            runner.run(http.__aexit__(None, None, None))


def open_intake(ctx: Context, choose: Callable[[Sequence[Listed]], Sequence[Item]]) -> Intake[Listed]:
    """Where listings and fetches of a pass come in; ``choose`` says which of the listed items are fetched."""
    http = ctx.watch.http
    ctx.states = ctx.warehouse.sources.fetch_states()
    return Intake(
        [partial(_list_one, ctx, table) for table in ctx.watch.sources],
        choose,
        partial(_fetch_one, ctx),
        per_host=http.concurrency_per_host,
        seconds=http.pass_seconds,
    )


def gather(ctx: Context, most: int) -> Fetched:
    """The next captures and failures of a pass, ``most`` of them, as they come in from all sources at once."""
    results = run_through(ctx.runner, ctx.intake.take(most))
    keep_captures(ctx)
    return _fetched(results)


def gather_ready(ctx: Context) -> Fetched:
    """What has come in already, for a pass that is to end."""
    results = ctx.intake.ready()
    keep_captures(ctx)
    return _fetched(results)


def _fetched(results: Sequence[Capture | Failure]) -> Fetched:
    captures = tuple(result for result in results if isinstance(result, Capture))
    failures = tuple(result for result in results if isinstance(result, Failure))
    return Fetched(captures, failures)


async def _list_one(ctx: Context, table: AnySource) -> Listed:
    now, slug = ctx.clock(), table.slug
    seconds = ctx.watch.http.pass_seconds
    try:
        source = ctx.sources[slug] = source_of(table, ctx.watch)
        async with asyncio.timeout(seconds):
            listing = await source.list(ctx.http, ctx.states.get(slug), now)
    except SourceError as error:
        detail = ctx.watch.hide(error.detail)
        return Listed(slug, None, ListingEnd(slug, now, error=detail, status=error.status))
    except WarehouseError:
        raise  # nothing can be written down any more
    except TimeoutError:
        return Listed(slug, None, ListingEnd(slug, now, error=f"was not listed within {seconds:g} s"))
    except Exception as error:  # noqa: BLE001 - whatever breaks on one source must not stop the others
        detail = f"Parley broke on it ({type(error).__name__}: {error}); please report it"
        return Listed(slug, None, ListingEnd(slug, now, error=ctx.watch.hide(clean_line(detail))))
    end = ListingEnd(slug, now, items=len(listing.items), not_modified=listing.not_modified)
    return Listed(slug, listing, end)


async def _fetch_one(ctx: Context, item: Item) -> Capture | Failure:
    now = ctx.clock()
    try:
        capture = await ctx.sources[item.source].fetch(ctx.http, item, now)
    except FetchError as error:
        return Failure(item, error.outcome, ctx.watch.hide(str(error)))
    except WarehouseError:
        raise
    except Exception as error:  # noqa: BLE001 - likewise
        detail = f"{item.address}: Parley broke on it ({type(error).__name__}: {error}); please report it"
        return Failure(item, Outcome.FETCH_FAILED, ctx.watch.hide(clean_line(detail)))
    if capture.status is None:  # not over HTTP, so that nobody has recorded it
        size = len(capture.body)
        ctx.fetches.append(Fetch(item.source, item.address, now, None, capture.sha256, size, None))
        raw = RawFetch(
            capture.final_address, now, None, (), capture.body, capture.sha256, capture.media_type
        )  # fmt: skip
        await keep(ctx, raw)
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
    """When each source was first listed; folders know no clock, and 0 hours lift the rule."""
    if ctx.watch.watch.first_pass_hours == 0:
        return {}
    return {
        source.slug: ctx.warehouse.first_listed(source.slug) or now
        for source in ctx.watch.sources
        if not isinstance(source, FolderTable)
    }


def publish(ctx: Context) -> Path:
    """Put the snapshot for readers in place."""
    return ctx.warehouse.publish()


def check_health(ctx: Context, *, ours: bool) -> tuple[Finding, ...]:
    """Judge how well each source is seen, and owe operators a word about those that changed.

    Where every source failed the trouble is ``ours``: the run says so, and nobody is told of each of them.
    """
    now = ctx.clock()
    book = ctx.warehouse.sources
    facts = book.facts([table.slug for table in ctx.watch.sources], now)
    found = (judge_health(one, now) for one in facts)
    findings = tuple(replace(one, passing=True) if ours else one for one in found)
    channels = [table.name for table in ctx.watch.channels if table.notices]
    book.record_health(findings, now, render=notice, channels=channels, run_id=ctx.run_id)
    return findings


def deliver(ctx: Context) -> Delivered:
    """Send what the ledger still owes to each channel."""
    return deliver_owed(ctx.warehouse, ctx.channels, ctx.clock, paces_of(ctx.watch))
