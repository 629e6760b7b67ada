"""Bad input ends in a named outcome or error, and everything else goes on."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from domain.model import Outcome
from flows.job import Steps, Tally, run_pass
from flows.settings import load_watch
from flows.summary import summary_lines
from tests.newsroom import rows

PAGE = """<html lang="en"><head><title>{title}</title>
<script type="application/ld+json">{{"@type": "NewsArticle", "headline": "{title}",
"datePublished": "2025-07-01T20:10:00+02:00"}}</script></head><body><article><h1>{title}</h1>
<p>{text}</p></article></body></html>"""
CALL = (
    "Emmanuel Macron spoke with Vladimir Putin by telephone on Tuesday for two hours, the Elysee Palace said in a "
    "statement. It was the first conversation of the two presidents since September 2022. They discussed the war in "
    "Ukraine and the Iranian nuclear programme, and agreed that their advisers would stay in touch."
)


def rss(*links: str) -> bytes:
    """A feed with one entry a link."""
    entries = "".join(
        f"<item><title>Story {n}</title><link>{link}</link>"
        f"<pubDate>Tue, 01 Jul 2025 20:{n:02d}:00 +0200</pubDate></item>"
        for n, link in enumerate(links)
    )
    return f'<rss version="2.0"><channel><title>t</title>{entries}</channel></rss>'.encode()


Answer = Callable[[BaseHTTPRequestHandler], None]


def send(status: int, body: bytes = b"", kind: str = "text/html; charset=utf-8", **headers: str) -> Answer:
    """An answer with a body."""

    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(status)
        handler.send_header("Content-Type", kind)
        handler.send_header("Content-Length", str(len(body)))
        for name, value in headers.items():
            handler.send_header(name, value)
        handler.end_headers()
        handler.wfile.write(body)

    return answer


def hang(handler: BaseHTTPRequestHandler) -> None:
    """No answer within any patience."""
    time.sleep(3)


@pytest.fixture
def site() -> Iterator[tuple[str, dict[str, Answer]]]:
    """A web server on loopback and its routes."""
    routes: dict[str, Answer] = {}

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            routes.get(self.path, send(404))(self)

        def log_message(self, format: str, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    server.block_on_close = False
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}", routes
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def run(tmp_path: Path, sources: str) -> Tally:
    """One pass over these sources."""
    watch = tmp_path / "watch.toml"
    watch.write_text(
        "[http]\nallow_private = true\nrequests_per_second = 0\ntimeout_seconds = 1\ndeadline_seconds = 2\n"
        f"[watch]\nfirst_pass_hours = 0\n{sources}",
        encoding="utf-8",
    )
    return run_pass(load_watch(watch), tmp_path / "home", plan=Steps(), engine="plain", command="test")


def feed(slug: str, address: str) -> str:
    return f'[[source]]\nslug = "{slug}"\nkind = "feed"\naddress = "{address}"\n'


def good(routes: dict[str, Answer], path: str, title: str = "Macron and Putin talk") -> None:
    routes[path] = send(200, PAGE.format(title=title, text=CALL).encode())


def test_bad_articles_of_a_feed_end_in_named_outcomes(
    tmp_path: Path, site: tuple[str, dict[str, Answer]]
) -> None:
    base, routes = site
    good(routes, "/good")
    routes["/broken"] = send(500)
    routes["/slow"] = hang
    routes["/loop"] = send(302, Location=f"{base}/loop")
    routes["/empty"] = send(200)
    routes["/picture"] = send(200, b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 40, "image/png")
    routes["/bare"] = send(200, b"<html><body><nav><a href='/'>Home</a></nav></body></html>")
    names = ["good", "gone", "broken", "slow", "loop", "empty", "picture", "bare"]
    routes["/feed"] = send(200, rss(*(f"{base}/{name}" for name in names)), "application/rss+xml")
    tally = run(tmp_path, feed("mixed", f"{base}/feed"))
    ended = dict(
        rows(
            tmp_path / "home",
            "select split_part(address, '/', -1), outcome from ops.item_end where source = 'mixed'",
        )
    )
    assert ended == {
        "good": "stored",
        "gone": "fetch_failed",
        "broken": "fetch_failed",
        "slow": "fetch_failed",
        "loop": "fetch_failed",
        "empty": "empty",
        "picture": "not_text",
        "bare": "no_text",
    }
    details = {end.item.address.rsplit("/", 1)[1]: end.detail for end in tally.problems}
    for name, part in {"gone": "404", "broken": "500", "loop": "redirect"}.items():
        assert part in details[name]
    assert len(tally.alerts) == 1


def test_bad_feeds_are_named_and_stop_no_other(tmp_path: Path, site: tuple[str, dict[str, Answer]]) -> None:
    base, routes = site
    good(routes, "/a")
    routes["/feed"] = send(200, rss(f"{base}/a"), "application/rss+xml")
    routes["/page"] = send(200, b"<!doctype html><html><body><p>Please enable JavaScript</p></body></html>")
    routes["/shards"] = send(200, b"<rss><chan", "application/rss+xml")
    sources = "".join(
        feed(slug, f"{base}/{path}")
        for slug, path in [("good", "feed"), ("page", "page"), ("shards", "shards"), ("none", "gone")]
    )
    tally = run(tmp_path, sources)
    failed = {listing.source: listing.error or "" for listing in tally.failed_sources}
    assert set(failed) == {"page", "shards", "none"}
    assert "HTML page" in failed["page"]
    assert "404" in failed["none"]
    assert not tally.blind
    assert len(tally.alerts) == 1
    found = rows(
        tmp_path / "home", "select slug, consecutive_failures, last_error is not null from sources order by 1"
    )
    assert found == [("good", 0, False), ("none", 1, True), ("page", 1, True), ("shards", 1, True)]


def conditional(body: bytes) -> Answer:
    """A feed that answers 304 to who has it already."""

    def answer(handler: BaseHTTPRequestHandler) -> None:
        known = handler.headers.get("If-None-Match") == '"1"'
        send(304, ETag='"1"')(handler) if known else send(200, body, "application/rss+xml", ETag='"1"')(
            handler
        )

    return answer


def test_not_modified_is_believed_only_when_every_item_has_ended_well(
    tmp_path: Path, site: tuple[str, dict[str, Answer]]
) -> None:
    base, routes = site
    routes["/a"] = send(503)
    routes["/feed"] = conditional(rss(f"{base}/a"))
    assert run(tmp_path, feed("one", f"{base}/feed")).alerts == []
    good(routes, "/a")
    second = run(tmp_path, feed("one", f"{base}/feed"))
    assert not second.listings[0].not_modified, "asking for changes only would have lost the failed article"
    assert len(second.alerts) == 1
    third = run(tmp_path, feed("one", f"{base}/feed"))
    assert third.listings[0].not_modified
    assert third.listings[0].error is None


def test_the_first_pass_over_a_feed_tells_only_the_last_two_days(
    tmp_path: Path, site: tuple[str, dict[str, Answer]]
) -> None:
    base, routes = site
    good(routes, "/a")
    routes["/feed"] = send(200, rss(f"{base}/a"), "application/rss+xml")
    watch = tmp_path / "watch.toml"
    watch.write_text("[http]\nallow_private = true\n" + feed("one", f"{base}/feed"), encoding="utf-8")
    held = {}
    for home, now in (
        ("late", datetime(2025, 7, 20, tzinfo=UTC)),
        ("soon", datetime(2025, 7, 2, tzinfo=UTC)),
    ):
        tally = run_pass(
            load_watch(watch),
            tmp_path / home,
            plan=Steps(),
            engine="plain",
            command="test",
            clock=lambda now=now: now,
        )
        held[home] = (len(tally.alerts), tally.held["first_pass"])
    assert held == {"late": (0, 1), "soon": (1, 0)}


def test_bad_files_of_a_folder_end_in_named_outcomes(tmp_path: Path) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    (folder / "good.txt").write_text(f"Macron and Putin talk\n\n{CALL}\n", encoding="utf-8")
    (folder / "empty.txt").write_bytes(b"")
    (folder / "binary.txt").write_bytes(os.urandom(3000))
    (folder / "lines.jsonl").write_text('{"id": "1", "title": "cut', encoding="utf-8")
    (folder / "manifest.toml").write_text(
        '[[article]]\nfile = "good.txt"\nsource = "o.example"\npublished = 2025-07-01\n', encoding="utf-8"
    )
    source = f'[[source]]\nslug = "f"\nkind = "folder"\npath = "{folder}"\n'
    tally = run(tmp_path, source)
    counted = {outcome: n for (_, outcome), n in tally.outcomes.items() if n}
    assert counted[Outcome.STORED] == 1
    assert counted[Outcome.EMPTY] == 1
    assert sum(counted.values()) == 4
    details = " ".join(end.detail for end in tally.problems)
    assert "line 1" in details
    assert len(tally.alerts) == 1
    again = run(tmp_path, source)
    assert again.alerts == []
    outcomes = {outcome for (_, outcome), n in again.outcomes.items() if n}
    assert outcomes == {Outcome.KNOWN, Outcome.EXTRACT_FAILED}, (
        "what the rules may yet learn to read is tried again"
    )


def test_an_unreadable_folder_is_named_and_a_pass_that_sees_nothing_is_no_quiet_day(tmp_path: Path) -> None:
    tally = run(tmp_path, f'[[source]]\nslug = "f"\nkind = "folder"\npath = "{tmp_path / "none"}"\n')
    assert tally.blind
    assert "does not exist" in str(tally.failed_sources[0].error)
    assert rows(tmp_path / "home", "select state from runs") == [("failed",)]


def test_an_article_without_a_date_is_stored_and_raises_no_alert(tmp_path: Path) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    (folder / "page.html").write_text(
        f"<html><body><article><h1>Macron and Putin talk</h1><p>{CALL}</p></article></body></html>", "utf-8"
    )
    tally = run(tmp_path, f'[[source]]\nslug = "f"\nkind = "folder"\npath = "{folder}"\n')
    assert {outcome for (_, outcome), n in tally.outcomes.items() if n} == {Outcome.STORED_UNDATED}
    assert tally.alerts == []
    assert ("undated",) in rows(tmp_path / "home", "select hold from suppressed")


def test_a_new_text_at_a_known_address_is_a_new_version(tmp_path: Path) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    source = f'[[source]]\nslug = "f"\nkind = "folder"\npath = "{folder}"\n'
    manifest = '[[article]]\nfile = "a.txt"\nsource = "o.example"\npublished = 2025-07-01T20:00:00+02:00\n'
    (folder / "manifest.toml").write_text(manifest, encoding="utf-8")
    (folder / "a.txt").write_text(f"Macron and Putin talk\n\n{CALL}\n", encoding="utf-8")
    assert len(run(tmp_path, source).alerts) == 1
    more = "The Kremlin gave its own account later in the evening and put the blame on Western capitals."
    (folder / "a.txt").write_text(f"Macron and Putin talk\n\n{CALL}\n\n{more}\n", encoding="utf-8")
    second = run(tmp_path, source)
    assert {outcome for (_, outcome), n in second.outcomes.items() if n} == {Outcome.NEW_VERSION}
    assert second.alerts == []
    assert rows(tmp_path / "home", "select max(version), count(*) from articles") == [(2, 1)]


def test_a_secret_of_the_environment_reaches_neither_database_nor_summary(
    tmp_path: Path, site: tuple[str, dict[str, Answer]], monkeypatch: pytest.MonkeyPatch
) -> None:
    base, routes = site
    routes["/feed?key=hush-hush"] = send(200, rss(), "application/rss+xml")
    monkeypatch.setenv("FEED_KEY", "hush-hush")
    sources = feed("one", f"{base}/feed?key=${{FEED_KEY}}") + feed("two", f"{base}/gone?key=${{FEED_KEY}}")
    tally = run(tmp_path, sources)
    home = tmp_path / "home"
    assert [listing.error is None for listing in tally.listings] == [True, False]
    seen = [*summary_lines(tally), repr(rows(home, "from sources")), repr(rows(home, "from fetches"))]
    assert "FEED_KEY" in " ".join(seen)
    assert "hush-hush" not in " ".join(seen)
