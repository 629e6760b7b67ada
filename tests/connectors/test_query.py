"""Feeds of search engines: one query for each language, links that hide the article, and turns."""

from __future__ import annotations

import base64
from typing import Any
from urllib.parse import quote

import pytest

from connectors.base import SourceError
from connectors.proxies import find_target, is_hidden, resolve
from connectors.sources.query import QueryFeed
from domain.model import Item, Outcome
from tests.connectors.listing import fetch, miss, refuse, visit

QUERIES = {"fr": "Macron Poutine", "en": "Macron Putin", "ru": "Макрон Путин"}


def rss(*links: str) -> bytes:
    items = "".join(f"<item><title>t</title><link>{link}</link></item>" for link in links)
    return f'<rss version="2.0"><channel><title>s</title>{items}</channel></rss>'.encode()


def template(site: Any) -> str:
    return site.url("/search?q={query}&hl={language}&gl={country}")


def test_every_language_is_asked_with_its_own_words_and_edition(site: Any) -> None:
    for language, country in (("fr", "FR"), ("en", "US"), ("ru", "RU")):
        path = f"/search?q={quote(QUERIES[language], safe='')}&hl={language}&gl={country}"
        site.serve(path, body=rss(f"https://{language}.example/1", "https://both.example/1"))
    listing, _ = visit(QueryFeed("search", template(site), QUERIES))
    found = {item.address: item.language for item in listing.items}
    assert found == {
        "https://fr.example/1": "fr",
        "https://both.example/1": "fr",
        "https://en.example/1": "en",
        "https://ru.example/1": "ru",
    }
    assert listing.failures == ()


def test_one_language_that_fails_stops_no_other_and_all_are_an_outage(site: Any) -> None:
    good = f"/search?q={quote(QUERIES['fr'], safe='')}&hl=fr&gl=FR"
    site.serve(good, body=rss("https://fr.example/1"))
    listing, _ = visit(QueryFeed("search", template(site), QUERIES))
    assert [item.address for item in listing.items] == ["https://fr.example/1"]
    assert [failure.outcome for failure in listing.failures] == [Outcome.FETCH_FAILED] * 2
    site.serve(good, 429, retry_after="600")
    assert refuse(QueryFeed("search", template(site), QUERIES)).status == 429


def test_languages_take_turns_and_come_round(site: Any) -> None:
    for language in QUERIES:
        country = {"en": "US"}.get(language, language.upper())
        site.serve(f"/search?q={quote(QUERIES[language], safe='')}&hl={language}&gl={country}", body=rss())
    source = QueryFeed("search", template(site), QUERIES, per_pass=2)
    state = None
    for _ in range(3):
        listing, _ = visit(source, state)
        state = listing.state
    asked = [path.partition("hl=")[2][:2] for path in (one.path for one in site.asked)]
    assert asked == ["fr", "en", "ru", "fr", "en", "ru"]


def test_an_address_without_a_place_for_the_query_is_refused() -> None:
    with pytest.raises(SourceError, match="query"):
        QueryFeed("search", "https://search.example/rss", QUERIES)


def old_link(address: str) -> str:
    packed = base64.urlsafe_b64encode(
        b'\x08\x13"' + bytes([len(address)]) + address.encode() + b"\xd2\x01\x00"
    )
    return f"https://news.google.com/rss/articles/{packed.decode().rstrip('=')}?oc=5"


def test_links_that_say_the_address_are_resolved_without_asking() -> None:
    assert resolve(old_link("https://paper.example/a?x=1")) == "https://paper.example/a?x=1"
    assert resolve("https://www.google.com/url?q=https://paper.example/b&sa=U") == "https://paper.example/b"
    bing = "http://www.bing.com/news/apiclick.aspx?ref=FexRss&url=https%3a%2f%2fpaper.example%2fc&c=1"
    assert resolve(bing) == "https://paper.example/c"
    for plain in ("https://paper.example/url?q=https://other.example", "http://[::1", "no address", ""):
        assert resolve(plain) == plain
    hidden = "https://news.google.com/rss/articles/CBMiVkFVX3lxTE1HVXRkd0xqbE5fTg?oc=5"
    assert resolve(hidden) == hidden
    assert is_hidden(hidden)
    assert not is_hidden("https://paper.example/rss/articles/CBMiVkFVX3lxTE1HVXRkd0xqbE5fTg")


def test_a_page_of_google_news_gives_the_address_away_or_does_not() -> None:
    page = '<a href="https://policies.google.com/x" rel="nofollow"></a><c-wiz data-n-au="https://paper.example/d">'
    assert find_target(page) == "https://paper.example/d"
    assert find_target("<html>Before you continue</html>") is None


def test_a_link_that_redirects_to_the_article_is_followed(site: Any) -> None:
    site.serve("/go", 302, location="/article")
    site.serve("/article", body=b"<html>words</html>", content_type="text/html")
    source = QueryFeed("search", template(site), QUERIES)
    capture = fetch(source, Item("search", site.url("/go"), "f"))
    assert capture.final_address == site.url("/article")
    assert miss(source, Item("search", site.url("/none"), "f")).outcome is Outcome.FETCH_FAILED
