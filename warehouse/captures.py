"""The raw bytes of every fetch, kept on disk under the hash of their content: everything after can be redone."""

from __future__ import annotations

import gzip
import hashlib
import os
from pathlib import Path

from warehouse.errors import WarehouseError


class Captures:
    """A folder of gzip files named by the SHA-256 (hex) of what is in them; the same bytes are stored once."""

    def __init__(self, home: Path) -> None:
        self._root = home / "captures"

    def path(self, sha256: str) -> Path:
        """Where the bytes with this hash lie (or would lie)."""
        return self._root / sha256[:2] / f"{sha256}.gz"

    def put(self, body: bytes) -> str:
        """Keep the bytes and return their hash. Raises ``WarehouseError`` when the disk refuses them."""
        sha256 = hashlib.sha256(body).hexdigest()
        path = self.path(sha256)
        if path.exists():
            return sha256
        part = path.with_name(f"{path.name}.{os.getpid()}.part")
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            part.write_bytes(gzip.compress(body, mtime=0))
            part.replace(path)  # a killed run leaves a .part behind, never half a capture
        except OSError as error:
            raise WarehouseError(f"{path}: the capture cannot be kept: {error}. Is the disk full?") from error
        return sha256

    def get(self, sha256: str) -> bytes:
        """The bytes with this hash. Raises ``WarehouseError`` when they are not there or not whole."""
        path = self.path(sha256)
        try:
            body = gzip.decompress(path.read_bytes())
        except (OSError, EOFError) as error:
            raise WarehouseError(f"{path}: the capture cannot be read: {error}") from error
        if hashlib.sha256(body).hexdigest() != sha256:
            raise WarehouseError(f"{path}: the capture does not match its name; it was altered on disk")
        return body
