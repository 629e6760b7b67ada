"""Media Cloud's search, page by page, with its key in a header and nowhere else."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import parse_qs, urlsplit

from connectors.sources.mediacloud import MOST_PAGES, MediaCloud
from tests.connectors.listing import refuse, visit

STORY = {
    "id": "1",
    "url": "https://paper.example/1",
    "title": "A call",
    "publish_date": "2026-05-31",
    "language": "en",
    "media_name": "paper.example",
}


def serve(site: Any, pages: list[dict[str, Any]]) -> MediaCloud:
    """A service that checks the key and gives one page after the other."""
    left = list(pages)

    def answer(handler: Any) -> None:
        if handler.headers["authorization"] != "Token secret-key":
            handler.reply(403, b'{"detail": "Invalid token."}')
        else:
            handler.reply(200, json.dumps(left.pop(0)).encode())

    class Routes(dict):  # type: ignore[type-arg]
        def get(self, path: str, default: object = None) -> Any:
            return answer if path.startswith("/api") else default

    site.routes = Routes()
    return MediaCloud("mc", "Macron AND Putin", "secret-key", site.url("/api"), (34412234,), delay_seconds=0)


def test_stories_come_page_by_page(site: Any) -> None:
    second = STORY | {"url": "https://paper.example/2"}
    source = serve(site, [{"stories": [STORY], "pagination_token": "abc"}, {"stories": [second]}])
    listing, _ = visit(source)
    assert sorted(item.address for item in listing.items) == [
        "https://paper.example/1",
        "https://paper.example/2",
    ]
    assert listing.items[0].published is not None
    assert listing.items[0].published.precision == "day"
    first, then = (parse_qs(urlsplit(one.path).query) for one in site.asked)
    assert first["q"] == ["Macron AND Putin"]
    assert (first["start"], first["end"], first["cs"]) == (["2026-05-30"], ["2026-06-01"], ["34412234"])
    assert then["pagination_token"] == ["abc"]


def test_a_service_that_pages_for_ever_is_left(site: Any) -> None:
    serve_for_ever = serve(site, [{"stories": [], "pagination_token": "again"}] * (MOST_PAGES + 3))
    visit(serve_for_ever)
    assert len(site.asked) == MOST_PAGES


def test_a_wrong_key_and_other_answers_are_named_without_the_key(site: Any) -> None:
    serve(site, [])
    wrong = MediaCloud("mc", "q", "other-key", site.url("/api"), delay_seconds=0)
    error = refuse(wrong)
    assert error.status == 403
    assert "other-key" not in str(error) + repr(wrong)
    assert "without 'stories'" in str(refuse(serve(site, [{"error": "x"}])))
