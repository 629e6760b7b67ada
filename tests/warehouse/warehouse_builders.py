"""Builders of what the warehouse stores: everything has a default, a test names only what it is about."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

from domain.alerts import told_of
from domain.event_model import Alert, Change, Event, Message, Report, Suppressed
from domain.identity import article_id, canonical_address, hash64
from domain.model import (
    NO_DATE,
    Article,
    Basis,
    Contact,
    CopyLink,
    DateSpan,
    Detection,
    Evidence,
    Hold,
    Item,
    Kind,
    Outcome,
    Precision,
    Published,
    Reason,
    Rejected,
    Role,
    Status,
    TimeOfDay,
)
from warehouse.batch import Batch, ItemEnd, LoadedArticle, Run, SourceRow

NOW = datetime(2025, 7, 1, 18, 0, tzinfo=UTC)
PARIS = timezone(timedelta(hours=2))
PAIR = "macron-putin"


def hours(number: float) -> datetime:
    """So many hours after ``NOW``."""
    return NOW + timedelta(hours=number)


def day(text: str) -> DateSpan:
    """An explicit day as ``YYYY-MM-DD``."""
    when = date.fromisoformat(text)
    return DateSpan(when, when, Precision.DAY, Basis.EXPLICIT, text)


def make_article(name: str, text: str = "", **more: Any) -> Article:
    """The article ``http://wire.example/NAME``."""
    address = canonical_address(f"http://wire.example/{name}")
    body = text or f"The two presidents spoke, says {name}."
    plain = Article(
        article_id=article_id(address),
        address=address,
        source="wire",
        outlet="wire.example",
        title=f"Title of {name}",
        text=body,
        language="en",
        published=Published(NOW.astimezone(PARIS), "instant", "listing"),
        seen_at=NOW,
        capture_sha256=f"{hash64('capture', name):064x}",
        text_sha256=f"{hash64('text', body):064x}",
        extractor="dump-1",
        fingerprint="f1",
    )
    return replace(plain, **more)


def make_contact(**more: Any) -> Contact:
    """A phone call that took place on 1 July 2025, the news of its article."""
    plain = Contact(
        kind=Kind.PHONE_CALL,
        status=Status.OCCURRED,
        role=Role.MAIN,
        date=day("2025-07-01"),
        place=None,
        with_others=(),
        initiator="macron",
        duration_minutes=120,
        time=TimeOfDay(18 * 60 + 10, "Europe/Paris"),
        topics=("ukraine", "iran"),
        evidence=Evidence("text", 0, 23, "The two presidents spok"),
        rule="en.call.held",
        cues=("spoke", "today"),
        confidence=0.9,
    )
    return replace(plain, **more)


def contact_id_of(article: Article, version: int, position: int = 0) -> int:
    return hash64("contact", article.article_id, version, position)


def load_article(article: Article, *contacts: Contact, version: int = 1, **more: Any) -> LoadedArticle:
    """The article as loaded, with these contacts, in a cluster of its own."""
    plain = LoadedArticle(
        article=article,
        version=version,
        outcome=Outcome.STORED if version == 1 else Outcome.NEW_VERSION,
        keys=(),
        links=(),
        cluster_id=article.article_id,
        detection=Detection("en", "en", contacts, ()),
        contact_ids=tuple(contact_id_of(article, version, n) for n in range(len(contacts))),
    )
    return replace(plain, **more)


def make_rejected(number: int) -> Rejected:
    return Rejected(Evidence("text", number, number + 3, "spo"), "en.call.other", f"another pair ({number})")


def make_link(article: Article, origin: Article, cluster_id: int, shared: int = 9) -> CopyLink:
    return CopyLink(article.article_id, origin.article_id, cluster_id, "near_copy", 0.93, 0.71, shared)


def make_item(name: str, source: str = "wire", fingerprint: str = "f1") -> Item:
    return Item(source, f"http://wire.example/{name}", fingerprint)


