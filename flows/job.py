"""One pass of the monitor, top to bottom: the only place that knows the order of the work.

Every step is a plain function of ``flows.steps``. ``run_pass`` takes them as ``Steps``: the plain run hands in the
functions themselves, the Prefect flow hands in tasks that call them.
"""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import TypeVar

from domain.event_model import Message
from domain.health import Finding
from domain.identity import canonical_address
from domain.model import Article, Failure, Item, Outcome
from flows import steps
from flows.connect import channels_of, source_rows
from flows.context import Context, Extracted, Fetched, Listed
from flows.delivery import Delivered
from flows.engine import is_interrupt, stop_if_asked
from flows.recording import keep_captures, record
from flows.settings import Watch
from flows.version import parley_version
from warehouse.batch import Batch, ItemEnd, ListingEnd, OutcomeCount, Run, RunFinish
from warehouse.errors import WarehouseError
from warehouse.store import Warehouse

CHUNK = 50  # articles per task and transaction: orchestration stays below a twentieth of the work
RETRIED = frozenset({Outcome.FETCH_FAILED, Outcome.EXTRACT_FAILED, Outcome.DEFERRED})

RULES_KEPT = timedelta(days=1)  # robots.txt of earlier passes that still count

T = TypeVar("T")
Clock = Callable[[], datetime]
Progress = Callable[[str, int, int], None]  # stage, done, of how many


def utc_now() -> datetime:
    """The clock of real runs."""
    return datetime.now(UTC)


def silent(stage: str, done: int, total: int) -> None:
    """Progress that nobody watches."""


@dataclass(frozen=True, slots=True)
class Steps:
    """The steps of a pass, as plain calls or as Prefect tasks."""

    gather: Callable[[Context, int], Fetched] = steps.gather
    extract: Callable[[Context, Fetched], Extracted] = steps.extract
    load: Callable[[Context, Sequence[tuple[Item, Article]], Sequence[ItemEnd]], Batch] = steps.load
    publish: Callable[[Context], Path] = steps.publish
    deliver: Callable[[Context], Delivered] = steps.deliver


@dataclass(slots=True)
class Tally:
    """What happened in a pass, for its end and for its summary."""

    run_id: int
    started_at: datetime
    ended_at: datetime | None = None
    listings: list[ListingEnd] = field(default_factory=list)
    outcomes: Counter[tuple[str, Outcome]] = field(default_factory=Counter)
    problems: list[ItemEnd] = field(default_factory=list)
    alerts: list[Message] = field(default_factory=list)
    held: Counter[str] = field(default_factory=Counter)
    delivered: Delivered = field(default_factory=Delivered)
    snapshot: Path | None = None
    findings: tuple[Finding, ...] = ()

    @property
    def failed_sources(self) -> list[ListingEnd]:
        """The sources that could not be listed."""
        return [listing for listing in self.listings if listing.error is not None]

    @property
    def blind(self) -> bool:
        """Whether no source at all could be listed: an outage is no quiet day."""
        return bool(self.listings) and len(self.failed_sources) == len(self.listings)


class BlindError(Exception):
    """A pass in which no source could be listed; ``tally`` says why for each."""

    def __init__(self, tally: Tally) -> None:
        self.tally = tally
        reasons = "; ".join(str(listing.error) for listing in tally.failed_sources)
        super().__init__(f"no source could be listed: {reasons}")


def run_pass(
    watch: Watch,
    home: Path,
    *,
    plan: Steps,
    engine: str,
    command: str,
    clock: Clock = utc_now,
    progress: Progress = silent,
    chunk: int = CHUNK,
) -> Tally:
    """List the sources, fetch what is new, extract, judge and load it, publish the snapshot, deliver the alerts.

    Whatever ends the pass early (an error, Ctrl-C, a kill), everything loaded so far is whole, and the next pass
    goes on from there. ``chunk`` is how many articles go into one task and one transaction.
    Raises ``ChannelError`` for a channel that cannot work as configured, before anything is done, and
    ``WarehouseError`` when the warehouse cannot be used.
    """
    channels = channels_of(watch, home)
    tally = Tally(run_id=uuid.uuid4().int >> 64, started_at=clock())
    with ExitStack() as stack:
        warehouse = stack.enter_context(Warehouse.open(home, now=tally.started_at))
        rules = warehouse.sources.rules(since=tally.started_at - RULES_KEPT)
        http, runner = stack.enter_context(steps.open_http(watch, clock, rules))
        ctx = Context(watch, home, warehouse, tally.run_id, clock, http, runner, channels)
        http.recorder = partial(record, ctx)
        run = Run(
            run_id=tally.run_id,
            started_at=tally.started_at,
            command=command,
            engine=engine,
            version=parley_version(),
            watch_sha256=watch.sha256,
            sources=source_rows(watch),
        )
        warehouse.begin_run(run)
        try:
            _work(ctx, plan, tally, progress, chunk)
        except BaseException as error:
            interrupted = is_interrupt(error)
            if isinstance(error, WarehouseError) and not interrupted:
                raise  # nothing more can be written down
            detail = "interrupted" if interrupted else f"{type(error).__name__}: {error}"
            _close(ctx, tally, "stopped" if interrupted else "failed", detail)
            if interrupted:
                raise KeyboardInterrupt from error
            raise
        if tally.blind:
            _close(ctx, tally, "failed", "no source could be listed")
        else:
            _close(ctx, tally, "done", "")
    return tally


