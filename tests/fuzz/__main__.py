"""Coverage-guided fuzzing of everything that reads what strangers send (needs atheris, which is not in the lock):

    pip install atheris && python -m tests.fuzz feeds -max_total_time=600

Targets: feeds, sitemap, addresses, pages. Whatever is found is kept as a test of ``tests/connectors/test_found.py``.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import atheris

with atheris.instrument_imports(include=["connectors", "domain", "feedparser", "protego"]):
    from connectors import addresses, dates, proxies
    from connectors.base import SourceError
    from connectors.exchange import Response
    from connectors.feeds import parse_feed
    from connectors.items import make_items
    from connectors.robots import Site
    from connectors.sources.html_list import HtmlList
    from connectors.sources.sitemap import read_sitemap
    from connectors.sources.telegram import Telegram
    from domain.identity import canonical_address
    from domain.model import SiteRules

NOW = datetime(2026, 6, 1, tzinfo=UTC)
HOME = "http://news.example/feed"


def answer(body: bytes) -> Response:
    """These bytes as a server's answer."""
    return Response(200, HOME, body, "text/html", None, None, None)


def feeds(data: bytes) -> None:
    """Whatever comes as a feed is read or refused."""
    charset = (None, "utf-8", "windows-1251", "utf-16")[len(data) % 4]
    make_items("desk", parse_feed("desk", data, charset, HOME), HOME, NOW, zone="Europe/Paris")


def sitemap(data: bytes) -> None:
    """Likewise a sitemap."""
    document = read_sitemap("desk", answer(data))
    make_items("desk", (*document.entries, *document.children), HOME, NOW)


def find_addresses(data: bytes) -> None:
    """Addresses, dates and robots.txt of strangers."""
    text = data.decode("utf-8", "replace")
    proxies.find_target(text)
    dates.read_published(text)
    canonical = canonical_address(proxies.resolve(text))
    if canonical_address(canonical) != canonical:
        raise AssertionError(f"not stable: {text!r}")
    addresses.show_address(text)
    site = Site(SiteRules("http://a.example", text, "", NOW), "parley")
    site.allows(f"http://a.example/{text[:50]}")
    assert site.delay_seconds >= 0
    try:
        addresses.check_address(text)
    except addresses.AddressRefusedError:
        return


def pages(data: bytes) -> None:
    """Pages that list something."""
    HtmlList("desk", HOME, ".hentry", "a[href]", "h3", "time")._read(answer(data), NOW)
    Telegram("desk", "Elysee")._read(answer(b'<div class="tgme_channel_info">' + data), NOW)


TARGETS: dict[str, Callable[[bytes], Any]] = {
    "feeds": feeds,
    "sitemap": sitemap,
    "addresses": find_addresses,
    "pages": pages,
}


def main() -> None:
    """Fuzz the target that is named first; the rest of the arguments is libFuzzer's."""
    name = sys.argv.pop(1)
    target = TARGETS[name]

    def one(data: bytes) -> None:
        try:
            target(data)
        except SourceError:
            return

    atheris.Setup(sys.argv, one)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
