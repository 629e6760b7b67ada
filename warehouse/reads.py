"""What the pipeline asks the warehouse before it decides: plain SELECTs over a connection."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

import duckdb
import pyarrow as pa

from domain.copies import StoredText
from domain.event_model import Event
from domain.model import Outcome
from domain.revision import Vote
from warehouse import event_rows, report_rows, rows
from warehouse.arrow import registered
from warehouse.batch import PendingDelivery, StoredArticle
from warehouse.statements import run

MOST_HOLDERS = 200  # clusters that may share a key before it says nothing (footers)
LEAST_SHARED = 2  # one shared 32-bit key may be chance: one stray hit per hundred keys and forty million rows

_RETRIED = (Outcome.FETCH_FAILED.value, Outcome.EXTRACT_FAILED.value, Outcome.DEFERRED.value)
MOST_TRIES = 8  # of one item as it was listed; about two hours at a pass every quarter of an hour
_CLUSTER = "coalesce(alias.new_id, article.cluster_id)"


def known_items(con: duckdb.DuckDBPyConnection, sources: Collection[str]) -> dict[str, dict[str, str]]:
    """By source: canonical item address -> fingerprint of the items that need no further try.

    What failed is tried again, ``MOST_TRIES`` times in all; then it is left until it is listed in another way.
    """
    found = run(
        con,
        "WITH ended AS (FROM ops.item_end WHERE source IN (SELECT unnest($sources::VARCHAR[]))), "
        "last AS (SELECT source, address, arg_max(fingerprint, (ended_at, run_id)) AS fingerprint, "
        "arg_max(outcome, (ended_at, run_id)) AS outcome FROM ended GROUP BY source, address), "
        "tried AS (SELECT source, address, fingerprint, count(*) AS times FROM ended "
        "WHERE outcome <> 'deferred' GROUP BY source, address, fingerprint) "
        "SELECT source, address, fingerprint FROM last LEFT JOIN tried USING (source, address, fingerprint) "
        "WHERE NOT list_contains($retried, outcome) OR (outcome <> 'deferred' AND times >= $tries)",
        {"sources": list(sources), "retried": list(_RETRIED), "tries": MOST_TRIES},
    )
    known: dict[str, dict[str, str]] = {}
    for source, address, fingerprint in found:
        known.setdefault(source, {})[address] = fingerprint
    return known


def first_listed(con: duckdb.DuckDBPyConnection, source: str) -> datetime | None:
    """When a listing of the source first succeeded."""
    ((first,),) = run(
        con, "SELECT min(listed_at) FROM ops.listing WHERE source = ? AND error IS NULL", [source]
    )
    return rows.as_utc(first)


def stored(con: duckdb.DuckDBPyConnection, article_ids: Collection[int]) -> dict[int, StoredArticle]:
    """The latest version of each article that is stored."""
    found = run(
        con,
        f"SELECT article_id, max(version), arg_max(text_sha256, version), arg_max({_CLUSTER}, version) "  # noqa: S608
        "FROM core.article LEFT JOIN core.cluster_alias alias ON alias.old_id = article.cluster_id "
        "WHERE article_id IN (SELECT unnest($ids::UBIGINT[])) GROUP BY article_id",
        {"ids": list(article_ids)},
    )
    return {row[0]: StoredArticle(*row) for row in found}


def same_text(
    con: duckdb.DuckDBPyConnection, text_sha256s: Collection[str]
) -> dict[str, tuple[StoredText, ...]]:
    """All stored articles with one of these texts, over all versions and all time, first seen first.

    ``shared_keys`` is the size of the sketch: all of it is shared.
    """
    found = run(
        con,
        f"SELECT text_sha256, article_id, {_CLUSTER}, text, key_count "  # noqa: S608 - own constant
        "FROM core.article LEFT JOIN core.cluster_alias alias ON alias.old_id = article.cluster_id "
        "WHERE text_sha256 IN (SELECT unnest($texts::VARCHAR[])) "
        "QUALIFY row_number() OVER (PARTITION BY text_sha256, article_id ORDER BY version) = 1 "
        "ORDER BY seen_at, article_id",
        {"texts": list(text_sha256s)},
    )
    return _by_first(found)


def copy_candidates(
    con: duckdb.DuckDBPyConnection,
    keys: Mapping[int, Sequence[int]],
    *,
    since: datetime | None,
    most: int,
) -> dict[int, tuple[StoredText, ...]]:
    """Per article those stored articles (latest version) that share at least ``LEAST_SHARED`` keys with it.

    Keys held by more than ``MOST_HOLDERS`` of the clusters searched are left out. Clusters are counted, not
    articles, so that a footer is ignored but a story that hundreds copied is still found. ``since`` bounds the
    search by when the stored article was seen: older rows are skipped unread. Most shared first, then first seen.
    """
    pairs = [(article_id, key) for article_id, its_keys in keys.items() for key in set(its_keys)]
    if not pairs:
        return {}
    asked = pa.table(
        {
            "asker": pa.array([a for a, _ in pairs], pa.uint64()),
            "key": pa.array([k for _, k in pairs], pa.uint32()),
        }
    )
    with registered(con, "asked_keys", asked):
        found = run(con, _CANDIDATES, {"since": since, "most": most})
    return _by_first(found)


_CANDIDATES = f"""
    WITH hit AS (
        SELECT asked.asker, asked.key, sketch.article_id, sketch.version
        FROM core.sketch JOIN asked_keys asked USING (key)
        WHERE $since::TIMESTAMPTZ IS NULL OR sketch.seen_at >= $since::TIMESTAMPTZ
    ), latest AS (
        SELECT article_id, max(version) AS version FROM core.article
        WHERE article_id IN (SELECT article_id FROM hit) GROUP BY article_id
    ), placed AS (
        SELECT hit.asker, hit.key, article_id, version, {_CLUSTER} AS cluster_id, article.seen_at
        FROM hit JOIN latest USING (article_id, version) JOIN core.article USING (article_id, version)
        LEFT JOIN core.cluster_alias alias ON alias.old_id = article.cluster_id
    ), hot AS (
        SELECT key FROM placed GROUP BY key HAVING count(DISTINCT cluster_id) > {MOST_HOLDERS}
    ), counted AS (
        SELECT asker, article_id, version, cluster_id, seen_at, count(*)::INTEGER AS shared
        FROM placed WHERE key NOT IN (FROM hot) AND asker <> article_id
        GROUP BY asker, article_id, version, cluster_id, seen_at
        HAVING shared >= {LEAST_SHARED}
        QUALIFY row_number() OVER (PARTITION BY asker ORDER BY shared DESC, seen_at, article_id) <= $most
    )
    SELECT asker, article_id, counted.cluster_id, text, shared
    FROM counted JOIN core.article USING (article_id, version)
    ORDER BY asker, shared DESC, counted.seen_at, article_id
