"""The preview of a channel as t.me serves it: posts with and without words, edits, channels that show nothing."""

from __future__ import annotations

import json
from typing import Any

import pytest

from connectors.base import SourceError
from connectors.sources.telegram import Telegram
from domain.extract import extract
from domain.model import Article, Item
from tests.connectors.listing import miss, refuse, visit


def post(number: int, words: str | None, when: str = "2026-06-01T10:00:00+00:00") -> str:
    text = f'<div class="tgme_widget_message_text js-message_text" dir="auto">{words}</div>' if words else ""
    return (
        f'<div class="tgme_widget_message_wrap"><div class="tgme_widget_message" data-post="Elysee/{number}">{text}'
        f'<a class="tgme_widget_message_date" href="https://t.me/Elysee/{number}">'
        f'<time datetime="{when}" class="time">10:00</time></a></div></div>'
    )


def page(*posts: str) -> bytes:
    head = '<html><body><div class="tgme_channel_info"><span>Élysée</span></div>'
    return f"{head}<section>{''.join(posts)}</section></body></html>".encode()


def test_posts_are_articles_with_their_instants_newest_first(site: Any) -> None:
    words = (
        "<b>Le Président</b> s’est entretenu avec son homologue.<br/>Ils ont parlé une heure de la situation."
    )
    body = page(post(1, "Premier message, assez long pour être lu."), post(2, words), post(3, None))
    site.serve("/s/Elysee", body=body, content_type="text/html; charset=utf-8")
    listing, (capture,) = visit(Telegram("elysee", "Elysee", "fr", site.url("")), fetch=[0])
    newest, oldest = listing.items
    assert (newest.address, newest.language) == ("https://t.me/Elysee/2", "fr")
    assert newest.title == "Le Président s’est entretenu avec son homologue."
    assert oldest.published is not None
    assert oldest.published.at.isoformat() == "2026-06-01T10:00:00+00:00"
    article = extract(capture)
    assert isinstance(article, Article)
    assert article.text.endswith("Ils ont parlé une heure de la situation.")
    assert article.outlet == "t.me/Elysee"
    assert article.address == "https://t.me/Elysee/2"


def test_an_edited_post_has_another_fingerprint(site: Any) -> None:
    def fingerprint(words: str) -> str:
        site.serve("/s/Elysee", body=page(post(1, words)))
        return visit(Telegram("elysee", "Elysee", base=site.url("")))[0].items[0].fingerprint

    assert fingerprint("un") == fingerprint("un")
    assert fingerprint("un") != fingerprint("deux")


def test_markup_of_strangers_stays_text(site: Any) -> None:
    site.serve(
        "/s/Elysee", body=page(post(1, "a &lt;script&gt;alert(1)&lt;/script&gt; b<script>x()</script>"))
    )
    _, (capture,) = visit(Telegram("elysee", "Elysee", base=site.url("")), fetch=[0])
    assert "<script>alert(1)" in json.loads(capture.body)["text"]


@pytest.mark.parametrize(
    "body", [b"<html><body>If you have Telegram, you can view</body></html>", b"", b"%PDF-1.4"]
)
def test_a_page_that_is_no_preview_is_named(site: Any, body: bytes) -> None:
    site.serve("/s/Elysee", body=body)
    assert "elysee" in str(refuse(Telegram("elysee", "Elysee", base=site.url(""))))


@pytest.mark.parametrize("name", ["", "../x", "a b", "Elysee/1", "x" * 40])
def test_a_name_that_no_channel_has_is_refused(name: str) -> None:
    with pytest.raises(SourceError, match="public channel"):
        Telegram("elysee", name)


def test_a_post_that_was_not_listed_cannot_be_fetched() -> None:
    error = miss(Telegram("elysee", "Elysee"), Item("elysee", "https://t.me/Elysee/9", "f"))
    assert "not part of the last listing" in str(error)
