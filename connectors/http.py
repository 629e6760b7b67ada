"""The one HTTP client for fetching: polite to servers, bounded in time and bytes, wary of addresses.

Everything that comes back is hostile until proven otherwise: redirects are followed here, one by one, each
checked as the first address was; bodies are decompressed here, because httpx itself has no limit on what a
small body may grow to; nothing is remembered between requests (no cookies) and nothing is read from the
environment. What sites ask of robots (robots.txt, a delay) is obeyed.
"""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Awaitable, Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from types import TracebackType
from typing import Self

import httpx

from connectors.addresses import AddressRefusedError, check_address, is_public, show_address, with_networks
from connectors.base import FetchError
from connectors.exchange import (
    LONGEST_WAIT,
    Answer,
    ExchangeError,
    NotModified,
    Redirect,
    Response,
    ask,
    explain_error,
    open_transport,
    trust,
)
from connectors.headers import printable
from connectors.http_model import Exchange as Exchange
from connectors.http_model import HttpSettings as HttpSettings
from connectors.pacing import Budget, Lane
from connectors.robots import MAX_BYTES as ROBOTS_BYTES
from connectors.robots import Robots, RobotsError
from domain.model import Capture, Item, Outcome, SiteRules

_RESOLVERS = 32  # threads
_WORKERS = 2


Recorder = Callable[[Exchange], Awaitable[None]]


def utc_now() -> datetime:
    """The clock of a client that is given none."""
    return datetime.now(UTC)


