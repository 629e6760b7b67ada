"""Database files and versions of Parley that do, and do not, fit together."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from tests.warehouse.warehouse_builders import NOW, PAIR, call_batch, hours
from warehouse import migrate
from warehouse.errors import MigrationError
from warehouse.migrate import Script
from warehouse.paths import live_file
from warehouse.query import query
from warehouse.store import STORAGE_VERSION, Warehouse

NEXT = Script(
    5, "moods", "ALTER TABLE core.alert ADD COLUMN mood VARCHAR; UPDATE core.alert SET mood = 'calm';"
)
BROKEN = Script(5, "broken", "ALTER TABLE core.alert ADD COLUMN mood VARCHAR; SELECT * FROM nowhere;")


def ship(monkeypatch: pytest.MonkeyPatch, *scripts: Script) -> None:
    """Make these the later migrations that this version of Parley comes with."""
    everything = (*migrate.packaged_migrations(), *scripts)
    monkeypatch.setattr(migrate, "packaged_migrations", lambda: everything)


def edit(home: Path, sql: str) -> None:
    con = duckdb.connect(str(live_file(home)))
    con.execute(sql)
    con.close()


def columns(home: Path) -> set[str]:
    con = duckdb.connect(str(live_file(home)), read_only=True)
    try:
        return {row[0] for row in con.execute("SELECT column_name FROM (DESCRIBE core.alert)").fetchall()}
    finally:
        con.close()


def test_a_new_database_records_every_migration_and_leaves_no_copy(home: Path) -> None:
    with Warehouse.open(home, now=NOW) as warehouse:
        warehouse.publish()
    applied = query(home, "SELECT version, name, applied_at FROM ops.schema_version ORDER BY version").rows
    assert applied == [(script.version, script.name, NOW) for script in migrate.packaged_migrations()]
    assert not list(home.glob("*before*"))
    assert not live_file(home).with_name("warehouse.duckdb.wal").exists()


def test_opening_again_changes_nothing(home: Path) -> None:
    Warehouse.open(home, now=NOW).close()
    before = live_file(home).read_bytes()
    Warehouse.open(home, now=hours(1)).close()
    assert live_file(home).read_bytes() == before


def test_a_migration_of_an_existing_database_keeps_the_data_and_a_copy_of_the_file(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Warehouse.open(home, now=NOW) as warehouse:
        warehouse.load(call_batch())
    ship(monkeypatch, NEXT)
    with Warehouse.open(home, now=hours(1)) as warehouse:
        assert len(warehouse.events(PAIR)) == 1
        warehouse.publish()
    assert query(home, "SELECT mood FROM core.alert").rows == [("calm",)]
    assert query(home, "SELECT count(*) FROM alerts").rows == [(1,)]
    backup = home / "warehouse.duckdb.before-0005"
    con = duckdb.connect(str(backup), read_only=True)
    assert con.execute("SELECT max(version) FROM ops.schema_version").fetchall() == [(4,)]
    assert con.execute("SELECT count(*) FROM core.alert").fetchall() == [(1,)]
    con.close()


def test_a_failing_migration_leaves_the_database_as_it_was(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    Warehouse.open(home, now=NOW).close()
    before = columns(home)
    with monkeypatch.context() as patch:
        ship(patch, BROKEN)
        with pytest.raises(MigrationError, match=r"0005_broken\.sql failed and was rolled back.*nowhere"):
            Warehouse.open(home, now=NOW)
    assert columns(home) == before
    Warehouse.open(home, now=NOW).close()


def test_a_changed_migration_is_refused(home: Path) -> None:
    Warehouse.open(home, now=NOW).close()
    edit(home, "UPDATE ops.schema_version SET sha256 = 'other' WHERE version = 1")
    with pytest.raises(
        MigrationError, match=r"0001_initial\.sql was changed after it was applied.*new migration"
    ):
        Warehouse.open(home, now=NOW)


def test_line_ends_do_not_change_a_checksum() -> None:
    assert Script(1, "a", "SELECT 1;\nSELECT 2;").sha256 == Script(1, "a", "SELECT 1;\r\nSELECT 2;").sha256


def test_a_database_of_a_newer_version_is_refused(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patch:
        ship(patch, NEXT)
        Warehouse.open(home, now=NOW).close()
    with pytest.raises(MigrationError, match=r"has had migration 5, .* knows only up to 4: update Parley"):
        Warehouse.open(home, now=NOW)


def test_a_database_of_something_else_is_refused(home: Path) -> None:
    home.mkdir()
    con = duckdb.connect()
    con.execute(f"ATTACH '{live_file(home)}' AS other (STORAGE_VERSION '{STORAGE_VERSION}')")
    con.execute("CREATE TABLE other.holidays (name VARCHAR)")
    con.close()
    with pytest.raises(
        MigrationError, match=r"no ops\.schema_version \(first: main\.holidays\).*move it away"
    ):
        Warehouse.open(home, now=NOW)
    con = duckdb.connect(str(live_file(home)), read_only=True)
    assert con.execute("SELECT table_name FROM duckdb_tables()").fetchall() == [("holidays",)]
    con.close()


def test_views_follow_their_files(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    Warehouse.open(home, now=NOW).close()
    views = migrate.packaged_views()
    with monkeypatch.context() as patch:
        extra = Script(0, "main.extra", "SELECT 1 AS one")
        patch.setattr(migrate, "packaged_views", lambda: (*views, extra))
        with Warehouse.open(home, now=NOW) as warehouse:
            warehouse.publish()
        assert query(home, "FROM extra").rows == [(1,)]
        patch.setattr(migrate, "packaged_views", lambda: (*views, Script(0, "main.extra", "SELECT 2 AS two")))
        with Warehouse.open(home, now=NOW) as warehouse:
            warehouse.publish()
        assert query(home, "FROM extra").columns == ("two",)
    with Warehouse.open(home, now=NOW) as warehouse:
        warehouse.publish()
    assert "extra" not in {row[0] for row in query(home, "SHOW TABLES").rows}


def test_main_holds_only_views(home: Path) -> None:
    with Warehouse.open(home, now=NOW) as warehouse:
        warehouse.publish()
    assert query(home, "SELECT table_name FROM duckdb_tables() WHERE schema_name = 'main'").rows == []
    shown = {row[0] for row in query(home, "SHOW TABLES").rows}
    assert shown == {
        script.name.removeprefix("main.") for script in migrate.packaged_views() if "main." in script.name
    }


def test_events_of_the_first_version_keep_what_their_users_were_told(home: Path) -> None:
    home.mkdir()
    con = duckdb.connect()
    con.execute(f"ATTACH '{live_file(home)}' AS old (STORAGE_VERSION '{STORAGE_VERSION}')")
    con.execute("USE old")
    migrate.apply_migration(con, migrate.packaged_migrations()[0], NOW)
    for event_id, alerted in ((1, "'planned'"), (2, "NULL")):
        con.execute(
            "INSERT INTO core.event (event_id, sequence, pair, kind, status, date_from, date_to, date_precision, "
            "date_basis, date_words, with_others, topics, first_source, reported_as, confidence, "
            "alerted_status, clusters, created_at, changed_at) "
            f"VALUES ({event_id}, {event_id}, '{PAIR}', 'meeting', 'planned', '2021-06-16', '2021-06-16', "
            f"'day', 'explicit', '16 June', [], [], 'o', 'main', 0.9, {alerted}, [5, 6], now(), now())"
        )
    con.close()
    with Warehouse.open(home, now=hours(1)) as warehouse:
        first, second = warehouse.events(PAIR)
    assert second.told is None
    assert first.told is not None
    assert (first.told.status, first.told.kind, first.told.date.label) == ("planned", "meeting", "2021-06-16")
    assert (first.told.place, first.told.contradicted, first.told.independent) == (None, False, 2)
    assert (first.contradicted, first.standing, first.again) == (False, "stands", False)
