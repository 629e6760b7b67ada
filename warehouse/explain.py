"""Why an event is as it is, and what became of an address: all that the snapshot knows, as plain data.

Answers are dicts and lists ready for ``json.dumps``: 64-bit ids are decimal strings, instants ISO 8601 in
UTC, days ``YYYY-MM-DD``. How they are shown is the caller's matter.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Any

import duckdb

from warehouse.errors import NotFound, chain_duckdb_errors
from warehouse.query import open_published
from warehouse.rows import known_address

Record = dict[str, Any]

# Every contact ever linked to something, also those that a newer version of the article no longer makes.
_CONTACTS = """
    SELECT
        contact.contact_id, link.event_id, contact.article_id, contact.version, article.address,
        article.source, article.side, article.outlet, said.title, said.published_at, said.published_precision,
        article.cluster_id, contact.kind, contact.status, contact.role,
        {'from': contact.date_from, 'to': contact.date_to, 'precision': contact.date_precision,
         'basis': contact.date_basis, 'words': contact.date_words} AS date,
        contact.place, contact.with_others, contact.initiator, contact.duration_minutes, contact.topics,
        make_time(contact.time_minute // 60, contact.time_minute % 60, 0) AS time_of_day, contact.time_zone,
        {'field': contact.evidence_field, 'start': contact.evidence_start, 'end': contact.evidence_end,
         'quote': contact.evidence_quote} AS words,
        contact.rule, contact.cues, contact.confidence, contact.lexicon, contact.rules_version,
        contact.superseded_at IS NOT NULL AS superseded,
        link.score AS join_score, link.why AS join_why
    FROM core.contact AS contact
    JOIN core.article AS said ON said.article_id = contact.article_id AND said.version = contact.version
    JOIN core.current_article AS article ON article.article_id = contact.article_id
    LEFT JOIN core.event_contact AS link ON link.contact_id = contact.contact_id
"""


def explain_event(home: Path, event_id: int) -> Record:
    """Everything behind an event.

    Keys: ``event`` (as in the view), ``contacts`` (each with article, words and offsets, rule, cues, date and
    why it was joined), ``history``, ``alerts`` (each with its ``deliveries``), ``suppressed``,
    ``confirmations``.

    Raises:
        NotFound: where the snapshot has no such event.
        NotPublished: where there is no snapshot yet.
    """
    con = open_published(home)
    try:
        with chain_duckdb_errors(f"explaining event {event_id}"):
            possible = 0 <= event_id < 2**64
            found = (
                _records(con, "FROM core.described_event WHERE event_id = ?", event_id) if possible else []
            )
            if not found:
                raise NotFound(f"no event {event_id} in the snapshot: `parley events` lists those there are")
            return {
                "event": found[0],
                "contacts": _records(
                    con,
                    f"{_CONTACTS} WHERE link.event_id = ? "
                    "ORDER BY coalesce(said.published_at, said.seen_at), contact_id",
                    event_id,
                ),
                "history": _records(
                    con, "FROM event_history WHERE event_id = ? ORDER BY changed_at, position", event_id
                ),
                "alerts": _alerts(con, "event_id", event_id),
                "suppressed": _records(con, "FROM suppressed WHERE event_id = ? ORDER BY held_at", event_id),
                "confirmations": _records(
                    con, "FROM confirmations WHERE event_id = ? ORDER BY said_at", event_id
                ),
            }
    finally:
        con.close()


def explain_address(home: Path, address: str) -> Record:
    """What became of an address, and why it raised an alert or none.

    Keys: ``address``, ``article_id``, ``verdict`` (a sentence), ``items`` (how it ended in each run that took
    it up, latest first), ``versions``, ``copies`` (what it is a copy of, and what is a copy of it),
    ``contacts``, ``rejected`` (passages not taken, with reasons), ``events``, ``alerts``, ``suppressed``.

    Raises:
        NotFound: where the snapshot knows neither an article nor an item of that address.
        NotPublished: where there is no snapshot yet.
    """
    canonical = known_address(address)
    con = open_published(home)
    try:
        with chain_duckdb_errors(f"explaining {canonical}"):
            items = _records(con, _ITEMS, canonical, address)
            wanted = _article_of(con, canonical, items)
            told = {
                "address": canonical,
                "article_id": None if wanted is None else str(wanted),
                "items": items,
                "versions": _records(con, _VERSIONS, wanted),
                "copies": _records(
                    con,
                    "FROM copies WHERE article_id = $1 OR origin_id = $1 ORDER BY decided_at, article_id",
                    wanted,
                ),
                "contacts": _records(
                    con,
                    f"{_CONTACTS} WHERE contact.article_id = ? ORDER BY contact.version, contact.position",
                    wanted,
                ),
                "rejected": _records(con, _REJECTED, wanted),
                "events": _records(con, _EVENTS, wanted),
                "alerts": _alerts(con, "article_id", wanted),
                "suppressed": _records(con, "FROM suppressed WHERE article_id = ? ORDER BY held_at", wanted),
            }
    finally:
        con.close()
    if not (told["items"] or told["versions"]):
        raise NotFound(f"nothing is known of {canonical}: no source of this home has listed it so far")
    return {**told, "verdict": _verdict(told)}


_ITEMS = """
    SELECT run_id, ended_at, source, listed_address, outcome, detail, article_id FROM ops.item_end
    WHERE address = ? OR listed_address = ? ORDER BY ended_at DESC, run_id DESC
"""
_VERSIONS = """
    SELECT version, title, language, published_at, published_precision, published_basis, seen_at, outcome,
        outlet, source, extractor, capture_sha256, text_sha256, length(text) AS characters, detected_language,
        lexicon, rules_version
    FROM core.article WHERE article_id = ? ORDER BY version
"""
_REJECTED = """
    SELECT version, rule, reason, {'field': field, 'start': start_at, 'end': end_at, 'quote': quote} AS words
    FROM core.rejected WHERE article_id = ? ORDER BY version, position
"""
_EVENTS = """
    FROM core.described_event WHERE event_id IN (
        SELECT event_id FROM core.event_contact JOIN core.contact USING (contact_id) WHERE article_id = ?)
    ORDER BY created_at, event_id
"""


def _article_of(con: duckdb.DuckDBPyConnection, canonical: str, items: list[Record]) -> int | None:
    found = con.execute(
        "SELECT article_id FROM core.article WHERE address = ? LIMIT 1", [canonical]
    ).fetchone()
    # A page may name another address as its canonical one: then the item knows which article it became.
    became = [found[0]] if found else [item["article_id"] for item in items if item["article_id"]]
    return int(became[0]) if became else None


def _alerts(con: duckdb.DuckDBPyConnection, column: str, wanted: int | None) -> list[Record]:
    alerts = _records(
        con,
        "SELECT alert_id, event_id, contact_id, article_id, reason, created_at, headline, body, address "  # noqa: S608
        f"FROM alerts WHERE {column} = ? ORDER BY sequence",
        wanted,
    )
    for alert in alerts:
        alert["deliveries"] = _records(
            con,
            "SELECT channel, state, attempts, last_attempt_at, next_attempt_at, sent_at, detail "
            "FROM deliveries WHERE alert_id = ? ORDER BY channel",
            int(alert["alert_id"]),
        )
    return alerts


def _verdict(told: Record) -> str:
    """In a sentence, why the address raised an alert or none."""
    if told["alerts"]:
        return f"it raised {_count(told['alerts'], 'alert')}"
    if not told["versions"]:
        last = told["items"][0]
        return f"no article came of it: {last['outcome']}" + (
            f" ({last['detail']})" if last["detail"] else ""
        )
    claims = [contact for contact in told["contacts"] if not contact["superseded"]]
    if told["suppressed"]:
        reasons = sorted(
            {f"{held['hold']}: {held['detail'] or held['reason']}" for held in told["suppressed"]}
        )
        return f"no alert: {'; '.join(reasons)}"
    if told["versions"][-1]["lexicon"] is None:
        return "no alert: detection was not run on it"
    if told["versions"][-1]["lexicon"] == "none":
        return f"no alert: there is no lexicon for its language ({told['versions'][-1]['detected_language']})"
    if not claims:
        missed = _count(told["rejected"], "passage")
        return f"no alert: no contact was found in it; {missed} looked like one and were not taken"
    return f"no alert: {_count(claims, 'contact')} found, neither alerted nor suppressed so far"


def _count(things: list[Any], noun: str) -> str:
    return f"{len(things)} {noun}{'' if len(things) == 1 else 's'}"


def _records(con: duckdb.DuckDBPyConnection, sql: str, *params: object) -> list[Record]:
    cursor = con.execute(sql, list(params))
    names = [column[0] for column in cursor.description or ()]
    return [
        {name: _plain(value, is_id=name.endswith("_id")) for name, value in zip(names, row, strict=True)}
        for row in cursor.fetchall()
    ]


def _plain(value: Any, *, is_id: bool = False) -> Any:
    if isinstance(value, datetime):
        return (value.astimezone(UTC) if value.tzinfo else value).isoformat()
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, int) and is_id:
        return str(value)
    if isinstance(value, dict):
        return {name: _plain(inner) for name, inner in value.items()}
    if isinstance(value, list):
        return [_plain(inner) for inner in value]
    return value
