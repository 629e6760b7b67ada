"""The JSON form of detection: one article in, its contacts out (docs of the command ``parley detect``)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from domain.contacts import Document, find_contacts
from domain.model import Contact, Detection, Evidence, Published
from domain.people import Pair

_TEXTS = ("id", "url", "source", "published", "title", "text", "lang")
_DAY_LENGTH = 10


def detect_line(obj: Mapping[str, Any], pair: Pair, *, trace: bool = False) -> dict[str, Any]:
    """Detection of one input object, as the object to print: ``{"id", "lang", "contacts": [...]}``.

    With ``trace`` every contact tells its cues, and ``rejected`` lists what looked like a contact and why it was
    none. Raises ValueError saying what is wrong with the input.
    """
    document = read_document(obj)
    detection = find_contacts(document, pair, trace=trace)
    answer = {"id": obj.get("id"), **detection_to_json(detection)}
    if trace:
        answer["lexicon"] = detection.lexicon
        for shown, contact in zip(answer["contacts"], detection.contacts, strict=True):
            shown["cues"] = list(contact.cues)
        answer["rejected"] = [
            {"evidence": evidence_to_json(r.evidence), "rule": r.rule, "reason": r.reason}
            for r in detection.rejected
        ]
    return answer


def read_document(obj: Mapping[str, Any]) -> Document:
    """What detection needs of an input object; null or missing title, text, published and lang are fine."""
    if not isinstance(obj, Mapping):
        raise ValueError(f"an article must be a JSON object, not {type(obj).__name__}")
    for key in _TEXTS:
        value = obj.get(key)
        if value is not None and not isinstance(value, str) and not (key == "id" and isinstance(value, int)):
            raise ValueError(f"{key!r} must be a string or null, not {type(value).__name__}")
    return Document(
        obj.get("title") or "",
        obj.get("text") or "",
        read_published(obj.get("published")),
        obj.get("lang") or None,
    )


def read_published(value: str | None) -> Published | None:
    """An ISO 8601 day or instant (without offset: UTC); None and "" give None. Raises ValueError for anything else."""
    if not value or not value.strip():
        return None
    text = value.strip()
    try:
        at = datetime.fromisoformat(text)
    except ValueError as error:
        raise ValueError(f"'published' must be an ISO 8601 day or instant, got {value[:60]!r}") from error
    if len(text) == _DAY_LENGTH:
        return Published(at.replace(hour=12, tzinfo=UTC), "day", "input")
    if at.tzinfo is None:
        at = at.replace(tzinfo=UTC)
    return Published(at, "instant", "input")


def detection_to_json(detection: Detection) -> dict[str, Any]:
    """The language and the contacts of a detection."""
    return {"lang": detection.language, "contacts": [contact_to_json(c) for c in detection.contacts]}


def evidence_to_json(evidence: Evidence) -> dict[str, Any]:
    """Words of an article, and where they stand."""
    return {
        "quote": evidence.quote,
        "start": evidence.start,
        "end": evidence.end,
        "field": evidence.field,
    }


def contact_to_json(contact: Contact) -> dict[str, Any]:
    """One contact as ``detect`` prints it."""
    date = contact.date
    return {
        "kind": contact.kind.value,
        "status": contact.status.value,
        "role": contact.role.value,
        "date": date.label,
        "date_from": date.first.isoformat() if date.first else None,
        "date_to": date.last.isoformat() if date.last else None,
        "date_precision": date.precision.value,
        "date_basis": date.basis.value,
        "place": contact.place,
        "with_others": list(contact.with_others),
        "initiator": contact.initiator,
        "duration_minutes": contact.duration_minutes,
        "time": contact.time.label if contact.time else None,
        "time_zone": contact.time.zone if contact.time else None,
        "topics": list(contact.topics),
        "evidence": evidence_to_json(contact.evidence),
        "rule": contact.rule,
        "confidence": contact.confidence,
    }
