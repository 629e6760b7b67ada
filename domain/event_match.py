"""How well a report fits an event: points for every slot that agrees, by name.

A report is compared with the *confirmed fields* of an event, never with its other reports, so that errors do not
chain. The score is a sum of named parts (weights after the proposal in the project's deduplication study, section 6;
what they do on labelled contacts is measured by benchmarks/resolution.py):

    both leaders 40 | same kind 20, one side unspecified 15, telephone against video 5
    same day 20 (but what is told as the second of its day joins only such a one, and calls whose clock times lie three
    hours apart, or five where no zone is named, are two), the day before or after where a soft
    date allows it 15, overlap of coarse dates 12 (month) or 8 (year)
    over midnight: a call dated on the day on which it was reported before five in the morning, and on the eve 12
    a copy that dates itself by its own publication 15 | another day of a plan, both to come and within a week 12
    no date on one side, but reported within a month 10
    same place 12, different places -25, but -10 on one and the same day (an outlet errs more often than two leaders
    meet twice in a day in two places) | common other participants 8, different ones -25, only one side names any -8
    copies of one text 13

A report joins at ``JOIN_AT`` points or more, a recap of an event whose day is known at ``RECAP_AT``; below ``SURE_AT``
an analyst is asked to look.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from domain.event_model import Event, Report
from domain.model import Basis, Contact, DateSpan, Kind, Precision, Published, Role, Status

JOIN_AT = 70
RECAP_AT = 65  # for what is told in passing of an event whose day is known: it raises no alert. At 65 for all, an old
# event without a day swallowed a new one of our replay; so, recall rose by .02 to .08 and precision stood.
SURE_AT = 75
PENDING_DAYS = 31  # how long a plan without a date waits for the report that it was kept
DENIAL_DAYS = 3  # how soon after a plan was told a refusal without a date is about it
MOVED_DAYS = 7  # how far a plan may move and still be the same
REMOTE = frozenset({Kind.PHONE_CALL, Kind.VIDEO_CALL})
SOFT = frozenset({Basis.PUBLICATION, Basis.RELATIVE, Basis.DATELINE, Basis.INFERRED})
FINENESS = {Precision.DAY: 4, Precision.WEEK: 3, Precision.MONTH: 2, Precision.YEAR: 1, Precision.UNKNOWN: 0}

_SMALL_HOURS = 5
_APART = timedelta(
    hours=3
)  # between the clock times of two calls: a long one is told by its beginning or by its end
_APART_ANYWHERE = timedelta(hours=5)  # where the zone of a clock time is not known
_Points = tuple[int, str]


@dataclass(frozen=True, slots=True)
class Match:
    """How well a report fits an event: the points and the parts they are made of; None where a gate is shut."""

    score: int
    parts: tuple[str, ...]

    @property
    def why(self) -> str:
        """The parts as a sentence for people."""
        return f"{self.score} points: " + ", ".join(self.parts)


def match(report: Report, event: Event) -> Match | None:
    """The score of a report against an event; None where date, kind or status rule it out."""
    contact = report.contact
    if not _status_fits(report, event):
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


def join_at(report: Report, event: Event) -> int:
    """The points at which a report joins an event."""
    recap = report.contact.role is Role.BACKGROUND and event.date.precision is Precision.DAY
    return RECAP_AT if recap else JOIN_AT


def is_moved(contact: Contact, event: Event, published: Published | None) -> bool:
    """Whether a report gives a plan another day: both days still to come, and near each other."""
    if contact.status is not Status.PLANNED or event.status is not Status.PLANNED or published is None:
        return False
    ours, theirs = contact.date, event.date
    if ours.precision is not Precision.DAY or theirs.precision is not Precision.DAY:
        return False
    if ours.first is None or theirs.first is None:
        return False
    ahead = min(ours.first, theirs.first) >= published.day
    return ahead and 0 < abs((ours.first - theirs.first).days) <= MOVED_DAYS


def _status_fits(report: Report, event: Event) -> bool:
    """A refusal is only about what was asked for, or about what was told as planned or held just before."""
    contact = report.contact
    statuses = {contact.status, event.status}
    if Status.DECLINED not in statuses or not statuses & {Status.OCCURRED, Status.PLANNED}:
        return True
    if contact.date.first is not None and contact.date.label == event.date.label:
        return True
    soon = _days_since(event, report.published)
    return (
        contact.status is Status.DECLINED
        and contact.date.first is None
        and event.status is Status.PLANNED
        and soon is not None
        and 0 <= soon <= DENIAL_DAYS
    )


def _days_since(event: Event, published: Published | None) -> int | None:
    """Days from the publication that set the event's status; None where one of the two is unknown."""
    if event.status_at is None or published is None:
        return None
    return (published.at - event.status_at) // timedelta(days=1)


