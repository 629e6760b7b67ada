"""Whole passes over sources that behave as the real ones do over the years: outages, attacks, stops, secrets."""

from __future__ import annotations

import gzip
import json
import os
import signal
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from warcio.archiveiterator import ArchiveIterator

from domain.health import Health
from domain.model import Outcome
from flows.job import Steps, Tally, run_pass
from flows.settings import load_watch
from tests.newsroom import rows

NOW = datetime(2026, 6, 1, 12, 0, tzinfo=UTC)
TEXT = (
    "<html><head><title>Macron and Putin speak by phone</title></head><body><article><h1>Macron and Putin speak</h1>"
    "<p>French President Emmanuel Macron spoke by phone with Russian President Vladimir Putin on Monday, the Elysee "
    "Palace said in a statement issued in Paris.</p><p>The call, number {n}, lasted an hour and covered the situation "
    "in the region, the statement said.</p></article></body></html>"
)


def feed(site: Any, *paths: str, when: datetime = NOW) -> bytes:
    items = "".join(
        f"<item><title>Macron and Putin speak</title><link>{site.url(path)}</link>"
        f"<pubDate>{when:%a, %d %b %Y %H:%M:%S} +0000</pubDate></item>"
        for path in paths
    )
    return f'<rss version="2.0"><channel><title>t</title>{items}</channel></rss>'.encode()


def page(site: Any, path: str, n: int = 1) -> str:
    return str(site.serve(path, body=TEXT.format(n=n).encode(), content_type="text/html"))


def watch_over(tmp_path: Path, sources: str, http: str = "", channel: str = "") -> Path:
    path = tmp_path / "watch.toml"
    lines = 'kind = "lines"\nnotices = true\n' + channel
    path.write_text(
        f"[watch]\nfirst_pass_hours = 0\n[http]\nallow_private = true\nrequests_per_second = 0\nobey_robots = false\n"
        f"timeout_seconds = 1\ndeadline_seconds = 2\n{http}\n{sources}\n[[channel]]\n{lines}"
    )
    return path


def patient(path: Path) -> None:
    """Let the watch wait a minute for an answer."""
    text = path.read_text()
    path.write_text(
        text.replace("_seconds = 1\n", "_seconds = 60\n").replace("_seconds = 2\n", "_seconds = 60\n")
    )


def source(slug: str, address: str, kind: str = "feed", more: str = "") -> str:
    return f'[[source]]\nslug = "{slug}"\nkind = "{kind}"\naddress = "{address}"\n{more}\n'


def one_pass(
    path: Path, home: Path, now: datetime = NOW, progress: Callable[..., None] | None = None
) -> Tally:
    more: dict[str, Any] = {} if progress is None else {"progress": progress}
    return run_pass(
        load_watch(path), home, plan=Steps(), engine="plain", command="test", clock=lambda: now, **more
    )


def said(home: Path) -> list[dict[str, Any]]:
    file = home / "alerts.jsonl"
    return [json.loads(line) for line in file.read_text().splitlines()] if file.exists() else []


def test_an_outage_is_told_once_and_its_end_once(site: Any, tmp_path: Path) -> None:
    page(site, "/a")
    good = source("good", site.serve("/good.xml", body=feed(site, "/a")))
    path = watch_over(tmp_path, good + source("bad", site.serve("/bad.xml", body=feed(site, "/a"))), "")
    home = tmp_path / "home"
    states = []
    for n in range(6):
        site.serve("/bad.xml", 410 if 1 <= n <= 4 else 200, feed(site, "/a"))
        one_pass(path, home, NOW + timedelta(minutes=15 * n))
        states.append(rows(home, "select state from sources where slug = 'bad'")[0][0])
    assert states == ["ok", "degraded", "degraded", "failing", "failing", "ok"]
    notices = [line for line in said(home) if line["reason"] == "source"]
    assert [(line["source"], line["state"]) for line in notices] == [("bad", "failing"), ("bad", "ok")]
    assert rows(home, "select count(*) from notices") == [(2,)]
    assert rows(home, "select count(*) from alerts") == [
        (1,)
    ]  # the call; what operators are told is no alert
    assert rows(home, "select live from sources where slug = 'bad'") == [("verified",)]


