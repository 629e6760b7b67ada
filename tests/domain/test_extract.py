"""Captures in, articles or failures out."""

from __future__ import annotations

import hashlib
import json
import time
from datetime import UTC, datetime, timedelta, timezone

import pytest

from domain.copies import text_sha256
from domain.extract import MAX_BYTES, extract
from domain.identity import article_id
from domain.model import Article, Capture, Failure, Item, Outcome, Published

SEEN = datetime(2024, 3, 12, 9, 0, tzinfo=UTC)
ADDRESS = "https://www.herald.example/world/talks-on-grain"
PARAGRAPHS = [
    "The two presidents spoke by telephone for an hour on Tuesday, the first such conversation in nine months.",
    "Officials on both sides said that the exports of grain and the safety of the power plant were discussed.",
    "A spokesman added that the leaders had agreed to talk again before the end of the month.",
]


def make_page(head: str = "", body: str = "", html_attributes: str = ' lang="en-GB"') -> str:
    paragraphs = "".join(f"<p>{p}</p>" for p in PARAGRAPHS)
    return (
        f"<!doctype html><html{html_attributes}><head><meta charset='utf-8'>{head}</head><body>"
        f"<nav><ul><li><a href='/'>Home</a></li><li><a href='/w'>World</a></li></ul></nav>"
        f"<article><h1>Presidents talk about grain</h1>{paragraphs}{body}</article>"
        f"<footer>All rights reserved</footer></body></html>"
    )


def capture(
    body: str | bytes,
    media_type: str = "text/html",
    charset: str | None = None,
    final: str = ADDRESS,
    **item: object,
) -> Capture:
    raw = body.encode() if isinstance(body, str) else body
    listed = Item("herald", ADDRESS, "f1", **item)  # type: ignore[arg-type]
    return Capture(listed, final, hashlib.sha256(raw).hexdigest(), raw, media_type, charset, SEEN)


def article(*args: object, **kwargs: object) -> Article:
    result = extract(capture(*args, **kwargs))  # type: ignore[arg-type]
    assert isinstance(result, Article), result
    return result


def failure(*args: object, **kwargs: object) -> Failure:
    result = extract(capture(*args, **kwargs))  # type: ignore[arg-type]
    assert isinstance(result, Failure), result
    return result


def jsonld(**fields: object) -> str:
    data = json.dumps({"@context": "https://schema.org", "@type": "NewsArticle", **fields})
    return f'<script type="application/ld+json">{data}</script>'


def test_page_gives_text_and_metadata() -> None:
    found = article(
        make_page(jsonld(datePublished="2024-03-12T08:15:00+01:00", headline="Presidents talk about grain"))
    )
    assert found.text == "\n\n".join(PARAGRAPHS)
    assert found.title == "Presidents talk about grain"
    assert found.language == "en"
    assert found.outlet == "herald.example"
    assert found.source == "herald"
    assert found.published == Published(
        datetime(2024, 3, 12, 8, 15, tzinfo=timezone(timedelta(hours=1))), "instant", "json-ld"
    )
    assert found.seen_at == SEEN
    assert found.text_sha256 == text_sha256(found.text)
    assert found.extractor.startswith("trafilatura-2.")
    assert found.fingerprint == "f1"
    assert found.article_id == article_id(ADDRESS)


