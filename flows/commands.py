"""What each command of ``parley`` does; parsing of arguments is in ``flows.cli``."""

from __future__ import annotations

import argparse
import json
import os
import shutil
import sys
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

from domain.alerts import Policy
from domain.detect_json import detect_line
from domain.people import Pair
from flows import engine, show
from flows.catalogue import load_catalogue, tags_of
from flows.connect import channels_of, paces_of
from flows.delivery import deliver_owed
from flows.explain_text import address_lines, event_lines
from flows.job import BlindError, Progress, Steps, Tally, run_pass, utc_now
from flows.pairs import pair_named
from flows.progress import reporter
from flows.replay import differences, read_archive, until
from flows.replay import replay as replay_alerts
from flows.settings import Watch, WatchError, choose_watch, load_watch
from flows.show import tell
from flows.summary import places_lines, summary_lines
from warehouse.explain import explain_address, explain_event
from warehouse.query import Table, query
from warehouse.store import Warehouse

LISTS = {
    "events": "the events, latest first",
    "articles": "the articles, latest first",
    "alerts": "the alerts, latest first",
    "review": "joins of contacts to events that an analyst should look at, latest first",
    "sources": "the sources and their health",
    "runs": "the runs, latest first",
}
FILTERS = {
    "events": {"kind": "kind", "status": "status"},
    "articles": {"source": "source", "language": "language"},
    "alerts": {"reason": "reason"},
    "runs": {"state": "state"},
    "sources": {"state": "state"},
}
# "2022" where only the year is known: its first day would be read as a date.
_DATE = (
    "case date_precision when 'day' then date_from::varchar when 'month' then strftime(date_from, '%Y-%m') "
    "when 'year' then strftime(date_from, '%Y') else date_from::varchar || ' to ' || date_to::varchar end as date"
)
_COLUMNS = {
    "events": f"event_id, kind, status, {_DATE}, place, reported_as, article_count, independent_count, "
    "first_source",
    "articles": "published_at, source, language, title, address",
    "alerts": "created_at, reason, headline, address, alert_id",
    "review": "linked_at, event_id, doubt, evidence_quote, address, contact_id",
    "sources": "slug, kind, side, language, coalesce(state, 'never listed') as state, state_since, last_success_at, "
    "articles, live, state_detail",
    "runs": "started_at, ended_at, state, engine, outcomes, detail",
}
_ORDER = {
    "events": "date_from desc nulls last, event_id",
    "articles": "published_at desc nulls last, address",
    "alerts": "sequence desc",
    "review": "linked_at desc, contact_id",
    "sources": "slug",
    "runs": "started_at desc",
}


def run(options: argparse.Namespace) -> int:
    """One pass, plainly or as a Prefect flow; prints what was found and where it lies."""
    home: Path = options.home
    watch = choose_watch(options.watch, options.folder)
    engine.stop_on_signals()
    if options.embedded:
        tell("Running as a Prefect flow on a temporary server (it needs some seconds to start) ...")
        with engine.own_server(home):
            tally = _run_flow(options)
    elif server := engine.configured_server():
        engine.be_quiet()
        tell(f"Running as a Prefect flow on {server}")
        tally = _run_flow(options)
    else:
        tell("No Prefect server is configured (PREFECT_API_URL): running in this process.")
        with reporter() as progress:
            tally = _run_plain(watch, home, progress)
    _report(tally, home)
    return 1 if tally.blind else 0


def _run_plain(watch: Watch, home: Path, progress: Progress) -> Tally:
    return run_pass(watch, home, plan=Steps(), engine="plain", command="run", progress=progress)


def _run_flow(options: argparse.Namespace) -> Tally:
    from flows.monitor import monitor  # importing Prefect costs seconds: only here

    folders = [str(folder) for folder in options.folder]
    try:
        return monitor(watch=str(options.watch), home=str(options.home), folders=folders)
    except BlindError as blind:
        return blind.tally


def _report(tally: Tally, home: Path) -> None:
    print()
    print("\n".join(summary_lines(tally)))
    print("\nEvents:")
    events = (
        f"select {_DATE}, kind, status, place, with_others as others, article_count as articles, "  # noqa: S608
        "independent_count as independent, reported_as, event_id from events order by date_from nulls last, event_id"
    )
    show.print_table(query(home, events), "table")
    print("Alerts of this pass:" if tally.alerts else "Alerts of this pass: none.")
    for message in tally.alerts:
        print(f"  [{message.reason.value}] {message.headline}\n      {message.address}")
    print()
    print("\n".join(places_lines(tally, home)))


def detect(options: argparse.Namespace) -> int:
    """Contacts of each article of a JSON-lines stream, a line each, as they come; touches no database."""
    pair = _pair(options)
    name = "stdin" if options.file == "-" else options.file
    with _open(options.file) as lines:
        for number, line in enumerate(lines, 1):
            if not line.strip():
                continue
            try:
                answer = detect_line(json.loads(line), pair, trace=options.trace)
            except ValueError as error:
                tell(f"parley detect: {name}, line {number}: {error}")
                return 1
            sys.stdout.write(json.dumps(answer, ensure_ascii=False) + "\n")
    sys.stdout.flush()
    return 0