def test_what_never_worked_and_an_outage_of_ones_own_tell_no_operator(site: Any, tmp_path: Path) -> None:
    page(site, "/a")
    bad = source("bad", site.serve("/bad.xml", 410))
    good = source("good", site.serve("/good.xml", body=feed(site, "/a")))
    path = watch_over(tmp_path, good + bad)
    home = tmp_path / "home"
    for n in range(4):
        one_pass(path, home, NOW + timedelta(minutes=15 * n))
    assert rows(home, "select state, live from sources where slug = 'bad'") == [
        ("failing", "unverified live")
    ]
    site.serve("/good.xml", 410)  # now everything fails
    for n in range(4, 8):
        assert one_pass(path, home, NOW + timedelta(minutes=15 * n)).blind
    assert rows(home, "select count(*) from notices") == [(0,)]


def test_one_hiccup_is_seen_and_wakes_nobody(site: Any, tmp_path: Path) -> None:
    page(site, "/a")
    path = watch_over(tmp_path, source("s", site.serve("/s.xml", body=feed(site, "/a"))))
    home = tmp_path / "home"
    one_pass(path, home)
    site.serve("/s.xml", 502)
    page(site, "/b")
    with pytest.MonkeyPatch.context():
        tally = one_pass(path, home, NOW + timedelta(minutes=15))
    assert [found.state for found in tally.findings] == [Health.DEGRADED]
    site.serve("/s.xml", body=feed(site, "/a"))
    one_pass(path, home, NOW + timedelta(minutes=30))
    assert [line["reason"] for line in said(home)] == ["new"]


def test_a_source_whose_pages_refuse_us_is_blocked(site: Any, tmp_path: Path) -> None:
    paths = [f"/p{n}" for n in range(8)]
    for one in paths:
        site.serve(one, 403)
    path = watch_over(tmp_path, source("s", site.serve("/s.xml", body=feed(site, *paths))))
    tally = one_pass(path, tmp_path / "home")
    assert [found.state for found in tally.findings] == [Health.BLOCKED]
    assert rows(tmp_path / "home", "select state, state_detail from sources") == [
        ("blocked", "100% of its last 8 pages refused us")
    ]


def test_what_fails_again_and_again_is_left_in_the_end(site: Any, tmp_path: Path) -> None:
    site.serve("/gone", 404)
    path = watch_over(tmp_path, source("s", site.serve("/s.xml", body=feed(site, "/gone"))))
    for n in range(10):
        one_pass(path, tmp_path / "home", NOW + timedelta(minutes=15 * n))
    assert [one.path for one in site.asked].count("/gone") == 8


def test_nothing_changed_costs_one_request_and_fetches_nothing(site: Any, tmp_path: Path) -> None:
    page(site, "/a")
    body = feed(site, "/a")
    address = site.route(
        "/s.xml", lambda h: h.reply(304 if h.headers["if-none-match"] == '"1"' else 200, body, etag='"1"')
    )
    path = watch_over(tmp_path, source("s", address))
    home = tmp_path / "home"
    one_pass(path, home)
    asked = len(site.asked)
    tally = one_pass(path, home, NOW + timedelta(minutes=15))
    assert len(site.asked) == asked + 1
    assert tally.listings[0].not_modified
    assert rows(home, "select status, count(*) from fetches group by status order by status") == [
        (200, 2),
        (304, 1),
    ]


def test_every_fetch_can_be_found_in_a_warc_file(site: Any, tmp_path: Path) -> None:
    page(site, "/a")
    path = watch_over(tmp_path, source("s", site.serve("/s.xml", body=feed(site, "/a"))))
    home = tmp_path / "home"
    one_pass(path, home)
    found = rows(home, "select address, warc_file, warc_offset, warc_length from fetches order by position")
    assert [address for address, *_ in found] == [site.url("/s.xml"), site.url("/a")]
    for address, file, offset, length in found:
        with (home / "captures" / file).open("rb") as stream:
            stream.seek(offset)
            record = next(iter(ArchiveIterator(stream)))
            assert record.rec_headers.get_header("WARC-Target-URI") == address
        assert length > 0


