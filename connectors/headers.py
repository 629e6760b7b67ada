"""Reading the header values of strangers: what is not understood is None, never an error."""

from __future__ import annotations

import codecs
import re
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

_PRINTABLE = re.compile(r"[\x20-\x7e]{1,512}")
# Python's own names of the charsets that documents are written in. Its other codecs are left out on
# purpose: some are not for documents (punycode, unicode_escape), some hide markup from plain checks
# (utf-7).
_CHARSETS = re.compile(
    r"ascii|utf-(8|16|32)(-[bl]e|-sig)?|iso8859-\d+|cp\d+|koi8-[rtu]|mac-\w+|gb\w+|big5\w*"
    r"|euc_\w+|shift_jis\w*|iso2022_\w+|johab|tis-620|ptcp154|kz1048"
)


def read_content_type(header: str) -> tuple[str, str | None]:
    """Media type (lower case, "" if none) and charset (as ``known_charset``) of a Content-Type."""
    media_type, *parameters = header.split(";")
    charset = None
    for parameter in parameters:
        name, _, value = parameter.partition("=")
        if name.strip().lower() == "charset" and charset is None:
            charset = known_charset(value.strip().strip("\"'"))
    plain = media_type.strip().lower()
    return (plain if re.fullmatch(r"[\w.+-]+/[\w.+-]+", plain) else ""), charset


def known_charset(name: str) -> str | None:
    """The name in lower case if Python can decode it and documents are written in it, else None."""
    lowered = name.strip().lower()
    if not re.fullmatch(r"[a-z0-9._:-]{1,40}", lowered):
        return None
    try:
        found = codecs.lookup(lowered).name
    except LookupError:
        return None
    return lowered if _CHARSETS.fullmatch(found) else None


def read_retry_after(value: str) -> float | None:
    """Seconds that a Retry-After header asks for, as a number or as an HTTP date; None if it says neither."""
    if re.fullmatch(r"[0-9]{1,9}", value.strip()):
        return float(value)
    try:
        at = parsedate_to_datetime(value)
    except (ValueError, OverflowError):
        return None
    at = at if at.tzinfo else at.replace(tzinfo=UTC)
    return max(0.0, (at - datetime.now(UTC)).total_seconds())


def printable(value: str | None) -> str | None:
    """The value if it may be sent back in a header later: nothing that could end a header line passes."""
    return value if value is not None and _PRINTABLE.fullmatch(value) else None
