"""An archive in, the alerts it would have raised out: the same rules, a simulated clock, a throw-away warehouse."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
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
        for chunk in _chunks(entries):
            yield from _replay_chunk(chunk, warehouse, pair, policy)


def _chunks(entries: Sequence[Entry]) -> Iterator[list[Entry]]:
    """Parts of the archive that are judged at once: no article twice in one, so that a version sees the one before."""
    chunk: dict[int, Entry] = {}
    for entry in entries:
        if len(chunk) == CHUNK or entry.article.article_id in chunk:
            yield list(chunk.values())
            chunk = {}
        chunk[entry.article.article_id] = entry
    if chunk:
        yield list(chunk.values())


def until(entries: Sequence[Entry], written: str) -> list[Entry]:
    """Those entries that are seen up to an instant or to the end of a day (UTC); raises ValueError for neither."""
    try:
        at = datetime.fromisoformat(written)
    except ValueError as error:
        raise ValueError(
            f"{written!r} is neither a day such as 2022-02-24 nor an ISO 8601 instant"
        ) from error
    if len(written) == len("2022-02-24"):
        at += timedelta(days=1, microseconds=-1)
    at = at if at.tzinfo else at.replace(tzinfo=UTC)
    return [entry for entry in entries if entry.at <= at]


def differences(alerts: Iterable[Mapping[str, Any]], before: Iterable[str]) -> Iterator[dict[str, Any]]:
    """How the alerts of these rules differ from those that other rules gave (lines of an earlier ``replay``).

    One object for each alert that only one of them gives, or that both give with other facts: ``change`` is
    ``added``, ``gone`` or ``other``, with ``now`` and ``then``. An alert is known by its article, reason and status;
    of several such the first answers to the first. Raises ValueError that names the line of what is no alert.
    """
    then: dict[tuple[str, ...], list[dict[str, Any]]] = {}
    for number, line in enumerate(before, 1):
        if not line.strip():
            continue
        try:
            alert = json.loads(line)
            then.setdefault(_known_by(alert), []).append(alert)
        except (ValueError, KeyError, TypeError) as error:
            raise ValueError(f"line {number}: no alert of replay: {error!r}") from error
    for alert in alerts:
        held = then.get(_known_by(alert))
        if not held:
            yield {"change": "added", "now": dict(alert), "then": None}
            continue
        old = held.pop(0)
        if any(alert[name] != old.get(name) for name in _FACTS):
            yield {"change": "other", "now": dict(alert), "then": old}
    for left in then.values():
        yield from ({"change": "gone", "now": None, "then": old} for old in left)


_FACTS = ("kind", "date", "date_precision", "place", "with_others")


def _known_by(alert: Mapping[str, Any]) -> tuple[str, ...]:
    return alert["article_id"], alert["reason"], alert["status"]


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
