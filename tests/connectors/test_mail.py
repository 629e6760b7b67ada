"""Alerts handed to a real mail server on loopback."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from connectors.base import ChannelError
from connectors.channels.mail import Mail
from domain.event_model import Message
from domain.model import Reason

AT = datetime(2026, 5, 25, 8, 30, tzinfo=UTC)


class Desk:
    """Keeps what it is sent; answers RCPT and DATA as told."""

    def __init__(self) -> None:
        self.mails: list[EmailMessage] = []
        self.receivers: list[str] = []
        self.logins: list[str] = []
        self.data_answer = "250 taken"
        self.refused: dict[str, str] = {}

    async def handle_RCPT(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if address in self.refused:
            return self.refused[address]
        envelope.rcpt_tos.append(address)
        return "250 fine"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        if self.data_answer.startswith("250"):
            content = envelope.content
            assert isinstance(content, bytes)
            mail = message_from_bytes(content, policy=policy.default)
            assert isinstance(mail, EmailMessage)
            self.mails.append(mail)
            self.receivers += envelope.rcpt_tos
        return self.data_answer

    def authenticate(
        self, server: SMTP, session: Session, envelope: Envelope, kind: str, data: object
    ) -> AuthResult:
        assert isinstance(data, LoginPassword)
        self.logins.append(data.login.decode())
        return AuthResult(success=data.password == b"s3cret", handled=False)


@pytest.fixture
def desk() -> Iterator[tuple[Desk, int]]:
    keeper = Desk()
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    controller = Controller(
        keeper,
        "127.0.0.1",
        port,
        authenticator=keeper.authenticate,
        auth_require_tls=False,
        auth_exclude_mechanism=["DONT"],
    )
    controller.start()
    try:
        yield keeper, port
    finally:
        controller.stop()


def alert(**changes: object) -> Message:
    fields: dict[str, object] = {
        "alert_id": "17", "event_id": "4", "reason": Reason.NEW, "created_at": AT,
        "headline": "Macron and Putin spoke by phone on 1 July 2025",
        "body": "What: phone call, occurred\nIn which words: “Макрон <b>позвонил</b>”",
        "address": "https://news.example/a?b=1&c=2", "payload": {},
    }  # fmt: skip
    return Message(**(fields | changes))  # type: ignore[arg-type]


def channel(port: int, **changes: object) -> Mail:
    fields: dict[str, object] = {
        "name": "desk", "host": "127.0.0.1", "port": port, "security": "none",
        "sender": "Parley <parley@desk.example>", "to": ["a@desk.example", "b@desk.example"], "timeout_seconds": 5,
    }  # fmt: skip
    return Mail(**(fields | changes))  # type: ignore[arg-type]


def failure(mail: Mail) -> ChannelError:
    with pytest.raises(ChannelError) as caught:
        mail.send(alert())
    return caught.value


def test_an_alert_comes_as_text_and_html_with_a_stable_id(desk: tuple[Desk, int]) -> None:
    keeper, port = desk
    for _ in range(2):
        channel(port).send(alert())
    first, second = keeper.mails
    assert keeper.receivers == ["a@desk.example", "b@desk.example"] * 2
    assert first["Subject"] == "Macron and Putin spoke by phone on 1 July 2025"
    assert first["Message-ID"] == second["Message-ID"] == "<parley-17@desk.example>"
    assert first["Auto-Submitted"] == "auto-generated"
    text, html = first.get_body(("plain",)), first.get_body(("html",))
    assert text is not None and "“Макрон <b>позвонил</b>”" in text.get_content()
    assert html is not None
    page = html.get_content()
    assert "&lt;b&gt;позвонил&lt;/b&gt;" in page and "<b>позвонил" not in page
    assert 'href="https://news.example/a?b=1&amp;c=2"' in page


def test_a_headline_of_strangers_adds_no_header(desk: tuple[Desk, int]) -> None:
    keeper, port = desk
    channel(port).send(
        alert(headline="Macron\r\nBcc: all@desk.example\r\n\r\nPutin", address="javascript:alert(1)")
    )
    (mail,) = keeper.mails
    assert mail["Bcc"] is None and mail["Subject"] == "Macron Bcc: all@desk.example Putin"
    html = mail.get_body(("html",))
    assert html is not None and "javascript:" not in html.get_content()


def test_a_log_in_is_made_where_it_is_configured_and_the_password_is_never_shown(
    desk: tuple[Desk, int],
) -> None:
    keeper, port = desk
    channel(port, username="parley", password="s3cret").send(alert())
    assert keeper.logins == ["parley"] and len(keeper.mails) == 1
    wrong = channel(port, username="parley", password="hunter2")
    error = failure(wrong)
    assert not error.transient and "535" in error.detail
    assert "hunter2" not in str(error) and "hunter2" not in repr(wrong)


@pytest.mark.parametrize(("answer", "transient"), [("451 later", True), ("554 no", False)])
def test_what_the_server_says_tells_whether_to_try_again(
    desk: tuple[Desk, int], answer: str, transient: bool
) -> None:
    keeper, port = desk
    keeper.data_answer = answer
    error = failure(channel(port))
    assert error.transient is transient and answer[:3] in error.detail


def test_refused_receivers_are_told(desk: tuple[Desk, int]) -> None:
    keeper, port = desk
    keeper.refused = {"b@desk.example": "550 unknown"}
    remark = channel(port).send(alert())
    assert remark is not None and "not for 1 of 2 receivers (550)" in remark
    assert len(keeper.mails) == 1, "who has it is not to get it again"
    keeper.refused["a@desk.example"] = "450 busy"
    assert "refuses every receiver (450, 550)" in failure(channel(port)).detail


def test_a_server_that_is_not_there_may_come_back() -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    error = failure(channel(port))
    assert error.transient and f"127.0.0.1:{port}" in error.detail


def test_encryption_that_the_server_does_not_offer_is_not_done_without(desk: tuple[Desk, int]) -> None:
    keeper, port = desk
    error = failure(channel(port, security="starttls"))
    assert not error.transient and keeper.mails == []


@pytest.mark.parametrize("wrong", ["nobody", "a@b\r\nBcc: c@d", ""])
def test_an_address_that_is_none_is_refused_at_once(wrong: str) -> None:
    with pytest.raises(ChannelError, match="must be a mail address"):
        channel(25, to=[wrong])
