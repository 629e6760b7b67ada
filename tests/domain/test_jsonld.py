"""JSON-LD as pages really write it."""

from __future__ import annotations

import json

import pytest

from domain.jsonld import Declared, read_jsonld

ARTICLE = {
    "@type": "NewsArticle",
    "headline": "Grain talks resume",
    "datePublished": "2024-03-12T08:15:00+01:00",
}
PLAIN = json.dumps(ARTICLE)


def at(declared: Declared) -> str:
    assert declared.published is not None
    return declared.published.at.isoformat()


@pytest.mark.parametrize(
    "block",
    [
        PLAIN,
        f"<!-- {PLAIN} -->",
        f"//<![CDATA[\n{PLAIN}\n//]]>",
        f"/*<![CDATA[*/ {PLAIN} /*]]>*/",
        PLAIN + ";",
        PLAIN.replace("Grain talks", "Grain\ttalks"),
        PLAIN[:-1] + ",}",
        PLAIN.replace('"', "&quot;"),
        json.dumps([{"@type": "BreadcrumbList"}, ARTICLE]),
        json.dumps({"@context": "https://schema.org", "@graph": [{"@type": "Organization"}, ARTICLE]}),
        json.dumps({"@type": "WebPage", "mainEntity": ARTICLE}),
        json.dumps({**ARTICLE, "@type": ["Thing", "https://schema.org/ReportageNewsArticle"]}),
        json.dumps({**ARTICLE, "@type": "LiveBlogPosting"}),
        json.dumps({**ARTICLE, "headline": "Grain &amp;#116;alks resume"}),
    ],
)
def test_broken_and_nested_forms_are_read(block: str) -> None:
    found = read_jsonld([block])
    assert found.headline == "Grain talks resume"
    assert at(found) == "2024-03-12T08:15:00+01:00"


def test_several_blocks_one_of_them_unreadable() -> None:
    assert read_jsonld(["{not json", "[" * 100_000, "", PLAIN]).headline == "Grain talks resume"


def test_related_articles_in_a_list_are_not_the_page() -> None:
    other = {**ARTICLE, "headline": "Another", "datePublished": "2001-01-01T10:00:00Z"}
    listing = {"@type": "ItemList", "itemListElement": [other]}
    assert read_jsonld([json.dumps(listing), PLAIN]).headline == "Grain talks resume"
    assert read_jsonld([json.dumps(listing)]) == Declared()


def test_dated_article_before_undated_and_page_last() -> None:
    undated = {"@type": "Article", "headline": "Teaser"}
    page = {"@type": "WebPage", "datePublished": "2024-01-01"}
    assert read_jsonld([json.dumps([page, undated, ARTICLE])]).headline == "Grain talks resume"
    only_page = read_jsonld([json.dumps(page)])
    assert only_page.headline is None
    assert only_page.published is not None
    assert only_page.published.precision == "day"


@pytest.mark.parametrize(
    ("text", "precision", "iso"),
    [
        ("2024-03-12", "day", "2024-03-12T12:00:00+00:00"),
        ("2024-03-12T00:00:00Z", "day", "2024-03-12T12:00:00+00:00"),
        ("2024-03-12T00:00:00+0300", "day", "2024-03-12T12:00:00+03:00"),
        ("2024-03-12T09:30:00", "day", "2024-03-12T12:00:00+00:00"),
        ("2024-03-12T09:30Z", "instant", "2024-03-12T09:30:00+00:00"),
        ("2024-03-12 09:30:05 +0530", "instant", "2024-03-12T09:30:05+05:30"),
        ("2024-03-12T09:30:05.123456789-05", "instant", "2024-03-12T09:30:05-05:00"),
        ("Tue, 12 Mar 2024 09:30:05 GMT", "instant", "2024-03-12T09:30:05+00:00"),
    ],
)
def test_dates(text: str, precision: str, iso: str) -> None:
    published = read_jsonld([json.dumps({**ARTICLE, "datePublished": text})]).published
    assert published is not None
    assert (published.precision, published.at.isoformat()) == (precision, iso)


@pytest.mark.parametrize(
    "text", ["", "yesterday", "2024-13-40", "2024-02-30T10:00:00Z", "2024-01-01T10:00:00+99:99"]
)
def test_impossible_dates_are_none(text: str) -> None:
    assert read_jsonld([json.dumps({**ARTICLE, "datePublished": text})]).published is None


def test_fields_of_wrong_types_are_ignored() -> None:
    odd = {
        "@type": "NewsArticle",
        "headline": {"a": 1},
        "datePublished": 20240312,
        "inLanguage": ["fr", "en"],
    }
    odd["publisher"] = [{"@type": "Organization", "name": "Le Héraut"}]
    assert read_jsonld([json.dumps(odd)]) == Declared(language="fr", publisher="Le Héraut")
    assert read_jsonld(["null", "3", '"text"', "[[[]]]"]) == Declared()
