"""Reading a body of a stranger: decompressed step by step, so that no small body can grow without bound."""

from __future__ import annotations

import re
import zlib

_MOST_MEMBERS = 100  # of one gzip body; real ones have one, rarely a few
_AUTO = 32 + zlib.MAX_WBITS  # zlib's own detection of gzip and zlib headers


class BodyTooLargeError(ValueError):
    """More bytes than the limit, as sent or as decoded."""


class BodyBrokenError(ValueError):
    """A body that cannot be decoded: an encoding nobody asked for, damaged, or cut off."""


class BodyReader:
    """Collects the chunks of one body and decodes gzip or deflate within a limit (bytes).

    ``feed`` every chunk as it comes over the wire, then ``finish``. The limit holds for the bytes of the
    wire and for the decoded bytes; never more than one byte above it is held. ``deflate`` is taken with the
    zlib header (RFC 9110) and without it, as servers send both.
    """

    def __init__(self, encoding: str, limit: int) -> None:
        self._encoding = encoding.strip().lower()
        if self._encoding not in ("", "identity", "gzip", "x-gzip", "deflate"):
            raise BodyBrokenError(f"content-encoding {encoding[:60]!r} was not asked for")
        self._limit = limit
        self._wire = 0
        self._members = 0
        self._decoder = zlib.decompressobj(_AUTO) if self._encoding not in ("", "identity") else None
        self._body = bytearray()

    def expect(self, content_length: str) -> None:
        """Refuse a body early that announces too many bytes; raises BodyTooLargeError."""
        if re.fullmatch(r"\d{1,19}", content_length.strip()) and int(content_length) > self._limit:
            raise BodyTooLargeError(f"announces {content_length.strip()} bytes, more than {self._limit}")

    def feed(self, chunk: bytes) -> None:
        """Take a chunk; raises BodyTooLargeError or BodyBrokenError."""
        first = self._wire == 0
        self._wire += len(chunk)
        if self._wire > self._limit:
            if self._decoder is None:
                self._body += chunk[: self._limit - len(self._body)]
            raise BodyTooLargeError(f"more than {self._limit} bytes")
        if self._decoder is None:
            self._body += chunk
            return
        if first and chunk and self._encoding == "deflate" and (chunk[0] & 0x0F) != 8:
            self._decoder = zlib.decompressobj(-zlib.MAX_WBITS)  # no zlib header: the bare stream
        try:
            self._decode(self._decoder, chunk)
        except zlib.error as e:
            raise BodyBrokenError(f"the {self._encoding} body is damaged: {e}") from e

    def finish(self) -> bytes:
        """Give the whole body; raises BodyBrokenError if a compressed one was cut off."""
        if self._decoder is not None and self._wire and not self._decoder.eof:
            raise BodyBrokenError(f"the {self._encoding} body is cut off")
        return bytes(self._body)

    def beginning(self) -> bytes:
        """What has come so far, at most the limit: for documents of which the beginning is enough."""
        return bytes(self._body[: self._limit])

    def _decode(self, decoder: zlib._Decompress, data: bytes) -> None:
        while data:
            if decoder.eof:
                if not data.startswith(b"\x1f\x8b"):
                    return  # padding after the end, which browsers ignore too
                self._members += 1
                if self._members > _MOST_MEMBERS:
                    raise BodyBrokenError(f"the {self._encoding} body has more than {_MOST_MEMBERS} members")
                decoder = self._decoder = zlib.decompressobj(_AUTO)
            # max_length is what zlib may give out at once; 0 would mean "no limit", so it stays above it.
            self._body += decoder.decompress(data, self._limit - len(self._body) + 1)
            if len(self._body) > self._limit:
                raise BodyTooLargeError(f"more than {self._limit} bytes when decoded")
            data = decoder.unused_data if decoder.eof else decoder.unconsumed_tail
