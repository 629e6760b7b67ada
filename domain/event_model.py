"""The nouns behind a contact: what reports of it make of an event, and what users are told of that.

Instants and ids as in ``domain.model``.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from domain.model import Contact, DateSpan, Hold, Kind, Published, Reason, Role, Standing, Status, TimeOfDay


@dataclass(frozen=True, slots=True)
class Report:
    """A contact together with the article that makes the claim: the input of event resolution."""

    contact_id: int
    article_id: int
    version: int
    cluster_id: int  # articles that are copies share it: one vote each
    outlet: str
    address: str
    published: Published | None
    seen_at: datetime
    contact: Contact
    language: str | None = None  # of the article
    copied: bool = False  # the article is a copy, and long enough not to be one by chance


@dataclass(frozen=True, slots=True)
class Told:
    """What the users of an event were told of it last."""

    status: Status
    kind: Kind
    date: DateSpan
    place: str | None
    contradicted: bool
    independent: int  # how many independent articles told it then
    confidence: float
    days: tuple[str, ...] = ()  # all days (as labels) that they were ever told for it


@dataclass(frozen=True, slots=True)
class Event:
    """One real-world contact, resolved from the contacts of many articles. ``event_id`` never changes."""

    event_id: int
    pair: str
    kind: Kind
    status: Status
    date: DateSpan
    place: str | None
    with_others: tuple[str, ...]
    initiator: str | None
    duration_minutes: int | None
    topics: tuple[str, ...]
    first_reported_at: datetime | None  # when the first article on it was published
    first_source: str
    reported_as: Role  # background until an article has it as its news
    confidence: float
    clusters: tuple[int, ...]  # copy clusters that reported it, sorted
    again: bool = False  # it is told as the second of its kind on its day
    status_at: datetime | None = None  # when the report that set the status was published
    contradicted: bool = False  # a later report says the opposite
    told: Told | None = None  # None: no alert has told it
    standing: Standing = Standing.STANDS
    merged_into: int | None = None  # the event that it is part of, by an analyst's word
    muted_until: datetime | None = None
    time: TimeOfDay | None = None  # the first clock time that a report gave

    @property
    def independent(self) -> int:
        """How many articles tell it that are no copies of one another."""
        return len(self.clusters)


@dataclass(frozen=True, slots=True)
class Change:
    """What one report does to one event: ``before`` is None for a new event, equal to ``after`` if it adds nothing."""

    report: Report
    before: Event | None
    after: Event
    score: int | None  # of the join, see domain.event_match; None for a new event
    why: str  # how the report was resolved, in a sentence
    doubt: str = ""  # why an analyst should look at it; empty for no doubt
    withdrawn: bool = (
        False  # the report is taken back: its article tells it no more, or an analyst rejected it
    )


@dataclass(frozen=True, slots=True)
class Alert:
    """A message about a new event or a change of one. ``alert_id`` is also the idempotency key of its delivery."""

    alert_id: int
    event_id: int
    contact_id: int
    article_id: int
    reason: Reason
    created_at: datetime
    headline: str
    body: str
    event: Event
    report: Report
    headlines: tuple[tuple[str, str], ...] = ()  # (language, headline)
    before: Told | None = None  # what users were told before
    channels: tuple[str, ...] = ()  # those that want it


@dataclass(frozen=True, slots=True)
class Suppressed:
    """A contact that raised no alert, and why."""

    event_id: int
    contact_id: int
    article_id: int
    at: datetime
    hold: Hold
    detail: str


@dataclass(frozen=True, slots=True)
class Message:
    """An alert as channels get it, rebuilt from the ledger: rendered once, the same on every retry.

    ``alert_id`` (a decimal string) is the idempotency key; ``payload`` is the JSON object of docs/alerts.md.
    """

    alert_id: str
    event_id: str
    reason: Reason
    created_at: datetime
    headline: str
    body: str
    address: str  # of the article that is its evidence
    payload: dict[str, object]
