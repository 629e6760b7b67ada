"""How the client fetches, and what it records of a fetch."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass, field
from datetime import datetime

from connectors.headers import printable


@dataclass(frozen=True, slots=True)
class HttpSettings:
    """How to fetch. Times are in seconds, sizes in bytes.

    ``timeout_seconds`` bounds each step (connect, each read), ``deadline_seconds`` one fetch in all, with its
    redirects, retries and waits but without the waiting for its turn. ``max_bytes`` bounds the body as it
    comes over the wire and again as decoded. ``requests_per_second`` and ``concurrency_per_host`` are per
    host (rate 0: none).

    Addresses that are not public are refused unless they lie in one of ``private_networks`` (CIDR), or
    ``allow_private``. With a ``proxy`` that check is the proxy's, as only the proxy resolves names.
    ``robots_name`` is what a robots.txt calls us; it is not obeyed on the hosts of ``robots_exempt``, one's own.
    ``ca_file`` names certificates (PEM)
    that are trusted besides the public ones. Raises ValueError for values that cannot work.
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
    private_networks: tuple[str, ...] = ()
    obey_robots: bool = True
    robots_exempt: tuple[str, ...] = ()
    robots_name: str = "parley"
    ca_file: str | None = None
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
        for network in self.private_networks:
            ipaddress.ip_network(network)


@dataclass(frozen=True, slots=True)
class Exchange:
    """One fetch as it went, for the record: ``body`` is None where none came, ``error`` where all went well."""

    source: str
    address: str
    at: datetime
    final_address: str
    status: int | None
    headers: tuple[tuple[str, str], ...]
    body: bytes | None
    sha256: str | None
    error: str | None
