"""An archive in, the alerts it would have raised out: the same rules, a simulated clock, a throw-away warehouse."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from domain.alerts import Policy
from domain.copies import text_sha256
from domain.detect_json import read_document
from domain.event_model import Alert
from domain.identity import article_id, canonical_address
from domain.model import Article, Item
from domain.people import Pair
from flows.job import CHUNK
from flows.judge import Task, judge, sketches
from flows.pairs import names_of
from flows.steps import look_up
from flows.version import parley_version
from warehouse.batch import Run
from warehouse.store import Warehouse

SOURCE = "replay"
LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)  # of undated articles before the first dated one


@dataclass(frozen=True, slots=True)
class Entry:
    """One article of the archive: its id there and the simulated instant at which it is seen."""

    name: str
    at: datetime
    article: Article


def read_archive(lines: Iterable[str]) -> list[Entry]:
    """The articles of JSON lines in order of publication; an undated one takes the time of the one before it.

    Raises ``ValueError`` that names the line.
    """
    entries: list[Entry] = []
    before = LONG_AGO
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            entries.append(_read_entry(json.loads(line), before, number))
        except ValueError as error:
            raise ValueError(f"line {number}: {error}") from error
        before = entries[-1].at
    return sorted(entries, key=lambda entry: (entry.at, entry.name))


def _read_entry(obj: Mapping[str, Any], before: datetime, number: int) -> Entry:
    document = read_document(obj)
    name = str(obj.get("id") or obj.get("url") or number)
    address = obj.get("url") or f"replay:{name}"
    published = document.published
    at = published.at.astimezone(UTC) if published else before
    article = Article(
        article_id=article_id(address),
        address=canonical_address(address),
        source=SOURCE,
        outlet=obj.get("source") or SOURCE,
        title=document.title,
        text=document.text,
        language=document.language,
        published=published,
        seen_at=at,
        capture_sha256="",
        text_sha256=text_sha256(document.text),
        extractor="input",
    )
    return Entry(name, at, article)


def replay(entries: Sequence[Entry], pair: Pair, policy: Policy) -> Iterator[dict[str, Any]]:
    """The alerts in the order in which they would have been sent, as the objects to print."""
    with (
        tempfile.TemporaryDirectory(prefix="parley-replay-") as home,
        Warehouse.open(Path(home), now=LONG_AGO) as warehouse,
    ):
        warehouse.begin_run(Run(1, LONG_AGO, "replay", "plain", parley_version(), ""))
        for start in range(0, len(entries), CHUNK):
            yield from _replay_chunk(entries[start : start + CHUNK], warehouse, pair, policy)


def _replay_chunk(
    entries: Sequence[Entry], warehouse: Warehouse, pair: Pair, policy: Policy
) -> Iterator[dict[str, Any]]:
    names = {entry.article.article_id: entry.name for entry in entries}
    articles = [(Item(SOURCE, e.article.address, e.name), e.article) for e in entries]
    keys = sketches(articles)
    now = entries[0].at
    task = Task(pair, names_of(pair), policy, run_id=1, now=now, watched_since={})
    batch = judge(articles, keys, look_up(warehouse, articles, keys, pair, now), task)
    warehouse.load(batch)
    for alert in batch.alerts:
        yield _as_json(alert, names[alert.article_id])


def _as_json(alert: Alert, name: str) -> dict[str, Any]:
    event, report = alert.event, alert.report
    return {
        "at": report.seen_at.isoformat(),
        "reason": alert.reason.value,
        "article_id": name,
        "event_id": str(alert.event_id),
        "kind": event.kind.value,
        "status": event.status.value,
        "date": event.date.label,
        "date_precision": event.date.precision.value,
        "place": event.place,
        "with_others": list(event.with_others),
        "headline": alert.headline,
        "evidence": report.contact.evidence.quote,
    }
