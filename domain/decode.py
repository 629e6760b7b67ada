"""Turns the bytes of a page into text: finds the encoding, and refuses what is not text."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator

from trafilatura.utils import detect_encoding

_MAGIC = (
    b"%PDF",
    b"\x89PNG",
    b"\xff\xd8\xff",
    b"GIF8",
    b"RIFF",
    b"PK\x03\x04",
    b"\x1f\x8b",
    b"BZh",
    b"\x7fELF",
    b"OggS",
)
_BOMS = (  # the longer first: the mark of UTF-32 begins with that of UTF-16
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_META = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([a-z0-9_.:-]{2,40})", re.IGNORECASE)
_META_WITHIN = 4096  # bytes; browsers look at the first 1024
_ALIASES = {
    "iso-8859-1": "cp1252",
    "latin-1": "cp1252",
    "latin1": "cp1252",
    "us-ascii": "cp1252",
    "ascii": "cp1252",
}
_REFUSED = frozenset({"utf-7", "unicode-escape", "raw-unicode-escape", "idna", "punycode"})
_CONTROL = re.compile(r"[\x01-\x08\x0e-\x1a\x1c-\x1f\x7f\ufffd]")  # without the escape that ISO 2022 leaves
_MAX_BAD = 0.02  # share of characters; text in a wrong single-byte encoding has none, binary data has a tenth


class NotTextError(ValueError):
    """The bytes are no text; the message says how that shows."""


def decode(body: bytes, charset: str | None) -> str:
    """The text of a page's bytes.

    The encoding is that of a byte order mark; else UTF-8 if the bytes are valid UTF-8 with more than ASCII in them
    (other encodings are next to never valid by chance, and servers often declare Latin-1 for everything); else what
    the transport declared, what the page declares, and what detection finds, whichever first decodes. As browsers do,
    Latin-1 is read as windows-1252. Raises NotTextError.
    """
    for magic in _MAGIC:
        if body.startswith(magic):
            raise NotTextError(f"the bytes begin as a binary file ({magic!r})")
    text = _decode(body, charset)
    if "\0" in text:
        raise NotTextError("the bytes contain NUL characters")
    bad = len(_CONTROL.findall(text))
    if bad > _MAX_BAD * len(text):
        raise NotTextError(f"{bad} of {len(text)} characters are control characters or cannot be decoded")
    return text


def _decode(body: bytes, charset: str | None) -> str:
    for mark, encoding in _BOMS:
        if body.startswith(mark):
            return body.decode(encoding, "replace")
    if not body.isascii():
        try:
            return body.decode("utf-8")
        except UnicodeDecodeError:
            pass
    for guess in _guesses(body, charset):
        found = _try(body, guess)
        if found is not None:
            return found
    return body.decode("utf-8", "replace")


def _guesses(body: bytes, charset: str | None) -> Iterator[str | None]:
    yield charset
    meta = _META.search(body[:_META_WITHIN])
    yield meta.group(1).decode("ascii") if meta else None
    if not body.isascii():
        yield from detect_encoding(body)


def _try(body: bytes, encoding: str | None) -> str | None:
    """The decoded bytes, None if the encoding is unknown, refused or does not fit."""
    if not encoding:
        return None
    name = encoding.strip().strip("\"'").lower().replace("_", "-")
    if name in _REFUSED:
        return None
    try:
        return body.decode(_ALIASES.get(name, name))
    except (LookupError, ValueError):  # unknown, or no text encoding such as "base64"; bytes that do not fit
        return None