@pytest.mark.parametrize(
    ("body", "media_type", "outcome"),
    [
        (b"", "text/html", Outcome.EMPTY),
        (b" \r\n\t ", "", Outcome.EMPTY),
        (b"%PDF-1.7 ...", "text/html", Outcome.NOT_TEXT),
        (b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 4, "", Outcome.NOT_TEXT),
        (b"plain words\0and a NUL among them", "text/plain", Outcome.NOT_TEXT),
        (b"<p>text</p>", "image/png", Outcome.NOT_TEXT),
        (bytes(range(1, 32)) * 40, "text/plain", Outcome.NOT_TEXT),
        (b"<html>" + b" " * MAX_BYTES, "text/html", Outcome.TOO_LARGE),
        (b"<!doctype html>", "text/html", Outcome.NO_TEXT),
        (b"<html><body><p>Hi.</p></body></html>", "text/html", Outcome.NO_TEXT),
        (b"Menu\nHome\nSearch\n", "text/plain", Outcome.NO_TEXT),
        (b'{"title": "No text"}', "application/json", Outcome.NO_TEXT),
        (b'["a list"]', "application/json", Outcome.EXTRACT_FAILED),
        (b'{"text": "cut of', "application/json", Outcome.EXTRACT_FAILED),
        (b"[" * 200_000, "application/json", Outcome.EXTRACT_FAILED),
    ],
)
def test_failures(body: bytes, media_type: str, outcome: Outcome) -> None:
    found = failure(body, media_type)
    assert found.outcome is outcome
    assert found.detail
    assert found.item.address == ADDRESS


def test_failure_of_the_extractor_names_type_and_message() -> None:
    assert failure(b'["a list"]', "application/json").detail.startswith("ValueError: the JSON is no object")
    assert failure(b"[" * 200_000, "application/json").detail.startswith("RecursionError")


@pytest.mark.parametrize(
    ("encoding", "told_by"),
    [(e, t) for e in ("windows-1251", "koi8-r", "utf-8", "utf-16") for t in ("transport", "meta")]
    + [(e, "nobody") for e in ("windows-1251", "utf-8", "utf-16")],
)
def test_russian_page_is_read_in_its_encoding(encoding: str, told_by: str) -> None:
    sentence = "Президенты двух стран обсудили по телефону вывоз зерна и безопасность атомной станции. "
    meta = f'<meta charset="{encoding}">' if told_by == "meta" else ""
    text = sentence * 5
    page = f"<html><head>{meta}<title>Разговор</title></head><body><article><p>{text}</p></article></body></html>"
    charset = encoding if told_by == "transport" else None
    assert article(page.encode(encoding), charset=charset).text.startswith(sentence.strip())


def test_wrong_declared_encoding_does_not_spoil_utf8() -> None:
    page = make_page(
        body="<p>Élysée officials confirmed the conversation, naïve as it may sound, à Paris.</p>"
    )
    assert "Élysée officials" in article(page, charset="iso-8859-1").text


def test_latin1_is_read_as_windows_1252() -> None:
    page = make_page(body="<p>“We will talk again,” the minister’s office said late in the evening.</p>")
    assert "“We will talk again,”" in article(page.encode("cp1252"), charset="iso-8859-1").text


@pytest.mark.parametrize("charset", ["utf-7", "base64", "rot13", "nonsense", "idna", ""])
def test_odd_charsets_are_not_used(charset: str) -> None:
    assert article(make_page(), charset=charset).text == "\n\n".join(PARAGRAPHS)


@pytest.mark.parametrize(
    ("final", "canonical", "address"),
    [
        (
            ADDRESS,
            "https://herald.example/world/talks-on-grain-2",
            "https://herald.example/world/talks-on-grain-2",
        ),
        (ADDRESS, "/world/relative", "https://www.herald.example/world/relative"),
        (ADDRESS + "?utm_source=x", None, ADDRESS),
        (ADDRESS, "https://elsewhere.example/world/talks", ADDRESS),
        (ADDRESS, "https://www.herald.example/", ADDRESS),
        (ADDRESS, "javascript:alert(1)", ADDRESS),
        (ADDRESS, "https://[broken/", ADDRESS),
        ("https://a.co.uk/1", "https://b.co.uk/1", "https://a.co.uk/1"),
        ("https://m.a.co.uk/1", "https://www.a.co.uk/1", "https://www.a.co.uk/1"),
        ("http://10.0.0.1/1", "http://10.0.0.2/1", "http://10.0.0.1/1"),
        ("file:pages/one.html", "https://herald.example/one", "file:pages/one.html"),
    ],
)
def test_address_is_the_declared_one_of_the_same_site(
    final: str, canonical: str | None, address: str
) -> None:
    head = f'<link rel="canonical" href="{canonical}">' if canonical else ""
    found = article(make_page(head), final=final)
    assert found.address == address
    assert found.article_id == article_id(address)


