"""What can go wrong with the warehouse, for callers to tell apart.

    WarehouseError
    ├── WarehouseBusy     another process writes to this home
    ├── WarehouseBroken   the connection is dead (full disk at a checkpoint, damaged file)
    ├── MigrationError    the file and this version of Parley do not fit together
    ├── NotPublished      there is no snapshot to read yet
    ├── NotFound          nobody knows the event or address that was asked for
    └── QueryError        a user's SQL was refused or failed

Every text says what to do next; the cause is chained (``raise ... from error``).
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb


class WarehouseError(Exception):
    """Base of all errors of this package."""


class WarehouseBusy(WarehouseError):  # noqa: N818
    """Another process holds the writer's lock of this home."""

    def __init__(self, path: Path, holder: str) -> None:
        self.path = path
        self.holder = holder
        super().__init__(
            f"{path} is in use by {holder}: wait until it has ended, or stop it; to read, use the published "
            f"snapshot instead"
        )


class WarehouseBroken(WarehouseError):  # noqa: N818
    """DuckDB has given up on the database: what was committed is safe, this connection is not usable."""


class MigrationError(WarehouseError):
    """The database file and the migrations of this version of Parley do not fit together."""


class NotPublished(WarehouseError):  # noqa: N818
    """There is no published snapshot in this home yet."""

    def __init__(self, path: Path) -> None:
        self.path = path
        super().__init__(f"there is no snapshot at {path} yet: run `parley run` first")


class NotFound(WarehouseError):  # noqa: N818
    """The snapshot knows no such event or address."""


class QueryError(WarehouseError):
    """A query was refused or failed; ``detail`` is DuckDB's own message where it has one."""

    def __init__(self, sql: str, detail: str) -> None:
        self.sql = sql
        self.detail = detail
        super().__init__(detail)


@contextmanager
def chain_duckdb_errors(doing: str) -> Iterator[None]:
    """Turn DuckDB's errors into ours; ``doing`` names the subject ("x.duckdb: loading 40 articles").

    Raises:
        WarehouseBroken: on a fatal error, after which DuckDB refuses every further statement.
        WarehouseError: on every other one.
    """
    try:
        yield
    except duckdb.Error as error:
        if isinstance(error, duckdb.FatalException) or "has been invalidated" in str(error):
            raise WarehouseBroken(
                f"{doing}: the database gave up ({error}); nothing committed before is lost. Free disk space "
                f"(three times the size of the file), then run again"
            ) from error
        full = "Could not write file" in str(error) or "No space left" in str(error)
        hint = (
            "; the disk is full: free space (three times the size of the file), then run again"
            if full
            else ""
        )
        raise WarehouseError(f"{doing}: {error}{hint}") from error
