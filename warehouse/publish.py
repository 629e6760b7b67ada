"""Copy a closed database file to where readers open it: self-contained, read-only, replaced in one step."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from warehouse.errors import WarehouseError


def copy_durably(source: Path, target: Path, *, mode: int) -> None:
    """Copy a file and put the copy in place of ``target`` atomically; readers of the old file keep it.

    The copy is on disk before it gets its name, and the name before this returns. The source must not be open
    in DuckDB in this process: closing our handle of it would drop DuckDB's lock.

    Raises:
        WarehouseError: naming both files, for example on a full disk; ``target`` is then as it was.
    """
    fresh = target.with_name(f".{target.name}.{os.getpid()}.tmp")
    try:
        fresh.unlink(missing_ok=True)
        shutil.copyfile(source, fresh)
        _sync(fresh)
        fresh.chmod(mode)
        # A log left by someone who opened the old file for writing does not belong to the new one.
        target.with_name(target.name + ".wal").unlink(missing_ok=True)
        fresh.replace(target)
        _sync(target.parent)
    except OSError as error:
        fresh.unlink(missing_ok=True)
        raise WarehouseError(
            f"could not copy {source} to {target}: {error.strerror or error}; check free space and "
            f"permissions, then run again"
        ) from error


def remove_stale_copies(target: Path) -> None:
    """Remove what an interrupted ``copy_durably`` of ``target`` left; the caller holds the writer's lock."""
    for stale in target.parent.glob(f".{target.name}.*.tmp"):
        stale.unlink(missing_ok=True)


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
