"""What the warehouse knows of how sources fare, and the states that were made of it."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta

import duckdb

from domain.health import Finding, Health, HealthChange, Shares, SourceFacts
from warehouse import rows
from warehouse.arrow import Row, insert_new, replace
from warehouse.statements import run

PAST = timedelta(days=28)  # of which "as a rule" is told
LATELY = 20  # items
BEFORE = 200  # items before those
_SETTLED = timedelta(hours=1)  # what comes later than this after the first listing is news, not the backlog

_LISTINGS = """
    WITH success AS (
        SELECT source, min(listed_at) AS first_at, max(listed_at) AS last_at
        FROM ops.listing WHERE error IS NULL GROUP BY source
    ), full_listing AS (
        SELECT source, items, row_number() OVER (PARTITION BY source ORDER BY listed_at DESC) AS age
        FROM ops.listing WHERE error IS NULL AND NOT not_modified AND listed_at > $past
    )
    SELECT
        listing.source,
        any_value(success.first_at),
        any_value(success.last_at),
        count(*) FILTER (
            WHERE listing.error IS NOT NULL AND (success.last_at IS NULL OR listing.listed_at > success.last_at)
        ),
        coalesce(arg_max(listing.error, listing.listed_at) FILTER (WHERE listing.error IS NOT NULL), ''),
        arg_max(listing.status, listing.listed_at) FILTER (WHERE listing.error IS NOT NULL),
        (SELECT any_value(items) FROM full_listing WHERE source = listing.source AND age = 1),
        coalesce((SELECT median(items) FROM full_listing WHERE source = listing.source AND age > 1), 0)
    FROM ops.listing AS listing LEFT JOIN success USING (source)
    WHERE listing.source IN (SELECT unnest($slugs::VARCHAR[]))
    GROUP BY listing.source
"""
_NEWS = """
    SELECT item_end.source, max(ended_at), count(*) FILTER (WHERE ended_at > greatest(first_at + $settled, $past))
    FROM ops.item_end JOIN (
        SELECT source, min(listed_at) AS first_at FROM ops.listing WHERE error IS NULL GROUP BY source
    ) USING (source)
    WHERE item_end.source IN (SELECT unnest($slugs::VARCHAR[])) AND outcome IN ('stored', 'stored_undated', 'copy')
    GROUP BY item_end.source
"""
_SHARES = """
    WITH ended AS (
        SELECT source, outcome, regexp_matches(detail, 'answered (401|403|407|429|451)') AS refused,
            row_number() OVER (PARTITION BY source ORDER BY ended_at DESC, address) AS age
        FROM ops.item_end
        WHERE source IN (SELECT unnest($slugs::VARCHAR[])) AND ended_at > $past
            AND outcome NOT IN ('deferred', 'too_large')
    )
    SELECT
        source,
        age <= $lately AS late,
        count(*),
        avg((refused OR outcome = 'refused')::INTEGER),
        avg((outcome IN ('no_text', 'empty', 'not_text', 'extract_failed'))::INTEGER),
        coalesce(avg((outcome = 'stored_undated')::INTEGER) FILTER (
            WHERE outcome IN ('stored', 'stored_undated', 'copy', 'new_version')), 0)
    FROM ended WHERE age <= $lately + $before
    GROUP BY source, late
"""


def facts(con: duckdb.DuckDBPyConnection, slugs: Collection[str], now: datetime) -> tuple[SourceFacts, ...]:
    """What is known of each of these sources that was ever listed."""
    asked = {"slugs": list(slugs), "past": now - PAST}
    news = {row[0]: row[1:] for row in run(con, _NEWS, {**asked, "settled": _SETTLED})}
    shares: dict[tuple[str, bool], Shares] = {
        (row[0], row[1]): Shares(*row[2:])
        for row in run(con, _SHARES, {**asked, "lately": LATELY, "before": BEFORE})
    }
    found = []
    for slug, first_at, last_at, failures, error, status, listed, usual in run(con, _LISTINGS, asked):
        last_new, fresh = news.get(slug, (None, 0))
        found.append(
            SourceFacts(
                slug=slug,
                last_success_at=rows.as_utc(last_at),
                failures_in_a_row=failures,
                last_error=error,
                last_status=status,
                listed_items=listed,
                usual_items=usual,
                last_new_at=rows.as_utc(last_new),
                new_per_day=_per_day(fresh, first_at, now),
                lately=shares.get((slug, True), Shares()),
                before=shares.get((slug, False), Shares()),
            )
        )
    return tuple(found)


def _per_day(fresh: int, first_at: datetime | None, now: datetime) -> float:
    """New items a day since the source has been watched, at most over ``PAST``; 0 within its first day."""
    if first_at is None or now - first_at < timedelta(days=1):
        return 0.0
    return float(fresh / (min(now - first_at, PAST) / timedelta(days=1)))


def record(
    con: duckdb.DuckDBPyConnection, findings: Sequence[Finding], now: datetime
) -> tuple[HealthChange, ...]:
    """Put these states in place of what they were, and give what operators have to be told."""
    held = {row[0]: row[1:] for row in run(con, "SELECT source, state, since, told_state FROM ops.health")}
    changes = []
    fresh: list[Row] = []
    for finding in findings:
        state, since, told = held.get(finding.slug, (None, now, None))
        since = rows.as_utc(since) if state == finding.state.value else now
        was = Health(told) if told else Health.OK
        if finding.to_be_told(was):
            changes.append(HealthChange(finding, was, now))
            told = finding.state.value
        fresh.append(_row(finding, since, told, now))
    replace(con, "ops.health", "source", fresh)
    return tuple(changes)


def _row(finding: Finding, since: datetime | None, told: str | None, now: datetime) -> Mapping[str, object]:
    return {
        "source": finding.slug,
        "state": finding.state.value,
        "since": since,
        "detail": finding.detail,
        "checked_at": now,
        "told_state": told,
        "last_new_at": finding.facts.last_new_at,
        "new_per_day": finding.facts.new_per_day,
        "without_text": finding.facts.lately.without_text,
        "without_date": finding.facts.lately.without_date,
    }


def load_notices(con: duckdb.DuckDBPyConnection, notices: Sequence[Row], channels: Sequence[str]) -> None:
    """Write notices to operators into the ledger, each owed to these channels."""
    ((following,),) = run(con, "SELECT coalesce(max(sequence), 0) + 1 FROM core.alert")
    numbered = [{**notice, "sequence": number} for number, notice in enumerate(notices, following)]
    insert_new(con, "core.alert", ("alert_id",), numbered)
    owed: list[Row] = [
        {
            "alert_id": notice["alert_id"],
            "channel": channel,
            "state": "pending",
            "attempts": 0,
            "next_attempt_at": notice["created_at"],
            "detail": "",
        }
        for notice in notices
        for channel in channels
    ]
    insert_new(con, "ops.delivery", ("alert_id", "channel"), owed)
