"""The one HTTP client for fetching: polite to servers, bounded in time and bytes, wary of addresses.

Everything that comes back is hostile until proven otherwise: redirects are followed here, one by one, each
checked as the first address was; bodies are decompressed here, because httpx itself has no limit on what a
small body may grow to; nothing is remembered between requests (no cookies) and nothing is read from the
environment.
"""

from __future__ import annotations

import asyncio
import hashlib
import ssl
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from http import HTTPStatus
from types import TracebackType
from typing import Self

import httpcore
import httpx

from connectors.addresses import AddressRefusedError, PublicBackend, check_address, is_public, show_address
from connectors.base import FetchError
from connectors.bodies import BodyBrokenError, BodyReader, BodyTooLargeError
from connectors.headers import printable, read_content_type, read_retry_after
from connectors.pacing import Budget, Lane
from domain.model import Capture, Item, Outcome

_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_KEPT_OPEN = 20  # connections
_LONGEST_WAIT = 30.0  # seconds; who asks us to wait longer gets no second try in this pass


@dataclass(frozen=True, slots=True)
class HttpSettings:
    """How to fetch. Times are in seconds, sizes in bytes.

    ``timeout_seconds`` bounds each step (connect, each read), ``deadline_seconds`` one fetch in all, with its
    redirects, retries and waits but without the waiting for its turn. ``max_bytes`` bounds the body as it
    comes over the wire and again as decoded. ``requests_per_second`` and ``concurrency_per_host`` are per
    host (rate 0: none).

    Addresses that are not public are refused unless ``allow_private``. With a ``proxy`` that check is the
    proxy's, as only the proxy resolves names. Raises ValueError for values that cannot work.
    """

    user_agent: str = "parley/0.1"
    proxy: str | None = field(default=None, repr=False)  # may hold a password
    timeout_seconds: float = 10.0
    deadline_seconds: float = 30.0
    max_bytes: int = 5_000_000
    requests_per_second: float = 1.0
    concurrency_per_host: int = 2
    max_redirects: int = 5
    allow_private: bool = False
    retries: int = 2
    backoff_seconds: float = 0.5

    def __post_init__(self) -> None:
        """Refuse values that cannot work, so that no fetch has to."""
        if printable(self.user_agent) is None:
            raise ValueError("user_agent must be printable ASCII, at most 512 characters")
        for name in ("timeout_seconds", "deadline_seconds", "max_bytes", "concurrency_per_host"):
            if not getattr(self, name) > 0:
                raise ValueError(f"{name} must be above 0")
        for name in ("requests_per_second", "max_redirects", "retries", "backoff_seconds"):
            if not getattr(self, name) >= 0:
                raise ValueError(f"{name} must not be negative")


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


@dataclass(frozen=True, slots=True)
class NotModified:
    """The answer that nothing changed since the etag or time that was sent along (status 304)."""

    final_address: str


@dataclass(frozen=True, slots=True)
class _Redirect:
    location: str


class _FailedError(Exception):
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


