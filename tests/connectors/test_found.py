"""What fuzzing found (tests/fuzz), kept so that it stays mended."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from connectors.base import SourceError
from connectors.exchange import Response
from connectors.feeds import parse_feed
from connectors.sources.telegram import Telegram
from domain.identity import canonical_address


@pytest.mark.parametrize(
    "body",
    [
        b"<rss><channel><item><link>http://x.example/&#df=</link></item></channel></rss>",
        b"<rss><channel><item><title>&#" + b"9" * 10_000 + b";</title></item></channel></rss>",
    ],
)
def test_a_feed_is_read_or_refused(body: bytes) -> None:
    try:
        parse_feed("desk", body, None, "http://news.example/feed")
    except SourceError as error:
        assert str(error)


@pytest.mark.parametrize(
    "address", ["http://u:p@//u1%25http://u:peth0]:80/a?x=1", "http:////a", "http://@/b"]
)
def test_a_canonical_address_is_its_own(address: str) -> None:
    once = canonical_address(address)
    assert canonical_address(once) == once


NOW = datetime(2026, 6, 1, tzinfo=UTC)


def test_a_post_with_control_characters_is_read() -> None:
    body = (
        '<div class="tgme_channel_info"></div><div class="tgme_widget_message" data-post="Elysee/1">'
        '<div class="tgme_widget_message_text">a<br>b\x16 &#x16; c</div></div>'
    )
    answer = Response(200, "http://t.example/", body.encode(), "text/html", None, None, None)
    (item,) = Telegram("elysee", "Elysee")._read(answer, NOW)
    assert item.title == "a"


def test_a_post_nested_a_thousand_times_is_read_or_refused() -> None:
    body = (
        '<div class="tgme_channel_info"></div><div class="tgme_widget_message" data-post="Elysee/1">'
        f'<div class="tgme_widget_message_text">{"<b>" * 5000}words{"</b>" * 5000}</div></div>'
    )
    answer = Response(200, "http://t.example/", body.encode(), "text/html", None, None, None)
    try:
        Telegram("elysee", "Elysee")._read(answer, NOW)
    except SourceError as error:
        assert str(error)
