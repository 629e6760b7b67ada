"""The writer's lock of a home: one process at a time, released by the kernel when the process dies."""

from __future__ import annotations

import fcntl
import os
import time
from pathlib import Path

from warehouse.errors import WarehouseBusy

_POLL_SECONDS = 0.1


class WriterLock:
    """An exclusive ``flock`` on a file of its own, with the holder's process id in it.

    Not a lock on the database file: DuckDB's POSIX lock there is lost when anyone in the process closes
    another handle of that file. ``flock`` belongs to this handle; it also keeps out a second writer in the
    same process.
    """

    def __init__(self, path: Path, handle: int) -> None:
        self._path = path
        self._handle: int | None = handle

    @classmethod
    def take(cls, path: Path, *, wait_seconds: float = 0) -> WriterLock:
        """Take the lock, waiting up to ``wait_seconds`` for it.

        Raises:
            WarehouseBusy: with the holder's process id, where it stays taken.
        """
        handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
        deadline = time.monotonic() + wait_seconds
        while True:
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError as error:
                if time.monotonic() >= deadline:
                    holder = os.pread(handle, 32, 0).decode("ascii", "replace").strip()
                    os.close(handle)
                    raise WarehouseBusy(path, f"process {holder}" if holder else "another process") from error
                time.sleep(_POLL_SECONDS)
        os.ftruncate(handle, 0)
        os.pwrite(handle, f"{os.getpid()}\n".encode("ascii"), 0)
        return cls(path, handle)

    def release(self) -> None:
        """Give the lock back; a second call does nothing. The file stays: removing it would race."""
        if self._handle is not None:
            os.close(self._handle)
            self._handle = None
