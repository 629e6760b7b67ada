"""Pages that list articles, read by selectors; a page that changed its layout is named, not taken for a quiet day."""

from __future__ import annotations

from typing import Any

import pytest

from connectors.base import SourceError
from connectors.sources.html_list import HtmlList
from domain.model import Outcome
from tests.connectors.listing import refuse, visit

PAGE = """<html><head><base href="/news/"></head><body><ul>
<li class="hentry"><h3><a href="1">One <b>call</b></a></h3><time datetime="2026-06-01T09:00:00+03:00">today</time></li>
<li class="hentry"><h3><a href="//other.example/2">Two</a></h3><span class="date">31.05.2026</span></li>
<li class="hentry"><p>without a link</p></li>
<li class="hentry"><a href="javascript:void(0)">no address</a></li>
</ul></body></html>"""


def test_entries_are_found_by_selectors(site: Any) -> None:
    address = site.serve("/list", body=PAGE.encode(), content_type="text/html")
    source = HtmlList(
        "list", address, ".hentry", "h3 a, a", "h3", "time, .date", language="ru", zone="Europe/Moscow"
    )
    listing, _ = visit(source)
    first, second = listing.items
    assert (first.address, first.title) == (site.url("/news/1"), "One call")
    assert first.published is not None
    assert first.published.at.isoformat() == "2026-06-01T09:00:00+03:00"
    assert second.address == "http://other.example/2"
    assert second.published is not None
    assert second.published.precision == "day"
    (refused,) = listing.failures
    assert refused.outcome is Outcome.REFUSED


def test_an_entry_may_be_the_link_itself(site: Any) -> None:
    address = site.serve("/list", body=PAGE.encode(), content_type="text/html")
    assert len(visit(HtmlList("list", address, "a[href='1']"))[0].items) == 1


def test_a_changed_layout_is_an_error_that_says_so(site: Any) -> None:
    address = site.serve("/list", body=b"<html><body><div class=new></div></body></html>")
    assert "has its layout changed" in str(refuse(HtmlList("list", address, ".hentry")))
    address = site.serve("/pdf", body=b"%PDF-1.4 binary")
    assert "unreadable" in str(refuse(HtmlList("list", address, ".hentry")))


def test_an_unchanged_page_lists_nothing_new(site: Any) -> None:
    address = site.route(
        "/list", lambda h: h.reply(304 if h.headers["if-none-match"] else 200, PAGE.encode(), etag='"a"')
    )
    source = HtmlList("list", address, ".hentry")
    listing, _ = visit(source)
    assert visit(source, listing.state)[0].not_modified


@pytest.mark.parametrize("selector", ["", "a[", "::::", "a:has-not(b"])
def test_what_is_no_selector_is_refused(selector: str) -> None:
    with pytest.raises(SourceError, match="no CSS selector"):
        HtmlList("list", "https://paper.example/", selector)
