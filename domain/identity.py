"""Ids that are the same on every machine and in every run: hashes of what the thing is."""

from __future__ import annotations

import hashlib
from urllib.parse import parse_qsl, quote, unquote, urlencode, urlsplit, urlunsplit

TRACKING_PREFIXES = ("utm_", "at_", "pk_", "mtm_")
TRACKING_NAMES = frozenset(
    (
        *("fbclid", "gclid", "dclid", "yclid", "msclkid", "mc_cid", "mc_eid", "igshid", "_ga"),
        *("ref", "ref_src", "cmpid", "ocid", "xtor"),
    )
)
_SAFE_PATH = "/:@!$&'()*+,;=~-._"


def hash64(*parts: object) -> int:
    """An unsigned 64-bit id of the parts (BLAKE2b, 8 bytes); the parts are joined by an unprintable separator."""
    joined = "\x1f".join(str(part) for part in parts).encode("utf-8", "surrogatepass")
    return int.from_bytes(hashlib.blake2b(joined, digest_size=8).digest(), "big")


def canonical_address(address: str) -> str:
    """The address under which an article is known: tracking parameters, fragment and default port removed.

    Idempotent. What is no address (``http://[::1``) is its own canonical form: it can be reported under it.
    """
    try:
        parts = urlsplit(address.strip())
    except ValueError:
        return address.strip()
    if not parts.netloc:
        return address.strip()
    host = (parts.hostname or "").lower().rstrip(".")
    if not host:
        return address.strip()
    try:
        port = parts.port
    except ValueError:
        port = None
    default = {"http": 80, "https": 443}.get(parts.scheme.lower())
    netloc = f"[{host}]" if ":" in host else host
    if port is not None and port != default:
        netloc = f"{netloc}:{port}"
    path = quote(unquote(parts.path), safe=_SAFE_PATH) or "/"
    pairs = [(k, v) for k, v in parse_qsl(parts.query, keep_blank_values=True) if not _is_tracking(k)]
    return urlunsplit((parts.scheme.lower(), netloc, path, urlencode(sorted(pairs)), ""))


def article_id(address: str) -> int:
    """The id of the article at an address (of its canonical form)."""
    return hash64("article", canonical_address(address))


def _is_tracking(name: str) -> bool:
    lowered = name.lower()
    return lowered in TRACKING_NAMES or lowered.startswith(TRACKING_PREFIXES)
