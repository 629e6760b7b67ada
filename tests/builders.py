"""Builders of domain objects for tests: everything has a default, a test names only what it is about."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from domain.event_model import Report
from domain.identity import hash64
from domain.model import NO_DATE, Basis, Contact, DateSpan, Evidence, Kind, Precision, Published, Role, Status

SEEN = datetime(2026, 1, 1, 12, 0, tzinfo=UTC)


def day(text: str, basis: Basis = Basis.EXPLICIT) -> DateSpan:
    """A day as ``YYYY-MM-DD``."""
    when = date.fromisoformat(text)
    return DateSpan(when, when, Precision.DAY, basis, text)


def month(text: str) -> DateSpan:
    """A month as ``YYYY-MM``."""
    first = date.fromisoformat(f"{text}-01")
    last = (first + timedelta(days=32)).replace(day=1) - timedelta(days=1)
    return DateSpan(first, last, Precision.MONTH, Basis.EXPLICIT, text)


def year(text: str) -> DateSpan:
    """A year as ``YYYY``."""
    return DateSpan(date(int(text), 1, 1), date(int(text), 12, 31), Precision.YEAR, Basis.EXPLICIT, text)


def published(text: str) -> Published:
    """A publication instant in ISO 8601; a plain day is noon UTC with precision ``day``."""
    if len(text) == 10:
        noon = datetime.fromisoformat(f"{text}T12:00:00+00:00")
        return Published(noon, "day", "listing")
    return Published(datetime.fromisoformat(text), "instant", "listing")


def contact(
    kind: Kind = Kind.PHONE_CALL,
    status: Status = Status.OCCURRED,
    when: DateSpan = NO_DATE,
    role: Role = Role.MAIN,
    **more: Any,
) -> Contact:
    """A contact; ``more`` overrides any other field."""
    plain = Contact(
        kind=kind,
        status=status,
        role=role,
        date=when,
        place=None,
        with_others=(),
        initiator=None,
        duration_minutes=None,
        topics=(),
        evidence=Evidence("text", 0, 5, "words"),
        rule="test",
        cues=(),
        confidence=0.8,
    )
    return replace(plain, **more)


def report(
    claim: Contact, article: str = "a", pub: str | None = "2025-07-01T20:00:00+02:00", **more: Any
) -> Report:
    """A report of a contact by the article with this name; each article is its own cluster unless told otherwise."""
    article_id = hash64(article)
    plain = Report(
        contact_id=hash64("contact", article, claim),
        article_id=article_id,
        version=1,
        cluster_id=article_id,
        outlet=f"{article}.example",
        address=f"https://{article}.example/1",
        published=published(pub) if pub else None,
        seen_at=SEEN,
        contact=claim,
    )
    return replace(plain, **more)