def replay(options: argparse.Namespace) -> int:
    """The alerts that an archive would have raised, a line each; touches no database of yours."""
    pair = _pair(options)
    try:
        with _open(options.file) as lines:
            entries = read_archive(lines)
    except ValueError as error:
        tell(f"parley replay: {'stdin' if options.file == '-' else options.file}, {error}")
        return 1
    try:
        if options.until:
            entries = until(entries, options.until)
        found: Iterable[Mapping[str, Any]] = replay_alerts(
            entries, pair, Policy(fresh_days=options.fresh_days)
        )
        if options.diff:
            found = differences(found, options.diff.read_text(encoding="utf-8").splitlines())
        for alert in found:
            sys.stdout.write(json.dumps(alert, ensure_ascii=False) + "\n")
    except (ValueError, OSError) as error:
        tell(f"parley replay: {error}")
        return 1
    sys.stdout.flush()
    return 0


def _pair(options: argparse.Namespace) -> Pair:
    try:
        return pair_named(options.pair)
    except ValueError as error:
        raise WatchError(f"parley {options.name}: --pair {options.pair}: {error}") from error


@contextmanager
def _open(name: str) -> Iterator[Iterable[str]]:
    if name == "-":
        sys.stdin.reconfigure(encoding="utf-8", errors="replace")  # type: ignore[union-attr]
        yield sys.stdin
        return
    try:
        file: IO[str] = Path(name).open(encoding="utf-8", errors="replace")  # noqa: SIM115
    except OSError as error:
        raise WatchError(f"{name}: cannot be read: {error.strerror}") from error
    with file:
        yield file


def sql(options: argparse.Namespace) -> int:
    """A read-only query against the published snapshot."""
    show.print_table(query(options.home, options.query), options.format)
    return 0


def alerts(options: argparse.Namespace) -> int:
    """The alerts; with ``--retry`` first send again what channels did not take or were given up."""
    if options.retry:
        watch = load_watch(options.watch)
        with Warehouse.open(options.home, now=utc_now()) as warehouse:
            owed = warehouse.owe_again(utc_now())
            done = deliver_owed(warehouse, channels_of(watch, options.home), utc_now, paces_of(watch))
            warehouse.publish()
        tell(f"{owed} deliveries taken up again: {done.sent} sent, {done.waiting + done.dead} not taken")
        for channel, error in done.errors:
            tell(f"  {channel}: {error}")
        if done.waiting or done.dead:
            return 1
    return show_list(options)


def show_list(options: argparse.Namespace) -> int:
    """A short list of events, articles, alerts, sources or runs."""
    name = options.name
    if getattr(options, "catalogue", False):
        show.print_table(_catalogue_table(), options.format)
        return 0
    chosen = [(column, getattr(options, option)) for option, column in FILTERS.get(name, {}).items()]
    given = [(column, value) for column, value in chosen if value is not None]
    # Names come from the tables above, values are bound.
    where = " and ".join(f"{column} = ?" for column, _ in given) or "true"
    text = f"select {_COLUMNS[name]} from {name} where {where} order by {_ORDER[name]} limit {options.limit}"  # noqa: S608
    show.print_table(query(options.home, text, tuple(value for _, value in given)), options.format)
    return 0


def _catalogue_table() -> Table:
    """The sources that come with Parley, whatever is watched."""
    columns = ("slug", "kind", "language", "country", "side", "tier", "tags", "name", "note")
    rows = [
        (s.slug, s.kind, s.language, s.country, s.side, s.tier, sorted(tags_of(s)), s.name, s.note)
        for s in load_catalogue().values()
    ]
    return Table(columns, tuple("" for _ in columns), rows)


def explain(options: argparse.Namespace) -> int:
    """What stands behind an event, or what became of an address."""
    subject: str = options.subject
    if subject.isdecimal():
        told = explain_event(options.home, int(subject))
        lines = event_lines(told)
    else:
        told = explain_address(options.home, subject)
        lines = address_lines(told)
    if options.format == "json":
        print(json.dumps(show.as_json(told), ensure_ascii=False, indent=1))
    else:
        print("\n".join(lines))
    return 0


def doctor(options: argparse.Namespace) -> int:
    """Check what a pass needs; every trouble with what to do about it."""
    home: Path = options.home
    troubles = 0

    def check(name: str, trouble: str | None, fine: str = "ok") -> None:
        nonlocal troubles
        troubles += trouble is not None
        print(f"{'FAIL' if trouble else 'ok  '}  {name}: {trouble or fine}")

    try:
        watch = load_watch(options.watch)
        check("watch file", None, f"{len(watch.sources)} sources, {len(watch.channels)} channels")
    except WatchError as error:
        check("watch file", str(error))
    home_there = home if home.exists() else home.resolve().parent
    writable = os.access(home_there, os.W_OK)
    check("home", None if writable else f"{home_there} is not writable: choose another --home", str(home))
    if home_there.exists():
        free = shutil.disk_usage(home_there).free
        database = home / "warehouse.duckdb"
        needed = 3 * (database.stat().st_size if database.exists() else 0) + 100_000_000
        check(
            "disk",
            None if free >= needed else f"{free // 10**6} MB free, {needed // 10**6} MB needed: make room",
            f"{free // 10**6} MB free",
        )
    if (home / "published" / "parley.duckdb").exists():
        dead = query(home, "select count(*) from deliveries where state = 'dead'").rows[0][0]
        check(
            "deliveries",
            f'{dead} given up: see parley sql "from deliveries", then parley alerts --retry'
            if dead
            else None,
        )
        troubled = query(home, "select slug, state, state_detail from sources where state <> 'ok'").rows
        for slug, state, detail in troubled:
            check(f"source {slug}", f"{state}: {detail}")
    server = engine.configured_server()
    check("prefect", None, server or "no server configured: parley run works in its own process")
    return 1 if troubles else 0
