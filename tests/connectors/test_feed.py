"""Feeds good, odd, broken and hostile, over a real server and as bytes."""

from __future__ import annotations

import asyncio
import time
from datetime import UTC, date, datetime, timedelta, timezone
from email.utils import format_datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from connectors.base import FetchError, Listing, SourceError
from connectors.dates import is_plausible, read_published
from connectors.feeds import parse_feed
from connectors.http import Http, HttpSettings
from connectors.items import MAX_ENTRIES
from connectors.sources.feed import Feed
from domain.identity import hash64
from domain.model import FetchState, Outcome, Validators

NOW = datetime(2026, 6, 1, 12, 0, tzinfo=UTC)


def rss(*items: str, head: str = '<?xml version="1.0" encoding="utf-8"?>') -> bytes:
    return f'{head}<rss version="2.0"><channel><title>Desk</title>{"".join(items)}</channel></rss>'.encode()


def entry(
    link: str = "/n/1", title: str = "Call", when: str = "Mon, 25 May 2026 15:24:00 +0200", more: str = ""
) -> str:
    date_tag = f"<pubDate>{when}</pubDate>" if when else ""
    link_tag = f"<link>{link}</link>" if link else ""
    return f"<item><title>{title}</title>{link_tag}{date_tag}{more}</item>"


def read(site: Any, body: bytes, known: FetchState | None = None, **config: Any) -> Listing:
    headers = {"content_type": config.pop("content_type", "application/rss+xml")}
    site.serve("/feed", body=body, etag='"e1"', last_modified="Mon, 25 May 2026 13:00:00 GMT", **headers)
    return list_feed(Feed("desk", site.url("/feed"), **config), known)


def list_feed(feed: Feed, known: FetchState | None = None) -> Listing:
    async def run() -> Listing:
        quick = HttpSettings(
            allow_private=True, requests_per_second=0, backoff_seconds=0.01, timeout_seconds=1
        )
        async with Http(quick) as http:
            return await feed.list(http, known, NOW)

    return asyncio.run(run())


def remembered(address: str, etag: str | None, modified: str | None) -> FetchState:
    return FetchState({f"{hash64('address', address):016x}": Validators(etag, modified)})


def fail(site: Any, body: bytes, **config: Any) -> SourceError:
    with pytest.raises(SourceError) as caught:
        read(site, body, **config)
    assert caught.value.slug == "desk"
    return caught.value


def test_an_rss_feed_gives_items_with_their_facts(site: Any) -> None:
    body = rss(entry(), entry("https://other.example/n/2?a=1&amp;b=2", "Zwei"))
    listing = read(site, body, language="en")
    first, second = listing.items
    assert first.address == site.url("/n/1")
    assert (first.title, first.source, first.language) == ("Call", "desk", "en")
    assert first.published is not None
    assert first.published.at == datetime(2026, 5, 25, 13, 24, tzinfo=UTC)
    assert first.published.at.utcoffset() == timedelta(hours=2)
    assert (first.published.precision, first.published.basis) == ("instant", "listing")
    assert second.address == "https://other.example/n/2?a=1&b=2"
    assert listing.failures == ()
    assert listing.state == remembered(site.url("/feed"), '"e1"', "Mon, 25 May 2026 13:00:00 GMT")


def test_an_atom_feed_is_read_and_published_comes_before_updated(site: Any) -> None:
    body = """<feed xmlns="http://www.w3.org/2005/Atom" xml:base="/base/"><title>t</title>
    <entry><title type="html">A &amp;lt;b&amp;gt;bold&amp;lt;/b&amp;gt; &amp;amp;amp; call</title>
    <link href="n/1"/><id>x</id>
    <published>2026-05-24T23:30:00-05:00</published><updated>2026-05-30T00:00:00Z</updated></entry>
    <entry><title>Two</title><link rel="alternate" href="n/2"/><id>y</id><updated>2026-05-23T10:00:00Z</updated></entry>
    </feed>"""
    listing = read(site, body.encode())
    one, two = listing.items
    assert one.title == "A bold & call"
    assert one.address == site.url("/base/n/1")
    assert one.published is not None
    assert one.published.day == date(2026, 5, 24)
    assert two.published is not None
    assert two.published.at == datetime(2026, 5, 23, 10, tzinfo=UTC)


def test_links_are_resolved_against_where_the_feed_was_found(site: Any) -> None:
    site.serve("/old", 301, location="/deep/er/feed")
    site.serve("/deep/er/feed", body=rss(entry("n/1")))
    (item,) = list_feed(Feed("desk", site.url("/old"))).items
    assert item.address == site.url("/deep/er/n/1")