"""  # noqa: S608 - own constants


def events(con: duckdb.DuckDBPyConnection, pair: str) -> tuple[Event, ...]:
    """All events of a pair in the order in which they were first recorded."""
    found = run(
        con,
        f"SELECT {event_rows.EVENT_COLUMNS} FROM core.event WHERE pair = ? ORDER BY sequence",  # noqa: S608 - own constant
        [pair],
    )
    return tuple(event_rows.event_from_row(row) for row in found)


def votes(
    con: duckdb.DuckDBPyConnection, pair: str, article_ids: Collection[int]
) -> dict[int, tuple[Vote, ...]]:
    """What the latest versions of these articles told of a pair, by article, with the events it was joined to."""
    return _votes(con, pair, "contact.article_id", article_ids, by=lambda vote: vote.report.article_id)


def votes_for(
    con: duckdb.DuckDBPyConnection, pair: str, event_ids: Collection[int]
) -> dict[int, tuple[Vote, ...]]:
    """All that tells these events of a pair, by event."""
    return _votes(con, pair, "link.event_id", event_ids, by=lambda vote: vote.event_id)


def _votes(
    con: duckdb.DuckDBPyConnection,
    pair: str,
    column: str,
    ids: Collection[int],
    *,
    by: Callable[[Vote], int],
) -> dict[int, tuple[Vote, ...]]:
    if not ids:
        return {}
    found = run(
        con,
        f"SELECT {report_rows.VOTE_COLUMNS} {report_rows.VOTE_TABLES} "
        f"WHERE contact.pair = $pair AND {column} IN (SELECT unnest($ids::UBIGINT[])) "
        "AND contact.superseded_at IS NULL ORDER BY contact.contact_id",
        {"pair": pair, "ids": list(ids)},
    )
    grouped: dict[int, list[Vote]] = {}
    for row in found:
        vote = report_rows.vote_from_row(row)
        grouped.setdefault(by(vote), []).append(vote)
    return {key: tuple(group) for key, group in grouped.items()}


def pins(con: duckdb.DuckDBPyConnection) -> tuple[dict[int, int], dict[int, int]]:
    """The contacts that analysts have tied to events, and those that they have rejected, with their events."""
    found = run(con, "SELECT contact_id, event_id, kept FROM core.pin")
    return {row[0]: row[1] for row in found if row[2]}, {row[0]: row[1] for row in found if not row[2]}


def pending(con: duckdb.DuckDBPyConnection, channel: str, now: datetime) -> tuple[PendingDelivery, ...]:
    """Messages that the channel is owed and that are due, in the order in which the alerts were raised."""
    found = run(
        con,
        "SELECT attempts, digest_id, alert_id, event_id, reason, created_at, headline, body, address, payload "
        "FROM ops.delivery JOIN core.alert USING (alert_id) "
        "WHERE channel = ? AND state = 'pending' AND next_attempt_at <= ? ORDER BY sequence",
        [channel, now],
    )
    return tuple(
        PendingDelivery(event_rows.message_from_row(row[2:]), channel, row[0], row[1]) for row in found
    )


def sent_since(con: duckdb.DuckDBPyConnection, channel: str, since: datetime) -> int:
    """How many messages a channel has taken since then; the alerts of a digest were sent at one instant."""
    ((count,),) = run(
        con,
        "SELECT count(DISTINCT sent_at) FROM ops.delivery WHERE channel = ? AND state = 'sent' AND sent_at > ?",
        [channel, since],
    )
    return int(count)


def _by_first(found: list[tuple[Any, ...]]) -> dict[Any, tuple[StoredText, ...]]:
    grouped: dict[Any, list[StoredText]] = {}
    for first, article_id, cluster_id, text, shared in found:
        grouped.setdefault(first, []).append(StoredText(article_id, cluster_id, text, shared))
    return {first: tuple(texts) for first, texts in grouped.items()}