def hostile(site: Any) -> dict[str, tuple[str, str]]:
    """Sources that attack, by slug: their tables, and what is said of them."""
    bomb = gzip.compress(b"<rss>" + b" " * 50_000_000)
    site.route("/gzip", lambda h: h.reply(200, bomb, content_encoding="gzip"))
    laughs = (
        '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]><rss><channel><title>&b;</title></channel></rss>'
    )
    site.serve("/xml", body=laughs.encode())

    def endless(handler: Any) -> None:
        handler.head(200, content_type="application/rss+xml")
        while not handler.wait(0):
            handler.wfile.write(b" " * 65536)

    def drip(handler: Any) -> None:
        handler.head(200, content_length="1000")
        while not handler.wait(0.1):
            handler.wfile.write(b"x")

    def drip_head(handler: Any) -> None:
        while not handler.wait(0.1):
            handler.wfile.write(b"H")

    site.route("/endless", endless)
    site.route("/drip", drip)
    site.route("/driphead", drip_head)
    site.serve("/loop", 302, location="/loop2")
    site.serve("/loop2", 302, location="/loop")
    site.serve("/ftp", 302, location="ftp://x.example/")
    site.serve("/html", body=b"<html><body>Checking your browser</body></html>", content_type="text/html")
    site.serve("/utf8", body=b"<rss><channel><item><link>\xff\xfe</link></item></channel></rss>")
    said = {
        "gzip": "more than 100000 bytes when decoded",
        "xml": "entities",
        "endless": "more than 100000 bytes",
        "drip": "took longer than 2 s",
        "driphead": "took longer than 2 s",
        "loop": "loop",
        "ftp": "only http and https",
        "html": "an HTML page",
    }
    return {slug: (source(slug, site.url(f"/{slug}")), words) for slug, words in said.items()}


def test_a_pass_over_attackers_goes_on_and_names_each(site: Any, tmp_path: Path) -> None:
    attackers = hostile(site)
    page(site, "/a")
    odd = (
        f"<item><title>a</title><link>http://user:secret@{site.url('')[7:]}/x</link></item>"
        f"<item><title>b</title><link>http://x.example/\n/y</link></item>"
        f"<item><title>c</title><link>{site.url('/a')}</link><pubDate>Mon, 01 Jan 0000 00:00:00 GMT</pubDate></item>"
        f"<item><title>d</title><link>{site.url('/a')}</link><pubDate>Mon, 01 Jan 9999 00:00:00 GMT</pubDate></item>"
    )
    site.serve("/odd.xml", body=f'<rss version="2.0"><channel><title>t</title>{odd}</channel></rss>'.encode())
    many = "".join(f"<item><link>{site.url('/a')}?{n}</link></item>" for n in range(3_000))
    site.serve("/many.xml", body=f"<rss version='2.0'><channel>{many}</channel></rss>".encode())
    tables = "".join(table for table, _ in attackers.values())
    tables += source("good", site.serve("/good.xml", body=feed(site, "/a"))) + source(
        "odd", site.url("/odd.xml")
    )
    path = watch_over(tmp_path, tables, "max_bytes = 100000")
    started = time.monotonic()
    tally = one_pass(path, tmp_path / "home")
    assert time.monotonic() - started < 30
    errors = {listing.source: listing.error or "" for listing in tally.listings}
    for slug, (_, words) in attackers.items():
        assert words in errors[slug], slug
    assert errors["good"] == errors["odd"] == ""
    assert tally.outcomes["good", Outcome.STORED] == 1
    assert tally.outcomes["odd", Outcome.REFUSED] >= 1
    assert "secret" not in repr(rows(tmp_path / "home", "from fetches")) + repr(tally)