def test_nothing_changed_is_told_apart_from_nothing_there(site: Any) -> None:
    known = remembered(site.url("/feed"), '"e1"', None)
    site.route("/feed", lambda h: h.reply(304 if h.headers["if-none-match"] == '"e1"' else 200, rss()))
    listing = list_feed(Feed("desk", site.url("/feed")), known)
    assert listing.not_modified
    assert listing.state == known
    empty = list_feed(Feed("desk", site.url("/feed")))
    assert not empty.not_modified
    assert (empty.items, empty.failures, empty.state) == ((), (), None)


def test_the_same_listing_has_the_same_fingerprints_and_a_changed_one_has_not(site: Any) -> None:
    def prints(body: bytes) -> set[str]:
        return {item.fingerprint for item in read(site, body).items}

    first = prints(rss(entry()))
    assert prints(rss(entry(more="<description>teaser</description>"))) == first
    assert prints(rss(entry(title="Call!"))) != first
    assert prints(rss(entry(when="Mon, 25 May 2026 15:25:00 +0200"))) != first
    assert prints(rss(entry(link="/n/2"))) != first


def test_an_entry_without_a_link_fails_by_itself(site: Any) -> None:
    listing = read(
        site, rss(entry(link="", title="Lost", more='<guid isPermaLink="false">a b</guid>'), entry())
    )
    assert [item.title for item in listing.items] == ["Call"]
    (failure,) = listing.failures
    assert (failure.outcome, failure.item.title) == (Outcome.REFUSED, "Lost")
    assert failure.item.address == site.url("/feed#a%20b")
    assert "without a link" in failure.detail


def test_a_permalink_guid_is_a_link(site: Any) -> None:
    (item,) = read(site, rss(entry(link="", more="<guid>https://other.example/g</guid>"))).items
    assert item.address == "https://other.example/g"


@pytest.mark.parametrize(
    "link", ["file:///etc/passwd", "javascript:alert(1)", "https://me:pw@news.example/", "mailto:a@b"]
)
def test_links_that_must_not_be_fetched_fail_by_themselves(site: Any, link: str) -> None:
    listing = read(site, rss(entry(link=link), entry()))
    assert len(listing.items) == 1
    assert [failure.outcome for failure in listing.failures] == [Outcome.REFUSED]


def test_titles_are_one_clean_line(site: Any) -> None:
    body = rss(entry(title="\n Macron &amp;amp; Putin:\x1b[31m <![CDATA[<b>talks</b>]]>\t&#x202e;now "))
    (item,) = read(site, body).items
    assert item.title == "Macron & Putin:[31m talks now"


def test_a_hundred_thousand_entries_are_refused_within_seconds() -> None:
    body = rss(*(entry(f"/n/{n}", "t", "") for n in range(100_000)))
    started = time.monotonic()
    with pytest.raises(SourceError, match="too many for a feed"):
        parse_feed("desk", body, None, "http://news.example/")
    assert time.monotonic() - started < 5


def test_entries_with_one_guid_are_told_apart_by_their_links(site: Any) -> None:
    guid = '<guid isPermaLink="false">same</guid>'
    listing = read(site, rss(entry("/n/1", more=guid), entry("/n/2", more=guid), entry("/n/1", more=guid)))
    assert [item.address.rpartition("/")[2] for item in listing.items] == [
        "1",
        "2",
        "1",
    ]  # the pass counts the third


def test_an_entry_without_a_title_has_none(site: Any) -> None:
    assert read(site, rss(entry(title=""))).items[0].title is None


def test_newest_come_first_and_too_many_are_cut_with_a_word(site: Any) -> None:
    start = datetime(2026, 1, 1, tzinfo=UTC)
    entries = [
        entry(f"/n/{n}", when=f"{start + timedelta(hours=n):%a, %d %b %Y %H:%M:%S} GMT")
        for n in range(MAX_ENTRIES)
    ]
    listing = read(site, rss(entry("/undated", when=""), *entries, entry("/last", when="")))
    assert len(listing.items) == MAX_ENTRIES
    assert listing.items[0].address == site.url(f"/n/{MAX_ENTRIES - 1}")
    assert listing.items[-1].address == site.url("/n/0")
    (failure,) = listing.failures
    assert failure.outcome is Outcome.TOO_LARGE
    assert "oldest 2" in failure.detail


