"""What is remembered of sources: what their servers said, their robots.txt, where captures lie, their health."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

import duckdb

from domain.model import FetchState, SiteRules, Validators
from warehouse import rows
from warehouse.arrow import insert_new, replace
from warehouse.captures import CaptureRow
from warehouse.statements import run

MOST_RULES = 100_000  # characters of a robots.txt that is kept; a larger one is asked for in every pass


def fetch_states(con: duckdb.DuckDBPyConnection) -> dict[str, FetchState]:
    """What sources remember of the last pass in which all their items ended, by slug."""
    validators: dict[str, dict[str, Validators]] = {}
    for source, key, etag, modified in run(con, "SELECT source, key, etag, last_modified FROM ops.validator"):
        validators.setdefault(source, {})[key] = Validators(etag, modified)
    cursors: dict[str, str] = dict(run(con, "SELECT source, position FROM ops.cursor"))
    return {
        source: FetchState(validators.get(source, {}), cursors.get(source)) for source in validators | cursors
    }


def record_states(
    con: duckdb.DuckDBPyConnection, states: Sequence[tuple[str, FetchState]], at: datetime
) -> None:
    """Keep what these sources remember, in place of what they remembered before."""
    slugs = [source for source, _ in states]
    run(con, "DELETE FROM ops.validator WHERE source IN (SELECT unnest(?::VARCHAR[]))", [slugs])
    insert_new(
        con,
        "ops.validator",
        ("source", "key"),
        [
            {
                "source": source,
                "key": key,
                "etag": said.etag,
                "last_modified": said.last_modified,
                "recorded_at": at,
            }
            for source, state in states
            for key, said in state.validators.items()
        ],
    )
    cursors = [
        {"source": source, "position": state.cursor, "recorded_at": at}
        for source, state in states
        if state.cursor is not None
    ]
    replace(con, "ops.cursor", "source", cursors)


def site_rules(con: duckdb.DuckDBPyConnection, since: datetime) -> dict[str, SiteRules]:
    """The robots.txt that were asked for since then, by origin."""
    found = run(con, "SELECT origin, text, detail, asked_at FROM ops.robots WHERE asked_at >= ?", [since])
    return {row[0]: SiteRules(row[0], row[1], row[2], row[3]) for row in found}


def record_rules(con: duckdb.DuckDBPyConnection, rules: Collection[SiteRules]) -> None:
    """Keep these robots.txt for other passes."""
    replace(
        con,
        "ops.robots",
        "origin",
        [
            {"origin": one.origin, "text": one.text, "detail": one.detail, "asked_at": one.asked_at}
            for one in rules
            if len(one.text or "") <= MOST_RULES
        ],
    )


def captured(con: duckdb.DuckDBPyConnection, sha256s: Collection[str]) -> set[str]:
    """Those of these hashes whose bytes are kept already."""
    found = run(
        con, "SELECT DISTINCT sha256 FROM ops.capture WHERE sha256 IN (SELECT unnest(?::VARCHAR[]))", [list(sha256s)]
    )  # fmt: skip
    return {row[0] for row in found}


def capture_of(con: duckdb.DuckDBPyConnection, sha256: str) -> CaptureRow | None:
    """Where the bytes with this hash lie; None where they are not kept (any more)."""
    found = run(
        con,
        "SELECT sha256, file, start_at, length, size, address, captured_at FROM ops.capture WHERE sha256 = ? "
        "ORDER BY captured_at LIMIT 1",
        [sha256],
    )
    if not found:
        return None
    hash_, file, start, length, size, address, at = found[0]
    return CaptureRow(hash_, file, start, length, size, address, rows.as_utc(at) or at)


def captures_end(con: duckdb.DuckDBPyConnection, file: str) -> int:
    """Where the last known record of a file ends (bytes)."""
    ((end,),) = run(con, "SELECT coalesce(max(start_at + length), 0) FROM ops.capture WHERE file = ?", [file])
    return int(end)


def record_captures(con: duckdb.DuckDBPyConnection, kept: Sequence[CaptureRow]) -> None:
    """Remember where captures lie."""
    insert_new(
        con,
        "ops.capture",
        ("file", "start_at"),
        [
            {
                "sha256": row.sha256,
                "file": row.file,
                "start_at": row.start,
                "length": row.length,
                "size": row.size,
                "address": row.address,
                "captured_at": row.captured_at,
            }
            for row in kept
        ],
    )


def forget_captures(con: duckdb.DuckDBPyConnection, files: Collection[str]) -> None:
    """Forget all records of these files."""
    run(con, "DELETE FROM ops.capture WHERE file IN (SELECT unnest(?::VARCHAR[]))", [list(files)])
