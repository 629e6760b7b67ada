"""A change of an event -> an alert, or the reason why there is none. Rendering only: sending is for channels."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from domain.events import days_before
from domain.identity import hash64
from domain.model import (
    Alert,
    Basis,
    Change,
    DateSpan,
    Event,
    Hold,
    Kind,
    Message,
    Precision,
    Reason,
    Report,
    Role,
    Status,
    Suppressed,
)

ALERTED = frozenset({Status.OCCURRED, Status.PLANNED, Status.CANCELLED})

_NOUNS = {
    Kind.PHONE_CALL: "phone call",
    Kind.VIDEO_CALL: "video call",
    Kind.MEETING: "meeting",
    Kind.MESSAGE: "message",
    Kind.UNSPECIFIED: "contact",
}
_VERBS = {
    Kind.PHONE_CALL: "spoke by phone",
    Kind.VIDEO_CALL: "spoke by video link",
    Kind.MEETING: "met",
    Kind.MESSAGE: "exchanged a message",
    Kind.UNSPECIFIED: "were in contact",
}


@dataclass(frozen=True, slots=True)
class Policy:
    """What is alerted: ``fresh_days`` is the age (days) beyond which an event is recorded only."""

    fresh_days: int = 7
    first_pass_hours: int = 48


def decide(
    change: Change,
    policy: Policy,
    names: tuple[str, str],
    *,
    now: datetime,
    watched_since: datetime | None,
) -> tuple[Event, Alert | None, Suppressed | None]:
    """The event as it stands after its users were told (or not), and the alert or the reason for silence.

    ``watched_since`` is when the source was first listed (UTC); None for folders and replays, which know no clock.
    """
    held = _hold(change, policy, watched_since)
    if held is not None:
        hold, detail = held
        return change.after, None, _suppress(change, hold, detail, now)
    told = change.after.alerted_status
    event = replace(change.after, alerted_status=change.after.status)
    reason = Reason.NEW
    if told is not None:
        reason = Reason.CANCELLED if event.status is Status.CANCELLED else Reason.STATUS
    report = change.report
    alert = Alert(
        # The same for the same step of the same event, however often a run is repeated.
        alert_id=hash64("alert", event.event_id, event.status, told or "untold"),
        event_id=event.event_id,
        contact_id=report.contact_id,
        article_id=report.article_id,
        reason=reason,
        created_at=now,
        headline=headline(event, names),
        body=body(event, report, names, told, change.why),
        event=event,
        report=report,
    )
    return event, alert, None


def _hold(change: Change, policy: Policy, watched_since: datetime | None) -> tuple[Hold, str] | None:
    report, event, contact = change.report, change.after, change.report.contact
    if contact.role is Role.BACKGROUND:
        return Hold.RECAP, "mentioned in passing, not the news of this article"
    if event.status not in ALERTED:
        return Hold.STATUS_OFF, f"nobody asked for alerts about what is {event.status.value}"
    before = change.before
    if before is not None and before.status is event.status and report.cluster_id in before.clusters:
        return Hold.COPY, "a copy, or a new version, of an article that has told it already"
    if event.alerted_status is event.status or contact.status is not event.status:
        return (
            Hold.ALREADY_TOLD,
            f"its users know the event as {(event.alerted_status or event.status).value}",
        )
    if event.date.last is None and report.published is None:
        return Hold.UNDATED, "neither the article nor its words say when this was"
    if report.published is not None:
        age = days_before(event.date, report.published.day)
        if age is not None and age > policy.fresh_days:
            return Hold.STALE, f"its day lies {age} days before the article that tells it"
        if watched_since is not None and report.published.at < watched_since - timedelta(
            hours=policy.first_pass_hours
        ):
            return Hold.FIRST_PASS, "published before this source was watched"
    return None


def _suppress(change: Change, hold: Hold, detail: str, now: datetime) -> Suppressed:
    report = change.report
    return Suppressed(change.after.event_id, report.contact_id, report.article_id, now, hold, detail)


def headline(event: Event, names: tuple[str, str]) -> str:
    """One line that says who, what, when and where."""
    pair = f"{names[0]} and {names[1]}"
    when = spell(event.date)
    where = f" in {event.place}" if event.place else ""
    company = f" (with {', '.join(event.with_others)})" if event.with_others else ""
    noun = f"{_NOUNS[event.kind]} of {pair}"
    if event.status is Status.OCCURRED:
        return f"{pair} {_VERBS[event.kind]}{where}{when}{company}"
    words = {
        Status.PLANNED: "Planned",
        Status.CANCELLED: "Called off",
        Status.PROPOSED: "Proposed",
        Status.DECLINED: "Declined",
    }[event.status]
    return f"{words}: {noun}{where}{when}{company}"


def body(event: Event, report: Report, names: tuple[str, str], told: Status | None, why: str) -> str:
    """The alert for people: what, when, where, who says so, in which words, and why it is new."""
    day, contact = event.date, report.contact
    lines = [
        f"What: {_NOUNS[event.kind]}, {event.status.value}",
        f"When: {spell(day).removeprefix(' on ').removeprefix(' in ') or 'not known'} ({_basis(day)})",
    ]
    if event.place:
        lines.append(f"Where: {event.place}")
    published = report.published.at.isoformat() if report.published else "no date given"
    lines += [
        f"Who says so: {report.outlet} ({published}) {report.address}",
        f"In which words: “{contact.evidence.quote}”",
        f"Rule: {contact.rule}",
        f"Why it is new: {_novelty(told, event, why)}",
        f"More: parley explain {event.event_id}",
    ]
    return "\n".join(lines)


def _novelty(told: Status | None, event: Event, why: str) -> str:
    if told is not None:
        return f"the event was told as {told.value} before and is now {event.status.value} ({why})"
    return "no alert has told this event before"


def _basis(span: DateSpan) -> str:
    words = f", “{span.words}”" if span.words else ""
    if span.basis is Basis.PUBLICATION:
        return "the day of publication: the text names none"
    return "no date in the text" if span.basis is Basis.NONE else f"{span.basis.value}{words}"


def spell(span: DateSpan) -> str:
    """`` on 1 July 2025``, `` in July 2025``, `` in 2025``, `` between ...`` or nothing."""
    if span.first is None or span.last is None:
        return ""
    if span.precision is Precision.DAY:
        return f" on {span.first.day} {span.first:%B %Y}"
    if span.label is not None and len(span.label) == 7:
        return f" in {span.first:%B %Y}"
    if span.precision is Precision.YEAR:
        return f" in {span.first.year}"
    return f" between {span.first.isoformat()} and {span.last.isoformat()}"


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
        "body": alert.body,
        "event": event_json(event),
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
        "topics": list(event.topics),
        "confidence": event.confidence,
    }
