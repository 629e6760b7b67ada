"""Lines of JSON behind an address."""

from __future__ import annotations

import json
from typing import Any

from connectors.sources.json_lines import RemoteLines
from domain.extract import extract
from domain.model import Article, Outcome
from tests.connectors.listing import refuse, visit

GOOD = {
    "url": "https://paper.example/1",
    "source": "Paper",
    "published": "2026-06-01T10:00:00+02:00",
    "title": "A call",
    "text": "The two spoke for an hour about the situation in the region.",
    "lang": "en",
}


def test_lines_are_articles_and_a_broken_one_stops_no_other(site: Any) -> None:
    lines = [
        json.dumps(GOOD),
        "",
        "{broken",
        "[1]",
        json.dumps({"url": "https://paper.example/2"}),
        json.dumps(GOOD | {"url": "http://u:p@x.example/"}),
        json.dumps(GOOD | {"url": "https://paper.example/3", "published": "someday"}),
    ]
    address = site.serve("/lines", body="\n".join(lines).encode())
    listing, (capture,) = visit(RemoteLines("lines", address), fetch=[0])
    assert [item.address[-1] for item in listing.items] == ["1", "3"]
    assert listing.items[1].published is None
    assert [(f.outcome, f.detail.split(":")[0]) for f in listing.failures] == [
        (Outcome.EXTRACT_FAILED, "line 3"),
        (Outcome.EXTRACT_FAILED, "line 4"),
        (Outcome.EXTRACT_FAILED, "line 5"),
        (Outcome.REFUSED, "line 6"),
    ]
    article = extract(capture)
    assert isinstance(article, Article)
    assert (article.title, article.language, article.outlet) == ("A call", "en", "Paper")
    assert article.published is not None


def test_a_page_instead_of_lines_is_an_error_of_the_source(site: Any) -> None:
    assert "not one line is an article" in str(refuse(RemoteLines("lines", site.serve("/x", body=b"<html>"))))
    assert visit(RemoteLines("lines", site.serve("/empty", body=b"")))[0].items == ()
