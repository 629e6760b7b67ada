"""A stored contact with its article, as the report that event resolution takes."""

from __future__ import annotations

from datetime import timedelta, timezone
from typing import Any

from domain.event_model import Report
from domain.model import (
    Basis,
    Contact,
    DateSpan,
    Evidence,
    Kind,
    Precision,
    Published,
    Role,
    Status,
    TimeOfDay,
)
from domain.revision import Vote
from warehouse.rows import as_utc

# Columns in the order in which ``vote_from_row`` takes them; only what the latest version of an article tells counts.
VOTE_COLUMNS = (
    "link.event_id, contact.contact_id, contact.article_id, contact.version, coalesce(alias.new_id, "
    "article.cluster_id), article.outlet, article.address, article.published_at, article.published_offset_minutes, "
    "article.published_precision, article.published_basis, article.seen_at, article.detected_language, contact.kind, "
    "contact.status, contact.role, contact.date_from, contact.date_to, contact.date_precision, contact.date_basis, "
    "contact.date_words, contact.place, contact.with_others, contact.initiator, contact.duration_minutes, "
    "contact.topics, contact.evidence_field, contact.evidence_start, contact.evidence_end, contact.evidence_quote, "
    "contact.rule, contact.cues, contact.confidence, contact.again, "
    "contact.time_minute, contact.time_zone"
)
VOTE_TABLES = (
    "FROM core.contact AS contact "
    "JOIN core.event_contact AS link ON link.contact_id = contact.contact_id "
    "JOIN core.article AS article ON article.article_id = contact.article_id AND article.version = contact.version "
    "LEFT JOIN core.cluster_alias AS alias ON alias.old_id = article.cluster_id "
    "ANTI JOIN (FROM core.pin WHERE NOT kept) AS dropped ON dropped.contact_id = contact.contact_id"
)


def vote_from_row(row: tuple[Any, ...]) -> Vote:
    """A vote back from the columns ``VOTE_COLUMNS``."""
    event_id, contact_id, article_id, version, cluster_id, outlet, address = row[:7]
    seen_at = as_utc(row[11])
    assert seen_at is not None, "the column is NOT NULL"
    report = Report(
        contact_id=contact_id,
        article_id=article_id,
        version=version,
        cluster_id=cluster_id,
        outlet=outlet,
        address=address,
        published=_published(*row[7:11]),
        seen_at=seen_at,
        contact=_contact(row[13:]),
        language=row[12],
    )
    return Vote(event_id, report)


def _published(at: Any, offset: int | None, precision: str, basis: str) -> Published | None:
    if at is None:
        return None
    return Published(at.astimezone(timezone(timedelta(minutes=offset or 0))), precision, basis)


def _contact(row: tuple[Any, ...]) -> Contact:
    kind, status, role, first, last, precision, date_basis, words, place, others = row[:10]
    initiator, minutes, topics, field, start, end, quote, rule, cues, confidence, again, minute, zone = row[
        10:
    ]
    return Contact(
        kind=Kind(kind),
        status=Status(status),
        role=Role(role),
        date=DateSpan(first, last, Precision(precision), Basis(date_basis), words),
        place=place,
        with_others=tuple(others),
        initiator=initiator,
        duration_minutes=minutes,
        topics=tuple(topics),
        evidence=Evidence(field, start, end, quote),
        rule=rule,
        cues=tuple(cues),
        confidence=confidence,
        again=again,
        time=None if minute is None else TimeOfDay(minute, zone),
    )
