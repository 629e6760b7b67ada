"""Apprise addresses, tried with its JSON service on a real HTTP server on loopback."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from connectors.base import ChannelError
from connectors.channels.services import Services
from tests.connectors.test_mail import alert


class Desk(BaseHTTPRequestHandler):
    """Keeps what is posted; answers what it is told to."""

    got: list[dict[str, object]]
    answer: int

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["content-length"]))
        type(self).got.append(json.loads(body))
        self.send_response(type(self).answer)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def desk() -> Iterator[tuple[type[Desk], str]]:
    handler = type("ThisDesk", (Desk,), {"got": [], "answer": 200})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield handler, f"json://user:s3cret@127.0.0.1:{server.server_address[1]}/hook"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def test_an_alert_reaches_the_service_with_its_words_and_address(desk: tuple[type[Desk], str]) -> None:
    keeper, address = desk
    Services("chat", address).send(alert())
    (got,) = keeper.got
    assert got["title"] == "Macron and Putin spoke by phone on 1 July 2025"
    assert "“Макрон <b>позвонил</b>”" in str(got["message"]) and "https://news.example/a?b=1&c=2" in str(
        got["message"]
    )


def test_a_service_that_refuses_is_tried_again_and_no_secret_is_shown(
    desk: tuple[type[Desk], str], caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    keeper, address = desk
    keeper.answer = 500
    channel = Services("chat", address)
    with pytest.raises(ChannelError) as caught:
        channel.send(alert())
    assert caught.value.transient and "json://" in caught.value.detail
    shown = f"{caught.value} {channel!r} {caplog.text} {''.join(capsys.readouterr())}"
    assert "s3cret" not in shown


@pytest.mark.parametrize("address", ["nonsense://x", "", "json://a,json://b"])
def test_an_address_that_apprise_does_not_know_is_refused_at_once(address: str) -> None:
    with pytest.raises(ChannelError, match="must be one address that Apprise knows"):
        Services("chat", address)
