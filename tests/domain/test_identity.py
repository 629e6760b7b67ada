from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.identity import article_id, canonical_address, hash64


@pytest.mark.parametrize(
    ("given_address", "expected"),
    [
        ("HTTPS://Gazette.Example:443/a/b?utm_source=rss&id=7#top", "https://gazette.example/a/b?id=7"),
        ("http://gazette.example", "http://gazette.example/"),
        ("http://gazette.example:8080/a", "http://gazette.example:8080/a"),
        ("https://o.example/?b=2&a=1&fbclid=x", "https://o.example/?a=1&b=2"),
        ("https://o.example/?empty=", "https://o.example/?empty="),
        ("https://o.example/%7Euser/ä", "https://o.example/~user/%C3%A4"),
        (" https://o.example/a \n", "https://o.example/a"),
        ("http://[::1", "http://[::1"),
        ("folder://seeds/a.txt", "folder://seeds/a.txt"),
        ("http://[2001:db8::1]:80/a", "http://[2001:db8::1]/a"),
    ],
)
def test_canonical_addresses(given_address: str, expected: str) -> None:
    assert canonical_address(given_address) == expected


@settings(deadline=None, max_examples=50)
@given(st.text(max_size=60).map("https://o.example/".__add__))
def test_canonical_form_is_a_fixed_point(address: str) -> None:
    once = canonical_address(address)
    assert canonical_address(once) == once


@settings(deadline=None, max_examples=50)
@given(st.text(max_size=40))
def test_no_text_breaks_it(text: str) -> None:
    assert isinstance(article_id(text), int)


def test_ids_do_not_change_between_versions_of_parley() -> None:
    """Stored ids must be found again for ever: a change here needs a migration."""
    assert hash64("article", "https://o.example/") == article_id("https://O.example/#x")
    assert hash64("a", "b") != hash64("ab")
    assert hash64("event", "macron-putin", 1) == 5896341871711463664
