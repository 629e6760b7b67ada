"""Sitemaps as newspapers publish them, indexes that go round in circles, and documents that are no sitemaps."""

from __future__ import annotations

import gzip
from typing import Any

import pytest

from connectors.base import SourceError
from connectors.sources.sitemap import DEEPEST, MOST_CHILDREN, Sitemap
from domain.model import Outcome
from tests.connectors.listing import NOW, refuse, visit

HEAD = '<?xml version="1.0" encoding="UTF-8"?>'
SPACES = (
    'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" '
    'xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"'
)


def news(*entries: str) -> bytes:
    return f"{HEAD}<urlset {SPACES}>{''.join(entries)}</urlset>".encode()


def entry(
    path: str, published: str = "2026-06-01T10:00:00+02:00", title: str = "Call", more: str = ""
) -> str:
    return (
        f"<url><loc>https://paper.example{path}</loc>{more}<news:news><news:publication><news:name>Paper</news:name>"
        f"<news:language>fr</news:language></news:publication><news:publication_date>{published}"
        f"</news:publication_date><news:title>{title}</news:title></news:news></url>"
    )


def index(*places: tuple[str, str]) -> bytes:
    children = "".join(
        f"<sitemap><loc>{loc}</loc><lastmod>{when}</lastmod></sitemap>" for loc, when in places
    )
    return f"{HEAD}<sitemapindex {SPACES}>{children}</sitemapindex>".encode()


def test_a_news_sitemap_gives_title_language_and_instant(site: Any) -> None:
    address = site.serve("/news.xml", body=news(entry("/a"), entry("/b", "2026-06-01T11:00:00Z", "Zwei")))
    listing, _ = visit(Sitemap("paper", address))
    second, first = listing.items
    assert (first.address, first.title, first.language) == ("https://paper.example/a", "Call", "fr")
    assert first.published is not None
    assert first.published.at.isoformat() == "2026-06-01T10:00:00+02:00"
    assert second.title == "Zwei"


def test_old_addresses_are_left_out_and_undated_ones_are_not(site: Any) -> None:
    old = entry("/old", "2026-05-20T10:00:00Z")
    modified = f"<url><loc>https://paper.example/mod</loc><lastmod>{NOW.isoformat()}</lastmod></url>"
    stale = "<url><loc>https://paper.example/stale</loc><lastmod>2020-01-01</lastmod></url>"
    bare = "<url><loc>https://paper.example/bare</loc></url>"
    listing, _ = visit(
        Sitemap("paper", site.serve("/s.xml", body=news(old, modified, stale, bare)), hours=48)
    )
    assert [item.address.rpartition("/")[2] for item in listing.items] == ["mod", "bare"]
    assert listing.items[0].published is None  # when it was changed is not when it was published


def test_a_changed_lastmod_is_another_fingerprint(site: Any) -> None:
    def fingerprint(when: str) -> str:
        more = f"<lastmod>{when}</lastmod>"
        address = site.serve("/s.xml", body=news(entry("/a", more=more)))
        return visit(Sitemap("paper", address))[0].items[0].fingerprint

    assert fingerprint("2026-06-01T10:00:00Z") == fingerprint("2026-06-01T10:00:00Z")
    assert fingerprint("2026-06-01T10:00:00Z") != fingerprint("2026-06-01T11:00:00Z")


def test_an_index_is_followed_to_its_newest_sitemaps_also_packed_ones(site: Any) -> None:
    site.serve("/new.xml.gz", body=gzip.compress(news(entry("/a"))), content_type="application/gzip")
    site.serve("/deep.xml", body=index((site.url("/deeper.xml"), "2026-06-01")))
    site.serve("/deeper.xml", body=news(entry("/b")))
    places = [(site.url(f"/old-{n}.xml"), f"2019-01-{n + 1:02}") for n in range(30)]
    places += [(site.url("/new.xml.gz"), "2026-06-01"), (site.url("/deep.xml"), "2026-05-31")]
    listing, _ = visit(Sitemap("paper", site.serve("/index.xml", body=index(*places))))
    assert {item.address[-2:] for item in listing.items} == {"/a", "/b"}
    gone = [failure for failure in listing.failures if failure.outcome is Outcome.FETCH_FAILED]
    assert len(gone) == len(site.asked) - 4 == MOST_CHILDREN - 2  # the old ones answer 404, each by itself


