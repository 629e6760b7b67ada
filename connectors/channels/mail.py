"""Alerts by mail over SMTP, each as one message with a text and an HTML part."""

from __future__ import annotations

import smtplib
import ssl
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.utils import format_datetime, parseaddr
from html import escape
from typing import Literal

from connectors.base import ChannelError, clean_block, clean_line
from domain.event_model import Message

Security = Literal["tls", "starttls", "none"]

_PORTS: dict[str, int] = {"tls": 465, "starttls": 587, "none": 25}
_SUBJECT_CHARACTERS = 200


@dataclass(frozen=True, slots=True)
class Mail:
    """Hands every alert to a mail server as one message to all receivers.

    ``security``: ``tls`` from the first byte (port 465), ``starttls`` (587), or ``none`` (25, for a relay on the own
    machine or network). Without a user name no log-in is tried. The ``Message-ID`` is made of the alert's id, so that
    a mail that was handed over twice (the answer got lost) is shown once by most mail programs. Errors never show the
    password. Raises ChannelError for addresses that cannot work.
    """

    name: str
    host: str
    sender: str
    to: Sequence[str]
    security: Security = "starttls"
    port: int | None = None
    username: str | None = None
    password: str = field(default="", repr=False)
    timeout_seconds: float = 20.0

    def __post_init__(self) -> None:
        """Refuse addresses that cannot work."""
        for address in (self.sender, *self.to):
            try:
                check_mail_address(address)
            except ValueError as e:
                raise ChannelError(self.name, f"{address[:80]!r}: {e}", transient=False) from None

    def send(self, message: Message) -> str | None:
        """Hand the alert over; raises ChannelError, transient where another try may help.

        Where the server takes it for some receivers only, the remark that comes back says so.
        """
        mail = compose(message, self.sender, self.to)
        try:
            with self._connected() as smtp:
                refused = smtp.send_message(mail)
        except smtplib.SMTPResponseException as e:
            said = clean_line(bytes_to_text(e.smtp_error), 200)
            detail = f"{self._shown} answered {e.smtp_code} {said}"
            raise ChannelError(self.name, detail, transient=400 <= e.smtp_code < 500) from e
        except smtplib.SMTPRecipientsRefused as e:
            codes = [code for code, _ in e.recipients.values()]
            detail = f"{self._shown} refuses every receiver ({', '.join(map(str, sorted(set(codes))))})"
            raise ChannelError(self.name, detail, transient=all(400 <= c < 500 for c in codes)) from e
        except smtplib.SMTPNotSupportedError as e:
            detail = f"{self._shown} does not offer what is configured: {e}; set security or leave the user name out"
            raise ChannelError(self.name, detail, transient=False) from e
        except (smtplib.SMTPException, OSError) as e:
            detail = f"cannot reach {self._shown}: {clean_line(str(e), 200) or type(e).__name__}"
            raise ChannelError(self.name, detail, transient=not isinstance(e, ssl.SSLError)) from e
        if refused:
            shown = ", ".join(sorted({str(code) for code, _ in refused.values()}))
            missed = f"{len(refused)} of {len(self.to)} receivers ({shown})"
            return f"channel {self.name}: {self._shown} took the alert, but not for {missed}"
        return None

    @property
    def _shown(self) -> str:
        return f"{self.host}:{self._port}"

    @property
    def _port(self) -> int:
        return self.port if self.port is not None else _PORTS[self.security]

    @contextmanager
    def _connected(self) -> Iterator[smtplib.SMTP]:
        if self.security == "tls":
            context = ssl.create_default_context()
            smtp: smtplib.SMTP = smtplib.SMTP_SSL(
                self.host, self._port, timeout=self.timeout_seconds, context=context
            )
        else:
            smtp = smtplib.SMTP(self.host, self._port, timeout=self.timeout_seconds)
        with smtp:
            if self.security == "starttls":
                smtp.starttls(context=ssl.create_default_context())
            if self.username is not None:
                smtp.login(self.username, self.password)
            yield smtp


def compose(message: Message, sender: str, to: Sequence[str]) -> EmailMessage:
    """The alert as a mail. The words of strangers' pages are escaped; the text part keeps the lines of the alert."""
    mail = EmailMessage()
    domain = parseaddr(sender)[1].rpartition("@")[2]
    mail["From"], mail["To"] = sender, ", ".join(to)
    mail["Subject"] = clean_line(message.headline, _SUBJECT_CHARACTERS)
    mail["Date"] = format_datetime(message.created_at)
    mail["Message-ID"] = f"<parley-{message.alert_id}@{domain}>"
    mail["Auto-Submitted"] = "auto-generated"  # RFC 3834: holiday notices do not answer
    mail["X-Parley-Event"] = message.event_id
    body = clean_block(message.body)
    mail.set_content(f"{clean_line(message.headline)}\n\n{body}\n")
    mail.add_alternative(_html(message, body), subtype="html")
    return mail


def _html(message: Message, body: str) -> str:
    rows = []
    for line in body.splitlines():
        label, colon, rest = line.partition(": ")
        cells = (label, rest) if colon else ("", line)
        shown = "".join(f"<td>{escape(cell)}</td>" for cell in cells)
        rows.append(f"<tr>{shown}</tr>")
    address = clean_line(message.address, 8192)
    linked = address.startswith(("https://", "http://"))
    source = f'<p><a href="{escape(address)}">{escape(address)}</a></p>' if linked else ""
    return (
        f"<html><body><h2>{escape(clean_line(message.headline))}</h2>"
        f'<table cellpadding="4">{"".join(rows)}</table>{source}</body></html>'
    )


def check_mail_address(address: str) -> None:
    """Raises ValueError for what no mail can be sent to or from."""
    user, at, host = parseaddr(address)[1].rpartition("@")
    if not (user and at and host) or any(c in address for c in "\r\n\0"):
        raise ValueError("must be a mail address such as desk@example.org")


def bytes_to_text(said: bytes | str) -> str:
    """What a server said, for people."""
    return said.decode("utf-8", "replace") if isinstance(said, bytes) else said