@pytest.mark.parametrize(
    ("body", "what"),
    [
        (b"", "an empty answer"),
        (b" \n ", "an empty answer"),
        (b"<!DOCTYPE html><html><body>Sorry</body></html>", "an HTML page"),
        (
            b"\xef\xbb\xbf<!-- hi -->\n<?xml version='1.0'?><html xmlns='http://www.w3.org/1999/xhtml'/>",
            "an HTML page",
        ),
        ("<!DOCTYPE html><html>".encode("utf-16"), "an HTML page"),
        (b"<HTML><head><item><link>x</link></item>", "an HTML page"),
        (b'{"version": "https://jsonfeed.org/version/1.1"}', "'items'"),
        (b'{"hello": "world"}', "no JSON Feed"),
        (b'{"version": ', "broken JSON"),
        (b"Too many requests", "plain text"),
        (b"<urlset xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'><url/></urlset>", "<urlset>"),
        (b"<note><to>you</to></note>", "neither RSS nor Atom"),
        (b"<rss version='2.0'><channel><title>half", "broken XML"),
        (bytes(range(256)) * 20, "broken XML"),
        (
            rss(entry(), "<x:pos xmlns:x='http://www.opengis.net/gml'>1 2</x:pos>"),
            "the feed parser broke (KeyError",
        ),
    ],
)
def test_what_is_no_feed_is_named(site: Any, body: bytes, what: str) -> None:
    error = fail(site, body)
    assert what in error.detail


@pytest.mark.parametrize("status", [404, 500])
def test_a_feed_that_answers_an_error_is_a_source_error(site: Any, status: int) -> None:
    site.serve("/feed", status)
    with pytest.raises(SourceError, match=str(status)) as caught:
        list_feed(Feed("desk", site.url("/feed")))
    assert isinstance(caught.value.__cause__, FetchError)
    assert caught.value.status == status


@pytest.mark.parametrize(
    "body",
    [
        rss(entry(title="A & B"), entry("/n/2")),
        rss(entry(), entry("/n/2"))[:-40],
        b"\n\n" + rss(entry(), entry("/n/2")),
        b"Warning: something in /index.php\n" + rss(entry(), entry("/n/2")),
        rss(entry(title="bell \x07 and \x00 zero"), entry("/n/2")),
        rss(entry(title="&nbsp;&eacute;"), entry("/n/2")),
        rss(entry(), "<item><title>not closed", entry("/n/2")),
    ],
)
def test_broken_xml_is_recovered_as_far_as_it_yields_entries(site: Any, body: bytes) -> None:
    addresses = {item.address for item in read(site, body).items}
    assert {site.url("/n/1"), site.url("/n/2")} <= addresses


BOMB = (
    '<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">'
    '<!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;">]><rss version="2.0"><channel><item><title>&c;</title>'
    "<link>/n/1</link></item></channel></rss>"
)
OUTSIDE = (
    '<!DOCTYPE rss [<!ENTITY\nx SYSTEM "file:///etc/passwd">]><rss version="2.0"><channel><item><title>&x;</title>'
    "<link>/n/1</link></item></channel></rss>"
)


@pytest.mark.parametrize("text", [BOMB, OUTSIDE])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "utf-16-le", "utf-32"])
def test_entity_declarations_are_refused_in_every_encoding(site: Any, text: str, encoding: str) -> None:
    assert "feed" in fail(site, text.encode(encoding)).detail


def test_entities_hidden_in_utf_7_are_not_decoded(site: Any) -> None:
    body = b'<?xml version="1.0" encoding="utf-7"?>' + OUTSIDE.encode("utf-7")
    assert "root:" not in fail(site, body).detail


@pytest.mark.parametrize(
    "body",
    [
        rss("<a>" * 200_000),
        rss("<item><link>/n</link></item>" * 60_000),
        rss("<" * 4_000_000),
        rss(entry(title="&" * 2_000_000)),
        rss("".join(f"<a xmlns:n{n}='http://x/{n}'>" for n in range(40_000))),
    ],
)
def test_documents_made_to_keep_the_parser_busy_are_refused_quickly(body: bytes) -> None:
    started = time.monotonic()
    with pytest.raises(SourceError, match="too many"):
        parse_feed("desk", body, None, "http://news.example/")
    assert time.monotonic() - started < 2


@pytest.mark.parametrize(
    ("encoding", "declared", "content_type"),
    [
        ("utf-8", "utf-8", "text/xml"),
        ("utf-8", "utf-8", "text/xml; charset=iso-8859-1"),  # a server's default, wrong
        ("utf-8", "windows-1251", "text/xml; charset=windows-1251"),
        ("windows-1251", "windows-1251", "text/xml"),
        ("windows-1251", "windows-1251", "application/xml; charset=utf-8"),  # wrong as well
        ("windows-1251", "utf-8", "application/xml; charset=windows-1251"),
        ("koi8-r", "koi8-r", "application/rss+xml; charset=klingon"),
        ("utf-16", "utf-16", "application/rss+xml"),
    ],
)
def test_text_is_read_in_its_true_charset(site: Any, encoding: str, declared: str, content_type: str) -> None:
    text = rss(entry(title="Макрон и Путин"), head=f'<?xml version="1.0" encoding="{declared}"?>').decode()
    (item,) = read(site, text.encode(encoding), content_type=content_type).items
    assert item.title == "Макрон и Путин"


