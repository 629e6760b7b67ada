"""The JSON form: what goes in, what comes out, and that the words shown always stand where they are said to stand."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.detect_json import detect_line, read_document, read_published
from domain.fold import fold
from domain.people import DEFAULT_PAIR

KEYS = {
    "kind", "status", "role", "date", "date_from", "date_to", "date_precision", "date_basis", "place", "with_others",
    "initiator", "duration_minutes", "time", "time_zone", "topics", "evidence", "rule", "confidence",
}  # fmt: skip
PIECES = [
    "Macron", "Putin", "Путин", "Макрон", "Poutine", "met", "called", "s'est entretenu avec", "по телефону",
    "on Tuesday", "le 3 mars", "in Moscow", ",", ".", "\n\n", "İstanbul", "ﬁ", "’", "«", "not",
    "will", "Merkel", "the two", "and",
    "\u0000", "😀", "马克龙", "普京", "ماكرون", "بوتين", "Related articles",
]  # fmt: skip


def article(**fields: Any) -> dict[str, Any]:
    return {"id": "a", "published": "2021-03-10T12:00:00+01:00", "title": "", "text": "", **fields}


def test_a_contact_has_the_promised_keys_and_is_json() -> None:
    out = detect_line(article(text="Emmanuel Macron met Vladimir Putin in Moscow on Tuesday."), DEFAULT_PAIR)
    (contact,) = out["contacts"]
    assert out["id"] == "a" and out["lang"] == "en" and set(contact) == KEYS
    assert json.loads(json.dumps(out)) == out
    assert (contact["date"], contact["date_from"], contact["date_to"]) == ("2021-03-09",) * 3
    assert (contact["date_precision"], contact["date_basis"], contact["place"]) == (
        "day",
        "weekday",
        "Moscow",
    )


def test_nothing_at_all_is_no_error() -> None:
    for empty in ({}, {"id": "x", "title": None, "text": None, "published": None, "lang": None}):
        assert detect_line(empty, DEFAULT_PAIR)["contacts"] == []


@pytest.mark.parametrize(
    ("wrong", "complaint"),
    [
        ({"text": 3}, "'text' must be a string"),
        ({"title": ["x"]}, "'title' must be a string"),
        ({"published": "yesterday"}, "ISO 8601"),
        ({"published": 1615372800}, "'published' must be a string"),
        ({"lang": 1}, "'lang' must be a string"),
    ],
)
def test_wrong_input_is_refused_with_the_reason(wrong: dict[str, Any], complaint: str) -> None:
    with pytest.raises(ValueError, match=complaint):
        read_document(article(**wrong))


def test_an_article_must_be_an_object() -> None:
    with pytest.raises(ValueError, match="JSON object"):
        read_document(["text"])  # type: ignore[arg-type]


def test_published_is_a_day_or_an_instant() -> None:
    day, instant, naive = (
        read_published(v) for v in ("2021-03-10", "2021-03-10T23:30:00+03:00", "2021-03-10T08:00:00")
    )
    assert day is not None and (day.precision, day.at.hour) == ("day", 12)
    assert instant is not None and (instant.precision, instant.day.isoformat()) == ("instant", "2021-03-10")
    assert naive is not None and naive.at.utcoffset() is not None
    assert read_published(None) is None and read_published(" ") is None


texts = st.lists(st.sampled_from(PIECES) | st.text(max_size=8), max_size=40).map(" ".join)


@settings(max_examples=50, deadline=None)
@given(title=texts, text=texts, language=st.sampled_from([None, "en", "fr", "ru", "de", "xx"]))
def test_any_text_is_read_and_the_evidence_stands_in_it(title: str, text: str, language: str | None) -> None:
    given_article = article(title=title, text=text, lang=language)
    for contact in detect_line(given_article, DEFAULT_PAIR)["contacts"]:
        evidence = contact["evidence"]
        assert evidence["quote"]
        assert given_article[evidence["field"]][evidence["start"] : evidence["end"]] == evidence["quote"]
        assert 0 <= contact["confidence"] <= 1
        if contact["date_from"]:
            assert contact["date_from"] <= contact["date_to"]


@settings(max_examples=50, deadline=None)
@given(st.text(max_size=60))
def test_folding_moves_no_character_and_is_idempotent(text: str) -> None:
    assert len(fold(text)) == len(text)
    assert fold(fold(text)) == fold(text)
