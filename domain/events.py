"""Contacts of many articles -> events: which real-world contact does a report tell, and what does it change?

Pure and sequential: reports are taken in the order given (the caller sorts by publication) and each sees the events
as the ones before it left them. A report joins the event that it fits best (``domain.event_match``), or founds one of
its own. Reports of one article never join one event twice. What an analyst has said of a contact stands above all
points.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from domain.event_match import FINENESS, SURE_AT, Match, is_moved, join_at, match
from domain.event_model import Change, Event, Report
from domain.identity import hash64
from domain.model import Basis, Contact, DateSpan, Kind, Precision, Role, Standing, Status

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
# What says the opposite of a status without undoing it: one side's word against the other's.
_AGAINST: dict[Status, frozenset[Status]] = {
    Status.OCCURRED: frozenset({Status.CANCELLED, Status.DECLINED}),
    Status.PLANNED: frozenset({Status.DECLINED}),
}


@dataclass(frozen=True, slots=True)
class _Fit:
    event: Event
    match: Match
    doubt: str


def resolve(
    reports: Iterable[Report], known: Sequence[Event], pair: str, pins: Mapping[int, int] | None = None
) -> tuple[Change, ...]:
    """What each report does to the events of a pair, in the order given.

    ``known`` are all events of the pair so far, those merged into others too. ``pins`` says to which event an
    analyst has tied a contact. A change whose ``before`` equals its ``after`` adds nothing but the link between the
    report and its event.
    """
    events = {event.event_id: event for event in known}
    taken: set[tuple[int, int]] = set()  # (article, event): one vote of an article per event
    changes = []
    for report in reports:
        change = _resolve_one(report, events, taken, pair, pins or {})
        events[change.after.event_id] = change.after
        taken.add((report.article_id, change.after.event_id))
        changes.append(change)
    return tuple(changes)


def _resolve_one(
    report: Report,
    events: Mapping[int, Event],
    taken: set[tuple[int, int]],
    pair: str,
    pins: Mapping[int, int],
) -> Change:
    pinned = standing_event(events, pins.get(report.contact_id))
    if pinned is not None:
        return Change(report, pinned, _join(pinned, report), None, "an analyst has tied it to this event")
    targets = {event_id: _target(events, event) for event_id, event in events.items()}
    open_to = [e for e in events.values() if (report.article_id, targets[e.event_id].event_id) not in taken]
    fit = _best(report, open_to, targets)
    if fit is None:
        return Change(report, None, _found(report, pair), None, "no event fits: a new one")
    event, why = targets[fit.event.event_id], fit.match.why
    if event is not fit.event:
        why += f"; an analyst has merged event {fit.event.event_id} into this one"
    return Change(report, event, _join(event, report), fit.match.score, why, fit.doubt)


def standing_event(events: Mapping[int, Event], event_id: int | None) -> Event | None:
    """The event of this id, or that into which it was merged; None where there is none."""
    event = events.get(event_id) if event_id is not None else None
    return None if event is None else _target(events, event)


def _target(events: Mapping[int, Event], event: Event) -> Event:
    while event.merged_into is not None and event.merged_into in events:
        event = events[event.merged_into]
    return event


def rebuild(event: Event, reports: Iterable[Report]) -> Event:
    """The event as these reports alone make it; what users were told and analysts said of it stays.

    Without any report it keeps its fields, so that later reports find it, and counts as retracted.
    """
    ordered = sorted(reports, key=in_order)
    if not ordered:
        gone = Standing.RETRACTED if event.standing is Standing.STANDS else event.standing
        return replace(event, standing=gone)
    built = _found(ordered[0], event.pair)
    for report in ordered[1:]:
        built = _merge(built, report)
    return under_id(built, event)


def in_order(report: Report) -> tuple[bool, datetime, str, int]:
    """The order in which reports count: by publication, those without a date last."""
    if report.published is None:
        return True, datetime.max.replace(tzinfo=UTC), report.address, report.contact_id
    return False, report.published.at.astimezone(UTC), report.address, report.contact_id


def under_id(built: Event, event: Event) -> Event:
    """What reports made, as this event: with its id, what users were told of it, and what analysts said."""
    standing = Standing.STANDS if event.standing is Standing.RETRACTED else event.standing
    return replace(
        built,
        event_id=event.event_id,
        told=event.told,
        standing=standing,
        merged_into=event.merged_into,
        muted_until=event.muted_until,
    )


def _best(report: Report, events: Sequence[Event], targets: Mapping[int, Event]) -> _Fit | None:
    scored = [(found, event) for event in events if (found := match(report, event))]
    fits = [fit for fit in scored if fit[0].score >= join_at(report, fit[1])]
    if not fits:
        return None
    fits.sort(key=lambda fit: (-fit[0].score, _distance(report, fit[1]), fit[1].event_id))
    first, event = fits[0]
    rest = [fit for fit in fits if targets[fit[1].event_id] is not targets[event.event_id]]
    tied = bool(rest) and rest[0][0].score == first.score
    coarse = report.contact.date.precision is not Precision.DAY
    if coarse and tied and report.contact.role is Role.BACKGROUND:
        return None  # "they met in 2018" fits two meetings of 2018 alike: naming one of them would be a guess
    doubt = f"fits event {rest[0][1].event_id} as well" if tied else ""
    if not doubt and first.score < SURE_AT:
        doubt = f"only {first.score} points"
    return _Fit(event, first, doubt)


def _distance(report: Report, event: Event) -> int:
    """Days between the report's date (or publication) and the event's, to break ties; large when unknown."""
    day = report.contact.date.first or (report.published.day if report.published else None)
    return abs((day - event.date.first).days) if day and event.date.first else 100_000


def _found(report: Report, pair: str) -> Event:
    contact = report.contact
    at = report.published.at if report.published else None
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
        first_reported_at=at,
        first_source=report.outlet,
        reported_as=contact.role,
        confidence=contact.confidence,
        clusters=(report.cluster_id,),
        again=contact.again,
        status_at=at,
        time=contact.time,
    )


def _join(event: Event, report: Report) -> Event:
    """The event with one more report; one that nobody told any more is told again by this one."""
    if event.standing is Standing.RETRACTED:
        return under_id(_found(report, event.pair), event)
    return _merge(event, report)


def _merge(event: Event, report: Report) -> Event:
    contact = report.contact
    fresh_cluster = report.cluster_id not in event.clusters
    doubt = (1 - event.confidence) * (1 - contact.confidence / 2) if fresh_cluster else 1 - event.confidence
    at = report.published.at if report.published else None
    earlier = at is not None and (event.first_reported_at is None or at < event.first_reported_at)
    forward = contact.status in _FORWARD[event.status]
    moved = is_moved(contact, event, report.published) and _is_later(at, event.status_at)
    return replace(
        event,
        kind=contact.kind if event.kind is Kind.UNSPECIFIED else event.kind,
        status=contact.status if forward else event.status,
        status_at=at if forward or moved else event.status_at,
        contradicted=event.contradicted or _is_against(report, event),
        date=contact.date if moved else _better_date(event, contact),
        time=contact.time if moved else (event.time or contact.time),
        place=(contact.place or event.place) if moved else (event.place or contact.place),
        with_others=event.with_others or contact.with_others,
        initiator=event.initiator or contact.initiator,
        duration_minutes=event.duration_minutes or contact.duration_minutes,
        topics=tuple(dict.fromkeys(event.topics + contact.topics)),
        first_reported_at=at if earlier else event.first_reported_at,
        first_source=report.outlet if earlier else event.first_source,
        reported_as=Role.MAIN if contact.role is Role.MAIN else event.reported_as,
        confidence=round(1 - doubt, 4),
        clusters=tuple(sorted({*event.clusters, report.cluster_id})),
    )


def _is_against(report: Report, event: Event) -> bool:
    """Whether a report says the opposite of what the event's status rests on, and after that was said."""
    contact = report.contact
    opposite = contact.status in _AGAINST.get(event.status, frozenset())
    at = report.published.at if report.published else None
    return opposite and contact.role is Role.MAIN and _is_later(at, event.status_at)


def _is_later(at: datetime | None, than: datetime | None) -> bool:
    return at is not None and (than is None or at > than)


def _better_date(event: Event, contact: Contact) -> DateSpan:
    """The finer date; of equally fine ones the firmer. A plan's vague date yields to the day on which it was held."""

    def rank(span: DateSpan) -> tuple[int, int]:
        return FINENESS[span.precision], _FIRMNESS[span.basis]

    return contact.date if rank(contact.date) > rank(event.date) else event.date