def test_private_addresses_that_a_feed_names_are_not_asked(site: Any, tmp_path: Path) -> None:
    names = ["http://127.0.0.2/x", "http://169.254.169.254/latest", "http://[::1]/x", "http://2130706434/x"]
    names += ["http://0x7f000002/x", "http://10.0.0.1/x"]
    items = "".join(f"<item><link>{name}</link></item>" for name in names)
    site.serve("/s.xml", body=f"<rss version='2.0'><channel>{items}</channel></rss>".encode())
    path = watch_over(tmp_path, source("s", site.url("/s.xml")))
    path.write_text(path.read_text().replace("allow_private = true", 'private_networks = ["127.0.0.1/32"]'))
    tally = one_pass(path, tmp_path / "home")
    assert tally.outcomes["s", Outcome.REFUSED] == len(names)
    assert len(site.asked) == 1


def test_an_interrupted_pass_keeps_what_has_arrived(site: Any, tmp_path: Path) -> None:
    for n in range(3):
        page(site, f"/a{n}", n)
    site.route("/slow", lambda h: h.wait(30))
    paths = [f"/a{n}" for n in range(3)]
    host = site.url("").replace("127.0.0.1", "localhost")
    body = feed(site, *paths).replace(
        b"</channel>", f"<item><link>{host}/slow</link></item></channel>".encode()
    )
    table = source("s", site.serve("/s.xml", body=body))
    path = watch_over(tmp_path, table, "concurrency_per_host = 4")
    patient(path)
    home = tmp_path / "home"

    def press() -> None:
        while "/slow" not in [one.path for one in site.asked]:
            time.sleep(0.02)
        time.sleep(1)
        os.kill(os.getpid(), signal.SIGINT)

    before = signal.signal(signal.SIGINT, signal.default_int_handler)  # a parent may want it ignored
    try:
        threading.Thread(target=press).start()
        with pytest.raises(KeyboardInterrupt):
            one_pass(path, home)
    finally:
        signal.signal(signal.SIGINT, before)
    assert rows(home, "select state, stored + copy from runs") == [("stopped", 3)]
    assert rows(home, "select count(*) from events") == [(1,)]


def test_what_was_not_reached_in_time_is_left_to_the_next_pass(site: Any, tmp_path: Path) -> None:
    page(site, "/a")
    site.route("/slow", lambda h: h.wait(30))
    table = source("s", site.serve("/s.xml", body=feed(site, "/a", "/slow")))
    path = watch_over(tmp_path, table, "pass_seconds = 1.5\nconcurrency_per_host = 2")
    patient(path)
    home = tmp_path / "home"
    tally = one_pass(path, home)
    assert tally.outcomes["s", Outcome.DEFERRED] == 1
    assert tally.outcomes["s", Outcome.STORED] == 1
    page(site, "/slow", 2)
    later = one_pass(path, home, NOW + timedelta(minutes=15))
    assert later.outcomes["s", Outcome.DEFERRED] == 0
    assert later.outcomes["s", Outcome.KNOWN] == 1


def test_a_secret_in_an_address_stands_nowhere(
    site: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FEED_KEY", "tok/en+123456")
    page(site, "/a")
    site.serve("/s.xml?key=tok/en+123456", body=feed(site, "/a"))
    tables = source("s", site.url("/s.xml?key=${FEED_KEY}")) + source("t", site.url("/none?key=${FEED_KEY}"))
    path = watch_over(tmp_path, tables)
    home = tmp_path / "home"
    one_pass(path, home)
    shown = repr(rows(home, "from sources")) + repr(rows(home, "from fetches"))
    assert "${FEED_KEY}" in shown
    stored = b"".join(gzip.decompress(file.read_bytes()) for file in (home / "captures").rglob("*.gz"))
    stored += b"".join(file.read_bytes() for file in home.glob("*.duckdb*"))
    assert b"tok/en+123456" not in stored
    assert "tok/en+123456" not in shown
