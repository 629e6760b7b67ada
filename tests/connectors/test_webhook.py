"""Alerts posted to a real server."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import logging
import socket
import time
from datetime import UTC, datetime
from typing import Any

import pytest

from connectors.base import ChannelError
from connectors.channels.webhook import Webhook, sign
from domain.event_model import Message
from domain.model import Reason

PAYLOAD: dict[str, object] = {
    "alert_id": "17",
    "headline": "Élysée: Путин",
    "event": {"kind": "phone_call", "with": []},
}


def make_message(payload: dict[str, object] | None = None) -> Message:
    at = datetime(2026, 5, 25, tzinfo=UTC)
    return Message(
        "17", "4", Reason.NEW, at, "head", "body", "https://e/", PAYLOAD if payload is None else payload
    )


def fail(hook: Webhook, message: Message | None = None) -> ChannelError:
    with pytest.raises(ChannelError) as caught:
        hook.send(message or make_message())
    assert caught.value.name == hook.name
    return caught.value


def test_the_payload_is_posted_with_its_key(site: Any) -> None:
    Webhook(
        "desk", site.serve("/hook?key=1", 204), headers={"Authorization": "Bearer t", "User-Agent": "own"}
    ).send(make_message())
    (asked,) = site.asked
    assert (asked.method, asked.path) == ("POST", "/hook?key=1")
    assert json.loads(asked.body) == PAYLOAD
    assert asked.headers["idempotency-key"] == "17"
    assert asked.headers["content-type"] == "application/json"
    assert (asked.headers["authorization"], asked.headers["user-agent"]) == ("Bearer t", "own")


def test_every_retry_is_the_same_request(site: Any) -> None:
    hook = Webhook("desk", site.serve("/hook", 503))
    first, second = fail(hook), fail(hook)
    assert first.transient
    assert second.transient
    assert site.asked[0] == site.asked[1]
    assert site.asked[0].headers["user-agent"] == "parley/0.1"


@pytest.mark.parametrize(
    ("status", "transient"),
    [
        (400, False),
        (401, False),
        (404, False),
        (410, False),
        (408, True),
        (425, True),
        (429, True),
        (500, True),
        (503, True),
    ],
)
def test_errors_are_told_apart(site: Any, status: int, transient: bool) -> None:
    error = fail(Webhook("desk", site.serve("/hook", status)))
    assert error.transient is transient
    assert str(status) in error.detail


@pytest.mark.parametrize("status", [301, 302, 307, 308])
def test_redirects_are_not_followed(site: Any, status: int) -> None:
    site.serve("/elsewhere")
    error = fail(Webhook("desk", site.serve("/hook", status, location="/elsewhere")))
    assert not error.transient
    assert "redirects" in error.detail
    assert len(site.asked) == 1


def test_nobody_there_and_nobody_answering_is_transient(site: Any) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    assert fail(Webhook("desk", f"http://127.0.0.1:{port}/hook")).transient
    assert fail(Webhook("desk", site.route("/cut", lambda handler: None))).transient
    started = time.monotonic()
    slow = fail(Webhook("desk", site.route("/slow", lambda handler: handler.wait(5)), timeout_seconds=0.2))
    assert slow.transient
    assert "0.2 s" in slow.detail
    assert time.monotonic() - started < 2


def test_an_endless_answer_is_not_read(site: Any) -> None:
    def pour(handler: Any) -> None:
        handler.head(200)
        while not handler.wait(0):
            handler.wfile.write(b"x" * 10_000)

    Webhook("desk", site.route("/hook", pour)).send(make_message())


def test_secrets_of_the_address_are_shown_nowhere(site: Any, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    hook = Webhook("desk", site.serve("/secret-path?token=hush", 403), headers={"x-key": "hush"})
    error = fail(hook)
    site.serve("/secret-path?token=hush")
    hook.send(make_message())
    gone = Webhook("desk", "http://no-such-host.invalid/secret-path?token=hush")
    wrong = [str(fail(gone))]
    for address in ("http://me:hush@example.org/", "ftp://example.org/hush", "http://exa mple/hush", "hush"):
        with pytest.raises(ChannelError) as caught:
            Webhook("desk", address)
        assert caught.value.__cause__ is None
        wrong.append(str(caught.value))
    for text in (str(error), repr(hook), repr(error), caplog.text, *wrong):
        assert "hush" not in text
        assert "secret-path" not in text
    assert "http://127.0.0.1" in str(error)


@pytest.mark.parametrize(
    "headers",
    [
        {"x-a": "b\r\nx-c: d"},
        {"x\n": "b"},
        {"x:y": "b"},
        {"": "b"},
        {"x a": "b"},
        {"X-É": "b"},
        {"Idempotency-Key": "mine"},
        {"Content-Length": "7"},
    ],
)
def test_headers_that_cannot_work_are_refused(headers: dict[str, str]) -> None:
    with pytest.raises(ChannelError, match="header") as caught:
        Webhook("desk", "https://example.org/hook", headers=headers)
    assert not caught.value.transient


def test_a_timeout_that_cannot_work_is_refused() -> None:
    with pytest.raises(ChannelError, match="timeout_seconds"):
        Webhook("desk", "https://example.org/hook", timeout_seconds=0)


def test_a_payload_that_is_no_json_is_permanent_and_named(site: Any) -> None:
    loop: dict[str, object] = {}
    loop["loop"] = loop
    for payload in ({"at": datetime(2026, 1, 1, tzinfo=UTC)}, {"n": float("nan")}, loop):
        error = fail(Webhook("desk", site.serve("/hook")), make_message(payload))
        assert not error.transient
        assert "17" in error.detail
    assert site.asked == []


def test_a_secret_signs_every_post(site: Any) -> None:
    secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
    hook = Webhook("desk", site.serve("/hook", 204), secret=secret, clock=lambda: 1614265330.9)
    hook.send(make_message())
    (asked,) = site.asked
    assert (asked.headers["webhook-id"], asked.headers["webhook-timestamp"]) == ("17", "1614265330")
    # What docs/alerts.md tells receivers to do.
    key = base64.b64decode(secret.removeprefix("whsec_"))
    signed = b"17.1614265330." + asked.body
    expected = base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
    assert asked.headers["webhook-signature"] == f"v1,{expected}"
    assert secret not in repr(hook)


def test_the_signature_is_that_of_the_specification() -> None:
    body = b'{"test": 2432232314}'
    headers = sign("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, body)
    assert headers["webhook-signature"] == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


@pytest.mark.parametrize("secret", ["whsec_", "whsec_###", ""])
def test_a_secret_that_cannot_work_is_refused_and_not_shown(secret: str) -> None:
    with pytest.raises(ChannelError) as caught:
        Webhook("desk", "https://desk.example/", secret=secret)
    assert "###" not in str(caught.value)
