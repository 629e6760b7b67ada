"""Load a batch: every statement of the one transaction in which articles, events and alerts become known.

Loading is idempotent: rows that are there already stay as they are, and a change of an event counts only if
its contact was not linked before. So a batch that was committed but never acknowledged can be loaded again.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from itertools import chain

import duckdb

from domain.alerts import CORRECTIONS
from domain.event_model import Alert, Event, Message
from warehouse import event_rows, rows
from warehouse.arrow import Row, insert_new, replace
from warehouse.batch import Batch
from warehouse.statements import run


def load_batch(con: duckdb.DuckDBPyConnection, batch: Batch) -> None:
    """Write the batch; the caller holds the transaction."""
    stored_before = _stored_before(con, batch)
    _load_articles(con, batch)
    _merge_clusters(con, batch)
    _load_changes(con, batch, stored_before)
    load_alerts(con, batch.alerts, batch.payloads, batch.run_id)
    insert_new(
        con,
        "core.suppressed",
        ("contact_id", "event_id"),
        [event_rows.suppressed_row(held) for held in batch.suppressed],
    )
    insert_new(
        con, "ops.item_end", ("run_id", "source", "address"), [rows.end_row(end, batch) for end in batch.ends]
    )


def _load_articles(con: duckdb.DuckDBPyConnection, batch: Batch) -> None:
    # Arrival order keeps DuckDB's zone maps of the sketch narrow.
    loaded = sorted(batch.articles, key=lambda one: one.article.seen_at)
    insert_new(
        con, "core.article", ("article_id", "version"), [rows.article_row(one, batch) for one in loaded]
    )
    insert_new(
        con, "core.sketch", ("article_id", "version", "key"), _flat(rows.sketch_rows(one) for one in loaded)
    )
    insert_new(
        con,
        "core.copy_link",
        ("article_id", "version", "origin_id"),
        _flat(rows.link_rows(one, batch) for one in loaded),
    )
    _load_contacts(con, _flat(rows.contact_rows(one, batch) for one in loaded))
    insert_new(
        con,
        "core.rejected",
        ("article_id", "version", "position"),
        _flat(rows.rejected_rows(one) for one in loaded),
    )
    # Contacts of older versions stay for the history of their events, but no view counts them any more.
    run(
        con,
        "UPDATE core.contact SET superseded_at = $at FROM ("
        "  SELECT article_id, max(version) AS latest FROM core.article"
        "  WHERE article_id IN (SELECT unnest($ids::UBIGINT[])) GROUP BY article_id) AS newest "
        "WHERE contact.article_id = newest.article_id AND contact.version < newest.latest "
        "AND contact.superseded_at IS NULL",
        {"at": batch.loaded_at, "ids": [one.article.article_id for one in loaded]},
    )


def _load_contacts(con: duckdb.DuckDBPyConnection, contacts: list[Row]) -> None:
    # A contact that a new version repeats under the same id moves to that version.
    newest: dict[int, Row] = {}
    for row in sorted(contacts, key=lambda one: int(one["version"])):
        newest[row["contact_id"]] = row
    held = dict(
        run(
            con,
            "SELECT contact_id, version FROM core.contact "
            "WHERE contact_id IN (SELECT unnest($ids::UBIGINT[]))",
            {"ids": list(newest)},
        )
    )
    fresh = [row for contact_id, row in newest.items() if row["version"] > held.get(contact_id, 0)]
    replace(con, "core.contact", "contact_id", fresh)


def _merge_clusters(con: duckdb.DuckDBPyConnection, batch: Batch) -> None:
    if not batch.cluster_merges:
        return
    standing: dict[int, int] = dict(run(con, "SELECT old_id, new_id FROM core.cluster_alias"))
    changed = set()
    for ending, into in batch.cluster_merges:
        old, new = standing.get(ending, ending), standing.get(into, into)
        if old == new:
            continue
        moved = [old, *(alias for alias, target in standing.items() if target == old)]
        standing.update(dict.fromkeys(moved, new))
        changed.update(moved)
    aliases: list[Row] = [
        {"old_id": old, "new_id": standing[old], "merged_at": batch.loaded_at} for old in sorted(changed)
    ]
    replace(con, "core.cluster_alias", "old_id", aliases)


def _load_changes(con: duckdb.DuckDBPyConnection, batch: Batch, stored_before: set[int]) -> None:
    linked = _known(con, "core.event_contact", "contact_id", [c.report.contact_id for c in batch.changes])
    changes = [
        change
        for change in batch.changes
        if (
            change.report.article_id not in stored_before
            if change.withdrawn
            else change.report.contact_id not in linked
        )
    ]
    replace_events(con, [change.after for change in changes], batch.loaded_at)
    links: list[Row] = [
        {
            "event_id": change.after.event_id,
            "contact_id": change.report.contact_id,
            "score": change.score,
            "why": change.why,
            "doubt": change.doubt,
            "linked_at": batch.loaded_at,
        }
        for change in changes
        if not change.withdrawn
    ]
    insert_new(con, "core.event_contact", ("contact_id",), links)
    told = [change for change in changes if event_rows.altered_fields(change)]
    history = [
        event_rows.history_row(one, at=batch.loaded_at, position=number) for number, one in enumerate(told)
    ]
    insert_new(con, "core.event_history", ("event_id", "contact_id", "changed_at"), history)


def _stored_before(con: duckdb.DuckDBPyConnection, batch: Batch) -> set[int]:
    """The articles of a batch whose versions are stored: the batch is loaded a second time."""
    found = run(
        con,
        "SELECT article_id, version FROM core.article WHERE article_id IN (SELECT unnest($ids::UBIGINT[]))",
        {"ids": [one.article.article_id for one in batch.articles]},
    )
    return {
        one.article.article_id for one in batch.articles if (one.article.article_id, one.version) in found
    }


def replace_events(con: duckdb.DuckDBPyConnection, events: Sequence[Event], at: datetime) -> None:
    """Put these events in place of what is stored of them; of one event the last counts."""
    latest: dict[int, Event] = {event.event_id: event for event in events}
    if not latest:
        return
    held = {
        event_id: (sequence, created_at)
        for event_id, sequence, created_at in run(
            con,
            "SELECT event_id, sequence, created_at FROM core.event "
            "WHERE event_id IN (SELECT unnest($ids::UBIGINT[]))",
            {"ids": list(latest)},
        )
    }
    following = _next_sequence(con, "core.event")
    replaced: list[Row] = []
    for event in latest.values():
        if event.event_id not in held:
            held[event.event_id] = (following, at)
            following += 1
        sequence, created_at = held[event.event_id]
        replaced.append(event_rows.event_row(event, sequence=sequence, created_at=created_at, changed_at=at))
    replace(con, "core.event", "event_id", replaced)


def load_alerts(
    con: duckdb.DuckDBPyConnection, alerts: Sequence[Alert], messages: Sequence[Message], run_id: int
) -> None:
    """Write alerts and what is owed of them into the ledger; those that are there already stay as they are."""
    known = _known(con, "core.alert", "alert_id", [alert.alert_id for alert in alerts])
    new = [pair for pair in zip(alerts, messages, strict=True) if pair[0].alert_id not in known]
    start = _next_sequence(con, "core.alert")
    insert_new(
        con,
        "core.alert",
        ("alert_id",),
        [
            event_rows.alert_row(alert, message, run_id=run_id, sequence=number)
            for number, (alert, message) in enumerate(new, start)
        ],
    )
    for alert, _ in new:  # what users have been told is how the event stood at the alert
        run(
            con,
            "UPDATE core.event SET alerted_status = ?, told = ? WHERE event_id = ?",
            [
                alert.event.told.status.value if alert.event.told else None,
                event_rows.told_json(alert.event.told),
                alert.event_id,
            ],
        )
    owed: list[Row] = [
        {
            "alert_id": alert.alert_id,
            "channel": channel,
            "state": "pending",
            "attempts": 0,
            "next_attempt_at": alert.created_at,
            "detail": "",
        }
        for alert, _ in new
        for channel in _owed_to(con, alert)
    ]
    insert_new(con, "ops.delivery", ("alert_id", "channel"), owed)


def _owed_to(con: duckdb.DuckDBPyConnection, alert: Alert) -> list[str]:
    """The channels that want the alert; of what is withdrawn or contradicted only those that were told of the event."""
    if alert.reason not in CORRECTIONS:
        return list(alert.channels)
    told = run(
        con,
        "SELECT DISTINCT channel FROM ops.delivery JOIN core.alert USING (alert_id) WHERE event_id = ?",
        [alert.event_id],
    )
    return [channel for channel in alert.channels if (channel,) in told]


def _known(con: duckdb.DuckDBPyConnection, table: str, column: str, ids: list[int]) -> set[int]:
    if not ids:
        return set()
    found = run(
        con,
        f"SELECT {column} FROM {table} WHERE {column} IN (SELECT unnest($ids::UBIGINT[]))",  # noqa: S608 - own names
        {"ids": ids},
    )
    return {row[0] for row in found}


def _next_sequence(con: duckdb.DuckDBPyConnection, table: str) -> int:
    ((following,),) = run(con, f"SELECT coalesce(max(sequence), 0) + 1 FROM {table}")  # noqa: S608 - own names
    return int(following)


def _flat(groups: Iterable[list[Row]]) -> list[Row]:
    return list(chain.from_iterable(groups))