def test_listing_with_an_instant_wins_over_the_page() -> None:
    listed = Published(datetime(2024, 3, 12, 7, 0, tzinfo=UTC), "instant", "listing")
    assert (
        article(make_page(jsonld(datePublished="2024-03-11T10:00:00Z")), published=listed).published == listed
    )


def test_listing_with_a_day_takes_the_instant_of_that_day() -> None:
    listed = Published(datetime(2024, 3, 11, 12, tzinfo=UTC), "day", "listing")
    same = article(make_page(jsonld(datePublished="2024-03-10T23:10:00-02:00")), published=listed).published
    assert same is not None
    assert same.basis == "json-ld"
    other = article(make_page(jsonld(datePublished="2024-02-01T10:00:00Z")), published=listed)
    assert other.published == listed


@pytest.mark.parametrize("wrong", ["1970-01-01T00:00:01Z", "2031-01-01T08:00:00Z", "soon", ""])
def test_impossible_dates_are_dropped(wrong: str) -> None:
    head = (
        jsonld(datePublished=wrong)
        + '<meta property="article:published_time" content="2024-03-11T06:30:00Z">'
    )
    found = article(make_page(head)).published
    assert found == Published(datetime(2024, 3, 11, 6, 30, tzinfo=UTC), "instant", "meta")


def test_a_day_on_the_page_is_no_midnight() -> None:
    found = article(make_page('<meta name="date" content="2024-03-09">')).published
    assert found is not None
    assert (found.precision, found.day.isoformat(), found.at.hour) == ("day", "2024-03-09", 12)


def test_undated_page_stays_undated() -> None:
    assert article(make_page()).published is None


def test_date_written_in_the_page_is_a_day() -> None:
    found = article(
        make_page(body="<p>Published: 8 March 2024</p><time datetime='2024-03-08'>8 March 2024</time>")
    )
    assert found.published is not None
    assert (found.published.precision, found.published.basis) == ("day", "page")
    assert found.published.day.isoformat() == "2024-03-08"


@pytest.mark.parametrize(
    ("title", "site_name", "expected"),
    [
        ("Presidents talk about grain - The Herald", "The Herald", "Presidents talk about grain"),
        ("Presidents talk about grain | herald.example", None, "Presidents talk about grain"),
        ("Presidents talk about grain – and power", "The Herald", "Presidents talk about grain – and power"),
    ],
)
def test_site_name_is_trimmed_from_the_title(title: str, site_name: str | None, expected: str) -> None:
    head = f'<meta property="og:title" content="{title}">'
    head += f'<meta property="og:site_name" content="{site_name}">' if site_name else ""
    assert article(make_page(head)).title == expected


def test_listing_fills_what_the_page_does_not_say() -> None:
    page = f"<html><body><div><p>{'</p><p>'.join(PARAGRAPHS)}</p></div></body></html>"
    found = article(page, title="Talk on grain", language="fr", outlet="Le Héraut")
    assert (found.title, found.language, found.outlet) == ("Talk on grain", "fr", "Le Héraut")


@pytest.mark.parametrize(
    ("tag", "language"),
    [("ru-RU", "ru"), ("UK", "uk"), ("ua", "uk"), ("x-default", None), ("english", None), ("", None)],
)
def test_language_is_two_letters(tag: str, language: str | None) -> None:
    assert article(make_page(html_attributes=f' lang="{tag}"')).language == language


def test_json_article_is_taken_as_it_is() -> None:
    told = {
        "title": "Talk on grain",
        "text": "\n\n".join(PARAGRAPHS),
        "published": "2024-03-12T10:00:00+03:00",
        "lang": "en",
        "url": "https://herald.example/json-1?utm_medium=feed",
    }
    found = article(json.dumps(told), "application/json", final="folder/articles.jsonl#1")
    assert found.text == told["text"]
    assert found.address == "https://herald.example/json-1"
    assert found.extractor == "json-1"
    assert found.published is not None
    assert (found.published.basis, found.published.day.isoformat()) == ("input", "2024-03-12")


