"""The small records around the loads: runs, sources, listings, fetches, deliveries."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import duckdb

from warehouse import rows
from warehouse.arrow import insert_new, replace
from warehouse.batch import DeliveryAttempt, ListingEnd, Run, RunFinish, SourceRow
from warehouse.errors import WarehouseError
from warehouse.source_rows import record_states
from warehouse.statements import count_changed, run


def begin_run(con: duckdb.DuckDBPyConnection, begun: Run) -> None:
    """Record a run as running, and its sources; a run "running" from before was killed: it is "stopped"."""
    run(
        con,
        "UPDATE ops.run SET state = 'stopped', detail = 'ended without a word (killed or crashed)' "
        "WHERE state = 'running' AND run_id <> ?",
        [begun.run_id],
    )
    run(
        con,
        "INSERT INTO ops.run (run_id, started_at, state, detail, command, engine, version, watch_sha256) "
        "SELECT $run_id::UBIGINT, $started_at, 'running', '', $command, $engine, $version, $watch_sha256 "
        "WHERE NOT EXISTS (FROM ops.run WHERE run_id = $run_id::UBIGINT)",
        {
            "run_id": begun.run_id,
            "started_at": begun.started_at,
            "command": begun.command,
            "engine": begun.engine,
            "version": begun.version,
            "watch_sha256": begun.watch_sha256,
        },
    )
    record_sources(con, begun.sources, begun.started_at)


def record_sources(con: duckdb.DuckDBPyConnection, sources: Sequence[SourceRow], at: datetime) -> None:
    """Keep the sources as now configured; those no longer configured stay, for their articles' sake."""
    replace(
        con,
        "ops.source",
        "slug",
        [
            {
                "slug": source.slug,
                "kind": source.kind,
                "address": source.address,
                "side": source.side,
                "language": source.language,
                "name": source.name,
                "tier": source.tier,
                "country": source.country,
                "state_affiliated": source.state_affiliated,
                "recorded_at": at,
            }
            for source in sources
        ],
    )


def finish_run(con: duckdb.DuckDBPyConnection, finish: RunFinish) -> None:
    """Record how a run ended and what its listings and requests were.

    Raises:
        WarehouseError: where no such run was begun.
    """
    updated = count_changed(
        con,
        "UPDATE ops.run SET ended_at = ?, state = ?, detail = ? WHERE run_id = ?",
        [finish.ended_at, finish.state, finish.detail, finish.run_id],
    )
    if not updated:
        raise WarehouseError(f"run {finish.run_id} was never begun: call begin_run first")
    _record_counts(con, finish)
    _record_requests(con, finish)


def _record_counts(con: duckdb.DuckDBPyConnection, finish: RunFinish) -> None:
    insert_new(
        con,
        "ops.outcome_count",
        ("run_id", "source", "outcome"),
        [
            {"run_id": finish.run_id, "source": one.source, "outcome": one.outcome.value, "items": one.count}
            for one in finish.counts
        ],
    )
    record_listings(con, finish.run_id, finish.listings)


def record_listings(con: duckdb.DuckDBPyConnection, run_id: int, listings: Sequence[ListingEnd]) -> None:
    """Record how listings of a run went; those that are recorded already stay as they are."""
    insert_new(
        con,
        "ops.listing",
        ("run_id", "source"),
        [
            {
                "run_id": run_id,
                "source": listing.source,
                "listed_at": listing.at,
                "items": listing.items,
                "not_modified": listing.not_modified,
                "error": listing.error,
                "status": listing.status,
            }
            for listing in listings
        ],
    )


def _record_requests(con: duckdb.DuckDBPyConnection, finish: RunFinish) -> None:
    insert_new(
        con,
        "ops.fetch",
        ("run_id", "position"),
        [
            rows.fetch_row(fetch, run_id=finish.run_id, position=position)
            for position, fetch in enumerate(finish.fetches)
        ],
    )
    record_states(con, finish.states, finish.ended_at)


def record_delivery(con: duckdb.DuckDBPyConnection, attempt: DeliveryAttempt) -> None:
    """Record one attempt and what follows from it.

    Raises:
        WarehouseError: where the channel is not owed this alert, or the attempt says neither how it ended nor
            when to try again.
    """
    if not (attempt.ok or attempt.dead or attempt.next_attempt_at):
        raise WarehouseError(f"alert {attempt.alert_id}: a failed attempt needs next_attempt_at, or dead")
    state = "sent" if attempt.ok else "dead" if attempt.dead else "pending"
    updated = count_changed(
        con,
        "UPDATE ops.delivery SET state = $state, attempts = attempts + 1, last_attempt_at = $at, "
        "next_attempt_at = $next, sent_at = CASE WHEN $ok THEN $at::TIMESTAMPTZ END, detail = $detail "
        "WHERE alert_id = $alert_id AND channel = $channel AND state <> 'sent'",
        {
            "state": state,
            "at": attempt.at,
            "next": attempt.next_attempt_at if state == "pending" else None,
            "ok": attempt.ok,
            "detail": attempt.detail,
            "alert_id": attempt.alert_id,
            "channel": attempt.channel,
        },
    )
    if not updated:
        raise WarehouseError(
            f"alert {attempt.alert_id} is not owed to channel {attempt.channel!r} (unknown, or sent already)"
        )
    run(
        con,
        "INSERT INTO ops.delivery_attempt (alert_id, channel, attempted_at, ok, dead, detail) "
        "VALUES (?, ?, ?, ?, ?, ?)",
        [attempt.alert_id, attempt.channel, attempt.at, attempt.ok, attempt.dead, attempt.detail],
    )


def fold(con: duckdb.DuckDBPyConnection, channel: str, alert_ids: Sequence[int], digest_id: int) -> None:
    """Write down that a channel is to get these alerts as one digest."""
    run(
        con,
        "UPDATE ops.delivery SET digest_id = ? WHERE channel = ? AND alert_id IN (SELECT unnest(?::UBIGINT[]))",
        [digest_id, channel, list(alert_ids)],
    )


def owe_again(con: duckdb.DuckDBPyConnection, at: datetime) -> int:
    """Let everything that was given up, or waits, be due at ``at`` as if it had never been tried; gives the count."""
    return count_changed(
        con,
        "UPDATE ops.delivery SET state = 'pending', attempts = 0, next_attempt_at = ? WHERE state <> 'sent'",
        [at],
    )
