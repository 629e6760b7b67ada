"""Alerts as JSON to a web address: chat bridges, pagers, any receiver of one's own."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import json
import re
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import httpx

from connectors.addresses import AddressRefusedError, check_address
from connectors.base import ChannelError
from connectors.headers import printable
from domain.event_model import Message

_TOKEN = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]{1,100}")  # RFC 9110
_TRANSIENT = frozenset({408, 425, 429})  # and all of 5xx
_OWN_HEADERS = frozenset(
    {"content-type", "content-length", "host", "idempotency-key", "transfer-encoding"}
    | {"webhook-id", "webhook-timestamp", "webhook-signature"}
)
_SECRET_PREFIX = "whsec_"


@dataclass(frozen=True, slots=True)
class Webhook:
    """Posts the payload of every alert as JSON, with the id of the alert as ``Idempotency-Key``.

    A message may be posted again when the answer got lost: the receiver is to take a key once.
    ``timeout_seconds`` bounds each step on the network. Address and headers may hold secrets: no error
    shows more than scheme and host. Addresses of the own network are allowed, as the operator chose them;
    redirects are not followed, as somebody else would choose where they lead. With a ``secret`` every post is signed
    as the Standard Webhooks specification says (HMAC-SHA256 over id, time and body; a secret that begins with
    ``whsec_`` is base64), so that a receiver can tell a forged or a replayed one. ``clock`` gives seconds since 1970.
    Raises ChannelError for an address, headers or a secret that cannot work.
    """

    name: str
    address: str = field(repr=False)
    timeout_seconds: float = 10.0
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    secret: str | None = field(default=None, repr=False)
    clock: Callable[[], float] = field(default=time.time, repr=False)

    def __post_init__(self) -> None:
        """Refuse a configuration that cannot work."""
        try:
            check_address(self.address)
        except AddressRefusedError:
            # Not chained and not quoted: the message of the parser may repeat parts of the address.
            detail = "the address must be http(s)://host/..., without credentials before the host"
            raise ChannelError(self.name, detail, transient=False) from None
        for name, value in self.headers.items():
            good = _TOKEN.fullmatch(name) and printable(value) is not None and value == value.strip()
            if not good or name.lower() in _OWN_HEADERS:
                own = ", ".join(sorted(_OWN_HEADERS))
                detail = f"header {name[:60]!r} is not allowed: printable ASCII, and none of {own}"
                raise ChannelError(self.name, detail, transient=False)
        if not self.timeout_seconds > 0:
            raise ChannelError(self.name, "timeout_seconds must be above 0", transient=False)
        if self.secret is not None:
            try:
                check_secret(self.secret)
            except ValueError as e:
                raise ChannelError(self.name, f"secret: {e}", transient=False) from None

    def send(self, message: Message) -> None:
        """Post the alert; raises ChannelError, transient where another try may help."""
        status = self._post(message)
        if 200 <= status < 300:
            return
        transient = status in _TRANSIENT or status >= 500
        advice = "" if transient else "; check the address and what the receiver expects"
        if 300 <= status < 400:
            advice = "; redirects are not followed, so configure the final address"
        raise ChannelError(self.name, f"{self._shown} answered {status}{advice}", transient)

    @property
    def _shown(self) -> str:
        url = httpx.URL(self.address)
        return f"{url.scheme}://{url.host}"

    def _post(self, message: Message) -> int:
        try:
            body = json.dumps(message.payload, allow_nan=False).encode("ascii")
        except (TypeError, ValueError, RecursionError) as e:
            detail = f"the payload of alert {message.alert_id} is not JSON: {e}"
            raise ChannelError(self.name, detail, transient=False) from e
        headers = {"user-agent": "parley/0.1", **{k.lower(): v for k, v in self.headers.items()}}
        headers |= {"content-type": "application/json", "idempotency-key": message.alert_id}
        if self.secret is not None:
            headers |= sign(self.secret, message.alert_id, int(self.clock()), body)
        request = httpx.Request(
            "POST",
            self.address,
            headers=headers,
            content=body,
            extensions={"timeout": httpx.Timeout(self.timeout_seconds).as_dict()},
        )
        # The bare transport, not httpx.Client: that one logs the whole address of every request, and it
        # would bring redirects, cookies and proxies of the environment, none of which are wanted here. The
        # body of the answer is not read: nothing in it matters, and it could be endless.
        try:
            with httpx.HTTPTransport(verify=httpx.create_ssl_context(trust_env=False)) as transport:
                answer = transport.handle_request(request)
                answer.close()
        except httpx.TimeoutException as e:
            detail = f"no answer from {self._shown} within {self.timeout_seconds:g} s ({type(e).__name__})"
            raise ChannelError(self.name, detail, transient=True) from e
        except httpx.TransportError as e:
            detail = f"cannot reach {self._shown}: {str(e) or type(e).__name__}"
            ours = isinstance(e, httpx.LocalProtocolError | httpx.UnsupportedProtocol)  # would be so again
            raise ChannelError(self.name, detail, transient=not ours) from e
        return answer.status_code


def sign(secret: str, message_id: str, timestamp: int, body: bytes) -> dict[str, str]:
    """The headers that prove who posted a body, and when (Standard Webhooks 1.0, symmetric signatures)."""
    signed = f"{message_id}.{timestamp}.".encode() + body
    digest = hmac.new(_key(secret), signed, hashlib.sha256).digest()
    return {
        "webhook-id": message_id,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": f"v1,{base64.b64encode(digest).decode('ascii')}",
    }


def check_secret(secret: str) -> None:
    """Raises ValueError for a secret that cannot sign."""
    try:
        _key(secret)
    except ValueError:
        raise ValueError(f"behind {_SECRET_PREFIX} must stand base64 of at least one byte") from None


def _key(secret: str) -> bytes:
    """The bytes of a secret; raises ValueError for one that is empty or no base64 behind its prefix."""
    encoded = secret.removeprefix(_SECRET_PREFIX)
    try:
        key = base64.b64decode(encoded, validate=True) if encoded != secret else secret.encode()
    except binascii.Error as error:
        raise ValueError("not base64") from error
    if not key:
        raise ValueError("empty")
    return key
