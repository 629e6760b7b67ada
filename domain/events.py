"""Contacts of many articles -> events: which real-world contact does a report tell, and what does it change?

Pure and sequential: reports are taken in the order given (the caller sorts by publication) and each sees the events
as the ones before it left them. A report is compared with the *confirmed fields* of an event, never with its other
reports, so that errors do not chain. The score is a sum of named parts (weights after the proposal in the project's
deduplication study, section 6; to be fitted on labelled pairs later):

    both leaders 40 | same kind 20, one side unspecified 15, telephone against video 5
    same day 20, the day before or after where a soft date allows it 15, overlap of coarse dates 12 (month) or 8 (year)
    no date on one side, but reported within a month 10
    same place 12, different places -25, but -10 on one and the same day (an outlet errs more often than two leaders
    meet twice in a day in two places) | common other participants 8, different ones -25, only one side names any -8
    copies of one text 13

A report joins the best event at 70 points or more. Reports of one article never join one event twice.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from domain.identity import hash64
from domain.model import (
    Basis,
    Change,
    Contact,
    DateSpan,
    Event,
    Kind,
    Precision,
    Report,
    Role,
    Status,
)

JOIN_AT = 70
PENDING_DAYS = 31  # how long a plan without a date waits for the report that it was kept
REMOTE = frozenset({Kind.PHONE_CALL, Kind.VIDEO_CALL})
SOFT = frozenset({Basis.PUBLICATION, Basis.RELATIVE, Basis.DATELINE, Basis.INFERRED})

_FINENESS = {Precision.DAY: 4, Precision.WEEK: 3, Precision.MONTH: 2, Precision.YEAR: 1, Precision.UNKNOWN: 0}
_FIRMNESS = {
    Basis.EXPLICIT: 5,
    Basis.WEEKDAY: 4,
    Basis.RELATIVE: 3,
    Basis.DATELINE: 2,
    Basis.PUBLICATION: 1,
    Basis.INFERRED: 0,
    Basis.NONE: 0,
}
_FORWARD: dict[Status, frozenset[Status]] = {
    Status.PROPOSED: frozenset({Status.PLANNED, Status.OCCURRED, Status.CANCELLED, Status.DECLINED}),
    Status.PLANNED: frozenset({Status.OCCURRED, Status.CANCELLED}),
    Status.CANCELLED: frozenset({Status.OCCURRED}),
    Status.DECLINED: frozenset({Status.PLANNED, Status.OCCURRED}),
    Status.OCCURRED: frozenset(),
}


@dataclass(frozen=True, slots=True)
class Match:
    """How well a report fits an event: the points and the parts they are made of; None where a gate is shut."""

    score: int
    parts: tuple[str, ...]

    @property
    def why(self) -> str:
        """The parts as a sentence for people."""
        return f"{self.score} points: " + ", ".join(self.parts)


def resolve(reports: Iterable[Report], known: Sequence[Event], pair: str) -> tuple[Change, ...]:
    """What each report does to the events of a pair, in the order given.

    ``known`` are all events of the pair so far. A change whose ``before`` equals its ``after`` adds nothing but
    the link between the report and its event.
    """
    events = {event.event_id: event for event in known}
    taken: set[tuple[int, int]] = set()  # (article, event): one vote of an article per event
    changes = []
    for report in reports:
        best = _best(report, [e for e in events.values() if (report.article_id, e.event_id) not in taken])
        if best is None:
            change = Change(report, None, _found(report, pair), None, "no event fits: a new one")
        else:
            event, match = best
            change = Change(report, event, _merge(event, report), match.score, match.why)
        events[change.after.event_id] = change.after
        taken.add((report.article_id, change.after.event_id))
        changes.append(change)
    return tuple(changes)


def match(report: Report, event: Event) -> Match | None:
    """The score of a report against an event; None where date, kind or status rule it out."""
    contact = report.contact
    if not _status_fits(contact, event):
        return None
    parts = ["both leaders 40"]
    score = 40
    for part in (
        _kind_points(contact.kind, event.kind),
        _date_points(report, event),
        _place_points(contact, event),
        _others_points(contact.with_others, event.with_others),
        (13, "a copy of a text already joined") if report.cluster_id in event.clusters else (0, ""),
    ):
        if part is None:
            return None
        points, words = part
        if points:
            score += points
            parts.append(f"{words} {points:+d}")
    return Match(score, tuple(parts))


def _best(report: Report, events: Sequence[Event]) -> tuple[Event, Match] | None:
    fits = [(found, event) for event in events if (found := match(report, event)) and found.score >= JOIN_AT]
    if not fits:
        return None
    fits.sort(key=lambda fit: (-fit[0].score, _distance(report, fit[1]), fit[1].event_id))
    (first, event), rest = fits[0], fits[1:]
    coarse = report.contact.date.precision is not Precision.DAY
    if coarse and rest and rest[0][0].score == first.score and report.contact.role is Role.BACKGROUND:
        return None  # "they met in 2018" fits two meetings of 2018 alike: naming one of them would be a guess
    return event, first


def _distance(report: Report, event: Event) -> int:
    """Days between the report's date (or publication) and the event's, to break ties; large when unknown."""
    day = report.contact.date.first or (report.published.day if report.published else None)
    return abs((day - event.date.first).days) if day and event.date.first else 100_000


def _status_fits(contact: Contact, event: Event) -> bool:
    """A refusal is only about the contact that was asked for: it joins a held or planned one on the same day only."""
    statuses = {contact.status, event.status}
    if Status.DECLINED in statuses and statuses & {Status.OCCURRED, Status.PLANNED}:
        return contact.date.first is not None and contact.date.label == event.date.label
    return True


def _kind_points(one: Kind, other: Kind) -> tuple[int, str] | None:
    if one is other:
        return (20, "same kind") if one is not Kind.UNSPECIFIED else (15, "kind open on both sides")
    if Kind.UNSPECIFIED in (one, other):
        # Letters are called letters: an unspecified contact is talk, not post.
        return None if Kind.MESSAGE in (one, other) else (15, "kind open on one side")
    return (5, "telephone against video") if {one, other} == REMOTE else None


def _date_points(report: Report, event: Event) -> tuple[int, str] | None:
    ours, theirs = report.contact.date, event.date
    if ours.first is None or ours.last is None or theirs.first is None or theirs.last is None:
        return _undated_points(report, event)
    if ours.precision is Precision.DAY and theirs.precision is Precision.DAY:
        apart = abs((ours.first - theirs.first).days)
        if apart == 0:
            return 20, "same day"
        if apart == 1 and (ours.basis in SOFT or theirs.basis in SOFT):
            return 15, "a day apart, one of the dates is soft"
        return None
    if ours.last < theirs.first or theirs.last < ours.first:
        return None
    coarsest = min(_FINENESS[ours.precision], _FINENESS[theirs.precision])
    return (8, "same year") if coarsest <= 1 else (12, "dates overlap")


def _undated_points(report: Report, event: Event) -> tuple[int, str] | None:
    """Without a date on one side only nearness in the news can tie them, and only while something is pending."""
    day = report.contact.date.first or (report.published.day if report.published else None)
    other = event.date.first or (event.first_reported_at.date() if event.first_reported_at else None)
    pending = {report.contact.status, event.status} & {Status.PLANNED, Status.PROPOSED, Status.DECLINED}
    near = day is not None and other is not None and abs((day - other).days) <= PENDING_DAYS
    if near and (pending or report.cluster_id in event.clusters):
        return 10, "no date on one side, reported within a month"
    same_place = report.contact.place is not None and report.contact.place == event.place
    return (0, "") if same_place or report.cluster_id in event.clusters else None


def _place_points(contact: Contact, event: Event) -> tuple[int, str]:
    if contact.place is None or event.place is None:
        return 0, ""
    if contact.place == event.place:
        return 12, "same place"
    same_day = contact.date.precision is Precision.DAY and contact.date.first == event.date.first
    return (-10, "different places on one day") if same_day else (-25, "different places")


def _others_points(one: Sequence[str], other: Sequence[str]) -> tuple[int, str]:
    if not one and not other:
        return 0, ""
    if not one or not other:
        return -8, "only one side names other participants"
    return (8, "common participants") if set(one) & set(other) else (-25, "different participants")


def _found(report: Report, pair: str) -> Event:
    contact = report.contact
    return Event(
        event_id=hash64("event", pair, report.contact_id),
        pair=pair,
        kind=contact.kind,
        status=contact.status,
        date=contact.date,
        place=contact.place,
        with_others=contact.with_others,
        initiator=contact.initiator,
        duration_minutes=contact.duration_minutes,
        topics=contact.topics,
        first_reported_at=report.published.at if report.published else None,
        first_source=report.outlet,
        reported_as=contact.role,
        confidence=contact.confidence,
        alerted_status=None,
        clusters=(report.cluster_id,),
    )


def _merge(event: Event, report: Report) -> Event:
    contact = report.contact
    fresh_cluster = report.cluster_id not in event.clusters
    doubt = (1 - event.confidence) * (1 - contact.confidence / 2) if fresh_cluster else 1 - event.confidence
    earlier = report.published is not None and (
        event.first_reported_at is None or report.published.at < event.first_reported_at
    )
    return replace(
        event,
        kind=contact.kind if event.kind is Kind.UNSPECIFIED else event.kind,
        status=contact.status if contact.status in _FORWARD[event.status] else event.status,
        date=_better_date(event, contact),
        place=event.place or contact.place,
        with_others=event.with_others or contact.with_others,
        initiator=event.initiator or contact.initiator,
        duration_minutes=event.duration_minutes or contact.duration_minutes,
        topics=tuple(dict.fromkeys(event.topics + contact.topics)),
        first_reported_at=report.published.at if earlier and report.published else event.first_reported_at,
        first_source=report.outlet if earlier else event.first_source,
        reported_as=Role.MAIN if contact.role is Role.MAIN else event.reported_as,
        confidence=round(1 - doubt, 4),
        clusters=tuple(sorted({*event.clusters, report.cluster_id})),
    )


def _better_date(event: Event, contact: Contact) -> DateSpan:
    """The finer date; of equally fine ones the firmer. A plan's vague date yields to the day on which it was held."""

    def rank(span: DateSpan) -> tuple[int, int]:
        return _FINENESS[span.precision], _FIRMNESS[span.basis]

    return contact.date if rank(contact.date) > rank(event.date) else event.date


def days_before(span: DateSpan, day: date) -> int | None:
    """How many days the interval ended before ``day``; None where it has no end."""
    return None if span.last is None else (day - span.last) // timedelta(days=1)