def test_characters_that_are_none_end_nothing_but_their_entry(site: Any) -> None:
    bad = '<item><guid isPermaLink="false">&#xD800;</guid><title>&#xD800;&bad & x</title></item>'
    listing = read(site, rss(bad, entry("http://a/&#xD800;"), entry("http://a/&#99999999999;"), entry()))
    assert site.url("/n/1") in {item.address for item in listing.items}
    assert {failure.outcome for failure in listing.failures} == {Outcome.REFUSED}
    for item in (*listing.items, *(failure.item for failure in listing.failures)):
        assert f"{item.address} {item.title}".encode()


def test_a_link_that_is_refused_is_not_repeated_as_it_came(site: Any) -> None:
    listing = read(
        site, rss(entry("https://me:secret@news.example/"), entry("http://news.example/" + "a" * 20_000))
    )
    for failure in listing.failures:
        assert "secret" not in failure.item.address
        assert len(failure.item.address) <= 500
    assert len(listing.failures) == 2


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Mon, 29 May 2017 15:24:00 +0200", "2017-05-29T15:24:00+02:00"),
        ("Mon, 29 May 2017 15:24:00 GMT", "2017-05-29T15:24:00+00:00"),
        ("29 May 2017 15:24 EST", "2017-05-29T15:24:00-05:00"),
        ("Mon, 29 May 17 15:24:00 MSK", "2017-05-29T15:24:00+03:00"),
        ("Mon, 29 May 2017 15:24:00 CEST", "2017-05-29T15:24:00+02:00"),
        ("Mon, 29 May 2017 15:24:00 -0000", "2017-05-29T15:24:00+00:00"),
        ("Mon, 29 May 2017 15:24:00 +02:00", "2017-05-29T15:24:00+02:00"),
        ("Mon, 29 May 2017 15:24:00 GMT+0200", "2017-05-29T15:24:00+02:00"),
        ("Mon, 29 May 2017 15:24:00 +0200 (CEST)", "2017-05-29T15:24:00+02:00"),
        ("Fri, 29 Sept 2017 15:24:00 PDT", "2017-09-29T15:24:00-07:00"),
        ("2017-05-29T15:24:00Z", "2017-05-29T15:24:00+00:00"),
        ("2017-05-29T15:24:00 Z", "2017-05-29T15:24:00+00:00"),
        ("2017-05-29 15:24:00 EST", "2017-05-29T15:24:00-05:00"),
        ("20170529T152400+0200", "2017-05-29T15:24:00+02:00"),
        ("2017-05-29T15:24:00.1234567+04:00", "2017-05-29T15:24:00.123456+04:00"),
        ("2017-05-29 15:24:00 +0300", "2017-05-29T15:24:00+03:00"),
        ("2017-05-29 15:24 UTC", "2017-05-29T15:24:00+00:00"),
    ],
)
def test_dates_with_an_offset_are_instants_in_that_offset(text: str, expected: str) -> None:
    found = read_published(text)
    assert found is not None
    assert (found.at.isoformat(), found.precision) == (expected, "instant")


@pytest.mark.parametrize(
    "text",
    [
        "2017-05-29",
        "20170529",
        "29.05.2017",
        "29 May 2017",
        "Mon, 29 May 2017",
        "2017-05-29T23:50:00",
        "Mon, 29 May 2017 23:50:00",
        "Mon, 29 May 2017 23:50:00 IST",  # India, Israel or Ireland
        "29.05.2017 23:50",
        "2017-05-29 23:50 IST",
    ],
)
def test_dates_without_a_zone_are_days_unless_the_source_has_a_zone(text: str) -> None:
    found = read_published(text)
    assert found is not None
    assert (found.at, found.precision) == (datetime(2017, 5, 29, 12, tzinfo=UTC), "day")
    moscow = read_published(text, ZoneInfo("Europe/Moscow"))
    assert moscow is not None
    assert moscow.day == date(2017, 5, 29)
    assert moscow.at.utcoffset() == timedelta(hours=3)
    assert moscow.precision == ("instant" if "50" in text else "day")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "yesterday",
        "2017",
        "2017-05",
        "2017-13-01",
        "31.02.2017",
        "2017-05-29T25:00:00Z",
        "Mon, 99 May 2017 15:24:00 GMT",
        "Mon, 29 Mai 2017 15:24:00",
        "2017-05-29T15:24:00+99:99",
        "Mon, 29 May 2017 15:24:00 +9999",
        "0001-01-01T00:00:00Z",
        "9999-12-31T23:59:59-01:00",
        "1" * 5000,
        "٢٠١٧-٠٥-٢٩",
    ],
)
def test_what_is_no_date_is_none(text: str) -> None:
    assert read_published(text) is None