def test_text_file_is_read_as_a_dump() -> None:
    text = (
        "Home | World | Sport\n\nPresidents talk about grain\n\n"
        + "\n\n".join(PARAGRAPHS)
        + "\n\nShare this article"
    )
    found = article(text, "text/plain")
    assert found.title == "Presidents talk about grain"
    assert found.text == "\n\n".join(PARAGRAPHS)
    assert found.extractor == "dump-1"


def test_html_without_a_media_type_and_text_called_html() -> None:
    assert article(make_page(), "").extractor.startswith("trafilatura")
    assert article("\n\n".join(PARAGRAPHS), "text/html").extractor == "dump-1"


def test_control_characters_are_removed() -> None:
    page = make_page(
        body="<p>The min\x07ister said on Wednesday that no further call was planned for the week.</p>"
    )
    assert "The minister said" in article(page).text


def test_control_characters_written_as_references_are_removed() -> None:
    page = make_page(
        body="<p>The min&#7;ister said&#x1f; on Wednesday that no&#0; further call was planned at all.</p>"
    )
    assert "The minister said on Wednesday that no further call" in article(page).text


def test_headline_date_and_byline_are_no_text() -> None:
    page = make_page().replace("</h1>", "</h1><p>Published 12 March 2024 at 08:15</p><p>By Ada Byron</p>")
    assert article(page).text == "\n\n".join(PARAGRAPHS)


def test_endless_text_is_too_large() -> None:
    found = failure("<html><body><article><p>" + "The two presidents spoke. " * 40_000)
    assert found.outcome is Outcome.TOO_LARGE
    assert "main text" in found.detail


@pytest.mark.parametrize(
    "junk",
    [
        "<!-- x -->" * 100_000,
        "<p class='" + "a " * 500_000 + "'>x</p>",
        "<" * 500_000,
        "<title>" + "- " * 300_000,
        "<script type='application/ld+json'>{" + " " * 900_000 + "</script>",
        "<script type='application/ld+json'>" + "[" * 900_000 + "</script>",
    ],
)
def test_hostile_pages_take_little_time(junk: str) -> None:
    began = time.process_time()
    extract(capture("<html><body>" + junk + make_page()))
    assert time.process_time() - began < 6


def test_many_comments_before_text_without_a_media_type_take_little_time() -> None:
    began = time.process_time()
    failure("<!-- -->" * 2_000 + "x", "")
    assert time.process_time() - began < 2


def test_page_of_too_many_elements_is_read_as_a_dump() -> None:
    links = "".join(f"<li><a href='/{i}'>Item number {i}</a></li>" for i in range(21_000))
    found = article(make_page(body="<p>" + " ".join(PARAGRAPHS * 6) + "</p>" + f"<ul>{links}</ul>"))
    assert found.extractor == "dump-1"
    assert PARAGRAPHS[0] in found.text
    assert "Item number" not in found.text


def test_page_that_trafilatura_gives_up_on_is_read_as_a_dump() -> None:
    deep = "<div>" * 1_500 + "".join(f"<p>{p}</p>" for p in PARAGRAPHS * 6) + "</div>" * 1_500
    result = extract(capture(f"<html><body>{deep}</body></html>"))
    assert isinstance(result, Article)
    assert PARAGRAPHS[1] in result.text


def test_page_nested_beyond_reason_fails_by_name() -> None:
    found = failure("<html><body>" + "<div>" * 100_000 + " ".join(PARAGRAPHS * 6))
    assert found.outcome is Outcome.EXTRACT_FAILED
    assert "nest" in found.detail


def test_extraction_is_repeatable() -> None:
    page = make_page(jsonld(datePublished="2024-03-12T08:15:00+01:00"))
    assert len({article(page) for _ in range(4)}) == 1
