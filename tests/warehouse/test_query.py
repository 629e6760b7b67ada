"""Users' SQL: reading is served, everything else refused with DuckDB's reason."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from tests.warehouse.warehouse_builders import NOW, call_batch
from warehouse.errors import NotPublished, QueryError, WarehouseError
from warehouse.paths import published_file
from warehouse.query import open_published, query
from warehouse.store import Warehouse


@pytest.fixture(scope="module")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A home with a small snapshot, for reading only."""
    home = tmp_path_factory.mktemp("shelf")
    with Warehouse.open(home, now=NOW) as warehouse:
        warehouse.load(call_batch())
        warehouse.publish()
    yield home


def test_rows_come_with_names_types_and_values(shelf: Path) -> None:
    table = query(shelf, "SELECT event_id, date_from, created_at, topics, place FROM events")
    assert table.columns == ("event_id", "date_from", "created_at", "topics", "place")
    assert table.types == ("UBIGINT", "DATE", "TIMESTAMP WITH TIME ZONE", "VARCHAR[]", "VARCHAR")
    ((event_id, day, created_at, topics, place),) = table.rows
    assert event_id == call_batch().changes[0].after.event_id
    assert (day, created_at, topics, place) == (date(2025, 7, 1), NOW, ["ukraine", "iran"], None)


def test_instants_are_aware_and_in_utc(shelf: Path) -> None:
    ((instant, naive),) = query(
        shelf, "SELECT TIMESTAMPTZ '2025-07-01 20:00:00+02', TIMESTAMP '2025-07-01'"
    ).rows
    assert instant == datetime(2025, 7, 1, 18, tzinfo=UTC)
    assert instant.tzinfo is UTC
    assert naive.tzinfo is None
    ((shown,),) = query(shelf, "SELECT TIMESTAMPTZ '2025-07-01 23:30:00+00'::DATE::VARCHAR").rows
    assert shown == "2025-07-01"


def test_values_are_bound(shelf: Path) -> None:
    assert query(shelf, "SELECT ?::VARCHAR, ?::INT", ["'; DROP TABLE x", 3]).rows == [("'; DROP TABLE x", 3)]
    assert query(shelf, "SELECT $who::VARCHAR", {"who": "ё"}).rows == [("ё",)]


@pytest.mark.parametrize(
    "sql", ["FROM events", "SHOW TABLES", "DESCRIBE events", "EXPLAIN SELECT 1", "VALUES (1)"]
)
def test_reading_statements_are_served(shelf: Path, sql: str) -> None:
    assert query(shelf, sql).rows


@pytest.mark.parametrize(
    ("sql", "why"),
    [
        ("SELECT 1; SELECT 2", "one statement at a time"),
        ("", "one statement at a time"),
        ("-- nothing", "one statement at a time"),
        ("INSERT INTO core.event_contact VALUES (1, 2, 3, '', now(), '')", "only reading"),
        ("DELETE FROM core.event", "only reading"),
        ("UPDATE core.event SET place = 'here'", "only reading"),
        ("DROP VIEW events", "only reading"),
        ("CREATE TEMP TABLE mine (a INT)", "only reading"),
        ("SET threads = 8", "only reading"),
        ("RESET lock_configuration", "only reading"),
        ("PRAGMA enable_profiling", "only reading"),
        ("ATTACH ':memory:' AS other", "only reading"),
        ("ATTACH '/tmp/other.duckdb'", "only reading"),
        ("DETACH parley", "only reading"),
        ("COPY events TO '/tmp/events.csv'", "only reading"),
        ("EXPORT DATABASE '/tmp/all'", "only reading"),
        ("INSTALL httpfs", "only reading"),
        ("LOAD httpfs", "only reading"),
        ("CHECKPOINT", "only reading"),
        ("CALL pragma_version()", "only reading"),
        (
            "WITH x AS (INSERT INTO core.event_contact VALUES (1, 2, 3, '', now(), '') RETURNING 1) FROM x",
            "read-only",
        ),
        ("EXPLAIN ANALYZE DELETE FROM core.event", "read-only"),
        ("SELECT * FROM read_csv('/etc/passwd')", "disabled by configuration"),
        ("SELECT * FROM '/etc/passwd.csv'", "disabled by configuration"),
        ("SELECT * FROM read_text('/etc/passwd')", "disabled by configuration"),
        ("SELECT * FROM glob('/*')", "disabled by configuration"),
        ("SELECT * FROM 'https://wire.example/x.parquet'", "."),
        ("SELECT getenv('HOME')", "getenv"),
        ("SELECT * FROM duckdb_secrets()", "secret"),
        ("SELECT * FROM shelf", "shelf does not exist"),
        ("SELEC 1", "syntax error"),
        ("SELECT nonsense FROM events", "nonsense"),
        ("SELECT 1 // 0 + 'x'::INT", "."),
    ],
)
def test_everything_else_is_refused_and_says_why(shelf: Path, sql: str, why: str) -> None:
    before = published_file(shelf).read_bytes()
    with pytest.raises(QueryError) as caught:
        query(shelf, sql)
    assert why.lower() in str(caught.value).lower()
    assert caught.value.sql == sql
    assert caught.value.detail
    assert published_file(shelf).read_bytes() == before


def test_a_local_table_is_not_reachable_by_its_name(shelf: Path) -> None:
    import pyarrow as pa

    local_rows = pa.table({"a": [1]})
    assert local_rows.num_rows == 1
    with pytest.raises(QueryError, match="local_rows"):
        query(shelf, "SELECT * FROM local_rows")


def test_settings_cannot_be_loosened(shelf: Path) -> None:
    con = open_published(shelf)
    try:
        for loosening in (
            "SET memory_limit = '8GB'",
            "SET enable_external_access = true",
            "SET threads = 64",
        ):
            with pytest.raises(Exception, match="locked"):
                con.execute(loosening)
    finally:
        con.close()


def test_a_greedy_query_is_stopped(shelf: Path) -> None:
    with pytest.raises(QueryError, match=r"(?i)memory"):
        query(shelf, "SELECT list(a) FROM range(1000000000) t(a)")


def test_a_date_beyond_the_years_of_python_comes_as_text(shelf: Path) -> None:
    assert query(shelf, "SELECT DATE '290000-01-01'").rows == [("290000-01-01",)]


def test_without_a_snapshot_the_error_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(NotPublished, match="run `parley run` first"):
        query(tmp_path, "SELECT 1")


def test_a_damaged_snapshot_is_named(tmp_path: Path) -> None:
    published_file(tmp_path).parent.mkdir()
    published_file(tmp_path).write_bytes(b"this is no database" * 1000)
    with pytest.raises(WarehouseError, match=r"parley\.duckdb cannot be read"):
        query(tmp_path, "SELECT 1")
