"""What a pass did, in the words of people: for the terminal and for the flow's log."""

from __future__ import annotations

import shutil
import sys
from collections import Counter
from pathlib import Path

from domain.health import Health
from domain.model import Outcome
from flows.job import Tally
from warehouse.batch import ItemEnd

SHOWN = 10  # problems of a pass that its summary names one by one
EXAMPLE = "select kind, status, date_from, place, article_count from events order by date_from"
WORDS = {
    Outcome.STORED: "new articles",
    Outcome.STORED_UNDATED: "new articles without a date",
    Outcome.COPY: "copies of other articles (stored and linked)",
    Outcome.NEW_VERSION: "known addresses with a new text",
    Outcome.UNCHANGED: "fetched again, same text",
    Outcome.KNOWN: "known already, not fetched",
    Outcome.REPEATED: "listed twice in this pass",
    Outcome.EMPTY: "empty",
    Outcome.NOT_TEXT: "neither page nor text",
    Outcome.NO_TEXT: "without a main text",
    Outcome.TOO_LARGE: "too large",
    Outcome.REFUSED: "refused",
    Outcome.FETCH_FAILED: "not fetched (will be tried again)",
    Outcome.EXTRACT_FAILED: "not read (will be tried again)",
    Outcome.DEFERRED: "not reached in time (next pass)",
}


def by_outcome(tally: Tally) -> Counter[Outcome]:
    """Items of the pass by outcome, over all sources."""
    counts: Counter[Outcome] = Counter()
    for (_, outcome), n in tally.outcomes.items():
        counts[outcome] += n
    return counts


def summary_lines(tally: Tally) -> list[str]:
    """Outcomes, trouble and deliveries of a pass, a line each."""
    counts = by_outcome(tally)
    sources = len(tally.listings) - len(tally.failed_sources)
    unchanged = sum(listing.not_modified for listing in tally.listings)
    lines = [
        f"{sources} of {len(tally.listings)} sources listed"
        + (f" ({unchanged} unchanged since the last pass)" if unchanged else "")
        + f", {counts.total()} items:"
    ]
    lines += [f"  {counts[outcome]:>5}  {words}" for outcome, words in WORDS.items() if counts[outcome]]
    lines += [f"  source {f.source} FAILED: {f.error}" for f in tally.failed_sources]
    failed = {f.source for f in tally.failed_sources}
    lines += [
        f"  source {found.slug} {found.state.value.upper()}: {found.detail}"
        for found in tally.findings
        if found.state is not Health.OK and found.slug not in failed
    ]
    lines += [f"  {end.outcome.value}: {_told(end)}" for end in tally.problems[:SHOWN]]
    if len(tally.problems) > SHOWN:
        lines.append(f"  ... and {len(tally.problems) - SHOWN} more: parley explain ADDRESS tells of each")
    held = ", ".join(f"{n} {name}" for name, n in sorted(tally.held.items()))
    lines.append(f"{len(tally.alerts)} alerts raised" + (f"; held back: {held}" if held else ""))
    delivered = tally.delivered
    held = f", {delivered.held} held for a digest or the end of quiet hours" if delivered.held else ""
    lines.append(f"{delivered.sent} deliveries made, {delivered.waiting} waiting for another try{held}")
    if delivered.dead:
        lines.append(f'  !! {delivered.dead} DELIVERIES GIVEN UP: see parley sql "from deliveries"')
    lines += [f"  channel {name}: {error}" for name, error in delivered.errors]
    return lines


def _told(end: ItemEnd) -> str:
    """The address and what became of it; many details begin with the address themselves."""
    address = end.item.address
    return end.detail if end.detail.startswith(address) else f"{address}: {end.detail}"


def places_lines(tally: Tally, home: Path) -> list[str]:
    """Where things lie after a pass, and what to type next."""
    home = Path(_short(home))
    lines = ["Where things lie:", f"  database  {home / 'published' / 'parley.duckdb'} (read-only snapshot)"]
    if (home / "alerts.atom").exists():
        lines.append(f"  alerts    {home / 'alerts.atom'} (a feed: subscribe to it)")
    lines.append(f"  captures  {home / 'captures'}")
    parley = "parley" if shutil.which("parley") else _short(Path(sys.argv[0]))
    option = "" if str(home) == "data" else f" --home {home}"
    lines += [
        "What to type next:",
        f"  {parley} events{option}",
        f"  {parley} explain{option} EVENT_ID",
        f'  {parley} sql{option} "{EXAMPLE}"',
    ]
    return lines


def _short(path: Path) -> str:
    try:
        return str(path.resolve().relative_to(Path.cwd()))
    except ValueError:
        return str(path)
