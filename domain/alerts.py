"""A change of an event -> an alert and who wants it, or the reason why there is none. Sending is for channels."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import partial

from domain.alert_text import Telling, Wording, body, headline, packaged_wording
from domain.event_match import SOFT, days_before
from domain.event_model import Alert, Change, Event, Suppressed, Told
from domain.identity import hash64
from domain.model import Hold, Kind, Precision, Reason, Role, Standing, Status
from domain.people import Capital

ALERTED = frozenset({Status.OCCURRED, Status.PLANNED, Status.CANCELLED})
BY_DEFAULT = frozenset(Reason) - {Reason.CORROBORATED, Reason.DIGEST}
LANGUAGES = ("en", "fr")  # the payload of an alert has its headline in each
CORRECTIONS = frozenset({Reason.RETRACTED, Reason.CONTRADICTED})  # owed to the channels that were told
ENOUGH = 2  # independent articles that corroborate, where a channel names no number of its own


@dataclass(frozen=True, slots=True)
class Wants:
    """What a channel wants to be told; empty sets mean "all of them"."""

    channel: str
    reasons: frozenset[Reason] = BY_DEFAULT
    kinds: frozenset[Kind] = frozenset()
    statuses: frozenset[Status] = frozenset()
    languages: frozenset[str] = frozenset()  # of the article that is the evidence
    confidence: float = 0.0  # the least
    independent: int = 1  # the fewest articles that are no copies of one another

    def passes(self, state: Event | Told) -> bool:
        """Whether an event is told by enough, and surely enough."""
        return state.independent >= self.independent and state.confidence >= self.confidence

    def corroborates(self, event: Event, before: Told) -> bool:
        """Whether the event has become one that is told by enough since users were told last."""
        gated = self if self.independent > 1 or self.confidence > 0 else replace(self, independent=ENOUGH)
        asked = gated is self or Reason.CORROBORATED in self.reasons
        return asked and gated.passes(event) and not gated.passes(before)

    def takes(self, reason: Reason, event: Event, before: Told | None, language: str | None) -> bool:
        """Whether the channel wants an alert.

        What puts right what was told passes every filter but that of reasons: it is owed only where it was told.
        """
        if reason in CORRECTIONS:
            return reason in self.reasons
        if self.kinds and event.kind not in self.kinds:
            return False
        if self.statuses and event.status not in self.statuses:
            return False
        if self.languages and language not in self.languages:
            return False
        if reason is Reason.CORROBORATED:
            return before is not None and self.corroborates(event, before)
        return reason in self.reasons and self.passes(event)


@dataclass(frozen=True, slots=True)
class Policy:
    """What is alerted: ``fresh_days`` is the age (days) beyond which an event is recorded only."""

    fresh_days: int = 7
    first_pass_hours: int = 48
    wants: tuple[Wants, ...] = ()
    wording: Wording = field(default_factory=partial(packaged_wording, "en"))
    capitals: tuple[Capital, ...] = ()  # in whose time alerts say when an article was published


def decide(
    change: Change,
    policy: Policy,
    names: tuple[str, str],
    *,
    now: datetime,
    watched_since: datetime | None,
    events: Iterable[Event] = (),
) -> tuple[Event, Alert | None, Suppressed | None]:
    """The event as it stands after its users were told (or not), and the alert or the reason for silence.

    ``events`` are all that are known, for the one before this. ``watched_since`` is when the source was first listed
    (UTC); None for folders and replays, which know no clock.
    """
    reason = difference(change.after, policy.wants)
    held = _hold(change, reason, policy, now, watched_since)
    if reason is None or held is not None:
        hold, detail = held or (Hold.ALREADY_TOLD, "")
        return change.after, None, _suppress(change, hold, detail, now)
    previous = last_before(change.after, events)
    return (*tell(change, reason, policy, names, now=now, previous=previous), None)


def tell(
    change: Change,
    reason: Reason,
    policy: Policy,
    names: tuple[str, str],
    *,
    now: datetime,
    previous: Event | None = None,
) -> tuple[Event, Alert]:
    """The event as its users know it now, and the alert that tells them; ``previous`` is the contact before."""
    before, report = change.after.told, change.report
    gone = reason is Reason.RETRACTED  # should it be told again, that is news
    event = replace(change.after, told=None if gone else told_of(change.after))
    takers = (w.channel for w in policy.wants if w.takes(reason, event, before, report.language))
    alert = Alert(
        alert_id=_alert_id(change, reason, now),
        event_id=event.event_id,
        contact_id=report.contact_id,
        article_id=report.article_id,
        reason=reason,
        created_at=now,
        headline=headline(event, names, reason, policy.wording),
        body=body(
            Telling(event, report, names, reason, before, previous, change.why, policy.capitals),
            policy.wording,
        ),
        headlines=tuple((lang, headline(event, names, reason, packaged_wording(lang))) for lang in LANGUAGES),
        event=event,
        report=report,
        before=before,
        channels=tuple(takers),
    )
    return event, alert


def last_before(event: Event, events: Iterable[Event]) -> Event | None:
    """The last contact that took place before the day of an event; None where either is not dated to the day."""
    if (
        event.status is not Status.OCCURRED
        or event.date.precision is not Precision.DAY
        or not event.date.first
    ):
        return None
    day = event.date.first
    earlier = (
        (other.date.first, other.event_id, other)
        for other in events
        if other.pair == event.pair
        and other.standing is Standing.STANDS
        and other.status is Status.OCCURRED
        and other.date.precision is Precision.DAY
        and other.date.first is not None
        and other.date.first < day
    )
    return max(earlier, key=lambda found: found[:2], default=(None, 0, None))[2]


def told_of(event: Event) -> Told:
    """What its users know of an event once they are told how it stands."""
    label = (event.date.label,) if event.date.label else ()
    before = event.told.days if event.told else ()
    return Told(
        status=event.status,
        kind=event.kind,
        date=event.date,
        place=event.place,
        contradicted=event.contradicted,
        independent=event.independent,
        confidence=event.confidence,
        days=tuple(dict.fromkeys(before + label)),
    )


def difference(event: Event, wants: Sequence[Wants] = ()) -> Reason | None:
    """What an event has that its users do not know, the weightiest first; None for nothing worth an alert."""
    told = event.told
    if event.standing is not Standing.STANDS:
        return Reason.RETRACTED if told is not None else None
    if told is None:
        return Reason.NEW if event.status in ALERTED else None
    if event.status is not told.status and event.status in ALERTED:
        return Reason.CANCELLED if event.status is Status.CANCELLED else Reason.STATUS
    if event.contradicted and not told.contradicted:
        return Reason.CONTRADICTED
    if _is_other_day(event, told):
        return Reason.DATE
    if event.kind is not told.kind:
        return Reason.KIND
    if event.place is not None and event.place != told.place and _place_matters(event, told):
        return Reason.PLACE
    return Reason.CORROBORATED if any(w.corroborates(event, told) for w in wants) else None


def _is_other_day(event: Event, told: Told) -> bool:
    """Whether the day has changed, or a plan has got one; a day that was told as soft may be put right in silence.

    A day that was told before is not told again: outlets that disagree would raise an alert each time.
    """
    known = {told.date.label, *told.days}
    if event.date.precision is not Precision.DAY or event.date.label in known:
        return False
    return event.status is Status.PLANNED or (told.date.first is not None and told.date.basis not in SOFT)


def _place_matters(event: Event, told: Told) -> bool:
    """Whether a place is news: another one than was told, or the first of a meeting to come."""
    return told.place is not None or event.status is Status.PLANNED


def _alert_id(change: Change, reason: Reason, now: datetime) -> int:
    """The same for the same step of the same event by the same report, however often a run is repeated.

    What is taken back may be taken back again after it was restored: there the time counts too.
    """
    event, told = change.after, change.before.told if change.before else None
    known = (told.status, told.date.label) if told else ("untold",)
    when = (now.isoformat(),) if change.withdrawn else ()
    return hash64("alert", event.event_id, reason, event.status, change.report.contact_id, *known, *when)


def _hold(
    change: Change, reason: Reason | None, policy: Policy, now: datetime, watched_since: datetime | None
) -> tuple[Hold, str] | None:
    """Why nobody is told, with the case in a sentence; None where nothing speaks against an alert."""
    event = change.after
    if event.standing is Standing.REJECTED and reason is None:
        return Hold.REJECTED, "an analyst has rejected the event"
    if event.muted_until is not None and now < event.muted_until:
        return Hold.MUTED, f"silence was asked for until {event.muted_until.isoformat()}"
    if reason is Reason.RETRACTED:
        return None  # what was told is put right, whatever the article is
    return _hold_of_role(change, reason) or _hold_of_age(change, policy, watched_since)


def _hold_of_role(change: Change, reason: Reason | None) -> tuple[Hold, str] | None:
    event, contact = change.after, change.report.contact
    if contact.role is Role.BACKGROUND and not change.withdrawn:
        return Hold.RECAP, "mentioned in passing, not the news of this article"
    if event.told is None and event.status not in ALERTED:
        return Hold.STATUS_OFF, f"nobody asked for alerts about what is {event.status.value}"
    if reason in (None, Reason.NEW) and _is_copied(change):
        return Hold.COPY, "a copy, or a new version, of an article that has told it already"
    if reason is None:
        return Hold.ALREADY_TOLD, f"its users know the event as {(event.told or event).status.value}"
    moved_on = reason in (Reason.NEW, Reason.STATUS, Reason.CANCELLED) and not change.withdrawn
    if moved_on and contact.status is not event.status:
        return (
            Hold.ALREADY_TOLD,
            f"the event is {event.status.value}, this article says {contact.status.value}",
        )
    return None


def _is_copied(change: Change) -> bool:
    """Whether a text that had it as its news tells it once more."""
    before = change.before
    if before is None or change.withdrawn:
        return False
    same = before.reported_as is Role.MAIN and before.status is change.after.status
    return same and change.report.cluster_id in before.clusters


def _hold_of_age(change: Change, policy: Policy, watched_since: datetime | None) -> tuple[Hold, str] | None:
    event, published = change.after, change.report.published
    if published is None:
        if event.date.last is None:
            return Hold.UNDATED, "neither the article nor its words say when this was"
        return None
    age = days_before(event.date, published.day)
    if age is not None and age > policy.fresh_days:
        return Hold.STALE, f"its day lies {age} days before the article that tells it"
    first_pass = timedelta(hours=policy.first_pass_hours)
    if watched_since is not None and published.at < watched_since - first_pass:
        return Hold.FIRST_PASS, "published before this source was watched"
    return None


def _suppress(change: Change, hold: Hold, detail: str, now: datetime) -> Suppressed:
    report = change.report
    return Suppressed(change.after.event_id, report.contact_id, report.article_id, now, hold, detail)
