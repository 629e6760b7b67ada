"""Rows into tables by Arrow: exact types, one statement per table, nothing that is there already.

Single-row inserts cost about a hundred times as much; an anti-join costs less than ON CONFLICT and needs no
index.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import duckdb
import pyarrow as pa

from warehouse.statements import count_changed, run

_U64, _U32, _U16, _I32, _I16 = pa.uint64(), pa.uint32(), pa.uint16(), pa.int32(), pa.int16()
_TEXT, _REAL, _FLAG, _DAY = pa.string(), pa.float64(), pa.bool_(), pa.date32()
_TIME, _TEXTS, _IDS = pa.timestamp("us", "UTC"), pa.list_(pa.string()), pa.list_(pa.uint64())

Row = Mapping[str, Any]

_HALVES = re.compile("[\ud800-\udfff]")

# Columns of every table that is loaded, in any order: inserts name them.
_COLUMNS: dict[str, dict[str, Any]] = {
    "core.article": {
        "article_id": _U64, "version": _U16, "address": _TEXT, "source": _TEXT, "outlet": _TEXT,
        "title": _TEXT, "text": _TEXT, "language": _TEXT, "published_at": _TIME,
        "published_offset_minutes": _I16, "published_precision": _TEXT, "published_basis": _TEXT,
        "seen_at": _TIME, "capture_sha256": _TEXT, "text_sha256": _TEXT, "extractor": _TEXT,
        "fingerprint": _TEXT, "outcome": _TEXT, "cluster_id": _U64, "key_count": _I32,
        "detected_language": _TEXT, "lexicon": _TEXT, "rules_version": _TEXT, "run_id": _U64,
        "loaded_at": _TIME,
    },
    "core.sketch": {"key": _U32, "article_id": _U64, "version": _U16, "seen_at": _TIME},
    "core.copy_link": {
        "article_id": _U64, "version": _U16, "origin_id": _U64, "relation": _TEXT, "containment5": _REAL,
        "jaccard3": _REAL, "shared_keys": _I32, "decided_at": _TIME,
    },
    "core.cluster_alias": {"old_id": _U64, "new_id": _U64, "merged_at": _TIME},
    "core.contact": {
        "contact_id": _U64, "article_id": _U64, "version": _U16, "position": _U16, "pair": _TEXT,
        "kind": _TEXT, "status": _TEXT, "role": _TEXT, "date_from": _DAY, "date_to": _DAY,
        "date_precision": _TEXT, "date_basis": _TEXT, "date_words": _TEXT, "place": _TEXT,
        "with_others": _TEXTS, "initiator": _TEXT, "duration_minutes": _I32, "topics": _TEXTS,
        "time_minute": _I16, "time_zone": _TEXT, "started_at": _TIME,
        "evidence_field": _TEXT, "evidence_start": _I32, "evidence_end": _I32, "evidence_quote": _TEXT,
        "rule": _TEXT, "cues": _TEXTS, "confidence": _REAL, "again": _FLAG, "lexicon": _TEXT,
        "rules_version": _TEXT, "loaded_at": _TIME,
    },
    "core.rejected": {
        "article_id": _U64, "version": _U16, "position": _U16, "rule": _TEXT, "reason": _TEXT,
        "field": _TEXT, "start_at": _I32, "end_at": _I32, "quote": _TEXT,
    },
    "core.event": {
        "event_id": _U64, "sequence": _U64, "pair": _TEXT, "kind": _TEXT, "status": _TEXT,
        "date_from": _DAY, "date_to": _DAY, "date_precision": _TEXT, "date_basis": _TEXT,
        "date_words": _TEXT, "place": _TEXT, "with_others": _TEXTS, "initiator": _TEXT,
        "time_minute": _I16, "time_zone": _TEXT, "started_at": _TIME,
        "duration_minutes": _I32, "topics": _TEXTS, "first_reported_at": _TIME, "first_source": _TEXT,
        "reported_as": _TEXT, "confidence": _REAL, "alerted_status": _TEXT, "clusters": _IDS,
        "again": _FLAG, "status_at": _TIME, "contradicted": _FLAG, "told": _TEXT, "standing": _TEXT,
        "merged_into": _U64, "muted_until": _TIME, "created_at": _TIME, "changed_at": _TIME,
    },
    "core.event_contact": {
        "event_id": _U64, "contact_id": _U64, "score": _I32, "why": _TEXT, "doubt": _TEXT, "linked_at": _TIME,
    },
    "core.event_history": {
        "event_id": _U64, "changed_at": _TIME, "position": _U32, "contact_id": _U64, "article_id": _U64,
        "what": _TEXT, "kind_before": _TEXT, "kind_after": _TEXT, "status_before": _TEXT,
        "status_after": _TEXT, "date_from_before": _DAY, "date_from_after": _DAY, "date_to_before": _DAY,
        "date_to_after": _DAY, "date_precision_before": _TEXT, "date_precision_after": _TEXT,
        "place_before": _TEXT, "place_after": _TEXT, "with_others_before": _TEXTS,
        "with_others_after": _TEXTS, "reported_as_before": _TEXT, "reported_as_after": _TEXT,
        "score": _I32, "why": _TEXT,
    },
    "core.alert": {
        "alert_id": _U64, "sequence": _U64, "event_id": _U64, "contact_id": _U64, "article_id": _U64,
        "run_id": _U64, "reason": _TEXT, "created_at": _TIME, "headline": _TEXT, "body": _TEXT,
        "address": _TEXT, "payload": _TEXT,
    },
    "core.suppressed": {
        "event_id": _U64, "contact_id": _U64, "article_id": _U64, "held_at": _TIME, "hold": _TEXT,
        "detail": _TEXT,
    },
    "core.pin": {"contact_id": _U64, "event_id": _U64, "kept": _FLAG, "verdict_id": _U64},
    "core.verdict": {
        "verdict_id": _U64, "decided_at": _TIME, "action": _TEXT, "event_id": _U64, "other_event_id": _U64,
        "contact_ids": _IDS, "until": _TIME, "note": _TEXT,
    },
    "ops.source": {
        "slug": _TEXT, "kind": _TEXT, "address": _TEXT, "side": _TEXT, "language": _TEXT, "name": _TEXT,
        "recorded_at": _TIME,
    },
    "ops.item_end": {
        "run_id": _U64, "source": _TEXT, "address": _TEXT, "listed_address": _TEXT, "fingerprint": _TEXT,
        "outcome": _TEXT, "detail": _TEXT, "article_id": _U64, "ended_at": _TIME,
    },
    "ops.outcome_count": {"run_id": _U64, "source": _TEXT, "outcome": _TEXT, "items": _U32},
    "ops.listing": {
        "run_id": _U64, "source": _TEXT, "listed_at": _TIME, "items": _U32, "not_modified": _FLAG,
        "error": _TEXT, "status": _I16,
    },
    "ops.fetch": {
        "run_id": _U64, "position": _U32, "source": _TEXT, "address": _TEXT, "fetched_at": _TIME,
        "status": _I16, "sha256": _TEXT, "size": _U64, "error": _TEXT,
    },
    "ops.validator": {
        "source": _TEXT, "key": _TEXT, "etag": _TEXT, "last_modified": _TEXT, "recorded_at": _TIME,
    },
    "ops.cursor": {"source": _TEXT, "position": _TEXT, "recorded_at": _TIME},
    "ops.robots": {"origin": _TEXT, "text": _TEXT, "detail": _TEXT, "asked_at": _TIME},
    "ops.capture": {
        "sha256": _TEXT, "file": _TEXT, "start_at": _U64, "length": _U64, "size": _U64, "address": _TEXT,
        "captured_at": _TIME,
    },
    "ops.health": {
        "source": _TEXT, "state": _TEXT, "since": _TIME, "detail": _TEXT, "checked_at": _TIME,
        "told_state": _TEXT, "last_new_at": _TIME, "new_per_day": _REAL, "without_text": _REAL,
        "without_date": _REAL,
    },
    "ops.delivery": {
        "alert_id": _U64, "channel": _TEXT, "state": _TEXT, "attempts": _U32, "next_attempt_at": _TIME,
        "detail": _TEXT,
    },
}  # fmt: skip


def insert_new(con: duckdb.DuckDBPyConnection, table: str, key: Sequence[str], rows: Sequence[Row]) -> int:
    """Insert those rows whose key is not in the table; of rows with one key the first counts.

    ``table`` and ``key`` are names of this package, never user input. Returns how many rows are new.
    """
    firsts: dict[tuple[Any, ...], Row] = {}
    for row in rows:
        firsts.setdefault(tuple(row[name] for name in key), row)
    if not firsts:
        return 0
    types = _COLUMNS[table]
    fresh = [{name: _storable(row.get(name)) for name in types} for row in firsts.values()]
    columns = ", ".join(types)
    same = " AND ".join(f"held.{name} = fresh.{name}" for name in key)
    with registered(con, "fresh_rows", pa.Table.from_pylist(fresh, schema=pa.schema(types))):
        return count_changed(
            con,
            f"INSERT INTO {table} ({columns}) SELECT {columns} FROM fresh_rows fresh "  # noqa: S608 - own names
            f"WHERE NOT EXISTS (FROM {table} held WHERE {same})",
        )


def replace(con: duckdb.DuckDBPyConnection, table: str, key: str, rows: Sequence[Row]) -> None:
    """Put the rows in place of those with the same key (delete and insert, in the caller's transaction)."""
    if not rows:
        return
    keys = pa.table({key: pa.array([row[key] for row in rows], _COLUMNS[table][key])})
    with registered(con, "fresh_keys", keys):
        run(con, f"DELETE FROM {table} WHERE {key} IN (FROM fresh_keys)")  # noqa: S608 - names of this package
    insert_new(con, table, [key], rows)


@contextmanager
def registered(con: duckdb.DuckDBPyConnection, name: str, table: pa.Table) -> Iterator[None]:
    """An Arrow table under a name in SQL.

    After an error the name stays until it is used again: an aborted transaction refuses to drop it, and that refusal
    would hide the error.
    """
    con.register(name, table)
    yield
    con.unregister(name)


def _storable(value: Any) -> Any:
    """Half a surrogate pair (JSON can hold one) is no character: U+FFFD takes its place, offsets stay right."""
    if isinstance(value, str):
        return _HALVES.sub("\ufffd", value)
    if isinstance(value, list):
        return [_storable(inner) for inner in value]
    return value
