"""Articles, contacts, items and requests of domain.model as rows: no SQL, no connection."""

from __future__ import annotations

from datetime import UTC, datetime

from domain.event_model import Event
from domain.identity import canonical_address
from domain.model import Contact, Fetch, Published
from warehouse.arrow import Row
from warehouse.batch import Batch, ItemEnd, LoadedArticle

MOST_REJECTED = 20  # passages kept per article version: enough to explain it, bounded for hostile pages


def article_row(loaded: LoadedArticle, batch: Batch) -> Row:
    """The row of one article version."""
    article = loaded.article
    return {
        "article_id": article.article_id,
        "version": loaded.version,
        "address": article.address,
        "source": article.source,
        "outlet": article.outlet,
        "title": article.title,
        "text": article.text,
        "language": article.language,
        **_published_columns(article.published),
        "seen_at": article.seen_at,
        "capture_sha256": article.capture_sha256,
        "text_sha256": article.text_sha256,
        "extractor": article.extractor,
        "fingerprint": article.fingerprint,
        "outcome": loaded.outcome.value,
        "cluster_id": loaded.cluster_id,
        "key_count": len(loaded.keys),
        "detected_language": loaded.detection.language if loaded.detection else None,
        "lexicon": loaded.detection.lexicon if loaded.detection else None,
        "rules_version": batch.rules_version,
        "run_id": batch.run_id,
        "loaded_at": batch.loaded_at,
    }


def sketch_rows(loaded: LoadedArticle) -> list[Row]:
    """One row per key of the article's sketch."""
    article = loaded.article
    return [
        {"key": key, "article_id": article.article_id, "version": loaded.version, "seen_at": article.seen_at}
        for key in loaded.keys
    ]


def link_rows(loaded: LoadedArticle, batch: Batch) -> list[Row]:
    """One row per copy link of the article."""
    return [
        {
            "article_id": link.article_id,
            "version": loaded.version,
            "origin_id": link.origin_id,
            "relation": link.relation,
            "containment5": link.containment5,
            "jaccard3": link.jaccard3,
            "shared_keys": link.shared_keys,
            "decided_at": batch.loaded_at,
        }
        for link in loaded.links
    ]


def contact_rows(loaded: LoadedArticle, batch: Batch) -> list[Row]:
    """One row per contact that the article claims."""
    if loaded.detection is None:
        return []
    return [
        {
            "contact_id": contact_id,
            "article_id": loaded.article.article_id,
            "version": loaded.version,
            "position": position,
            "pair": batch.pair,
            **slot_columns(contact),
            "role": contact.role.value,
            "evidence_field": contact.evidence.field,
            "evidence_start": contact.evidence.start,
            "evidence_end": contact.evidence.end,
            "evidence_quote": contact.evidence.quote,
            "rule": contact.rule,
            "cues": list(contact.cues),
            "confidence": contact.confidence,
            "again": contact.again,
            "lexicon": loaded.detection.lexicon,
            "rules_version": batch.rules_version,
            "loaded_at": batch.loaded_at,
        }
        for position, (contact_id, contact) in enumerate(
            zip(loaded.contact_ids, loaded.detection.contacts, strict=True)
        )
    ]


def rejected_rows(loaded: LoadedArticle) -> list[Row]:
    """One row per passage that was not taken, the first ``MOST_REJECTED`` of them."""
    if loaded.detection is None:
        return []
    return [
        {
            "article_id": loaded.article.article_id,
            "version": loaded.version,
            "position": position,
            "rule": rejected.rule,
            "reason": rejected.reason,
            "field": rejected.evidence.field,
            "start_at": rejected.evidence.start,
            "end_at": rejected.evidence.end,
            "quote": rejected.evidence.quote,
        }
        for position, rejected in enumerate(loaded.detection.rejected[:MOST_REJECTED])
    ]


def end_row(end: ItemEnd, batch: Batch) -> Row:
    """The row of an item's end, known by the canonical form of its address."""
    return {
        "run_id": batch.run_id,
        "source": end.item.source,
        "address": known_address(end.item.address),
        "listed_address": end.item.address,
        "fingerprint": end.item.fingerprint,
        "outcome": end.outcome.value,
        "detail": end.detail,
        "article_id": end.article_id,
        "ended_at": batch.loaded_at,
    }


def known_address(address: str) -> str:
    """The canonical form of an address; one that is no address at all is known as it was listed."""
    try:
        return canonical_address(address)
    except ValueError:
        return address.strip()


def fetch_row(fetch: Fetch, *, run_id: int, position: int) -> Row:
    """The row of one request."""
    return {
        "run_id": run_id,
        "position": position,
        "source": fetch.source,
        "address": fetch.address,
        "fetched_at": fetch.at,
        "status": fetch.status,
        "sha256": fetch.sha256,
        "size": fetch.size,
        "error": fetch.error,
    }


def as_utc(instant: datetime | None) -> datetime | None:
    """The same instant with ``datetime.UTC`` as its zone: DuckDB hands out its own zone object."""
    return None if instant is None else instant.astimezone(UTC)


def slot_columns(thing: Contact | Event) -> Row:
    """The columns that contacts and events share."""
    return {
        "kind": thing.kind.value,
        "status": thing.status.value,
        "date_from": thing.date.first,
        "date_to": thing.date.last,
        "date_precision": thing.date.precision.value,
        "date_basis": thing.date.basis.value,
        "date_words": thing.date.words,
        "place": thing.place,
        "with_others": list(thing.with_others),
        "initiator": thing.initiator,
        "duration_minutes": thing.duration_minutes,
        "time_minute": thing.time.minute if thing.time else None,
        "time_zone": thing.time.zone if thing.time else None,
        "started_at": thing.time.instant(thing.date) if thing.time else None,
        "topics": list(thing.topics),
    }


def _published_columns(published: Published | None) -> Row:
    if published is None:
        return dict.fromkeys(
            ("published_at", "published_offset_minutes", "published_precision", "published_basis")
        )
    offset = published.at.utcoffset()
    return {
        "published_at": published.at,
        "published_offset_minutes": None if offset is None else round(offset.total_seconds() / 60),
        "published_precision": published.precision,
        "published_basis": published.basis,
    }