class Http:
    """The client; an async context manager, used within one event loop.

    It works on httpx's bare transport: httpx.AsyncClient would log every address, some of which hold keys,
    keep cookies, and read each redirect on its own before we can.
    """

    def __init__(self, settings: HttpSettings, judge: Callable[[str], bool] = is_public) -> None:
        """``judge`` says of an IP address whether it may be connected to, where that is checked at all."""
        self.settings = settings
        self._judge = judge
        self._lanes: dict[str, Lane] = {}
        self._transport: httpx.AsyncHTTPTransport | None = None
        self._headers = {
            "user-agent": settings.user_agent,
            "accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
            "accept-encoding": "gzip, deflate",
        }

    async def __aenter__(self) -> Self:
        """Open the client."""
        self._transport = _open_transport(self.settings, self._judge)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close all connections."""
        if self._transport is not None:
            await self._transport.aclose()
            self._transport = None

    async def get(
        self, address: str, *, etag: str | None = None, last_modified: str | None = None
    ) -> Response | NotModified:
        """Fetch an address; given ``etag`` or ``last_modified`` of an earlier answer, only if it changed.

        Raises FetchError: REFUSED for addresses that must not be fetched (also when a redirect leads to one),
        TOO_LARGE for too many bytes, FETCH_FAILED for everything else, with the status if there was one.
        """
        budget = Budget(self.settings.deadline_seconds)
        headers = _conditions(etag, last_modified)
        try:
            return await self._follow(address, headers, budget)
        except _FailedError as e:
            raise FetchError(show_address(address), e.outcome, e.detail, e.status) from e

    async def _follow(self, address: str, headers: dict[str, str], budget: Budget) -> Response | NotModified:
        url = _check(address)
        seen: set[str] = set()
        for _ in range(self.settings.max_redirects + 1):
            seen.add(str(url))
            answer = await self._try(url, headers, budget)
            if not isinstance(answer, _Redirect):
                return answer
            try:
                target = str(url.join(answer.location))
            except (httpx.InvalidURL, ValueError) as e:
                raise _FailedError(Outcome.REFUSED, f"redirected to no valid address: {e}") from e
            url = _check(target, came_from=url)
            if str(url) in seen:
                raise _FailedError(
                    Outcome.FETCH_FAILED, f"redirects lead in a loop, back to {show_address(str(url))}"
                )
        raise _FailedError(Outcome.FETCH_FAILED, f"more than {self.settings.max_redirects} redirects")

    async def _try(
        self, url: httpx.URL, headers: dict[str, str], budget: Budget
    ) -> Response | NotModified | _Redirect:
        """One exchange, repeated after a failure that may pass; the only retry layer there is."""
        attempt = 0
        while True:
            try:
                return await self._exchange(url, headers, budget)
            except _FailedError as e:
                wait = self.settings.backoff_seconds * 2**attempt if e.after is None else e.after
                if not e.again or attempt >= self.settings.retries or wait > min(budget.left, _LONGEST_WAIT):
                    if attempt:
                        e.detail += f" (tried {attempt + 1} times)"
                    raise
            attempt += 1
            budget.left -= wait
            await asyncio.sleep(wait)

    async def _exchange(
        self, url: httpx.URL, headers: dict[str, str], budget: Budget
    ) -> Response | NotModified | _Redirect:
        settings = self.settings
        lane = self._lanes.get(url.host)
        if lane is None:
            lane = self._lanes[url.host] = Lane(settings.concurrency_per_host, settings.requests_per_second)
        async with lane.places:
            await lane.wait_turn()
            started = asyncio.get_running_loop().time()
            try:
                async with asyncio.timeout(budget.left):
                    return await self._ask(url, headers)
            except TimeoutError as e:
                detail = f"took longer than {settings.deadline_seconds:g} s in all"
                raise _FailedError(Outcome.FETCH_FAILED, detail) from e
            except httpx.TimeoutException as e:
                detail = f"no answer within {settings.timeout_seconds:g} s ({type(e).__name__})"
                raise _FailedError(Outcome.FETCH_FAILED, detail, again=True) from e
            except (httpx.TransportError, OSError) as e:  # some errors of TLS come as they are
                certificate = _is_certificate_error(e)
                what = "certificate refused" if certificate else "connection failed"
                detail = f"{what}: {str(e) or type(e).__name__}"
                raise _FailedError(Outcome.FETCH_FAILED, detail, again=not certificate) from e
            except AddressRefusedError as e:
                raise _FailedError(Outcome.REFUSED, str(e)) from e
            finally:
                budget.left -= asyncio.get_running_loop().time() - started

    async def _ask(self, url: httpx.URL, headers: dict[str, str]) -> Response | NotModified | _Redirect:
        if self._transport is None:
            raise RuntimeError("Http is used outside of its `async with` block")
        timeout = httpx.Timeout(self.settings.timeout_seconds, pool=None).as_dict()
        request = httpx.Request("GET", url, headers=self._headers | headers, extensions={"timeout": timeout})
        answer = await self._transport.handle_async_request(request)
        try:
            status = answer.status_code
            if status in _REDIRECTS and "location" in answer.headers:
                return _Redirect(answer.headers["location"])
            if status == HTTPStatus.NOT_MODIFIED and headers:
                return NotModified(str(url))
            if not 200 <= status < 300:
                raise _status_failure(answer)
            body = await self._read(answer)
        finally:
            await answer.aclose()
        media_type, charset = read_content_type(answer.headers.get("content-type", ""))
        etag, modified = answer.headers.get("etag"), answer.headers.get("last-modified")
        return Response(status, str(url), body, media_type, charset, printable(etag), printable(modified))

    async def _read(self, answer: httpx.Response) -> bytes:
        try:
            reader = BodyReader(answer.headers.get("content-encoding", ""), self.settings.max_bytes)
            reader.expect(answer.headers.get("content-length", ""))
            async for chunk in answer.aiter_raw():
                reader.feed(chunk)
            return reader.finish()
        except BodyTooLargeError as e:
            raise _FailedError(Outcome.TOO_LARGE, str(e), answer.status_code) from e
        except BodyBrokenError as e:
            raise _FailedError(Outcome.FETCH_FAILED, str(e), answer.status_code) from e


async def fetch_capture(http: Http, item: Item, now: datetime) -> Capture:
    """Fetch a listed item by its address, for sources whose items are web pages; raises FetchError."""
    answer = await http.get(item.address)
    if isinstance(answer, NotModified):  # not asked for, so not expected
        raise FetchError(item.address, Outcome.FETCH_FAILED, "answered 304 to an unconditional request", 304)
    digest = hashlib.sha256(answer.body).hexdigest()
    return Capture(
        item, answer.final_address, digest, answer.body, answer.media_type, answer.charset, now, answer.status
    )


def _open_transport(settings: HttpSettings, judge: Callable[[str], bool]) -> httpx.AsyncHTTPTransport:
    context = httpx.create_ssl_context(trust_env=False)
    limits = httpx.Limits(max_connections=None, max_keepalive_connections=_KEPT_OPEN)
    transport = httpx.AsyncHTTPTransport(verify=context, trust_env=False, limits=limits, proxy=settings.proxy)
    if settings.proxy is None and not settings.allow_private:
        # httpx has no public way to hand a network backend to its pool (seen in 0.28); tests hold us to it.
        transport._pool = httpcore.AsyncConnectionPool(
            ssl_context=context,
            max_keepalive_connections=_KEPT_OPEN,
            keepalive_expiry=limits.keepalive_expiry,
            network_backend=PublicBackend(judge),
        )
    return transport


def _check(address: str, came_from: httpx.URL | None = None) -> httpx.URL:
    try:
        return check_address(address)
    except AddressRefusedError as e:
        how = f"redirected to {show_address(address)}: " if came_from is not None else ""
        raise _FailedError(Outcome.REFUSED, f"{how}{e}") from e


def _status_failure(answer: httpx.Response) -> _FailedError:
    status = answer.status_code
    again = status == HTTPStatus.TOO_MANY_REQUESTS or status >= 500
    after = read_retry_after(answer.headers.get("retry-after", "")) if again else None
    detail = f"answered {status} {answer.reason_phrase}"[:100].strip()
    if after is not None and after > _LONGEST_WAIT:
        detail += f", asks to wait {after:.0f} s"
    return _FailedError(Outcome.FETCH_FAILED, detail, status, again=again, after=after)


def _conditions(etag: str | None, last_modified: str | None) -> dict[str, str]:
    pairs = {"if-none-match": printable(etag), "if-modified-since": printable(last_modified)}
    return {name: value for name, value in pairs.items() if value is not None}


def _is_certificate_error(error: BaseException) -> bool:
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, ssl.SSLCertVerificationError):
            return True
        cause = cause.__cause__ or cause.__context__
    return False
