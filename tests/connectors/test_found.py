"""What fuzzing found (tests/fuzz), kept so that it stays mended."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from connectors.base import SourceError
from connectors.feeds import parse_feed
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