def _close(ctx: Context, tally: Tally, state: str, detail: str) -> None:
    """Write down how the pass ended, let go of captures whose time is up, and publish that too."""
    tally.ended_at = ctx.clock()
    keep_captures(ctx)
    ctx.warehouse.finish_run(_finish(ctx, tally, state, detail))
    book = ctx.warehouse.sources
    book.record_rules(ctx.http.robots.learned.values())
    captures = ctx.watch.captures
    book.retain(tally.ended_at, days=captures.keep_days, most_bytes=int(captures.keep_gigabytes * 1e9))
    tally.snapshot = ctx.warehouse.publish()


def _work(ctx: Context, plan: Steps, tally: Tally, progress: Progress, size: int) -> None:
    failed: list[ItemEnd] = []
    articles: list[tuple[Item, Article]] = []
    seen: set[str] = set()
    ctx.intake = steps.open_intake(ctx, lambda listed: _choose(ctx, tally, listed, seen, failed))
    stopped: KeyboardInterrupt | None = None
    fetched = Fetched()
    try:
        while not ctx.intake.done:
            progress("reading", len(articles), ctx.intake.chosen)
            fetched = plan.gather(ctx, size)
            _take_in(plan.extract(ctx, fetched), articles, failed)
            fetched = Fetched()
            stop_if_asked()
    except BaseException as error:
        if not is_interrupt(error):
            raise
        # What has arrived is kept, by plain calls: the tasks of a flow that is ending are no use any more.
        stopped, plan = KeyboardInterrupt(), Steps()
        for arrived in (fetched, steps.gather_ready(ctx)):
            _take_in(steps.extract(ctx, arrived), articles, failed)
    finally:
        steps.run_through(ctx.runner, ctx.intake.close())
    progress("reading", len(articles), ctx.intake.chosen)

    # In order of publication, the undated last: an event is told by the first article that tells it.
    articles.sort(key=_in_order)
    for done, part in _chunks(articles, size):
        if stopped is None:
            stop_if_asked()
        progress("judging", done, len(articles))
        _count(tally, plan.load(ctx, part, failed))
        failed = []
    if failed:
        _count(tally, plan.load(ctx, [], failed))
    progress("judging", len(articles), len(articles))
    if stopped is not None:
        raise stopped
    stop_if_asked()

    ctx.warehouse.sources.record_listings(tally.run_id, tally.listings)
    tally.findings = steps.check_health(ctx, ours=tally.blind)
    tally.snapshot = plan.publish(ctx)
    tally.delivered = plan.deliver(ctx)


def _take_in(extracted: Extracted, articles: list[tuple[Item, Article]], failed: list[ItemEnd]) -> None:
    articles.extend(extracted.articles)
    failed.extend(_end(failure) for failure in extracted.failures)


def _choose(
    ctx: Context, tally: Tally, listings: Sequence[Listed], seen: set[str], failed: list[ItemEnd]
) -> list[Item]:
    """The items of some listings that are worth fetching; the known and the repeated ones are counted and drop out."""
    wanted: list[Item] = []
    with_items = [one.slug for one in listings if one.listing and (one.listing.items or one.listing.failures)]
    known_of = ctx.warehouse.known_items(with_items) if with_items else {}
    for listed in listings:
        ctx.listed.append(listed)
        tally.listings.append(listed.end)
        if listed.listing is None:
            continue
        known = known_of.get(listed.slug, {})
        failures = {failure.item: failure for failure in listed.listing.failures}
        for item in (*failures, *listed.listing.items):
            address = canonical_address(item.address)
            if address in seen:
                tally.outcomes[item.source, Outcome.REPEATED] += 1
            elif known.get(address) == item.fingerprint:
                tally.outcomes[item.source, Outcome.KNOWN] += 1
            elif item in failures:
                failed.append(_end(failures[item]))
            else:
                wanted.append(item)
            seen.add(address)
    return wanted


def _in_order(pair: tuple[Item, Article]) -> tuple[bool, datetime, str]:
    article = pair[1]
    if article.published is None:
        return True, datetime.max.replace(tzinfo=UTC), article.address
    return False, article.published.at.astimezone(UTC), article.address


def _chunks(things: Sequence[T], size: int) -> Iterator[tuple[int, Sequence[T]]]:
    for start in range(0, len(things), size):
        yield start, things[start : start + size]


def _end(failure: Failure) -> ItemEnd:
    return ItemEnd(failure.item, failure.outcome, failure.detail)


def _count(tally: Tally, batch: Batch) -> None:
    for end in batch.ends:
        tally.outcomes[end.item.source, end.outcome] += 1
        if end.outcome in steps.PROBLEMS:
            tally.problems.append(end)
    tally.alerts.extend(batch.payloads)
    for held in batch.suppressed:
        tally.held[held.hold.value] += 1


def _finish(ctx: Context, tally: Tally, state: str, detail: str) -> RunFinish:
    """Only a source whose items all ended well may be asked "only if changed" next time: no item is lost."""
    unfinished = {source for (source, outcome), n in tally.outcomes.items() if outcome in RETRIED and n}
    states = tuple(
        (listed.slug, listed.listing.state)
        for listed in ctx.listed
        if listed.listing is not None
        and listed.listing.state is not None
        and state == "done"
        and listed.slug not in unfinished
    )
    counts = tuple(
        OutcomeCount(source, outcome, n)
        for (source, outcome), n in sorted(tally.outcomes.items())
        if outcome in (Outcome.KNOWN, Outcome.REPEATED)
    )
    return RunFinish(
        run_id=tally.run_id,
        ended_at=tally.ended_at or tally.started_at,
        state=state,
        detail=detail,
        counts=counts,
        listings=tuple(tally.listings),
        fetches=tuple(ctx.fetches),
        states=states,
    )