def _kind_points(one: Kind, other: Kind) -> _Points | None:
    if one is other:
        return (20, "same kind") if one is not Kind.UNSPECIFIED else (15, "kind open on both sides")
    if Kind.UNSPECIFIED in (one, other):
        # Letters are called letters: an unspecified contact is talk, not post.
        return None if Kind.MESSAGE in (one, other) else (15, "kind open on one side")
    return (5, "telephone against video") if {one, other} == REMOTE else None


def _date_points(report: Report, event: Event) -> _Points | None:
    ours, theirs = report.contact.date, event.date
    if ours.first is None or ours.last is None or theirs.first is None or theirs.last is None:
        return _undated_points(report, event)
    if ours.precision is Precision.DAY and theirs.precision is Precision.DAY:
        return _day_points(report, event, ours.first, theirs.first) or _copy_points(report, event)
    if ours.last < theirs.first or theirs.last < ours.first:
        return None
    coarsest = min(FINENESS[ours.precision], FINENESS[theirs.precision])
    return (8, "same year") if coarsest <= 1 else (12, "dates overlap")


def _day_points(report: Report, event: Event, ours: date, theirs: date) -> _Points | None:
    apart = abs((ours - theirs).days)
    if apart == 0:
        # "The second call of the day" is not the first one; without such words a report may mean either.
        second = report.contact.again and not event.again
        other = second or _hours_differ(report.contact, event)
        return None if other and report.cluster_id not in event.clusters else (20, "same day")
    if apart == 1 and (report.contact.date.basis in SOFT or event.date.basis in SOFT):
        return 15, "a day apart, one of the dates is soft"
    if apart == 1 and _over_midnight(report, event, max(ours, theirs)):
        return 12, "a day apart, over midnight"
    if is_moved(report.contact, event, report.published):
        return 12, "a plan with another day within a week"
    return None


def _hours_differ(contact: Contact, event: Event) -> bool:
    """Whether the clock times of two calls on one day are too far apart to be of the same one.

    Meetings last for hours and are told by any of them.
    """
    ours, theirs = contact.time, event.time
    if ours is None or theirs is None or not {contact.kind, event.kind} <= REMOTE:
        return False
    at, other = ours.instant(contact.date), theirs.instant(event.date)
    if at is not None and other is not None:
        return abs(at - other) >= _APART
    return timedelta(minutes=abs(ours.minute - theirs.minute)) >= _APART_ANYWHERE


def _copy_points(report: Report, event: Event) -> _Points | None:
    """A copy of long after says "on Monday" as its origin did: its day is the origin's."""
    copied = report.copied and report.cluster_id in event.clusters
    dated = report.contact.date.basis is not Basis.EXPLICIT
    return (15, "a copy that has no date of its own") if copied and dated else None


def _over_midnight(report: Report, event: Event, later: date) -> bool:
    """Whether a call that one side dates on ``later`` was told in the first hours of that day.

    In the other capital it was then still the day before.
    """
    if not {report.contact.kind, event.kind} <= REMOTE or event.status is not Status.OCCURRED:
        return False
    ours = report.contact.date.first == later
    told = (report.published.at if report.published else None) if ours else event.status_at
    if told is None:
        return False
    return told.date() == later and told.hour < _SMALL_HOURS


def _undated_points(report: Report, event: Event) -> _Points | None:
    """Without a date on one side only nearness in the news can tie them, and only while something is pending."""
    day = report.contact.date.first or (report.published.day if report.published else None)
    other = event.date.first or (event.first_reported_at.date() if event.first_reported_at else None)
    pending = {report.contact.status, event.status} & {Status.PLANNED, Status.PROPOSED, Status.DECLINED}
    near = day is not None and other is not None and abs((day - other).days) <= PENDING_DAYS
    if near and (pending or report.cluster_id in event.clusters):
        return 10, "no date on one side, reported within a month"
    same_place = report.contact.place is not None and report.contact.place == event.place
    return (0, "") if same_place or report.cluster_id in event.clusters else None


def _place_points(contact: Contact, event: Event) -> _Points:
    if contact.place is None or event.place is None:
        return 0, ""
    if contact.place == event.place:
        return 12, "same place"
    same_day = contact.date.precision is Precision.DAY and contact.date.first == event.date.first
    return (-10, "different places on one day") if same_day else (-25, "different places")


def _others_points(one: Sequence[str], other: Sequence[str]) -> _Points:
    if not one and not other:
        return 0, ""
    if not one or not other:
        return -8, "only one side names other participants"
    return (8, "common participants") if set(one) & set(other) else (-25, "different participants")


def days_before(span: DateSpan, day: date) -> int | None:
    """How many days the interval ended before ``day``; None where it has no end."""
    return None if span.last is None else (day - span.last) // timedelta(days=1)