def test_dates_that_cannot_be_are_dropped_from_items(site: Any) -> None:
    soon, late = NOW + timedelta(days=2), NOW + timedelta(days=2, seconds=1)
    whens = ["1989-12-31T00:00:00Z", soon.isoformat(), late.isoformat(), "rubbish", "1990-01-01T12:00:00Z"]
    listing = read(site, rss(*(entry(f"/n/{n}", when=when) for n, when in enumerate(whens))))
    dated = {item.address.rpartition("/")[2]: item.published is not None for item in listing.items}
    assert dated == {"0": False, "1": True, "2": False, "3": False, "4": True}


def test_the_zone_of_the_source_is_used(site: Any) -> None:
    (item,) = read(site, rss(entry(when="Mon, 25 May 2026 00:10:00")), zone="Europe/Moscow").items
    assert item.published is not None
    assert item.published.at == datetime(2026, 5, 24, 21, 10, tzinfo=UTC)
    (bare,) = read(site, rss(entry(when="Mon, 25 May 2026 00:10:00"))).items
    assert bare.published is not None
    assert (bare.published.precision, bare.published.day) == ("day", date(2026, 5, 25))


@given(
    st.one_of(
        st.text(max_size=90), st.from_regex(r"[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9:.]{0,12}[+-][0-9:]{0,5}")
    )
)
@settings(deadline=None, max_examples=50)
def test_any_text_is_a_date_or_none(text: str) -> None:
    found = read_published(text)
    if found is not None:
        assert found.at.tzinfo is not None
        assert found.at.astimezone(UTC)
        assert found.precision in ("day", "instant")
        assert is_plausible(found, NOW) in (True, False)


@given(st.datetimes(datetime(1990, 1, 2), datetime(2100, 1, 1)), st.integers(-14 * 60, 14 * 60))  # noqa: DTZ001
@settings(deadline=None, max_examples=50)
def test_both_notations_give_back_the_instant_and_the_day(naive: datetime, minutes: int) -> None:
    at = naive.replace(microsecond=0, tzinfo=timezone(timedelta(minutes=minutes)))
    for text in (at.isoformat(), format_datetime(at)):
        found = read_published(text)
        assert found is not None
        assert (found.at, found.day, found.precision) == (at, at.date(), "instant")


@given(st.binary(max_size=300))
@settings(deadline=None, max_examples=50)
def test_any_bytes_are_a_feed_or_named(body: bytes) -> None:
    for data in (body, rss(entry()) + body, rss(entry())[:60] + body):
        try:
            parse_feed("desk", data, None, "http://news.example/feed")
        except SourceError as e:
            assert e.detail


@pytest.mark.parametrize(
    ("config", "word"),
    [
        ({"address": "ftp://news.example/feed"}, "address"),
        ({"address": "https://me:secret@news.example/feed"}, "credentials"),
        ({"address": "https://news.example/", "zone": "Mars/Olympus"}, "Mars/Olympus"),
        ({"address": "https://news.example/", "zone": "../../etc/passwd"}, "zone"),
        ({"address": "https://news.example/", "zone": ""}, "zone"),
    ],
)
def test_a_configuration_that_cannot_work_is_refused_at_once(config: dict[str, str], word: str) -> None:
    with pytest.raises(SourceError, match=word) as caught:
        Feed("desk", **config)
    assert "secret" not in str(caught.value)


def test_the_page_of_an_entry_is_fetched(site: Any) -> None:
    listing = read(site, rss(entry()))
    site.serve("/n/1", body=b"<html>", content_type="text/html; charset=utf-8")

    async def run(address_is_there: bool) -> Any:
        async with Http(HttpSettings(allow_private=True, requests_per_second=0)) as http:
            if not address_is_there:
                del site.routes["/n/1"]
            return await Feed("desk", site.url("/feed")).fetch(http, listing.items[0], NOW)

    capture = asyncio.run(run(True))
    assert (capture.body, capture.media_type, capture.item) == (b"<html>", "text/html", listing.items[0])
    with pytest.raises(FetchError, match="404"):
        asyncio.run(run(False))
