"""One request and its answer over a transport: read within limits, told apart into what can follow from it."""

from __future__ import annotations

import asyncio
import hashlib
import ssl
from collections.abc import Callable, Mapping
from concurrent.futures import Executor
from dataclasses import dataclass, field
from http import HTTPStatus
from pathlib import Path

import httpcore
import httpx

from connectors.addresses import PublicBackend
from connectors.bodies import BodyBrokenError, BodyReader, BodyTooLargeError
from connectors.headers import printable, read_content_type, read_retry_after
from domain.model import Outcome

LONGEST_WAIT = 30.0  # seconds; who asks us to wait longer gets no second try in this pass
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_LARGE = 50_000  # bytes, of which the hash is worth a thread of its own
_KEPT_OPEN = 10  # connections to one host


@dataclass(frozen=True, slots=True)
class Response:
    """A good answer (status 2xx), decoded from its content encoding but not from its charset."""

    status: int
    final_address: str
    body: bytes
    media_type: str  # lower case, without parameters; "" where nobody said
    charset: str | None  # lower case; None where nobody said, or something that Python cannot decode
    etag: str | None
    last_modified: str | None
    headers: tuple[tuple[str, str], ...] = field(default=(), compare=False, repr=False)
    sha256: str = field(default="", compare=False)  # of the body


@dataclass(frozen=True, slots=True)
class NotModified:
    """The answer that nothing changed since the etag or time that was sent along (status 304)."""

    final_address: str


@dataclass(frozen=True, slots=True)
class Redirect:
    """The answer that what is asked for lies elsewhere; ``location`` is as the server wrote it."""

    location: str


Answer = Response | NotModified | Redirect


class ExchangeError(Exception):
    """Why one exchange gave nothing, and whether (and after how many seconds) to try again."""

    def __init__(
        self,
        outcome: Outcome,
        detail: str,
        status: int | None = None,
        *,
        again: bool = False,
        after: float | None = None,
    ) -> None:
        super().__init__(detail)
        self.outcome, self.detail, self.status = outcome, detail, status
        self.again, self.after = again, after


def trust(ca_file: str | None) -> ssl.SSLContext:
    """Whom to trust: the public certificates and those of ``ca_file`` (PEM)."""
    context = httpx.create_ssl_context(trust_env=False)
    if ca_file is not None:
        context.load_verify_locations(cafile=str(Path(ca_file)))
    return context


def open_transport(
    judge: Callable[[str], bool] | None, proxy: str | None, context: ssl.SSLContext
) -> httpx.AsyncHTTPTransport:
    """The transport to one host: HTTP/2 where the server offers it, connections only to addresses that pass.

    ``judge`` says of an IP address whether it may be connected to; None lifts that check, and with a proxy it is the
    proxy's. One for all hosts would be slow: httpcore's pool looks at all its connections, for each of them, whenever
    a request begins or ends (seen in 1.0.9; with 200 connections, 10 ms for each request).
    """
    limits = httpx.Limits(max_connections=None, max_keepalive_connections=_KEPT_OPEN)
    transport = httpx.AsyncHTTPTransport(
        verify=context, trust_env=False, limits=limits, proxy=proxy, http2=True
    )
    if proxy is None and judge is not None:
        # httpx has no public way to hand a network backend to its pool (seen in 0.28); tests hold us to it.
        transport._pool = httpcore.AsyncConnectionPool(
            ssl_context=context,
            max_connections=None,
            max_keepalive_connections=_KEPT_OPEN,
            keepalive_expiry=limits.keepalive_expiry,
            http2=True,
            network_backend=PublicBackend(judge),
        )
    return transport


async def ask(
    transport: httpx.AsyncHTTPTransport,
    url: httpx.URL,
    headers: Mapping[str, str],
    workers: Executor,
    *,
    conditional: bool,
    timeout_seconds: float,
    max_bytes: int,
    cut: bool = False,
) -> Answer:
    """Ask once. With ``cut`` a body that is too large is cut off at the limit instead of refused.

    ``workers`` are threads for what takes long, apart from those that resolve names: these may hang.

    Raises ExchangeError for answers of no use; errors of the connection come as httpx raises them.
    """
    timeout = httpx.Timeout(timeout_seconds, pool=None).as_dict()
    request = httpx.Request("GET", url, headers=headers, extensions={"timeout": timeout})
    answer = await transport.handle_async_request(request)
    try:
        status = answer.status_code
        if status in _REDIRECTS and "location" in answer.headers:
            return Redirect(answer.headers["location"])
        if status == HTTPStatus.NOT_MODIFIED and conditional:
            return NotModified(str(url))
        if not 200 <= status < 300:
            raise _status_error(answer)
        body = await _read(answer, max_bytes, cut)
    finally:
        await answer.aclose()
    media_type, charset = read_content_type(answer.headers.get("content-type", ""))
    etag, modified = answer.headers.get("etag"), answer.headers.get("last-modified")
    said = tuple(answer.headers.multi_items())
    if len(body) > _LARGE:
        digest = await asyncio.get_running_loop().run_in_executor(workers, _digest, body)
    else:
        digest = _digest(body)
    return Response(
        status, str(url), body, media_type, charset, printable(etag), printable(modified), said, digest
    )


def _digest(body: bytes) -> str:
    return hashlib.sha256(body).hexdigest()


async def _read(answer: httpx.Response, max_bytes: int, cut: bool) -> bytes:
    try:
        reader = BodyReader(answer.headers.get("content-encoding", ""), max_bytes)
        if not cut:
            reader.expect(answer.headers.get("content-length", ""))
        try:
            async for chunk in answer.aiter_raw():
                reader.feed(chunk)
        except BodyTooLargeError:
            if not cut:
                raise
            return reader.beginning()
        return reader.finish()
    except BodyTooLargeError as e:
        raise ExchangeError(Outcome.TOO_LARGE, str(e), answer.status_code) from e
    except BodyBrokenError as e:
        raise ExchangeError(Outcome.FETCH_FAILED, str(e), answer.status_code) from e


def _status_error(answer: httpx.Response) -> ExchangeError:
    status = answer.status_code
    again = status == HTTPStatus.TOO_MANY_REQUESTS or status >= 500
    after = read_retry_after(answer.headers.get("retry-after", "")) if again else None
    detail = f"answered {status} {answer.reason_phrase}"[:100].strip()
    if after is not None and after > LONGEST_WAIT:
        detail += f", asks to wait {after:.0f} s"
    return ExchangeError(Outcome.FETCH_FAILED, detail, status, again=again, after=after)


def explain_error(error: Exception, timeout_seconds: float) -> ExchangeError:
    """What an error of the connection means for the fetch."""
    if isinstance(error, httpx.TimeoutException):
        detail = f"no answer within {timeout_seconds:g} s ({type(error).__name__})"
        return ExchangeError(Outcome.FETCH_FAILED, detail, again=True)
    certificate = _is_certificate_error(error)
    what = "certificate refused" if certificate else "connection failed"
    detail = f"{what}: {str(error) or type(error).__name__}"
    return ExchangeError(Outcome.FETCH_FAILED, detail, again=not certificate)


def _is_certificate_error(error: BaseException) -> bool:
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, ssl.SSLCertVerificationError):
            return True
        cause = cause.__cause__ or cause.__context__
    return False