def make_report(loaded: LoadedArticle, position: int = 0) -> Report:
    """The report that the article makes with its contact at this position."""
    assert loaded.detection is not None
    article = loaded.article
    return Report(
        contact_id=loaded.contact_ids[position],
        article_id=article.article_id,
        version=loaded.version,
        cluster_id=loaded.cluster_id,
        outlet=article.outlet,
        address=article.address,
        published=article.published,
        seen_at=article.seen_at,
        contact=loaded.detection.contacts[position],
    )


def make_event(name: str = "e1", **more: Any) -> Event:
    """The event of ``make_contact``."""
    plain = Event(
        event_id=hash64("event", name),
        pair=PAIR,
        kind=Kind.PHONE_CALL,
        status=Status.OCCURRED,
        date=day("2025-07-01"),
        place=None,
        with_others=(),
        initiator="macron",
        duration_minutes=120,
        time=TimeOfDay(18 * 60 + 10, "Europe/Paris"),
        topics=("ukraine", "iran"),
        first_reported_at=NOW,
        first_source="wire.example",
        reported_as=Role.MAIN,
        confidence=0.9,
        clusters=(2**64 - 1,),
        status_at=NOW,
    )
    return replace(plain, **more)


def make_alert(change: Change, reason: Reason = Reason.NEW, **more: Any) -> tuple[Alert, Message]:
    """The alert of a change, with its message."""
    event, report = change.after, change.report
    alert = Alert(
        alert_id=hash64("alert", event.event_id, event.status),
        event_id=event.event_id,
        contact_id=report.contact_id,
        article_id=report.article_id,
        reason=reason,
        created_at=NOW,
        headline="Macron and Putin spoke by phone",
        body="What: phone call, occurred",
        event=replace(event, told=told_of(event)),
        report=report,
    )
    alert = replace(alert, **more)
    message = Message(
        alert_id=str(alert.alert_id),
        event_id=str(alert.event_id),
        reason=alert.reason,
        created_at=alert.created_at,
        headline=alert.headline,
        body=alert.body,
        address=report.address,
        payload={"headline": alert.headline, "event": {"place": None, "топик": ["é"]}, "n": 1.5},
    )
    return alert, message


def make_run(run_id: int = 1, **more: Any) -> Run:
    plain = Run(
        run_id=run_id,
        started_at=NOW,
        command="run",
        engine="plain",
        version="0.1.0",
        watch_sha256="w" * 64,
        sources=(
            SourceRow("wire", "feed", "http://wire.example/feed", "third", "en", "The wire"),
            SourceRow("notes", "feed", "http://notes.example/feed", "moscow", "ru", None),
        ),
    )
    return replace(plain, **more)


def make_batch(*articles: LoadedArticle, **more: Any) -> Batch:
    """A batch with these articles and an item's end for each."""
    plain = Batch(
        run_id=1,
        loaded_at=NOW,
        pair=PAIR,
        rules_version="r1",
        articles=articles,
        ends=tuple(
            ItemEnd(
                Item(one.article.source, one.article.address, one.article.fingerprint),
                one.outcome,
                "",
                one.article.article_id,
            )
            for one in articles
        ),
    )
    return replace(plain, **more)


def call_batch(**more: Any) -> Batch:
    """One article that tells of a call, one that recaps it; an event, an alert, a suppression."""
    first = load_article(make_article("call"), make_contact())
    recap_contact = make_contact(role=Role.BACKGROUND, date=NO_DATE, status=Status.OCCURRED)
    second = load_article(make_article("recap", source="notes"), recap_contact)
    created = Change(
        make_report(first), None, make_event(clusters=(first.cluster_id,)), None, "no event fits"
    )
    grown = replace(created.after, clusters=tuple(sorted((first.cluster_id, second.cluster_id))))
    joined = Change(make_report(second), created.after, grown, 80, "80 points: same kind")
    alert, message = make_alert(created, channels=("desk", "feed"))
    held = Suppressed(
        grown.event_id, joined.report.contact_id, joined.report.article_id, NOW, Hold.RECAP, "in passing"
    )
    return make_batch(
        first,
        second,
        changes=(created, joined),
        alerts=(alert,),
        payloads=(message,),
        suppressed=(held,),
        **more,
    )
