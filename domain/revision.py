"""A report that is taken back: by the new version of its article, or by an analyst."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from domain.event_model import Change, Event, Report
from domain.events import rebuild, resolve, under_id
from domain.model import Standing

REWORDED = "the new version of the article gives it other details"
NO_MORE = "the new version of the article does not tell it any more"


@dataclass(frozen=True, slots=True)
class Vote:
    """A report and the event that it was joined to."""

    event_id: int
    report: Report


def _reworded(change: Change, touched: Mapping[int, Vote], bared: Mapping[int, Event]) -> Change:
    """The change as one of the event that only the version before told, where the new one gives it other details."""
    if change.before is not None:
        return change
    contact = change.report.contact
    alone = [
        bared[event_id]
        for event_id, vote in touched.items()
        if bared[event_id].standing is Standing.RETRACTED
        and vote.report.contact.kind is contact.kind
        and vote.report.contact.status is contact.status
        and vote.report.contact.role is contact.role
    ]
    if len(alone) != 1:
        return change
    return replace(change, before=alone[0], after=under_id(change.after, alone[0]), why=REWORDED)


def revise(
    reports: Sequence[Report],
    votes: Sequence[Vote],
    others: Mapping[int, Sequence[Report]],
    known: Sequence[Event],
    pair: str,
    pins: Mapping[int, int] | None = None,
) -> tuple[Change, ...]:
    """What the new version of an article does to the events: its old votes are taken back, its reports resolved.

    ``votes`` are those of the version before, ``others`` the reports of other articles by event. An event that
    nobody else tells waits for the new reports with its old fields; where none joins it, it is retracted.
    """
    original = {event.event_id: event for event in known}
    touched = {vote.event_id: vote for vote in votes if vote.event_id in original}
    bared = {event_id: rebuild(original[event_id], others.get(event_id, ())) for event_id in touched}
    changes = []
    for change in resolve(reports, [bared.get(e.event_id, e) for e in known], pair, pins):
        change = _reworded(change, touched, bared)
        event_id = change.after.event_id
        if touched.pop(event_id, None) is not None:
            change = replace(change, before=original[event_id])
        changes.append(change)
    changes += [
        Change(vote.report, original[event_id], bared[event_id], None, NO_MORE, withdrawn=True)
        for event_id, vote in touched.items()
    ]
    return tuple(changes)
