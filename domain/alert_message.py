"""An alert as channels get it, with the JSON payload that docs/alerts.md describes."""

from __future__ import annotations

from collections.abc import Mapping

from domain.event_model import Alert, Event, Message, Told


def message(alert: Alert) -> Message:
    """The alert as channels get it; ``payload`` is described in docs/alerts.md."""
    return Message(
        alert_id=str(alert.alert_id),
        event_id=str(alert.event_id),
        reason=alert.reason,
        created_at=alert.created_at,
        headline=alert.headline,
        body=alert.body,
        address=alert.report.address,
        payload=_payload(alert),
    )


def _payload(alert: Alert) -> dict[str, object]:
    event, report = alert.event, alert.report
    evidence = report.contact.evidence
    published = report.published
    article: Mapping[str, object] = {
        "article_id": str(report.article_id),
        "address": report.address,
        "outlet": report.outlet,
        "published": published.at.isoformat() if published else None,
        "published_precision": published.precision if published else None,
        "seen_at": report.seen_at.isoformat(),
    }
    return {
        "alert_id": str(alert.alert_id),
        "event_id": str(alert.event_id),
        "reason": alert.reason.value,
        "created_at": alert.created_at.isoformat(),
        "headline": alert.headline,
        "headlines": dict(alert.headlines),
        "body": alert.body,
        "event": event_json(event),
        "before": _before_json(alert.before),
        "article": dict(article),
        "evidence": {
            "field": evidence.field,
            "start": evidence.start,
            "end": evidence.end,
            "quote": evidence.quote,
            "rule": report.contact.rule,
        },
    }


def event_json(event: Event) -> dict[str, object]:
    """The fields of an event that users see, as JSON values."""
    day = event.date
    started = event.time.instant(day) if event.time else None
    return {
        "event_id": str(event.event_id),
        "pair": event.pair,
        "kind": event.kind.value,
        "status": event.status.value,
        "date": day.label,
        "date_from": day.first.isoformat() if day.first else None,
        "date_to": day.last.isoformat() if day.last else None,
        "date_precision": day.precision.value,
        "date_basis": day.basis.value,
        "place": event.place,
        "with_others": list(event.with_others),
        "initiator": event.initiator,
        "duration_minutes": event.duration_minutes,
        "time": event.time.label if event.time else None,
        "time_zone": event.time.zone if event.time else None,
        "started_at": started.isoformat() if started else None,
        "topics": list(event.topics),
        "confidence": event.confidence,
        "independent_count": event.independent,
        "contradicted": event.contradicted,
        "standing": event.standing.value,
    }


def _before_json(told: Told | None) -> dict[str, object] | None:
    if told is None:
        return None
    return {
        "status": told.status.value,
        "kind": told.kind.value,
        "date": told.date.label,
        "place": told.place,
        "contradicted": told.contradicted,
        "independent_count": told.independent,
    }
