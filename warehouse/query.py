"""Read-only SQL over the published snapshot, locked down.

A guard rail for a user's own machine, not a sandbox for strangers: DuckDB itself says that SQL is code.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb

from warehouse.errors import NotPublished, QueryError, WarehouseError
from warehouse.paths import published_file
from warehouse.statements import interruptible

MEMORY_LIMIT = "512MB"
LONGEST_MILLISECONDS = 20_000

# The last one makes all of them final. Temporary files are off: a query may not fill the disk.
_SETTINGS = (
    f"memory_limit = '{MEMORY_LIMIT}'",
    "threads = 1",
    "max_temp_directory_size = '0B'",
    f"max_execution_time = {LONGEST_MILLISECONDS}",
    "allow_extension_repositories = 'forbidden'",
    "TimeZone = 'UTC'",
    "lock_configuration = true",
)
_READING = (duckdb.StatementType.SELECT, duckdb.StatementType.EXPLAIN)


@dataclass(frozen=True, slots=True)
class Table:
    """The answer to a query; instants are aware datetimes in UTC. ``types`` are DuckDB's names.

    Instants and days beyond the years that Python knows come as text.
    """

    columns: tuple[str, ...]
    types: tuple[str, ...]
    rows: list[tuple[Any, ...]]


def open_published(home: Path) -> duckdb.DuckDBPyConnection:
    """A connection to the home's snapshot that can read it and do nothing else; the caller closes it.

    It keeps reading the snapshot it was opened on; open again for a newer one.

    Raises:
        NotPublished: where there is no snapshot yet.
        WarehouseError: where it cannot be read.
    """
    path = published_file(home)
    if not path.exists():
        raise NotPublished(path)
    try:
        con = duckdb.connect(
            str(path),
            read_only=True,
            config={
                "enable_external_access": "false",
                "autoinstall_known_extensions": "false",
                "autoload_known_extensions": "false",
                "allow_community_extensions": "false",
                "python_enable_replacements": "false",
            },
        )
    except duckdb.Error as error:
        raise WarehouseError(
            f"the snapshot {path} cannot be read: {error}; `parley run` makes it anew"
        ) from error
    try:
        for setting in _SETTINGS:
            con.execute(f"SET {setting}")
    except BaseException:
        con.close()
        raise
    return con


def query(home: Path, sql: str, params: Sequence[object] | Mapping[str, object] = ()) -> Table:
    """Run one reading statement (SELECT, WITH, FROM, SHOW, DESCRIBE, EXPLAIN) against the home's snapshot.

    ``params`` are bound to ``?`` (a sequence) or ``$name`` (a mapping).

    Raises:
        NotPublished: where there is no snapshot yet.
        QueryError: where the statement is refused (several, writing, files, settings), fails, or takes longer
            than ``LONGEST_MILLISECONDS`` or more memory than ``MEMORY_LIMIT``.
    """
    con = open_published(home)
    try:
        _refuse_unless_reading(con, sql)
        bound = dict(params) if isinstance(params, Mapping) else list(params)
        with interruptible():
            cursor = con.execute(sql, bound)
            columns = tuple(column[0] for column in cursor.description or ())
            types = tuple(str(column[1]) for column in cursor.description or ())
            found = [tuple(_in_utc(value) for value in row) for row in cursor.fetchall()]
    except duckdb.Error as error:
        raise QueryError(sql, str(error)) from error
    finally:
        con.close()
    return Table(columns, types, found)


def _refuse_unless_reading(con: duckdb.DuckDBPyConnection, sql: str) -> None:
    statements = con.extract_statements(sql)
    if len(statements) != 1:
        raise QueryError(sql, f"one statement at a time, please: this is {len(statements)}")
    if statements[0].type not in _READING:
        raise QueryError(
            sql,
            f"only reading is possible here (SELECT, SHOW, DESCRIBE, EXPLAIN), not {statements[0].type.name}",
        )


def _in_utc(value: object) -> object:
    if isinstance(value, datetime) and value.tzinfo is not None:
        return value.astimezone(UTC)
    return value
