"""Bring a database file to the schema of this version of Parley, and its views to their current text.

Migrations are ``migrations/NNNN_name.sql``, applied in order, one transaction each, recorded with their
checksum in ``ops.schema_version``. Views are ``views/NN_schema.name.sql`` or ``views/name.sql`` (schema
``main``), created again whenever their text or a table under them changed.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from importlib.resources import files

import duckdb

from warehouse.errors import MigrationError
from warehouse.statements import run

_MIGRATION_NAME = re.compile(r"(\d{4})_(\w+)\.sql")
_VIEW_NAME = re.compile(r"(?:\d\d_)?(?:(core|ops)\.)?([a-z_]+)\.sql")
_LEDGERS = """
    CREATE SCHEMA IF NOT EXISTS ops;
    CREATE TABLE IF NOT EXISTS ops.schema_version (
        version USMALLINT NOT NULL PRIMARY KEY, name VARCHAR NOT NULL, sha256 VARCHAR NOT NULL,
        applied_at TIMESTAMPTZ NOT NULL);
    CREATE TABLE IF NOT EXISTS ops.view_text (name VARCHAR NOT NULL PRIMARY KEY, sha256 VARCHAR NOT NULL);
"""


@dataclass(frozen=True, slots=True)
class Script:
    """A SQL file of this package: a migration (``version`` >= 1) or a view (``version`` 0)."""

    version: int
    name: str
    sql: str

    @property
    def sha256(self) -> str:
        """The checksum by which a change of the file is noticed; line ends do not count."""
        return hashlib.sha256(self.sql.replace("\r\n", "\n").encode()).hexdigest()


def packaged_migrations() -> tuple[Script, ...]:
    """The migrations of this version, in order.

    Raises:
        MigrationError: where a file name is not ``NNNN_name.sql`` or the numbers are not 1, 2, 3...
    """
    scripts = []
    for name, sql in _packaged("migrations").items():
        match = _MIGRATION_NAME.fullmatch(name)
        if match is None:
            raise MigrationError(f"migrations/{name}: name it NNNN_name.sql")
        scripts.append(Script(int(match[1]), match[2], sql))
    scripts.sort(key=lambda script: script.version)
    if [script.version for script in scripts] != list(range(1, len(scripts) + 1)):
        raise MigrationError(f"migrations are not numbered 1, 2, 3...: {[s.version for s in scripts]}")
    return tuple(scripts)


def packaged_views() -> tuple[Script, ...]:
    """The views of this version in the order in which they are to be created, named ``schema.view``."""
    scripts = []
    for name, sql in sorted(_packaged("views").items()):
        match = _VIEW_NAME.fullmatch(name)
        if match is None:
            raise MigrationError(f"views/{name}: name it view.sql or NN_schema.view.sql")
        scripts.append(Script(0, f"{match[1] or 'main'}.{match[2]}", sql))
    return tuple(scripts)


def applied_versions(con: duckdb.DuckDBPyConnection) -> dict[int, str]:
    """The migrations a database has had, with their checksums; empty for a new file.

    Raises:
        MigrationError: where the file holds tables but was not made by Parley.
    """
    tables = {
        f"{schema}.{name}"
        for schema, name in run(
            con, "SELECT schema_name, table_name FROM duckdb_tables() WHERE database_name = current_catalog()"
        )
    }
    if "ops.schema_version" not in tables:
        if tables:
            raise MigrationError(
                f"the database holds tables but no ops.schema_version (first: {min(tables)}), so it is not a "
                f"warehouse of Parley: move it away or choose another home"
            )
        return {}
    rows = run(con, "SELECT version, sha256 FROM ops.schema_version ORDER BY version")
    return dict(rows)


def pending_migrations(applied: Mapping[int, str], migrations: Iterable[Script]) -> tuple[Script, ...]:
    """Those migrations that a database still needs.

    Raises:
        MigrationError: where the database is newer than this version, or a migration was changed after it was
            applied.
    """
    known = {script.version: script for script in migrations}
    unknown = sorted(set(applied) - set(known))
    if unknown:
        raise MigrationError(
            f"the database has had migration {unknown[-1]}, this version of Parley knows only up to "
            f"{max(known, default=0)}: update Parley, or go back to a copy made before the migration"
        )
    for version, sha256 in applied.items():
        if known[version].sha256 != sha256:
            raise MigrationError(
                f"migration {version:04d}_{known[version].name}.sql was changed after it was applied to this "
                f"database: restore the file and put the change into a new migration"
            )
    return tuple(script for version, script in sorted(known.items()) if version not in applied)


def apply_migration(con: duckdb.DuckDBPyConnection, script: Script, now: datetime) -> None:
    """Apply one migration in one transaction, then checkpoint: DDL must not wait in the log for a replay.

    Raises:
        MigrationError: naming the file; the database is then as it was.
    """
    run(con, "BEGIN")
    try:
        run(con, _LEDGERS)
        run(con, script.sql)
        run(
            con,
            "INSERT INTO ops.schema_version VALUES (?, ?, ?, ?)",
            [script.version, script.name, script.sha256, now],
        )
        run(con, "COMMIT")
    except duckdb.Error as error:
        run(con, "ROLLBACK")
        raise MigrationError(
            f"migration {script.version:04d}_{script.name}.sql failed and was rolled back: {error}"
        ) from error
    run(con, "FORCE CHECKPOINT")


def refresh_views(
    con: duckdb.DuckDBPyConnection, views: Iterable[Script], *, all_of_them: bool
) -> tuple[str, ...]:
    """Create views whose text changed (or all), drop those no longer there; returns the names touched."""
    wanted = {script.name: script for script in views}
    present = dict(run(con, "SELECT name, sha256 FROM ops.view_text"))
    gone = sorted(set(present) - set(wanted))
    stale = [name for name, script in wanted.items() if all_of_them or present.get(name) != script.sha256]
    if stale:
        # Views of views are bound to the columns of the old text: with one changed, all are made again.
        stale = list(wanted)
    if not (gone or stale):
        return ()
    run(con, "BEGIN")
    try:
        for name in [*gone, *reversed(stale)]:
            run(con, f"DROP VIEW IF EXISTS {name}")
        for name in stale:
            run(con, f"CREATE VIEW {name} AS\n{wanted[name].sql}")
        run(con, "DELETE FROM ops.view_text")
        con.executemany(
            "INSERT INTO ops.view_text VALUES (?, ?)", [[name, wanted[name].sha256] for name in wanted]
        )
        run(con, "COMMIT")
    except duckdb.Error as error:
        run(con, "ROLLBACK")
        raise MigrationError(f"the views could not be created: {error}") from error
    run(con, "FORCE CHECKPOINT")
    return (*gone, *stale)


def _packaged(folder: str) -> dict[str, str]:
    return {
        entry.name: entry.read_text(encoding="utf-8")
        for entry in files("warehouse").joinpath(folder).iterdir()
        if entry.name.endswith(".sql")
    }