def test_an_index_that_names_itself_and_ten_thousand_others_comes_to_an_end(site: Any) -> None:
    places = [(site.url("/index.xml"), "2026-06-01")]
    places += [(site.url(f"/index.xml?{n}"), "2026-06-01") for n in range(10_000)]
    body = index(*places)
    again = index(*places[:100])
    for n in range(10_000):
        site.routes[f"/index.xml?{n}"] = lambda handler: handler.reply(200, again)
    listing, _ = visit(Sitemap("paper", site.serve("/index.xml", body=body)))
    assert listing.items == ()
    assert len(site.asked) == 1 + DEEPEST * MOST_CHILDREN


def test_an_unchanged_index_does_not_hide_what_changed_below_it(site: Any) -> None:
    def child(handler: Any) -> None:
        changed = handler.headers["if-none-match"] != '"c1"'
        handler.reply(200 if changed else 304, news(entry("/a")) if changed else b"", etag='"c1"')

    site.route("/child.xml", child)
    body = index((site.url("/child.xml"), "2026-06-01"))
    address = site.route(
        "/index.xml",
        lambda h: h.reply(304 if h.headers["if-none-match"] else 200, body, etag='"i1"'),
    )
    first, _ = visit(Sitemap("paper", address))
    assert len(first.items) == 1
    second, _ = visit(Sitemap("paper", address), first.state)
    assert second.items == ()
    assert [asked.path for asked in site.asked[-2:]] == ["/index.xml", "/child.xml"]
    assert site.asked[-1].headers["if-none-match"] == '"c1"'


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (b"", "an empty answer"),
        (b"<html><body>Please wait</body></html>", "an HTML page"),
        (b"<rss><channel/></rss>", "<rss>"),
        (b"no xml at all", "not a sitemap"),
        (b'<!DOCTYPE u [<!ENTITY a "aaaa">]><urlset>&a;</urlset>', "entities"),
        (b"\x1f\x8bnot gzip", "cannot be unpacked"),
    ],
)
def test_what_is_no_sitemap_is_named(site: Any, body: bytes, said: str) -> None:
    error = refuse(Sitemap("paper", site.serve("/s.xml", body=body)))
    assert said in str(error)


def test_a_bomb_within_a_packed_sitemap_is_refused(site: Any) -> None:
    bomb = gzip.compress(b"<urlset>" + b" " * 60_000_000)
    assert "more than 50000000 bytes" in str(refuse(Sitemap("paper", site.serve("/s.xml", body=bomb))))


def test_a_cut_off_sitemap_is_read_as_far_as_it_goes(site: Any) -> None:
    body = news(entry("/a"), entry("/b"))[:-120]
    listing, _ = visit(Sitemap("paper", site.serve("/s.xml", body=body)))
    assert "https://paper.example/a" in {item.address for item in listing.items}


def test_addresses_that_must_not_be_fetched_fail_by_themselves(site: Any) -> None:
    odd = "<url><loc>ftp://paper.example/x</loc></url><url><loc>http://u:p@paper.example/</loc></url>"
    listing, _ = visit(Sitemap("paper", site.serve("/s.xml", body=news(odd, entry("/a")))))
    assert len(listing.items) == 1
    assert [failure.outcome for failure in listing.failures] == [Outcome.REFUSED] * 2
    assert "u:p" not in listing.failures[1].item.address


def test_an_address_or_zone_that_cannot_work_is_refused_at_once() -> None:
    with pytest.raises(SourceError, match="correct the address"):
        Sitemap("paper", "ftp://paper.example/")
    with pytest.raises(SourceError, match="Europe/Paris"):
        Sitemap("paper", "https://paper.example/", zone="Mars/Base")
