"""Where things lie in a home directory."""

from __future__ import annotations

from pathlib import Path


def live_file(home: Path) -> Path:
    """The writer's database, never for users."""
    return home / "warehouse.duckdb"


def lock_file(home: Path) -> Path:
    """The file whose lock makes a process the writer of this home."""
    return home / "warehouse.lock"


def spill_folder(home: Path) -> Path:
    """Where DuckDB puts what does not fit into memory."""
    return home / "warehouse.spill"


def published_file(home: Path) -> Path:
    """The snapshot that users read."""
    return home / "published" / "parley.duckdb"
