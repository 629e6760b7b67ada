"""Which addresses may be fetched: feeds and pages choose them, so they are checked before every connection.

A check of the name alone would not do, because the same name can resolve to a public address when it is
checked and to a private one when it is used (DNS rebinding). ``PublicBackend`` therefore resolves a name
once, refuses it if any of its addresses is not public, and connects to one of the very addresses it has
checked.
"""

from __future__ import annotations

import asyncio
import ipaddress
import socket
import unicodedata
from collections.abc import Callable, Iterable

import httpcore
import httpx

MAX_ADDRESS = 8192  # characters; longer ones are no news pages
_TRIED_ADDRESSES = 3  # of one name; each gets its share of the connect timeout
_NO_HOST = frozenset(' []<>{}|\\^`%"/?#@')
_SHOWN = 500  # characters of an address in messages
_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")


class AddressRefusedError(ValueError):
    """An address that must not be fetched; the message says why."""


def check_address(address: str) -> httpx.URL:
    """Parse an address that is to be fetched.

    Raises AddressRefusedError unless it is http or https with a host, without credentials and without control
    characters. httpx.URL is the one parser, also of what is fetched later, so no second reading can differ.
    """
    if len(address) > MAX_ADDRESS:
        raise AddressRefusedError(f"the address is longer than {MAX_ADDRESS} characters")
    if any(unicodedata.category(c) in ("Cc", "Cs", "Zl", "Zp") for c in address):
        raise AddressRefusedError("the address holds control characters")
    try:
        url = httpx.URL(address.strip())
        host, port = url.host, url.port
        plain = url.copy_with(fragment=None)
    except (httpx.InvalidURL, ValueError) as e:
        raise AddressRefusedError(f"not a valid address: {e}") from e
    if url.scheme not in ("http", "https"):
        raise AddressRefusedError(
            f"only http and https are fetched, not {url.scheme or 'an address without scheme'}"
        )
    if not host:
        raise AddressRefusedError("the address names no host")
    if url.userinfo:
        raise AddressRefusedError("the address holds credentials")
    if _NO_HOST.intersection(host):
        raise AddressRefusedError("the host name holds characters that no host name has")
    if port is not None and not 0 < port < 65536:
        raise AddressRefusedError(f"there is no port {port}")
    return plain


def show_address(address: str) -> str:
    """The address for messages and logs: on one line and without credentials."""
    shown = "".join(c if c.isprintable() else "?" for c in address.strip()[:_SHOWN])
    scheme, mark, rest = shown.partition("://")
    authority, slash, path = rest.partition("/")
    if mark and "@" in authority:
        return f"{scheme}://***@{authority.rpartition('@')[2]}{slash}{path}"
    return shown


def is_public(address: str) -> bool:
    """Whether an IP address (text) is one of the public internet; IPv4 inside IPv6 is judged as IPv4."""
    ip = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(ip, ipaddress.IPv6Address):
        inner = ip.ipv4_mapped or ip.sixtofour
        if inner is None and ip in _NAT64:
            inner = ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)
        if inner is not None:
            ip = inner
    return ip.is_global and not ip.is_multicast


def with_networks(judge: Callable[[str], bool], networks: tuple[str, ...]) -> Callable[[str], bool]:
    """A judge that lets addresses of these networks (CIDR) pass, and asks ``judge`` about all others."""
    allowed = tuple(ipaddress.ip_network(network) for network in networks)
    if not allowed:
        return judge

    def judged(address: str) -> bool:
        ip = ipaddress.ip_address(address.partition("%")[0])
        return any(ip in network for network in allowed) or judge(address)

    return judged


class PublicBackend(httpcore.AsyncNetworkBackend):
    """Connects only where ``judge`` allows; raises AddressRefusedError for a name with any other address."""

    def __init__(self, judge: Callable[[str], bool] = is_public) -> None:
        self._judge = judge
        self._inner = httpcore.AnyIOBackend()

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        """Resolve, check all, connect to the first that answers; raises httpcore's connect errors too."""
        addresses = (await self._resolve(host, port, timeout))[:_TRIED_ADDRESSES]
        share = None if timeout is None else timeout / len(addresses)
        for position, address in enumerate(addresses, start=1):
            try:
                return await self._inner.connect_tcp(address, port, share, local_address, socket_options)
            except (httpcore.ConnectError, httpcore.ConnectTimeout):
                if position == len(addresses):
                    raise
        raise httpcore.ConnectError(f"{host} has no address")

    async def connect_unix_socket(
        self,
        path: str,
        timeout: float | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        """Refuse: nothing that is fetched lies behind a socket of this machine."""
        raise AddressRefusedError("sockets of this machine are not fetched from")

    async def sleep(self, seconds: float) -> None:
        """Wait, as the interface asks for it."""
        await asyncio.sleep(seconds)

    async def _resolve(self, host: str, port: int, timeout: float | None) -> tuple[str, ...]:
        try:
            async with asyncio.timeout(timeout):
                found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
        except TimeoutError as e:
            raise httpcore.ConnectTimeout(f"resolving {host} took longer than {timeout} s") from e
        except (socket.gaierror, UnicodeError) as e:
            raise httpcore.ConnectError(f"the host name {host} cannot be resolved ({e})") from e
        addresses = tuple(dict.fromkeys(str(entry[4][0]) for entry in found))
        for address in addresses:
            if not self._judge(address):
                is_what = "" if address == host else f" is {address}, which"
                raise AddressRefusedError(f"{host}{is_what} is not an address of the public internet")
        if not addresses:
            raise httpcore.ConnectError(f"the host name {host} has no address")
        return addresses
