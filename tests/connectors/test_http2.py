"""HTTP/2 over TLS where a server offers it, with a certificate of one's own; HTTP/1.1 with those that do not."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import h2.config
import h2.connection
import h2.events
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from connectors.base import FetchError
from connectors.exchange import Response
from connectors.http import Http, HttpSettings


def make_certificate(folder: Path) -> Path:
    """A certificate for localhost that signs itself, with its key behind it."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    path = folder / "certificate.pem"
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    path.write_bytes(made.public_bytes(serialization.Encoding.PEM) + private)
    return path


class Http2Server(asyncio.Protocol):
    """Answers every request with the path that was asked for."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport
        self.talk = h2.connection.H2Connection(h2.config.H2Configuration(client_side=False))
        self.talk.initiate_connection()
        transport.write(self.talk.data_to_send())

    def data_received(self, data: bytes) -> None:
        for event in self.talk.receive_data(data):
            if isinstance(event, h2.events.RequestReceived):
                path = dict(event.headers)[b":path"]
                self.talk.send_headers(event.stream_id, [(":status", "200"), ("content-type", "text/plain")])
                self.talk.send_data(event.stream_id, b"over h2: " + path, end_stream=True)
        self.transport.write(self.talk.data_to_send())


class Http1Server(asyncio.Protocol):
    """Knows nothing newer."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport

    def data_received(self, data: bytes) -> None:
        self.transport.write(b"HTTP/1.1 200 OK\r\ncontent-length: 8\r\n\r\nover 1.1")


@asynccontextmanager
async def serve(certificate: Path, protocol: type[asyncio.Protocol], alpn: list[str]) -> AsyncIterator[str]:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    context.set_alpn_protocols(alpn)
    server = await asyncio.get_running_loop().create_server(protocol, "localhost", 0, ssl=context)
    async with server:
        yield f"https://localhost:{server.sockets[0].getsockname()[1]}"


def settings(certificate: Path | None) -> HttpSettings:
    return HttpSettings(
        private_networks=("127.0.0.0/8", "::1/128"),
        requests_per_second=0,
        obey_robots=False,
        ca_file=None if certificate is None else str(certificate),
        retries=0,
    )


@pytest.mark.parametrize(
    ("protocol", "alpn", "expected"),
    [(Http2Server, ["h2", "http/1.1"], b"over h2: /a"), (Http1Server, ["http/1.1"], b"over 1.1")],
)
def test_what_the_server_offers_is_spoken(
    tmp_path: Path, protocol: type[asyncio.Protocol], alpn: list[str], expected: bytes
) -> None:
    certificate = make_certificate(tmp_path)

    async def run() -> Response:
        async with serve(certificate, protocol, alpn) as base, Http(settings(certificate)) as http:
            answers = await asyncio.gather(*(http.get(f"{base}/a") for _ in range(5)))
            assert isinstance(answers[0], Response)
            return answers[0]

    assert asyncio.run(run()).body == expected


def test_a_certificate_that_nobody_vouches_for_is_refused(tmp_path: Path) -> None:
    certificate = make_certificate(tmp_path)

    async def run() -> None:
        async with serve(certificate, Http2Server, ["h2"]) as base, Http(settings(None)) as http:
            await http.get(f"{base}/a")

    with pytest.raises(FetchError, match="certificate refused"):
        asyncio.run(run())
