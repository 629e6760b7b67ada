"""An analyst's word on events: which belong together, which do not, which never were, which to be silent about.

Pure: each function gives a ``Ruling``, all that follows from the word. It stands above everything that the rules
find later: contacts are tied to their events, rejected and merged events stay so.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from domain.alerts import Policy, decide
from domain.event_model import Alert, Change, Event, Report
from domain.events import in_order, rebuild
from domain.identity import hash64
from domain.model import Action, Role, Standing


class VerdictError(ValueError):
    """A word that cannot be followed; says why."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """The word itself, as it is kept."""

    verdict_id: int
    at: datetime
    action: Action
    event_id: int
    other_event_id: int | None = None
    contact_ids: tuple[int, ...] = ()
    until: datetime | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Ruling:
    """What follows from a word: events as they now are, contacts by the event they now belong to, alerts.

    ``rejected`` are contacts that count no more. ``changes`` go into the history.
    """

    verdict: Verdict
    changes: tuple[Change, ...]
    tied: tuple[tuple[int, int], ...] = ()  # (contact, event)
    rejected: tuple[tuple[int, int], ...] = ()  # (contact, the event that it was of)
    alerts: tuple[Alert, ...] = ()


@dataclass(frozen=True, slots=True)
class Desk:
    """Who says it, when, why, and how users are told."""

    now: datetime
    policy: Policy
    names: tuple[str, str]
    note: str = ""

    def verdict(self, action: Action, event: Event, other: int | None = None, **more: object) -> Verdict:
        """The word as it is kept; the same word about the same event at another time is another one."""
        known = hash64("verdict", action, event.event_id, other or "", self.now.isoformat())
        return Verdict(known, self.now, action, event.event_id, other, note=self.note, **more)  # type: ignore[arg-type]


def merge(
    desk: Desk, event: Event, into: Event, of_event: Sequence[Report], of_into: Sequence[Report]
) -> Ruling:
    """Two events are one: ``into`` gets all reports, and later ones that fit ``event``."""
    _must_stand(event)
    _must_stand(into)
    if event.event_id == into.event_id:
        raise VerdictError("an event cannot be merged into itself")
    if event.pair != into.pair:
        raise VerdictError(f"events of different pairs ({event.pair}, {into.pair}) cannot be one")
    told = replace(into, told=into.told or event.told)
    whole = rebuild(told, (*of_into, *of_event))
    gone = replace(event, standing=Standing.MERGED, merged_into=into.event_id)
    if into.told is None:
        gone = replace(gone, told=None)  # its users know it already, under the other id
    why = _why(f"an analyst has merged event {event.event_id} into {into.event_id}", desk.note)
    changes = [
        Change(_speaker(of_event, of_into), event, gone, None, why, withdrawn=True),
        Change(_speaker(of_into, of_event), into, whole, None, why, withdrawn=True),
    ]
    tied = tuple((report.contact_id, into.event_id) for report in of_event)
    ids = tuple(contact for contact, _ in tied)
    verdict = desk.verdict(Action.MERGE, event, into.event_id, contact_ids=ids)
    return _ruling(desk, verdict, changes, tied=tied)


def split(desk: Desk, event: Event, chosen: Sequence[Report], rest: Sequence[Report]) -> Ruling:
    """Some reports of an event tell of another one."""
    _must_stand(event)
    if not chosen or not rest:
        raise VerdictError("a split needs at least one report that goes and one that stays")
    ids = tuple(sorted(report.contact_id for report in chosen))
    new_id = hash64("split", event.event_id, *ids)
    seed = replace(event, event_id=new_id, told=None, muted_until=None)
    fresh, left = rebuild(seed, chosen), rebuild(event, rest)
    why = _why(f"an analyst has split event {new_id} off event {event.event_id}", desk.note)
    first = min(chosen, key=lambda report: (report.contact.role.value != "main", in_order(report)))
    changes = [
        Change(_speaker(rest), event, left, None, why, withdrawn=True),
        Change(first, None, fresh, None, why),
    ]
    tied = tuple((contact, new_id) for contact in ids)
    verdict = desk.verdict(Action.SPLIT, event, new_id, contact_ids=ids)
    return _ruling(desk, verdict, changes, tied=tied)


def reject(desk: Desk, event: Event, reports: Sequence[Report]) -> Ruling:
    """The event never was: it counts no more, and whatever fits it later is silent too."""
    _must_stand(event)
    why = _why("an analyst has rejected the event", desk.note)
    gone = replace(event, standing=Standing.REJECTED)
    change = Change(_speaker(reports), event, gone, None, why, withdrawn=True)
    return _ruling(desk, desk.verdict(Action.REJECT, event), [change])


def reject_contacts(desk: Desk, event: Event, chosen: Sequence[Report], rest: Sequence[Report]) -> Ruling:
    """Some reports were misread: they count no more; without any other the event is retracted."""
    _must_stand(event)
    if not chosen:
        raise VerdictError("no contact was named that the event has")
    why = _why("an analyst has rejected a contact", desk.note)
    change = Change(chosen[0], event, rebuild(event, rest), None, why, withdrawn=True)
    ids = tuple(sorted(report.contact_id for report in chosen))
    verdict = desk.verdict(Action.REJECT, event, contact_ids=ids)
    return _ruling(desk, verdict, [change], rejected=tuple((contact, event.event_id) for contact in ids))


def restore(desk: Desk, event: Event, reports: Sequence[Report]) -> Ruling:
    """A rejected event counts again."""
    if event.standing is not Standing.REJECTED:
        raise VerdictError(f"event {event.event_id} is not rejected")
    back = rebuild(replace(event, standing=Standing.STANDS, told=None), reports)
    why = _why("an analyst has taken the rejection back", desk.note)
    # Who was told that it was withdrawn is told that it was not, copy or no copy; what was only mentioned stays silent.
    told = back.reported_as is Role.MAIN
    change = Change(_speaker(reports), event, back, None, why, withdrawn=told)
    return _ruling(desk, desk.verdict(Action.RESTORE, event), [change])


def mute(desk: Desk, event: Event, reports: Sequence[Report], until: datetime | None) -> Ruling:
    """No alerts about the event before ``until``; None ends the silence."""
    action = Action.MUTE if until is not None else Action.UNMUTE
    why = _why(
        f"an analyst asked for silence until {until.isoformat()}" if until else "the silence has ended",
        desk.note,
    )
    change = Change(_speaker(reports), event, replace(event, muted_until=until), None, why, withdrawn=True)
    return Ruling(desk.verdict(action, event, until=until), (change,))


def _ruling(desk: Desk, verdict: Verdict, changes: Sequence[Change], **more: object) -> Ruling:
    told, alerts = [], []
    for change in changes:
        event, alert, _ = decide(change, desk.policy, desk.names, now=desk.now, watched_since=None)
        told.append(replace(change, after=event))
        if alert is not None:
            alerts.append(alert)
    return Ruling(verdict, tuple(told), alerts=tuple(alerts), **more)  # type: ignore[arg-type]


def _must_stand(event: Event) -> None:
    if event.standing is not Standing.STANDS:
        into = f" into event {event.merged_into}" if event.merged_into is not None else ""
        raise VerdictError(
            f"event {event.event_id} does not count any more: it is {event.standing.value}{into}"
        )


def _speaker(*groups: Sequence[Report]) -> Report:
    """The report that an alert about the event shows: the first that there is."""
    for group in groups:
        if group:
            return min(group, key=in_order)
    raise VerdictError("no article tells this event any more: there is nothing to say about it")


def _why(what: str, note: str) -> str:
    return f"{what}: {note}" if note else what
