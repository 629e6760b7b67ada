"""Events, their history, alerts and messages as rows, and back: no SQL, no connection."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from datetime import date as day
from typing import Any

from domain.event_model import Alert, Change, Event, Message, Suppressed, Told
from domain.model import Basis, DateSpan, Kind, Precision, Reason, Role, Standing, Status, TimeOfDay
from warehouse.arrow import Row
from warehouse.rows import as_utc, slot_columns

# Columns of an event in the order in which ``event_from_row`` takes them.
EVENT_COLUMNS = (
    "event_id, pair, kind, status, date_from, date_to, date_precision, date_basis, date_words, place, "
    "with_others, initiator, duration_minutes, topics, first_reported_at, first_source, reported_as, "
    "confidence, clusters, again, status_at, contradicted, told, standing, merged_into, muted_until, "
    "time_minute, time_zone"
)


def event_row(event: Event, *, sequence: int, created_at: datetime, changed_at: datetime) -> Row:
    """The row of an event as it now is."""
    return {
        "event_id": event.event_id,
        "sequence": sequence,
        "pair": event.pair,
        **slot_columns(event),
        "first_reported_at": event.first_reported_at,
        "first_source": event.first_source,
        "reported_as": event.reported_as.value,
        "confidence": event.confidence,
        "alerted_status": event.told.status.value if event.told else None,
        "clusters": list(event.clusters),
        "again": event.again,
        "status_at": event.status_at,
        "contradicted": event.contradicted,
        "told": told_json(event.told),
        "standing": event.standing.value,
        "merged_into": event.merged_into,
        "muted_until": event.muted_until,
        "created_at": created_at,
        "changed_at": changed_at,
    }


def event_from_row(row: tuple[Any, ...]) -> Event:
    """An event back from the columns ``EVENT_COLUMNS``."""
    (
        event_id,
        pair,
        kind,
        status,
        first,
        last,
        precision,
        basis,
        words,
        place,
        others,
        initiator,
        minutes,
    ) = row[:13]
    (topics, first_reported_at, first_source, reported_as, confidence, clusters) = row[13:19]
    (again, status_at, contradicted, told, standing, merged_into, muted_until) = row[19:26]
    minute, zone = row[26:]
    return Event(
        event_id=event_id,
        pair=pair,
        kind=Kind(kind),
        status=Status(status),
        date=DateSpan(first, last, Precision(precision), Basis(basis), words),
        place=place,
        with_others=tuple(others),
        initiator=initiator,
        duration_minutes=minutes,
        topics=tuple(topics),
        first_reported_at=as_utc(first_reported_at),
        first_source=first_source,
        reported_as=Role(reported_as),
        confidence=confidence,
        clusters=tuple(clusters),
        again=again,
        status_at=as_utc(status_at),
        contradicted=contradicted,
        told=_told_from_json(told),
        standing=Standing(standing),
        merged_into=merged_into,
        muted_until=as_utc(muted_until),
        time=None if minute is None else TimeOfDay(minute, zone),
    )


def told_json(told: Told | None) -> str | None:
    """What users were told last, as it is stored."""
    if told is None:
        return None
    date = told.date
    return json.dumps(
        {
            "status": told.status.value,
            "kind": told.kind.value,
            "first": date.first.isoformat() if date.first else None,
            "last": date.last.isoformat() if date.last else None,
            "precision": date.precision.value,
            "basis": date.basis.value,
            "words": date.words,
            "place": told.place,
            "contradicted": told.contradicted,
            "independent": told.independent,
            "confidence": told.confidence,
            "days": list(told.days),
        },
        ensure_ascii=False,
    )


def _told_from_json(text: str | None) -> Told | None:
    if text is None:
        return None
    held = json.loads(text)
    first, last = (day.fromisoformat(held[name]) if held[name] else None for name in ("first", "last"))
    return Told(
        status=Status(held["status"]),
        kind=Kind(held["kind"]),
        date=DateSpan(first, last, Precision(held["precision"]), Basis(held["basis"]), held["words"]),
        place=held["place"],
        contradicted=held["contradicted"],
        independent=held["independent"],
        confidence=held["confidence"],
        days=tuple(held.get("days", ())),
    )


def altered_fields(change: Change) -> str:
    """What a change alters, for the history: "new", a comma list of fields, or "" for nothing told."""
    if change.before is None:
        return "new"
    before, after = _told(change.before), _told(change.after)
    return ", ".join(name for name in before if before[name] != after[name])


def history_row(change: Change, *, at: datetime, position: int) -> Row:
    """The row of a change that is new or alters something."""
    before = change.before
    after = change.after
    return {
        "event_id": after.event_id,
        "changed_at": at,
        "position": position,
        "contact_id": change.report.contact_id,
        "article_id": change.report.article_id,
        "what": altered_fields(change),
        "kind_before": before.kind.value if before else None,
        "kind_after": after.kind.value,
        "status_before": before.status.value if before else None,
        "status_after": after.status.value,
        "date_from_before": before.date.first if before else None,
        "date_from_after": after.date.first,
        "date_to_before": before.date.last if before else None,
        "date_to_after": after.date.last,
        "date_precision_before": before.date.precision.value if before else None,
        "date_precision_after": after.date.precision.value,
        "place_before": before.place if before else None,
        "place_after": after.place,
        "with_others_before": list(before.with_others) if before else None,
        "with_others_after": list(after.with_others),
        "reported_as_before": before.reported_as.value if before else None,
        "reported_as_after": after.reported_as.value,
        "score": change.score,
        "why": change.why,
    }


def alert_row(alert: Alert, message: Message, *, run_id: int, sequence: int) -> Row:
    """The row of an alert with the message that every channel gets for it."""
    return {
        "alert_id": alert.alert_id,
        "sequence": sequence,
        "event_id": alert.event_id,
        "contact_id": alert.contact_id,
        "article_id": alert.article_id,
        "run_id": run_id,
        "reason": alert.reason.value,
        "created_at": alert.created_at,
        "headline": message.headline,
        "body": message.body,
        "address": message.address,
        "payload": json.dumps(message.payload, ensure_ascii=False, sort_keys=True),
    }


def notice_row(message: Message, *, run_id: int) -> Row:
    """The row of a notice to operators: an alert about no event."""
    return {
        "alert_id": int(message.alert_id),
        "event_id": int(message.event_id),
        "contact_id": 0,
        "article_id": 0,
        "run_id": run_id,
        "reason": message.reason.value,
        "created_at": message.created_at,
        "headline": message.headline,
        "body": message.body,
        "address": message.address,
        "payload": json.dumps(message.payload, ensure_ascii=False, sort_keys=True),
    }


def message_from_row(row: tuple[Any, ...]) -> Message:
    """A message back from (alert_id, event_id, reason, created_at, headline, body, address, payload)."""
    alert_id, event_id, reason, created_at, headline, body, address, payload = row
    return Message(
        alert_id=str(alert_id),
        event_id=str(event_id),
        reason=Reason(reason),
        created_at=created_at.astimezone(UTC),
        headline=headline,
        body=body,
        address=address,
        payload=json.loads(payload),
    )


def suppressed_row(suppressed: Suppressed) -> Row:
    """The row of a contact that raised no alert."""
    return {
        "event_id": suppressed.event_id,
        "contact_id": suppressed.contact_id,
        "article_id": suppressed.article_id,
        "held_at": suppressed.at,
        "hold": suppressed.hold.value,
        "detail": suppressed.detail,
    }


def _told(event: Event) -> dict[str, object]:
    return {
        "kind": event.kind,
        "status": event.status,
        "date": (event.date.first, event.date.last, event.date.precision),
        "place": event.place,
        "with_others": event.with_others,
        "reported_as": event.reported_as,
        "contradicted": event.contradicted,
        "standing": event.standing,
    }