class Http:
    """The client; an async context manager, used within one event loop.

    It works on httpx's bare transport: httpx.AsyncClient would log every address, some of which hold keys,
    keep cookies, and read each redirect on its own before we can.
    """

    def __init__(
        self,
        settings: HttpSettings,
        judge: Callable[[str], bool] = is_public,
        *,
        clock: Callable[[], datetime] = utc_now,
        known_rules: Mapping[str, SiteRules] | None = None,
        recorder: Recorder | None = None,
    ) -> None:
        """``judge`` says of an IP address whether it may be connected to, where that is checked at all.

        ``workers`` are threads for hashing and the like, also for the recorder.
        ``known_rules`` are the robots.txt of earlier passes by origin; ``recorder`` is told of every fetch.
        """
        self.settings = settings
        self.recorder = recorder
        self.workers = ThreadPoolExecutor(_WORKERS, thread_name_prefix="http")
        self.robots = Robots(settings.robots_name, known_rules or {}, clock)
        self._judge = with_networks(judge, settings.private_networks)
        self._clock = clock
        self._lanes: dict[str, Lane] = {}
        self._transports: dict[str, httpx.AsyncHTTPTransport] = {}
        self._context: ssl.SSLContext | None = None
        self._headers = {
            "user-agent": settings.user_agent,
            "accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
            "accept-encoding": "gzip, deflate",
        }

    async def __aenter__(self) -> Self:
        """Open the client."""
        self._context = trust(self.settings.ca_file)
        # Names are resolved in the threads of the loop: some take long to find out that nobody answers.
        resolvers = ThreadPoolExecutor(_RESOLVERS, thread_name_prefix="resolve")
        asyncio.get_running_loop().set_default_executor(resolvers)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close all connections."""
        self.workers.shutdown(wait=False, cancel_futures=True)
        transports, self._transports, self._context = self._transports, {}, None
        for transport in transports.values():
            await transport.aclose()

    async def get(
        self,
        address: str,
        *,
        source: str = "",
        etag: str | None = None,
        last_modified: str | None = None,
        headers: Mapping[str, str] | None = None,
        delay_seconds: float = 0.0,
        max_bytes: int | None = None,
    ) -> Response | NotModified:
        """Fetch an address for a source; given ``etag`` or ``last_modified`` of an earlier answer, only if it changed.

        ``headers`` are sent to the host of ``address`` only; ``delay_seconds`` is the least time between two requests
        to it. Raises FetchError: REFUSED for addresses that must not be fetched (also when a redirect leads to one,
        or the site's robots.txt forbids it), TOO_LARGE for too many bytes, FETCH_FAILED for everything else, with
        the status if there was one.
        """
        at = self._clock()
        conditions = _conditions(etag, last_modified)
        fetch = _Fetch(
            conditions, dict(headers or {}), Budget(self.settings.deadline_seconds), delay_seconds,
            max_bytes or self.settings.max_bytes,
        )  # fmt: skip
        try:
            answer = await self._follow(address, fetch)
        except ExchangeError as e:
            failed = FetchError(show_address(address), e.outcome, e.detail, e.status)
            await self._record(Exchange(source, address, at, address, e.status, (), None, None, str(failed)))
            raise failed from e
        if isinstance(answer, NotModified):
            await self._record(Exchange(source, address, at, answer.final_address, 304, (), None, None, None))
            return answer
        await self._record(
            Exchange(
                source,
                address,
                at,
                answer.final_address,
                answer.status,
                answer.headers,
                answer.body,
                answer.sha256,
                None,
            )
        )
        return answer

    async def _record(self, exchange: Exchange) -> None:
        if self.recorder is not None:
            await self.recorder(exchange)

    async def _follow(self, address: str, fetch: _Fetch) -> Response | NotModified:
        url = _check(address)
        host = url.host
        seen: set[str] = set()
        for _ in range(self.settings.max_redirects + 1):
            seen.add(str(url))
            await self._check_robots(url)
            headers = self._headers | fetch.conditions | (fetch.headers if url.host == host else {})
            if fetch.delay_seconds and url.host == host:
                self._lane(host).slow_down(fetch.delay_seconds)
            answer = await self._try(url, headers, fetch)
            if not isinstance(answer, Redirect):
                return answer
            url = _redirected(url, answer)
            if str(url) in seen:
                raise ExchangeError(
                    Outcome.FETCH_FAILED, f"redirects lead in a loop, back to {show_address(str(url))}"
                )
        raise ExchangeError(Outcome.FETCH_FAILED, f"more than {self.settings.max_redirects} redirects")

    async def _check_robots(self, url: httpx.URL) -> None:
        if not self.settings.obey_robots or url.host in self.settings.robots_exempt:
            return
        site = await self.robots.site(url, self._ask_robots)
        if site.rules.text is None:
            raise ExchangeError(Outcome.FETCH_FAILED, f"{site.rules.origin}/robots.txt: {site.rules.detail}")
        if not site.allows(str(url)):
            raise ExchangeError(Outcome.REFUSED, f"{site.rules.origin}/robots.txt forbids it to robots")
        self._lane(url.host).slow_down(site.delay_seconds)

    async def _ask_robots(self, asked: httpx.URL) -> str:
        """The text of a robots.txt, "" where there is none; raises RobotsError for a failure that may pass."""
        fetch = _Fetch({}, {}, Budget(self.settings.deadline_seconds), 0.0, ROBOTS_BYTES, cut=True)
        url = asked
        try:
            for _ in range(self.settings.max_redirects + 1):
                answer = await self._try(url, self._headers, fetch)
                if isinstance(answer, Response):
                    return answer.body.decode("utf-8", "replace")  # RFC 9309, 2.3
                if isinstance(answer, Redirect):
                    url = _redirected(url, answer)
        except ExchangeError as e:
            if e.status is not None and 400 <= e.status < 500:
                return ""
            if e.outcome is Outcome.REFUSED and url.host == asked.host:
                raise  # nothing of this host may be fetched, whatever its robots.txt says
            raise RobotsError(e.detail) from e
        return ""  # RFC 9309, 2.3.1.2: after five redirects it may be taken for missing

    def _transport(self, host: str) -> httpx.AsyncHTTPTransport:
        if self._context is None:
            raise RuntimeError("Http is used outside of its `async with` block")
        transport = self._transports.get(host)
        if transport is None:
            judge = None if self.settings.allow_private else self._judge
            transport = open_transport(judge, self.settings.proxy, self._context)
            self._transports[host] = transport
        return transport

    def _lane(self, host: str) -> Lane:
        lane = self._lanes.get(host)
        if lane is None:
            settings = self.settings
            lane = self._lanes[host] = Lane(settings.concurrency_per_host, settings.requests_per_second)
        return lane

    async def _try(self, url: httpx.URL, headers: Mapping[str, str], fetch: _Fetch) -> Answer:
        """One exchange, repeated after a failure that may pass; the only retry layer there is."""
        attempt = 0
        budget = fetch.budget
        while True:
            try:
                return await self._exchange(url, headers, fetch)
            except ExchangeError as e:
                wait = self.settings.backoff_seconds * 2**attempt if e.after is None else e.after
                if not e.again or attempt >= self.settings.retries or wait > min(budget.left, LONGEST_WAIT):
                    if attempt:
                        e.detail += f" (tried {attempt + 1} times)"
                    raise
            attempt += 1
            budget.left -= wait
            await asyncio.sleep(wait)

    async def _exchange(self, url: httpx.URL, headers: Mapping[str, str], fetch: _Fetch) -> Answer:
        settings = self.settings
        transport = self._transport(url.host)
        lane = self._lane(url.host)
        async with lane.places:
            await lane.wait_turn()
            started = asyncio.get_running_loop().time()
            try:
                async with asyncio.timeout(fetch.budget.left):
                    return await ask(
                        transport,
                        url,
                        headers,
                        self.workers,
                        conditional=bool(fetch.conditions),
                        timeout_seconds=settings.timeout_seconds,
                        max_bytes=fetch.max_bytes,
                        cut=fetch.cut,
                    )
            except TimeoutError as e:
                detail = f"took longer than {settings.deadline_seconds:g} s in all"
                raise ExchangeError(Outcome.FETCH_FAILED, detail) from e
            except (httpx.TransportError, OSError) as e:  # some errors of TLS come as they are
                raise explain_error(e, settings.timeout_seconds) from e
            except AddressRefusedError as e:
                raise ExchangeError(Outcome.REFUSED, str(e)) from e
            finally:
                fetch.budget.left -= asyncio.get_running_loop().time() - started


@dataclass(slots=True)
class _Fetch:
    """What belongs to one fetch through all its exchanges."""

    conditions: dict[str, str]
    headers: dict[str, str]
    budget: Budget
    delay_seconds: float
    max_bytes: int
    cut: bool = False


async def fetch_capture(http: Http, item: Item, now: datetime) -> Capture:
    """Fetch a listed item by its address, for sources whose items are web pages; raises FetchError."""
    answer = await http.get(item.address, source=item.source)
    if isinstance(answer, NotModified):  # not asked for, so not expected
        raise FetchError(item.address, Outcome.FETCH_FAILED, "answered 304 to an unconditional request", 304)
    return capture_of(item, answer, now)


def capture_of(item: Item, answer: Response, now: datetime) -> Capture:
    """An answer as the capture of the item that it was asked for."""
    return Capture(
        item,
        answer.final_address,
        answer.sha256,
        answer.body,
        answer.media_type,
        answer.charset,
        now,
        answer.status,
    )


def _check(address: str, came_from: httpx.URL | None = None) -> httpx.URL:
    try:
        return check_address(address)
    except AddressRefusedError as e:
        how = f"redirected to {show_address(address)}: " if came_from is not None else ""
        raise ExchangeError(Outcome.REFUSED, f"{how}{e}") from e


def _redirected(url: httpx.URL, answer: Redirect) -> httpx.URL:
    try:
        target = str(url.join(answer.location))
    except (httpx.InvalidURL, ValueError) as e:
        raise ExchangeError(Outcome.REFUSED, f"redirected to no valid address: {e}") from e
    return _check(target, came_from=url)


def _conditions(etag: str | None, last_modified: str | None) -> dict[str, str]:
    pairs = {"if-none-match": printable(etag), "if-modified-since": printable(last_modified)}
    return {name: value for name, value in pairs.items() if value is not None}
