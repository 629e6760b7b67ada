"""Links of search engines and feed services -> the address of the article that they stand for."""

from __future__ import annotations

import base64
import binascii
import re
from urllib.parse import parse_qs, urlsplit

# host (with what lies below it), path, the parameters that may hold the address
_PARAMETERS = (
    ("bing.com", "/news/apiclick.aspx", ("url",)),
    ("google.com", "/url", ("url", "q")),
    ("facebook.com", "/l.php", ("u",)),
    ("duckduckgo.com", "/l/", ("uddg",)),
)
_GOOGLE_NEWS = re.compile(r"/(?:rss/)?(?:articles|read)/([A-Za-z0-9_=-]{20,4000})")
_ADDRESS = re.compile(rb"https?://[\x21-\x7e]{4,2000}")
_TARGET = re.compile(
    r"""(?:data-n-au|rel=["']?(?:nofollow|canonical)[^>]{0,300}?href)=["'](https?://[^"'<>\s]{4,2000})"""
)
MOST_READ = 500_000  # characters of a page in which the address is looked for


def resolve(address: str) -> str:
    """The address behind a link that says it itself; every other address as it is."""
    try:
        parts = urlsplit(address)
        host = (parts.hostname or "").lower()
    except ValueError:
        return address
    for domain, path, names in _PARAMETERS:
        if (host == domain or host.endswith(f".{domain}")) and parts.path == path:
            query = parse_qs(parts.query)
            found = next((query[name][0] for name in names if name in query), "")
            return found if found.startswith(("http://", "https://")) else address
    return _google_news(parts.path) or address if host == "news.google.com" else address


def is_hidden(address: str) -> bool:
    """Whether the address is a link of Google News, which says where the article lies only in its page, if at all."""
    parts = urlsplit(address)
    return parts.hostname == "news.google.com" and _GOOGLE_NEWS.search(parts.path) is not None


def find_target(page: str) -> str | None:
    """The address of the article in a page of Google News; None where it is not told."""
    for match in _TARGET.finditer(page[:MOST_READ]):
        host = urlsplit(match[1]).hostname or ""
        if not host.endswith(("google.com", "gstatic.com", "googleusercontent.com")):
            return match[1].replace("&amp;", "&")
    return None


def _google_news(path: str) -> str | None:
    """The address that the older links of Google News hold, in base64 within a protocol buffer."""
    match = _GOOGLE_NEWS.search(path)
    if match is None:
        return None
    try:
        raw = base64.urlsafe_b64decode(match[1] + "=" * (-len(match[1]) % 4))
    except (ValueError, binascii.Error):
        return None
    found = _ADDRESS.search(raw)
    return found[0].decode("ascii") if found else None
